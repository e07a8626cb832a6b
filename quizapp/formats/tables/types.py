"""The kinds of question that tables name in a column of their own."""

import re
from typing import Literal

from quizapp.formats.text import fold
from quizapp.items.kinds import Kind

# Something to choose from: how many options are right, the key says.
TableKind = Kind | Literal["choice"]

_SIGNS = re.compile(r"[-_/ ]+")
_WORDS: dict[TableKind, str] = {
    "choice": "multipla escolha, multipla, multiple choice, mcq, mc, objetiva, escolha simples,"
    " escolha unica, unica, resposta unica, single choice, single answer, quiz",
    "multiple": "multipla resposta, multiplas respostas, multiple answer, multiple answers,"
    " multiple response, multiple select, multi select, checkbox, checkboxes, caixa de selecao,"
    " caixas de selecao",
    "true_false": "verdadeiro falso, verdadeiro ou falso, v f, vf, certo errado, certo ou errado,"
    " c e, true false, true or false, truefalse, tf",
    "essay": "dissertativa, discursiva, aberta, redacao, open ended, essay, long answer, paragraph",
    "short_answer": "resposta curta, short answer, fill in the blank, fill in the blanks,"
    " preencher lacuna, completar, lacuna, type answer, text",
    "numeric": "numerica, numeric, numerical, number",
    "ordering": "ordenacao, ordenar, ordering, reorder, puzzle, sequence",
    "matching": "associacao, associar, relacionar, matching, match",
    "description": "texto, description",
}
_TABLE_TYPES = {word: kind for kind, words in _WORDS.items() for word in words.split(", ")}


def type_of(cell: str) -> TableKind | None:
    """The kind that a cell names."""
    return _TABLE_TYPES.get(_SIGNS.sub(" ", fold(cell)).strip())


# How the tables that we write name the kinds, which is how native banks do.
TYPE_NAMES: dict[Kind, str] = {
    "single": "única",
    "multiple": "múltipla",
    "true_false": "verdadeiro-falso",
    "ordering": "ordenação",
    "matching": "associação",
    "short_answer": "resposta curta",
    "numeric": "numérica",
    "essay": "dissertativa",
    "description": "texto",
}
