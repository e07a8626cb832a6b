"""One question of a GIFT file becomes an item, or is left out with the reason why."""

import re

from quizapp.formats.bank_options import truth
from quizapp.formats.fragments import from_text
from quizapp.formats.gift.answers import (
    entries,
    pieces,
    split_feedback,
    split_general,
    unescaped,
)
from quizapp.formats.gift.choices import ARROW, choice, matching, ordering, true_false
from quizapp.formats.gift.findings import Fault, Findings, Parts
from quizapp.formats.gift.scanner import NAME, Raw
from quizapp.formats.gift.texts import split_format, unescape
from quizapp.formats.gift.values import numeric, short_answer
from quizapp.formats.model import Item, LeftOut
from quizapp.formats.moodle.tags import Tags, names_of
from quizapp.formats.text import collapse

_ID = re.compile(r"\[id:((?:\\\]|[^\]])*)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])*)\]")
_NAME_TRIED = re.compile(r"\s*(:(?!:)[^:\n]+::|::)")
_ORDERING = re.compile(r">\s*(?:[0-9]|\n)")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
# As many low lines show where the answers stood within a sentence.
_GAP = 5
_MOST_UNESCAPED = 20


def read_question(raw: Raw) -> tuple[Item | LeftOut, Findings]:
    """The item that a question becomes, or what is left out; and what was found on the way."""
    found = Findings(raw)
    text = raw.text
    name = NAME.match(text)
    title = collapse(unescape(name[1])) if name else ""
    start = name.end() if name else 0
    try:
        if not name:
            start = _check_name(found, text)
        _check_braces(found)
        item = _item(found, title, text, start)
    except Fault as fault:
        found.say(fault.at, fault.code, "warning", **fault.values)
        return LeftOut(raw.numbers[0], title or collapse(text)[:80], "gift"), found
    return item, found


def _check_name(found: Findings, text: str) -> int:
    """Where the stem begins; a warning where a name was meant but not written as one."""
    tried = _NAME_TRIED.match(text)
    if not tried:
        return 0
    shown = text[tried.start(1) :].partition("\n")[0].partition("{")[0]
    found.say(tried.start(1), "gift-name", text=collapse(shown)[:40])
    return tried.end() if tried[1] == "::" else 0


def _check_braces(found: Findings) -> None:
    raw = found.raw
    if raw.is_open():
        raise Fault(raw.open, "gift-unclosed")
    for at in raw.strays[1:]:
        found.say(at, "gift-brace")
    if raw.strays:
        raise Fault(raw.strays[0], "gift-brace")
    if raw.joined:
        found.say(0, "gift-joined", "info")


def _item(found: Findings, title: str, text: str, start: int) -> Item:
    raw = found.raw
    before, body, tail = text[start:], "", ""
    if raw.open >= 0:
        before, tail = text[start : raw.open], text[raw.close + 1 :]
        body = text[raw.open + 1 : raw.close]
    found.form, stem = split_format(before, "moodle")
    if tail.strip():
        stem += ("\\_" if found.form == "markdown" else "_") * _GAP + tail
    answers, general = split_general(body)
    comments = " ".join(comment for _, comment in raw.comments)
    given, tags = _ID.search(comments), Tags(_tags(comments))
    parts = Parts("description", "missing")
    if raw.open >= 0:
        parts = _parts(found, answers, raw.open + 1, tags)
    item = Item(
        id=given[1].replace("\\]", "]").strip() if given else "",
        id_given=False,
        number="",
        kind=parts.kind,
        stem=_stem(found, stem, title, start),
        line=raw.numbers[0],
        key=parts.key,
        options=parts.options,
        answers=parts.answers,
        pairs=parts.pairs,
        explanation=found.markdown(general, raw.close) if general else "",
        name=title,
        category=category_path(raw.category),
        doubt=parts.doubt,
    )
    return tags.applied(item)


def _stem(found: Findings, text: str, title: str, at: int) -> str:
    """The stem; the question's name where there is none."""
    stem = found.markdown_as(found.form, text, at)
    if stem or not title:
        return stem
    found.say(0, "stem-from-name", name=title)
    return from_text(title)


def _parts(found: Findings, answers: str, at: int, tags: Tags) -> Parts:
    """What the answers make: the kinds are told apart as Moodle does it."""
    at += len(answers) - len(answers.lstrip())
    answers = answers.strip()
    if not answers:
        return Parts("essay", "missing")
    if _ORDERING.match(answers):
        return ordering(found, answers[1:], at)
    if answers[0] == "#":
        return numeric(found, entries(pieces(answers[1:], at + 1)))
    word, feedback = split_feedback(answers)
    is_true = _truth(found, word.strip(), at)
    if is_true is not None:
        return true_false(found, names_of(tags), is_true, feedback, at)
    for offset in unescaped(answers)[:_MOST_UNESCAPED]:
        found.say(at + offset, "gift-unescaped", "info", sign=answers[offset])
    cut = pieces(answers, at)
    if not cut[0].sign:
        found.say(at, "gift-no-sign", text=collapse(cut[0].text)[:40])
    if any(piece.sign == "~" for piece in cut):
        return choice(found, entries(cut))
    if ARROW in answers and any(ARROW in split_feedback(piece.text)[0] for piece in cut):
        return matching(found, cut)
    return short_answer(found, entries(cut))


def _truth(found: Findings, word: str, at: int) -> bool | None:
    """Whether the answer is true or false; in words that Moodle does not know, with a warning."""
    if word in _TRUTH:
        return _TRUTH[word]
    is_true = _TRUTH.get(word.upper(), truth(word)) if len(word) < 20 else None
    if is_true is not None:
        found.say(at, "gift-truth", text=word, read="TRUE" if is_true else "FALSE")
    return is_true


def _tags(comments: str) -> tuple[str, ...]:
    tags = (collapse(tag.replace("\\]", "]")) for tag in _TAG.findall(comments))
    return tuple(dict.fromkeys(filter(None, tags)))


def category_path(text: str) -> str:
    """A category's path without the course or site that it stood in, nor the top of all."""
    path = text.strip()
    if path.startswith("$") and "$" in path[1:]:
        path = path[1:].partition("$")[2]
    parts = [part.strip() for part in path.strip("/").split("/")]
    return "/".join(parts[1:] if parts[0] == "top" else parts)
