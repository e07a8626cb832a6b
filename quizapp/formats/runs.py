"""Runs of words with their looks become Markdown that shows exactly these words."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from markdown.util import AtomicString

from quizapp.formats.bank_fields import field_of
from quizapp.formats.elements import readable
from quizapp.formats.inline import SPECIAL
from quizapp.formats.links import address_of

BOLD, ITALIC, STRIKE = 1, 2, 4
BREAK = "  \n"

# What would be read as a mark; a `_` inside a word, a lone `~` or a `<` before a number is none.
_SIGNS = re.compile(
    r"\\(?=[!-/:-@\[-`{-~\s]|$)|[*`\[]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|<(?=[^\s\d=])"
    r"|&(?=#?\w{1,31};)|\{(?=#)|(?<=\{fix[ao])\}|(?<=\{fixed)\}",
    re.IGNORECASE,
)
_LINE_START = re.compile(
    r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|~{3,}|[-=:|](?=[-=:|\s]*$)|(?:\d{1,9}|[A-Za-z])(?=[.)](?:\s|$))"
)
_SPACES = re.compile(r"\s+")
_TICKS = re.compile(r"`+")
_NOT_IN_TARGET = re.compile(r"[\s<>()\"\\`*\[\]]")
# Beside these, marks of emphasis open and close whatever they hold.
_BEFORE = frozenset(" (\"'“‘«—–-/:")
_AFTER = frozenset(" ).,;:!?\"'”’»—–-/")


class Run(NamedTuple):
    """Words of one look, spaces as they come; `kind` is text, code or image.

    Of an image `text` is the alternative and `source` the address.
    """

    text: str
    kind: str = "text"
    emphasis: int = 0
    href: str = ""
    source: str = ""


def paragraphs(lines: Iterable[list[Run]]) -> list[str]:
    """The lines as paragraphs, which an empty line divides."""
    found: list[str] = []
    written = [(_written(line), line) for line in map(_tidy, lines)]
    for is_text, group in groupby(written, lambda line: bool(line[0])):
        if is_text:
            found += _paragraph(list(group))
    return found


def one_line(lines: Iterable[list[Run]]) -> str:
    """The lines as one, without anything that could begin a block."""
    return " ".join(filter(None, (_written(_tidy(line)) for line in lines)))


def fenced(text: str) -> str:
    """The text as a block of code."""
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _paragraph(lines: list[tuple[str, list[Run]]]) -> list[str]:
    """One paragraph; where it is too long to be read as Markdown, its lines, or their words."""
    whole = BREAK.join(_guarded(text) for text, _ in lines)
    if _is_read(whole):
        return [whole]
    return [
        text if _is_read(text) else fenced("".join(run.text for run in runs))
        for text, runs in ((_guarded(text), runs) for text, runs in lines)
    ]


def _guarded(line: str) -> str:
    """The line so that it begins neither a block nor a field of a bank."""
    if match := _LINE_START.match(line):
        at = match.end() if line[0].isalnum() else 0
        return f"{line[:at]}\\{line[at:]}"
    return line.replace(":", "\\:", 1) if ":" in line[:40] and field_of(line) else line


def _is_read(text: str) -> bool:
    return not SPECIAL.search(text) or not isinstance(readable(text), AtomicString)


def _tidy(line: list[Run]) -> list[Run]:
    """The line's runs with single spaces and none at the ends, those that look alike as one."""
    if len(line) == 1 and line[0].kind == "text":
        text = " ".join(line[0].text.split())
        return [line[0]._replace(text=text)] if text else []
    found: list[Run] = []
    for run in line:
        text = _SPACES.sub(" ", run.text)
        if run.kind != "image":
            if not found or found[-1].text.endswith(" "):
                text = text.removeprefix(" ")
            if not text:
                continue
            if found and found[-1]._replace(text="") == run._replace(text=""):
                text = found.pop().text + text
        found.append(run._replace(text=text))
    while found and found[-1].kind != "image" and not found[-1].text.strip():
        found.pop()
    if found and found[-1].kind != "image":
        found[-1] = found[-1]._replace(text=found[-1].text.rstrip(" "))
    return found


def _written(line: list[Run]) -> str:
    """A line's Markdown."""
    if len(line) == 1 and line[0] == Run(line[0].text):
        return _escaped(line[0].text)
    ends = [""] + [run.text[-1:] for run in line]
    starts = [run.text[:1] for run in line] + [""]
    parts: list[str] = []
    place = 0
    for (emphasis, href), group in groupby(line, lambda run: (run.emphasis, run.href)):
        runs = list(group)
        before = ends[place]
        content = "".join(
            _content(run, ends[place + i] + starts[place + i + 1]) for i, run in enumerate(runs)
        )
        place += len(runs)
        words = content.strip(" ")
        start, _, end = content.partition(words) if words else (content, "", "")
        if href and words:
            words = _link(words, href, "".join(run.text for run in runs))
        if emphasis and words:
            words = _emphasised(words, emphasis, start or before, end or starts[place])
        if words.startswith("[") and not start and parts and parts[-1].endswith("!"):
            parts.append(parts.pop()[:-1] + "\\!")
        parts += filter(None, (start, words, end))
    return "".join(parts)


def _content(run: Run, neighbours: str) -> str:
    if run.kind == "image":
        return f"![{_label(run.text)}]({_target(run.source)})"
    # Ticks side by side add up, and three of them look like a fence.
    if run.kind == "code" and run.text.strip() and "`" not in neighbours and "``" not in run.text:
        return _code(run.text)
    return _label(run.text) if run.href else _escaped(run.text)


def _code(text: str) -> str:
    """Code between ticks, with the spaces around it outside."""
    words = text.strip(" ")
    ticks = "``" if "`" in words else "`"
    padding = " " if words[0] == "`" or words[-1] == "`" else ""
    return text.replace(words, f"{ticks}{padding}{words}{padding}{ticks}", 1)


def _link(words: str, href: str, text: str) -> str:
    """The words with their address, unless it is the one that the renderer finds in them."""
    if address_of(text.strip()) == href:
        return words
    return f"[{words}]({_target(href)})"


def _label(text: str) -> str:
    # What is between brackets and has a colon behind it would define a link.
    return _escaped(text).replace("]:", "&#93;:").replace("]", "\\]")


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda sign: "\\" + sign[0], text) if _SIGNS.search(text) else text


def _target(address: str) -> str:
    return _NOT_IN_TARGET.sub(lambda match: f"%{ord(match[0]):02X}", address.strip())


def _emphasised(words: str, emphasis: int, before: str, after: str) -> str:
    """The words with their marks, where these would be read as such between their neighbours."""
    opens = not before or before in _BEFORE or (before.isalnum() and words[0].isalnum())
    closes = not after or after in _AFTER or (after.isalnum() and words[-1].isalnum())
    if not (opens and closes):
        return words
    marks = "*" * (2 * bool(emphasis & BOLD) + bool(emphasis & ITALIC))
    marks = "~~" + marks if emphasis & STRIKE and "~" not in words else marks
    return f"{marks}{words}{marks[::-1]}"
