"""A bank as Moodle imports it, with our own fields among the tags."""

from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from itertools import count
from math import isfinite
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from quizapp.formats.amounts import share
from quizapp.formats.bank_options import truth
from quizapp.formats.model import Answer, Bank, Item, Problem
from quizapp.formats.moodle import tags
from quizapp.formats.moodle.categories import BANK
from quizapp.formats.moodle.pages import Pages, add_text
from quizapp.formats.moodle.question import made_name
from quizapp.formats.moodle.reader import read_moodle
from quizapp.formats.moodle.terms import ANY_NUMBER
from quizapp.formats.safe_xml import parse_xml
from quizapp.items.kinds import Kind

_TYPES: dict[Kind, str] = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true_false": "truefalse",
    "ordering": "ordering",
    "matching": "matching",
    "short_answer": "shortanswer",
    "numeric": "numerical",
    "essay": "essay",
    "description": "description",
}
_LONGEST_NUMBER = 30


def write_moodle(bank: Bank) -> tuple[bytes, list[Problem]]:
    """The bank as Moodle XML in UTF-8, and a warning for each part of it that was lost.

    Texts are HTML, pictures are files in base64. The bank is a category with those of its items
    below. Sources, competencies, difficulty and the like are tags that begin with `quizapp:`.
    """
    root = Element("quiz")
    pages = Pages(bank.images)
    title = bank.title.replace("/", "//")
    _add_category(root, title, idnumber=BANK + bank.id)
    positions = count(1)
    category = ""
    for item in bank.items:
        if item.kind in _TYPES:
            if item.category != category:
                category = item.category
                _add_category(root, f"{title}/{category}".rstrip("/"))
            _add_item(root, item, next(positions), pages)
    indent(root)
    text = tostring(root, "unicode", short_empty_elements=False)
    data = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
    return data, list(_lost(bank, data))


def _add_category(root: Element, path: str, idnumber: str = "") -> None:
    question = SubElement(root, "question", type="category")
    add_text(SubElement(question, "category"), f"$course$/top/{path}")
    if idnumber:
        _add_values(question, idnumber=idnumber)


def _add_item(root: Element, item: Item, position: int, pages: Pages) -> None:
    question = SubElement(root, "question", type=_TYPES[item.kind])
    name = SubElement(question, "name")
    pages.add(question, "questiontext", item.stem)
    pages.add(question, "generalfeedback", item.explanation)
    _add_values(
        question,
        defaultgrade="0" if item.kind == "description" else "1",
        penalty="0",
        hidden="0",
        idnumber=item.id,
    )
    add_text(name, item.name or made_name(question))
    match item.kind:
        case "single" | "multiple":
            _add_choice(question, item, pages)
        case "true_false":
            _add_truth(question, item, pages)
        case "ordering":
            _add_order(question, item, pages)
        case "matching":
            _add_pairs(question, item, pages)
        case "short_answer":
            _add_values(question, usecase="0")
            for accepted in item.answers:
                answer = _add_answer(question, _percent(accepted.fraction), "moodle_auto_format")
                add_text(answer, (accepted.text or "").replace("*", "\\*"))
                pages.add(answer, "feedback", accepted.feedback, quotes=False)
        case "numeric":
            for accepted in item.answers:
                _add_number(question, accepted, pages)
        case "essay":
            _add_values(question, responseformat="editor", responserequired="1", attachments="0")
    if found := [*tags.tags_of(item, position), *_ranges(item)]:
        holder = SubElement(question, "tags")
        for tag in found:
            add_text(SubElement(holder, "tag"), tag)


def _add_values(question: Element, **values: str) -> None:
    for name, value in values.items():
        SubElement(question, name).text = value


def _add_choice(question: Element, item: Item, pages: Pages) -> None:
    pinned = any(option.pinned for option in item.options)
    _add_values(
        question,
        single=_yes(item.kind == "single"),
        shuffleanswers=_yes(not pinned),
        answernumbering="abc",
    )
    for option in item.options:
        answer = _add_answer(question, _percent(option.fraction))
        pages.fill(answer, option.text)
        pages.add(answer, "feedback", option.feedback, quotes=False)


def _yes(is_so: bool) -> str:
    return "true" if is_so else "false"


def _add_answer(question: Element, fraction: str, form: str = "html") -> Element:
    return SubElement(question, "answer", fraction=fraction, format=form)


def _percent(fraction: float | None) -> str:
    """A fraction in per cent, as Moodle writes it where that brings it back."""
    short = f"{(fraction or 0) * 100:.5f}".rstrip("0").rstrip(".")
    if share(short) == (fraction or 0):
        return short
    return format(Decimal(repr(fraction)) * 100, "f")


def _add_truth(question: Element, item: Item, pages: Pages) -> None:
    truths = [truth(option.text) for option in item.options]
    for place, option in enumerate(item.options):
        is_true = place == 0 if None in truths else truths[place]
        answer = _add_answer(question, _percent(option.fraction), "moodle_auto_format")
        add_text(answer, _yes(bool(is_true)))
        pages.add(answer, "feedback", option.feedback, quotes=False)


def _add_order(question: Element, item: Item, pages: Pages) -> None:
    _add_values(
        question,
        layouttype="VERTICAL",
        selecttype="ALL",
        selectcount=str(len(item.options)),
        gradingtype="ALL_OR_NOTHING",
        showgrading="SHOW",
        numberingstyle="none",
    )
    for place, option in enumerate(item.options, start=1):
        answer = _add_answer(question, str(place))
        pages.fill(answer, option.text)
        pages.add(answer, "feedback", option.feedback, quotes=False)


def _add_pairs(question: Element, item: Item, pages: Pages) -> None:
    _add_values(question, shuffleanswers="true")
    for left, right in item.pairs:
        sub = SubElement(question, "subquestion", format="html")
        pages.fill_line(sub, left)
        pages.fill_line(SubElement(sub, "answer"), right)


def _add_number(question: Element, answer: Answer, pages: Pages) -> None:
    value, tolerance = _value(answer)
    is_any = (answer.low, answer.high) == (-ANY_NUMBER, ANY_NUMBER)
    text = "*" if is_any else _number(value)
    added = _add_answer(question, _percent(answer.fraction), "moodle_auto_format")
    add_text(added, text)
    pages.add(added, "feedback", answer.feedback, quotes=False)
    _add_values(added, tolerance=_number(tolerance))


def _value(answer: Answer) -> tuple[float, float]:
    """The value and its tolerance; the middle of a range and half of its width."""
    if answer.low is None or answer.high is None:
        return answer.value or 0.0, answer.tolerance or 0.0
    middle, half = answer.low / 2 + answer.high / 2, answer.high / 2 - answer.low / 2
    return middle, half


def _number(value: float) -> str:
    text = format(Decimal(repr(value)), "f") if isfinite(value) else ""
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if len(text) < _LONGEST_NUMBER else repr(value)


def _ranges(item: Item) -> list[str]:
    return [
        f"{tags.PREFIX}{tags.RANGE}={place}:{_number(answer.low)}..{_number(answer.high)}"
        for place, answer in enumerate(item.answers, start=1)
        if answer.low is not None and answer.high is not None
    ]


def _lost(bank: Bank, data: bytes) -> Iterator[Problem]:
    """What differs in the bank that is read back: nobody knows better what was lost."""
    root = parse_xml(data)
    again = read_moodle("a.xml", root) if isinstance(root, Element) else None
    found = again if isinstance(again, Bank) else replace(bank, items=(), images=())
    for what in ("id", "title", "language", "cut_score", "lint"):
        if getattr(found, what) != getattr(bank, what):
            yield _problem(1, bank.id, what)
    items = {item.id: item for item in found.items}
    for item in bank.items:
        if item.id not in items:
            yield _problem(item.line, item.id, "item")
            continue
        for entry in fields(Item):
            same = getattr(item, entry.name) == getattr(items[item.id], entry.name)
            if not same and entry.name not in ("line", "id_given"):
                yield _problem(item.line, item.id, entry.name)
    names = {image.name for image in found.images}
    for image in bank.images:
        if image.name not in names:
            yield _problem(1, bank.id, image.name)


def _problem(line: int, item_id: str, what: str) -> Problem:
    return Problem(line, 1, "warning", "export-lost", {"item": item_id, "what": what})
