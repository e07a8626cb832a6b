"""Quizzes: the list, what one asks for, and starting it."""

import secrets
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.certification.progress import refuse_locked
from quizapp.db import begin_writing, db, stop_writing
from quizapp.errors import Refused
from quizapp.pages import rule_texts
from quizapp.pages.access import me, reads_first, signed_in
from quizapp.pages.language import language, today
from quizapp.pages.wording import KIND_NAMES
from quizapp.quiz import attempts, quizzes, rules, starting
from quizapp.quiz.blueprints import fits
from quizapp.quiz.models import Attempt
from quizapp.quiz.starting import WrongRelease
from quizapp.reports import progress

bp = Blueprint("quizzes", __name__)


@bp.get("/quizzes")
@signed_in
def index() -> ResponseReturnValue:
    """The published quizzes, and where one stands."""
    own = progress.of_person(db.session(), current_user.id, today(), clock.now())
    return render_template("quizzes/index.html", own=own)


@bp.get("/quizzes/<slug>")
@signed_in
def quiz(slug: str) -> ResponseReturnValue:
    """What a quiz asks for, before it starts."""
    return _quiz_page(slug)


def _quiz_page(slug: str, problem: Refused | None = None) -> ResponseReturnValue:
    session, now = db.session(), clock.now()
    found = quizzes.find(session, slug, current_user.id)
    own = [a for a in progress.attempts_of(session, current_user.id, now) if a.quiz == slug]
    stand = starting.standing(session, current_user.id, found)
    ready, drawn, _ = starting.form(session, found, 0)
    blueprint, pool = quizzes.blueprint_of(session, found), quizzes.candidates(ready)
    asked = {ready[i].kind for part in blueprint.parts for i in fits(part, pool)}
    points = sum(place.points for place in drawn)
    eliminatory = sum(place.eliminatory for place in drawn)
    page = render_template(
        "quizzes/quiz.html",
        quiz=found,
        stand=stand,
        rules=stand.rules,
        items=len(drawn),
        points=points,
        needed=rules.needed(found.cut_score, points),
        kinds=[kind for kind in KIND_NAMES if kind in asked],
        sentences=rule_texts.sentences(stand.rules, eliminatory, found.use),
        attempts=own,
        open=next((a for a in own if a.state == "open"), None),
        refusal=stand.refusal(now) or _locked(session, slug, now),
        problem=problem,
    )
    return page, problem.status if problem else 200


def _locked(session: Session, slug: str, now: datetime) -> str | None:
    """Why the quiz has to wait for other steps of a program, where it does."""
    try:
        refuse_locked(session, current_user.id, slug, now)
    except Refused as error:
        return str(error.message)
    return None


@bp.route("/quizzes/<slug>/start", methods=["GET", "POST"])
@signed_in
@reads_first
def start(slug: str) -> ResponseReturnValue:
    """Start, or go on with the open attempt.

    Whoever comes by the address alone, from the history or after a sign-in, is asked first.
    """
    if request.method != "POST":
        return redirect(url_for("quizzes.quiz", slug=slug), 303)
    session, now = db.session(), clock.now()
    begin_writing("shared")
    try:
        attempt = starting.start(
            session,
            me(),
            quizzes.find(session, slug, current_user.id),
            seed=secrets.randbits(53),
            language=language(),
            now=now,
            today=today(),
            access_code=request.form.get("access_code", ""),
            release_code=request.form.get("release_code", ""),
        )
        session.commit()
    except Refused as error:
        if error.status == 404:
            raise
        stop_writing()
        if isinstance(error, WrongRelease):
            _count_wrong_release(session, slug)
        return _quiz_page(slug, error)
    return redirect(_first_page(session, attempt), 303)


def _count_wrong_release(session: Session, slug: str) -> None:
    begin_writing("shared")
    found = quizzes.find(session, slug, current_user.id)
    starting.count_wrong_release(session, current_user.id, found)
    session.commit()
    stop_writing()


def _first_page(session: Session, attempt: Attempt) -> str:
    terms, public_id = attempts.terms(attempt), attempt.public_id
    if terms.layout == "all" and terms.navigation == "free":
        return url_for("attempts.all_items", public_id=public_id)
    return url_for("attempts.item", public_id=public_id, position=attempts.place(session, attempt))
