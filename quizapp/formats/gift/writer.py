"""Banks written in Moodle's GIFT format, and what of them it cannot hold."""

import re
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal

from quizapp.formats.amounts import percent
from quizapp.formats.bank_options import truth
from quizapp.formats.gift.choices import ARROW
from quizapp.formats.gift.reader import read_gift
from quizapp.formats.gift.texts import PLAIN
from quizapp.formats.model import Answer, Bank, Item, Option, Problem
from quizapp.formats.moodle.tags import tags_of
from quizapp.formats.moodle.terms import ANY_NUMBER
from quizapp.formats.text import collapse

_CONTROL = re.compile(r"[\\:#={}~]")
_ORDERING = "ALL VERTICAL ALL_OR_NOTHING SHOW"
_TOP = "$course$/top"
_LONGEST_NUMBER = 40


def write_gift(bank: Bank) -> tuple[str, list[Problem]]:
    """The bank as GIFT, and a warning for each part of it that does not come back from there.

    Texts are Markdown. Sources, competencies, difficulty and the like are tags that begin with
    `quizapp:`, as in Moodle's XML.
    """
    blocks: list[str] = []
    category = ""
    for position, item in enumerate(filter(_is_writable, bank.items), start=1):
        if item.category != category:
            category = item.category
            blocks.append(f"$CATEGORY: {_TOP}/{category}".rstrip("/"))
        blocks.append(_item(item, position))
    text = "\n\n".join(blocks) + "\n"
    return text, list(_lost(bank, text))


def _is_writable(item: Item) -> bool:
    """Whether GIFT has the kind, and no text is taken for the arrow of a pair."""
    if item.kind == "short_answer":
        return not any(ARROW in (answer.text or "") for answer in item.answers)
    if item.kind == "matching":
        return not any(ARROW in left for left, _ in item.pairs)
    return item.kind != "scenario"


def _item(item: Item, position: int) -> str:
    marks = [f"[id:{item.id}]"] if item.id else []
    marks += [f"[tag:{_bracketed(tag)}]" for tag in tags_of(item, position)]
    remark = f"// {' '.join(marks)}\n" if marks else ""
    name = f"::{_escaped(item.name)}::" if item.name else ""
    is_plain = all(not text or PLAIN.fullmatch(text) for text in _texts(item))
    form = "" if is_plain else "[markdown]"
    return f"{remark}{name}{form}{_escaped(item.stem)}{_answers(item)}"


def _bracketed(tag: str) -> str:
    return collapse(tag).replace("]", "\\]")


def _texts(item: Item) -> list[str]:
    """All texts of an item that are Markdown."""
    sides = [side for pair in item.pairs for side in pair]
    options = [text for option in item.options for text in (option.text, option.feedback)]
    said = [answer.feedback for answer in item.answers]
    return [item.stem, item.explanation, *sides, *options, *said]


def _escaped(text: str) -> str:
    return _CONTROL.sub(r"\\\g<0>", text).replace("\n", "\\n")


def _text(text: str) -> str:
    """A text within the braces; what looks like a format or a remark has a format in front."""
    mark = "[markdown]" if text.startswith(("[", "//")) else ""
    return mark + _escaped(text)


def _answers(item: Item) -> str:
    """What stands between the braces, with them; nothing for a description."""
    general = f"####{_text(item.explanation)}" if item.explanation else ""
    match item.kind:
        case "description":
            return ""
        case "essay":
            return f"{{{general}}}"
        case "true_false" if _is_truth(item):
            return f"{{{_truth(item)}{general}}}"
        case "short_answer":
            lines = [_share(answer) + _word(answer) + _feedback(answer) for answer in item.answers]
        case "numeric":
            lines = [_number(answer) + _feedback(answer) for answer in item.answers]
        case "matching":
            lines = [f"={_text(left)} {ARROW} {_text(right)}" for left, right in item.pairs]
        case "ordering":
            lines = [_text(option.text) for option in item.options]
        case _:
            lines = [_option(item, option) + _feedback(option) for option in item.options]
    signs = {"numeric": "#", "ordering": f">{len(item.options)} {_ORDERING}"}
    body = "".join(f"\t{line}\n" for line in (*lines, general) if line)
    return f"{{{signs.get(item.kind, '')}\n{body}}}"


def _is_truth(item: Item) -> bool:
    """Whether the options are true and false in this order, and one of them is the key."""
    named = [truth(option.text) for option in item.options] == [True, False]
    return named and sorted(option.fraction or 0 for option in item.options) == [0, 1]


def _truth(item: Item) -> str:
    """True or false with what is said to the wrong and to the right answer."""
    true, false = item.options
    word, right, wrong = ("TRUE", true, false) if true.fraction else ("FALSE", false, true)
    if right.feedback:
        return f"{word}#{_text(wrong.feedback)}#{_text(right.feedback)}"
    return word + _feedback(wrong)


def _feedback(answer: Option | Answer) -> str:
    return f"#{_text(answer.feedback)}" if answer.feedback else ""


def _option(item: Item, option: Option) -> str:
    text = _text(option.text)
    fraction = option.fraction or 0
    # Without a wrong one beside them, options marked = would be read as short answers.
    is_single = item.kind != "multiple" and any(other.fraction != 1 for other in item.options)
    if fraction == 1 and is_single:
        return f"={'%100%' if text.startswith('%') else ''}{text}"
    weight = f"%{_percent(fraction)}%" if fraction or text.startswith("%") else ""
    return f"~{weight}{text}"


def _share(answer: Answer) -> str:
    is_like_share = (answer.text or "").startswith("%")
    return "=" if answer.fraction == 1 and not is_like_share else f"=%{_percent(answer.fraction)}%"


def _percent(fraction: float) -> str:
    return percent(fraction).replace(",", ".")


def _word(answer: Answer) -> str:
    """An accepted text; its `*` is no wildcard, unless it earns nothing."""
    text = answer.text or ""
    mark = "[plain]" if text.startswith("[") else ""
    return mark + (_escaped(text).replace("*", "\\*") if answer.fraction else _escaped(text))


def _number(answer: Answer) -> str:
    if answer.high == ANY_NUMBER and not answer.fraction:
        return "~"
    if answer.low is not None and answer.high is not None:
        return f"{_share(answer)}{_decimal(answer.low)}..{_decimal(answer.high)}"
    tolerance = f":{_decimal(answer.tolerance)}" if answer.tolerance else ""
    return f"{_share(answer)}{_decimal(answer.value or 0.0)}{tolerance}"


def _decimal(value: float) -> str:
    text = format(Decimal(repr(value)), "f").removesuffix(".0")
    return text if len(text) < _LONGEST_NUMBER else repr(value)


def _lost(bank: Bank, text: str) -> Iterator[Problem]:
    """What differs in the bank that is read back."""
    again = read_gift(f"{bank.id}.gift", text)
    found = {item.id: item for item in again.items} if isinstance(again, Bank) else {}
    for what in ("title", "language", "cut_score", "lint"):
        if not isinstance(again, Bank) or getattr(again, what) != getattr(bank, what):
            yield _problem(1, bank.id, what)
    for item in bank.items:
        if item.id not in found:
            yield _problem(item.line, item.id, "item")
            continue
        for part in fields(Item):
            same = getattr(item, part.name) == getattr(found[item.id], part.name)
            if not same and part.name not in ("line", "id_given"):
                yield _problem(item.line, item.id, part.name)
    for image in bank.images:
        yield _problem(1, bank.id, image.name)


def _problem(line: int, item_id: str, what: str) -> Problem:
    return Problem(line, 1, "warning", "export-lost", {"item": item_id, "what": what})
