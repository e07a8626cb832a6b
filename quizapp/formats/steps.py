"""Entries of ordered lists become steps, under the source's own numbers."""

import re
from dataclasses import dataclass, field

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from quizapp.formats.blocks import Blocks
from quizapp.formats.model import Problem, Step
from quizapp.formats.plain import plain, span
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
    steps: list[tuple[str, SyntaxTreeNode, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def run(self) -> list[Step]:
        """Number every ordered list, marking the tokens for the renderer on the way."""
        last = 0
        for node in self.blocks.root.children:
            last = self._visit(node, "", last)
        return [self._step(*found) for found in self.steps]

    def _step(self, label: str, node: SyntaxTreeNode, line: int) -> Step:
        # Texts are taken last: an entry's text shows the marks of the entries inside it.
        return Step(label, plain(node), content_hash(plain(node, marks=False)), line)

    def _visit(self, node: SyntaxTreeNode, parent: str, last: int) -> int:
        """Number the lists in a node; the last number of an ordered list is handed on."""
        if node.type == "ordered_list":
            return self._list(node, parent, last)
        for child in node.children:
            if child.type != "inline":
                self._visit(child, parent, 0)
        return last

    def _list(self, node: SyntaxTreeNode, parent: str, last: int) -> int:
        items = list(node.children)
        letters = [self._letter(item) for item in items]
        numbers = [
            _ordinal(letter) if letter else int(item.info or 1)
            for item, letter in zip(items, letters, strict=True)
        ]
        if len(set(numbers)) == 1:
            numbers = list(range(numbers[0], numbers[0] + len(items)))  # Markdown's lazy "1. 1. 1."
        _mark_list(_opening(node), letters[0])
        last = last if numbers[0] > 1 else 0
        for item, letter, number in zip(items, letters, numbers, strict=True):
            own = letter or str(number)
            if last and number > last + 1:
                self._warn("step-number-jump", item, **{"from": _as(last, letter), "to": own})
            last = number
            label = self._label(parent, own)
            _mark_item(item, f"{self.anchor}.{label}", label if parent else own, own, number)
            self.steps.append((label, item, self._line(item)))
            for child in item.children:
                self._visit(child, label, 0)
        self._check_end(node)
        return last

    def _letter(self, item: SyntaxTreeNode) -> str:
        # A line's first entry takes the letter: another on the same line has its own number.
        return self.blocks.letters.pop(span(item)[0], "")

    def _label(self, parent: str, own: str) -> str:
        glue = "." if parent and (own.isdigit() or not parent[-1].isdigit()) else ""
        label = unique(parent + glue + own, self.taken)
        self.taken.add(label)
        return label

    def _check_end(self, node: SyntaxTreeNode) -> None:
        """Warn where the last step stops in mid sentence and nothing stands below it."""
        item = node.children[-1]
        follower = node.next_sibling
        if len(item.children) != 1 or (follower and follower.type in _FOLLOWS):
            return
        text = collapse(plain(item))
        if _UNFINISHED.search(text[-40:]):
            self._warn("step-cut-off", item, text=text[-60:])

    def _warn(self, code: str, item: SyntaxTreeNode, **args: str | int) -> None:
        self.problems.append(Problem(self._line(item), 1, "warning", code, args))

    def _line(self, item: SyntaxTreeNode) -> int:
        return self.lines[span(item)[0]]


def _ordinal(letter: str) -> int:
    return ord(letter.lower()) - ord("a") + 1


def _as(number: int, letter: str) -> str:
    if not letter:
        return str(number)
    return chr(ord("a" if letter.islower() else "A") + number - 1)


def _opening(node: SyntaxTreeNode) -> Token:
    if not node.nester_tokens:
        raise TypeError("a list and its entries are pairs of tokens")
    return node.nester_tokens.opening


def _mark_list(token: Token, letter: str) -> None:
    token.attrs.pop("start", None)
    if letter:
        token.attrs["type"] = "a" if letter.islower() else "A"


def _mark_item(item: SyntaxTreeNode, anchor: str, label: str, own: str, number: int) -> None:
    token = _opening(item)
    token.attrs = {"id": anchor, "value": min(number, _MAX_VALUE)}
    token.meta["mark"] = (label if own.isdigit() else own) + item.markup
