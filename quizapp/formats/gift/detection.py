"""Whether a text is GIFT: told by its file's name, or by what stands between its braces."""

import re

from quizapp.formats.gift.scanner import NAME, Raw, scan

_ENDING = re.compile(r"\.gift(?:\.txt)?$", re.IGNORECASE)
_CATEGORY = re.compile(r"^[ \t]*\$CATEGORY:[ \t]*\S", re.MULTILINE)
_CODE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"#{1,6} +\S")
# What answers look like: signs with words behind them, a number, true or false, an order.
_ANSWERS = re.compile(
    r"\s*(?:[=~](?!(?:html|latex|tex)$)\s*[^\s=~{}]|#\s*(?:=\s*)?(?:%-?[\d.]{1,9}%)?\s*[-+]?[.]?\d"
    r"|>\s*\d|(?:T|TRUE|F|FALSE)\s*(?:#|$)|####)"
)
# A brace behind one of these belongs to a formula: x^{T}, \mathbf{F}.
_FORMULA = re.compile(r"(?:[\^_$]|\\[A-Za-z]{1,30}\*?|\})$")
_ENOUGH = 50_000
# As much as may follow the answers within a sentence.
_LONGEST_TAIL = 400
_OPENING = re.compile(r"\{\s*[=~#>TF}]")
_FORMAT = re.compile(r"\s*\[(?:html|markdown|plain|moodle)\]")
_REMARK = re.compile(r"// (?:question: |\[(?:id|tag):)")


def is_gift(name: str, text: str) -> bool:
    """Whether a text is GIFT: at least half of its blocks are questions that say so.

    Braces in prose, in code and in formulas say nothing, and GIFT has no headings.
    """
    if _ENDING.search(name):
        return True
    if "{" not in text and "$CATEGORY" not in text:
        return False
    text = _CODE.sub("", _beginning(text))
    if _CATEGORY.search(text):
        return True
    if not _OPENING.search(text):
        return False
    found = scan(text)
    if any(_HEADING.match(raw.lines[0]) for raw in found):
        return False
    sure = sum(map(_is_sure, found))
    return sure > 0 and (sure + sum(map(_is_named, found))) * 2 >= len(found)


def _beginning(text: str) -> str:
    """As much of a text as tells what it is, up to a blank line."""
    if len(text) <= _ENOUGH:
        return text
    start = text[:_ENOUGH]
    return start.rpartition("\n\n")[0] or start


def _is_sure(raw: Raw) -> bool:
    """Whether a question has answers that only GIFT has, or none but a mark of GIFT."""
    if raw.close < 0 or raw.strays:
        return False
    text = raw.text
    if len(text) - raw.close > _LONGEST_TAIL:
        return False
    if _FORMULA.search(text[max(raw.open - 32, 0) : raw.open]):
        return False
    answers = text[raw.open + 1 : raw.close]
    return bool(_ANSWERS.match(answers)) or (not answers.strip() and _is_marked(raw))


def _is_named(raw: Raw) -> bool:
    return raw.open < 0 and _is_marked(raw)


def _is_marked(raw: Raw) -> bool:
    """Whether a question has a name, a format or a remark as Moodle writes them."""
    first = raw.lines[0]
    return bool(
        NAME.match(first)
        or _FORMAT.match(first)
        or any(_REMARK.match(comment) for _, comment in raw.comments)
    )
