"""A demonstration team, so that every page has something to show on the first day.

Passwords are generated. Some agents have read and tried things, through the same functions
that people's clicks call.
"""

import random
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from quizapp.certification import assignments, cohorts, meetings, program_texts, programs
from quizapp.certification.assignments import Wanted
from quizapp.certification.cohorts import Plan
from quizapp.content import banks, procedures
from quizapp.evidence import chain
from quizapp.items.keys import alternatives
from quizapp.items.kinds import CHOICE
from quizapp.people import access, calendars, holidays, teams
from quizapp.people.models import Team, User
from quizapp.quiz import attempts, composing, quizzes, saving, starting
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.models import AttemptItem, Quiz
from quizapp.quiz.rules import OPEN_REVIEW, Rules
from quizapp.study import reading

# (name, role, company number, teams)
PEOPLE = (
    ("Iara Admin", "admin", "9001", ()),
    ("Téo Instrutor", "trainer", "9002", ()),
    ("Bruno Supervisor", "manager", "9003", ("Suporte N1",)),
    ("Carla Supervisora", "manager", "9004", ("Suporte N2",)),
    ("Ana Atendente", "agent", "1001", ("Suporte N1",)),
    ("Davi Atendente", "agent", "1002", ("Suporte N1",)),
    ("Elisa Atendente", "agent", "1003", ("Suporte N1",)),
    ("Fábio Atendente", "agent", "1004", ("Suporte N1",)),
    ("Gabi Atendente", "agent", "1005", ("Suporte N2",)),
    ("Heitor Atendente", "agent", "1006", ("Suporte N2",)),
)
# Who has done how much: the share of sections read and, for each attempt, of items answered
# as the key has it. Ana and Fábio have yet to begin.
HISTORY = {
    "1002": (1.0, (0.95, 0.9)),
    "1003": (0.6, (0.55, 0.85)),
    "1005": (0.9, (0.9,)),
    "1006": (0.3, (0.5,)),
}
SUPPORT, WIFI, CARE = "suporte-sem-internet", "wifi-e-velocidade", "atendimento-lgpd-financeiro"


def _of(bank: str, competency: str, n: int) -> Part:
    return Part(bank, by="competency", value=competency, n=n)


# (title, use, parts, eliminatory items, rules): a timed exam of twenty drawn from two banks, one
# without consultation that a supervisor releases, and practice of all banks.
COMPOSED = (
    (
        "Certificação N1: suporte e Wi-Fi",
        "exam",
        (
            _of(SUPPORT, "triagem", 2),
            _of(SUPPORT, "diagnóstico", 5),
            _of(SUPPORT, "escalonamento", 3),
            _of(WIFI, "diagnóstico", 5),
            _of(WIFI, "comunicação", 4),
            Part(WIFI, n=1),
        ),
        (),
        Rules(
            cut_score=80.0,
            cut_reason="Demonstração: quem acerta quatro de cinco resolve o caso sem ajuda.",
            minutes=40,
            attempts=3,
            delay_hours=24,
            minima={"diagnóstico": 60.0},
        ),
    ),
    (
        "Segurança e LGPD: sem consulta",
        "exam",
        (
            Part(CARE, items=("alf-004", "alf-005"), points=2),
            _of(CARE, "segurança", 5),
            _of(CARE, "financeiro", 3),
        ),
        (f"{CARE}#alf-004", f"{CARE}#alf-005"),
        Rules(
            cut_score=75.0,
            cut_reason="Demonstração: o token e a ligação nossa são eliminatórios.",
            minutes=20,
            attempts=2,
            navigation="sequential",
            consultation=False,
            release=True,
        ),
    ),
    (
        "Treino: suporte, Wi-Fi e atendimento",
        "practice",
        (Part(SUPPORT), Part(WIFI), Part(CARE)),
        (),
        Rules(cut_score=70.0, review=OPEN_REVIEW, exposure_limit=None),
    ),
)


def make(session: Session, *, now: datetime, today: date) -> str:
    """Add the team, publish the banks, and return the accounts as text to show."""
    begun = now - timedelta(days=10)
    made = {n: teams.add_team(session, n, by=chain.SYSTEM, now=begun) for n in _team_names()}
    roles = {
        "admin": gettext("Administrator"),
        "trainer": gettext("Trainer"),
        "manager": gettext("Manager"),
        "agent": gettext("Agent"),
    }
    lines = [gettext("Demonstration accounts (company number, password, role):"), ""]
    for name, role, number, where in PEOPLE:
        user = teams.add_user(
            session, name=name, role=role, employee_number=number, by=chain.SYSTEM, now=begun
        )
        teams.set_teams(session, user, [made[t] for t in where], by=chain.SYSTEM, now=begun)
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        access.set_password(user, password)
        lines.append(f"  {number}  {password}  {roles[role]:<14} {name}")
    session.flush()
    for bank, _ in banks.live(session):
        if quizzes.pool(session, bank, published=False):
            quizzes.publish(session, bank, None, by=chain.SYSTEM, now=begun)
    of_banks = quizzes.published(session)
    _compose(session, begun)
    _train(session, made["Suporte N1"], begun, today)
    _meet(session, "Suporte N1", begun, today)
    for number, (share, tries) in HISTORY.items():
        user = session.execute(select(User).where(User.employee_number == number)).scalar_one()
        _read(session, user, share, now - timedelta(days=9), today)
        for quiz, skill in zip(of_banks, tries, strict=False):
            _try(session, user, quiz, skill, now - timedelta(days=3), today)
    return "\n".join([*lines, ""])


def _compose(session: Session, now: datetime) -> None:
    """What is put together of several banks, where our own banks are here."""
    for title, use, parts, eliminatory, rules in COMPOSED:
        blueprint = Blueprint(parts, frozenset(eliminatory), shuffle=use == "exam")
        drafted = composing.draft(session, use, blueprint, 0)
        if drafted.drawn and not drafted.shortages:
            quiz = composing.create(session, title, use, blueprint, rules, by=chain.SYSTEM, now=now)
            quizzes.open_quiz(session, quiz, by=chain.SYSTEM, now=now)


def _train(session: Session, team: Team, now: datetime, today: date) -> None:
    """The programs that can be done with our own procedures and banks, for a team to hold."""
    for program, revision in programs.every(session):
        if not programs.wanting(session, programs.steps(session, revision.id), today):
            program_texts.publish(session, program, by=chain.SYSTEM, now=now, today=today)
            wanted = Wanted("team", team.public_id, due_days=30)
            assignments.assign(session, program, wanted, by=chain.SYSTEM, now=now)


def _meet(session: Session, team: str, now: datetime, today: date) -> None:
    """The team as a cohort that has met once, one of them away, and the year's holidays."""
    told: dict[str, Any] = {"by": chain.SYSTEM, "now": now}
    people = {user.name: user for user in teams.everyone(session)}
    members = [people[name] for name, role, _, where in PEOPLE if role == "agent" and team in where]
    held, ahead = today - timedelta(days=7), today + timedelta(days=7)
    program = next((one for one, _ in programs.every(session) if one.published_at), None)
    plan = Plan(
        gettext("Cohort %(team)s", team=team),
        program.id if program else None,
        people["Téo Instrutor"].id,
        held,
        today + timedelta(days=30),
    )
    cohort = cohorts.begin(session, plan, **told)
    cohorts.add_members(session, cohort, members, **told)
    for day in (held, ahead):
        meetings.add(session, cohort, day, 90, **told)
    *here, away = (member.public_id for member in members)
    given = {**dict.fromkeys(here, "present"), away: "excused"}
    meetings.keep_attendance(session, cohort, meetings.find(session, cohort, held), given, **told)
    calendars.add_absence(session, members[-1], "vacation", held, ahead, **told)
    for one in holidays.national(today.year):
        if not one.optional:
            holidays.add(session, one.on, one.name, **told)


def _team_names() -> list[str]:
    return sorted({team for *_, where in PEOPLE for team in where})


def _read(session: Session, user: User, share: float, now: datetime, today: date) -> None:
    for listed in procedures.listed(session, today, user.id):
        text = reading.text_of(session, listed.slug, today, user.id)
        for part in text.parts[: round(share * len(text.parts))]:
            reading.acknowledge(session, user, text, part.anchor, part.hash, now=now)


def _try(
    session: Session, user: User, quiz: Quiz, skill: float, now: datetime, today: date
) -> None:
    chance = random.Random(f"{user.employee_number}:{quiz.slug}")  # noqa: S311 - a play
    attempt = starting.start(
        session, user, quiz, seed=chance.getrandbits(53), language="pt_BR", now=now, today=today
    )
    keys = {
        ready.item.id: ready.key
        for ready in quizzes.askable(session, quiz, quizzes.blueprint_of(session, quiz))
    }
    asked = session.execute(
        select(AttemptItem).where(AttemptItem.attempt_id == attempt.id)
    ).scalars()
    for item in asked.all():
        given = _answer(item, keys[item.item_id], knows=chance.random() < skill)
        now += timedelta(seconds=40)
        saving.save(session, user.id, attempt.public_id, item.position, given.getlist, now)
    attempts.submit(session, user, attempt.public_id, now)


def _answer(item: AttemptItem, key: Mapping[str, Any], *, knows: bool) -> MultiDict[str, str]:
    """What a page would send: as the key has it, or beside it."""
    places = {source: str(place) for place, source in enumerate(item.shown, start=1)}
    key = alternatives(key)[0]
    if item.kind in CHOICE:
        right = [source for source, fraction in enumerate(key["fractions"]) if fraction > 0]
        wrong = [source for source in places if source not in right]
        chosen = right if knows or not wrong else wrong[:1]
        return MultiDict([("option", places[source]) for source in chosen])
    if item.kind == "ordering":
        turn, size = (0 if knows else 1), len(item.shown)
        return MultiDict({f"place-{places[s]}": str((s + turn) % size + 1) for s in range(size)})
    if item.kind == "matching":
        rights = key["matches"] if knows else key["matches"][1:] + key["matches"][:1]
        return MultiDict({f"match-{i}": places[r] for i, r in enumerate(rights, start=1)})
    answer = key["answers"][0]
    return MultiDict({"text": str(answer.get("text", answer.get("low"))) if knows else "0"})
