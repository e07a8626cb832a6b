"""While a person sits an exam without consultation, all that could help is closed to them.

A page is closed then unless it is named here; whoever adds one that has to stay open adds it.
"""

from typing import Any

from flask import Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from quizapp import clock
from quizapp.db import db, stop_writing
from quizapp.pages.access import OPEN_ENDPOINTS
from quizapp.pages.failures import wants_json
from quizapp.quiz import attempts, quizzes

# The way to the exam, and the account. What is public is not asked about.
STAYS_OPEN = frozenset(
    {
        "home.index",
        "account.settings",
        "account.sign_out",
        "account.choose_language",
        "account.choose_theme",
    }
)
# Taking: its pages show nothing but the questions; those of practice are closed.
TAKING = frozenset({"quizzes", "attempts"})


def init_app(app: Flask) -> None:
    """Put the guard behind the one that says who may see what."""
    app.before_request(guard)


def guard() -> ResponseReturnValue | None:
    """Let through what may be seen in an exam, and everything when there is none."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS or endpoint in STAYS_OPEN:
        return None
    if not current_user.is_authenticated:
        return None
    if request.blueprint in TAKING and not _can_show_practice():
        return None
    sat = attempts.closed_book(db.session(), current_user.id, clock.now())
    if sat is None or _helps_nothing(sat, request.view_args or {}):
        return None
    return closed(sat)


def _can_show_practice() -> bool:
    """Whether a page of taking shows a question or makes a form; saving, the busiest, does not."""
    shows = request.method in ("GET", "HEAD") or request.endpoint == "quizzes.start"
    return shows and bool(request.view_args)


def _helps_nothing(sat: str, given: dict[str, Any]) -> bool:
    """Whether a page of taking, a picture or a result is one of the exam itself."""
    if request.blueprint in TAKING:
        slug, attempt = given.get("slug"), given.get("public_id")
        use = quizzes.use_of(db.session(), slug, attempt, current_user.id)
        return use != "practice"
    if request.endpoint == "pictures.show":
        return attempts.shows(db.session(), sat, given["name"])
    # Where an exam under way has its result, its own page leads back to it.
    return request.endpoint == "results.result" and bool(given["public_id"] == sat)


def closed(sat: str) -> ResponseReturnValue:
    """The page that says so, with the way back to the exam; JSON for a script."""
    stop_writing()
    text = gettext(
        "You are taking a quiz without consultation. Until you submit it, the procedures, the "
        "search, practice and earlier results are closed to you."
    )
    if wants_json():
        back = url_for("attempts.attempt", public_id=sat)
        return {"saved": False, "code": "closed-book", "message": text, "attempt": back}, 409
    return render_template("closed_book.html", attempt=sat, text=text), 409
