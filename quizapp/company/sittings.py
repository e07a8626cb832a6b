"""Attempts as they run: a form, answers one after the other, the end and the score.

Rows are gathered and written many attempts at a time, in the order in which the application
writes them: an open attempt with its form, the answers, the end.
"""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, text, update
from sqlalchemy.orm import Session

from quizapp.company import answers
from quizapp.company.exams import Asked, Exam
from quizapp.company.people import Agent, Taken, opaque
from quizapp.db import add_rows
from quizapp.evidence import chain
from quizapp.evidence.chain import Fact
from quizapp.items.scoring import Policy, Result, score_item
from quizapp.items.scoring.numbers import as_written
from quizapp.quiz import attempts, forms, grading
from quizapp.quiz.blueprints import Drawn
from quizapp.quiz.grading import Graded, Keys
from quizapp.quiz.models import (
    Attempt,
    AttemptItem,
    ItemExposure,
    ItemScore,
    Response,
    Score,
)

Value = dict[str, Any]

BLANK, CHANGED = 0.015, 0.06
# How much longer an item takes at the end of a form than at its beginning.
TIRED = 0.3
LANGUAGE = "pt_BR"

_ATTEMPT, _ITEM, _RESPONSE, _SCORE, _ITEM_SCORE = (
    cast(Table, model.__table__) for model in (Attempt, AttemptItem, Response, Score, ItemScore)
)


@dataclass(frozen=True)
class Given:
    """A save: of which position, what, when; `spent` on the item so far, in milliseconds."""

    position: int
    value: Value
    at: datetime
    spent: int


@dataclass(frozen=True)
class Sitting:
    """One attempt, whole; without a score it is open."""

    public_id: str
    agent: Agent
    exam: Exam
    number: int
    seed: int
    started_at: datetime
    deadline_at: datetime | None
    ended_at: datetime | None
    ended: str | None
    reached: int
    client: str
    drawn: Sequence[Drawn]
    first: Sequence[Given]
    changed: Sequence[Given]
    score: grading.NewScore | None


class Hall:
    """Where attempts are made, and kept until they are written."""

    def __init__(self, session: Session, chance: random.Random, keys: Keys) -> None:
        self._session, self._chance, self.keys = session, chance, keys
        self._waiting: list[Sitting] = []
        self._pairs: set[tuple[int, int]] = set()
        self.used: Counter[int] = Counter()
        self._last: dict[int, datetime] = {}
        self._fractions: dict[tuple[int, str, Policy], Fraction | None] = {}
        self.facts: list[Fact] = []

    def sit(self, agent: Agent, exam: Exam, at: datetime, *, leave_open: bool = False) -> Sitting:
        """Take a quiz; what it says about the agent is kept with them."""
        chance, slug = self._chance, exam.quiz.slug
        taken = agent.taken.setdefault(slug, Taken())
        taken.number += 1
        seed = chance.getrandbits(53)
        drawn = exam.form(seed, agent.seen, self.used)
        asked = [exam.items[place.candidate] for place in drawn]
        deadline = exam.rules.deadline(at)
        back = exam.rules.navigation == "free"
        first, changed, end = self._answer(agent, asked, taken.number, at, deadline, back)
        ended = "deadline" if end == deadline else "agent"
        if leave_open:
            first, changed = first[: len(first) // 2], []
        paper = self._paper(exam, drawn, asked, first, changed)
        score = None
        if not leave_open:
            graded = self._grade(paper)
            score = grading.NewScore(paper, self.keys, graded, 1, graded.result.passed)
        reached = len(first) if exam.rules.navigation == "sequential" else 1
        sitting = Sitting(
            opaque(chance),
            agent,
            exam,
            taken.number,
            seed,
            at,
            deadline,
            None if leave_open else end,
            None if leave_open else ended,
            max(1, min(len(asked), reached)),
            opaque(chance),
            drawn,
            first,
            changed,
            score,
        )
        for one in asked:
            agent.seen.add(one.item_id)
            self.used[one.item_id] += 1
            self._last[one.item_id] = at
        taken.ended_at = end
        if score is not None and score.passed:
            taken.passed_at, taken.passed_by = end, sitting.public_id
        self._keep(sitting)
        return sitting

    def _answer(
        self,
        agent: Agent,
        asked: Sequence[Asked],
        number: int,
        at: datetime,
        deadline: datetime | None,
        back: bool,
    ) -> tuple[list[Given], list[Given], datetime]:
        """The answers, those that were changed at the end if one may, and when it ended."""
        chance, now = self._chance, at
        ability = agent.ability + min(0.8, 0.12 * (number - 1))  # practice helps
        first: list[Given] = []
        again: list[tuple[Asked, Given]] = []
        for position, one in enumerate(asked, start=1):
            temper = one.temper
            slow = 1 + TIRED * position / len(asked)
            seconds = temper.seconds * agent.pace * slow * chance.lognormvariate(0, 0.4)
            if deadline and now + timedelta(seconds=seconds) >= deadline:
                return first, [], deadline  # what is left was not reached
            now += timedelta(milliseconds=int(1000 * seconds))
            if chance.random() < BLANK:
                continue
            value = self._value(one, ability)
            first.append(Given(position, value, now, int(1000 * seconds)))
            if back and chance.random() < CHANGED:
                again.append((one, first[-1]))
        changed = []
        for one, before in again:
            spent = int(1000 * chance.uniform(5, 20))
            if deadline and now + timedelta(milliseconds=spent) >= deadline:
                break
            now += timedelta(milliseconds=spent)
            value = self._value(one, ability)
            changed.append(Given(before.position, value, now, before.spent + spent))
        return first, changed, now + timedelta(seconds=chance.randrange(3, 30))

    def _value(self, one: Asked, ability: float) -> Value:
        if self._chance.random() < one.temper.knows(ability):
            return one.temper.believed
        return answers.wrong(one.kind, one.temper, self._chance, one.cap)

    def _paper(
        self,
        exam: Exam,
        drawn: Sequence[Drawn],
        asked: Sequence[Asked],
        first: Sequence[Given],
        changed: Sequence[Given],
    ) -> grading.Paper:
        last = {given.position: given.value for given in (*first, *changed)}
        return grading.Paper(
            0,
            exam.rules.cut_score,
            exam.rules.policy,
            exam.rules.minima,
            tuple(
                grading.Given(
                    position,
                    one.kind,
                    one.revision_id,
                    place.points,
                    place.eliminatory,
                    one.competencies,
                    last.get(position),
                )
                for position, (place, one) in enumerate(zip(drawn, asked, strict=True), start=1)
            ),
        )

    def _grade(self, paper: grading.Paper) -> Graded:
        """As grading.grade, whose exact sums take long: most forms are plain sums of known parts.

        What has minima or eliminatory items is left to it.
        """
        if paper.minima or any(given.eliminatory for given in paper.items):
            return grading.grade(paper, self.keys)
        fractions = tuple(self._fraction(given, paper.policy) for given in paper.items)
        points = sum(
            (
                given.points * part
                for given, part in zip(paper.items, fractions, strict=True)
                if part
            ),
            Fraction(),
        )
        most = sum(given.points for given in paper.items)
        percent = 100 * points / most
        passed = percent >= as_written(paper.cut_score)
        result = Result(fractions, points, Fraction(most), percent, passed)
        return Graded(result, ("scored",) * len(fractions))

    def _fraction(self, given: grading.Given, policy: Policy) -> Fraction | None:
        if given.value is None:
            return None
        known = given.revision_id, str(given.value), policy
        if known not in self._fractions:
            key = self.keys.values[given.revision_id]
            self._fractions[known] = score_item(given.kind, key, given.value, policy)
        return self._fractions[known]

    def _keep(self, sitting: Sitting) -> None:
        pair = sitting.agent.id, sitting.exam.quiz.id
        if pair in self._pairs:  # two open ones of a quiz cannot be
            self.write()
        self._pairs.add(pair)
        self._waiting.append(sitting)

    def write(self) -> None:
        """Write what waits, as the application would have: open, answered, ended, scored."""
        some, self._waiting = self._waiting, []
        self._pairs.clear()
        if some:
            ids = self._start(some)
            self._save(some, ids)
            done = [(id_, one) for id_, one in zip(ids, some, strict=True) if one.score]
            self._session.execute(_END, {"first": ids[0]})
            self._score(done)
        self.facts.sort(key=lambda fact: fact.at)
        chain.extend(self._session, self.facts)
        self.facts.clear()

    def _start(self, some: Sequence[Sitting]) -> list[int]:
        rows = [
            {
                "public_id": one.public_id,
                "quiz_id": one.exam.quiz.id,
                "quiz_revision_id": one.exam.quiz.current_revision_id,
                "user_id": one.agent.id,
                "number": one.number,
                "state": "open",
                "seed": one.seed,
                "cut_score": one.exam.rules.cut_score,
                "team_id": one.agent.crew.id,
                "language": LANGUAGE,
                "started_at": one.started_at,
                "submitted_at": one.ended_at,
                "terms": one.exam.terms,
                "deadline_at": one.deadline_at,
                "ended": one.ended,
                "holder": one.client,
                "reached": one.reached,
            }
            for one in some
        ]
        ids = list(self._session.execute(_START, rows).scalars())
        items = []
        for id_, one in zip(ids, some, strict=True):
            form = []
            for position, place in enumerate(one.drawn, start=1):
                asked = one.exam.items[place.candidate]
                shown = forms.order(asked.kind, asked.content, one.seed, asked.uid)
                form.append([asked.revision_id, shown, asked.sections])
                items.append(
                    (
                        id_,
                        position,
                        asked.item_id,
                        asked.revision_id,
                        asked.kind,
                        str(shown),  # as JSON has a list of numbers
                        asked.sections_json,
                        place.points,
                        place.eliminatory,
                        asked.cap,
                    )
                )
            self.facts.append(_started(one, form))
        add_rows(self._session, _ITEM, _ITEM_COLUMNS, items)
        return ids

    def _save(self, some: Sequence[Sitting], ids: Sequence[int]) -> None:
        rows, again = [], []
        for id_, one in zip(ids, some, strict=True):
            for seq, given in enumerate(one.first, start=1):
                rows.append(
                    (id_, given.position, _json(given), given.at, one.client, seq, given.spent)
                )
            for seq, given in enumerate(one.changed, start=len(one.first) + 1):
                again.append(
                    {
                        "attempt": id_,
                        "n": given.position,
                        "value": given.value,
                        "saved_at": given.at,
                        "seq": seq,
                        "spent": given.spent,
                    }
                )
        add_rows(self._session, _RESPONSE, _RESPONSE_COLUMNS, rows)
        if again:
            self._session.execute(_CHANGE, again)

    def _score(self, done: Sequence[tuple[int, Sitting]]) -> None:
        if not done:
            return
        scores, rows = [], []
        for id_, one in done:
            assert one.score is not None  # noqa: S101 - only what was scored comes here
            scores.append(
                {
                    "attempt_id": id_,
                    "number": 1,
                    **one.score.facts(),
                    "reason": "submit",
                    "at": one.ended_at,
                    "by": None,
                    "decision_id": None,
                }
            )
            self.facts.append(_submitted(one, one.score))
        ids = self._session.execute(_ADD_SCORES, scores).scalars()
        for score_id, (_, one) in zip(ids, done, strict=True):
            rows += [(score_id, *row.values()) for row in one.score.items()]  # type: ignore[union-attr]
        add_rows(self._session, _ITEM_SCORE, _ITEM_SCORE_COLUMNS, rows)

    def close(self) -> None:
        """Write the rest, and how often each item was shown."""
        self.write()
        if self.used:
            self._session.execute(
                insert(ItemExposure),
                [
                    {"item_id": item_id, "forms": count, "last_at": self._last[item_id]}
                    for item_id, count in sorted(self.used.items())
                ],
            )


def _json(given: Given) -> str:
    return json.dumps(given.value)


def _started(one: Sitting, form: list[list[Any]]) -> Fact:
    data = {
        "quiz": one.exam.quiz.slug,
        "number": one.number,
        "seed": one.seed,
        "cut_score": one.exam.rules.cut_score,
        "deadline": one.deadline_at and one.deadline_at.isoformat(),
        "released_by": None,
        "language": LANGUAGE,
        "form": form,
    }
    return Fact("attempt.started", one.agent.public_id, one.public_id, one.started_at, data)


def _submitted(one: Sitting, score: grading.NewScore) -> Fact:
    assert one.ended_at is not None  # noqa: S101 - it was scored
    events = ((given.position, given.value, given.at) for given in (*one.first, *one.changed))
    data = {
        "ended": one.ended,
        "score": float(score.graded.result.percent),
        "passed": score.passed,
        "responses": attempts.history_hash(events),
    }
    by = one.agent.public_id if one.ended == "agent" else chain.SYSTEM
    return Fact("attempt.submitted", by, one.public_id, one.ended_at, data)


_START = insert(_ATTEMPT).returning(_ATTEMPT.c.id, sort_by_parameter_order=True)
_ITEM_COLUMNS = (
    "attempt_id",
    "position",
    "item_id",
    "item_revision_id",
    "kind",
    "shown",
    "sections",
    "points",
    "eliminatory",
    "cap",
)
_RESPONSE_COLUMNS = ("attempt_id", "position", "value", "saved_at", "client", "seq", "spent")
_ITEM_SCORE_COLUMNS = ("score_id", "position", "item_key_id", "fraction", "treatment")
_CHANGE = (
    update(_RESPONSE)
    .where(_RESPONSE.c.attempt_id == bindparam("attempt"), _RESPONSE.c.position == bindparam("n"))
    .values({name: bindparam(name) for name in ("value", "saved_at", "seq", "spent")})
)
_END = text(
    "UPDATE attempt SET state = 'submitted' "
    "WHERE id >= :first AND state = 'open' AND submitted_at IS NOT NULL"
)
_ADD_SCORES = insert(_SCORE).returning(_SCORE.c.id, sort_by_parameter_order=True)
