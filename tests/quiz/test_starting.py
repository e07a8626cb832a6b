"""Starting: two pools, what was seen, allowances, codes, and terms that nothing changes later."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from quizapp import clock
from quizapp.content import banks
from quizapp.content.models import Item, ItemRevision
from quizapp.errors import Invalid, Refused
from quizapp.evidence.models import EvidenceEntry
from quizapp.people import teams
from quizapp.quiz import allowances, attempts, composing, expiry, exposure, quizzes, starting
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.models import Attempt, AttemptItem, ItemExposure, Quiz, Release
from quizapp.quiz.rules import GRACE, Rules
from tests.conftest import TODAY
from tests.examples import tried
from tests.quiz.making import add_bank, bank_text, import_text, of_uses, publish_keys
from tests.quiz.test_attempts import begin as begin_quiz
from tests.quiz.test_rules import some_rules

BOTH = HealthCheck.function_scoped_fixture, HealthCheck.too_slow


def make(session, blueprint, rules=None, use="exam", title="Prova"):
    quiz = composing.create(
        session, title, use, blueprint, rules or Rules(), by="test", now=clock.now()
    )
    quizzes.open_quiz(session, quiz, by="test", now=clock.now())
    return quiz


def start(session, user, quiz, seed=1, now=None, **codes):
    return starting.start(
        session,
        user,
        quiz,
        seed=seed,
        language="pt_BR",
        now=now or clock.now(),
        today=TODAY,
        **codes,
    )


def end(session, user, attempt):
    attempts.submit(session, user, attempt.public_id, clock.now())


def uids(session, attempt):
    return list(
        session.execute(
            select(Item.uid)
            .join(AttemptItem, AttemptItem.item_id == Item.id)
            .where(AttemptItem.attempt_id == attempt.id)
            .order_by(AttemptItem.position)
        ).scalars()
    )


def revise(session, quiz, rules, blueprint=None):
    quizzes.revise(
        session,
        quiz,
        quiz.title,
        blueprint or quizzes.blueprint_of(session, quiz),
        rules,
        reason="Teste",
        by="test",
        now=clock.now(),
    )


part_kinds = st.builds(
    lambda bank, what, n: Part(bank, n=n, **what),
    st.sampled_from(["aa", "bb"]),
    st.sampled_from(
        [
            {},
            {"by": "competency", "value": "triagem"},
            {"by": "competency", "value": "registro"},
            {"by": "difficulty", "value": "easy"},
        ]
    ),
    st.none() | st.integers(1, 3),
)
uses = st.lists(st.sampled_from(["prova", "treino"]), min_size=1, max_size=6)


@given(uses, uses, st.lists(part_kinds, min_size=1, max_size=3), st.integers(0, 99))
@settings(max_examples=tried(25), deadline=None, suppress_health_check=BOTH)
def test_an_exam_shows_no_practice_item_nor_practice_an_exam_one(
    session, cast, of_a, of_b, parts, seed
):
    for bank, given_uses in (("aa", of_a), ("bb", of_b)):
        import_text(session, bank, of_uses(bank, given_uses))
        publish_keys(session, bank)
    for use in ("exam", "practice"):
        quiz = composing.create(
            session, use, use, Blueprint(tuple(parts)), Rules(), by="test", now=clock.now()
        )
        try:
            quizzes.open_quiz(session, quiz, by="test", now=clock.now())
            attempt = start(session, cast.ana, quiz, seed)
        except Refused:  # the pool has not enough of this use
            continue
        shown = set(
            session.execute(
                select(ItemRevision.use)
                .join(AttemptItem, AttemptItem.item_revision_id == ItemRevision.id)
                .where(AttemptItem.attempt_id == attempt.id)
            ).scalars()
        )
        assert shown == {use}
    # Each example begins anew.
    session.rollback()


def test_publishing_a_bank_with_both_uses_gives_the_exam(session, cast):
    import_text(session, "aa", bank_text("aa", 3, 2))
    bank = banks.find(session, "aa")
    quiz = quizzes.publish(session, bank, 80, by="test", now=clock.now())
    assert quiz.use == "exam"
    practice = composing.add_practice(session, quiz, by="test", now=clock.now())
    assert uids(session, start(session, cast.ana, quiz)) == ["aa-0", "aa-1", "aa-2"]
    assert uids(session, start(session, cast.ana, practice)) == ["aa-3", "aa-4"]


def test_a_quiz_that_was_put_together_keeps_its_title_when_its_bank_is_published_again(session):
    import_text(session, "aa", bank_text("aa", 3))
    bank = banks.find(session, "aa")
    quiz = quizzes.publish(session, bank, 80, by="test", now=clock.now())
    assert quiz.title == "Banco aa"
    composing.change(
        session,
        quiz,
        "Com nome próprio",
        Blueprint((Part("aa", n=2),)),
        quizzes.rules_of(session, quiz),
        number=1,
        reason="Menor",
        by="test",
        now=clock.now(),
    )
    quizzes.publish(session, bank, 70, by="test", now=clock.now())
    assert quiz.title == "Com nome próprio"
    assert quizzes.blueprint_of(session, quiz) == Blueprint((Part("aa", n=2),))
    assert quizzes.rules_of(session, quiz).cut_score == 70


def test_a_retake_brings_what_was_not_seen_then_what_was_shown_least(session, cast):
    add_bank(session, "aa", 6)
    quiz = make(session, Blueprint((Part("aa", n=3),)))
    first = start(session, cast.ana, quiz)
    end(session, cast.ana, first)
    second = start(session, cast.ana, quiz, seed=2)
    assert not set(uids(session, first)) & set(uids(session, second))
    end(session, cast.ana, second)
    # Somebody else has two of them as well; the third time the least shown come.
    other = start(session, cast.bia, quiz, seed=3)
    end(session, cast.bia, other)
    third = start(session, cast.ana, quiz, seed=4)
    assert not set(uids(session, third)) & set(uids(session, other))


def test_exposure_is_counted_for_each_form_and_evenly_over_many_people(session, cast):
    add_bank(session, "aa", 10)
    quiz = make(session, Blueprint((Part("aa", n=3),)), Rules(exposure_limit=6))
    people = [cast.ana, cast.bia, cast.gil, cast.hugo]
    for number in range(20):
        user = people[number % 4]
        end(session, user, start(session, user, quiz, seed=number))
    counted = dict(
        session.execute(
            select(Item.uid, ItemExposure.forms).join(Item, Item.id == ItemExposure.item_id)
        ).all()
    )
    shown = Counter(
        uid
        for attempt in session.execute(select(Attempt)).scalars().all()
        for uid in uids(session, attempt)
    )
    assert counted == shown
    assert sum(counted.values()) == 60
    rows = exposure.of_quiz(session, quiz)
    over = [one for one in rows if one.worn]
    assert over
    assert {one.uid for one in over} == {uid for uid, forms in counted.items() if forms >= 6}
    assert exposure.worn(session) == {quiz.id: len(over)}
    assert [one.forms for one in rows] == sorted(counted.values(), reverse=True)


def test_practice_does_not_wear_out_an_exam(session, cast):
    add_bank(session, "aa", 2, 2)
    exam = make(session, Blueprint((Part("aa"),)), Rules(exposure_limit=1))
    practice = composing.add_practice(session, exam, by="test", now=clock.now())
    end(session, cast.ana, start(session, cast.ana, practice))
    assert exposure.worn(session) == {}


def test_a_part_that_cannot_be_filled_lets_nobody_start(session, cast):
    add_bank(session, "aa", 4)
    quiz = make(session, Blueprint((Part("aa", by="competency", value="triagem", n=3),)))
    with pytest.raises(Refused):
        start(session, cast.ana, quiz)
    assert session.execute(select(Attempt)).first() is None


@given(some_rules, some_rules)
@settings(max_examples=tried(25), deadline=None, suppress_health_check=BOTH)
def test_no_change_of_the_rules_reaches_an_open_attempt(session, cast, before, after):
    if not session.execute(select(ItemRevision.id)).first():
        add_bank(session, "aa", 4)
        session.commit()
    now = clock.now()
    first = replace(
        before, opens_at=None, access_code="", release=False, delay_hours=0, attempts=None
    )
    if first.closes_at is not None:
        first = replace(first, closes_at=now + timedelta(days=1))
    first = replace(first, layout="one")
    quiz = make(session, Blueprint((Part("aa", n=2),)), first)
    attempt = start(session, cast.ana, quiz, now=now)
    assert attempts.terms(attempt) == first
    kept = attempts.terms(attempt), attempt.deadline_at, attempt.cut_score, uids(session, attempt)
    revise(session, quiz, after, Blueprint((Part("aa", n=1),)))
    allowances.give(
        session, quiz, user_id=cast.ana.id, extra_minutes=9, reason="x", by="test", now=now
    )
    session.expire_all()
    assert kept == (
        attempts.terms(attempt),
        attempt.deadline_at,
        attempt.cut_score,
        uids(session, attempt),
    )
    end(session, cast.ana, attempt)
    assert attempts.latest_score(session, attempt).max_points == 2
    session.rollback()


def test_extra_time_and_attempts_for_a_person_and_their_team(session, cast):
    add_bank(session, "aa", 2)
    quiz = make(session, Blueprint((Part("aa"),)), Rules(minutes=30, attempts=1))
    now = clock.now()

    def give(**whom):
        return allowances.give(session, quiz, reason="Acordo", by="chefe", now=now, **whom)

    def stands(user):
        rules = starting.standing(session, user.id, quiz).rules
        return rules.minutes, rules.attempts

    give(team_id=cast.norte.id, extra_minutes=10, extra_attempts=1)
    own = give(user_id=cast.ana.id, extra_minutes=20, extra_attempts=1)
    # The longest time, and all attempts.
    assert stands(cast.ana) == (50, 3)
    assert stands(cast.bia) == (40, 2)
    assert stands(cast.gil) == (30, 1)
    allowances.end(session, own, by="chefe", now=now)
    assert stands(cast.ana) == (40, 2)
    # Who changes team leaves the team's allowance there, and finds the other's.
    teams.set_teams(session, cast.ana, [cast.sul], by="test", now=now)
    assert stands(cast.ana) == (30, 1)
    give(team_id=cast.sul.id, extra_minutes=5)
    assert stands(cast.ana) == (35, 1)
    # Another quiz has nothing of it.
    other = make(session, Blueprint((Part("aa"),)), Rules(minutes=30), title="Outra")
    assert starting.standing(session, cast.ana.id, other).rules.minutes == 30
    entry = session.execute(
        select(EvidenceEntry.data).where(EvidenceEntry.kind == "allowance.given").limit(1)
    ).scalar_one()
    assert cast.norte.public_id in entry
    assert "Acordo" in entry


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " ", "extra_minutes": 5},
        {"reason": "x"},
        {"reason": "x", "extra_minutes": -5},
        {"reason": "x", "extra_minutes": 5, "extra_attempts": -1},
        {"reason": "x", "extra_minutes": allowances.MOST_MINUTES + 1},
        {"reason": "x", "extra_attempts": allowances.MOST_ATTEMPTS + 1},
    ],
)
def test_an_allowance_needs_a_reason_and_a_sensible_amount(session, cast, quiz, wrong):
    with pytest.raises(Invalid):
        allowances.give(session, quiz, user_id=cast.ana.id, by="x", now=clock.now(), **wrong)


def test_extra_time_does_not_outlast_the_closing_time(session, cast):
    add_bank(session, "aa", 2)
    now = clock.now()
    closes = now + timedelta(minutes=40)
    quiz = make(session, Blueprint((Part("aa"),)), Rules(minutes=30, closes_at=closes))
    allowances.give(
        session, quiz, user_id=cast.ana.id, extra_minutes=60, reason="x", by="x", now=now
    )
    assert start(session, cast.ana, quiz, now=now).deadline_at == closes


def test_an_extension_moves_an_open_attempts_deadline_and_is_on_record(session, cast):
    add_bank(session, "aa", 2)
    quiz = make(session, Blueprint((Part("aa"),)), Rules(minutes=30))
    now = clock.now()
    attempt = start(session, cast.ana, quiz, now=now)
    attempts.extend(session, attempt, 15, reason="Queda de luz", by="chefe", now=now)
    assert attempt.deadline_at == now + timedelta(minutes=45)
    assert attempts.terms(attempt).minutes == 30
    entry = session.execute(
        select(EvidenceEntry).where(EvidenceEntry.kind == "attempt.extended")
    ).scalar_one()
    assert (entry.by, entry.about) == ("chefe", attempt.public_id)
    end(session, cast.ana, attempt)
    with pytest.raises(Refused):
        attempts.extend(session, attempt, 15, reason="Tarde", by="chefe", now=now)


def test_an_attempt_whose_time_is_over_gets_no_more_of_it(session, cast):
    add_bank(session, "aa", 2)
    quiz = make(session, Blueprint((Part("aa"),)), Rules(minutes=30))
    now = clock.now()
    attempt = start(session, cast.ana, quiz, now=now)
    over = now + timedelta(minutes=30) + GRACE + timedelta(seconds=1)
    with pytest.raises(Refused):
        attempts.extend(session, attempt, 15, reason="Tarde", by="chefe", now=over)
    assert attempt.deadline_at == now + timedelta(minutes=30)
    just = now + timedelta(minutes=30) + GRACE
    attempts.extend(session, attempt, 15, reason="Na hora", by="chefe", now=just)
    assert attempt.deadline_at == now + timedelta(minutes=45)


def test_an_attempt_that_cannot_be_closed_keeps_no_other_one_open(session, cast, monkeypatch):
    add_bank(session, "aa", 2)
    quiz = make(session, Blueprint((Part("aa"),)), Rules(minutes=30))
    now = clock.now()
    broken = start(session, cast.ana, quiz, now=now)
    whole = start(session, cast.bia, quiz, now=now + timedelta(seconds=1))
    session.commit()
    closing = attempts.close_if_over

    def close(session, attempt, at):
        if attempt.id == broken.id:
            raise ValueError("a form that nobody can score")
        return closing(session, attempt, at)

    monkeypatch.setattr(attempts, "close_if_over", close)
    assert expiry.sweep(session, now + timedelta(hours=1)) == 1
    session.expire_all()
    assert (broken.state, whole.state) == ("open", "submitted")


def test_the_access_code_is_asked_for_at_the_start_alone(session, cast):
    add_bank(session, "aa", 2)
    quiz = make(session, Blueprint((Part("aa"),)), Rules(access_code="Turma Azul"))
    for wrong in ("", "turma verde"):
        with pytest.raises(Invalid):
            start(session, cast.ana, quiz, access_code=wrong)
    attempt = start(session, cast.ana, quiz, access_code=" turma azul ")
    assert "Azul" not in str(attempt.terms)
    data = session.execute(select(EvidenceEntry.data)).scalars().all()
    assert not any("Turma Azul" in one for one in data)


def test_after_a_few_wrong_tries_a_release_no_longer_opens(session, cast):
    add_bank(session, "aa", 2)
    quiz = make(session, Blueprint((Part("aa"),)), Rules(release=True))
    now = clock.now()
    code = starting.release_for(session, quiz, cast.ana, by="chefe", now=now)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(starting.RELEASE_TRIES):
        with pytest.raises(starting.WrongRelease):
            start(session, cast.ana, quiz, release_code=wrong)
        starting.count_wrong_release(session, cast.ana.id, quiz)
    with pytest.raises(starting.WrongRelease):
        start(session, cast.ana, quiz, release_code=code)
    # The supervisor gives another one.
    code = starting.release_for(session, quiz, cast.ana, by="chefe", now=now)
    attempt = start(session, cast.ana, quiz, release_code=f" {code} ")
    used = session.execute(select(Release).where(Release.attempt_id == attempt.id)).scalar_one()
    assert used.used_at is not None
    end(session, cast.ana, attempt)
    with pytest.raises(starting.WrongRelease):
        start(session, cast.ana, quiz, release_code=code)
    stored = session.execute(select(Release.code_hash)).scalars().all()
    assert code not in stored


def test_a_code_lasts_fifteen_minutes(session, cast):
    add_bank(session, "aa", 2)
    quiz = make(session, Blueprint((Part("aa"),)), Rules(release=True))
    now = clock.now()
    code = starting.release_for(session, quiz, cast.ana, by="chefe", now=now)
    late = now + timedelta(minutes=15)
    with pytest.raises(starting.WrongRelease):
        start(session, cast.ana, quiz, now=late, release_code=code)
    early = late - timedelta(seconds=1)
    assert start(session, cast.ana, quiz, now=early, release_code=code).number == 1


def test_a_draft_is_on_nobodys_list(session):
    add_bank(session, "aa", 2)
    draft = composing.create(
        session, "Rascunho", "exam", Blueprint((Part("aa"),)), Rules(), by="t", now=clock.now()
    )
    assert quizzes.published(session) == []
    quizzes.open_quiz(session, draft, by="t", now=clock.now())
    assert quizzes.published(session) == [draft]


def test_nothing_else_is_begun_in_the_midst_of_a_quiz_without_consultation(session, cast, quiz):
    rules = replace(quizzes.rules_of(session, quiz), consultation=False)
    blueprint = quizzes.blueprint_of(session, quiz)
    other = Quiz(slug="outra", title="Outra", use="exam", cut_score=50)
    session.add(other)
    session.flush()
    quizzes.revise(session, other, "Outra", blueprint, Rules(), reason="", by="t", now=clock.now())
    quizzes.revise(session, quiz, quiz.title, blueprint, rules, reason="", by="t", now=clock.now())
    first = begin_quiz(session, cast.ana, quiz)
    with pytest.raises(Refused):
        begin_quiz(session, cast.ana, other)
    assert begin_quiz(session, cast.ana, quiz) is first
    assert begin_quiz(session, cast.bia, other).quiz_id == other.id
