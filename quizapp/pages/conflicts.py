"""Conflicts: a file and a page changed the same document; a person settles it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.content import conflicts, diffs, editing
from quizapp.content.messages import message
from quizapp.content.models import Conflict
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid
from quizapp.pages.access import for_roles, me

bp = Blueprint("conflicts", __name__)


@bp.get("/conflicts")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """The conflicts that wait."""
    return render_template("conflicts/index.html", rows=conflicts.open_ones(db.session()))


@bp.route("/conflicts/<int:number>", methods=["GET", "POST"])
@for_roles("trainer")
def conflict(number: int) -> ResponseReturnValue:
    """The two sides beside each other, and what to keep."""
    session = db.session()
    found = conflicts.find(session, number)
    if request.method == "GET":
        return _page(session, found)
    sides = conflicts.sides(session, found)
    keep = request.form.get("keep", "")
    typed = request.form.get("text", "").replace("\r\n", "\n")
    text = {"page": sides.page, "file": sides.file}.get(keep, typed)
    if request.form.get("number") != str(sides.number):
        problem = gettext("Somebody saved another version meanwhile: look at the two sides again.")
        return _page(session, found, problem, typed), 409
    try:
        conflicts.settle(
            session,
            found,
            text,
            by=me().public_id,
            now=clock.now(),
            reason=gettext("conflict settled"),
        )
        session.commit()
    except Invalid as error:
        stop_writing()
        return _page(session, found, str(error.message), text), 422
    flash(gettext("Settled. The next export writes it to the file."), "success")
    return redirect(url_for("conflicts.index"), 303)


def _page(session: Session, found: Conflict, problem: str = "", text: str | None = None) -> str:
    sides = conflicts.sides(session, found)
    document = editing.check(sides.name, text) if problem and text else None
    return render_template(
        "conflicts/conflict.html",
        found=found,
        sides=sides,
        title=sides.title,
        problems=document.problems if document else (),
        message=message,
        page=diffs.compare(sides.base, sides.page),
        file=diffs.compare(sides.base, sides.file),
        text=sides.page if text is None else text,
        problem=problem,
    )
