"""The lines of a pasted text, without what chats, quotes and pages put around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quizapp.formats.marks import RULE, Fences
from quizapp.formats.text import with_plain_keycaps

_TIME = r"\d{1,2}[:h]\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?"
_DATE = r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
# "[10:32, 12/03/2026] Ana: ", "12/03/2026 10:32 - Ana: "
_CHAT = re.compile(
    rf"(?:\[(?:{_TIME},? ?{_DATE}|{_DATE},? ?{_TIME}|{_TIME})\] ?|{_DATE},? {_TIME} ?[-–] ?)"
    r"[^:\n]{1,60}: ?"
)
_QUOTE = re.compile(r">\s?")
_TAG = re.compile(
    r"</?(?:details|summary|p|div|center|br|h[1-6]|b|strong|span|font|section|article|hr)\b[^<>]*>",
    re.IGNORECASE,
)
_SUMMARY = re.compile(r"<summary\b[^<>]*>(.*?)</summary>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->")
_PICTURE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_REVEAL = re.compile(
    r"\W*(?:(?:ver|mostrar|exibir|clique|toque|show|see|reveal)\b.{0,30}?\b)?(?:a |o |the )?"
    r"(?:respostas?(?: corretas?)?|gabarito|solu[çc][ãa]o|answer|solution)"
    r"(?:\s(?:e|and)\s.{1,40}|\scomentad[ao])?\W*",
    re.IGNORECASE,
)
# What stands before the first word.
_HEAD = re.compile(r"[\W\d]*")
# Options that share a line: "a) sim b) não c) talvez".
_FIRST_IN_LINE = re.compile(r"[(]?[aA]\)\s*\S")
_BOX_IN_LINE = re.compile(
    r"(?:(?<=\s)|^)(?:\(\s{1,3}\)|\(\s?[xX]\s?\)|\[\s?[xX ]\s?\](?!\())(?=\s*[\w\"“])"
)
_MAX_SHARED = 2000


@dataclass(frozen=True)
class Line:
    """A line that is not blank; `gap` says that a blank line, a rule or a message begins before.

    `text` has no indent; a line of code keeps it, and blank lines of code are lines.
    """

    number: int
    text: str
    indent: int = 0
    gap: bool = False
    is_code: bool = False

    @property
    def is_rule(self) -> bool:
        """Whether the line only divides."""
        return not self.is_code and bool(RULE.match(self.text) or set(self.text) <= set("=_*"))

    def with_text(self, text: str) -> "Line":
        """The line with another text."""
        return replace(self, text=text)


def lines_of(body: str, first: int) -> list[Line]:
    """The lines of a text; `first` is the number of its first."""
    raw = body.split("\n")
    marked = [line for line in raw if line.strip()]
    quoted = sum(line.lstrip().startswith(">") for line in marked) * 2 > len(marked)
    found: list[Line] = []
    fences, gap = Fences(), False
    for number, source in enumerate(raw, start=first):
        line = source.expandtabs(4)
        is_message = bool(chat := _CHAT.match(line.lstrip()))
        if chat:
            line = line.lstrip()[chat.end() :]
        if quoted:
            line = _QUOTE.sub("", line, count=1) if line.lstrip().startswith(">") else line
        was_code = bool(fences.fence)
        if fences.takes(line) or fences.fence:
            indent = len(line) - len(line.lstrip())
            found.append(Line(number, line, indent, gap and not was_code, is_code=True))
            gap = False
            continue
        text = line.strip()
        shown = _without_tags(text) if text.startswith("<") else text
        gap = gap or is_message or shown != text
        if shown:
            indent = len(line) - len(line.lstrip())
            head = _HEAD.match(shown)
            cut = head.end() if head else 0
            shown_plainly = with_plain_keycaps(shown[:cut]) + shown[cut:]
            found += _apart(Line(number, shown_plainly, indent, gap))
        gap = not shown or shown != text
    return found


def _without_tags(text: str) -> str:
    """A line of a page without its tags; what unfolds an answer becomes the label of one."""
    summary = _SUMMARY.search(text)
    if summary and _REVEAL.fullmatch(_TAG.sub("", summary[1])):
        text = text.replace(summary[0], " Resposta: ")
    return _TAG.sub(" ", _PICTURE.sub(" ", _COMMENT.sub(" ", text))).strip()


def _apart(line: Line) -> Iterator[Line]:
    """The options that share a line, each as a line of its own."""
    text = line.text
    starts = [0]
    if len(text) > _MAX_SHARED:
        pass
    elif _FIRST_IN_LINE.match(text):
        for letter in "bcdefghij":
            mark = re.compile(rf"(?<=\s)\(?[{letter}{letter.upper()}]\)\s*(?=\S)")
            found = mark.search(text, starts[-1])
            if not found:
                break
            starts.append(found.start())
    elif len(boxes := [box.start() for box in _BOX_IN_LINE.finditer(text)]) > 1:
        starts = sorted({0, *boxes})
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield replace(line, text=text[start:end].strip(), gap=line.gap and not start)
