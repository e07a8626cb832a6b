"""The marks that begin and end the blocks of Markdown, seen without the indent before them."""

import re
from dataclasses import dataclass

QUOTE = re.compile(r"> ?")
ENTRY = re.compile(r"([-*+]|\d{1,9}[.)])(?=[ \t]|$)")
HEADING = re.compile(r"(#{1,6})(?=[ \t]|$)")
UNDERLINE = re.compile(r"(?:=+|-+)\s*$")
RULE = re.compile(r"([-*_])(?: *\1){2,} *$")
FENCE = re.compile(r"(~{3,})|(`{3,})(?=[^`]*$)")
TITLE = r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\((?P<round>[^()]*)\))"""
# What a name of links stands for, on a line of its own.
DEFINITION = re.compile(
    r"\[(?P<label>[^\[\]]{1,999})\]:[ \t]*(?:<(?P<angle>[^<>]*)>|(?P<bare>[^\s<]\S*))"
    rf"(?:[ \t]+{TITLE})?[ \t]*$"
)

# Tags that pass through and are sanitised; any other `<word>` is a gap somebody is meant to fill.
TAGS = (
    "a|abbr|b|blockquote|br|caption|center|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|font"
    "|h1|h2|h3|h4|h5|h6|hr|i|iframe|img|ins|kbd|li|mark|ol|p|pre|q|s|samp|script|small|span|strong"
    "|style|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|u|ul|var"
)
_BLOCK_TAGS = (
    "blockquote|caption|center|col|colgroup|dd|details|div|dl|dt|h1|h2|h3|h4|h5|h6|hr|iframe|li|ol"
    "|p|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_VALUE = r"""(?:[^\s"'=<>`]+|'[^']*'|"[^"]*")"""
_ATTRIBUTES = rf"(?:\s+[A-Za-z_:][\w:.-]*(?:\s*=\s*{_VALUE})?)*"
TAG = re.compile(
    rf"<[A-Za-z][A-Za-z0-9-]*{_ATTRIBUTES}\s*/?>|</[A-Za-z][A-Za-z0-9-]*\s*>"
    r"|<!--.*?-->|<\?.*?\?>|<![A-Za-z][^>]*>",
    re.DOTALL,
)
_HTML = re.compile(
    rf"<(?:(?P<raw>script|pre|style)(?=[\s>]|$)|(?P<comment>!--)|(?P<other>\?)|(?P<type>![A-Za-z])"
    rf"|(?P<block>/?(?:{_BLOCK_TAGS})(?=[\s/>]|$)))",
    re.IGNORECASE,
)
_HTML_ENDS = {"comment": "-->", "other": "?>", "type": ">", "block": ""}
_MAX_TAG = 5000
_CELL = re.compile(r" *:?-+:? *")


def fence_ends(fence: str, line: str) -> bool:
    """Whether a line closes the code that a fence opened."""
    text = line.strip()
    return (
        len(line) - len(line.lstrip(" ")) < 4
        and text.startswith(fence)
        and not text.strip(fence[0])
    )


@dataclass
class Fences:
    """Tells the lines of code between fences, a text's lines given one after the other."""

    fence: str = ""
    indent: int = 0

    def takes(self, line: str) -> bool:
        """Whether the line belongs to code begun above; what stands left of its fence does not."""
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        if self.fence and text and indent < self.indent:
            self.fence = ""
        if self.fence:
            if fence_ends(self.fence, text):
                self.fence = ""
            return True
        if opening := FENCE.match(text):
            self.fence, self.indent = opening[0], indent
        return False


def html_end(text: str, in_paragraph: bool) -> str | None:
    """What ends the block of HTML that a text begins, "" for a blank line; None if it is none."""
    if not text.startswith("<"):
        return None
    if match := _HTML.match(text):
        kind = str(match.lastgroup)
        return f"</{match['raw'].lower()}>" if kind == "raw" else _HTML_ENDS[kind]
    if in_paragraph or len(text) > _MAX_TAG:
        return None
    tag = TAG.match(text)
    return "" if tag and not text[tag.end() :].strip() else None


def is_table(head: str, below: str) -> bool:
    """Whether two lines begin a table: its head, and a line of dashes for as many columns."""
    if "|" not in head or "-" not in below or set(below) - set("|:- "):
        return False
    cells = below.strip().removeprefix("|").removesuffix("|").split("|")
    return all(map(_CELL.fullmatch, cells)) and len(cells) <= head.count("|") + 1
