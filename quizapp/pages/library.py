"""The library: procedures, the reader, read marks, search."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from quizapp import clock
from quizapp.content import citations, procedures, search
from quizapp.db import db
from quizapp.pages.access import me, signed_in
from quizapp.pages.failures import wants_json
from quizapp.pages.language import today
from quizapp.study import reading

bp = Blueprint("library", __name__)


@bp.get("/library")
@signed_in
def index() -> ResponseReturnValue:
    """All procedures in force."""
    session = db.session()
    return render_template(
        "library/index.html",
        procedures=procedures.listed(session, today()),
        read=reading.read_counts(session, current_user.id, today()),
    )


@bp.get("/procedures/<slug>")
@signed_in
def procedure(slug: str) -> ResponseReturnValue:
    """The reader."""
    session = db.session()
    text = reading.text_of(session, slug, today())
    marks = reading.marks(session, current_user.id, text.procedure_id)
    return render_template(
        "library/procedure.html",
        text=text,
        parts=text.parts,
        marks=marks,
        read_count=_read_count(text.parts, marks),
        cited=citations.items_citing(session, slug),
    )


@bp.post("/procedures/<slug>/sections/<anchor>/read")
@signed_in
def mark(slug: str, anchor: str) -> ResponseReturnValue:
    """Mark a section as read, or take the mark back."""
    session = db.session()
    text = reading.text_of(session, slug, today())
    kept = reading.mark(
        session,
        me(),
        text,
        anchor,
        request.form.get("hash", ""),
        read=request.form.get("read") == "1",
        now=clock.now(),
    )
    session.commit()
    if not kept:
        flash(gettext("This section has changed meanwhile. Please read it again."), "warning")
    if wants_json():
        marks = reading.marks(session, current_user.id, text.procedure_id)
        return {
            "stale": not kept,
            "read": anchor in marks,
            "count": _read_count(text.parts, marks),
            "total": len(text.parts),
        }
    return redirect(url_for("library.procedure", slug=slug, _anchor=anchor), 303)


def _read_count(parts: Sequence[reading.Part], marks: Mapping[str, str]) -> int:
    return sum(marks.get(part.anchor) == part.hash for part in parts)


@bp.get("/search")
@signed_in
def find() -> ResponseReturnValue:
    """Search: sections for everyone, items for trainers alone."""
    query = request.args.get("q", "").strip()
    session = db.session()
    trainer = current_user.role == "trainer"
    return render_template(
        "library/search.html",
        query=query,
        sections=search.find_sections(session, query, today()) if query else [],
        items=search.find_items(session, query) if query and trainer else [],
    )
