"""The company's content: imported, published, and each item with the temper it answers by."""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.company import answers, texts
from quizapp.company.answers import Temper
from quizapp.company.editions import Edition
from quizapp.content import banks, citations, importer, keys
from quizapp.content.citations import Citation
from quizapp.content.models import Bank, BankRevision, Item, ItemKey, ItemRevision
from quizapp.evidence import chain
from quizapp.items import scoring
from quizapp.items.scoring import Policy
from quizapp.quiz import composing, quizzes
from quizapp.quiz.blueprints import Blueprint, Candidate, Drawn, Part, draw
from quizapp.quiz.grading import Keys
from quizapp.quiz.models import Quiz
from quizapp.quiz.rules import OPEN_REVIEW, Rules

FIXED = ("abertura", "sem-internet", "lentidao", "cobranca")
# The bank that gets a few items more in the end: everybody is asked of it.
ENLARGED, MORE, REVIEW_DAYS = "lgpd", 3, 20


def _by(bank: str, competency: str, n: int, points: int = 1) -> Part:
    return Part(bank, by="competency", value=competency, n=n, points=points)


def _hard(bank: str, easy: int, medium: int, hard: int) -> tuple[Part, ...]:
    counts = {"easy": easy, "medium": medium, "hard": hard}
    return tuple(Part(bank, by="difficulty", value=v, n=n) for v, n in counts.items())


# (title, use, parts, eliminatory, rules): what is drawn from pools, besides the fixed banks.
COMPOSED = (
    (
        "Certificação N1",
        "exam",
        (
            _by("suporte-n1", "diagnóstico", 5),
            _by("suporte-n1", "triagem", 3),
            Part("suporte-n1", n=4),
        ),
        (),
        Rules(cut_score=75.0, minutes=8, delay_hours=24, minima={"diagnóstico": 50.0}),
    ),
    (
        "Certificação N2",
        "exam",
        _hard("suporte-n2", 4, 5, 3),
        (),
        Rules(cut_score=75.0, minutes=9, delay_hours=24, counts="last"),
    ),
    (
        "Certificação financeiro",
        "exam",
        (_by("financeiro", "financeiro", 4, 2), Part("financeiro", n=6)),
        (),
        Rules(cut_score=70.0, delay_hours=12, policy=Policy(multiple="capped")),
    ),
    (
        "Certificação retenção",
        "exam",
        (Part("retencao", n=10),),
        (),
        Rules(cut_score=70.0, delay_hours=12),
    ),
    (
        "Certificação LGPD",
        "exam",
        (Part("lgpd", items=("lgpd-001", "lgpd-002"), points=2), Part("lgpd", n=8)),
        ("lgpd#lgpd-001",),
        Rules(
            cut_score=70.0, minutes=7, delay_hours=24, navigation="sequential", consultation=False
        ),
    ),
    (
        "Reciclagem geral",
        "exam",
        tuple(Part(bank, n=3) for bank in ("suporte-n1", "suporte-n2", "financeiro", "lgpd")),
        (),
        Rules(cut_score=60.0),
    ),
    *(
        (
            title,
            "practice",
            (Part(bank, n=8),),
            (),
            Rules(cut_score=60.0, review=OPEN_REVIEW, exposure_limit=None),
        )
        for title, bank in (
            ("Treino de suporte", "treino-suporte"),
            ("Treino comercial", "treino-comercial"),
        )
    ),
)


@dataclass(frozen=True)
class Asked:
    """An item as it is asked: its revision, key, citations, and how it behaves.

    `uid` is like no other's in the company, also of another bank.
    """

    item_id: int
    revision_id: int
    uid: str
    kind: str
    content: Mapping[str, Any]
    competencies: tuple[str, ...]
    sections: Mapping[str, str]
    cap: int | None
    temper: Temper
    sections_json: str

    def citing(self, sections: Mapping[str, str]) -> "Asked":
        """The same item when it cites these sections, by their hashes."""
        if sections == self.sections:
            return self
        return replace(self, sections=sections, sections_json=json.dumps(sections))


@dataclass(frozen=True)
class Exam:
    """A quiz as it is taken: the terms of its attempts, and what a form is drawn from."""

    quiz: Quiz
    rules: Rules
    terms: Mapping[str, Any]
    blueprint: Blueprint
    items: tuple[Asked, ...]
    candidates: tuple[Candidate, ...]

    @cached_property
    def fixed(self) -> Sequence[Drawn] | None:
        """The form, where everybody gets the same items in the same order."""
        parts = self.blueprint.parts
        if self.blueprint.shuffle or not all(part.is_certain for part in parts):
            return None
        return draw(self.blueprint, self.candidates, 0)[0]

    def form(self, seed: int, seen: set[int], used: Mapping[int, int]) -> Sequence[Drawn]:
        """The form that a person gets who had `seen` items, as quiz.starting draws it."""
        if self.fixed is not None:
            return self.fixed
        candidates = [
            Candidate(
                one.bank,
                one.uid,
                one.competencies,
                (),
                one.difficulty,
                asked.item_id in seen,
                used[asked.item_id],
            )
            for one, asked in zip(self.candidates, self.items, strict=True)
        ]
        return draw(self.blueprint, candidates, seed)[0]


def bring(
    session: Session,
    procedures: Iterable[Edition],
    chance: random.Random,
    *,
    now: datetime,
    today: date,
) -> tuple[dict[str, Exam], Keys]:
    """Import the texts and publish the quizzes; by slug, and the keys of all items."""
    files = [*(one.file() for one in procedures), *texts.banks(chance), *texts.programs()]
    importer.import_files(session, files, by=chain.SYSTEM, now=now, today=today, origin="upload")
    for bank, _ in banks.live(session):
        if bank.slug in FIXED:
            quizzes.publish(session, bank, None, by=chain.SYSTEM, now=now)
            continue
        revisions = [place.revision.id for place in banks.places(session, bank)]
        keys.publish(session, bank.slug, revisions, by=chain.SYSTEM, now=now)
    for title, use, parts, eliminatory, rules in COMPOSED:
        blueprint = Blueprint(parts, frozenset(eliminatory), shuffle=use == "exam")
        quiz = composing.create(session, title, use, blueprint, rules, by=chain.SYSTEM, now=now)
        quizzes.open_quiz(session, quiz, by=chain.SYSTEM, now=now)
    tempers = dict(_tempers(session, chance))
    exams = {quiz.slug: _exam(session, quiz, tempers, today) for quiz in quizzes.published(session)}
    return exams, _keys(session)


def _keys(session: Session) -> Keys:
    rows = session.execute(select(ItemKey.item_revision_id, ItemKey.id, ItemKey.value)).all()
    return Keys({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})


def cite_anew(session: Session, exams: dict[str, Exam], today: date) -> None:
    """Procedures changed: what is asked from today on cites their sections as they are now."""
    revisions = {one.revision_id for exam in exams.values() for one in exam.items}
    cited = citations.cited_by(session, revisions, today)
    for slug, exam in exams.items():
        items = tuple(one.citing(_sections(cited.get(one.revision_id, ()))) for one in exam.items)
        if items != exam.items:
            exams[slug] = replace(exam, items=items)


def _sections(cited: Iterable[Citation]) -> dict[str, str]:
    return {one.reference: one.hash for one in cited if one.hash}


def enlarge(
    session: Session,
    exams: dict[str, Exam],
    chance: random.Random,
    *,
    by: str,
    now: datetime,
    today: date,
) -> Keys:
    """A bank gets a few items more, whose keys are in review; the keys of all items."""
    bank = session.scalars(select(Bank).where(Bank.slug == ENLARGED)).one()
    about = next(one for one in texts.BANKS if one.slug == ENLARGED)
    before = session.get_one(BankRevision, bank.current_revision_id).source
    file = texts.enlarged(about, before, MORE, chance)
    importer.import_files(session, [file], by=by, now=now, today=today, origin="upload")
    revisions = [place.revision.id for place in banks.places(session, bank)]
    keys.publish(session, ENLARGED, revisions, by=by, now=now, review_days=REVIEW_DAYS)
    tempers = dict(_tempers(session, chance))
    # Whoever is asked something again answers as before.
    tempers |= {one.uid: one.temper for exam in exams.values() for one in exam.items}
    for slug, exam in exams.items():
        if ENLARGED in exam.blueprint.banks:
            exams[slug] = _exam(session, exam.quiz, tempers, today)
    return _keys(session)


def _exam(session: Session, quiz: Quiz, tempers: Mapping[str, Temper], today: date) -> Exam:
    rules, blueprint = quizzes.rules_of(session, quiz), quizzes.blueprint_of(session, quiz)
    ready = quizzes.askable(session, quiz, blueprint)
    content = quizzes.texts(session, ready)
    cited = citations.cited_by(session, [one.revision.id for one in ready], today)
    items = []
    for one in ready:
        sections = _sections(cited.get(one.revision.id, ()))
        items.append(
            Asked(
                one.item.id,
                one.revision.id,
                one.item.uid,
                one.kind,
                content[one.revision.id],
                tuple(one.revision.competencies),
                sections,
                scoring.cap(one.kind, one.key, rules.policy),
                tempers[one.item.uid],
                json.dumps(sections),
            )
        )
    terms = rules.to_json()
    del terms["access_code"]
    return Exam(quiz, rules, terms, blueprint, tuple(items), tuple(quizzes.candidates(ready)))


HARDNESS = {"easy": -1.0, "medium": -0.2, "hard": 0.9}
# What item analysis is for: a wrong key, one that everybody knows, a distractor nobody takes.
MISKEYED = ("sem-internet#sem-internet-003", "suporte-n1#suporte-n1-007")
KNOWN_TO_ALL = ("abertura#abertura-001", "lgpd#lgpd-005")
IDLE = ("sem-internet#sem-internet-002", "lentidao#lentidao-003", "suporte-n2#suporte-n2-001")


def _tempers(session: Session, chance: random.Random) -> Iterator[tuple[str, Temper]]:
    rows = session.execute(
        select(Bank.slug, Item.uid, ItemRevision.kind, ItemRevision.difficulty, ItemKey.value)
        .join(Item, Item.bank_id == Bank.id)
        .join(ItemRevision, ItemRevision.item_id == Item.id)
        .join(ItemKey, ItemKey.item_revision_id == ItemRevision.id)
        .order_by(Item.id)
    )
    for slug, uid, kind, difficulty, key in rows:
        name = f"{slug}#{uid}"
        temper = _temper(kind, difficulty or "medium", key, chance)
        right = temper.believed.get("selected", [])
        if name in MISKEYED and kind == "single":
            other = (right[0] + 1) % len(temper.pull)
            pull = [1.0] * len(temper.pull)
            pull[other] = 0.0
            temper = replace(temper, believed={"selected": [other]}, pull=tuple(pull))
        elif name in KNOWN_TO_ALL:
            temper = replace(temper, hardness=-20.0)
        elif name in IDLE and kind == "single":
            pull = list(temper.pull)
            pull[(right[0] + 1) % len(pull)] = 0.0
            temper = replace(temper, pull=tuple(pull))
        yield uid, temper


def _temper(kind: str, difficulty: str, key: dict[str, Any], chance: random.Random) -> Temper:
    believed = answers.right(kind, key)
    pull: tuple[float, ...] = ()
    guess = 0.05
    if parts := key.get("fractions"):
        draws = iter(chance.sample(answers.PULL, len(answers.PULL)))
        several = sum(part > 0 for part in parts) > 1
        pull = tuple(0.0 if part > 0 and not several else next(draws, 1.0) for part in parts)
        guess = 0.0 if several else 1 / len(parts)
    return Temper(
        hardness=HARDNESS[difficulty] + chance.gauss(0, 0.5),
        slope=chance.uniform(0.8, 2.0),
        guess=guess,
        seconds=chance.uniform(18, 45),
        believed=believed,
        pull=pull,
    )
