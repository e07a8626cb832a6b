"""Any text is imported whole or not at all, whatever it holds."""

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select, text

from quizapp import clock
from quizapp.content import importer
from quizapp.content.models import (
    BankEntry,
    BankRevision,
    ItemRevision,
    Procedure,
    ProcedureRevision,
    Section,
)
from quizapp.db import db
from quizapp.evidence import chain
from tests.conftest import TODAY
from tests.examples import tried
from tests.formats.generators import NAMES, texts

TABLES = ("bank", "bank_revision", "bank_entry", "item", "item_revision", "item_key", "section")


def counts(session):
    """How many rows each table of content has, and how long the evidence is."""
    rows = {t: session.execute(text(f"SELECT count(*) FROM {t}")).scalar_one() for t in TABLES}  # noqa: S608
    return rows, chain.head(session)


briefly = settings(
    max_examples=tried(300),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@briefly
@given(name=NAMES, source=texts())
def test_no_text_is_imported_in_part(app, name, source):
    check(name, source)


@pytest.mark.slow
@settings(briefly, max_examples=tried(2000))
@given(name=NAMES, source=texts())
def test_none_of_two_thousand_texts_is_imported_in_part(app, name, source):
    check(name, source)


def check(name, source):
    """Import a text; either all of it is there, or nothing has changed."""
    session = db.session()
    before = counts(session)
    file = importer.File(name, f"/nowhere/{name}", source.encode())
    (report,) = importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
    if report.status == "refused":
        assert counts(session) == before
        assert any(problem.severity == "error" for problem in report.problems)
    elif report.kind == "procedure":
        newest = select(func.max(ProcedureRevision.id)).scalar_subquery()
        stored = select(func.count(Section.id)).where(Section.revision_id == newest)
        assert session.execute(stored).scalar_one() == report.sections
        assert session.execute(select(func.count(Procedure.id))).scalar_one() >= 1
    else:
        newest = select(func.max(BankRevision.id)).scalar_subquery()
        stored = (
            select(func.count(ItemRevision.id))
            .join(BankEntry, BankEntry.item_revision_id == ItemRevision.id)
            .where(BankEntry.bank_revision_id == newest)
        )
        assert session.execute(stored).scalar_one() >= report.items
    again = importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
    assert again[0].status == ("refused" if report.status == "refused" else "unchanged")
    session.rollback()
