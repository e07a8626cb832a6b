"""What stands in a question, by its kind, becomes the options, answers or pairs of an item."""

import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

from quizapp.formats.bank_options import truth
from quizapp.formats.model import Answer, Item, KeyState, Option
from quizapp.formats.moodle.question import Question, number, raw_text, words
from quizapp.formats.moodle.tags import RANGE, Tags, names_of
from quizapp.formats.moodle.terms import ANY_NUMBER
from quizapp.formats.text import collapse, normalise

# Plugins whose keys count the whole each.
_SETS = {"oumultiresponse", "multichoiceset"}
_WILDCARD = re.compile(r"\\\*|(\*)")
# Shares in per cent, of which one is 100: less was meant as a share of one.
_LEAST = 0.0101

_Reader = Callable[[Question, Item, Tags], Item]


def choice(question: Question, item: Item, tags: Tags) -> Item:
    """Options of which one is right, or several."""
    answers = list(question.all("answer"))
    several = question.type in _SETS or not question.is_set("single", default=True)
    shares = [question.share(answer) for answer in answers]
    right = tuple(place for place, found in enumerate(shares) if found and found > 0)
    fractions = [found or 0.0 for found in shares]
    if several and all(fractions[place] == 1 for place in right):
        fractions = [max(found, 0.0) / len(right) if found > 0 else found for found in fractions]
    total = sum(fractions[place] for place in right) if several else max(fractions, default=0.0)
    unclear = None in shares or (right and total < (_LEAST if several else 1))
    if unclear:
        question.say(question.element, "key-unclear", name=item.name or "–")
    item = replace(
        item,
        kind="multiple" if several else "single",
        key="doubtful" if unclear else "given" if right else "missing",
        doubt=right if unclear else (),
    )
    return replace(item, options=_options(question, answers, fractions, item.key == "given"))


def _options(
    question: Question, answers: list[Element], fractions: list[float], keyed: bool
) -> tuple[Option, ...]:
    return tuple(
        Option(question.markdown(answer), found if keyed else None, question.feedback(answer))
        for answer, found in zip(answers, fractions, strict=True)
    )


def true_false(question: Question, item: Item, tags: Tags) -> Item:
    """True and false; where the two answers are other words, a choice between these."""
    answers = list(question.all("answer"))
    truths = [truth(words(answer)) for answer in answers]
    if sorted(map(str, truths)) != ["False", "True"]:
        return choice(question, item, tags)
    true, false = names_of(tags)
    fractions = [question.share(answer) or 0.0 for answer in answers]
    right = [place for place, found in enumerate(fractions) if found > 0]
    keyed = len(right) == 1
    if len(right) > 1:
        question.say(question.element, "key-unclear", name=item.name or "–")
    options = (
        Option(
            true if is_true else false,
            float(found > 0) if keyed else None,
            question.feedback(answer),
        )
        for answer, is_true, found in zip(answers, truths, fractions, strict=True)
    )
    key: KeyState = "given" if keyed else "doubtful" if right else "missing"
    doubt = () if keyed else tuple(right)
    return replace(item, kind="true_false", key=key, options=tuple(options), doubt=doubt)


def short_answer(question: Question, item: Item, tags: Tags) -> Item:
    """The accepted texts; one whose `*` stands for any characters is cut there, and said."""
    if question.is_set("usecase"):
        question.found.set_aside(question.line, "usecase")
    answers = [_accepted(question, answer) for answer in question.all("answer")]
    found = tuple(answer for answer in answers if answer)
    earning = found if any(answer.fraction > 0 for answer in found) else ()
    return replace(item, kind="short_answer", key="given", answers=earning)


def _accepted(question: Question, answer: Element) -> Answer | None:
    text = shown = collapse(normalise(raw_text(answer)))
    share = max(question.share(answer) or 0.0, 0.0)
    if share and any(star[1] for star in _WILDCARD.finditer(text)):
        text = text.strip("* ")
        kept = "" if any(star[1] for star in _WILDCARD.finditer(text)) else text
        question.say(answer, "answer-wildcard", text=shown[:40], kept=kept or "–")
        text = kept
    if not text:
        return None
    return Answer(text.replace("\\*", "*"), fraction=share, feedback=question.feedback(answer))


def numeric(question: Question, item: Item, tags: Tags) -> Item:
    """The accepted numbers with their tolerances, and what is said to all others."""
    if next(question.all("units"), None) is not None:
        question.found.set_aside(question.line, "units")
    ranges = dict(value.partition(":")[::2] for value in tags.all(RANGE))
    answers = [
        _amount(question, answer, ranges.get(str(place), ""))
        for place, answer in enumerate(question.all("answer"), start=1)
    ]
    found = tuple(answer for answer in answers if answer)
    earning = found if any(answer.fraction > 0 for answer in found) else ()
    return replace(item, kind="numeric", key="given", answers=earning)


def _amount(question: Question, answer: Element, limits: str) -> Answer | None:
    text = collapse(raw_text(answer))
    share = max(question.share(answer) or 0.0, 0.0)
    feedback = question.feedback(answer)
    if text == "*" and not share:
        return Answer(low=-ANY_NUMBER, high=ANY_NUMBER, fraction=0.0, feedback=feedback)
    margin = answer.find("tolerance")
    value, tolerance = number(text), number(raw_text(margin) if margin is not None else "0")
    if margin is not None and not raw_text(margin).strip():
        tolerance = 0.0
    if value is None or tolerance is None:
        question.say(answer, "answer-number", text=text[:40] or "–")
        return None
    low, high = (number(limit) for limit in (limits.partition("..")[::2]))
    if low is not None and high is not None and _agree(low, high, value, tolerance):
        return Answer(low=low, high=high, fraction=share, feedback=feedback)
    return Answer(value=value, tolerance=abs(tolerance), fraction=share, feedback=feedback)


def _agree(low: float, high: float, value: float, tolerance: float) -> bool:
    """Whether a range is the one that a value and its tolerance were made of."""
    nearly = 1e-9 * (1 + abs(value) + abs(tolerance))
    return abs(value - tolerance - low) <= nearly and abs(value + tolerance - high) <= nearly


def matching(question: Question, item: Item, tags: Tags) -> Item:
    """Pairs; one without a left side is a distractor."""
    pairs = []
    for sub in question.all("subquestion"):
        answer = sub.find("answer")
        left, right = question.side(sub), question.side(answer) if answer is not None else ""
        if right:
            pairs.append((left, right))
        elif left:
            question.say(sub, "pair-incomplete", text=left[:40])
    return replace(item, kind="matching", key="given", pairs=tuple(pairs))


def ordering(question: Question, item: Item, tags: Tags) -> Item:
    """Entries in their right order: that of their fractions, which count up from 1."""
    answers = list(question.all("answer"))
    places = [number(answer.get("fraction", "")) for answer in answers]
    if None not in places and len(set(places)) == len(places):
        answers = [answers[i] for i in sorted(range(len(answers)), key=lambda i: places[i] or 0.0)]
    if question.value("selecttype").upper() not in ("", "0", "ALL"):
        question.found.set_aside(question.line, "selecttype")
    fractions = [1 / len(answers) for _ in answers]
    options = _options(question, answers, fractions, keyed=True)
    return replace(item, kind="ordering", key="given", options=options)


def _unscored(question: Question, item: Item, tags: Tags) -> Item:
    return item


def essay(question: Question, item: Item, tags: Tags) -> Item:
    """A text to be written freely, and read by a person."""
    return replace(item, kind="essay")


READERS: dict[str, _Reader] = {
    "multichoice": choice,
    "oumultiresponse": choice,
    "multichoiceset": choice,
    "truefalse": true_false,
    "shortanswer": short_answer,
    "numerical": numeric,
    "matching": matching,
    "match": matching,
    "ddmatch": matching,
    "ordering": ordering,
    "essay": essay,
    "description": _unscored,
}
