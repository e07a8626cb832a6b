"""An item as it was found in a file, before it is decided what it is."""

from dataclasses import dataclass, field

from quizapp.formats.bank_fields import Field


@dataclass
class RawOption:
    """One option; `keyed` is whether its box is ticked."""

    text: str
    line: int
    keyed: bool = False
    feedback: str = ""
    pinned: bool = False


@dataclass
class RawAnswer:
    """One `Resposta:` with the feedback below it."""

    field: Field
    feedback: str = ""


@dataclass
class RawItem:
    """What stands under one stem.

    `last_list` is the source of the list read as `ordered` or `pairs`; the stem is without it.
    """

    line: int
    number: str
    stem: str
    given_id: str = ""
    options: list[RawOption] = field(default_factory=list)
    answers: list[RawAnswer] = field(default_factory=list)
    ordered: list[str] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    last_list: str = ""
    fields: list[Field] = field(default_factory=list)
    explanation: str = ""
    body: str = ""
