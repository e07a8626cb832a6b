"""Items read from another system's file become a bank of ours."""

import re
from collections.abc import Iterable
from dataclasses import replace

from quizapp.formats.bank_options import is_all_or_none
from quizapp.formats.bank_texts import settled
from quizapp.formats.banks import give_ids
from quizapp.formats.front_matter import DEFAULT_LANGUAGE, is_id
from quizapp.formats.limits import MAX_ITEMS as MAX_ITEMS
from quizapp.formats.model import Bank, Image, Item, LeftOut, Option, Problem
from quizapp.formats.text import clean_heading, collapse, title_from_name
from quizapp.formats.titles import identity_from_name
from quizapp.formats.writer import write_markdown
from quizapp.items.kinds import CHOICE

_NOT_ID = re.compile(r"[^A-Za-z0-9._-]+")


def assemble(
    name: str,
    format_name: str,
    items: Iterable[Item],
    *,
    title: str = "",
    bank_id: str = "",
    language: str = DEFAULT_LANGUAGE,
    cut_score: float | None = None,
    left_out: Iterable[LeftOut] = (),
    problems: Iterable[Problem] = (),
    images: Iterable[Image] = (),
) -> Bank:
    """The bank that a foreign file becomes; its `source` is the native text of the items.

    Items come with the id that the file gives them, or "". One that cannot be asked (no stem,
    nothing to choose, an empty option) is left out with a warning: the rest of the file comes in.
    Texts take the form in which they come back when the source is read.
    """
    found: list[Item] = []
    out, said = list(left_out), list(problems)
    for place, item in enumerate(map(_without_empty_answers, map(settled, items)), start=1):
        fault = _fault(item)
        if fault:
            out.append(LeftOut(item.line, item.name or collapse(item.stem)[:80], item.kind))
            said.append(Problem(item.line, 1, "warning", fault, {"number": item.number or place}))
        else:
            found.append(_tidy(item, len(found) + 1))
            said += _remarks(found[-1])
    bank_id = bank_id or identity_from_name(name)
    kept = tuple(give_ids(found, bank_id))
    if not kept and not out:
        said.append(Problem(1, 1, "error", "bank-empty"))
    bank = Bank(
        id=bank_id,
        title=clean_heading(title) or title_from_name(name),
        format=format_name,
        language=language,
        source="",
        items=kept,
        cut_score=cut_score,
        left_out=tuple(sorted(out, key=lambda left: left.line)),
        problems=tuple(sorted(said, key=lambda problem: (problem.line, problem.column))),
        images=tuple(images),
    )
    return replace(bank, source=write_markdown(bank))


def left_out(line: int, name: str, type_name: str) -> tuple[LeftOut, Problem]:
    """A question of a kind that is not served, and the warning that names it."""
    name = collapse(name)[:80]
    args: dict[str, str | int] = {"name": name or "–", "type": type_name}
    return LeftOut(line, name, type_name), Problem(line, 1, "warning", "item-left-out", args)


def _without_empty_answers(item: Item) -> Item:
    """The item without accepted answers that say nothing: no text of ours holds them."""
    if all(answer.text is None or answer.text.strip() for answer in item.answers):
        return item
    kept = (answer for answer in item.answers if answer.text is None or answer.text.strip())
    return replace(item, answers=tuple(kept))


def _fault(item: Item) -> str:
    if not item.stem.strip():
        return "foreign-stem-empty"
    if item.kind in CHOICE or item.kind == "ordering":
        if len(item.options) < 2:
            return "foreign-options-too-few"
        if any(not option.text.strip() for option in item.options):
            return "foreign-option-empty"
    if item.kind == "matching" and sum(bool(left) for left, _ in item.pairs) < 2:
        return "foreign-options-too-few"
    if item.kind in ("short_answer", "numeric") and not item.answers:
        return "foreign-answer-missing"
    return ""


def _tidy(item: Item, position: int) -> Item:
    """The item with an id of our form, a number, and options about the others pinned."""
    wanted = _NOT_ID.sub("-", item.id).strip("-._")[:80]
    return replace(
        item,
        id=wanted if is_id(wanted) else "",
        id_given=is_id(wanted),
        number=item.number or str(position),
        options=tuple(_pinned(option) for option in item.options)
        if item.kind in CHOICE
        else item.options,
    )


def _pinned(option: Option) -> Option:
    if option.pinned or not is_all_or_none(option.text):
        return option
    return replace(option, pinned=True)


def _remarks(item: Item) -> list[Problem]:
    found = []
    if item.kind in CHOICE and item.key == "missing":
        found.append(Problem(item.line, 1, "warning", "key-missing", {"number": item.number}))
    seen: set[str] = set()
    for option in item.options if item.kind in CHOICE else ():
        text = collapse(option.text)
        if text in seen:
            args: dict[str, str | int] = {"option": text}
            found.append(Problem(item.line, 1, "warning", "option-duplicate", args))
        seen.add(text)
    return found
