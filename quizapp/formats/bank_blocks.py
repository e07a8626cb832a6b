"""The blocks under a stem: options, answers, fields, lists, and the text that remains."""

import re
from dataclasses import dataclass, field

from quizapp.formats.bank_fields import Field, field_of
from quizapp.formats.bank_guards import split_pair, take_tags, unguard_box, unquoted
from quizapp.formats.bank_raw import RawAnswer, RawItem, RawOption
from quizapp.formats.blocks import closed
from quizapp.formats.structure import LISTS, Block

_BOX = re.compile(r"\[( ?[xX]? ?)\](?!\()\s*")
_MARK = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)]|[A-Za-z][.)])(?: {1,4}(?=\S)|(?=\s|$))")

_INDENT = re.compile(r"\A {1,3}(?! )")


def entry_text(lines: list[str], node: Block) -> list[str]:
    """The lines of a list's entry, without its mark and indent."""
    first, end = node.first, node.end
    mark = _MARK.match(lines[first])
    width = mark.end() if mark else 0
    found = [lines[first][width:]]
    width += not found[0]  # without text on its first line an entry is indented by one column more
    for line in lines[first + 1 : end]:
        found.append(line[min(len(line) - len(line.lstrip()), width) :])
    while len(found) > 1 and not found[-1].strip():
        found.pop()
    return found


def has_box(lines: list[str], node: Block) -> bool:
    """Whether an entry begins with a box, `[ ]` or `[x]`."""
    return bool(_BOX.match(entry_text(lines, node)[0]))


def is_keyed(lines: list[str], node: Block) -> bool:
    """Whether an entry's box is ticked."""
    box = _BOX.match(entry_text(lines, node)[0])
    return bool(box and box[1].strip())


def is_options(lines: list[str], node: Block) -> bool:
    """Whether a block is a list with boxes."""
    return node.type in LISTS and any(has_box(lines, entry) for entry in node.children)


@dataclass(frozen=True)
class _Piece:
    """A part of a text, with the lines it comes from; without an end nothing follows it closely."""

    text: str
    first: int
    end: int
    node: Block | None = None


@dataclass
class Blocks:
    """Sorts the blocks under one stem into an item.

    A list of numbers, or of arrows, that ends the stem is an ordering or a matching unless
    there are options or answers. A stem's or an explanation's label alone on its line takes the
    quote right below it for its text.
    """

    item: RawItem
    lines: list[str]
    numbers: list[int]
    stem: list[_Piece] = field(default_factory=list)
    explanation: list[_Piece] = field(default_factory=list)
    last: str = "stem"

    def read(self, nodes: list[Block]) -> RawItem:
        """Sort the nodes in their order."""
        if self.item.stem:
            self.stem.append(_Piece(self.item.stem, 0, 0))
        position = 0
        while position < len(nodes):
            node = nodes[position]
            found = self._field(node)
            below = nodes[position + 1] if position + 1 < len(nodes) else None
            if found and below and self._is_quoted(found, node, below):
                self._take_quoted(found, below)
                position += 1
            elif found and found.name != "stem":
                self._take_field(found, node)
            elif is_options(self.lines, node):
                self.item.options += [self._option(entry) for entry in node.children]
                self.last = "options"
            elif node.type == "blockquote" and self.last in ("options", "answer"):
                self._feedback(node)
            else:
                self._take_text(node)
            position += 1
        self._take_lists()
        self.item.stem = self._assembled(self.stem)
        self.item.explanation = self._assembled(self.explanation)
        return self.item

    def _text(self, node: Block) -> str:
        first, end = node.first, node.end
        return "\n".join(self.lines[first:end]).strip("\n")

    def _assembled(self, pieces: list[_Piece]) -> str:
        """The pieces as one text, as far apart as they stand in the file."""
        parts: list[str] = []
        before = 0
        for piece in pieces:
            if piece.text:
                between = self.lines[before : piece.first]
                apart = len(between) + 1 if before and not any(map(str.strip, between)) else 2
                parts += ["\n" * apart if parts else "", piece.text]
                before = piece.end
        return closed(_INDENT.sub("", "".join(parts).rstrip(), count=1))

    def _line(self, node: Block) -> int:
        return self.numbers[node.first]

    def _field(self, node: Block) -> Field | None:
        is_text = node.type == "paragraph"
        return field_of(self._text(node), self._line(node)) if is_text else None

    def _is_quoted(self, found: Field, node: Block, below: Block) -> bool:
        return (
            found.name in ("stem", "explanation")
            and not found.value
            and below.type == "blockquote"
            and below.first == node.end
        )

    def _take_quoted(self, found: Field, node: Block) -> None:
        piece = _Piece(unquoted(self._text(node).split("\n")), 0, 0)
        (self.stem if found.name == "stem" else self.explanation).append(piece)
        self.last = found.name

    def _take_field(self, found: Field, node: Block) -> None:
        self.last = "stem"
        if found.name == "explanation":
            text = self._text(node)
            space = text[len(text.rstrip(" ")) :] if found.value else ""
            self.explanation.append(_Piece(found.value + space, 0, node.end))
            self.last = "explanation"
        elif found.name == "answer":
            self.item.answers.append(RawAnswer(found))
            self.last = "answer"
        else:
            self.item.fields.append(found)

    def _take_text(self, node: Block) -> None:
        piece = _Piece(self._text(node), node.first, node.end, node)
        if self.last == "explanation":
            self.explanation.append(piece)
        else:
            self.stem.append(piece)
            self.last = "stem"

    def _feedback(self, node: Block) -> None:
        text = closed(unquoted(self._text(node).split("\n")))
        if self.last == "answer":
            self.item.answers[-1].feedback = _joined(self.item.answers[-1].feedback, text)
        else:
            self.item.options[-1].feedback = _joined(self.item.options[-1].feedback, text)

    def _option(self, node: Block) -> RawOption:
        first, *rest = entry_text(self.lines, node)
        box = _BOX.match(first)
        texts = [first[box.end() :] if box else first]
        feedback: list[str] = []
        for line in rest:
            (feedback if line.startswith(">") else texts).append(line)
        text, weight, pinned = take_tags("\n".join(texts).strip())
        return RawOption(
            text=closed(text),
            line=self._line(node),
            keyed=bool(box and box[1].strip()),
            feedback=closed(unquoted(feedback)),
            pinned=pinned,
            weight=weight,
        )

    def _take_lists(self) -> None:
        """Take the list that ends the stem for what is to be put in order or matched."""
        node = self.stem[-1].node if self.stem else None
        if self.item.options or self.item.answers or not node or node.type not in LISTS:
            return
        entries = ["\n".join(entry_text(self.lines, entry)).strip() for entry in node.children]
        pairs = [split_pair(entry) for entry in entries]
        if node.type == "ordered_list":
            self.item.ordered = [closed(unguard_box(entry)) for entry in entries]
        elif all(pairs):
            self.item.pairs = [(closed(pair[0]), closed(pair[1])) for pair in pairs if pair]
        else:
            return
        self.item.stem_with_list = self._assembled(self.stem)
        self.stem.pop()


def _joined(before: str, text: str) -> str:
    return f"{before}\n\n{text}" if before else text
