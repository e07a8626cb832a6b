"""For what watches the installation: whether the process lives, and whether it can serve."""

import logging
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from quizapp import clock, jobs
from quizapp.db import db, is_away, is_busy, migrate
from quizapp.pages.access import public

log = logging.getLogger(__name__)
bp = Blueprint("health", __name__)

# Seconds: a worker says far more often that it lives.
WORKER_SILENCE = 60


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return {"alive": True}


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """200 where the database answers and is of this version, else 503; the rest is to know."""
    database, step = _database(), round(clock.step())
    seen = jobs.silence(Path(current_app.config["INSTANCE"]))
    state = {
        "ready": database == "ok",
        "database": database,
        "worker": "ok" if seen is not None and seen < WORKER_SILENCE else "silent",
        "clock": "stepped" if step else "ok",
        "clock_step_seconds": step,
    }
    return state, 200 if state["ready"] else 503


def _database() -> str:
    """ok, old (to be migrated, or of another version) or away."""
    try:
        found = db.session.connection().execute(_VERSION).scalar_one_or_none()
    except Exception as error:
        if is_away(error) or is_busy(error):
            return "away"
        log.warning("the database's version could not be read", exc_info=error)
        return "old"  # there is no such table before the first migration
    return "ok" if found == _newest() else "old"


_VERSION = text("SELECT version_num FROM alembic_version")


@cache
def _newest() -> str | None:
    return ScriptDirectory(str(migrate.directory)).get_current_head()
