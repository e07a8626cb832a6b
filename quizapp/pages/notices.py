"""The messages to a person: what happened to their attempts and objections."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.notices import outbox
from quizapp.pages.access import signed_in

bp = Blueprint("notices", __name__)


@bp.get("/notices")
@signed_in
def index() -> ResponseReturnValue:
    """What one was told, the newest first."""
    messages = outbox.messages_of(db.session(), current_user.public_id)
    return render_template(
        "notices/index.html",
        rows=[(notice, words(notice.kind, notice.args)) for notice in messages],
        unread=sum(notice.read_at is None for notice in messages),
    )


@bp.post("/notices/read")
@signed_in
def read() -> ResponseReturnValue:
    """One has read them all."""
    outbox.mark_read(db.session(), current_user.public_id, clock.now())
    db.session.commit()
    flash(gettext("All notices are marked as read."), "success")
    return redirect(url_for("notices.index"), 303)


def words(kind: str, args: Mapping[str, Any]) -> str:
    """A message in the reader's language.

    It has no figures and no key: the page it leads to shows what its rules let one see.
    """
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
        case _:
            text = gettext("Something about one of your quizzes has changed.")
    return str(text)


def _late(accepted: int, kept_out: int, where: Mapping[str, Any]) -> str:
    said = gettext("Answers to attempt %(n)s of “%(quiz)s” had come too late.", **where)
    if accepted:
        said += " " + ngettext("%(num)s was taken in.", "%(num)s were taken in.", accepted)
    if kept_out:
        said += " " + ngettext("%(num)s was not taken in.", "%(num)s were not taken in.", kept_out)
    return str(said)
