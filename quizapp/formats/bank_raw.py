"""An item as it was found in a file, before it is decided what it is."""

from dataclasses import dataclass, field

from quizapp.formats.bank_fields import Field


@dataclass
class RawOption:
    """One option; `keyed` is whether its box is ticked, `weight` the share written behind it."""

    text: str
    line: int
    keyed: bool = False
    feedback: str = ""
    pinned: bool = False
    weight: float | None = None


@dataclass
class RawAnswer:
    """One `Resposta:` with the feedback below it."""

    field: Field
    feedback: str = ""


@dataclass
class RawItem:
    """What stands under one stem.

    `ordered` and `pairs` are the list that ends the stem, which is without it; `stem_with_list`
    has both. `doubt` has the options hinted at where it is not sure which are right.
    """

    line: int
    number: str
    stem: str
    given_id: str = ""
    options: list[RawOption] = field(default_factory=list)
    answers: list[RawAnswer] = field(default_factory=list)
    ordered: list[str] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    stem_with_list: str = ""
    fields: list[Field] = field(default_factory=list)
    explanation: str = ""
    body: str = ""
    name: str = ""
    category: str = ""
    doubt: tuple[int, ...] | None = None
