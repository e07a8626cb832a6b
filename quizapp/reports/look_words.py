"""Item analysis in words: what to look at, and why a figure is not said."""

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

from flask_babel import format_decimal, gettext, lazy_gettext

from quizapp.reports.statistics.model import Level, Look, Reason

_l = lazy_gettext

LEVEL_NAMES: Mapping[Level, Any] = {
    "act": _l("Most likely a mistake"),
    "look": _l("Worth a look"),
    "know": _l("Good to know"),
}
# Why there is no such figure.
REASON_NAMES: Mapping[Reason, Any] = {
    "too_few": _l("too few answers yet"),
    "constant": _l("all the same"),
    "one_item": _l("one question alone"),
    "unequal_forms": _l("forms differ"),
    "no_cut_score": _l("no cut score"),
    "unreliable": _l("not reliable enough"),
    "negative": _l("works against the score"),
}
REASONS: Mapping[Reason, Any] = {
    "too_few": _l("Too few answers yet: it would say more than is known."),
    "constant": _l("Everybody got the same: there is nothing to compare."),
    "one_item": _l("With one question alone there is nothing to compare it with."),
    "unequal_forms": _l(
        "Not everybody had the same questions (they are drawn, or were changed): this figure is "
        "for equal forms only. The standard error and the consistency are said all the same."
    ),
    "no_cut_score": _l("The quiz has no cut score."),
    "unreliable": _l("The scores do not differ by more than chance."),
    "negative": _l("It works against the score: whoever gets it right does worse in all."),
}


def letter(option: int) -> str:
    """An option as pages name it: by its place in the source."""
    return ascii_uppercase[option % 26]


def number(value: float, decimals: int = 2) -> str:
    """A figure with so many decimals, as the language writes it."""
    return str(format_decimal(round(value, decimals), "0." + "0" * decimals))


def share(value: float) -> str:
    """A share 0..1 in whole per cent."""
    return f"{round(100 * value)}%"


def said(look: Look) -> str:
    """What there is to look at, as a sentence."""
    return str(_said(look))


def _said(look: Look) -> Any:
    args = look.args
    match look.code:
        case "key_rivalled":
            return gettext(
                "The best choose %(option)s more than the key (%(chosen)s against %(key)s of "
                "%(best)s): is the key right?",
                option=letter(args["option"]),
                chosen=args["chosen"],
                key=args["key_chosen"],
                best=args["best"],
            )
        case "key_doubted":
            given = {
                "option": letter(args["option"]),
                "n": args["chosen"],
                "best": args["best"],
            }
            if args["is_key"]:
                return gettext(
                    "Only %(n)s of the %(best)s best choose %(option)s, which is in the key: is "
                    "the key right?",
                    **given,
                )
            return gettext(
                "%(n)s of the %(best)s best choose %(option)s, which is not in the key: is the "
                "key right?",
                **given,
            )
        case "discrimination_negative":
            return gettext(
                "Whoever gets it right does worse in the rest (%(r)s): is the key right, does "
                "the text mislead?",
                r=number(args["discrimination"]),
            )
        case "below_chance":
            return gettext(
                "%(share)s get it right, fewer than by guessing (%(chance)s): is the key right, "
                "does the text mislead?",
                share=share(args["facility"]),
                chance=share(args["chance"]),
            )
        case "ambiguous":
            return gettext(
                "Of the %(best)s best %(key)s choose the key and %(chosen)s choose %(option)s: "
                "can both be right?",
                option=letter(args["option"]),
                chosen=args["chosen"],
                key=args["key_chosen"],
                best=args["best"],
            )
        case "discrimination_low":
            return gettext(
                "It hardly tells who knows from who does not (%(r)s).",
                r=number(args["discrimination"]),
            )
        case "few_right":
            return gettext(
                "Nearly nobody gets it right: %(n)s of %(all)s. Is it taught?",
                n=args["right"],
                all=args["n"],
            )
        case "often_unreached":
            return gettext(
                "%(n)s of %(all)s do not get to it: is the time too short?",
                n=args["unreached"],
                all=args["n"],
            )
        case "often_blank":
            return gettext(
                "%(n)s of %(all)s leave it blank: is the text clear?",
                n=args["blank"],
                all=args["n"],
            )
        case "slow":
            return gettext(
                "It takes %(seconds)s s, the questions of this quiz mostly %(typical)s s.",
                seconds=round(args["seconds"]),
                typical=round(args["typical"]),
            )
        case "unchosen":
            options = ", ".join(letter(option) for option in args["unchosen"])
            return gettext(
                "Nobody of %(n)s chooses %(options)s: what is not believed makes guessing easier.",
                n=args["n"],
                options=options,
            )
        case _:
            return gettext(
                "Everybody who answers gets it right (%(n)s of %(n)s). That is no fault where "
                "mastery is the aim.",
                n=args["n"],
            )
