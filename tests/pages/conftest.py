"""What several tests of pages stand on."""

from types import SimpleNamespace

import pytest
from sqlalchemy import event

from quizapp.db import db
from tests.databases import ON_POSTGRES


@pytest.fixture
def away(app):
    """Take the database away, and bring it back."""

    def elsewhere(_dialect, _record, args, parameters):
        if ON_POSTGRES:
            parameters["host"] = "/nowhere"
        else:
            args[0] = "/nowhere/quizapp.sqlite3"

    def take():
        db.session.remove()
        db.engine.dispose()
        event.listen(db.engine, "do_connect", elsewhere)

    def bring():
        event.remove(db.engine, "do_connect", elsewhere)

    yield SimpleNamespace(take=take, bring=bring)
    if event.contains(db.engine, "do_connect", elsewhere):
        bring()
