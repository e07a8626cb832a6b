"""Options that say the same as one another, or more of it, or speak of one another."""

import re
from collections.abc import Iterator

from quizapp.items.lint.model import Flaw, Question
from quizapp.items.lint.references import lists_statements, names_others, speaks_of_statements
from quizapp.items.lint.view import Text, View
from quizapp.items.lint.words import ARTICLES, words, words_of

_MOOD = re.compile(r"(?:ar|er|ir|a|e|am|em|ando|endo|indo)$")
_SIGNS = re.compile(r"([<>+*/%\\#~@&,;:?()\[\]]|(?<!\w)-(?=\w))")
# Items about language or code: there a comma, an accent or an ending is what options differ by.
_LITERAL = re.compile(
    r"\b(?:concordancia|regencia|crase|pontua|virgula|grafia|ortogra|gramatic|norma culta"
    r"|norma-padrao|acentu|verb|plural|singular|sintaxe|redacao|frase|sentenca|traducao"
    r"|grammar|spell|punctuat|sentence|tense|translat|syntax|output|print"
    r"|trecho de codigo|codigo (?:acima|abaixo|a seguir|fonte)|(?:following|this) code)"
)
_JOINER = re.compile(r"\s*(?:[,;>+/]|e|ou|and|or)(?:\s|$)")
# A word that turns the shorter option into something else instead of adding to it.
_TURNS = words_of(
    "nao nem nunca jamais sem exceto salvo menos apenas somente so not never no without except only"
    " unless"
)
_MIN_CONTAINED = 3
_MAX_COMPARED = 40


def option_duplicates(view: View) -> Iterator[Flaw]:
    """Options with the same words: to the letter, or but for case, stops, articles and mood."""
    exact: dict[str, int] = {}
    near: dict[tuple[str, ...], int] = {}
    for place, option in enumerate(view.options):
        text = " ".join(view.question.options[place].text.split())
        if exact.setdefault(text, place) != place:
            yield Flaw("option-duplicate", place, {"option": text})
            continue
        said = _what_it_says(option)
        if not said or near.setdefault(said, place) == place:
            continue
        other = view.options[near[said]]
        if _pauses(option) == _pauses(other) and not _LITERAL.search(view.stem.folded):
            yield Flaw("option-near-duplicate", place, {"option": text, "other": other.plain})


def _what_it_says(option: Text) -> tuple[str, ...] | None:
    """The words that count, of prose; a single word, or a code, may differ by a sign on purpose."""
    said = [word for word in option.words if word not in ARTICLES]
    if option.is_code or len(said) < 2:
        return None
    first = _MOOD.sub("", said[0]) if len(said[0]) > 5 and len(said) > 2 else said[0]
    rest = [word[:-1] if len(word) > 3 and word[-1] == "s" else word for word in said[1:]]
    return (first, *rest)


def _pauses(option: Text) -> list[str | int]:
    """The signs within an option, and how many words that count stand between them."""
    parts = _SIGNS.split(option.folded.rstrip(" .;,:!"))
    return [
        part if place % 2 else sum(word not in ARTICLES for word in words(part))
        for place, part in enumerate(parts)
    ]


def option_contains_option(view: View) -> Iterator[Flaw]:
    """An option that holds another one whole: whoever may tick the longer may tick the shorter."""
    options = [
        (place, option)
        for place, option in enumerate(view.options)
        if not option.is_code and place not in view.about_others
    ]
    if len(options) > _MAX_COMPARED or _LITERAL.search(view.stem.folded):
        return
    for place, outer in options:
        for _, inner in options:
            if (
                inner.spaced in outer.spaced
                and len(inner.words) < len(outer.words)
                and _adds(outer, inner)
            ):
                yield Flaw("option-contains-option", place, {"option": inner.plain})
                return


def _adds(outer: Text, inner: Text) -> bool:
    """Whether the longer option says the shorter and more, as far as the words tell."""
    before, found, after = outer.folded.partition(inner.folded.strip(" .;,"))
    extra = words(before) + words(after)
    if not found or not _TURNS.isdisjoint(extra) or not _has_word(inner):
        return False
    is_joined = _JOINER.match(after) or _JOINER.search(before[-3:])
    return len(inner.words) >= _MIN_CONTAINED or bool(is_joined)


def _has_word(text: Text) -> bool:
    """Whether an option has a word of its own, and is no list of numerals or letters."""
    return any(len(word) > 3 and word.isalpha() for word in text.words)


def all_or_none(view: View) -> Iterator[Flaw]:
    """The first option that speaks of all the others."""
    for place in sorted(view.about_others):
        option = view.options[place]
        # "Todas as afirmativas" below a stem that lists statements speaks of those.
        if not (speaks_of_statements(option.folded) and lists_statements(view.stem.folded)):
            yield Flaw("all-or-none", place, {"option": option.plain})
            return


def option_cites_letter(view: View) -> Iterator[Flaw]:
    """The first option that names others by letter or place, so that no shuffle may move them."""
    place = _citing_option(view)
    if place is not None:
        yield Flaw("option-cites-letter", place, {"option": view.options[place].plain})


def has_fixed_order(question: Question) -> bool:
    """Whether an option names others by letter, so that all are shown as the source has them."""
    return _citing_option(View(question)) is not None


def _citing_option(view: View) -> int | None:
    """The place of the first option that rests on the order of the options, if there is one.

    Where most options do, or the stem lists statements of its own, they speak of the stem.
    """
    citing = [i for i, o in enumerate(view.options) if names_others(o.folded, o.words)]
    if not citing or 2 * len(citing) > len(view.options) or lists_statements(view.stem.folded):
        return None
    return citing[0]
