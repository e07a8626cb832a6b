"""Which texts can stand in a bank as they are, and the form in which all of them can."""

import re
from dataclasses import replace

from quizapp.formats.amounts import percent, share
from quizapp.formats.bank_blocks import is_options
from quizapp.formats.bank_native import spread
from quizapp.formats.blocks import closed, outline
from quizapp.formats.lists import prepare
from quizapp.formats.model import Answer, Item, Option
from quizapp.formats.structure import LISTS, structure
from quizapp.formats.text import collapse, escape_all, normalise
from quizapp.items.kinds import CHOICE

# Lines that may be more than words: those that begin with a sign, a number, a label, a space.
_ODD = r"[ \t#>`~=+*_|:\[-]|\d{1,9}[.)]|[A-Za-z][.)]|[A-Za-zÀ-ÿ]{3,15} ?(?:\([^)\n]{1,14}\) ?)?:"
_ODD_LINE = re.compile(rf"^(?:{_ODD})", re.MULTILINE)
_NO_HEADING = re.compile(
    r"[ #>`~|]|[-+*=](?:\s|$)|([-=*_]) ?(?:\1 ?)*$|\[[^\]]*\]:|(?:\d{1,9}|[A-Za-z])[.)](?:\s|$)"
)
_DEEP = re.compile(r"^ {24}|^(?: {0,4}(?:[>*+-]|\d{1,9}[.)])){9}", re.MULTILINE)
_WHOLE = (None, 0.0, 1.0)
_SPACE_AT_END = re.compile(r"[ \t]+(?=\n[ \t]*(?:\n|$))")


def can_stand(text: str) -> bool:
    """Whether nothing in a text would be read as a heading, a field or an option."""
    if not _ODD_LINE.search(text):
        return True
    source = text.split("\n")
    lines, _ = spread(source, 1)
    if len(lines) != len(source):
        return False
    root, _ = outline(text)
    return not any(node.type == "heading" or is_options(lines, node) for node in root.children)


def can_follow(text: str) -> bool:
    """Whether a text can stand behind a label on the label's own line."""
    first, _, rest = text.partition("\n")
    return not _ODD_LINE.match(first) and not _ODD_LINE.match(rest)


def can_head(text: str) -> bool:
    """Whether a line can be a heading with a text below it."""
    return not _NO_HEADING.match(text)


def last_list(text: str) -> str:
    """The mark of the list that ends a text, "" if none does."""
    if not _ODD_LINE.search(text):
        return ""
    root, _ = outline(text)
    return root.children[-1].markup if root.children and root.children[-1].type in LISTS else ""


def settled(item: Item) -> Item:
    """The item in the form in which it comes back when it was written and read."""
    kind = item.kind
    return replace(
        item,
        stem=settled_text(item.stem),
        explanation=settled_text(item.explanation),
        name=settled_line(item.name),
        category=settled_line(item.category),
        tags=_words(item.tags),
        competencies=_words(item.competencies),
        accepted=_words(item.accepted),
        options=_shared(tuple(map(_option, item.options)))
        if kind in CHOICE
        else tuple(replace(option, text=settled_text(option.text)) for option in item.options),
        answers=tuple(map(_answer, item.answers)),
        pairs=tuple((settled_text(left), settled_text(right)) for left, right in item.pairs),
    )


def _option(option: Option) -> Option:
    fraction = option.fraction
    if fraction not in _WHOLE:
        fraction = share(percent(fraction or 0.0))
    text, feedback = settled_text(option.text), settled_text(option.feedback)
    if (text, feedback, fraction) == (option.text, option.feedback, option.fraction):
        return option  # most are: a copy of each would be a tenth of an import
    return replace(option, text=text, feedback=feedback, fraction=fraction)


def _shared(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Keys with the same share, which is all of it, have the exact one."""
    fractions = [option.fraction for option in options]
    keys = [fraction for fraction in fractions if fraction]
    if len(set(keys)) != 1 or abs(sum(keys) - 1) > 0.001 or keys == [1.0]:
        return options
    return tuple(
        replace(option, fraction=1 / len(keys) if option.fraction else 0.0) for option in options
    )


def _answer(answer: Answer) -> Answer:
    return replace(
        answer,
        text=None if answer.text is None else settled_line(answer.text),
        fraction=share(percent(answer.fraction)),
        feedback=settled_text(answer.feedback),
    )


def settled_line(text: str) -> str:
    """The text on one line."""
    return collapse(normalise(text))


def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    parts = (part for value in values for part in re.split("[,;]", settled_line(value)))
    return tuple(filter(None, map(str.strip, parts)))


def settled_text(text: str) -> str:
    """The text without outer space and with its code closed; words alone if it is too deep."""
    text = normalise(text).strip()
    if "\n" in text:
        text = _SPACE_AT_END.sub("", text)
    if _DEEP.search(text) and _too_deep(text):
        text = "\n".join(map(escape_all, text.split("\n")))
    return closed(text)


def _too_deep(text: str) -> bool:
    """Whether a text is nested too deeply to be read inside of an option's quote."""
    lines = [f"> > > {line}" for line in prepare(text)[0].split("\n")]
    return structure(lines, html=False)[1]
