"""The tables that we write, read back: their texts are Markdown, their types and keys exact."""

from collections.abc import Sequence
from dataclasses import replace

from quizapp.formats.amounts import numeric
from quizapp.formats.bank_answers import read_answers
from quizapp.formats.bank_fields import DIFFICULTIES, TYPES, USES, Field, listed
from quizapp.formats.bank_guards import split_pair, take_tags
from quizapp.formats.bank_keys import meant
from quizapp.formats.bank_options import shown_kind
from quizapp.formats.bank_raw import RawAnswer
from quizapp.formats.model import Item, Option, Problem
from quizapp.formats.tables.finding import Table
from quizapp.formats.tables.found import Found
from quizapp.formats.tables.rows import Row
from quizapp.formats.text import fold
from quizapp.items.kinds import CHOICE, Kind


def read_own(table: Table, first: int) -> Found:
    """The items of a table that we wrote, as they were; rows added since count from `first`."""
    found = Found(problems=list(table.problems))
    for number, row in enumerate(table.rows, start=first):
        said = table.text(row, "type")
        kind = TYPES.get(fold(said))
        if said and (kind is None or kind == "scenario"):
            found.leave_out(row.line, table.text(row, "stem"), said)
        elif table.text(row, "stem") or _texts(table, row):
            found.items.append(_item(table, row, kind, number, found.problems))
    return found


def _item(table: Table, row: Row, said: Kind | None, number: int, problems: list[Problem]) -> Item:
    texts, key = _texts(table, row), table.text(row, "key")
    item = Item(
        id=table.text(row, "id"),
        id_given=False,
        number=table.text(row, "number") or str(number),
        kind=said or _shown_kind(texts, key),
        stem=table.text(row, "stem"),
        line=row.line,
        key="missing",
        explanation=table.text(row, "explanation"),
        sources=listed(table.text(row, "source")),
        competencies=listed(table.text(row, "competencies")),
        tags=listed(table.text(row, "tags")),
        difficulty=DIFFICULTIES.get(fold(table.text(row, "difficulty"))),
        use=USES.get(fold(table.text(row, "use")), "exam"),
        name=table.text(row, "name"),
        category=table.text(row, "category"),
    )
    if item.kind == "matching":
        pairs = tuple(split_pair(text) or (text, "") for text in texts)
        return replace(item, key="given", pairs=pairs)
    if item.kind == "ordering":
        share = None if key else 1 / max(len(texts), 1)
        options = _options(table, row, texts, [share] * len(texts))
        return replace(item, key="doubtful" if key else "given", options=options)
    if item.kind in CHOICE:
        return _chosen(table, row, item, texts, problems)
    return _answered(row, item, key, problems)


def _texts(table: Table, row: Row) -> list[str]:
    """The options of a row, up to the last that is not empty."""
    texts = [row.cell(column.index) for column in table.of("option")]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _shown_kind(texts: Sequence[str], key: str) -> Kind:
    """The kind of a row that somebody added without its type."""
    if texts:
        return shown_kind(texts, keys=0)
    return "numeric" if all(map(numeric, key.split("\n"))) else "short_answer"


def _options(
    table: Table, row: Row, texts: Sequence[str], fractions: Sequence[float | None]
) -> tuple[Option, ...]:
    feedback = {column.place: row.cell(column.index) for column in table.of("feedback")}
    found: list[Option] = []
    for place, (text, fraction) in enumerate(zip(texts, fractions, strict=True)):
        text, weight, pinned = take_tags(text)
        share = fraction if weight is None or fraction is None else weight
        found.append(Option(text, share, feedback.get(place, ""), pinned))
    return tuple(found)


def _chosen(
    table: Table, row: Row, item: Item, texts: Sequence[str], problems: list[Problem]
) -> Item:
    """The item with its key: letters, "B? D?" where it is in doubt."""
    said = table.text(row, "key")
    # Without their texts first: an option may be called "B" and not be the second.
    key = meant(said, [""] * len(texts)) or meant(said, texts) if said else None
    if key and key.sure:
        shares = [1 / len(key.indices) if i in key.indices else 0.0 for i in range(len(texts))]
        if len(key.indices) > 1 and not table.text(row, "type"):
            item = replace(item, kind="multiple")
        return replace(item, key="given", options=_options(table, row, texts, shares))
    column = row.column(table.of("key")[0].index)
    args: dict[str, str | int] = {"item": item.number, "option": said[:80]}
    if said and not key:
        problems.append(Problem(row.line, column, "warning", "key-option-missing", args))
    item = replace(item, options=_options(table, row, texts, [None] * len(texts)))
    return replace(item, key="doubtful", doubt=key.indices) if key else item


def _answered(row: Row, item: Item, key: str, problems: list[Problem]) -> Item:
    """The item with its answers, one a line, their share behind them."""
    raw: list[RawAnswer] = []
    for line in key.split("\n") if key and item.kind != "description" else []:
        text, weight, _ = take_tags(line)
        raw.append(RawAnswer(Field("answer", text, row.line, 1.0 if weight is None else weight)))
    answers, found = read_answers(raw, item.kind)
    problems += [replace(problem, severity="warning") for problem in found]
    is_scored = item.kind in ("numeric", "short_answer")
    return replace(item, key="given" if is_scored else "missing", answers=answers)
