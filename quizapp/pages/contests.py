"""Contesting a question, and answering: the agent sees no key, the trainer no name."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from quizapp import clock
from quizapp.content import banks, citations, keys
from quizapp.db import db, stop_writing
from quizapp.errors import Closed, Invalid, Refused
from quizapp.items.keys import right_options
from quizapp.pages.access import for_roles, me, signed_in
from quizapp.pages.language import today
from quizapp.quiz import attempts, contests, forms

bp = Blueprint("contests", __name__)


@bp.route("/attempts/<public_id>/contest/<int:position>", methods=["GET", "POST"])
@signed_in
def contest(public_id: str, position: int) -> ResponseReturnValue:
    """The question as it was asked, one's own answer and the section; a reason to write."""
    session, now = db.session(), clock.now()
    problem = ""
    if request.method == "POST":
        try:
            reason = request.form.get("reason", "")
            contests.contest(session, me(), public_id, position, reason, now=now)
            session.commit()
        except Invalid as error:
            stop_writing()
            problem = str(error.message)
        except Refused as error:
            if error.status == 404:
                raise
            stop_writing()
            flash(error.message, "warning")
            return redirect(url_for("results.result", public_id=public_id), 303)
        else:
            flash(gettext("Your objection is with the trainers. You will read their answer here."))
            return redirect(url_for("contests.mine"), 303)
    found = contests.contestable(session, me(), public_id, position, now)
    given = attempts.given(session, found.attempt, position)
    cited = citations.cited_by(session, [found.revision.id], today(), current_user.id)
    page = render_template(
        "contests/contest.html",
        found=found,
        shown=forms.show(position, found.kind, found.revision.content, found.shown, given),
        sources=cited.get(found.revision.id, []),
        problem=problem,
        reason=request.form.get("reason", ""),
        low=contests.SHORTEST,
        high=contests.LONGEST,
    )
    return page, 422 if problem else 200


@bp.get("/my-contests")
@signed_in
def mine() -> ResponseReturnValue:
    """What one has contested, and the answers."""
    return render_template("contests/mine.html", rows=contests.mine(db.session(), me().id))


@bp.get("/contests")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """The objections that wait, and those answered."""
    return _queue()


def _queue(problem: str = "", about: str = "") -> ResponseReturnValue:
    session = db.session()
    waiting = contests.objections(session, waiting=True)
    answered = contests.objections(session, waiting=False)
    revisions = [one.revision.id for one in (*waiting, *answered)]
    page = render_template(
        "contests/index.html",
        waiting=waiting,
        answered=answered[:50],
        right={one.contest.id: right_options(contests.value_of(session, one)) for one in waiting},
        touched={one.item.id: contests.touched(session, one.item.id) for one in waiting},
        titles={bank.id: (bank.slug, rev.title) for bank, rev in banks.live(session)},
        cited=citations.cited_by(session, revisions, today()),
        keys=keys.statuses(session, revisions),
        problem=problem,
        about=about,
        answer=request.form.get("answer", ""),
    )
    return page, 422 if problem else 200


@bp.post("/contests/<public_id>")
@for_roles("trainer")
def answer(public_id: str) -> ResponseReturnValue:
    """Accept an objection or not."""
    session = db.session()
    accepted = request.form.get("accepted") == "yes"
    try:
        row = contests.answer(
            session,
            public_id,
            accepted,
            request.form.get("answer", ""),
            by=me().public_id,
            now=clock.now(),
        )
        session.commit()
    except Invalid as error:
        stop_writing()
        return _queue(str(error.message), public_id)
    except Closed as error:
        stop_writing()
        flash(error.message, "warning")
        return redirect(url_for("contests.index"), 303)
    if not accepted:
        flash(gettext("Answered: the key stays."), "success")
        return redirect(url_for("contests.index"), 303)
    flash(gettext("Accepted. Now decide what becomes of the question and its scores."), "success")
    slug, uid = contests.place_of(session, row)
    return redirect(url_for("decisions.item", slug=slug, uid=uid), 303)
