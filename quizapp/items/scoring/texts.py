"""Short answers compared: what is alike, and what is one typing slip away."""

import re
import unicodedata

SHORTEST_WORD = 5  # letters: in a shorter word one letter more or less makes too often another

_TOKEN = re.compile(r"\w+|[^\w\s]")


def plain(text: str, *, accents: bool = False, case: bool = False) -> str:
    """Text as short answers are compared: single spaces, no punctuation at the ends.

    Case is folded and accents are taken off, unless they must match.
    """
    if not case:
        text = text.casefold()
    if accents:
        text = unicodedata.normalize("NFKC", text)
    else:
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(text.split()).strip(" .;,!?\"'")


def is_slip(given: str, wanted: str) -> bool:
    """Whether a text is another with one typing slip in one of its words.

    A slip is a letter too many, missing or wrong, or two neighbours swapped (Damerau 1964), in
    a word of five letters or more, after its first letter: few slips are made there
    (Yannakoudakis and Fawthrop 1983), and there stand the letters that turn a word into its
    contrary ("legal", "ilegal"). Figures and signs have to be right, and so have accents and
    case where the texts still differ in them.
    """
    words = _TOKEN.findall(given), _TOKEN.findall(wanted)
    if len(words[0]) != len(words[1]):
        return False
    differing = [pair for pair in zip(*words, strict=True) if pair[0] != pair[1]]
    if len(differing) != 1:
        return False
    one, other = differing[0]
    return (
        one.isalpha()
        and other.isalpha()
        and len(other) >= SHORTEST_WORD
        and plain(one) != plain(other)
        and one[0] == other[0]
        and _is_one_edit(one, other)
    )


def _is_one_edit(one: str, other: str) -> bool:
    """Whether two different words are one insertion, deletion, change or swap apart."""
    if len(one) > len(other):
        one, other = other, one
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    one, other = one[same:], other[same:]
    if len(one) < len(other):
        return one == other[1:]
    swapped = one[1::-1] == other[:2]
    return one[1:] == other[1:] or (swapped and one[2:] == other[2:])
