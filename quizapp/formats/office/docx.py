"""A Word document becomes Markdown, with its pictures.

Ours and not mammoth's: that drops the numbers that Word counts, colours, headers and what was
hidden, and took eleven seconds and 250 MB for five megabytes of XML, which are two and 100 here.
"""

from quizapp.formats.archive import Archive, check_parts
from quizapp.formats.model import Image, Problem
from quizapp.formats.office.looks import with_headings
from quizapp.formats.office.nesting import nest
from quizapp.formats.office.typed import with_entries
from quizapp.formats.office.word.body import read_body
from quizapp.formats.office.word.keys import mark_keys, signed
from quizapp.formats.office.word.parts import MAIN, Parts, frames_text, read_parts
from quizapp.formats.office.writing import write

_LONGEST = 80
# What is said of the whole document, with the number of cases: by what is counted.
_SAID = {
    "comments": "docx-comments-left-out",
    "contents": "docx-contents-left-out",
    "hidden": "docx-hidden-left-out",
    "boxes": "docx-text-boxes",
}


def docx_to_markdown(
    name: str, data: bytes, archive: Archive
) -> tuple[str, list[Image], list[Problem]]:
    """The text of a Word document, its pictures, and what is odd or lost; "" with an error."""
    if fault := check_parts(archive):
        return "", [], [fault]
    parts = read_parts(archive)
    main = archive.read(MAIN)
    pieces = main if isinstance(main, Problem) else read_body(main, parts)
    if isinstance(pieces, Problem):
        return "", [], [pieces]
    pieces = with_entries(with_headings(pieces))
    nest(pieces)
    said = _remarks(parts)
    if found := signed(pieces):
        pieces, keys, comments = found
        said.append(Problem(1, 1, "info", "docx-key-signs", {"count": keys}))
        if comments:
            said.append(Problem(1, 1, "info", "docx-comment-lines", {"count": comments}))
    elif keys := mark_keys(pieces):
        said.append(Problem(1, 1, "info", "docx-key-looks", {"count": keys}))
    text, problems = write(pieces)
    return text, list(parts.images.values()), [*said, *problems]


def _remarks(parts: Parts) -> list[Problem]:
    """What was left out of the document, or put elsewhere."""
    said = [
        Problem(1, 1, "info", code, {"count": parts.counts[what]})
        for what, code in _SAID.items()
        if parts.counts[what]
    ]
    insertions, deletions = parts.counts["insertions"], parts.counts["deletions"]
    if insertions or deletions:
        args: dict[str, str | int] = {"insertions": insertions, "deletions": deletions}
        said.append(Problem(1, 1, "info", "docx-changes-accepted", args))
    for text in frames_text(parts):
        said.append(Problem(1, 1, "info", "docx-frame-left-out", {"text": text[:_LONGEST]}))
    # A part that cannot be read takes its headings, numbers or notes with it.
    said += [Problem(1, 1, "warning", "docx-part-lost", {"part": name}) for name in parts.lost]
    return said
