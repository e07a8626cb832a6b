"""Markdown's tree as plain text: every word that a reader sees, a block a line."""

import html
from collections.abc import Iterator
from urllib.parse import unquote

import nh3
from markdown_it.tree import SyntaxTreeNode

from quizapp.formats.text import PLACEHOLDER


def span(node: SyntaxTreeNode) -> tuple[int, int]:
    """The lines of a block, from 0: its first one and the one after its last."""
    return node.map or (0, 0)


def plain(node: SyntaxTreeNode, marks: bool = True) -> str:
    """The text below a node; without marks, without the numbers and bullets of lists."""
    return "\n".join(_lines(node, marks)).replace(PLACEHOLDER, "<")


def _lines(node: SyntaxTreeNode, marks: bool) -> Iterator[str]:
    for child in node.children:
        if child.type == "inline":
            yield from inline(child).split("\n")
        elif child.type == "list_item":
            yield from _entry(child, marks)
        elif child.type in ("fence", "code_block"):
            yield from child.content.rstrip("\n").split("\n")
        elif child.type == "html_block":
            yield from filter(None, map(str.strip, _without_tags(child.content).split("\n")))
        elif child.type == "tr":
            yield " | ".join(inline(cell.children[0]) for cell in child.children if cell.children)
        else:
            yield from _lines(child, marks)


def _entry(item: SyntaxTreeNode, marks: bool) -> Iterator[str]:
    mark = f"{item.meta.get('mark', '-')} " if marks else ""
    lines = list(_lines(item, marks)) or [""]
    yield (mark + lines[0]).rstrip()
    for line in lines[1:]:
        yield "  " + line if marks else line


def inline(node: SyntaxTreeNode) -> str:
    """The text of a paragraph or heading; a link's target follows it where it says more."""
    return "".join(map(_inline, node.children))


def _inline(node: SyntaxTreeNode) -> str:
    if node.type == "softbreak":
        return " "
    if node.type == "hardbreak":
        return "\n"
    if node.type == "html_inline":
        return "\n" if node.content.lower().startswith("<br") else ""
    if node.type == "link":
        return _link(
            inline(node), str(node.attrs.get("href", "")), str(node.attrs.get("title", ""))
        )
    return inline(node) if node.children else node.content


def _link(text: str, href: str, title: str) -> str:
    target = unquote(href.removeprefix("mailto:"))
    said = href.startswith("tel:") or target.removeprefix("https://") in (text, text.strip("/"))
    more = ", ".join(part for part in ("" if said or target == text else target, title) if part)
    return f"{text} ({more})" if more else text


def _without_tags(source: str) -> str:
    return html.unescape(nh3.clean(source, tags=set()))
