"""A quiz in words: its parts and rules as lines, and remarks as sentences."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from quizapp.pages.language import cut_percent, language, moment, percent
from quizapp.pages.wording import DIFFICULTY_NAMES
from quizapp.quiz.advice import Advice
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.rules import REVIEWED, Rules

_l = lazy_gettext

USES = {
    "exam": _l("Exam: its questions are kept for exams"),
    "practice": _l("Practice: shows keys and explanations at once"),
}
STATES = {
    "draft": _l("Draft"),
    "published": _l("On the list"),
    "withdrawn": _l("Taken off the list"),
}
COUNTS = {"best": _l("The best one"), "last": _l("The last one"), "first": _l("The first one")}
NAVIGATION = {
    "free": _l("Free: one may go back and change an answer"),
    "sequential": _l("Forward only: what is left behind cannot be changed"),
}
LAYOUT = {"one": _l("One question a page"), "all": _l("All questions on one page")}
MULTIPLE = {
    "balanced": _l(
        "Right ticks less wrong ticks, never below zero. The default: ticking everything earns "
        "nothing, and whoever knows half earns about half."
    ),
    "all_or_nothing": _l("All right or nothing. For what must be known whole; it hides progress."),
    "capped": _l(
        "The share of right ticks, with as many ticks as there are keys. Simple to explain, but "
        "it tells how many are right."
    ),
}
ORDERING = {
    "exact": _l("The whole order right, or nothing. The default: half an order is no order."),
    "adjacent": _l("The share of neighbours that follow each other rightly, less chance."),
}
MATCHING = {
    "share": _l("The share of right pairs. The default: each pair is a fact of its own."),
    "all_or_nothing": _l("All pairs right, or nothing."),
}
WHEN = {
    "submit": _l("After submitting"),
    "close": _l("After the closing time"),
    "passed": _l("After passing"),
    "never": _l("Never"),
}
REVIEW = {
    "score": _l("The score"),
    "responses": _l("What one answered"),
    "right": _l("Whether it was right"),
    "key": _l("The right answer"),
    "explanations": _l("The explanations"),
}


def number(value: float | None) -> str:
    """A number as one types it here: 72,5 in Portuguese."""
    if value is None:
        return ""
    text = f"{value:.10g}"
    return text if language() == "en" else text.replace(".", ",")


def with_count(name: str, count: int) -> str:
    """A choice, with how many questions are ready for it."""
    return str(ngettext("%(name)s (%(num)s ready)", "%(name)s (%(num)s ready)", count, name=name))


def part_value(by: str, value: str) -> str:
    """A competency, tag or difficulty, as people call it."""
    return str(DIFFICULTY_NAMES.get(value, value)) if by == "difficulty" else value


def part_kind(what: str) -> str:
    """What a part is made of, in words; `what` as in quiz_forms.PartRow."""
    by, _, value = what.partition(":")
    match by:
        case "competency":
            return str(gettext("competency %(name)s", name=value))
        case "tag":
            return str(gettext("tag %(name)s", name=value))
        case "difficulty":
            return str(gettext("difficulty %(name)s", name=part_value(by, value)))
        case "items":
            return str(gettext("chosen questions"))
        case "all":
            return str(gettext("all questions"))
        case _:
            return str(gettext("any question"))


def part_line(part: Part, titles: Mapping[str, str]) -> str:
    """A part as a line: “Bank: 5 × competency triage, 2 points each”."""
    if part.items:
        text = ngettext("%(num)s chosen question", "%(num)s chosen questions", len(part.items))
        text += f" ({', '.join(part.items)})"
    else:
        kind = part_kind("any" if part.by == "any" else f"{part.by}:{part.value}")
        if part.n is None:
            text = part_kind("all") if part.by == "any" else gettext("all of %(kind)s", kind=kind)
        else:
            text = f"{part.n} × {kind}"
    if part.points != 1:
        text += ", " + gettext("%(n)s points each", n=part.points)
    return f"{titles.get(part.bank, part.bank)}: {text}"


def cut_in_items(needed: int, points: int, plain: bool) -> str:
    """“16 of 20 questions”, or points where questions are worth more than one."""
    if plain:
        return str(gettext("%(needed)s of %(all)s questions", needed=needed, all=points))
    return str(gettext("%(needed)s of %(all)s points", needed=needed, all=points))


def lines(
    title: str, blueprint: Blueprint, rules: Rules, titles: Mapping[str, str]
) -> dict[str, str]:
    """A state of a quiz as labelled lines; two states differ where their lines do."""
    none = gettext("none")
    yes, no = gettext("yes"), gettext("no")
    policy = rules.policy
    short = [
        name
        for name, is_on in (
            (gettext("accents matter"), policy.accents),
            (gettext("capitals matter"), policy.case),
            (gettext("a slip is forgiven"), policy.spelling),
        )
        if is_on
    ]
    found: dict[str, Any] = {
        gettext("Title"): title,
        gettext("Parts"): " · ".join(part_line(part, titles) for part in blueprint.parts),
        gettext("Eliminatory"): ", ".join(sorted(blueprint.eliminatory)) or none,
        gettext("Questions shuffled"): yes if blueprint.shuffle else no,
        gettext("Opens"): moment(rules.opens_at) or none,
        gettext("Closes"): moment(rules.closes_at) or none,
        gettext("Time limit"): (
            none
            if rules.minutes is None
            else ngettext("%(num)s minute", "%(num)s minutes", rules.minutes)
        ),
        gettext("Attempts"): (
            gettext("no limit") if rules.attempts is None else str(rules.attempts)
        ),
        gettext("Hours between two attempts"): str(rules.delay_hours or none),
        gettext("Which attempt counts"): COUNTS[rules.counts],
        gettext("Moving about"): NAVIGATION[rules.navigation],
        gettext("Pages"): LAYOUT[rules.layout],
        gettext("Consultation"): (
            gettext("with: the procedures stay open meanwhile")
            if rules.consultation
            else gettext("without: procedures, search and practice are closed meanwhile")
        ),
        gettext("Release by a supervisor"): yes if rules.release else no,
        gettext("Access code"): rules.access_code or none,
        gettext("Cut score"): cut_percent(rules.cut_score),
        gettext("Cut score of each form"): (
            ngettext(
                "by its own questions, of which judges estimated %(num)s",
                "by its own questions, of which judges estimated %(num)s",
                len(rules.cut_by.said),
            )
            if rules.cut_by
            else none
        ),
        gettext("Why this cut score"): rules.cut_reason or none,
        gettext("Minimum by competency"): (
            ", ".join(f"{name} {percent(value)}" for name, value in sorted(rules.minima.items()))
            or none
        ),
        gettext("Several right options"): MULTIPLE[policy.multiple],
        gettext("Ordering"): ORDERING[policy.ordering],
        gettext("Matching"): MATCHING[policy.matching],
        gettext("Short answers"): ", ".join(short) or gettext("blind to accents and capitals"),
        gettext("Shown afterwards"): "; ".join(
            f"{REVIEW[what]}: {WHEN[getattr(rules.review, what)]}" for what in REVIEWED
        ),
        gettext("Exposure limit"): str(rules.exposure_limit or none),
    }
    return {str(label): str(text) for label, text in found.items()}


def say(remark: Advice) -> str:
    """A remark of quiz.advice as a sentence."""
    a = dict(remark.arguments)
    for name in ("items", "what"):
        if isinstance(a.get(name), list):
            a[name] = ", ".join(
                str(REVIEW.get(one, one)).lower() if name == "what" else one for one in a[name]
            )
    return str(_SENTENCES[remark.code](a))


_SENTENCES: dict[str, Any] = {
    "closes-before-opens": lambda a: gettext("The quiz closes before it opens."),
    "sequential-on-one-page": lambda a: gettext(
        "Forward only does not go with all questions on one page."
    ),
    "never-closes": lambda a: gettext(
        "Shown after the closing time, but there is none, so it is never shown: %(what)s.", **a
    ),
    "short-time": lambda a: gettext(
        "That is %(seconds)s seconds a question: too short to read it and its options.", **a
    ),
    "pool-too-small": lambda a: gettext(
        "Part %(part)s wants %(wanted)s questions and finds %(found)s. Nobody can start so.", **a
    ),
    "other-use": lambda a: gettext(
        "These questions are now of the other use and are no longer asked here: %(items)s.", **a
    ),
    "not-ready": lambda a: gettext(
        "These questions cannot be asked: no published key, or no longer there: %(items)s.", **a
    ),
    "eliminatory-by-chance": lambda a: gettext(
        "Eliminatory, but not in every form: %(items)s. Add them as chosen questions.", **a
    ),
    "minimum-of-few": lambda a: gettext(
        "The minimum in “%(competency)s” rests on %(items)s; with fewer than %(fewest)s questions "
        "it does not count.",
        **a,
    ),
    "few-items": lambda a: gettext(
        "A form has %(items)s; with fewer than %(fewest)s questions a certification says little "
        "about a person.",
        **a,
    ),
    "cut-unjustified": lambda a: gettext("Nobody has said why the cut score is what it is."),
    "one-form": lambda a: gettext(
        "Everybody gets the same questions, and again on a retake: they will be known soon."
    ),
    "key-before-retake": lambda a: gettext(
        "Right answers are shown to whoever fails and may try again: after passing is safer."
    ),
    "exposed": lambda a: gettext(
        "Questions that were in %(limit)s forms or more: %(items)s. It is time for new ones.", **a
    ),
    "capped": lambda a: gettext(
        "With as many ticks as keys, the page tells how many options are right."
    ),
}
