"""Addresses and phone numbers in running text become links."""

import re
from collections.abc import Iterator

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Every alternative begins with a literal or is bounded, so that no line costs more than its length.
_LINK = re.compile(
    r"(?<![\w@/.+-])(?:"
    r"(?P<url>https?://[^\s<>\"'“”]+)"
    r"|(?P<www>(?:www\.|t\.me/|wa\.me/)[^\s<>\"'“”]+)"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"
    r"|(?P<free>0[3589]00[ .-]?\d{3}[ .-]?\d{4}(?!\d))"
    r"|(?P<phone>(?:\+55 ?)?\(0?\d\d\) ?(?:9[ .]?)?\d{4}[ .-]?\d{4}(?!\d))"
    r"|(?P<abroad>\+55 ?\d\d ?(?:9[ .]?)?\d{4}[ .-]?\d{4}(?!\d))"
    r")"
)
_TRAILING = ".,;:!?)]}*_"


def linkify(state: StateCore) -> None:
    """Put a link around every address in text that stands in no link yet."""
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_linked(block.children))


def _linked(tokens: list[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        if token.type in ("link_open", "link_close"):
            depth += token.nesting
        if token.type == "text" and not depth:
            yield from _split(token)
        else:
            yield token


def _split(token: Token) -> Iterator[Token]:
    end = 0
    for match in _LINK.finditer(token.content):
        address = match[0] if match["phone"] or match["free"] else match[0].rstrip(_TRAILING)
        if match.start() > end:
            yield text_token(token.content[end : match.start()])
        yield from link_tokens(_target(str(match.lastgroup), address), address)
        end = match.start() + len(address)
    if end < len(token.content) or not end:
        yield text_token(token.content[end:])


def _target(kind: str, address: str) -> str:
    if kind == "url":
        return address
    if kind == "www":
        return "https://" + address
    if kind == "mail":
        return "mailto:" + address
    digits = re.sub(r"\D", "", address)
    if kind == "free":
        return "tel:" + digits
    return "tel:+55" + digits.removeprefix("55" if address.startswith("+") else "0")


def link_tokens(target: str, text: str) -> list[Token]:
    """The tokens of a link."""
    return [
        Token("link_open", "a", 1, attrs={"href": target}),
        text_token(text),
        Token("link_close", "a", -1),
    ]


def text_token(content: str) -> Token:
    """The token of a piece of text."""
    return Token("text", "", 0, content=content)
