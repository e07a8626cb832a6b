"""The history of procedures, by section, and of banks; sections that went somewhere else."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from quizapp import clock
from quizapp.content import banks, history, moves, procedures
from quizapp.db import db
from quizapp.errors import Missing
from quizapp.pages.access import for_roles, me, signed_in
from quizapp.pages.language import today
from quizapp.people import teams

bp = Blueprint("history", __name__)


@bp.get("/procedures/<slug>/history")
@signed_in
def procedure(slug: str) -> ResponseReturnValue:
    """What each version of a procedure changed, section by section."""
    session = db.session()
    row = procedures.find(session, slug, current_user.id)
    trainer = current_user.role == "trainer"
    found = history.versions(session, row)
    if not trainer:
        # What is not in force yet is a trainer's draft.
        later = history.coming(session, row, today())
        found = [version for version in found if version.number not in later]
    if not found:
        raise Missing
    number = request.args.get("version", type=int) or found[0].number
    if number not in {version.number for version in found}:
        raise Missing
    return render_template(
        "history/procedure.html",
        row=row,
        versions=found,
        number=number,
        changes=history.procedure_changes(session, row, number),
        names=teams.names(session, [v.by for v in found]) if trainer else {},
        moved=moves.asked(session, slug) if trainer else [],
    )


@bp.get("/banks/<slug>/history")
@for_roles("trainer")
def bank(slug: str) -> ResponseReturnValue:
    """What each version of a bank changed in its text."""
    session = db.session()
    row = banks.find(session, slug)
    found = history.versions(session, row)
    number = request.args.get("version", type=int) or found[0].number
    change = history.bank_change(session, row, number)
    if change is None:
        raise Missing
    return render_template(
        "history/bank.html",
        row=row,
        versions=found,
        number=number,
        change=change,
        names=teams.names(session, [v.by for v in found]),
    )


@bp.get("/moves")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """The sections of which a person has to say where they went."""
    session = db.session()
    found = moves.asked(session)
    return render_template(
        "history/moves.html",
        rows=[(row, move, moves.old_section(session, move)) for row, move in found],
        there=procedures.headings(session, {move.revision_id for _, move in found}),
    )


@bp.post("/procedures/<slug>/moves/<int:move_id>")
@for_roles("trainer")
def decide(slug: str, move_id: int) -> ResponseReturnValue:
    """Say where a section went."""
    session = db.session()
    anchor = request.form.get("anchor") or None
    moves.decide(session, slug, move_id, anchor, by=me().public_id, now=clock.now())
    session.commit()
    flash(gettext("Noted: what cites the section follows it."), "success")
    return redirect(url_for("history.index"), 303)
