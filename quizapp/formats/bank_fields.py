"""The fields of a native bank: `Fonte:`, `Dificuldade:`, `Resposta:` and the rest."""

import re
from dataclasses import dataclass
from typing import get_args

from quizapp.formats.amounts import share
from quizapp.formats.text import fold
from quizapp.items.kinds import Difficulty, Kind, Use

_NAMES = {
    "source": "fonte, fontes, source, sources",
    "competencies": "competencia, competencias, competency, competencies",
    "difficulty": "dificuldade, difficulty",
    "use": "uso, use",
    "tags": "etiqueta, etiquetas, tag, tags",
    "type": "tipo, type",
    "explanation": "explicacao, explanation, comentario, justificativa",
    "answer": "resposta, answer",
    "number": "numero, number",
    "name": "nome, name",
    "category": "categoria, category",
    "key": "gabarito, key",
    "accepted": "aceito, aceitos, accepted",
    "stem": "enunciado, stem",
}
_FIELDS = {word: name for name, words in _NAMES.items() for word in words.split(", ")}
_FIELD = re.compile(
    r"(?P<open>[*_]{0,2})(?P<name>[A-Za-zÀ-ÿ]{3,15})(?P<close>[*_]{0,2})"
    r"(?: ?\((?P<percent>-?\d{1,3}(?:[.,]\d{1,9})?) ?%\))?"
    r" ?:(?P<late>[*_]{0,2})(?:[ \t]+|(?=\n)|$)(?P<value>.*)",
    re.DOTALL,
)
DIFFICULTIES: dict[str, Difficulty] = {
    "facil": "easy",
    "media": "medium",
    "medio": "medium",
    "dificil": "hard",
    **{name: name for name in get_args(Difficulty)},
}
USES: dict[str, Use] = {
    "prova": "exam",
    "treino": "practice",
    **{name: name for name in get_args(Use)},
}
TYPES: dict[str, Kind] = {
    "unica": "single",
    "escolha unica": "single",
    "multipla": "multiple",
    "multipla escolha": "multiple",
    "verdadeiro-falso": "true_false",
    "verdadeiro ou falso": "true_false",
    "certo-errado": "true_false",
    "ordenacao": "ordering",
    "associacao": "matching",
    "resposta curta": "short_answer",
    "numerica": "numeric",
    "cenario": "scenario",
    "dissertativa": "essay",
    "texto": "description",
    "true-false": "true_false",
    **{kind: kind for kind in get_args(Kind)},
    **{kind.replace("_", " "): kind for kind in get_args(Kind)},
}


@dataclass(frozen=True)
class Field:
    """A field as it is written, under its English name."""

    name: str
    value: str
    line: int
    fraction: float = 1.0


def field_of(text: str, line: int = 0) -> Field | None:
    """The field that a line or paragraph begins with, if it begins with one that we know.

    A stem has its label alone: what stands behind one is text.
    """
    match = _FIELD.match(text)
    name = _FIELDS.get(fold(match["name"])) if match else None
    if not match or not name or (match["percent"] and name != "answer"):
        return None
    value = match["value"].strip()
    if match["open"] and not match["close"] and not match["late"]:
        value = value.removesuffix(match["open"])  # *Explicação: all in one emphasis*
    if name == "stem" and value:
        return None
    return Field(name, value, line, share(match["percent"]) if match["percent"] else 1.0)


def listed(value: str) -> tuple[str, ...]:
    """The parts of a value that commas or semicolons divide."""
    return tuple(part for part in (raw.strip() for raw in re.split("[,;]", value)) if part)
