"""One's own progress."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.pages.access import reader, signed_in
from quizapp.pages.language import today
from quizapp.people import calendars
from quizapp.people.models import User
from quizapp.reports import paths, timeline
from quizapp.reports import person as persons

bp = Blueprint("progress", __name__)


@bp.get("/progress")
@signed_in
def index() -> ResponseReturnValue:
    """What I read, tried and passed."""
    return show(current_user.id, None)


def show(user_id: int, person: User | None) -> str:
    """The page about somebody, for themselves or, with `person`, for who leads them."""
    session, now = db.session(), clock.now()
    said = persons.of_person(session, reader(), user_id, today(), now)
    pages = max(1, -(-len(said.events) // timeline.PAGE))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    return render_template(
        "progress/index.html",
        said=said,
        events=said.events[(page - 1) * timeline.PAGE : page * timeline.PAGE],
        page=page,
        pages=pages,
        person=person,
        is_away=person and calendars.away_now(session, [(user_id, person.zone)], now),
        # What the person is called to; one's own is on home.
        paths=paths.of_person(session, user_id, current_user.id, now) if person else (),
    )
