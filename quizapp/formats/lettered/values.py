"""What the value of a key means for the options of a pasted question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.formats.bank_keys import Meant, meant, places
from quizapp.formats.bank_options import FALSE, TRUE, bare

_WORDS = re.compile(
    r"(?:a |o |as |os |é |is )*(?:letras?|alternativas?|op[çc][ãa]o|op[çc][õo]es|itens|item"
    r"|options?)?\s*[:\s]*(?=\S)",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"[*_`(\[]{0,3}(?P<letter>[A-La-l])(?:[*_`]{0,3}[)\].:–—-]+[*_`]{0,3}(?=\s|$|[*_`\w])"
    r"|[*_`]{0,3}(?=\s*[,;(]|\s+[-–—])|[*_`]{1,3})[\s,;]*[-–—:]?\s*(?P<rest>.*)",
    re.DOTALL,
)
_NEXT_MARKED = re.compile(r"(?:[,;]\s*|\s+(?:e|and|&|\+)\s+)[*_`(\[]{0,3}([A-La-l])[)\]]\s*")
_MAX_VALUE = 4000


@dataclass(frozen=True)
class Value:
    """The options meant, and the text behind them, which says why.

    A row such as V, F, V judges each option: several may be right.
    """

    meant: Meant
    rest: str = ""
    is_row: bool = False


def value_of(value: str, options: Sequence[str]) -> Value | None:
    """What a key's value means; None if it means no option."""
    whole = value.strip().strip("*_ ")[:_MAX_VALUE]
    text = whole.removesuffix(".").strip("*_ ")
    sequence = _truths(text, len(options))
    if sequence is not None:
        return Value(Meant(sequence), is_row=True)
    plain = _WORDS.sub("", text, count=1)
    for candidate in (text, plain, plain.strip("()[] *_`")):
        if candidate and (found := meant(candidate, options)):
            return Value(found)
    return _marked(_WORDS.sub("", whole, count=1), options)


def _marked(text: str, options: Sequence[str]) -> Value | None:
    """A letter with an option's text or an explanation behind it, or several such."""
    match = _MARKED.match(text)
    if not match:
        return None
    letters = [match["letter"].upper()]
    rest = match["rest"]
    parts = _NEXT_MARKED.split(rest)
    letters += [letter.upper() for letter in parts[1::2]]
    found = places(letters)
    if found[-1] >= len(options):
        return None
    if len(letters) > 1:
        return Value(Meant(found))
    said = bare(rest)
    same = [index for index, option in enumerate(options) if said and bare(option) == said]
    if found[0] in same or not same:
        return Value(Meant(found), "" if same else rest)
    return Value(Meant(tuple(sorted({*found, *same})), sure=False))


def _truths(text: str, count: int) -> tuple[int, ...] | None:
    """The places of V in a row of as many V and F, or C and E, as there are options."""
    letters = [c.upper() for c in text[: 8 * count] if c not in " -–,;/()[]"]
    if count < 2 or len(text) > 8 * count or len(letters) != count:
        return None
    if not (set(letters) <= {"V", "F"} or set(letters) <= {"C", "E"}):
        return None
    return tuple(index for index, letter in enumerate(letters) if letter in "VC")


def truth_words(value: str) -> tuple[str, str, bool] | None:
    """The two words of a statement's options, and whether it is true: "C" gives Certo, Errado."""
    word = bare(value.strip("()[] *_.")[:20])
    if word in TRUE | FALSE | {"c", "e"}:
        is_other = word[0] in "cei"
        words = ("Certo", "Errado") if is_other else ("Verdadeiro", "Falso")
        return *words, word in TRUE | {"c"}
    return None
