"""Taking a quiz: answer, flag, look it over, submit.

The pages are for people, with or without a script; a script of ours asks for JSON.
"""

import re
from collections import defaultdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from quizapp import clock
from quizapp.db import begin_writing, db, stop_writing
from quizapp.errors import Closed, Elsewhere, Invalid, Missing, Refused
from quizapp.pages.access import me, reads_first, signed_in
from quizapp.pages.failures import wants_json
from quizapp.pages.frame import csrf_token
from quizapp.quiz import attempts, saving
from quizapp.quiz.models import Attempt
from quizapp.quiz.rules import LATEST, is_over, seconds_left

bp = Blueprint("attempts", __name__, url_prefix="/attempts/<public_id>")

SHEET_FIELD = re.compile(r"([1-9][0-9]{0,3}):(.+)")


@bp.get("")
@signed_in
def attempt(public_id: str) -> ResponseReturnValue:
    """Where an attempt goes on: the first open item, or the result."""
    session = db.session()
    found = _open(session, public_id)
    if found is None:
        return _to_result(public_id)
    terms = attempts.terms(found)
    if terms.layout == "all" and terms.navigation == "free":
        return redirect(url_for("attempts.all_items", public_id=public_id), 303)
    return _to_item(public_id, attempts.place(session, found))


def _open(session: Session, public_id: str) -> Attempt | None:
    """The person's attempt while it is open; it ends here when its time is over."""
    found, now = attempts.own(session, current_user.id, public_id), clock.now()
    if found.state == "open" and is_over(found.deadline_at, now):
        begin_writing("shared")
        found = attempts.own(session, current_user.id, public_id)
        attempts.close_if_over(session, found, now)
        session.commit()
    return found if found.state == "open" else None


def _to_result(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("results.result", public_id=public_id), 303)


def _to_item(public_id: str, position: int) -> ResponseReturnValue:
    return redirect(url_for("attempts.item", public_id=public_id, position=position), 303)


@bp.get("/items/<int:position>")
@signed_in
def item(public_id: str, position: int) -> ResponseReturnValue:
    """One item to answer."""
    return _item_page(public_id, position)


def _item_page(
    public_id: str, position: int, problem: Refused | None = None
) -> ResponseReturnValue:
    session = db.session()
    found = _open(session, public_id)
    if found is None:
        return _to_result(public_id)
    terms, sheet = attempts.terms(found), attempts.sheet(session, found)
    if terms.navigation == "sequential" and position != found.reached:
        position = found.reached
        if position <= len(sheet.items):
            return _to_item(public_id, position)
    if position == len(sheet.items) + 1:
        return redirect(url_for("attempts.check", public_id=public_id), 303)
    if not 1 <= position <= len(sheet.items):
        raise Missing
    page = render_template(
        "quizzes/item.html",
        **_about(found, sheet),
        position=position,
        problem=problem,
    )
    return page, problem.status if problem else 200


def _about(found: Attempt, sheet: attempts.Sheet) -> dict[str, Any]:
    """What every page of an open attempt needs."""
    return {
        "attempt": found,
        "quiz": found.quiz,
        "terms": attempts.terms(found),
        "sheet": sheet,
        "left": seconds_left(found.deadline_at, clock.now()),
    }


@bp.get("/all")
@signed_in
def all_items(public_id: str) -> ResponseReturnValue:
    """All items to answer on one page, where one may go back.

    `apart` gives each the buttons of a page of its own: a script shows them one at a time.
    """
    session = db.session()
    found = _open(session, public_id)
    if found is None:
        return _to_result(public_id)
    if attempts.terms(found).navigation == "sequential":
        return _to_item(public_id, found.reached)
    sheet = attempts.sheet(session, found)
    apart = "apart" in request.args
    return render_template("quizzes/all.html", **_about(found, sheet), position=None, apart=apart)


@bp.post("/items/<int:position>")
@signed_in
@reads_first
def save(public_id: str, position: int) -> ResponseReturnValue:
    """Store an answer; it is said to be saved after the commit."""
    session, now = db.session(), clock.now()
    try:
        answer = saving.read(
            session,
            current_user.id,
            public_id,
            position,
            request.form.getlist,
            arrived=now,
            client=request.form.get("client") or saving.ANYBODY,
            seq=request.form.get("seq", type=int),
            spent=request.form.get("spent", 0, type=int),
            seen=request.form.get("seen"),
        )
        # Only now: the write lock should be held briefly, as sixty agents save at once. Who writes
        # is decided by the person's other attempts too.
        begin_writing("own" if answer.unheld else "none")
        outcome = saving.store(session, answer)
        goto = "" if wants_json() else request.form.get("goto", "next")
        if outcome == "saved" and goto:
            _go_on(session, public_id, position, goto)
        session.commit()
    except (Invalid, Elsewhere, Closed) as error:
        if wants_json():
            raise
        stop_writing()
        if not isinstance(error, Closed):
            return _item_page(public_id, position, error)
        flash(error.message, "warning")
        return redirect(url_for("attempts.attempt", public_id=public_id), 303)
    if outcome == "late":
        message = saving.late()
        if wants_json():
            return {"saved": False, "code": "late", "message": message}, 409
        flash(message, "warning")
        return redirect(url_for("attempts.attempt", public_id=public_id), 303)
    if wants_json():
        return {
            "saved": True,
            "complete": answer.complete,
            "seq": answer.seq,
            "left": seconds_left(answer.deadline_at, now),
        }
    return redirect(_next_page(public_id, position, goto), 303)


def _go_on(session: Session, public_id: str, position: int, goto: str) -> None:
    """What a form's button does beside saving."""
    if goto in ("flag", "unflag"):
        attempts.flag(session, current_user.id, public_id, position, on=goto == "flag")
    elif goto in ("next", "check"):
        found = attempts.own(session, current_user.id, public_id)
        if found.terms.get("navigation") == "sequential":
            attempts.advance(session, found, position)


def _next_page(public_id: str, position: int, goto: str) -> str:
    if goto.isascii() and goto.isdigit():
        position = int(goto[:4])
    elif goto == "check":
        return url_for("attempts.check", public_id=public_id)
    elif goto.startswith("all-"):
        here = f"question-{position}"
        return url_for("attempts.all_items", public_id=public_id, _anchor=here)
    elif goto not in ("flag", "unflag", "stay"):
        position += 1
    return url_for("attempts.item", public_id=public_id, position=position)


@bp.post("/hold")
@signed_in
def hold(public_id: str) -> ResponseReturnValue:
    """Let this window write the attempt; another one only gives way knowingly."""
    session, now = db.session(), clock.now()
    client = request.form.get("client") or saving.ANYBODY
    held = attempts.hold(
        session,
        current_user.id,
        public_id,
        client,
        now=now,
        was=request.form.get("was", ""),
        take=request.form.get("take") == "1",
    )
    if not held:
        raise saving.elsewhere()
    session.commit()
    if wants_json():
        return _state(session, attempts.own(session, current_user.id, public_id), client)
    return redirect(url_for("attempts.attempt", public_id=public_id), 303)


@bp.get("/state")
@signed_in
def state(public_id: str) -> ResponseReturnValue:
    """How the attempt stands, for a page that was away for a while."""
    session = db.session()
    _open(session, public_id)
    found = attempts.own(session, current_user.id, public_id)
    return _state(session, found, request.args.get("client", ""))


def _state(session: Session, found: Attempt, client: str) -> dict[str, Any]:
    is_open = found.state == "open"
    holder = "nobody" if found.holder is None else "me" if found.holder == client else "elsewhere"
    return {
        "person": current_user.public_id,
        "open": is_open,
        "left": seconds_left(found.deadline_at, clock.now()) if is_open else 0,
        "csrf": csrf_token(),
        "holder": holder,
        "saves": attempts.saves(session, found) if is_open else {},
        "result": None if is_open else url_for("results.result", public_id=found.public_id),
    }


@bp.post("/flags/<int:position>")
@signed_in
def flag(public_id: str, position: int) -> ResponseReturnValue:
    """Mark an item to come back to, or no more."""
    session, is_on = db.session(), request.form.get("on") == "1"
    attempts.flag(session, current_user.id, public_id, position, on=is_on)
    session.commit()
    if wants_json():
        return {"saved": True, "flagged": is_on}
    return _to_item(public_id, position)


@bp.get("/check")
@signed_in
def check(public_id: str) -> ResponseReturnValue:
    """What is answered and what is not, before submitting."""
    return _check_page(public_id)


def _check_page(public_id: str, problem: Refused | None = None) -> ResponseReturnValue:
    session = db.session()
    found = _open(session, public_id)
    if found is None:
        return _to_result(public_id)
    sheet = attempts.sheet(session, found)
    page = render_template(
        "quizzes/check.html", **_about(found, sheet), position=None, problem=problem
    )
    return page, problem.status if problem else 200


@bp.post("/submit")
@signed_in
@reads_first
def submit(public_id: str) -> ResponseReturnValue:
    """Submit with what is not known to be saved; repetitions have the first one's answer.

    The attempt itself is what makes a repetition one: `key` is for logs between us and browsers.
    """
    session, now = db.session(), clock.now()
    sheets = _sheets(request.form)
    begin_writing("shared")
    try:
        found = attempts.submit(
            session,
            me(),
            public_id,
            now,
            client=request.form.get("client"),
            sheet=[(n, fields.get("seq", type=int), fields.getlist) for n, fields in sheets],
        )
    except (Invalid, Elsewhere) as error:
        if wants_json():
            raise
        stop_writing()
        return _check_page(public_id, error)
    session.commit()
    end = found.deadline_at
    if sheets and found.ended == "deadline" and end and is_over(end, now):
        kept = now <= end + LATEST
        # The answer itself is the same each time.
        flash(saving.late() if kept else saving.too_late(), "warning")
    if not wants_json():
        return _to_result(public_id)
    return {
        "submitted": True,
        "at": found.submitted_at.isoformat() if found.submitted_at else None,
        "result": url_for("results.result", public_id=public_id),
    }


def _sheets(sent: MultiDict[str, str]) -> list[tuple[int, MultiDict[str, str]]]:
    """The fields of a submit by position: `3:option` is an option of the third item."""
    found: dict[int, MultiDict[str, str]] = defaultdict(MultiDict)
    for name, values in sent.lists():
        if match := SHEET_FIELD.fullmatch(name):
            found[int(match[1])].setlist(match[2], values)
    return sorted(found.items())
