"""The reports that there are for each role, with a sentence about each."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.pages.access import for_roles, reader
from quizapp.reports import views
from quizapp.reports.sheets import exported

bp = Blueprint("reports", __name__)

_l = lazy_gettext


@dataclass(frozen=True)
class Card:
    """A report: its page, its name, and what it answers."""

    endpoint: str
    name: str
    says: str


_QUALITY = Card(
    "analysis.index",
    _l("Quality of the quizzes"),
    _l("How many pass, how far that rests on the person, which questions to look at."),
)
_JUDGES = Card(
    "panels.index",
    _l("Judges of cut scores"),
    _l("Who judges how hard questions are, how far apart they are, what cut score it gives."),
)
_PEOPLE = (
    Card(
        "attention.index",
        _l("Whom to see to first"),
        _l("Who is overdue, has lapsed, has not passed or has not begun, and what to do next."),
    ),
    Card(
        "ready.index",
        _l("Who is ready today"),
        _l("For each queue, who may work it today, who may not and why, who is about to stop."),
    ),
    Card(
        "heatmap.index",
        _l("Heatmap"),
        _l("What each person knows, by competency, by procedure and by section."),
    ),
    Card(
        "teams.index",
        _l("My teams"),
        _l("What everybody has read and passed, each person's timeline, and how programs stand."),
    ),
    Card(
        "team_cohorts.index",
        _l("Cohorts"),
        _l("Who of your people is trained together, when they meet and who was there."),
    ),
    Card(
        "handouts.index",
        _l("Notices to hand out"),
        _l("Cards to print for those whom no e-mail reaches."),
    ),
    _QUALITY,
    _JUDGES,
)
_CONTENT = (
    _QUALITY,
    _JUDGES,
    Card(
        "coverage.index",
        _l("Coverage"),
        _l("Which sections the exams test and which not, and what most people get wrong."),
    ),
    Card(
        "linking.index",
        _l("Questions and sections"),
        _l("Which question rests on which section, and which on none."),
    ),
    Card(
        "program_editor.index",
        _l("Programs"),
        _l("How people stand in each program, by company number."),
    ),
)
_OWN = (
    Card(
        "progress.index",
        _l("My progress"),
        _l("What you have read, tried and passed, your strengths and gaps, your timeline."),
    ),
    Card(
        "programs.index",
        _l("My programs"),
        _l("Your steps, what is due and what you are certified in."),
    ),
)
CARDS = {"manager": _PEOPLE, "trainer": _CONTENT, "agent": _OWN}


@bp.get("/reports")
@for_roles("manager", "trainer", "agent")
def index() -> ResponseReturnValue:
    """The reports for one's role, what one has kept, the files that were made."""
    session, who = db.session(), reader()
    return render_template(
        "reports/index.html",
        cards=CARDS[current_user.role],
        kept=views.of_reader(session, who),
        files=exported.mine(session, who, clock.now()),
    )
