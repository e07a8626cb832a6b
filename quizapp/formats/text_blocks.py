"""The lines of a plain text's section become Markdown, each with its number in the source."""

from dataclasses import dataclass, field

from quizapp.formats.text import escape_all, escape_text
from quizapp.formats.text_lines import Line, wraps
from quizapp.formats.text_steps import Marked, Steps, owned

_BULLET = "- "


@dataclass
class Writer:
    """Markdown under construction: blocks a blank line apart, entries of a list right below."""

    out: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    bullets: list[int] = field(default_factory=list)
    kind: str = ""

    def write(self, lines: list[Line], strong: Line | None) -> tuple[str, list[int]]:
        """The section's Markdown; the line `strong` is written in bold."""
        steps = Steps(lines).find()
        depths = owned(lines, steps)
        width = max((len(line.text) for line in lines), default=0)
        before: Line | None = None
        for position, line in enumerate(lines):
            if position in steps:
                self._step(line, steps[position])
            elif line is strong:
                self._block(f"**{escape_all(line.text)}**", line, 0)
            elif before and self.kind != "rule" and not line.bullet and wraps(before, line, width):
                self._line(escape_text(line.text), line)
            elif line.bullet:
                self._bullet(line, depths.get(position, 0))
            elif line.is_rule:
                self._rule(line)
            else:
                self._paragraph(line, depths.get(position, 0))
            before = line
        return "\n".join(self.out), self.numbers or [0]

    def _step(self, line: Line, step: Marked) -> None:
        del self.widths[step.depth - 1 :]
        self.bullets.clear()
        mark = step.mark if len(self.widths) == step.depth - 1 else ""
        self._entry(mark + escape_text(step.text), line, sum(self.widths), f"step{step.depth}")
        self.widths.append(len(mark))

    def _bullet(self, line: Line, depth: int) -> None:
        """Bullets nest by their indent, under the step that they belong to."""
        self._leave(depth)
        while self.bullets and line.indent < self.bullets[-1] + 2 and len(self.bullets) > 0:
            self.bullets.pop()
        indent = sum(self.widths) + len(_BULLET) * len(self.bullets)
        self.bullets.append(line.indent)
        self._entry(_BULLET + escape_text(line.words), line, indent, "bullet")

    def _paragraph(self, line: Line, depth: int) -> None:
        self._leave(depth)
        while self.bullets and line.indent <= self.bullets[-1]:
            self.bullets.pop()
        indent = sum(self.widths) + len(_BULLET) * len(self.bullets)
        self._block(escape_text(line.text), line, indent)

    def _leave(self, depth: int) -> None:
        """Close the steps below the depth."""
        if depth < len(self.widths):
            del self.widths[depth:]
            self.bullets.clear()

    def _rule(self, line: Line) -> None:
        self._leave(0)
        self.bullets.clear()
        self._block("---", line, 0)
        self.kind = "rule"

    def _entry(self, text: str, line: Line, indent: int, kind: str) -> None:
        """An entry stands right below another entry; below a paragraph, a blank line apart."""
        if self.out and (self.kind == "block" or not self.kind or self.kind == "rule"):
            self._line("", line)
        self._line(" " * indent + text, line)
        self.kind = kind

    def _block(self, text: str, line: Line, indent: int) -> None:
        if self.out:
            self._line("", line)
        self._line(" " * indent + text, line)
        self.kind = "block"

    def _line(self, text: str, line: Line) -> None:
        self.out.append(text)
        self.numbers.append(line.number)
