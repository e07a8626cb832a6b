"""What a document that is not text is made of, whatever it came from: pieces in their order."""

from dataclasses import dataclass, field
from typing import Literal

from quizapp.formats.model import Severity
from quizapp.formats.runs import Run

Kind = Literal["heading", "paragraph", "entry", "table", "code", "rule"]
Lines = list[list[Run]]

# More than any document of five hundred pages has.
MAX_PIECES = 30_000


@dataclass(frozen=True)
class Note:
    """A problem that gets its line when the piece that it belongs to gets one."""

    severity: Severity
    code: str
    args: dict[str, str | int] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Piece:
    """A heading, a paragraph, an entry of a list, a table…

    `lines` has the runs of each line, `rows` the cells of a table, each with its pieces. `level`
    is a heading's, 1 the title's. Of an entry, `label` is its mark ("1.", "a)", "-"), `group`
    its list and `rank` its level there. `indent` is where a piece begins, in the unit of its
    document; `looks` are those that all of its words have.

    `depth` (set by `nesting`) counts the entries that the piece stands in, and `quote` is one
    more than those around its quote, 0 outside of any.
    """

    kind: Kind
    lines: Lines = field(default_factory=list)
    level: int = 0
    label: str = ""
    group: str = ""
    rank: int = 0
    indent: float = 0
    quoted: bool = False
    looks: frozenset[str] = frozenset()
    rows: list[list[list["Piece"]]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    depth: int = 0
    quote: int = 0

    @property
    def text(self) -> str:
        """The words of the piece, a line a line, without any marks."""
        return "\n".join("".join(run.text for run in line) for line in self.lines)
