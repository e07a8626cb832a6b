"""Entries of ordered lists become steps, under the source's own numbers."""

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from xml.etree.ElementTree import Element

from quizapp.formats.blocks import Blocks
from quizapp.formats.model import Problem, Step
from quizapp.formats.plain import MARK, plain, substance
from quizapp.formats.structure import Block
from quizapp.formats.text import collapse, content_hash, unique

_UNFINISHED = re.compile(
    r"(?:[:,]|\s(?:e|ou|que|de|do|da|dos|das|para|por|em|and|or|the|of|to|with))$",
    re.IGNORECASE,
)
_FOLLOWS = {"bullet_list", "ordered_list", "blockquote", "fence", "code_block", "table"}
_MAX_VALUE = 9999


@dataclass
class Numbering:
    """The steps of a section with their labels, and what is odd about them.

    Labels are unique in the section: the number of a second list that begins again is "1-2".
    Line numbers are looked up in `lines`, the source's line of each line parsed.
    """

    anchor: str
    blocks: Blocks
    lines: list[int]
    steps: list[tuple[str, Element, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def run(self) -> list[Step]:
        """Number every ordered list, marking its elements for the page on the way."""
        self._visit(self.blocks.root, "", goes_on=True)
        return [self._step(*found) for found in self.steps]

    def _step(self, label: str, item: Element, line: int) -> Step:
        # Texts are taken last: an entry's text shows the marks of the entries inside it.
        return Step(label, plain(item), content_hash(substance(item)), line)

    def _visit(self, parent: Block, label: str, goes_on: bool = False) -> None:
        """Number the lists in a block; whether they may go on with each other's numbers."""
        last = 0
        for block, follower in zip_longest(parent.children, parent.children[1:]):
            if block.type == "ordered_list":
                last = self._list(block, follower, label, last if goes_on else 0)
            else:
                self._visit(block, label)

    def _list(self, node: Block, follower: Block | None, parent: str, last: int) -> int:
        """Number the entries of a list that follows a number; the last of theirs."""
        items = node.children
        letters = [self._letter(item) for item in items]
        numbers = [
            _ordinal(letter) if letter else item.number
            for item, letter in zip(items, letters, strict=True)
        ]
        if len(set(numbers)) == 1:
            numbers = list(range(numbers[0], numbers[0] + len(items)))  # Markdown's lazy "1. 1. 1."
        if letters[0]:
            self.blocks.elements[node].set("type", "a" if letters[0].islower() else "A")
        last = last if numbers[0] > 1 else 0
        for item, letter, number in zip(items, letters, numbers, strict=True):
            own = letter or str(number)
            if last and number > last + 1:
                self._warn("step-number-jump", item, **{"from": _as(last, letter), "to": own})
            last = number
            label = self._label(parent, own)
            element = self.blocks.elements[item]
            element.set("id", f"{self.anchor}.{label}")
            element.set("value", str(min(number, _MAX_VALUE)))
            element.set(MARK, (label if parent and own.isdigit() else own) + item.markup)
            self.steps.append((label, element, self._line(item)))
            self._visit(item, label)
        self._check_end(items[-1], follower)
        return last

    def _letter(self, item: Block) -> str:
        # A line's first entry takes the letter: another on the same line has its own number.
        return self.blocks.letters.pop(item.first, "")

    def _label(self, parent: str, own: str) -> str:
        glue = "." if parent and (own.isdigit() or not parent[-1].isdigit()) else ""
        label = unique(parent + glue + own, self.taken)
        self.taken.add(label)
        return label

    def _check_end(self, item: Block, follower: Block | None) -> None:
        """Warn where the last step stops in mid sentence and nothing stands below it."""
        if len(item.children) != 1 or (follower and follower.type in _FOLLOWS):
            return
        text = collapse(plain(self.blocks.elements[item]))
        if _UNFINISHED.search(text[-40:]):
            self._warn("step-cut-off", item, text=text[-60:])

    def _warn(self, code: str, item: Block, **args: str | int) -> None:
        self.problems.append(Problem(self._line(item), 1, "warning", code, args))

    def _line(self, item: Block) -> int:
        return self.lines[item.first]


def _ordinal(letter: str) -> int:
    return ord(letter.lower()) - ord("a") + 1


def _as(number: int, letter: str) -> str:
    if not letter:
        return str(number)
    return chr(ord("a" if letter.islower() else "A") + number - 1)
