"""What a file becomes: a procedure, a bank or a program, with the problems found on the way."""

from dataclasses import dataclass, field
from typing import Literal

from quizapp.items.kinds import Difficulty, Kind, Use

Severity = Literal["error", "warning", "info"]
KeyState = Literal["given", "missing", "doubtful"]


@dataclass(frozen=True)
class Problem:
    """One finding in a file; its wording is made above, from code and args."""

    line: int
    column: int
    severity: Severity
    code: str
    args: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Image:
    """A picture that came with a document; texts refer to it as `![alt](name)`.

    `name` is made of the bytes (see formats.images): the same picture has the same name.
    """

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Step:
    """An entry of an ordered list, with the source's own number ("5", "2a")."""

    label: str
    text: str
    hash: str
    line: int


@dataclass(frozen=True)
class Section:
    """A heading with its own text (not that of the sections below it).

    `text` is what a reader sees, as plain text; `hash` covers the text without
    heading, numbers, level and place; `html` is sanitised; `markdown` is the body's source.
    """

    anchor: str
    heading: str
    level: int
    line: int
    text: str
    html: str
    hash: str
    markdown: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Procedure:
    """One study document."""

    id: str
    title: str
    format: str
    language: str
    source: str
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...] = ()
    owner: str = ""
    approved_by: str = ""
    in_force_from: str | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True)
class Option:
    """One option; `fraction` (-1..1) is null while the item has no key."""

    text: str
    fraction: float | None = None
    feedback: str = ""
    pinned: bool = False


@dataclass(frozen=True)
class Answer:
    """An accepted answer: a text, or a value with a tolerance, or a range."""

    text: str | None = None
    value: float | None = None
    tolerance: float | None = None
    low: float | None = None
    high: float | None = None
    fraction: float = 1.0
    feedback: str = ""


@dataclass(frozen=True)
class Item:
    """One item as its file has it; `number` is the source's own, for a gabarito.

    `doubt` has, for a doubtful key, the options that the file hints at (0 is the first).
    `category` is a path such as "Rede/Wi-Fi"; `name` is what another system calls the item;
    `accepted` has the codes of the lint that somebody accepted for it.
    """

    id: str
    id_given: bool
    number: str
    kind: Kind
    stem: str
    line: int
    key: KeyState
    options: tuple[Option, ...] = ()
    answers: tuple[Answer, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    explanation: str = ""
    sources: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    difficulty: Difficulty | None = None
    use: Use = "exam"
    body: str = ""
    name: str = ""
    category: str = ""
    doubt: tuple[int, ...] = ()
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A question that stands in the file but cannot be scored here."""

    line: int
    name: str
    type: str


@dataclass(frozen=True)
class Bank:
    """One file of items; `lint` has its own severities: (code, error | warning | info | off)."""

    id: str
    title: str
    format: str
    language: str
    source: str
    items: tuple[Item, ...]
    cut_score: float | None = None
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Problem, ...] = ()
    images: tuple[Image, ...] = ()
    lint: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ProgramStep:
    """A procedure, or one section of it by its anchor, to read; or a quiz to pass."""

    kind: Literal["read", "quiz"]
    slug: str
    anchor: str = ""
    line: int = 0


Whose = Literal["everybody", "role", "team", "cohort", "person"]


@dataclass(frozen=True)
class ProgramFor:
    """Who must hold a program's certification, by the name that the text gives them.

    `name` is a role, the name of a team or cohort, a person's company number, "" for everybody.
    Due on a day (ISO), or so many days after it first concerns a person, or neither.
    """

    whose: Whose
    name: str = ""
    due_on: str | None = None
    due_days: int | None = None
    line: int = 0


@dataclass(frozen=True)
class Program:
    """What must be read and passed to be certified, and who must.

    `minutes` is the time it takes; valid for `months`, or up to the day `until` (day, month) of
    a year, or for ever. `warn_days` are the days before its end on which one is warned.
    """

    id: str
    title: str
    format: str
    language: str
    source: str
    steps: tuple[ProgramStep, ...]
    wanted: tuple[ProgramFor, ...] = ()
    intro: str = ""
    intro_html: str = ""
    minutes: int | None = None
    months: int | None = None
    until: tuple[int, int] | None = None
    warn_days: tuple[int, ...] = (60, 30, 7)
    queues: tuple[str, ...] = ()
    in_order: bool = False
    problems: tuple[Problem, ...] = ()
    images: tuple[Image, ...] = ()


@dataclass(frozen=True)
class Unreadable:
    """A file that became nothing; its problems say why."""

    problems: tuple[Problem, ...]


Document = Procedure | Bank | Program | Unreadable
