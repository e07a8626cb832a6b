"""Well-formed HTML becomes blocks of Markdown, tag by tag and without recursion."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from quizapp.formats.runs import BOLD, ITALIC, STRIKE, Run, fenced, one_line, paragraphs
from quizapp.formats.text import AMPERSAND, PLACEHOLDER

# The address that a picture gets in the text; None leaves only its description.
Pictures = Callable[[str], str | None]

EMPHASIS = {
    **dict.fromkeys(("b", "strong"), BOLD),
    **dict.fromkeys(("i", "em", "cite", "dfn"), ITALIC),
    **dict.fromkeys(("del", "s", "strike"), STRIKE),
}
CODE = {"code", "kbd", "samp", "tt"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
FRAMES = {"blockquote", "li", "ol", "pre", "table", "td", "th", "tr", "ul"}

_TOKEN = re.compile(r'<(/?)([a-z0-9]+)((?:[^>"]|"[^"]*")*)>|([^<]+)')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_LIST = re.compile(r"\* |1\. |a\) ", re.IGNORECASE)
_SUB = dict(
    zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_SUP = dict(zip("0123456789+-=()inao", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿªº", strict=True))
_SHIFTED = {"sub": ("_", _SUB), "sup": ("^", _SUP)}
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")

_MAX_LISTS = 8
_MAX_CELLS = 5_000


@dataclass
class _Frame:
    """What holds blocks: a list, an entry, a table, a cell…"""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    count: int = 0


@dataclass
class Page:
    """Takes the tags and words of a fragment in their order; `flat` makes one line of it all."""

    pictures: Pictures | None = None
    quotes: bool = False
    flat: bool = False
    frames: list[_Frame] = field(default_factory=lambda: [_Frame("")])
    lines: list[list[Run]] = field(default_factory=lambda: [[]])
    # How many tags of each look are open, and what shifts and links the words.
    looks: dict[int, int] = field(default_factory=lambda: {BOLD: 0, ITALIC: 0, STRIKE: 0})
    code: int = 0
    shifts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    def set_aside(self, address: str) -> str:
        """A short attribute in the place of a long address."""
        self.aside.append(address)
        return f'"data:{len(self.aside) - 1}"'

    def read(self, source: str) -> list[str]:
        """The blocks of HTML whose tags all close."""
        for closes, tag, attributes, text in _TOKEN.findall(source):
            if text:
                self._words(_plain(text))
            elif closes:
                self._close(tag)
            else:
                found = {name: _plain(value) for name, value in _ATTRIBUTE.findall(attributes)}
                self._open(tag, found)
        self._end_paragraph()
        return self.frames[0].blocks

    def _words(self, text: str) -> None:
        if self.shifts and text.strip():
            text = _shifted(text, *_SHIFTED[self.shifts[-1]])
        if self.frames[-1].tag == "pre":
            self.frames[-1].blocks.append(text)
            return
        emphasis = sum(look for look, count in self.looks.items() if count)
        # In a cell, code with a bar in it would end the cell.
        kind = "code" if self.code and not (self._is_flat and "|" in text) else "text"
        self.lines[-1].append(Run(text, kind, emphasis, self.links[-1] if self.links else ""))

    @property
    def _is_flat(self) -> bool:
        return self.flat or any(frame.tag in ("td", "th") for frame in self.frames)

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            self._break()
        elif tag == "img":
            self._image(attributes)
        elif tag == "q":
            self._words("“")
        elif tag == "a":
            href = attributes.get("href", "").strip()
            self.links.append(href if _SCHEME.match(href) else "")
        elif not self._style(tag, 1):
            self._end_paragraph()
            if tag in HEADINGS:
                self.looks[BOLD] += 1
            if tag in FRAMES:
                self.frames.append(_Frame(tag, attributes))

    def _close(self, tag: str) -> None:
        if tag == "q":
            self._words("”")
        elif tag == "a":
            self.links.pop()
        elif not self._style(tag, -1):
            self._end_paragraph()
            if tag in HEADINGS:
                self.looks[BOLD] -= 1
            if tag in FRAMES:
                self._end_frame(self.frames.pop())

    def _style(self, tag: str, step: int) -> bool:
        """Whether a tag is one of the looks of words, which begins or ends."""
        if tag in EMPHASIS:
            self.looks[EMPHASIS[tag]] += step
        elif tag in CODE:
            self.code += step
        elif tag in _SHIFTED and step > 0:
            self.shifts.append(tag)
        elif tag in _SHIFTED:
            self.shifts.pop()
        else:
            return False
        return True

    def _break(self) -> None:
        if self.frames[-1].tag == "pre":
            self.frames[-1].blocks.append("\n")
        else:
            self.lines.append([])

    def _image(self, attributes: dict[str, str]) -> None:
        source, text = attributes.get("src", "").strip(), attributes.get("alt", "")
        number = source.removeprefix("data:")
        if number != source:
            known = number.isdecimal() and int(number) < len(self.aside)
            source = self.aside[int(number)] if known else ""
        if self.pictures:
            place = self.pictures(source) if source else None
        else:
            place = source if number == attributes.get("src", "").strip() else None
        if place:
            self.lines[-1].append(Run(" ".join(text.split()), "image", source=place))
        else:
            self._words(text)

    def _end_paragraph(self) -> None:
        """What was said up to here is a paragraph."""
        lines, self.lines = self.lines, [[]]
        frame = self.frames[-1]
        if frame.tag == "pre":
            frame.blocks.append("\n")
        elif len(lines) > 1 or lines[0]:
            if self._is_flat:
                frame.blocks += filter(None, [one_line(lines)])
            else:
                frame.blocks += paragraphs(lines)

    def _end_frame(self, frame: _Frame) -> None:
        parent = self.frames[-1]
        match frame.tag:
            case "pre":
                self._end_code("".join(frame.blocks).strip("\n"))
            case "td" | "th":
                text = " ".join(frame.blocks)
                parent.rows.append([text if self._is_flat else text.replace("|", "\\|")])
                columns = frame.attributes.get("colspan", "")
                if columns.isdecimal() and 1 < int(columns) < 100:
                    parent.rows += [[""]] * (int(columns) - 1)
            case "tr":
                parent.rows.append([cell for cells in frame.rows for cell in cells])
            case "table":
                parent.blocks += frame.blocks
                parent.blocks += self._table(frame.rows)
            case "li":
                parent.blocks += self._entry(frame, parent)
            case "ol" | "ul" if not self._is_flat and frame.blocks:
                parent.blocks.append("\n".join(frame.blocks))
            case "blockquote" if self.quotes and not self._is_flat and frame.blocks:
                lines = "\n\n".join(frame.blocks).split("\n")
                parent.blocks.append("\n".join(f"> {line}" if line else ">" for line in lines))
            case _:
                parent.blocks += frame.blocks

    def _end_code(self, text: str) -> None:
        if self._is_flat:
            self.code += 1
            self._words(text)
            self.code -= 1
            self._end_paragraph()
        elif text.strip():
            self.frames[-1].blocks.append(fenced(text))

    def _table(self, rows: list[list[str]]) -> list[str]:
        """A table, its first row the head; one inside a cell, or without end, as its words."""
        rows = [row for row in rows if any(row)]
        columns = max(map(len, rows), default=0)
        if self._is_flat or columns * len(rows) > _MAX_CELLS:
            return [" ".join(filter(None, row)) for row in rows]
        lines = [f"| {' | '.join(row + [''] * (columns - len(row)))} |" for row in rows]
        lines[1:1] = [f"|{' --- |' * columns}"] if lines else []
        return ["\n".join(lines)] if lines else []

    def _entry(self, frame: _Frame, parent: _Frame) -> list[str]:
        """The entry of a list, with its mark; one of no list, or too deep, as its blocks."""
        parent.count += 1
        lists = sum(other.tag in ("ol", "ul") for other in self.frames)
        if (
            self._is_flat
            or not frame.blocks
            or parent.tag not in ("ol", "ul")
            or lists > _MAX_LISTS
        ):
            return frame.blocks
        mark = self._mark(parent)
        indent = " " * len(mark)
        text = frame.blocks[0]
        for before, block in zip(frame.blocks, frame.blocks[1:], strict=False):
            goes_on = _LIST.match(block) and not _LIST.match(before)
            text += ("\n" if goes_on else "\n\n") + block
        first, *rest = text.split("\n")
        return ["\n".join([mark + first, *(indent + line if line else "" for line in rest)])]

    def _mark(self, parent: _Frame) -> str:
        """What stands before the newest entry: a star, because a dash is an option's mark."""
        if parent.tag == "ul":
            return "* "
        start, style = parent.attributes.get("start", ""), parent.attributes.get("type", "")
        number = parent.count - 1 + (int(start) if start.isdecimal() and len(start) < 6 else 1)
        if style.lower() == "a" and number <= 26 and self._can_letter:
            return f"{chr(ord(style) + number - 1)}) "
        return f"{number}. "

    @property
    def _can_letter(self) -> bool:
        """Whether letters would number a list here: not in a quote, nor right behind a mark."""
        holder = self.frames[-2]
        quoted = self.quotes and any(frame.tag == "blockquote" for frame in self.frames)
        return not quoted and (holder.tag != "li" or bool(holder.blocks))


def _plain(text: str) -> str:
    """The words of a text or an attribute."""
    text = html.unescape(text) if "&" in text else text
    return text.replace(PLACEHOLDER, "<").replace(AMPERSAND, "&")


def _shifted(text: str, sign: str, characters: dict[str, str]) -> str:
    """Words above or below the line, by characters of that kind where there are such."""
    words = text.strip()
    if all(character in characters for character in words):
        return text.translate({ord(plain): shifted for plain, shifted in characters.items()})
    return text.replace(words, f"{sign}({words})", 1)
