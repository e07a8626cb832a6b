"""The rules of a quiz in plain sentences, for who is about to take it."""

from collections.abc import Iterator
from functools import lru_cache

from flask_babel import gettext, ngettext

from quizapp.items.scoring import Policy, explain
from quizapp.pages.language import language, moment, percent
from quizapp.quiz.rules import Rules, When


def sentences(rules: Rules, eliminatory: int, use: str) -> list[str]:
    """How an attempt goes; `eliminatory` is how many of its questions are."""
    return [str(text) for text in _sentences(rules, eliminatory, use)]


def _sentences(rules: Rules, eliminatory: int, use: str) -> Iterator[str]:
    if rules.opens_at:
        yield gettext("It opens on %(when)s.", when=moment(rules.opens_at))
    if rules.closes_at:
        yield gettext(
            "It closes on %(when)s: what is open then is submitted as it stands.",
            when=moment(rules.closes_at),
        )
    if rules.minutes:
        yield gettext(
            "The time runs from the start, also while you are away. At its end what is saved is "
            "submitted."
        )
    yield (
        gettext("All questions stand on one page.")
        if rules.layout == "all" and rules.navigation == "free"
        else gettext("One question a page.")
    )
    yield (
        gettext("You may go back and forth, and mark questions to come back to.")
        if rules.navigation == "free"
        else gettext("It goes forward only: once you go on, a question cannot change any more.")
    )
    yield gettext("Every answer is saved when you give it: you may leave and go on later.")
    if use == "exam":
        yield (
            gettext("You may consult the procedures meanwhile.")
            if rules.consultation
            else gettext(
                "Without consultation: procedures, search, practice and earlier results are closed "
                "to you until you submit."
            )
        )
    if rules.delay_hours:
        yield ngettext(
            "Between two attempts lies %(num)s hour at least.",
            "Between two attempts lie %(num)s hours at least.",
            rules.delay_hours,
        )
    if rules.attempts != 1:
        yield {
            "best": gettext("Of several attempts the best counts."),
            "last": gettext("Of several attempts the last counts."),
            "first": gettext("Of several attempts the first counts."),
        }[rules.counts]
    if rules.cut_by:
        yield gettext(
            "The cut score depends on the questions you get: judges said how hard each one is. "
            "You see yours from the first question on."
        )
    if eliminatory:
        yield ngettext(
            "%(num)s question is eliminatory: whoever misses it does not pass.",
            "%(num)s questions are eliminatory: whoever misses one does not pass.",
            eliminatory,
        )
    for name, least in sorted(rules.minima.items()):
        yield gettext("In %(name)s you need %(least)s at least.", name=name, least=percent(least))
    yield from _review(rules)


def _review(rules: Rules) -> Iterator[str]:
    parts = {
        "score": gettext("your score"),
        "responses": gettext("your answers"),
        "right": gettext("which of them are right"),
        "key": gettext("the right answers"),
        "explanations": gettext("the explanations"),
    }
    starts: dict[When, str] = {
        "submit": gettext("After submitting you see: %(what)s."),
        "close": gettext("After the closing time you see: %(what)s."),
        "passed": gettext("When you pass you see: %(what)s."),
    }
    for when, start in starts.items():
        what = [text for part, text in parts.items() if getattr(rules.review, part) == when]
        if what:
            yield start % {"what": ", ".join(what)}


def how_scored(kind: str, policy: Policy, cap: int | None = None) -> str:
    """The rule that an item of this kind is scored by, as said before it is answered."""
    return _how_scored(kind, policy, cap, language())


@lru_cache(maxsize=1024)
def _how_scored(kind: str, policy: Policy, cap: int | None, _spoken: str) -> str:
    code = explain(kind, policy)
    if code.startswith("short-answer"):
        return " ".join(_short_answer(policy))
    text = {
        "single": gettext("Scored as right or wrong."),
        "multiple-balanced": gettext(
            "Scored as the share of right options that you tick, less the share of wrong ones."
        ),
        "multiple-all-or-nothing": gettext(
            "Scored only when you tick all right options and no other."
        ),
        "multiple-capped": gettext("Scored as the share of right options that you tick."),
        "ordering-exact": gettext("Scored only when the whole order is right."),
        "ordering-adjacent": gettext(
            "Scored by the neighbours that follow each other rightly, less what chance would give."
        ),
        "matching-share": gettext("Scored as the share of right pairs."),
        "matching-all-or-nothing": gettext("Scored only when all pairs are right."),
        "numeric": gettext("Scored as right within the tolerance of the question."),
    }[code]
    if cap is not None:
        text += " " + ngettext(
            "Choose %(num)s option at most.", "Choose %(num)s options at most.", cap
        )
    return str(text)


def _short_answer(policy: Policy) -> Iterator[str]:
    yield gettext("Scored as right when it is an accepted answer.")
    strict = [
        text
        for is_on, text in (
            (policy.accents, gettext("accents count")),
            (policy.case, gettext("capital letters count")),
            (policy.spelling, gettext("one typing slip is forgiven")),
        )
        if is_on
    ]
    if strict:
        said = ", ".join(strict)
        yield said[0].upper() + said[1:] + "."
