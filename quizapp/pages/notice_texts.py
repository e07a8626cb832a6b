"""Notices in words: what happened to a person's attempts, objections and programs."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.notices import digests
from quizapp.notices.models import Notice
from quizapp.pages.language import day, percent
from quizapp.reports import attempts as reports

_RESULT = re.compile(r"/attempts/(\w+)/result")


def said(session: Session, user_id: int, notices: Sequence[Notice]) -> list[tuple[Notice, str]]:
    """These notices of a person, in words; from what to what a score went is said where the
    attempt's own terms show it."""
    about = {one.about: found[1] for one in notices if (found := _RESULT.fullmatch(one.about))}
    shown = reports.scores_shown(session, user_id, set(about.values()), clock.now())
    return [(one, words(one.kind, one.args, about.get(one.about) in shown)) for one in notices]


def words(kind: str, args: Mapping[str, Any], with_figures: bool = False) -> str:
    """A message in the reader's language; it has no key, and figures only where they are shown."""
    if "program" in args:
        return _about_program(kind, args)
    if kind == digests.REPORT:
        return str(gettext("Your view “%(name)s” was sent by e-mail.", name=args["name"]))
    where = {"quiz": args.get("quiz", ""), "n": args.get("number", "")}
    match kind:
        case "score-changed":
            text = gettext("The score of your attempt %(n)s of “%(quiz)s” has changed.", **where)
        case "pass-kept":
            text = gettext(
                "A question of your attempt %(n)s of “%(quiz)s” was corrected. You stay passed.",
                **where,
            )
        case "pass-taken":
            text = gettext(
                "Your attempt %(n)s of “%(quiz)s” no longer counts as passed, by a decision "
                "about you.",
                **where,
            )
        case "late-decided":
            text = _late(args.get("accepted", 0), args.get("kept", 0), where)
        case "contest-answered":
            place = {**where, "position": args.get("position", "")}
            text = (
                gettext(
                    "Your objection to question %(position)s of “%(quiz)s” was accepted. The "
                    "trainers now correct the question; if that changes your score, you are told.",
                    **place,
                )
                if args.get("accepted")
                else gettext(
                    "Your objection to question %(position)s of “%(quiz)s” was answered: the key "
                    "stays.",
                    **place,
                )
            )
        case "objection-decided":
            place = {**where, "position": args.get("position", "")}
            text = gettext(
                "Question %(position)s of your attempt %(n)s of “%(quiz)s”, to which you objected, "
                "was decided.",
                **place,
            )
        case "judge-invited":
            text = gettext(
                "You are asked to judge how hard the questions of “%(quiz)s” are: so its cut "
                "score is set.",
                **where,
            )
        case "judge-again":
            text = gettext(
                "Your estimates for “%(quiz)s” were given back to you: look at them and hand "
                "them in again.",
                **where,
            )
        case "judges-closed":
            text = gettext(
                "The judging of “%(quiz)s” is over. Thank you: its page says what came out.",
                **where,
            )
        case _:
            text = gettext("Something about one of your quizzes has changed.")
    if with_figures and "was" in args and "is" in args:
        text += " " + gettext(
            "Score: from %(was)s to %(now)s.", was=percent(args["was"]), now=percent(args["is"])
        )
        if args.get("gained"):
            text += " " + gettext("You have passed now.")
    return str(text)


def _late(accepted: int, kept_out: int, where: Mapping[str, Any]) -> str:
    said = gettext("Answers to attempt %(n)s of “%(quiz)s” had come too late.", **where)
    if accepted:
        said += " " + ngettext("%(num)s was taken in.", "%(num)s were taken in.", accepted)
    if kept_out:
        said += " " + ngettext("%(num)s was not taken in.", "%(num)s were not taken in.", kept_out)
    return str(said)


def _about_program(kind: str, args: Mapping[str, Any]) -> str:
    """What happened in a program or to a certification, and what to do."""
    days = int(args.get("days", 0))
    facts = {"program": args["program"], "day": _day(args.get("on"))}
    match kind:
        case "assigned" | "due" | "overdue":
            said, todo = _asked(kind, days, facts)
        case "expiring" | "expired":
            said, todo = _ending(kind, days, facts)
        case "awarded" | "renewed" | "recorded" | "revoked" | "reinstated":
            said, todo = _decided(kind, facts)
        case "agreed":
            said = gettext(
                "%(by)s agreed with you on %(day)s for “%(step)s”, in “%(program)s”.",
                by=args.get("by", ""),
                step=args.get("step", ""),
                **facts,
            )
            todo = gettext("If the day does not suit you, talk to your manager.")
        case "stopped":
            said = gettext(
                "People cannot go on in the program “%(program)s”: the step “%(step)s” is not "
                "there for them.",
                step=args.get("step", ""),
                **facts,
            )
            todo = gettext("The page of the program lists who waits, and what you can do.")
        case _:
            said = gettext("Something about your program “%(program)s” has changed.", **facts)
            todo = gettext("Open it to see what.")
    return f"{said} {todo}"


def _asked(kind: str, days: int, facts: Mapping[str, str]) -> tuple[str, str]:
    """A program that somebody has to complete."""
    if kind == "overdue":
        return (
            gettext("The program “%(program)s” was due on %(day)s.", **facts),
            gettext("Complete what is missing now, or talk to your manager."),
        )
    if kind == "assigned":
        said = (
            gettext("You have a program to complete by %(day)s: “%(program)s”.", **facts)
            if facts["day"]
            else gettext("You have a program to complete: “%(program)s”.", **facts)
        )
        return said, gettext("Open it and begin with its first step.")
    said = (
        ngettext(
            "The program “%(program)s” is due in %(num)s day, on %(day)s.",
            "The program “%(program)s” is due in %(num)s days, on %(day)s.",
            days,
            **facts,
        )
        if days
        else gettext("The program “%(program)s” is due today.", **facts)
    )
    return said, gettext("Open it and complete what is missing.")


def _ending(kind: str, days: int, facts: Mapping[str, str]) -> tuple[str, str]:
    """A certification that ends or has ended."""
    if kind == "expired":
        said = gettext(
            "Your certification “%(program)s” has expired: it was valid until %(day)s.", **facts
        )
    elif days:
        said = ngettext(
            "Your certification “%(program)s” expires in %(num)s day: it is valid until %(day)s.",
            "Your certification “%(program)s” expires in %(num)s days: it is valid until %(day)s.",
            days,
            **facts,
        )
    else:
        said = gettext("Your certification “%(program)s” is valid until today.", **facts)
    return said, gettext("Open the program and renew it.")


def _decided(kind: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """A certification that was given, recorded, taken back or given back."""
    match kind:
        case "awarded" if facts["day"]:
            said = gettext("You are certified in “%(program)s”, until %(day)s.", **facts)
            todo = gettext("Your certificate is on the page of the program.")
        case "awarded":
            said = gettext("You are certified in “%(program)s”.", **facts)
            todo = gettext("Your certificate is on the page of the program.")
        case "renewed" if facts["day"]:
            said = gettext("Your certification “%(program)s” was renewed, until %(day)s.", **facts)
            todo = gettext("Your new certificate is on the page of the program.")
        case "renewed":
            said = gettext("Your certification “%(program)s” was renewed.", **facts)
            todo = gettext("Your new certificate is on the page of the program.")
        case "recorded":
            said = gettext(
                "A certification that you held before was recorded: “%(program)s”, until %(day)s.",
                **facts,
            )
            todo = gettext("You need to do nothing.")
        case "revoked":
            said = gettext("Your certification “%(program)s” was revoked.", **facts)
            todo = gettext("The notice in quizapp says why; talk to your manager or instructor.")
        case _:
            said = gettext("Your certification “%(program)s” counts again.", **facts)
            todo = gettext("You need to do nothing.")
    return said, todo


def _day(value: str | None) -> str:
    """A day as it is kept, 2026-11-30, as the reader writes it."""
    return day(date.fromisoformat(value)) if value else ""
