"""The blocks under a stem: options, answers, fields, lists, and the text that remains."""

import re
from dataclasses import dataclass, field

from quizapp.formats.bank_fields import Field, field_of
from quizapp.formats.bank_raw import RawAnswer, RawItem, RawOption
from quizapp.formats.structure import LISTS, Block

_BOX = re.compile(r"\[([ xX]?)\](?!\()\s*")
_PIN = re.compile(r"\s*\{(?:fix[ao]|fixed)\}(?=\s*(?:\n|$))", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:->|→)\s*")
_MARK = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)]|[A-Za-z][.)])(?: {1,4}(?=\S)|(?=\s|$))")


def entry_text(lines: list[str], node: Block) -> list[str]:
    """The lines of a list's entry, without its mark and indent."""
    first, end = node.first, node.end
    mark = _MARK.match(lines[first])
    width = mark.end() if mark else 0
    found = [lines[first][width:]]
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


@dataclass
class Blocks:
    """Sorts the blocks under one stem into an item.

    A list of numbers, or of arrows, that ends the stem is an ordering or a matching unless
    there are options or answers.
    """

    item: RawItem
    lines: list[str]
    numbers: list[int]
    stem: list[tuple[str, Block]] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    last: str = "stem"

    def read(self, nodes: list[Block]) -> RawItem:
        """Sort the nodes in their order."""
        for node in nodes:
            if node.type == "paragraph" and (found := self._field(node)):
                self._take_field(found)
            elif is_options(self.lines, node):
                self.item.options += [self._option(entry) for entry in node.children]
                self.last = "options"
            elif node.type == "blockquote" and self.last in ("options", "answer"):
                self._feedback(self._text(node))
            else:
                self._take_text(node)
        self._take_lists()
        parts = [self.item.stem, *(text for text, _ in self.stem)]
        self.item.stem = "\n\n".join(part for part in parts if part)
        self.item.explanation = "\n\n".join(part for part in self.explanation if part)
        return self.item

    def _text(self, node: Block) -> str:
        first, end = node.first, node.end
        return "\n".join(self.lines[first:end]).strip("\n").rstrip()

    def _line(self, node: Block) -> int:
        return self.numbers[node.first]

    def _field(self, node: Block) -> Field | None:
        return field_of(self._text(node), self._line(node))

    def _take_field(self, found: Field) -> None:
        self.last = "stem"
        if found.name == "explanation":
            self.explanation.append(found.value)
            self.last = "explanation"
        elif found.name == "answer":
            self.item.answers.append(RawAnswer(found))
            self.last = "answer"
        else:
            self.item.fields.append(found)

    def _take_text(self, node: Block) -> None:
        if self.last == "explanation":
            self.explanation.append(self._text(node))
        else:
            self.stem.append((self._text(node), node))
            self.last = "stem"

    def _feedback(self, quote: str) -> None:
        text = "\n".join(_unquoted(line) for line in quote.split("\n")).strip()
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
        text, pins = _PIN.subn("", "\n".join(texts).strip())
        return RawOption(
            text=text.strip(),
            line=self._line(node),
            keyed=bool(box and box[1].strip()),
            feedback="\n".join(map(_unquoted, feedback)).strip(),
            pinned=pins > 0,
        )

    def _take_lists(self) -> None:
        """Take the list that ends the stem for what is to be put in order or matched."""
        if self.item.options or self.item.answers or not self.stem:
            return
        text, node = self.stem[-1]
        if node.type not in LISTS:
            return
        entries = ["\n".join(entry_text(self.lines, entry)).strip() for entry in node.children]
        if node.type == "ordered_list":
            self.item.ordered = entries
        elif all(_ARROW.search(entry.partition("\n")[0]) for entry in entries):
            self.item.pairs = [_pair(entry) for entry in entries]
        else:
            return
        self.item.last_list = text
        self.stem.pop()


def _unquoted(line: str) -> str:
    return line.removeprefix(">").removeprefix(" ")


def _joined(before: str, text: str) -> str:
    return f"{before}\n\n{text}" if before else text


def _pair(entry: str) -> tuple[str, str]:
    left, right = _ARROW.split(entry, maxsplit=1)
    return left.strip(), right.strip()
