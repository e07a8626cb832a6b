"""Late answers: what came after an attempt's end waits for a trainer, who sees no name."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp import clock
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Refused
from quizapp.pages.access import for_roles, me
from quizapp.quiz import late

bp = Blueprint("late", __name__)


@bp.get("/late")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """What waits for a decision."""
    return _queue()


def _queue(problem: str = "", about: str = "") -> ResponseReturnValue:
    page = render_template(
        "late/index.html",
        waiting=late.waiting(db.session()),
        problem=problem,
        about=about,
        reason=request.form.get("reason", ""),
        taken=set(request.form.getlist("take", type=int)),
    )
    return page, 422 if problem else 200


@bp.post("/late/<public_id>")
@for_roles("trainer")
def decide(public_id: str) -> ResponseReturnValue:
    """Take in what was ticked, and nothing else of this attempt."""
    session = db.session()
    taken = set(request.form.getlist("take", type=int))
    reason = request.form.get("reason", "")
    try:
        count = late.decide(session, public_id, taken, reason, by=me().public_id, now=clock.now())
        session.commit()
    except Invalid as error:
        stop_writing()
        return _queue(str(error.message), public_id)
    except Refused as error:
        if error.status == 404:
            raise
        stop_writing()
        flash(error.message, "warning")
    else:
        flash(
            gettext("Decided: the attempt was scored again.")
            if count
            else gettext("Decided: the score stays as it is."),
            "success",
        )
    return redirect(url_for("late.index"), 303)
