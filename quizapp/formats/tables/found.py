"""What a table gave: items, questions that were left out, problems."""

from dataclasses import dataclass, field

from quizapp.formats.foreign import left_out
from quizapp.formats.model import Item, LeftOut, Problem, Severity
from quizapp.formats.tables.rows import Row
from quizapp.formats.text import collapse


@dataclass
class Found:
    """What the rows of one table became."""

    items: list[Item] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def leave_out(self, line: int, name: str, type_name: str) -> None:
        """Count a question that does not come in, and say so."""
        out, problem = left_out(line, name, type_name)
        self.left_out.append(out)
        self.problems.append(problem)

    def say(self, severity: Severity, code: str, row: Row, text: str) -> None:
        """Add a problem about a row that has a text."""
        args: dict[str, str | int] = {"text": collapse(text)[:80]}
        self.problems.append(Problem(row.line, row.column(0), severity, code, args))
