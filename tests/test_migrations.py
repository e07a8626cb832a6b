"""The migrations lead to the models, and data survives the way down and up."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from quizapp.db import db, migrate
from quizapp.reports import models as _reports  # noqa: F401
from tests.databases import triggers
from tests.quiz.test_attempts import begin


def revisions():
    config = migrate.get_config()
    return [r.revision for r in ScriptDirectory.from_config(config).walk_revisions()]


def test_the_newest_migration_is_the_models(app):
    def ours(_object, name, kind, _reflected, _to):
        return not (kind == "table" and name.startswith("search_"))

    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": ours, "compare_type": True}
        )
        assert compare_metadata(context, db.metadata) == []


def test_every_migration_goes_down_and_up_with_data(app, session, cast, quiz):
    begin(session, cast.ana, quiz)
    session.commit()
    rows = session.execute(text('SELECT count(*) FROM "user"')).scalar_one()
    assert rows == 8
    db.session.remove()
    for _ in revisions():
        downgrade()
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    for revision in reversed(revisions()):
        upgrade(revision=revision)
    assert "attempt" in inspect(db.engine).get_table_names()


def test_what_must_not_change_is_guarded(app, session):
    for table in (
        "evidence_entry",
        "item_revision",
        "section",
        "score",
        "response_event",
        "certification",
        "acknowledgement",
    ):
        assert {f"{table}_no_update", f"{table}_no_delete"} <= triggers(session)
