"""What a column holds, by the words above it: "Enunciado", "Alternativa A", "Correct answer(s)"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from quizapp.formats.text import fold

Role = Literal[
    "id",
    "number",
    "name",
    "context",
    "stem",
    "option",
    "right",
    "wrong",
    "options",
    "key",
    "mark",
    "true",
    "false",
    "feedback",
    "explanation",
    "category",
    "competencies",
    "difficulty",
    "source",
    "tags",
    "type",
    "use",
    "title",
    "aside",
]


@dataclass(frozen=True)
class Column:
    """A column that we understand.

    `place` says to which option it belongs (0 is the first); `label` is the header as written.
    """

    index: int
    role: Role
    label: str
    place: int = 0


# How a column is called where we speak of it, and in the tables that we write.
NAMES: dict[Role, str] = {
    "id": "Id",
    "number": "Número",
    "name": "Nome",
    "context": "Texto-base",
    "stem": "Pergunta",
    "options": "Alternativas",
    "key": "Gabarito",
    "explanation": "Explicação",
    "category": "Categoria",
    "competencies": "Competências",
    "difficulty": "Dificuldade",
    "source": "Fonte",
    "tags": "Etiquetas",
    "type": "Tipo",
    "use": "Uso",
    "aside": "–",
}

# The tables that we write begin with these columns, then have the options, then the others.
_FIRST: tuple[Role, ...] = ("id", "number", "type", "use", "stem")
OWN_HEADER = tuple(NAMES[role] for role in _FIRST)
AFTER_OPTIONS: tuple[Role, ...] = (
    "key",
    "explanation",
    "category",
    "competencies",
    "difficulty",
    "tags",
    "source",
    "name",
)

_WORDS: dict[Role, str] = {
    "id": "id, codigo, cod, code, identificador, identifier, uid, idnumber, id da questao,"
    " question id, codigo da questao",
    "number": "numero, n, no, num, number, ordem, order, seq, sequencia, numero da questao,"
    " question number, question no, no da questao",
    "name": "titulo, title, nome, name, nome da questao, question name, titulo da questao,"
    " question title",
    "context": "texto base, texto de apoio, contexto, context, passage, texto motivador",
    "stem": "pergunta, enunciado, texto da questao, texto da pergunta, texto do enunciado,"
    " enunciado da questao, question text, stem, question stem, prompt, statement, afirmacao,"
    " afirmativa, assertiva, pergunta enunciado, questao enunciado",
    "options": "alternativas, opcoes, options, choices, respostas, answers, answer options,"
    " answer choices, opcoes de resposta, alternativas de resposta, respostas possiveis, itens",
    "key": "gabarito, resposta, respostas corretas, resposta correta, resposta certa, correta,"
    " correto, certa, certo, corretas, correct, correct answer, correct answers, correct option,"
    " correct options, correct choice, correct index, correct answer index, answer index, answer,"
    " right answer, right option, key, answer key, ans, chave, chave de resposta, gab, resp,"
    " alternativa correta, alternativa certa, opcao correta, opcao certa, letra, letra correta,"
    " indice, indice correto, verdadeiro, verdadeira, verdadeiro ou falso, verdadeiro falso,"
    " certo ou errado, certo errado, v ou f, v f, c e, gabarito oficial, correctness",
    "explanation": "explicacao, explicacoes, comentario, comentarios, justificativa,"
    " justificativas, feedback, feedback geral, general feedback, comentario geral, general"
    " comment, explanation, rationale, resolucao, solucao, answer explanation, answer feedback,"
    " comentario do professor, fundamentacao, comment, comments",
    "category": "assunto, subassunto, tema, disciplina, materia, topico, subtopico, topic,"
    " subtopic, subject, category, categoria, subcategoria, modulo, module, unidade, unit, area,"
    " conteudo, capitulo, chapter, grupo, group, secao, section, eixo, bloco",
    "competencies": "competencia, competencias, competency, competencies, habilidade,"
    " habilidades, skill, skills",
    "difficulty": "dificuldade, nivel de dificuldade, grau de dificuldade, nivel, grau, level,"
    " difficulty, difficulty level",
    "source": "fonte, fontes, source, sources, referencia, referencias, reference, references,"
    " bibliografia, procedimento",
    "tags": "tags, tag, etiqueta, etiquetas, palavras chave, palavra chave, keyword, keywords,"
    " marcadores, rotulos, label, labels, banca, ano, concurso, orgao, cargo",
    "type": "tipo, type, tipo de questao, tipo da questao, tipo de pergunta, question type,"
    " question format, formato, kind",
    "use": "uso, use, finalidade",
    "title": "quiz name, nome do quiz, titulo do quiz, quiz title, quiz, prova, questionario",
    # Known, but nothing that an item keeps.
    "aside": "tempo, time, time limit, tempo limite, limite de tempo, tempo em segundos, time in"
    " seconds, segundos, duracao, duration, pontos, pontuacao, points, point, score, valor, peso,"
    " weight, marks, nota",
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split(", ")}
# These are the stem only where no other column is.
_WEAK_STEMS: dict[str, Role] = {
    "questao": "number",
    "question": "number",
    "item": "number",
    "questoes": "number",
    "questions": "number",
    "perguntas": "number",
    "texto": "context",
    "text": "context",
    "titulo": "name",
    "title": "name",
    "descricao": "context",
    "description": "context",
}
# "Correct answer 1", "Correct answer 2": several columns for one thing.
_REPEATED: frozenset[Role | None] = frozenset({"key", "tags", "category", "competencies", "source"})
_TRUE = {"v", "verdadeiro", "verdadeira", "true", "certo"}
_FALSE = {"f", "falso", "falsa", "false", "errado"}

_OPTION_WORDS = "alternativa|alt|opcao|opc|op|option|opt|choice|answer|resposta|resp|letra|ans"
_OPTION = re.compile(
    rf"(?:(?:texto|text) (?:d[ao] |for |of )?)?(?:answer )?(?:{_OPTION_WORDS}) ?([a-j]|\d\d?)"
)
_LETTER = re.compile(r"([a-j])")
_FEEDBACK = re.compile(
    r"(?:feedback|comentario|justificativa|explicacao|comment|rationale|explanation)"
    rf" ?(?:d[ao] |for |of )?(?:{_OPTION_WORDS})? ?([a-j]|\d\d?)"
)
_WRONG = re.compile(
    r"(?:(?:opcao|alternativa|resposta|option|answer) )?"
    r"(?:errada|incorreta|falsa|wrong|incorrect|distrator|distractor)"
    r"(?: (?:answer|option|choice))? ?\d{0,2}"
)
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_IN_BRACKETS = re.compile(r"(?<=\S) *\([^()]*\)")
_REMARK = re.compile(r" [-–—] .*")
_SIGNS = re.compile(r"[_*:.!?\"'()\[\]/|=-]+")
_DIGITS = re.compile(r" ?\d{1,2}$")
_MAX_HEADER = 120
_LETTERS = 10
# Of one item, columns of their own.
MAX_OPTIONS = 40
# Kahoot and Quizizz number the right option from 1, whatever numbers a file happens to hold.
_NUMBERED_FROM_ONE = re.compile(
    r"- max \d+ char|time limit \(sec|time in seconds|correct answer\(s\)", re.IGNORECASE
)
_RANGE = re.compile(
    r"\(\D{0,20}([01])(?: ?[-–] ?| a | até | to |\.\.)\d{1,2}\D{0,20}\)|([01])[- ]based",
    re.IGNORECASE,
)


def first_number(labels: Sequence[str]) -> int | None:
    """The number of the first option, where headers tell it: by their template, or as "(0-3)"."""
    for label in labels:
        if _NUMBERED_FROM_ONE.search(label):
            return 1
        if match := _RANGE.search(label):
            return int(match[1] or match[2])
    return None


def name_of(column: Column) -> str:
    """What a column is called: the letter of an option, else the name of its role."""
    return option_name(column.place) if column.role == "option" else NAMES[column.role]


def option_name(place: int) -> str:
    """The header of an option: A to J, then by number."""
    return chr(ord("A") + place) if place < _LETTERS else f"Opção {place + 1}"


def words_of(header: str) -> str:
    """A header as it is looked up: "Answer 1 - max 75 characters" is "answer 1"."""
    text = _CAMEL.sub(" ", header.strip()).replace("#", " no ")
    text = _REMARK.sub("", _IN_BRACKETS.sub("", text))
    return fold(_SIGNS.sub(" ", text))


def role_of(header: str) -> Role | None:
    """What the words of a header, or of a line above the table, stand for."""
    words = words_of(header)
    found = _ROLES.get(words) or _ROLES.get(_DIGITS.sub("", words))
    return found if words in _ROLES or found in _REPEATED else None


@lru_cache(maxsize=4096)
def _column(header: str) -> Column | None:
    """What a header says by itself; a stem is not known to be one before all are seen."""
    words = words_of(header)
    if not words:
        return None
    if words in _WEAK_STEMS:
        return Column(0, "stem", header, place=1)
    for pattern, role in _PATTERNS:
        if match := pattern.fullmatch(words):
            place = _place(match[1]) if match.groups() else 0
            return Column(0, role, header, place) if place < MAX_OPTIONS else None
    found = role_of(header)
    return Column(0, found, header) if found and found != "title" else None


_PATTERNS: tuple[tuple[re.Pattern[str], Role], ...] = (
    (_OPTION, "option"),
    (_LETTER, "option"),
    (_WRONG, "wrong"),
    (_FEEDBACK, "feedback"),
)


def _place(mark: str) -> int:
    return int(mark) - 1 if mark.isdigit() else ord(mark) - ord("a")


def read_header(cells: Sequence[str]) -> list[Column] | None:
    """The columns that a row announces; None where it is no header of a table of questions."""
    columns: list[Column] = []
    for index, cell in enumerate(cells):
        header = cell.strip()
        found = _column(header) if 0 < len(header) <= _MAX_HEADER else None
        if found:
            columns.append(replace(found, index=index))
    columns = _from_zero(_with_rights(_with_pair(cells, _with_stem(columns))))
    roles = [column.role for column in columns]
    has_answer = roles.count("option") > 1 or {"options", "key", "wrong", "true"} & set(roles)
    return columns if "stem" in roles and has_answer else None


def _with_stem(columns: list[Column]) -> list[Column]:
    """The columns with "Questão" for the stem, or for its number if another has the stem."""
    weak = [column for column in columns if column.role == "stem" and column.place]
    stem = None
    if not any(column.role == "stem" and not column.place for column in columns):
        order = list(_WEAK_STEMS)
        stem = min(weak, key=lambda column: order.index(words_of(column.label)), default=None)
    return [
        replace(column, place=0, role=_role_beside(column, stem)) if column in weak else column
        for column in columns
    ]


def _role_beside(column: Column, stem: Column | None) -> Role:
    return "stem" if column == stem else _WEAK_STEMS[words_of(column.label)]


def _with_pair(cells: Sequence[str], columns: list[Column]) -> list[Column]:
    """The columns with "V" and "F", or "Certo" and "Errado", to be marked with a cross."""
    words = [words_of(cell) if len(cell) <= _MAX_HEADER else "" for cell in cells]
    true = next((index for index, word in enumerate(words) if word in _TRUE), None)
    false = next((index for index, word in enumerate(words) if word in _FALSE), None)
    if true is None or false is None:
        return columns
    others = [column for column in columns if column.index not in (true, false)]
    if any(column.role == "option" for column in others):
        return columns
    pair = [Column(true, "true", cells[true]), Column(false, "false", cells[false])]
    return [*others, *pair]


def _with_rights(columns: list[Column]) -> list[Column]:
    """Beside columns of wrong options, that of the right answer holds an option and the key."""
    options = [column for column in columns if column.role in ("key", "wrong")]
    if not any(column.role == "wrong" for column in options):
        return columns
    others = [column for column in columns if column not in options]
    return others + [
        replace(column, role="right" if column.role == "key" else "wrong", place=place)
        for place, column in enumerate(options)
    ]


def _from_zero(columns: list[Column]) -> list[Column]:
    """The columns of "Option 0", "Option 1", with their places counted from the first."""
    if all(column.place >= 0 for column in columns):
        return columns
    return [
        replace(column, place=column.place + 1) if column.role in ("option", "feedback") else column
        for column in columns
    ]
