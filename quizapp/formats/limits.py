"""How much a text may hold: what is larger is refused before it is read, and says so."""

from quizapp.formats.model import Problem

# Of a bank and of a procedure: more was made by no hand, and takes longer than somebody waits.
MAX_ITEMS = 5_000
MAX_SECTIONS = 5_000
MAX_LINES = 100_000
MAX_LINE = 100_000


def check_text(text: str, first: int) -> Problem | None:
    """Why a text is too large to be read; `first` is the number of its first line."""
    if text.count("\n") >= MAX_LINES:
        return Problem(first, 1, "error", "too-many-lines", {"most": MAX_LINES})
    for number, line in enumerate(text.split("\n"), start=first):
        if len(line) > MAX_LINE:
            return Problem(number, 1, "error", "line-too-long", {"most": MAX_LINE})
    return None


def too_many_items(line: int) -> Problem:
    """The error of a bank that is too large."""
    return Problem(line, 1, "error", "too-many-items", {"most": MAX_ITEMS})


def too_many_sections(line: int) -> Problem:
    """The error of a procedure that is too large."""
    return Problem(line, 1, "error", "too-many-sections", {"most": MAX_SECTIONS})
