"""What is gathered while a QTI file is read: items, what is left out, what is odd."""

import hashlib
from dataclasses import dataclass, field
from html import escape

from quizapp.formats.foreign import left_out
from quizapp.formats.fragments import from_html
from quizapp.formats.model import Item, LeftOut, Problem, Severity
from quizapp.formats.qti.pictures import Pictures

# Of work on rules, so that no file makes us think for minutes; plain items take tens of it.
MAX_STEPS = 2_000_000
# Of HTML that becomes Markdown, a tag counting as a hundred characters: what is shown for many
# options is read for each of them.
MAX_CHARS = 15_000_000
_TAG = 100


class TooLarge(Exception):
    """There is more in the file or package than will be read."""


class Unclear(Exception):
    """A rule says something that cannot be worked out here."""


class NotServed(Exception):
    """A question is of a kind that cannot be scored here; its text names the kind."""


class Unkeyed(Exception):
    """A question cannot be kept without its key."""


@dataclass
class Findings:
    """What was found so far; `texts` has the Markdown of fragments that we wrote, by digest."""

    pictures: Pictures
    items: list[Item] = field(default_factory=list)
    out: list[LeftOut] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    steps: int = MAX_STEPS
    chars: int = MAX_CHARS

    def step(self, count: int = 1) -> None:
        """Account for work; Unclear when there was too much of it."""
        self.steps -= count
        if self.steps < 0:
            raise Unclear

    def leave_out(self, line: int, name: str, kind: str) -> None:
        """A question of a kind that is not served."""
        out, problem = left_out(line, name, kind)
        self.out.append(out)
        self.problems.append(problem)

    def leave_out_unkeyed(self, line: int, name: str, kind: str) -> None:
        """A question whose kind cannot be kept without its key."""
        self.out.append(LeftOut(line, name, kind))
        self.warn(line, "foreign-answer-missing", number=name or "–")

    def warn(self, line: int, code: str, severity: Severity = "warning", **args: str | int) -> None:
        """Something odd on a line, said once."""
        problem = Problem(line, 1, severity, code, args)
        if problem not in self.problems[-20:]:
            self.problems.append(problem)

    def markdown(self, html: str, line: int) -> str:
        """A fragment of HTML as our Markdown, with its pictures; may raise TooLarge."""
        self.chars -= len(html) + _TAG * html.count("<")
        if self.chars < 0:
            raise TooLarge
        kept = self.texts.get(digest(html)) if self.texts else None
        placed, faults = self.pictures.place(html)
        for name, code in faults:
            self.warn(line, code, name=name)
        if kept is not None and not faults:
            return kept
        return from_html(placed if "<" in placed else " ".join(placed.split()))

    def plain(self, text: str, line: int) -> str:
        """A plain text as our Markdown."""
        return self.markdown(escape(" ".join(text.split()), quote=False), line)


def digest(html: str) -> str:
    """What a fragment is known by, whatever its line breaks."""
    return hashlib.sha256(" ".join(html.split()).encode()).hexdigest()[:16]
