"""Texts of options that speak of the others: of all of them, of none, or of some by letter."""

import re

from quizapp.items.lint.words import fold, words, words_of

_MAX = 120
_OTHERS = (
    r"(?:alternativas|anteriores|opcoes|respostas|itens|afirmativas|afirmacoes|assertivas|acima"
    r"|demais|(?:cit|list|mencion|apresent)ad[ao]s)"
)
_ALL_OR_NONE = re.compile(
    rf"(?:(?:e )?(?:tod[ao]s|nenhum[ao]?)(?: (?:(?:[ao]s|d[ao]s|de) )?{_OTHERS}\b.{{0,60}})?"
    r"|(?:todas|nenhuma) (?:esta|estao|e|sao) (?:corret|cert|errad|incorret|verdadeir|fals)[ao]s?"
    r"|n\.? ?d\.? ?a|n\.? ?r\.? ?a"
    r"|(?:all|none|neither|both)(?: of)? (?:the )?"
    r"(?:above|these|those|options|answers|mentioned|listed)\b.{0,40})[!]?"
)
_MAY_BE = re.compile(r"[\W_]*(?:e )?(?:tod|nenhum|n\.? ?[dr]|all|none|neither|both)", re.IGNORECASE)
_ALL = words_of(
    "todas todos nenhuma nenhum n nda n.d.a d.a nd.a n.da nra n.r.a all none neither both"
)
_OF_STATEMENTS = re.compile(r"afirma|assertiva|\biten|proposic|sentenca|statement")
_STATEMENT = re.compile(r"(?:^|[\s(])(?:i{1,3}|iv|v|1|2|a|b)\)?\s?[.:)\-–]\s?\S")

_NOUN = (
    r"(?:(?:as |os |a |o |the )?(?:alternativas?|opcoes|opcao|letras?|respostas?|itens|item"
    r"|options?|answers?|choices?|letters?) )"
)
_ONLY = r"(?:(?:apenas|somente|so|ambas|tanto|both|only|either) )?"
_TAIL = (
    r"(?:,? (?:apenas|somente|only"
    r"|(?:esta|estao|e|sao|is|are)(?: (?:both|ambas))? (?:corret|cert|verdadeir|fals|errad|incorret"
    r"|correct|true|right|false|wrong)[a-z]*))?"
)
_AND = r"(?:, | e | ou | and | or | & |/)"
_MARK = r"\(?(?:[a-h]|[1-8]|i{1,3}|iv|v|vi)\)?"
_LETTER = r"\(?[a-h]\)?"
_BY_NAME = re.compile(
    # With the noun one is enough ("letra B", "alternativas I e II"); bare letters are several.
    rf"{_ONLY}{_NOUN}{_ONLY}{_MARK}(?:{_AND}{_MARK}){{0,4}}{_TAIL}"
    rf"|{_ONLY}{_LETTER}(?:{_AND}{_LETTER}){{1,4}}{_TAIL}"
    rf"|{_ONLY}(?:as |os |the )?(?:duas|dois|tres|two|three) "
    r"(?:primeir[ao]s|ultim[ao]s|anteriores|acima|above)\b.{0,40}"
    r"|(?:the )?(?:first|last) (?:two|three)\b.{0,40}"
)
_SOME = words_of(
    "a b c d e f g h n alternativa alternativas opcao opcoes letra letras resposta respostas item"
    " itens option options answer answers choice choices letter letters primeiras primeiros ultimas"
    " ultimos anteriores acima above first last"
)


def is_all_or_none(text: str) -> bool:
    """Whether an option speaks of all others: "Todas", "Nenhuma das anteriores", "N.D.A."."""
    if len(text) >= _MAX or not _MAY_BE.match(text):
        return False
    folded = fold(text)
    return says_all_or_none(folded, words(folded))


def says_all_or_none(folded: str, words: list[str]) -> bool:
    """The same for a text that is folded and in words already."""
    return (
        len(folded) < _MAX
        and not _ALL.isdisjoint(words)
        and bool(_ALL_OR_NONE.fullmatch(folded.strip(" .*_`")))
    )


def names_others(folded: str, words: list[str]) -> bool:
    """Whether an option names others by letter or place: "A e C", "as duas primeiras"."""
    return (
        len(folded) < _MAX
        and not _SOME.isdisjoint(words)
        and bool(_BY_NAME.fullmatch(folded.strip(" .*_`")))
    )


def speaks_of_statements(folded: str) -> bool:
    """Whether an option speaks of statements ("Todas as afirmativas…")."""
    return bool(_OF_STATEMENTS.search(folded))


def lists_statements(folded_stem: str) -> bool:
    """Whether a stem numbers statements of its own, of which the options may speak."""
    return bool(_STATEMENT.search(folded_stem))
