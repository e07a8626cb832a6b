"""Words as they are compared: in Portuguese, blind to case, accents and plurals.

Fold accents, restore -ção/-ão (which the stemmer needs), reduce plurals, stem, fold.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"\w+")

# Plural endings of folded words and their singular, longest first.
PLURALS = (
    ("coes", "cao"),
    ("soes", "sao"),
    ("oes", "ao"),
    ("aes", "ao"),
    ("ais", "al"),
    ("eis", "el"),
    ("ois", "ol"),
    ("uis", "ul"),
    ("ens", "em"),
    ("ins", "im"),
    ("ons", "om"),
    ("uns", "um"),
    ("res", "r"),
    ("zes", "z"),
    ("s", ""),
)


def fold(word: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem under which a word is found."""
    folded = fold(word)
    if len(folded) <= 3 or not folded.isalpha():
        return folded
    for plural, singular in PLURALS:
        if folded.endswith(plural) and len(folded) - len(plural) >= 2:
            folded = folded[: -len(plural)] + singular
            break
    restored = re.sub(r"cao$", "ção", folded)
    restored = re.sub(r"ao$", "ão", restored)
    # The stemmer keeps state while it works: one for each call, as threads share this module.
    return fold(snowballstemmer.stemmer("portuguese").stemWord(restored))


def stems(words: str) -> str:
    """The stems of a text, in order, with blanks between."""
    return " ".join(stem(word) for word in WORD.findall(words))
