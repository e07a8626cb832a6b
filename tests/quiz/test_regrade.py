"""After the fact: who moves is known beforehand, rows are only added, no pass is taken away."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.content import banks, keys
from quizapp.content.models import Bank, Item, ItemKey
from quizapp.db import db, only_reading
from quizapp.engines import reading
from quizapp.errors import Invalid, Missing, Refused
from quizapp.evidence import chain
from quizapp.evidence.models import EvidenceEntry
from quizapp.notices.models import Notice
from quizapp.quiz import attempts, contests, decisions, effects, passes, quizzes, regrade
from quizapp.quiz.models import Attempt, AttemptItem, ItemDecision, ItemScore, Score
from tests.databases import tables
from tests.quiz import sittings
from tests.quiz.test_attempts import begin, give, right_answers

NOW = clock.now()
WHY = "O procedimento mudou."


@pytest.fixture
def sat(session):
    """Sixty sittings over a bank of all kinds; items by uid."""
    made = sittings.sit(session, 60)
    session.commit()
    return {uid: item_id for uid, item_id, _ in made}


def ruled(session, item_id, kind, policy="better", value=None):
    about = decisions.subject(session, session.get_one(Item, item_id))
    return about, decisions.rule(about, kind, policy, value)


def decide(session, item_id, kind, policy="better", value=None):
    about, ruling = ruled(session, item_id, kind, policy, value)
    return decisions.decide(session, about, ruling, reason=WHY, by="teo", now=NOW)


def regraded(session, item_id, kind, policy="better", value=None):
    decision = decide(session, item_id, kind, policy, value)
    regrade.apply(session, decision)
    session.commit()
    return decision


def everything(session):
    """All rows of all tables."""
    names = [n for n in tables(session) if not n.startswith(("sqlite_", "search"))]
    return {
        name: sorted(
            repr(tuple(row))
            for row in session.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608
        )
        for name in names
    }


OUTCOMES = [
    ("single-1", "replaced", "better"),
    ("short_answer-1", "both", "better"),
    ("ordering-2", "void", "better"),
    ("numeric-1", "void", "everyone"),
]


@pytest.mark.parametrize("uid, kind, policy", OUTCOMES)
def test_a_plan_writes_nothing_and_is_what_then_happens(session, sat, uid, kind, policy):
    value = sittings.OTHERS.get(uid.rpartition("-")[0]) if kind != "void" else None
    before = everything(session)
    with only_reading():
        _, ruling = ruled(session, sat[uid], kind, policy, value)
        plan = regrade.plan(session, sat[uid], ruling)
    assert everything(session) == before
    assert plan.moves
    assert plan.asked == plan.untouched + len(plan.moves)
    decision = regraded(session, sat[uid], kind, policy, value)
    assert effects.moves_of(session, decision.id) == list(plan.moves)


def test_what_only_reads_cannot_write(session, sat):
    with only_reading(), pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM flag"))


def test_only_forms_that_have_the_item_change_and_no_row_is_overwritten(session, sat):
    before = everything(session)
    regraded(session, sat["single-1"], "replaced", value=sittings.OTHERS["single"])
    after = everything(session)
    assert set(before["score"]) <= set(after["score"])
    assert set(before["item_score"]) <= set(after["item_score"])
    has_it = select(AttemptItem.attempt_id).where(AttemptItem.item_id == sat["single-1"])
    new = session.execute(select(Score).where(Score.number == 2)).scalars().all()
    assert new
    assert {s.attempt_id for s in new} <= set(session.execute(has_it).scalars())
    assert {(s.reason, s.by, s.at) for s in new} == {(WHY, "teo", NOW)}
    assert all(s.decision_id for s in new)
    # Their item is measured by the new key.
    (key,) = session.execute(
        select(ItemScore.item_key_id)
        .distinct()
        .join(Score, Score.id == ItemScore.score_id)
        .join(
            AttemptItem,
            (AttemptItem.attempt_id == Score.attempt_id)
            & (AttemptItem.position == ItemScore.position),
        )
        .where(Score.number == 2, AttemptItem.item_id == sat["single-1"])
    ).scalars()
    assert session.get_one(ItemKey, key).value == sittings.OTHERS["single"]


def test_the_same_again_adds_nothing(session, sat):
    decision = regraded(session, sat["multiple-1"], "replaced", value=sittings.OTHERS["multiple"])
    before = everything(session)
    regrade.apply(session, decision)
    session.commit()
    regrade.work(session, decision.id)
    session.commit()
    assert everything(session) == before


def any_left(session):
    """The attempts that would get another score than they have."""
    changes = regrade._changes(session, list(session.execute(select(Attempt.id)).scalars()))
    assert changes
    return [change.before.attempt_id for change in changes if change.differs]


def test_a_regrade_without_a_change_is_the_identity(session, sat):
    assert any_left(session) == []


def test_broken_off_and_begun_again_it_gives_the_same_rows(session, sat, monkeypatch):
    monkeypatch.setattr(regrade, "BATCH", 4)
    decision = decide(session, sat["single-2"], "void")
    session.commit()
    decision_id = decision.id

    class Killed(Exception):
        pass

    def kill(done, total):
        if done >= 8:
            raise Killed

    with pytest.raises(Killed):
        regrade.work(session, decision_id, kill)
    session.rollback()
    by_it = select(Score.attempt_id).where(Score.decision_id == decision_id)
    half = len(session.execute(by_it).all())
    assert half
    assert not effects.is_recorded(session, session.get_one(ItemDecision, decision_id))
    regrade.work(session, decision_id)
    session.commit()
    found = list(session.execute(by_it).scalars())
    assert len(found) == len(set(found)) > half
    told = session.execute(select(func.count(Notice.id))).scalar_one()
    assert told == len(effects.moves_of(session, decision_id)), "and each is told once"
    about = decisions.subject(session, session.get_one(Item, sat["single-2"]))
    left = regrade._changes(
        session, regrade._asked(session, about.item.id, frozenset(decision.revisions), "submitted")
    )
    assert not any(change.differs for change in left)


@contextmanager
def another_process():
    """Not within what only reads: somebody else."""
    token = reading.set(False)
    yield
    reading.reset(token)


def test_others_write_while_it_computes_and_between_its_batches(session, sat, monkeypatch):
    monkeypatch.setattr(regrade, "BATCH", 10)
    decision = decide(session, sat["single-2"], "void")
    session.commit()
    compute, written = regrade._changes, []

    def write(*_):
        with another_process(), Session(db.engine) as other:
            other.execute(text("UPDATE job SET done = 0"))
            other.commit()
        written.append(1)

    def slow(*args):
        found = compute(*args)
        write()
        return found

    monkeypatch.setattr(regrade, "_changes", slow)
    regrade.work(session, decision.id, write)
    session.commit()
    assert len(written) >= 4


def test_what_another_scored_meanwhile_is_computed_again(session, sat, monkeypatch):
    """Two decisions at once: each attempt ends with both, and has no number twice."""
    first = decide(session, sat["single-1"], "void")
    second = decide(session, sat["single-2"], "void", "everyone")
    session.commit()
    compute, raced = regrade._changes, []

    def racing(inner, ids):
        found = compute(inner, ids)
        monkeypatch.setattr(regrade, "_changes", compute)
        inner.rollback()
        with another_process():
            regrade.apply(inner, inner.get_one(ItemDecision, second.id))
            inner.commit()
        raced.append(1)
        return found

    monkeypatch.setattr(regrade, "_changes", racing)
    regrade.work(session, first.id)
    session.commit()
    assert raced
    assert any_left(session) == []


# Passes.


def score_of(session, attempt):
    session.expire_all()
    return attempts.latest_score(session, attempt)


@pytest.fixture
def passed(session, cast, quiz):
    """Ana's attempt at "oito": all right; Bia's: only the first item wrong."""
    made = []
    for user, wrong in ((cast.ana, ()), (cast.bia, (1, 2))):
        attempt = begin(session, user, quiz)
        for position, fields in enumerate(right_answers(session, attempt), start=1):
            if position not in wrong:
                give(session, user, attempt, position, **fields)
        attempts.submit(session, user, attempt.public_id, NOW)
        made.append(attempt)
    session.commit()
    return made


def item_of(session, attempt, position):
    return session.execute(
        select(AttemptItem.item_id).where(
            AttemptItem.attempt_id == attempt.id, AttemptItem.position == position
        )
    ).scalar_one()


def other_key(session, item_id):
    about = decisions.subject(session, session.get_one(Item, item_id))
    fractions = about.key["fractions"]
    wrong = next(i for i, fraction in enumerate(fractions) if not fraction)
    return {"fractions": [float(i == wrong) for i in range(len(fractions))]}


def test_a_score_that_falls_keeps_its_pass_until_somebody_takes_it_by_name(session, cast, passed):
    ana, bia = passed
    assert score_of(session, bia).percent == 75
    for position in (3, 8):
        item_id = item_of(session, bia, position)
        regraded(session, item_id, "replaced", value=other_key(session, item_id))
    score = score_of(session, bia)
    assert (score.percent, score.passed, score.kept) == (50, True, True)
    assert (score_of(session, ana).percent, score_of(session, ana).kept) == (75, False)
    kinds = [n.kind for n in session.execute(select(Notice).order_by(Notice.id)).scalars()]
    assert sorted(kinds) == ["pass-kept", "pass-kept", "score-changed", "score-changed"]

    with pytest.raises(Missing):
        passes.take(session, ana.public_id, reason=WHY, by="teo", now=NOW)
    with pytest.raises(Invalid):
        passes.take(session, bia.public_id, reason="  ", by="teo", now=NOW)
    passes.take(session, bia.public_id, reason=WHY, by="teo", now=NOW)
    session.commit()
    score = score_of(session, bia)
    assert (score.percent, score.passed, score.kept, score.number) == (50, False, False, 4)
    items = session.execute(select(func.count()).where(ItemScore.score_id == score.id)).scalar_one()
    assert items == 8
    last = session.execute(select(Notice).order_by(Notice.id.desc()).limit(1)).scalar_one()
    assert (last.kind, last.person) == ("pass-taken", cast.bia.public_id)
    entry = session.execute(
        select(EvidenceEntry).order_by(EvidenceEntry.seq.desc()).limit(1)
    ).scalar_one()
    assert (entry.kind, entry.about) == ("pass.taken", bia.public_id)
    assert json.loads(entry.data)["person"] == cast.bia.public_id
    with pytest.raises(Missing):
        passes.take(session, bia.public_id, reason=WHY, by="teo", now=NOW)


def test_who_gains_a_pass_has_it_and_is_told(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        if position > 3:
            give(session, cast.ana, attempt, position, **fields)
    attempts.submit(session, cast.ana, attempt.public_id, NOW)
    session.commit()
    assert not score_of(session, attempt).passed
    decision = regraded(session, item_of(session, attempt, 1), "void", "everyone")
    (move,) = effects.moves_of(session, decision.id)
    assert (move.before.percent, move.after.percent, move.verdict) == (62.5, 75, "gained")
    notice = session.execute(select(Notice)).scalar_one()
    assert (notice.kind, notice.person) == ("score-changed", cast.ana.public_id)
    assert notice.args["gained"] is True
    assert notice.about == f"/attempts/{attempt.public_id}/result"


def test_nobody_is_told_whose_score_stays(session, passed):
    ana, bia = passed
    regraded(session, item_of(session, ana, 1), "void")
    people = {n.about for n in session.execute(select(Notice)).scalars()}
    assert people == {f"/attempts/{bia.public_id}/result"}


def test_whom_it_would_hurt_has_no_new_score(session, passed):
    _, bia = passed
    regraded(session, item_of(session, bia, 3), "void")
    score = score_of(session, bia)
    assert (score.number, score.percent) == (1, 75), "left out, it would be 5 of 7"


def test_an_attempt_submitted_after_the_decision_is_scored_by_it(session, cast, quiz):
    open_one = begin(session, cast.ana, quiz)
    between = begin(session, cast.bia, quiz)
    item_id = item_of(session, open_one, 1)
    value = other_key(session, item_id)
    session.commit()
    with only_reading():
        _, ruling = ruled(session, item_id, "replaced", value=value)
        assert regrade.plan(session, item_id, ruling).open == 2
    attempts.submit(session, cast.bia, between.public_id, NOW)
    decision = decide(session, item_id, "replaced", value=value)
    attempts.submit(session, cast.ana, open_one.public_id, NOW)
    session.commit()
    regrade.apply(session, decision)
    session.commit()
    numbers = {a.id: score_of(session, a).number for a in (open_one, between)}
    assert numbers == {open_one.id: 1, between.id: 2}
    key_id = int(decision.keys[str(decision.revisions[0])])
    for attempt in (open_one, between):
        score_id = score_of(session, attempt).id
        assert session.get_one(ItemScore, (score_id, 1)).item_key_id == key_id


def test_the_evidence_has_counts_and_a_hash_of_the_scores_once(session, sat):
    decision = regraded(session, sat["single-1"], "void")
    entries = session.execute(
        select(EvidenceEntry).where(EvidenceEntry.about == decision.public_id)
    ).scalars()
    decided, done = list(entries)
    assert (decided.kind, done.kind) == ("item.decided", "item.regraded")
    assert json.loads(decided.data)["reason"] == WHY
    said = json.loads(done.data)
    moves = effects.moves_of(session, decision.id)
    assert said["moved"] == len(moves)
    assert said["gained"] == sum(move.verdict == "gained" for move in moves)
    assert len(said["scores"]) == 64
    assert chain.first_break(session) is None


def test_teams_are_counted_and_nobody_is_named(session, sat):
    _, ruling = ruled(session, sat["single-1"], "void")
    plan = regrade.plan(session, sat["single-1"], ruling)
    counts = plan.by_team()
    assert sum(c["moved"] for c in counts.values()) == len(plan.moves)
    assert len(counts) == 3
    assert "Pessoa" not in repr(plan)
    assert plan.count("up") == len(plan.moves)
    assert plan.count("down") == 0


# What is decided about which texts.


def bank_of(session):
    return session.execute(select(Bank).where(Bank.slug == "muitas")).scalar_one()


def test_a_mended_typo_does_not_split_a_decision_and_another_question_stays_out(session, sat):
    item_id = sat["single-1"]
    same = sittings.add_revision(session, item_id, 2, "single", 1)
    turned = sittings.add_revision(session, item_id, 3, "single", 1, {"fractions": [0, 0, 0, 1]})
    about = decisions.subject(session, session.get_one(Item, item_id), 2)
    assert [one.number for one in about.covered] == [2, 1]
    assert [one.id for one in about.others] == [turned]
    newest = decisions.subject(session, session.get_one(Item, item_id))
    assert [one.id for one in newest.covered] == [turned]
    ruling = decisions.rule(about, "replaced", value=sittings.OTHERS["single"])
    decision = decisions.decide(session, about, ruling, reason=WHY, by="teo", now=NOW)
    status = keys.statuses(session, [same, turned, *decision.revisions])
    assert {status[one].confirmed["fractions"][2] for one in decision.revisions} == {1}
    assert status[turned].confirmed == {"fractions": [0, 0, 0, 1]}


def test_a_void_item_is_asked_no_more_until_its_key_is_decided_anew(session, sat):
    bank, item_id = bank_of(session), sat["single-1"]

    def asked():
        return item_id in {one.item.id for one in quizzes.pool(session, bank)}

    assert asked()
    decide(session, item_id, "void")
    assert not asked()
    with pytest.raises(Refused):
        decide(session, item_id, "void")
    decide(session, item_id, "void", "everyone")
    assert not asked()
    decide(session, item_id, "replaced", value=sittings.KEYS["single"])
    assert asked(), "the same key, decided anew, lifts it"


@pytest.mark.parametrize("refused", [True, False])
def test_a_proposal_is_settled_either_way(session, cast, passed, refused):
    ana, _ = passed
    item_id = item_of(session, ana, 1)
    about = decisions.subject(session, session.get_one(Item, item_id))
    assert keys.give(session, about.revision, (2,), "page", by="teo", now=NOW) == "proposed"
    about = decisions.subject(session, about.item)
    assert about.proposal == {"fractions": [0, 0, 1, 0]}
    ruling = (
        decisions.rule(about, "kept")
        if refused
        else decisions.rule(about, "replaced", value=about.proposal)
    )
    decision = decisions.decide(session, about, ruling, reason=WHY, by="teo", now=NOW)
    regrade.apply(session, decision)
    session.commit()
    (status,) = keys.statuses(session, [about.revision.id]).values()
    assert (status.state, status.proposed) == ("confirmed", None)
    assert status.right == ({1} if refused else {2})
    (act,) = keys.publications(session, [status.key_id]).values()
    assert act.published_at, "it counts as published"
    assert score_of(session, ana).percent == (100 if refused else 87.5)


def test_both_keys_count_and_nobody_falls(session, passed):
    ana, _ = passed
    item_id = item_of(session, ana, 1)
    other = other_key(session, item_id)
    decision = regraded(session, item_id, "both", value=other)
    assert score_of(session, ana).percent == 100
    assert effects.moves_of(session, decision.id) == []
    with pytest.raises(Refused):
        ruled(session, item_id, "both", value=other)


@pytest.mark.parametrize(
    "uid, kind, value",
    [
        ("single-1", "replaced", {"fractions": [0.5, 0.5, 0, 0]}),
        ("single-1", "replaced", {"fractions": [0, 0, 0, 0]}),
        ("single-1", "both", {"fractions": [1, 0]}),
        ("single-1", "replaced", None),
        ("single-1", "nothing", None),
        ("ordering-1", "replaced", {"size": 4}),
        ("matching-1", "replaced", {"matches": [0, 1, 9]}),
        ("numeric-1", "both", {"answers": []}),
    ],
)
def test_a_key_that_does_not_fit_is_refused(session, sat, uid, kind, value):
    with pytest.raises(Invalid):
        ruled(session, sat[uid], kind, value=value)


def test_nothing_to_decide_is_refused(session, sat):
    with pytest.raises(Refused):
        ruled(session, sat["single-1"], "kept")
    with pytest.raises(Refused):
        ruled(session, sat["single-1"], "replaced", value=sittings.KEYS["single"])
    about, ruling = ruled(session, sat["single-1"], "void")
    with pytest.raises(Invalid):
        decisions.decide(session, about, ruling, reason=" ", by="teo", now=NOW)


def test_who_objected_hears_what_came_of_it(session, cast, content):
    bank = banks.find(session, "oito")
    quiz = quizzes.publish(session, bank, 75, by="teo", now=NOW, review_days=7)
    attempt = begin(session, cast.ana, quiz)
    attempts.submit(session, cast.ana, attempt.public_id, NOW)
    made = contests.contest(
        session, cast.ana, attempt.public_id, 1, "A resposta C também vale.", now=NOW
    )
    later = NOW + timedelta(hours=1)
    contests.answer(session, made.public_id, True, "De fato, obrigado.", by="teo", now=later)
    item_id = item_of(session, attempt, 1)
    about, ruling = ruled(session, item_id, "both", value=other_key(session, item_id))
    decisions.decide(session, about, ruling, reason=WHY, by="teo", now=later)
    notice = session.execute(select(Notice).where(Notice.kind == "objection-decided")).scalar_one()
    assert (notice.person, notice.args["outcome"]) == (cast.ana.public_id, "both")
    about, ruling = ruled(session, item_id, "void")
    decisions.decide(session, about, ruling, reason=WHY, by="teo", now=later)
    assert (
        session.execute(select(func.count()).where(Notice.kind == "objection-decided")).scalar_one()
        == 1
    ), "once"


@pytest.mark.sqlite("its plan is read; PostgreSQL makes a join of it")
def test_whom_a_decision_concerns_is_found_from_an_index(session, content):
    asked = []

    def look(_connection, _cursor, statement, parameters, *_):
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", look)
    regrade._asked(session, 1, frozenset({1, 2}), "submitted")
    event.remove(db.engine, "before_cursor_execute", look)
    (statement, parameters) = asked[-1]
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    plan = [row[-1] for row in rows]
    assert any(step.startswith("SEARCH attempt ") for step in plan), plan
    assert not any("SCAN" in step or "CORRELATED" in step for step in plan), plan
