"""The first page: what each role does next."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.certification.progress import paths_of
from quizapp.content import banks, keys
from quizapp.db import db
from quizapp.pages.access import signed_in
from quizapp.pages.language import today
from quizapp.people import teams
from quizapp.quiz import contests, exposure, late, quizzes
from quizapp.reports import progress
from quizapp.reports import teams as team_reports

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """One's own path, and above it what the role adds."""
    session, now = db.session(), clock.now()
    own = progress.of_person(session, current_user.id, today(), now)
    led = []
    if current_user.role == "manager":
        led = [
            (team, team_reports.of_team(session, team.id, today(), now))
            for team in teams.led_teams(session, current_user.id)
        ]
    waiting = []
    objections = late_answers = worn = 0
    if current_user.role == "trainer":
        objections = len(contests.objections(session, waiting=True))
        late_answers = late.count(session)
        worn = sum(exposure.worn(session).values())
        for bank, revision in banks.live(session):
            found = keys.statuses(session, [p.revision.id for p in banks.places(session, bank)])
            open_keys = sum(status.state != "confirmed" for status in found.values())
            waiting.append((bank, revision, open_keys, quizzes.of_bank(session, bank)))
    return render_template(
        "home/index.html",
        own=own,
        paths=paths_of(session, current_user.id, now),
        led=led,
        waiting=waiting,
        objections=objections,
        late_answers=late_answers,
        worn=worn,
    )
