"""What is gathered while a Moodle file is read: items, what is left out, what is odd."""

from collections import Counter
from dataclasses import dataclass, field

from quizapp.formats.foreign import left_out
from quizapp.formats.model import Image, Item, LeftOut, Problem, Severity


@dataclass
class Findings:
    """What was found so far; `aside` counts the elements with content that no item of ours has."""

    items: list[Item] = field(default_factory=list)
    out: list[LeftOut] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    aside: Counter[str] = field(default_factory=Counter)
    aside_line: int = 0

    def leave_out(self, line: int, name: str, kind: str) -> None:
        """A question of a kind that is not served."""
        out, problem = left_out(line, name, kind)
        self.out.append(out)
        self.problems.append(problem)

    def say(self, line: int, code: str, severity: Severity = "warning", **args: str | int) -> None:
        """Something odd on a line, said once."""
        problem = Problem(line, 1, severity, code, args)
        if problem not in self.problems[-20:]:
            self.problems.append(problem)

    def set_aside(self, line: int, what: str) -> None:
        """Something that is not kept, and that is said once for the whole file."""
        self.aside[what] += 1
        self.aside_line = self.aside_line or line

    def all_problems(self) -> list[Problem]:
        """The problems, with one for all that was set aside."""
        if not self.aside:
            return self.problems
        what = ", ".join(f"{name} ({count})" for name, count in self.aside.most_common())
        args: dict[str, str | int] = {"what": what}
        return [*self.problems, Problem(self.aside_line, 1, "info", "parts-left-aside", args)]
