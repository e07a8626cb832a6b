"""Random interleavings of saving, submitting, taking over and expiry.

The model knows what was accepted and when; the score must follow from that alone.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Closed, Elsewhere
from quizapp.quiz import attempts, expiry, grading, quizzes, saving, starting
from quizapp.quiz.models import (
    Attempt,
    AttemptItem,
    LateResponse,
    Quiz,
    Response,
    ResponseEvent,
    Score,
)
from quizapp.quiz.rules import GRACE, Rules
from tests.conftest import TODAY
from tests.examples import tried

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTES = 10
DEADLINE = START + timedelta(minutes=MINUTES)
SINGLES = (1, 8)  # positions of the sample quiz that take one option of three or more


class Sitting(RuleBasedStateMachine):
    """One timed attempt, two windows, a clock that only goes forward."""

    stage: Any = None  # set by the test: (user, quiz), with a database behind it

    def __init__(self) -> None:
        super().__init__()
        self.session = db.session()
        self.user, self.quiz = self.stage
        self.now = START
        self.attempt = starting.start(
            self.session, self.user, self.quiz, seed=1, language="pt_BR", now=self.now, today=TODAY
        )
        self.public_id = self.attempt.public_id
        self.holder: str | None = None
        self.seqs = {"a": 0, "b": 0}
        self.named: dict[tuple[str, int], int] = {}  # what a save was called -> the place it gave
        self.accepted: dict[int, tuple[int, str, int]] = {}
        self.ended_at: datetime | None = None
        self.shown = dict(
            iter(
                self.session.execute(
                    select(AttemptItem.position, AttemptItem.shown).where(
                        AttemptItem.attempt_id == self.attempt.id
                    )
                )
            )
        )

    @property
    def is_over(self) -> bool:
        return self.now > DEADLINE + GRACE

    @rule(seconds=st.sampled_from([1, 10, 120, 300, 590, 614]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(
        window=st.sampled_from("ab"),
        position=st.sampled_from(SINGLES),
        place=st.integers(1, 3),
    )
    def save(self, window: str, position: int, place: int) -> None:
        self.seqs[window] += 1
        self.named[window, self.seqs[window]] = place
        self._send(window, position, place, self.seqs[window])

    @rule(window=st.sampled_from("ab"), position=st.sampled_from(SINGLES), back=st.integers(0, 3))
    def an_old_save_comes_again(self, window: str, position: int, back: int) -> None:
        seq = self.seqs[window] - back
        if (window, seq) in self.named:
            self._send(window, position, self.named[window, seq], seq)

    def _send(self, window: str, position: int, place: int, seq: int) -> None:
        sent = {"option": [str(place)]}
        try:
            answer = saving.read(
                self.session,
                self.user.id,
                self.public_id,
                position,
                lambda name: sent.get(name, []),
                arrived=self.now,
                client=window,
                seq=seq,
            )
            outcome = saving.store(self.session, answer)
        except Closed:
            assert self.ended_at is not None
            return
        except Elsewhere:
            assert self.holder not in (None, window)
            return
        if outcome == "late":
            assert self.is_over
            return
        assert self.ended_at is None
        assert not self.is_over
        assert self.holder in (None, window)
        self.holder = window
        _, client, last = self.accepted.get(position, (0, "", 0))
        if client != window or seq > last:
            self.accepted[position] = (place, window, seq)

    @rule(window=st.sampled_from("ab"))
    def take_over(self, window: str) -> None:
        try:
            held = attempts.hold(
                self.session, self.user.id, self.public_id, window, now=self.now, take=True
            )
        except Closed:
            assert self.ended_at is not None
            return
        assert held
        self.holder = window

    @precondition(lambda self: self.now >= START + timedelta(minutes=3))
    @rule(window=st.sampled_from("ab"), again=st.booleans())
    def submit(self, window: str, again: bool) -> None:
        for _ in range(1 + again):
            try:
                done = attempts.submit(
                    self.session, self.user, self.public_id, self.now, client=window
                )
            except Elsewhere:
                assert self.ended_at is None
                assert self.holder not in (None, window)
                return
            assert done.state == "submitted"
            if self.ended_at is None:
                self.ended_at = DEADLINE if self.is_over else self.now

    @rule()
    def the_sweeper_comes(self) -> None:
        expiry.sweep(self.session, self.now)
        if self.is_over and self.ended_at is None:
            self.ended_at = DEADLINE

    @rule()
    def somebody_looks(self) -> None:
        over = attempts.close_if_over(self.session, self.attempt, self.now)
        if over and self.ended_at is None:
            assert self.is_over
            self.ended_at = DEADLINE

    @invariant()
    def what_was_accepted_is_there(self) -> None:
        rows = self.session.execute(
            select(Response.position, Response.value).where(Response.attempt_id == self.attempt.id)
        )
        stored = dict(iter(rows))
        assert stored == {
            position: {"selected": [self.shown[position][place - 1]]}
            for position, (place, *_) in self.accepted.items()
        }

    def teardown(self) -> None:
        """However it ended: the score is that of the last accepted answers, none came late."""
        self.now = max(self.now, DEADLINE + GRACE + timedelta(seconds=1))
        expiry.sweep(self.session, self.now)
        self.session.expire_all()
        attempt = self.session.get_one(Attempt, self.attempt.id)
        assert attempt.state == "submitted"
        assert attempt.submitted_at == (self.ended_at or DEADLINE)
        (score,) = self.session.execute(
            select(Score).where(Score.attempt_id == attempt.id)
        ).scalars()
        (paper,) = grading.papers(self.session, [attempt.id])
        keys = grading.keys_of(self.session, [given.revision_id for given in paper.items])
        points = 0
        for given in paper.items:
            if given.position in self.accepted:
                place = self.accepted[given.position][0]
                source = self.shown[given.position][place - 1]
                points += keys.values[given.revision_id]["fractions"][source]
        assert score.points == points
        assert score.percent == 100 * points / len(paper.items)
        times = self.session.execute(
            select(ResponseEvent.saved_at).where(ResponseEvent.attempt_id == attempt.id)
        ).scalars()
        assert all(at <= DEADLINE + GRACE for at in times)
        late = self.session.execute(
            select(LateResponse.arrived_at).where(LateResponse.attempt_id == attempt.id)
        ).scalars()
        assert all(at > DEADLINE + GRACE for at in late)
        self.session.commit()


def sit(session: Any, user: Any, quiz: Quiz, examples: int) -> None:
    """Play so many random sittings."""
    found = quizzes.rules_of(session, quiz)
    rules = Rules.from_json({**found.to_json(), "minutes": MINUTES})
    blueprint = quizzes.blueprint_of(session, quiz)
    quizzes.revise(
        session, quiz, quiz.title, blueprint, rules, reason="timed", by="t", now=clock.now()
    )
    session.commit()
    machine = type("Staged", (Sitting,), {"stage": (user, quiz)})
    case = machine.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    case("runTest").runTest()


def test_the_score_follows_from_the_last_accepted_answers(session, cast, quiz):
    sit(session, cast.ana, quiz, tried(40))


@pytest.mark.slow
def test_the_score_follows_from_the_last_accepted_answers_a_thousand_times(session, cast, quiz):
    sit(session, cast.ana, quiz, 1000)


@pytest.mark.parametrize("broken", ["order", "deadline", "holder"])
def test_the_machine_notices_an_engine_that_breaks_a_promise(
    session, cast, quiz, monkeypatch, broken
):
    if broken == "order":
        monkeypatch.setattr(
            saving,
            "_SAVE_ON",
            {
                name: type(text)(text.text.split("WHERE excluded.seq IS NULL")[0]).bindparams(
                    *text._bindparams.values()
                )
                for name, text in saving._SAVE_ON.items()
            },
        )
    elif broken == "deadline":
        monkeypatch.setattr(saving, "is_over", lambda deadline, at: False)
    else:
        monkeypatch.setattr(saving, "elsewhere", lambda: Closed(""))
    with pytest.raises(AssertionError):
        sit(session, cast.ana, quiz, 200)
