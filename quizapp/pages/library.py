"""The library: procedures, the reader, acknowledging, search."""

from functools import lru_cache
from itertools import repeat

from flask import (
    Blueprint,
    flash,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.content import procedures, search
from quizapp.db import db
from quizapp.pages.access import me, signed_in
from quizapp.pages.failures import wants_json
from quizapp.pages.language import language, today
from quizapp.people import audience
from quizapp.quiz import citing
from quizapp.reports import programs
from quizapp.study import reading

bp = Blueprint("library", __name__)


@bp.get("/library")
@signed_in
def index() -> ResponseReturnValue:
    """All procedures in force."""
    session = db.session()
    return render_template(
        "library/index.html",
        procedures=procedures.listed(session, today(), current_user.id),
        teams=audience.names(session, "procedure") if _writes() else {},
        read=reading.read_counts(session, current_user.id, today()),
    )


@bp.get("/procedures/<slug>")
@signed_in
def procedure(slug: str) -> ResponseReturnValue:
    """The reader."""
    session = db.session()
    text = reading.text_of(session, slug, today(), current_user.id)
    states = reading.states(session, current_user.id, text)
    cited = citing.questions(session, slug, [part.anchor for part in text.parts], current_user.id)
    spoken = language()
    together = Markup("").join
    return render_template(
        "library/procedure.html",
        text=text,
        program=request.args.get("program", ""),
        read_count=states.count("read"),
        whose=_whose(session, slug) if _writes() else None,
        entries=together(map(_entry, text.parts, states, repeat(spoken))),
        body=together(
            _part(part, state, cited[part.anchor], spoken)
            for part, state in zip(text.parts, states, strict=True)
        ),
    )


def _writes() -> bool:
    return bool(current_user.role == "trainer")


def _whose(session: Session, slug: str) -> tuple[bool, list[str]]:
    """Whether it is a draft, and the names of the teams it is limited to: for who writes."""
    teams = audience.of(session, "procedure", slug)
    return procedures.find(session, slug).draft, [team.name for team in teams]


@lru_cache(maxsize=4096)
def _part(part: reading.Part, state: str, cited: int, _spoken: str) -> Markup:
    # A section looks the same to everyone in the same state and language.
    html: Markup = get_template_attribute("library/part.html", "part_html")(part, state, cited)
    return html


@lru_cache(maxsize=4096)
def _entry(part: reading.Part, state: str, _spoken: str) -> Markup:
    html: Markup = get_template_attribute("library/part.html", "entry_html")(part, state)
    return html


@bp.post("/procedures/<slug>/read")
@signed_in
def acknowledge(slug: str) -> ResponseReturnValue:
    """Take one's word about a section; the field says which, and the hash of what was shown."""
    session = db.session()
    text = reading.text_of(session, slug, today(), current_user.id)
    anchor, _, shown = request.form.get("read", "").partition(" ")
    now = clock.now()
    taken = reading.acknowledge(session, me(), text, anchor, shown, now=now)
    session.commit()
    to = url_for("library.procedure", slug=slug, _anchor=anchor)
    awarded = programs.awarded_at(session, current_user.id, now)
    for program, title in awarded:
        flash(gettext("You are certified now: %(title)s.", title=title), "success")
        to = url_for("programs.program", slug=program)
    if wants_json():
        states = reading.states(session, current_user.id, text)
        counts = {"count": states.count("read"), "total": len(states)}
        return {"stale": not taken, "to": to if awarded else None, **counts}
    if not taken:
        flash(gettext("This section has changed meanwhile. Please read it again."), "warning")
    return redirect(to, 303)


@bp.get("/search")
@signed_in
def find() -> ResponseReturnValue:
    """Search: sections for everyone, items for trainers alone."""
    query = request.args.get("q", "").strip()
    session = db.session()
    me_id = current_user.id
    return render_template(
        "library/search.html",
        query=query,
        sections=search.find_sections(session, query, today(), viewer=me_id) if query else [],
        items=search.find_items(session, query) if query and _writes() else [],
    )
