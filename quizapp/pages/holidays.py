"""The administrator's holidays: days on which nothing falls due."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user

from quizapp import clock
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing
from quizapp.pages.access import for_roles
from quizapp.pages.dates import day_in
from quizapp.pages.language import today
from quizapp.people import holidays

bp = Blueprint("holidays", __name__, url_prefix="/admin/holidays")


@bp.get("")
@for_roles("admin")
def index() -> ResponseReturnValue:
    """The holidays of a year, and Brazil's to choose from."""
    return _page(_year(request.args.get("year", "")))


def _page(year: int, problem: str = "") -> ResponseReturnValue:
    kept = holidays.listed(db.session(), year)
    taken = {holiday.on for holiday in kept}
    page = render_template(
        "holidays/index.html",
        year=year,
        years=holidays.YEARS,
        kept=kept,
        offered=[one for one in holidays.national(year) if one.on not in taken],
        sent=request.form,
        problem=problem,
    )
    return page, 422 if problem else 200


def _year(text: str) -> int:
    if not text:
        return today().year
    if not (text.isascii() and text.isdigit() and int(text) in holidays.YEARS):
        raise Missing
    return int(text)


@bp.post("")
@for_roles("admin")
def add() -> ResponseReturnValue:
    """Put down a holiday of one's own."""
    session = db.session()
    year = today().year
    try:
        on = day_in(request.form.get("on", ""))
        if on is None:
            raise Invalid(gettext("Give the day."))
        year = on.year if on.year in holidays.YEARS else year
        name = request.form.get("name", "")
        holidays.add(session, on, name, by=current_user.public_id, now=clock.now())
        session.commit()
    except Invalid as error:
        stop_writing()
        return _page(year, str(error.message))
    flash(gettext("Saved."), "success")
    return redirect(url_for("holidays.index", year=year), 303)


@bp.post("/national")
@for_roles("admin")
def add_national() -> ResponseReturnValue:
    """Put down those of Brazil's that were ticked and are not there yet."""
    session, now = db.session(), clock.now()
    year = _year(request.form.get("year", ""))
    taken = {holiday.on for holiday in holidays.listed(session, year)}
    ticked = set(request.form.getlist("on"))
    added = 0
    for one in holidays.national(year):
        if one.on.isoformat() in ticked and one.on not in taken:
            holidays.add(session, one.on, one.name, by=current_user.public_id, now=now)
            taken.add(one.on)
            added += 1
    session.commit()
    flash(ngettext("%(num)s holiday added.", "%(num)s holidays added.", added), "success")
    return redirect(url_for("holidays.index", year=year), 303)


@bp.post("/<on>/remove")
@for_roles("admin")
def remove(on: str) -> ResponseReturnValue:
    """Take a holiday off."""
    session = db.session()
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise Missing from error
    holidays.remove(session, day, by=current_user.public_id, now=clock.now())
    session.commit()
    flash(gettext("The holiday was taken off."), "success")
    return redirect(url_for("holidays.index", year=day.year), 303)
