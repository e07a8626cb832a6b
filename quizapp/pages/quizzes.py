"""Taking a quiz: start, answer, submit."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.db import begin_writing, db
from quizapp.errors import Closed, Invalid, Missing
from quizapp.pages.access import me, reads_first, signed_in
from quizapp.pages.failures import wants_json
from quizapp.pages.language import language, today
from quizapp.quiz import attempts, quizzes, rules, saving, starting
from quizapp.reports import progress

bp = Blueprint("quizzes", __name__)


@bp.get("/quizzes")
@signed_in
def index() -> ResponseReturnValue:
    """The published quizzes, and where one stands."""
    own = progress.of_person(db.session(), current_user.id, today())
    return render_template("quizzes/index.html", own=own)


@bp.get("/quizzes/<slug>")
@signed_in
def quiz(slug: str) -> ResponseReturnValue:
    """What a quiz asks for, before it starts."""
    session = db.session()
    found = quizzes.find(session, slug)
    own = [a for a in progress.attempts_of(session, current_user.id) if a.quiz == slug]
    _, drawn, _ = starting.form(session, found, 0)
    return render_template(
        "quizzes/quiz.html",
        quiz=found,
        items=len(drawn),
        needed=rules.needed(found.cut_score, sum(place.points for place in drawn)),
        attempts=own,
        open=next((a for a in own if a.state == "open"), None),
    )


@bp.post("/quizzes/<slug>/start")
@signed_in
def start(slug: str) -> ResponseReturnValue:
    """Start, or go on with the open attempt."""
    session = db.session()
    attempt = starting.start(
        session,
        me(),
        quizzes.find(session, slug),
        seed=secrets.randbits(53),
        language=language(),
        now=clock.now(),
        today=today(),
    )
    sheet = attempts.sheet(session, attempt)
    session.commit()
    position = sheet.left[0] if sheet.left else 1
    return redirect(url_for("quizzes.item", public_id=attempt.public_id, position=position), 303)


@bp.get("/attempts/<public_id>")
@signed_in
def attempt(public_id: str) -> ResponseReturnValue:
    """Where an attempt goes on: the first open item, or the result."""
    session = db.session()
    found = attempts.own(session, current_user.id, public_id)
    if found.state != "open":
        return redirect(url_for("results.result", public_id=public_id), 303)
    left = attempts.sheet(session, found).left
    return redirect(
        url_for("quizzes.item", public_id=public_id, position=left[0] if left else 1), 303
    )


@bp.get("/attempts/<public_id>/items/<int:position>")
@signed_in
def item(public_id: str, position: int) -> ResponseReturnValue:
    """One item to answer."""
    return _item_page(public_id, position)


def _item_page(public_id: str, position: int, problem: str = "") -> ResponseReturnValue:
    session = db.session()
    found = attempts.own(session, current_user.id, public_id)
    if found.state != "open":
        return redirect(url_for("results.result", public_id=public_id), 303)
    sheet = attempts.sheet(session, found)
    if position == len(sheet.items) + 1:
        return redirect(url_for("quizzes.check", public_id=public_id), 303)
    if not 1 <= position <= len(sheet.items):
        raise Missing
    page = render_template(
        "quizzes/item.html",
        attempt=found,
        quiz=found.quiz,
        sheet=sheet,
        item=sheet.items[position - 1],
        position=position,
        problem=problem,
    )
    return page, 422 if problem else 200


@bp.post("/attempts/<public_id>/items/<int:position>")
@signed_in
@reads_first
def save(public_id: str, position: int) -> ResponseReturnValue:
    """Store an answer; it is said to be saved after the commit."""
    session = db.session()
    now = clock.now()
    try:
        answer = saving.read(
            session,
            current_user.id,
            public_id,
            position,
            request.form.getlist,
            arrived=now,
            client=request.form.get("client", saving.ANYBODY),
            seq=request.form.get("seq", type=int),
        )
        # Only now: the write lock should be held briefly, as sixty agents save at once.
        begin_writing(together=True)
        saving.store(session, answer)
        session.commit()
    except Invalid as error:
        if wants_json():
            raise
        session.rollback()
        return _item_page(public_id, position, str(error.message))
    except Closed as error:
        if wants_json():
            raise
        session.rollback()
        flash(error.message, "warning")
        return redirect(url_for("results.result", public_id=public_id), 303)
    if wants_json():
        return {"saved": True, "complete": answer.complete}
    return redirect(_next_page(public_id, position), 303)


def _next_page(public_id: str, position: int) -> str:
    goto = request.form.get("goto", "next")
    if goto.isascii() and goto.isdigit():
        return url_for("quizzes.item", public_id=public_id, position=int(goto[:4]))
    if goto == "check":
        return url_for("quizzes.check", public_id=public_id)
    return url_for("quizzes.item", public_id=public_id, position=position + 1)


@bp.get("/attempts/<public_id>/check")
@signed_in
def check(public_id: str) -> ResponseReturnValue:
    """What is answered and what is not, before submitting."""
    session = db.session()
    found = attempts.own(session, current_user.id, public_id)
    if found.state != "open":
        return redirect(url_for("results.result", public_id=public_id), 303)
    return render_template(
        "quizzes/check.html",
        attempt=found,
        quiz=found.quiz,
        sheet=attempts.sheet(session, found),
        position=None,
    )


@bp.post("/attempts/<public_id>/submit")
@signed_in
def submit(public_id: str) -> ResponseReturnValue:
    """Submit; a second time leads to the same result."""
    session = db.session()
    attempts.submit(session, me(), public_id, clock.now())
    session.commit()
    return redirect(url_for("results.result", public_id=public_id), 303)
