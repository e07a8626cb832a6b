"""Banks written in Moodle's GIFT format, and what of them it cannot hold."""

import re
from collections.abc import Iterator
from decimal import Decimal

from quizapp.formats.amounts import percent
from quizapp.formats.bank_options import is_all_or_none
from quizapp.formats.gift.choices import ARROW, FALSE, TRUE
from quizapp.formats.gift.texts import PLAIN
from quizapp.formats.gift.values import ANY_NUMBER
from quizapp.formats.images import NAME as PICTURE
from quizapp.formats.model import Answer, Bank, Item, Option, Problem
from quizapp.formats.text import collapse
from quizapp.items.kinds import CHOICE

_CONTROL = re.compile(r"[\\:#={}~]")
_ORDERING = "ALL VERTICAL ALL_OR_NOTHING SHOW"
_TOP = "$course$/top"
_LONGEST_NUMBER = 40


def write_gift(bank: Bank) -> tuple[str, list[Problem]]:
    """The bank as GIFT that reads back to the same items, and a warning for each thing lost."""
    blocks: list[str] = []
    problems: list[Problem] = []
    category = ""
    for position, item in enumerate(bank.items, start=1):
        lost = list(_lost(item, position))
        for what in lost:
            args: dict[str, str | int] = {"item": item.id, "what": what}
            problems.append(Problem(item.line, 1, "warning", "export-lost", args))
        if "item" in lost:
            continue
        if item.category != category:
            category = item.category
            blocks.append(f"$CATEGORY: {_TOP}/{category}".rstrip("/"))
        blocks.append(_item(item))
    return "\n\n".join(blocks) + "\n", problems


def _lost(item: Item, position: int) -> Iterator[str]:
    """What of an item has no place in GIFT, by its name; "item" if that is all of it."""
    if not _is_writable(item):
        yield "item"
        return
    pinned = any(option.pinned and not is_all_or_none(option.text) for option in item.options)
    is_plain_list = item.kind == "ordering" and any(option.feedback for option in item.options)
    yield from (
        what
        for what, is_lost in (
            ("kind", item.kind in CHOICE and not _keeps_kind(item)),
            ("doubt", item.key == "doubtful"),
            ("pinned", pinned),
            ("feedback", is_plain_list),
            ("answers", item.kind == "essay" and bool(item.answers)),
            ("explanation", item.kind == "description" and bool(item.explanation)),
            ("images", any(PICTURE.search(text) for text in _texts(item))),
            ("sources", bool(item.sources)),
            ("competencies", bool(item.competencies)),
            ("difficulty", item.difficulty is not None),
            ("use", item.use != "exam"),
            ("number", item.number != str(position)),
            ("accepted", bool(item.accepted)),
        )
        if is_lost
    )


def _is_writable(item: Item) -> bool:
    """Whether GIFT has the kind, and no text is taken for the arrow of a pair."""
    if item.kind == "short_answer":
        return not any(ARROW in (answer.text or "") for answer in item.answers)
    if item.kind == "matching":
        return not any(ARROW in left for left, _ in item.pairs)
    return item.kind != "scenario"


def _keeps_kind(item: Item) -> bool:
    """Whether a choice is read back as what it is: that rests on its weights alone."""
    fractions = [option.fraction or 0 for option in item.options]
    if item.kind == "true_false":
        return _is_true_false(item)
    if item.kind == "single":
        return (1 in fractions and min(fractions) < 1) or max(fractions) <= 0
    return max(fractions) > 0


def _is_true_false(item: Item) -> bool:
    return [(option.text, option.fraction) for option in item.options] in (
        [(TRUE, 1), (FALSE, 0)],
        [(TRUE, 0), (FALSE, 1)],
    )


def _texts(item: Item) -> list[str]:
    """All texts of an item that are Markdown."""
    sides = [side for pair in item.pairs for side in pair]
    options = [text for option in item.options for text in (option.text, option.feedback)]
    said = [answer.feedback for answer in item.answers]
    return [item.stem, item.explanation, *sides, *options, *said]


def _item(item: Item) -> str:
    marks = [f"[id:{item.id}]"] if item.id else []
    marks += [f"[tag:{collapse(tag).replace(']', chr(92) + ']')}]" for tag in item.tags]
    remark = f"// {' '.join(marks)}\n" if marks else ""
    name = f"::{_escaped(item.name)}::" if item.name else ""
    is_plain = all(not text or PLAIN.fullmatch(text) for text in _texts(item))
    form = "" if is_plain else "[markdown]"
    return f"{remark}{name}{form}{_escaped(item.stem)}{_answers(item)}"


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
        case "true_false" if _is_true_false(item):
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
    if fraction == 1 and item.kind != "multiple" and _keeps_kind(item):
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
