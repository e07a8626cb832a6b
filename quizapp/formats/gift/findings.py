"""What is found while a question of a GIFT file is read: its parts, and what is odd about them."""

from dataclasses import dataclass, field

from quizapp.formats.gift.files import Files
from quizapp.formats.gift.scanner import Raw
from quizapp.formats.gift.texts import PLAIN, markdown_of, split_format
from quizapp.formats.model import Answer, Image, KeyState, Option, Problem, Severity
from quizapp.items.kinds import Kind


class Fault(Exception):
    """Why a question cannot be taken: a problem's code, and the offset in the question's text."""

    def __init__(self, at: int, code: str, **args: str | int) -> None:
        super().__init__(code)
        self.at, self.code, self.values = at, code, args


@dataclass(frozen=True)
class Parts:
    """What stands between a question's braces, by the kind of item that it makes."""

    kind: Kind
    key: KeyState = "given"
    options: tuple[Option, ...] = ()
    answers: tuple[Answer, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    doubt: tuple[int, ...] = ()


@dataclass
class Findings:
    """The question being read, the format that its texts have unless they say another, problems."""

    raw: Raw
    form: str = "moodle"
    problems: list[Problem] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)

    def say(self, at: int, code: str, severity: Severity = "warning", **args: str | int) -> None:
        """Note a problem at an offset of the question's text."""
        line, column = self.raw.place(at)
        self.problems.append(Problem(line, column, severity, code, args))

    def markdown(self, text: str, at: int) -> str:
        """A text as Markdown; it may say in front which format it has."""
        return self.markdown_as(*split_format(text, self.form), at) if text else ""

    def markdown_as(self, form: str, text: str, at: int) -> str:
        """A text of this format as Markdown, with a warning for each picture that is not there."""
        text = text.strip()
        if PLAIN.fullmatch(text):
            return text
        files = Files()
        found = markdown_of(text, form, files)
        for name, code in files.lost.items():
            self.say(at, code, name=name)
        self.images |= files.images
        return found
