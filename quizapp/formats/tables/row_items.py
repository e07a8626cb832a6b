"""One row of a table becomes an item, or a question whose key is yet to be read."""

import re
from dataclasses import dataclass, field, replace

from quizapp.formats.amounts import numeric
from quizapp.formats.bank_answers import read_answers
from quizapp.formats.bank_fields import DIFFICULTIES, USES, Field, listed
from quizapp.formats.bank_options import shown_kind, truth
from quizapp.formats.bank_raw import RawAnswer
from quizapp.formats.fragments import from_text
from quizapp.formats.model import Answer, Item, Option, Problem
from quizapp.formats.tables.finding import Table, level_of
from quizapp.formats.tables.keys import Question, truth_of
from quizapp.formats.tables.options import (
    bare_options,
    is_cross,
    split_options,
    split_stem,
    unmarked,
)
from quizapp.formats.tables.rows import Row
from quizapp.formats.tables.types import TableKind, type_of
from quizapp.formats.text import collapse, fold
from quizapp.items.kinds import Difficulty, Kind

_NUMBER = re.compile(r"\D{0,12}?(\d{1,5})\W{0,2}")
_ARROW = re.compile(r"\s*(?:->|→)\s*")
_LINES = re.compile(r"\s*[\n|]\s*")
# A longer answer cannot be typed as it stands: the question is an essay.
_MAX_ANSWER = 80
_MAX_NUMBER = 12
_SAMPLE = 200
_CERTAIN = {"c", "e", "certo", "errado"}
_ENGLISH = {"t", "true", "false"}


@dataclass(frozen=True)
class Unserved:
    """A question of a kind that its row does not hold in a way we read."""

    name: str
    type: str


@dataclass(frozen=True)
class _Choices:
    """The options of a row, whether numbers stood before them, and which of them are marked."""

    texts: list[str] = field(default_factory=list)
    is_numbered: bool = False
    marked: tuple[int, ...] = ()


class Rows:
    """Reads the rows of one table; what is odd about them gathers in `problems`."""

    def __init__(self, table: Table, *, keep_numbers: bool) -> None:
        self.problems: list[Problem] = []
        self._table = table
        self._keep_numbers = keep_numbers
        self._has_options = bool(table.of("option", "right", "wrong", "options"))
        self._truth_words = _truth_words(table)
        sample = table.rows[:_SAMPLE]
        marked = [bool(_without_signs(self._texts(row)[1]).marked) for row in sample]
        # One star among many rows is a star.
        self._uses_marks = sum(marked) * 2 >= len(marked)

    def read(self, row: Row, number: int) -> Item | Question | Unserved:
        """The item of a row; a question where there are options to choose from."""
        table = self._table
        stem, choices = self._choices(row)
        item = self._item(row, number, stem)
        said = table.text(row, "type")
        kind = type_of(said) if said else None
        if said and kind is None:
            return Unserved(stem, said)
        key = table.text(row, "key")
        if kind in ("ordering", "matching"):
            return self._arranged(item, choices, kind, said, key)
        if kind in ("short_answer", "numeric", "essay", "description"):
            lines = _lines(key) or choices.texts
            return self._answered(row, item, lines if kind != "description" else [], kind)
        if choices.texts:
            chosen: Kind = "multiple" if kind == "multiple" else "single"
            return self._question(row, item, choices, key, chosen)
        if words := self._words_of_truth(key, kind):
            key = self._crossed(row) or key
            return self._question(row, item, _Choices(list(words)), key, "true_false")
        if self._has_options:
            return self._question(row, item, choices, "", "single")
        return self._answered(row, item, _lines(key), None)

    def _choices(self, row: Row) -> tuple[str, _Choices]:
        """The stem of a row, and its options without what stands before and after them."""
        table = self._table
        rights = [column for column in table.of("right", "wrong") if row.cell(column.index)]
        if rights:
            texts = [row.cell(column.index) for column in rights]
            marked = tuple(i for i, column in enumerate(rights) if column.role == "right")
            return table.text(row, "stem"), _Choices(texts, marked=marked)
        stem, texts = self._texts(row)
        if self._uses_marks:
            choices = _without_signs(texts)
        else:
            choices = _Choices(*bare_options(texts))
        crossed = tuple(c.place for c in table.of("mark") if is_cross(row.cell(c.index)))
        return stem, replace(choices, marked=crossed) if crossed else choices

    def _texts(self, row: Row) -> tuple[str, list[str]]:
        """The stem of a row, and its options as written: in cells of their own, or all in one."""
        table = self._table
        stem = table.text(row, "stem")
        texts = [""] * max((c.place + 1 for c in table.of("option")), default=0)
        for column in table.of("option"):
            texts[column.place] = texts[column.place] or row.cell(column.index)
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            return stem, texts
        together = table.text(row, "options")
        return (stem, split_options(together)) if together else split_stem(stem)

    def _words_of_truth(self, key: str, kind: TableKind | None) -> tuple[str, str] | None:
        """The two options of a row that has none of its own, but says true or false."""
        if self._truth_words and (not key or truth_of(key) is not None):
            return self._truth_words
        if kind == "true_false" or (self._has_options and truth(key) is not None):
            return _pair_of([key])
        return None

    def _item(self, row: Row, number: int, stem: str) -> Item:
        """The item without what its kind decides."""
        table = self._table
        parts = [table.text(row, "context"), stem]
        given = table.text(row, "number") if self._keep_numbers else ""
        tags = listed(table.text(row, "tags").replace("\n", ","))
        difficulty, odd_level = self._difficulty(row)
        return Item(
            id=table.text(row, "id"),
            id_given=False,
            number=_number(given) or str(number),
            kind="single",
            stem="\n\n".join(from_text(part) for part in parts if part),
            line=row.line,
            key="missing",
            explanation=from_text(table.text(row, "explanation")),
            sources=listed(table.text(row, "source").replace("\n", ",")),
            competencies=listed(table.text(row, "competencies").replace("\n", ",")),
            tags=tags if not odd_level else (*tags, odd_level),
            difficulty=difficulty,
            use=USES.get(fold(table.text(row, "use")), "exam"),
            name=collapse(table.text(row, "name")),
            category="/".join(table.text(row, "category").split("\n")),
        )

    def _difficulty(self, row: Row) -> tuple[Difficulty | None, str]:
        """The difficulty, or a word that is none and is kept as a tag."""
        said = self._table.text(row, "difficulty")
        found = level_of(said)
        if not said or found:
            return found, ""
        column = self._table.of("difficulty")
        args: dict[str, str | int] = {"value": said[:80], "allowed": ", ".join(DIFFICULTIES)}
        place = row.column(column[0].index) if column else 1
        self.problems.append(Problem(row.line, place, "warning", "difficulty-unknown", args))
        return None, ", ".join(listed(said))

    def _question(self, row: Row, item: Item, choices: _Choices, key: str, kind: Kind) -> Question:
        """A question with its options, their feedback, and where its key stands."""
        feedback = {c.place: row.cell(c.index) for c in self._table.of("feedback")}
        options = tuple(
            Option(from_text(text), feedback=from_text(feedback.get(place, "")))
            for place, text in enumerate(choices.texts)
        )
        if kind == "single":
            kind = shown_kind(choices.texts, keys=0)
        columns = self._table.of("key")
        return Question(
            item=replace(item, kind=kind, options=options),
            texts=choices.texts,
            key=key,
            marked=choices.marked,
            line=row.line,
            column=row.column(columns[0].index) if columns else 1,
            counts_from_one=choices.is_numbered,
        )

    def _crossed(self, row: Row) -> str:
        """The word of the column, of "V" and "F", in which a row has its cross."""
        pair = self._table.of("true", "false")
        return "\n".join(c.label for c in pair if is_cross(row.cell(c.index)))

    def _arranged(
        self, item: Item, choices: _Choices, kind: TableKind, said: str, key: str
    ) -> Item | Unserved:
        """What is put in order, the options in their right one, or matched, as `left -> right`."""
        texts = choices.texts
        if key or not texts:
            return Unserved(item.stem, said)
        if kind == "ordering":
            options = tuple(Option(from_text(text), 1 / len(texts)) for text in texts)
            return replace(item, kind="ordering", key="given", options=options)
        pairs = [_ARROW.split(text, maxsplit=1) for text in texts]
        if any(len(pair) < 2 for pair in pairs):
            return Unserved(item.stem, said)
        sides = tuple((from_text(left), from_text(right)) for left, right in pairs)
        return replace(item, kind="matching", key="given", pairs=sides)

    def _answered(self, row: Row, item: Item, lines: list[str], kind: TableKind | None) -> Item:
        """What is answered in words or numbers; too many words make it an essay."""
        is_number = bool(lines) and all(numeric(line) for line in lines)
        if kind is None and any(len(line) > _MAX_ANSWER for line in lines):
            kind = "essay"
        if kind in ("essay", "description"):
            answers = tuple(Answer(line) for line in lines)
            return replace(item, kind=kind, answers=answers)
        found: Kind = "numeric" if is_number and kind != "short_answer" else "short_answer"
        raw = [RawAnswer(Field("answer", line, row.line)) for line in lines]
        answers, problems = read_answers(raw, found)
        columns = self._table.of("key")
        place = row.column(columns[0].index) if columns else 1
        self.problems += [replace(p, column=place, severity="warning") for p in problems]
        return replace(item, kind=found, key="given", answers=answers)


def _without_signs(texts: list[str]) -> _Choices:
    """The options without their letters and marks, whichever of these stand first."""
    unlettered, marked = unmarked(texts)
    bare, is_numbered = bare_options(unlettered)
    if not marked:
        bare, marked = unmarked(bare)
    return _Choices(bare, is_numbered, marked)


def _lines(cell: str) -> list[str]:
    return [line for line in _LINES.split(cell.strip()) if line]


def _number(cell: str) -> str:
    """The number in "Questão 7" or "7."; a short code stays as it is."""
    match = _NUMBER.fullmatch(cell)
    if match:
        return str(int(match[1]))
    return cell if len(cell) <= _MAX_NUMBER and any(map(str.isdigit, cell)) else ""


def _truth_words(table: Table) -> tuple[str, str] | None:
    """The two options of a table that only says what is true; None for any other."""
    pair = table.of("true", "false")
    if table.of("option", "right", "wrong", "options"):
        return None
    said = (
        [column.label for column in pair]
        if pair
        else [table.text(row, "key") for row in table.rows]
    )
    said = [word for word in said if word]
    if not said or any(truth_of(word) is None for word in said):
        return None
    return _pair_of(said)


def _pair_of(said: list[str]) -> tuple[str, str]:
    """The two options in the words of a key: V and F, C and E, TRUE and FALSE."""
    words = {fold(word) for word in said}
    if words & _CERTAIN and not words & {"v", "f"}:
        return "Certo", "Errado"
    return ("True", "False") if words & _ENGLISH else ("Verdadeiro", "Falso")
