"""Whom a manager should see to first, all of them."""

import math

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.pages.access import for_roles, reader
from quizapp.reports import attention, readers

bp = Blueprint("attention", __name__)

AT_ONCE = 50


@bp.get("/attention")
@for_roles("manager")
def index() -> ResponseReturnValue:
    """Everybody of the teams that one leads, or of one team, with the reason and what to do."""
    session = db.session()
    wanted = request.args.get("team", "")
    led = readers.led(session, reader())
    chosen = readers.led(session, reader(), wanted) if wanted else led
    found = attention.of_teams(session, current_user.id, chosen, clock.now())
    pages = max(1, math.ceil(len(found.lines) / AT_ONCE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = found.lines[(page - 1) * AT_ONCE : page * AT_ONCE]
    return render_template(
        "attention/index.html",
        led=led,
        wanted=wanted,
        found=found,
        lines=attention.with_paths(session, current_user.id, shown, clock.now()),
        days=attention.RECENT.days,
        page=page,
        pages=pages,
    )
