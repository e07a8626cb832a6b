"""A generated company is such as the application would have made it, and the same each time."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from quizapp import clock
from quizapp.certification import assignments, awarding, renewals, status
from quizapp.company import history
from quizapp.company.history import Size
from quizapp.errors import Refused
from quizapp.evidence import chain
from quizapp.people.models import User
from quizapp.quiz import attempts, grading, regrade
from quizapp.quiz.models import Attempt, ResponseEvent, Score
from tests.company import agreement
from tests.conftest import TODAY

SMALL = Size(agents=30, attempts=200, team=10)
# What befalls a company, by the rows that say so, and how many of them there are at least.
HAPPENED = {
    "procedure_revision WHERE number > 1": 20,
    "section_move WHERE state = 'recognised'": 4,
    "acknowledgement JOIN procedure_revision ON procedure_revision.id = revision_id"
    " WHERE number > 1": 50,
    "cohort WHERE closed_at IS NOT NULL": 3,
    "attendance WHERE state = 'absent'": 3,
    "waiver": 2,
    "certification WHERE source = 'recorded'": 1,
    "certification_act WHERE act = 'reinstated'": 1,
    "absence WHERE kind = 'leave'": 3,
    "late_response": 1,
    "contest": 1,
    "item_decision": 2,
    "score WHERE number > 1": 1,
    "cut_judge WHERE done_at IS NOT NULL": 3,
    "saved_view WHERE weekday IS NOT NULL": 1,
    "feed": 1,
}
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_small_company_is_such_as_the_application_would_have_made_it(session):
    heard = []
    known = history.make(session, SMALL, 7, today=TODAY, progress=heard.append)
    session.commit()
    session.expire_all()
    assert heard[-1] == session.scalar(select(func.count()).select_from(Attempt)) == 200
    assert {user.role for user in known} == {"admin", "trainer", "manager", "agent"}
    # Scored again nothing moves, and the evidence has the history as the database has it.
    ids = list(session.scalars(select(Attempt.id).order_by(Attempt.id)))
    scores = {row.attempt_id: row for row in session.scalars(select(Score).order_by(Score.number))}
    items = regrade.items_of(session, [row.id for row in scores.values()])
    papers = grading.papers(session, ids)
    keys = grading.keys_of(session, {given.revision_id for one in papers for given in one.items})
    for paper in papers:
        if paper.attempt_id not in scores:
            continue  # it is open
        kept = scores[paper.attempt_id]
        again = grading.NewScore(paper, keys, grading.grade(paper, keys), 1, kept.passed)
        assert again.facts() == {name: getattr(kept, name) for name in again.facts()}
        assert again.items() == items[kept.id]
    assert chain.first_break(session) is None
    submitted = text("SELECT about, data FROM evidence_entry WHERE kind = 'attempt.submitted'")
    hashes = dict(iter(session.execute(submitted)))
    for attempt in session.scalars(select(Attempt).where(Attempt.state == "submitted")).all():
        assert attempts.history_of(session, attempt.id) in hashes[attempt.public_id]
    changed = select(func.count()).select_from(ResponseEvent)
    assert session.scalar(changed) > session.scalar(text("SELECT count(*) FROM response"))
    # The schedule finds nothing to enrol, to renew or to award.
    people = list(session.scalars(select(User.id)))
    assert not assignments.is_due(session, clock.now())
    assert renewals.open_due(session, NOW) == []
    assert awarding.settle_all(session, people, NOW) == []
    held = {one.state for some in status.holdings(session, people, NOW).values() for one in some}
    assert held >= {"valid", "expired", "revoked"}
    for table, least in HAPPENED.items():
        assert session.scalar(text(f"SELECT count(*) FROM {table}")) >= least, table  # noqa: S608
    # Wherever reports answer the same question they say the same, also as days go by.
    for days in (0, 40, 150):
        assert agreement.disagreements(session, NOW + timedelta(days=days)) == []
    with pytest.raises(Refused):
        history.make(session, SMALL, 7, today=TODAY)


@pytest.mark.slow
def test_a_large_company_takes_minutes(session):
    began = time.process_time()
    history.make(session, Size(agents=200, attempts=10_000), 1, today=TODAY)
    # Ten times as many people with as much history each take no more than ten times as long.
    assert 10 * (time.process_time() - began) < 600
    assert 90_000 < session.scalar(text("SELECT count(*) FROM response")) < 110_000
    assert chain.first_break(session) is None


def told(session, seed):
    """What matters of a company: who is in it, what they answered and what they got."""
    history.make(session, Size(agents=8, attempts=20), seed, today=TODAY)
    found = [
        session.execute(text(statement)).all()
        for statement in (
            'SELECT public_id, name, role, left_at FROM "user"',
            "SELECT public_id, seed, started_at, submitted_at, ended FROM attempt",
            "SELECT public_id, position, CAST(value AS text), spent FROM response"
            " JOIN attempt ON attempt.id = attempt_id",
            # What functions draw by themselves, such as the code of a late award, differs.
            "SELECT public_id, awarded_on, valid_until FROM certification"
            ' JOIN "user" ON "user".id = user_id',
            "SELECT about, data FROM evidence_entry WHERE kind = 'attempt.submitted'",
        )
    ]
    session.rollback()
    return [sorted(map(str, rows)) for rows in found]


@pytest.mark.slow
def test_the_same_seed_and_day_make_the_same_company(session):
    one, same, other = told(session, 3), told(session, 3), told(session, 4)
    assert one == same
    assert all(mine != theirs for mine, theirs in zip(one, other, strict=True))
