"""Attempts: one open at a time, answers kept, the first result stands."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from quizapp import clock
from quizapp.content import banks, keys
from quizapp.content.models import ItemRevision
from quizapp.errors import Invalid, Missing, Refused
from quizapp.evidence.models import EvidenceEntry
from quizapp.quiz import attempts, forms, grading, quizzes, saving, starting
from quizapp.quiz.models import Attempt, AttemptItem, ItemScore, Response, ResponseEvent, Score
from tests.conftest import TODAY


def begin(session, user, quiz, seed=1):
    return starting.start(
        session, user, quiz, seed=seed, language="pt_BR", now=clock.now(), today=TODAY
    )


def give(session, user, attempt, position, **fields):
    return saving.save(
        session, user.id, attempt.public_id, position, MultiDict(fields).getlist, clock.now()
    )


def right_answers(session, attempt):
    """What a page would send for each item, had the agent known it all."""
    rows = session.execute(
        select(AttemptItem, ItemRevision)
        .join(ItemRevision, ItemRevision.id == AttemptItem.item_revision_id)
        .where(AttemptItem.attempt_id == attempt.id)
        .order_by(AttemptItem.position)
    ).all()
    statuses = keys.statuses(session, [revision.id for _, revision in rows])
    answers = []
    for item, revision in rows:
        key = statuses[revision.id].confirmed
        place = {source: str(p) for p, source in enumerate(item.shown, start=1)}
        match item.kind:
            case "ordering":
                answers.append({f"place-{place[s]}": str(s + 1) for s in range(key["size"])})
            case "matching":
                answers.append(
                    {f"match-{i}": place[r] for i, r in enumerate(key["matches"], start=1)}
                )
            case "short_answer":
                answers.append({"text": " onu "})
            case "numeric":
                answers.append({"text": "-25,5"})
            case _:
                chosen = [place[s] for s, f in enumerate(key["fractions"]) if f > 0]
                answers.append({"option": chosen})
    return answers


def test_a_form_holds_the_exam_items_in_order(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    sheet = attempts.sheet(session, attempt)
    assert [i.kind for i in sheet.items] == [
        "single",
        "multiple",
        "true_false",
        "ordering",
        "matching",
        "short_answer",
        "numeric",
        "single",
    ]
    assert sheet.left == list(range(1, 9))


def test_a_second_start_returns_the_open_attempt(session, cast, quiz):
    first = begin(session, cast.ana, quiz)
    assert begin(session, cast.ana, quiz, seed=2) is first
    assert begin(session, cast.bia, quiz) is not first


def test_the_same_seed_gives_the_same_form_and_pinned_options_are_last(session, cast, quiz):
    a = begin(session, cast.ana, quiz, seed=5)
    b = begin(session, cast.bia, quiz, seed=5)
    shown = [
        list(
            session.execute(
                select(AttemptItem.shown)
                .where(AttemptItem.attempt_id == attempt.id)
                .order_by(AttemptItem.position)
            ).scalars()
        )
        for attempt in (a, b)
    ]
    assert shown[0] == shown[1]
    orders = set()
    for seed in range(60):
        content = {"options": [{"pinned": i in (1, 3)} for i in range(4)]}
        order = forms.order("single", content, seed, "x")
        assert order[-2:] == [1, 3]
        orders.add(tuple(order))
    assert len(orders) == 2


def test_an_ordering_is_never_shown_solved():
    content = {"options": [{"pinned": False}] * 3}
    assert all(forms.order("ordering", content, seed, "x") != [0, 1, 2] for seed in range(200))


def test_all_right_is_a_hundred_and_all_blank_is_nothing(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        assert give(session, cast.ana, attempt, position, **fields)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    blank = begin(session, cast.bia, quiz)
    attempts.submit(session, cast.bia, blank.public_id, clock.now())
    scores = {
        s.attempt_id: (s.percent, s.points, s.passed)
        for s in session.execute(select(Score)).scalars()
    }
    assert scores == {attempt.id: (100.0, 8.0, True), blank.id: (0.0, 0.0, False)}
    fractions = session.execute(
        select(ItemScore.fraction).join(Score).where(Score.attempt_id == blank.id)
    ).scalars()
    assert set(fractions) == {None}, "unanswered is none, not zero"


def test_passing_is_at_the_cut_score_exactly(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    for position, fields in enumerate(right_answers(session, attempt)[:6], start=1):
        give(session, cast.ana, attempt, position, **fields)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    score = session.execute(select(Score)).scalar_one()
    assert (score.percent, score.passed) == (75.0, True)


def test_an_answer_is_there_when_one_comes_back(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    give(session, cast.ana, attempt, 1, option="2")
    give(session, cast.ana, attempt, 6, text="ONU")
    session.commit()
    sheet = attempts.sheet(session, begin(session, cast.ana, quiz))
    assert [o.selected for o in sheet.items[0].options] == [False, True, False, False]
    assert sheet.items[5].text == "ONU"
    assert sheet.left == [2, 3, 4, 5, 7, 8]


def test_saving_the_same_again_adds_nothing_and_each_change_is_kept(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    for option in ("1", "1", "2", "2", "1"):
        give(session, cast.ana, attempt, 1, option=option)
    events = session.execute(select(ResponseEvent).order_by(ResponseEvent.id)).scalars().all()
    row = session.execute(select(Response)).scalar_one()
    assert len(events) == 3
    assert events[0].value == events[2].value == row.value
    assert events[2].saved_at == row.saved_at


def test_an_answer_can_be_taken_back(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    give(session, cast.ana, attempt, 2, option="1")
    assert not give(session, cast.ana, attempt, 2)
    assert session.execute(select(Response.value)).scalar_one() is None


@pytest.mark.parametrize(
    "position, fields",
    [
        (1, {"option": "9"}),
        (1, {"option": "0"}),
        (1, {"option": "x"}),
        (1, {"option": ["1", "2"]}),
        (1, {"option": "١"}),
        (4, {"place-1": "4"}),
        (5, {"match-1": "77"}),
        (6, {"text": "x" * 501}),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(session, cast, quiz, position, fields):
    attempt = begin(session, cast.ana, quiz)
    with pytest.raises(Invalid):
        give(session, cast.ana, attempt, position, **fields)


def test_nobody_saves_into_anothers_attempt(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    with pytest.raises(Missing):
        give(session, cast.bia, attempt, 1, option="1")
    with pytest.raises(Missing):
        give(session, cast.ana, attempt, 99, option="1")
    with pytest.raises(Missing):
        attempts.submit(session, cast.bia, attempt.public_id, clock.now())


def test_a_submitted_attempt_cannot_change(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    give(session, cast.ana, attempt, 1, option="1")
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    with pytest.raises(Refused):
        give(session, cast.ana, attempt, 1, option="2")
    for change in (
        "UPDATE response SET value = 'null'",
        "UPDATE score SET percent = 100",
        "DELETE FROM item_score",
        "UPDATE attempt SET state = 'open'",
        "UPDATE attempt_item SET shown = '[]'",
        "DELETE FROM response_event",
    ):
        with pytest.raises(Exception, match=r"immutable|closed"), session.begin_nested():
            session.execute(text(change))


def test_an_answer_that_arrives_while_another_tab_submits_is_refused(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    sent = MultiDict({"option": "1"}).getlist
    answer = saving.read(session, cast.ana.id, attempt.public_id, 1, sent, arrived=clock.now())
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    with pytest.raises(Refused):
        saving.store(session, answer)


def test_a_second_submit_returns_the_first_result(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    now = clock.now()
    attempts.submit(session, cast.ana, attempt.public_id, now)
    again = attempts.submit(session, cast.ana, attempt.public_id, now + timedelta(hours=1))
    assert again.submitted_at == now
    assert session.execute(select(func.count(Score.id))).scalar_one() == 1


def test_scoring_again_without_a_change_is_the_identity(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    for position, fields in enumerate(right_answers(session, attempt)[:3], start=1):
        give(session, cast.ana, attempt, position, **fields)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    (paper,) = grading.papers(session, [attempt.id])
    keys = grading.keys_of(session, [given.revision_id for given in paper.items])
    graded = grading.grade(paper, keys)
    again = grading.NewScore(paper, keys, graded, 2, graded.result.passed)
    grading.add_scores(session, [again], reason="again", at=clock.now())
    one, two = session.execute(select(Score).order_by(Score.number)).scalars()
    assert (one.percent, one.points, one.passed) == (two.percent, two.points, two.passed)
    sides = [
        session.execute(
            select(ItemScore.position, ItemScore.item_key_id, ItemScore.fraction)
            .where(ItemScore.score_id == s.id)
            .order_by(ItemScore.position)
        ).all()
        for s in (one, two)
    ]
    assert sides[0] == sides[1]


def test_the_facts_of_the_day_are_kept(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    assert attempt.team_id == cast.norte.id
    assert attempt.language == "pt_BR"
    assert attempt.cut_score == 75
    first = session.execute(
        select(AttemptItem.sections).where(
            AttemptItem.attempt_id == attempt.id, AttemptItem.position == 1
        )
    ).scalar_one()
    assert list(first) == ["conexao#verificacao.1"]
    assert len(first["conexao#verificacao.1"]) == 64


def test_the_submits_evidence_hashes_the_history_and_single_saves_stay_out(session, cast, quiz):
    before = session.execute(select(func.count(EvidenceEntry.seq))).scalar_one()
    attempt = begin(session, cast.ana, quiz)
    give(session, cast.ana, attempt, 1, option="1")
    give(session, cast.ana, attempt, 1, option="2")
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    entries = session.execute(
        select(EvidenceEntry).where(EvidenceEntry.seq > before).order_by(EvidenceEntry.seq)
    ).scalars()
    started, submitted = entries
    assert (started.kind, submitted.kind) == ("attempt.started", "attempt.submitted")
    assert len(json.loads(submitted.data)["responses"]) == 64
    assert "Ana" not in started.data + submitted.data


def test_drafts_and_practice_items_are_asked_nowhere(session, cast, quiz):
    bank = banks.find(session, "sem-gabarito")
    assert quizzes.pool(session, bank) == []
    with pytest.raises(Invalid):
        quizzes.publish(session, bank, None, by="t", now=clock.now())
    asked = {r.item.uid for r in quizzes.pool(session, quiz.bank)}
    assert "oito-9" not in asked
    assert {r.item.uid for r in quizzes.pool(session, quiz.bank, "practice")} == {"oito-9"}


def test_a_draft_keyed_with_two_options_is_asked_as_multiple(session, cast, content):
    bank = banks.find(session, "sem-gabarito")
    place = banks.places(session, bank)[0]
    keys.give(session, place.revision, (0, 2), "page", by="t", now=clock.now())
    assert quizzes.pool(session, bank) == [], "a key is asked with once it is published"
    keys.publish(session, bank.slug, [place.revision.id], by="t", now=clock.now())
    assert [r.kind for r in quizzes.pool(session, bank)] == ["multiple"]


def test_changing_the_key_of_an_item_in_use_moves_no_score(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    place = banks.places(session, quiz.bank)[0]
    outcome = keys.give(session, place.revision, (0,), "page", by="t", now=clock.now())
    assert outcome == "proposed"
    ready = quizzes.pool(session, quiz.bank)[0]
    assert ready.key["fractions"] == [0, 1, 0, 0]


def test_a_withdrawn_quiz_can_be_finished_but_not_started(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    quizzes.withdraw(session, quiz, by="t", now=clock.now())
    with pytest.raises(Missing):
        quizzes.find(session, "oito")
    give(session, cast.ana, attempt, 1, option="1")
    done = attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    assert done.state == "submitted"


def test_one_open_attempt_holds_in_the_database_too(session, cast, quiz):
    begin(session, cast.ana, quiz)
    session.add(
        Attempt(
            quiz_id=quiz.id,
            user_id=cast.ana.id,
            number=2,
            state="open",
            seed=1,
            cut_score=1,
            language="en",
            started_at=clock.now(),
        )
    )
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        session.flush()


def test_a_flag_that_is_set_twice_is_one(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    for _ in range(2):
        attempts.flag(session, cast.ana.id, attempt.public_id, 2, on=True)
    assert attempts.sheet(session, attempt).flags == [2]
    for _ in range(2):
        attempts.flag(session, cast.ana.id, attempt.public_id, 2, on=False)
    assert attempts.sheet(session, attempt).flags == []


def test_an_answer_that_comes_days_after_the_end_is_not_kept_any_more(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    attempt.deadline_at = end = clock.now()
    session.flush()
    sent = MultiDict({"option": "1"}).getlist

    def send(after):
        answer = saving.read(
            session, cast.ana.id, attempt.public_id, 1, sent, arrived=end + after, client="w", seq=1
        )
        return saving.store(session, answer)

    assert send(timedelta(hours=1)) == "late"
    with pytest.raises(Refused):
        send(timedelta(hours=25))


def test_an_answer_behind_the_present_question_is_not_stored_even_at_the_same_moment(
    session, cast, quiz
):
    attempt = begin(session, cast.ana, quiz)
    attempt.terms = {**attempt.terms, "navigation": "sequential"}
    session.flush()
    sent = MultiDict({"option": "1"}).getlist
    answer = saving.read(
        session, cast.ana.id, attempt.public_id, 1, sent, arrived=clock.now(), client="w", seq=1
    )
    attempts.advance(session, attempt, 1)
    with pytest.raises(Refused):
        saving.store(session, answer)
