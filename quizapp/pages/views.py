"""Reports that a manager or trainer keeps by name, and has come by e-mail."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from quizapp import clock
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing
from quizapp.pages.access import for_roles, reader
from quizapp.reports import readers, views
from quizapp.reports.models import SavedView
from quizapp.reports.sheets.registry import arguments

bp = Blueprint("views", __name__, url_prefix="/views")

_l = lazy_gettext


@dataclass(frozen=True)
class Page:
    """The page of a kind of view; `path` names its arguments that stand in the address itself."""

    endpoint: str
    name: str
    path: dict[str, str] = field(default_factory=dict)


PAGES = {
    "home": Page("home.index", _l("My teams in figures")),
    "ready": Page("ready.index", _l("Who is ready today")),
    "attention": Page("attention.index", _l("Whom to see to first")),
    "team": Page("teams.team", _l("Progress of a team"), {"team": "public_id"}),
    "programs": Page("team_programs.team", _l("Programs of a team"), {"team": "public_id"}),
    "heatmap": Page("heatmap.index", _l("Heatmap")),
    "person": Page("teams.person", _l("One person"), {"person": "public_id"}),
    "coverage": Page("coverage.index", _l("Coverage")),
    "program-people": Page("program_people.index", _l("People in a program"), {"program": "slug"}),
    "analysis": Page("analysis.index", _l("Quality of the quizzes")),
    "items": Page("analysis.quiz", _l("Quality of a quiz"), {"quiz": "slug"}),
}
WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)


def address(view: SavedView) -> str:
    """Where a view leads."""
    page = PAGES[view.kind]
    values: dict[str, Any] = {page.path.get(name, name): v for name, v in view.args.items()}
    return url_for(page.endpoint, **values)


@bp.get("")
@for_roles("manager", "trainer")
def index() -> ResponseReturnValue:
    """The views that one has kept."""
    session, who = db.session(), reader()
    return render_template(
        "views/index.html",
        kept=[(view, views.is_open(session, who, view)) for view in views.of_reader(session, who)],
        teams={team.public_id: team.name for team in readers.led(session, who)},
        **_words(),
    )


def _words() -> dict[str, object]:
    today = clock.now().astimezone(reader().zone).date()
    return {
        "pages": PAGES,
        "weekdays": WEEKDAYS,
        "next_day": lambda view: views.next_day(view, today),
        "no_mail": views.no_mail(db.session(), reader()),
    }


@bp.post("")
@for_roles("manager", "trainer")
def keep() -> ResponseReturnValue:
    """Keep a report with its filters."""
    session, kind = db.session(), request.form.get("kind", "")
    args = arguments(request.form)
    if kind not in PAGES or not set(PAGES[kind].path) <= set(args):
        raise Missing
    try:
        view = views.keep(session, reader(), kind, args, request.form.get("name", ""), clock.now())
    except Invalid as error:
        stop_writing()
        page = render_template(
            "views/keep.html", kind=kind, args=args, problem=error.message, pages=PAGES
        )
        return page, 422
    session.commit()
    flash(gettext("The view was kept. It can come by e-mail, too."), "success")
    return redirect(url_for("views.settings", public_id=view.public_id), 303)


@bp.get("/<public_id>")
@for_roles("manager", "trainer")
def show(public_id: str) -> ResponseReturnValue:
    """Go to a view, or say plainly that there is nothing of it to be seen any more."""
    session, who = db.session(), reader()
    view = views.own(session, who, public_id)
    if not views.is_open(session, who, view):
        return render_template("views/gone.html", view=view)
    return redirect(address(view), 302)


@bp.get("/<public_id>/change")
@for_roles("manager", "trainer")
def settings(public_id: str) -> ResponseReturnValue:
    """Its name, the weekday on which it comes, its end."""
    return _settings(views.own(db.session(), reader(), public_id))


def _settings(view: SavedView, problem: str = "") -> ResponseReturnValue:
    page = render_template("views/change.html", view=view, problem=problem, **_words())
    return page, 422 if problem else 200


@bp.post("/<public_id>")
@for_roles("manager", "trainer")
def change(public_id: str) -> ResponseReturnValue:
    """Rename it, or have it come on another day."""
    session, who = db.session(), reader()
    view = views.own(session, who, public_id)
    given = request.form.get("weekday", "")
    weekday = int(given) if given.isdecimal() else None
    try:
        views.change(session, who, view, request.form.get("name", ""), weekday, clock.now())
    except Invalid as error:
        stop_writing()
        return _settings(views.own(session, who, public_id), error.message)
    session.commit()
    flash(gettext("Saved."), "success")
    return redirect(url_for("views.index"), 303)


@bp.post("/<public_id>/stop")
@for_roles("manager", "trainer")
def stop(public_id: str) -> ResponseReturnValue:
    """It comes by e-mail no more."""
    session, who = db.session(), reader()
    views.schedule(session, who, views.own(session, who, public_id), None, clock.now())
    session.commit()
    flash(gettext("It no longer comes by e-mail."), "success")
    return redirect(url_for("views.index"), 303)


@bp.post("/<public_id>/delete")
@for_roles("manager", "trainer")
def delete(public_id: str) -> ResponseReturnValue:
    """Forget a view."""
    session = db.session()
    session.delete(views.own(session, reader(), public_id))
    session.commit()
    flash(gettext("The view was deleted."), "success")
    return redirect(url_for("views.index"), 303)


@bp.post("/weekly")
@for_roles("manager")
def weekly() -> ResponseReturnValue:
    """Have one's teams in figures come each Monday."""
    session = db.session()
    view = views.begin_weekly(session, reader(), clock.now())
    session.commit()
    return redirect(url_for("views.settings", public_id=view.public_id), 303)
