"""What gives the key away to who reads the item closely and knows nothing of its matter."""

import re
from collections.abc import Callable, Iterator

from quizapp.items.lint.model import Flaw
from quizapp.items.lint.nouns import begins_with_vowel, gender, is_infinitive, number
from quizapp.items.lint.view import View
from quizapp.items.lint.words import ARTICLES, fold, words_of

_Fits = Callable[[str], bool | None]

# The determiner in which a stem breaks off: its gender and number.
_DETERMINERS = {
    **dict.fromkeys(
        words_of("o ao do no pelo um num dum este esse aquele neste nesse deste desse"), "ms"
    ),
    **dict.fromkeys(
        words_of("da na pela uma numa duma esta essa aquela nesta nessa desta dessa à"), "fs"
    ),
    **dict.fromkeys(
        words_of("os aos dos nos pelos uns nuns estes esses aqueles nestes destes"), "mp"
    ),
    **dict.fromkeys(
        words_of("as das nas pelas umas numas estas essas aquelas nestas destas às"), "fp"
    ),
}
_COPULA = words_of("é era foi será seria")
_ENGLISH = words_of(
    "is was be as called of with by named using has have had to for in on becomes became"
    " represents contains requires means needs uses through into from and or"
)
_MODALS = words_of("deve devem deverá deverão pode podem precisa precisam deve-se pode-se")
_LAST = frozenset(map(fold, _DETERMINERS | dict.fromkeys(_MODALS))) | {"a", "an"}
_LAST_WORDS = re.compile(r"(?:(\w+)\s+)?(\w[\w-]*)[\s_.…:–—]*$")
_BY_CHOICE = re.compile(r"\((?:a|o|s|as|os|n)\)[\s_.…:]*$")
_TAIL = 60
_FIRST_WORD = re.compile(r"[\"'“‘«(*]*([^\W_][\w-]*)")
_ADVERBS = words_of("nao nunca jamais sempre apenas somente so primeiro imediatamente tambem")


def grammar_cue(view: View) -> Iterator[Flaw]:
    """A stem that breaks off in a word with which exactly one option, the key, agrees."""
    if not view.stem.words or view.stem.words[-1] not in _LAST:
        return
    tail = view.stem.plain[-_TAIL:]
    last = _LAST_WORDS.search(tail)
    if len(view.options) < 2 or not last or _BY_CHOICE.search(tail):
        return
    fits = _what_fits((last[1] or "").lower(), last[2].lower())
    if fits is None:
        return
    agreeing = []
    for place, option in enumerate(view.options):
        if place in view.about_others:
            continue
        agrees = None if option.is_code else fits(option.plain)
        if agrees is None:
            return
        if agrees:
            agreeing.append(place)
    if len(agreeing) == 1 and view.keys in ([], agreeing):
        yield Flaw("grammar-cue", agreeing[0], {"word": last[2]})


def _what_fits(before: str, word: str) -> _Fits | None:
    """Whether an option goes on where the stem stops, as far as the forms tell."""
    if word == "an" or (word == "a" and before in _ENGLISH):
        return lambda text: _by_sound(text, word == "an")
    if word in _MODALS:
        return _is_verb
    kind = "fs" if word == "a" and before in _COPULA else _DETERMINERS.get(word)
    return (lambda text: _agrees(text, kind)) if kind else None


def _by_sound(text: str, vowel: bool) -> bool | None:
    first = _FIRST_WORD.match(text)
    if not first or first[1].lower() in ("a", "an", "the"):
        return None
    begins = begins_with_vowel(first[1])
    return None if begins is None else begins == vowel


def _agrees(text: str, kind: str) -> bool | None:
    first = _FIRST_WORD.match(text)
    if not first:
        return None
    word = fold(first[1])
    if word in ARTICLES or (first[1].isupper() and len(first[1]) > 1):
        return None
    its_gender, its_number = gender(word), number(word)
    if (its_number or kind[1]) != kind[1] or (its_gender or kind[0]) != kind[0]:
        return False
    return True if its_gender and its_number else None


def _is_verb(text: str) -> bool | None:
    for word in fold(text).split():
        word = word.strip("\"'“”‘’«(*,;:.")
        if word in _ADVERBS or word.endswith("mente"):
            continue
        return is_infinitive(word) if word[:1].isalpha() else None
    return None
