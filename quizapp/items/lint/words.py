"""Text as the lint compares it: without markup, accents and case, and taken apart into words."""

import re
import unicodedata

_MARKUP = re.compile(r"[\\`*_\[<&~]")
_PICTURE_OR_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(
    r"(\*{1,3})(?=\S)([^*\n]*)(?<=\S)\1|(?<!\w)(_{1,3})(?=\S)([^_\n]*)(?<=\S)\3(?!\w)|~~|`+"
)
# Stand for escaped signs while emphasis is taken away.
_HELD = {ord(sign): 0xE000 + ord(sign) for sign in "*_`~"}
_FREED = {held: sign for sign, held in _HELD.items()}
_COMBINING = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"\d+(?:[.,:]\d+)+|\w+(?:[-'.@]\w+)*")


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written out as a text."""
    return frozenset(text.split())


ARTICLES = words_of("o a os as um uma uns umas the an")
# Words that say nothing by themselves, without accents. Negations and numbers do say something.
STOP = words_of(
    "a ao aos as com como da das de do dos e ela elas ele eles em entre esse essa este esta isso"
    " isto foi for ja mais na nas no nos num numa o os ou para pela pelas pelo pelos por qual quais"
    " quando que quem se sao ser seu seus sua suas um uma umas uns deve devem pode podem"
    " an and are at be by can do does for from has have he her his in is it its may must of on or"
    " she should that the their them they this to was were what when which who will with you your"
)


def plain(markdown: str) -> str:
    """The words of a text in Markdown, without most of its signs."""
    if not _MARKUP.search(markdown):
        return markdown
    text = _PICTURE_OR_LINK.sub(r"\1", markdown) if "](" in markdown else markdown
    if "\\" not in text:
        return _EMPHASIS.sub(_inside, text)
    text = _ESCAPED.sub(lambda match: match[1].translate(_HELD), text)
    return _EMPHASIS.sub(_inside, text).translate(_FREED)


def _inside(match: re.Match[str]) -> str:
    return match[2] or match[4] or ""


def fold(text: str) -> str:
    """The text without accents and case."""
    if text.isascii():
        return text.lower()
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text)).replace("’", "'").lower()


def words(folded: str) -> list[str]:
    """The words of a folded text, in their order; compounds and numbers are one word."""
    return _WORD.findall(folded)


def content(folded_words: list[str]) -> list[str]:
    """The words that say something, in the singular as far as an `s` makes the plural."""
    return [
        word[:-1] if len(word) > 3 and word[-1] == "s" else word
        for word in folded_words
        if word not in STOP
    ]
