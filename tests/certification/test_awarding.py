"""The award: the moment the last condition holds, once, in the transaction that fulfilled it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, insert, select, update

from quizapp import clock
from quizapp.certification import awarding, enrolments, progress, signing
from quizapp.certification.models import CertificationAct, CertificationBasis, Enrolment
from quizapp.certification.rules import ProgramRules, Validity
from quizapp.db import db
from quizapp.errors import Invalid, Refused
from quizapp.evidence import chain
from quizapp.evidence.models import EvidenceEntry
from quizapp.quiz import passes, regrade
from quizapp.quiz.models import ItemScore, Score
from tests.certification.making import (
    PASS,
    READ_ALL,
    READ_ONE,
    acknowledge,
    add_program,
    awards,
    enrol,
    sit,
)

NOW = clock.now()


def test_the_submit_that_fulfils_certifies(session, cast, quiz):
    enrolment = enrol(session, add_program(session, READ_ONE, PASS), cast.ana)
    acknowledge(session, cast.ana, "verificacao")
    enrol(session, enrolment.program, cast.bia)
    assert awards(session) == []
    attempt = sit(session, cast.ana, quiz)
    (award,) = awards(session)
    assert (award.user_id, award.cycle, award.source) == (cast.ana.id, 1, "earned")
    assert award.awarded_at >= attempt.submitted_at
    assert (enrolment.ended, enrolment.ended_at) == ("awarded", award.awarded_at)
    basis = session.scalars(select(CertificationBasis).order_by(CertificationBasis.position)).all()
    assert [(b.step, b.kind, b.slug, b.ref) for b in basis] == [
        (1, "read", "conexao", ""),
        (2, "quiz", "oito", attempt.public_id),
    ]
    assert award.printed["name"] == cast.ana.name
    assert award.printed["sections"][0]["section"] == "Verificação"
    assert signing.is_sealed(session, award.printed, award.signing_key_id, award.signature)
    entries = session.scalars(select(EvidenceEntry).order_by(EvidenceEntry.seq)).all()
    assert [entry.kind for entry in entries[-2:]] == ["attempt.submitted", "certification.awarded"]
    assert json.loads(entries[-1].data)["printed"] == signing.digest(award.printed)
    assert chain.first_break(session) is None


def test_a_failed_attempt_certifies_nobody(session, cast, quiz):
    enrol(session, add_program(session, PASS), cast.ana)
    sit(session, cast.ana, quiz, right=False)
    assert awards(session) == []


def test_settling_again_gives_nothing_more(session, cast, quiz):
    enrol(session, add_program(session, PASS), cast.ana)
    sit(session, cast.ana, quiz)
    sit(session, cast.ana, quiz)
    assert awarding.settle(session, cast.ana.id, NOW) == []
    assert len(awards(session)) == 1


def test_what_was_done_before_counts_when_one_begins(session, cast, quiz):
    sit(session, cast.ana, quiz)
    enrolment = enrol(session, add_program(session, PASS), cast.ana)
    assert enrolment.ended == "awarded"
    assert len(awards(session)) == 1


def test_the_whole_procedure_is_all_its_sections(session, cast, content):
    enrolment = enrol(session, add_program(session, READ_ALL), cast.ana)
    acknowledge(session, cast.ana, "verificacao")
    (step,) = progress.path(session, enrolment, NOW).steps
    assert (step.state, step.done) == ("open", 1)
    acknowledge(session, cast.ana)
    awarding.settle(session, cast.ana.id, NOW)
    (award,) = awards(session)
    assert len(award.printed["sections"]) == step.total


def test_a_text_that_changed_is_not_read(session, cast, content):
    enrolment = enrol(session, add_program(session, READ_ONE), cast.ana)
    acknowledge(session, cast.ana, "verificacao", digest="0" * 64)
    (step,) = progress.path(session, enrolment, NOW).steps
    assert (step.state, step.why) == ("open", "changed")
    assert awarding.settle(session, cast.ana.id, NOW) == []


@pytest.mark.parametrize(
    "zone, at, on, until",
    [
        # 23:30 in São Paulo on 29 February is the first of March in UTC.
        (None, datetime(2028, 3, 1, 2, 30, tzinfo=UTC), date(2028, 2, 29), date(2029, 2, 28)),
        (
            "America/Rio_Branco",
            datetime(2028, 3, 1, 4, 30, tzinfo=UTC),
            date(2028, 2, 29),
            date(2029, 2, 28),
        ),
        ("UTC", datetime(2028, 3, 1, 2, 30, tzinfo=UTC), date(2028, 3, 1), date(2029, 3, 1)),
        # São Paulo gave up its summer time: 23:30 is 02:30 UTC in 2026, it was 01:30 in 2018.
        (None, datetime(2018, 12, 1, 1, 30, tzinfo=UTC), date(2018, 11, 30), date(2019, 11, 30)),
        (None, datetime(2026, 12, 1, 2, 30, tzinfo=UTC), date(2026, 11, 30), date(2027, 11, 30)),
    ],
)
def test_the_day_is_the_persons_own(session, cast, quiz, zone, at, on, until):
    cast.ana.zone = zone
    sit(session, cast.ana, quiz, at=at)
    session.execute(update(Enrolment).values(since=at))
    enrolments.begin(
        session, add_program(session, PASS, at=at), cast.ana, now=at, by=cast.ana.public_id
    )
    (award,) = awards(session)
    assert (award.awarded_on, award.valid_until) == (on, until)


def test_a_fault_between_award_and_commit_leaves_neither(session, cast, quiz, monkeypatch):
    enrol(session, add_program(session, PASS), cast.ana)
    session.commit()

    def fault(*_args, **_kwargs):
        raise RuntimeError("the power went out")

    monkeypatch.setattr(awarding, "_enter", fault)
    with pytest.raises(RuntimeError):
        sit(session, cast.ana, quiz)
    session.rollback()
    assert awards(session) == []
    assert session.scalars(select(Score)).all() == []
    monkeypatch.undo()
    sit(session, cast.ana, quiz)
    session.commit()
    assert len(awards(session)) == 1


def test_a_certification_earned_before_is_recorded_with_name_and_reason(session, cast, content):
    program = add_program(session, READ_ONE)
    row = awarding.record(
        session,
        cast.ana,
        program,
        awarded_on=date(2026, 5, 4),
        valid_until=date(2027, 5, 4),
        reason=" Feita no  sistema antigo. ",
        by=cast.teo.public_id,
        now=NOW,
    )
    assert (row.source, row.reason, row.by) == (
        "recorded",
        "Feita no sistema antigo.",
        cast.teo.public_id,
    )
    assert signing.is_sealed(session, row.printed, row.signing_key_id, row.signature)
    assert session.scalars(select(Enrolment.ended)).all() == ["recorded"]


@pytest.mark.parametrize(
    "facts",
    [
        {"reason": "  "},
        {"awarded_on": NOW.date() + timedelta(days=3)},
        {"valid_until": date(2026, 5, 3)},
    ],
)
def test_a_record_that_cannot_be_is_refused(session, cast, content, facts):
    given = {"awarded_on": date(2026, 5, 4), "valid_until": None, "reason": "Antes."}
    with pytest.raises(Invalid):
        awarding.record(
            session,
            cast.ana,
            add_program(session, READ_ONE),
            **{**given, **facts},
            by=cast.teo.public_id,
            now=NOW,
        )


def test_what_ends_before_what_is_held_is_not_recorded(session, cast, quiz):
    program = add_program(session, PASS)
    enrol(session, program, cast.ana)
    sit(session, cast.ana, quiz)
    (award,) = awards(session)
    said = {"reason": "Antes.", "by": cast.teo.public_id, "now": NOW}
    older = {"awarded_on": date(2024, 1, 1), "valid_until": award.valid_until - timedelta(days=1)}
    with pytest.raises(Refused):
        awarding.record(session, cast.ana, program, **older, **said)
    assert awards(session) == [award]
    awarding.revoke(session, award, **said)
    row = awarding.record(session, cast.ana, program, **older, **said)
    longer = awarding.record(
        session, cast.ana, program, awarded_on=date(2025, 1, 1), valid_until=None, **said
    )
    assert [one.cycle for one in (award, row, longer)] == [1, 2, 3]


def test_one_revokes_and_reinstates_once_each_and_never_ones_own(session, cast, quiz):
    enrol(session, add_program(session, PASS), cast.ana)
    sit(session, cast.ana, quiz)
    (award,) = awards(session)
    said = {"by": cast.teo.public_id, "now": NOW}
    with pytest.raises(Refused):
        awarding.reinstate(session, award, reason="Cedo demais.", **said)
    with pytest.raises(Invalid):
        awarding.revoke(session, award, reason="", **said)
    with pytest.raises(Invalid):
        awarding.revoke(session, award, reason="Minha.", by=cast.ana.public_id, now=NOW)
    awarding.revoke(session, award, reason="Prova feita por outro.", **said)
    with pytest.raises(Refused):
        awarding.revoke(session, award, reason="De novo.", **said)
    awarding.reinstate(session, award, reason="Engano.", **said)
    acts = session.scalars(select(CertificationAct).order_by(CertificationAct.id)).all()
    assert [(a.act, a.reason, a.by) for a in acts] == [
        ("revoked", "Prova feita por outro.", cast.teo.public_id),
        ("reinstated", "Engano.", cast.teo.public_id),
    ]


def keep_the_pass(session, attempt):
    """Add the score of a regrade by which a pass is only kept."""
    score = session.scalars(select(Score).where(Score.attempt_id == attempt.id)).one()
    facts = {name: getattr(score, name) for name in regrade.FACTS} | {"kept": True}
    kept = Score(**facts, attempt_id=attempt.id, number=2, reason="regrade", at=NOW)
    session.add(kept)
    session.flush()
    rows = regrade.items_of(session, [score.id])[score.id]
    session.execute(insert(ItemScore), [{**row, "score_id": kept.id} for row in rows])


def test_a_pass_that_is_taken_away_revokes_what_rests_on_it(session, cast, quiz):
    program = add_program(session, PASS)
    for user in (cast.ana, cast.bia):
        enrol(session, program, user)
    attempt = sit(session, cast.ana, quiz)
    sit(session, cast.bia, quiz)
    keep_the_pass(session, attempt)
    passes.take(session, attempt.public_id, reason="Cola.", by=cast.teo.public_id, now=NOW)
    (act,) = session.scalars(select(CertificationAct)).all()
    assert (act.act, act.reason, act.by) == ("revoked", "Cola.", cast.teo.public_id)
    assert act.certification_id == awards(session, cast.ana)[0].id


def test_a_waiver_fulfils_and_says_so_on_the_certificate(session, cast, quiz):
    enrolment = enrol(session, add_program(session, READ_ONE, PASS), cast.ana)
    sit(session, cast.ana, quiz)
    enrolments.waive(
        session, enrolment, READ_ONE, reason="Escreveu o texto.", by=cast.teo.public_id, now=NOW
    )
    (award,) = awards(session)
    assert award.printed["waived"] == ["Conexão do cliente: Verificação"]
    assert award.printed["sections"] == []


def test_a_fixed_day_is_printed(session, cast, quiz):
    rules = ProgramRules(None, False, Validity(until=(31, 12)))
    enrol(session, add_program(session, PASS, rules=rules), cast.ana)
    sit(session, cast.ana, quiz)
    (award,) = awards(session)
    assert award.valid_until == rules.valid_until(award.awarded_on)
    assert award.printed["valid_until"] == award.valid_until.isoformat()


def test_people_in_no_program_cost_one_statement(session, cast, quiz):
    enrol(session, add_program(session, PASS), cast.bia)
    asked = []
    event.listen(db.engine, "before_cursor_execute", note := lambda *a: asked.append(a[2]))
    try:
        assert awarding.settle(session, cast.ana.id, NOW) == []
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 1
