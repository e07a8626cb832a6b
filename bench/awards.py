"""The award of many people by one submit each, and pages meanwhile.

As fast as they come, each person submits two quizzes of the same size, in two orders: one is the
last step of a program with a procedure to read, the other belongs to none. What the award costs
is the difference. With a pace, only the first, one every so many seconds: 2,000 in an hour are
one every 1.8 s. Pages are then measured before and meanwhile beside a bare one, which says how
busy the machine was.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import bare
from bench.taking import Line, Tally, _new_server, _token, bank

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "2000"))
CLIENTS = 8
PAGES = ("/", "/programs", "/quizzes")


@dataclass(frozen=True)
class Person:
    """A session, and what each quiz is submitted with: its address and its right answers."""

    cookie: str
    token: str
    awarding: tuple[str, dict[str, object]]
    plain: tuple[str, dict[str, object]]


def main(
    databases: list[str],
    pace: float,
    serving: Callable[..., Any],
    settings: Callable[..., Any],
) -> None:
    """Measure on each database, and print. `pace` is in seconds, 0 for as fast as they come."""
    for database in databases:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            url = _new_server() if database == "postgresql" else ""
            os.environ.update(settings(folder))
            people = _make(folder, url)
            environment = {
                **os.environ,
                **settings(folder),
                "QUIZAPP_DATABASE_URL": url,
                "QUIZAPP_LOG_LEVEL": "error",
                "BENCH_BARE": str(folder / "bare.sqlite3"),
            }
            bare.make(str(folder / "bare.sqlite3"))
            with (
                serving("granian", "bench.bare:app", environment) as (bare_port, _),
                serving("granian", "wsgi:app", environment) as (port, _),
            ):
                if pace:
                    asyncio.run(_paced(database, port, bare_port, people, pace))
                else:
                    asyncio.run(_measure(database, port, people))
            print(f"{database}: {_awards(folder, url)} awards", flush=True)


def _make(folder: Path, url: str) -> list[Person]:
    """An installation in which everybody has one submit left to be certified."""
    from flask_migrate import upgrade
    from sqlalchemy import insert, select

    from quizapp import clock, create_app
    from quizapp.certification import assignments
    from quizapp.certification.models import Program, ProgramRevision, ProgramStep
    from quizapp.certification.rules import ProgramRules, Validity
    from quizapp.content import banks, importer
    from quizapp.content.models import Procedure, ProcedureRevision
    from quizapp.db import db
    from quizapp.people import access, teams
    from quizapp.people.models import User
    from quizapp.quiz import quizzes, starting
    from quizapp.study.models import Acknowledgement
    from tests.quiz.test_attempts import right_answers

    app, now = create_app({"INSTANCE": str(folder), "DATABASE_URL": url}), clock.now()
    with app.app_context():
        upgrade()
        session, today = db.session(), clock.today("America/Sao_Paulo")
        for slug in ("bench", "other"):
            text = bank().replace("id: bench", f"id: {slug}").replace("#b-", f"#{slug}-")
            (folder / f"{slug}.md").write_text(text, encoding="utf-8")
        paths = [app.config["PROCEDURES"], folder / "bench.md", folder / "other.md"]
        importer.import_files(session, importer.gather(paths), by="b", now=now, today=today)
        made = [
            quizzes.publish(session, banks.find(session, slug), 80, by="b", now=now)
            for slug in ("bench", "other")
        ]
        team = teams.add_team(session, "Bench", by="b", now=now)
        for n in range(PEOPLE):
            user = teams.add_user(
                session, name=f"Person {n}", role="agent", employee_number=str(n), by="b", now=now
            )
            teams.set_teams(session, user, [team], by="b", now=now)
        users = list(session.scalars(select(User).order_by(User.id)))
        access.set_password(users[0], "a sentence for the bench")
        text = session.scalars(
            select(ProcedureRevision).join(
                Procedure, Procedure.id == ProcedureRevision.procedure_id
            )
        ).first()
        assert text is not None
        program = Program(slug="bench", path="bench.md", published_at=now)
        session.add(program)
        session.flush()
        revision = ProgramRevision(
            program_id=program.id,
            number=1,
            title="Bench",
            language="pt-BR",
            rules=ProgramRules(240, False, Validity(months=12)).to_json(),
            intro_html="",
            source="",
            source_hash="",
            origin="page",
            reason="",
            at=now,
            by="b",
            steps=[
                ProgramStep(position=1, kind="read", slug=text.procedure.slug, anchor=""),
                ProgramStep(position=2, kind="quiz", slug="bench", anchor=""),
            ],
        )
        session.add(revision)
        session.flush()
        program.current_revision_id = revision.id
        session.execute(
            insert(Acknowledgement),
            [
                {
                    "user_id": user.id,
                    "procedure_id": text.procedure_id,
                    "anchor": section.anchor,
                    "section_hash": section.hash,
                    "revision_id": text.id,
                    "at": now,
                }
                for user in users
                for section in text.sections
            ],
        )
        session.commit()
        began = time.perf_counter()
        wanted = assignments.Wanted("team", team.public_id, due_days=30)
        assignments.assign(session, program, wanted, by="b", now=now)
        session.commit()
        print(f"{PEOPLE} people assigned in {time.perf_counter() - began:.1f} s", flush=True)
        began = time.perf_counter()
        assignments.enrol_due(session, now)
        session.commit()
        print(f"looked at again in {1000 * (time.perf_counter() - began):.0f} ms", flush=True)
        submits: list[list[tuple[str, dict[str, object]]]] = []
        for n, user in enumerate(users):
            both = []
            for quiz in made:
                attempt = starting.start(
                    session, user, quiz, seed=n, language="pt_BR", now=now, today=today
                )
                fields = {
                    f"{position}:{name}": value[0] if isinstance(value, list) else value
                    for position, given in enumerate(right_answers(session, attempt), start=1)
                    for name, value in given.items()
                }
                both.append((f"/attempts/{attempt.public_id}/submit", fields))
            submits.append(both)
            if n % 50 == 0:
                session.commit()
                session.expunge_all()
        ids = [f"{user.id}.{user.session_token}" for user in users]
        session.commit()
        db.session.remove()
    cookies, token = _sessions(app, ids)
    with app.app_context():
        db.engine.dispose()
    return [Person(cookie, token, *both) for cookie, both in zip(cookies, submits, strict=True)]


def _sessions(app: Any, ids: list[str]) -> tuple[list[str], str]:
    """A session for each of these, like one that was begun at the page, and a token for all."""
    first = app.test_client()
    token = _token(first.get("/sign-in").text.encode())
    fields = {"csrf_token": token, "identifier": "0", "password": "a sentence for the bench"}
    first.post("/sign-in", data=fields)
    token = _token(first.get("/").text.encode())
    with first.session_transaction() as kept:
        facts = dict(kept)
    cookies = []
    for session_id in ids:
        client = app.test_client()
        with client.session_transaction() as fresh:
            fresh.update(facts | {"_user_id": session_id})
        cookies.append(f"quizapp={client.get_cookie('quizapp').value}")
    return cookies, token


async def _paced(
    database: str, port: int, bare_port: int, people: list[Person], pace: float
) -> None:
    """One award every `pace` seconds; a page and a bare one every second, from before to after."""
    awarding = Tally()
    tallies = {name: (Tally(), Tally()) for name in ("before", "meanwhile", "after")}

    async def look(name: str, rounds: int) -> None:
        own, beside = tallies[name]
        for n in range(rounds):
            await _look(port, people, own, rounds=1, first=n)
            await _bare(bare_port, beside)
            await asyncio.sleep(1)

    await look("before", 60)
    looking = asyncio.create_task(look("meanwhile", 1_000_000))
    began = time.perf_counter()
    for n, person in enumerate(people):
        await asyncio.sleep(max(0, began + n * pace - time.perf_counter()))
        await _submit(port, [(person, person.awarding)], awarding)
    took = time.perf_counter() - began
    looking.cancel()
    await look("after", 60)
    print(
        f"{database}: {len(people)} awards in {took:.0f} s, median "
        f"{awarding.quantile(0.5):.1f} ms, p95 {awarding.quantile(0.95):.1f} ms, "
        f"{len(awarding.failures)} failures {awarding.failures[:2] or ''}"
    )
    for name, (own, beside) in tallies.items():
        print(
            f"{database}: pages {name:<9} {len(own.seconds):>5}, "
            f"median {own.quantile(0.5):.1f} ms, p95 {own.quantile(0.95):.1f} ms, "
            f"{len(own.failures)} failures; bare median "
            f"{beside.quantile(0.5):.1f} ms, p95 {beside.quantile(0.95):.1f} ms; "
            f"ratio {own.quantile(0.5) / beside.quantile(0.5):.1f}",
            flush=True,
        )


async def _bare(port: int, tally: Tally) -> None:
    line = Line(port)
    began = time.perf_counter()
    status, _, _ = await line.send("GET", "/template")
    tally.seconds.append(time.perf_counter() - began)
    if status != 200:
        tally.failures.append(str(status))
    line.close()


async def _measure(database: str, port: int, people: list[Person]) -> None:
    half = len(people) // 2
    quiet = Tally()
    await _look(port, people, quiet, rounds=60)
    # Half of the people are certified first, half last: what the machine does meanwhile, and how
    # large the tables are, weighs on both alike.
    awarding, plain, pages = Tally(), Tally(), Tally()
    began = time.perf_counter()
    looking = asyncio.create_task(_look(port, people, pages))
    for some, kind, tally in (
        (people[:half], "awarding", awarding),
        (people[:half], "plain", plain),
        (people[half:], "plain", plain),
        (people[half:], "awarding", awarding),
    ):
        await _submit(port, [(one, getattr(one, kind)) for one in some], tally)
    took = time.perf_counter() - began
    looking.cancel()
    for name, tally in (
        ("awarding", awarding),
        ("plain", plain),
        ("pages", pages),
        ("quiet", quiet),
    ):
        print(
            f"{database}: {name:<9} {len(tally.seconds):>5} requests, median "
            f"{tally.quantile(0.5):.1f} ms, p95 {tally.quantile(0.95):.1f} ms, "
            f"{len(tally.failures)} failures {tally.failures[:2] or ''}",
            flush=True,
        )
    print(f"{database}: {2 * len(people) / took:.0f} submits/s", flush=True)


async def _submit(port: int, work: list[tuple[Person, Any]], tally: Tally) -> None:
    left = iter(work)

    async def client() -> None:
        line = Line(port)
        for person, (path, fields) in left:
            line.cookie = person.cookie
            given = {"csrf_token": person.token, **fields}
            began = time.perf_counter()
            status, _, body = await line.send("POST", path, given, "application/json")
            tally.seconds.append(time.perf_counter() - began)
            if status != 200:
                tally.failures.append(f"{status} {body[:80]!r}")
        line.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


async def _look(
    port: int, people: list[Person], tally: Tally, rounds: int = 100_000, first: int = 0
) -> None:
    """Somebody opens pages, one after the other."""
    line = Line(port)
    for n in range(first, first + rounds):
        line.cookie = people[-1 - n % min(50, len(people))].cookie
        began = time.perf_counter()
        status, _, _ = await line.send("GET", PAGES[n % len(PAGES)])
        tally.seconds.append(time.perf_counter() - began)
        if status != 200:
            tally.failures.append(str(status))
        await asyncio.sleep(0.02)
    line.close()


def _awards(folder: Path, url: str) -> int:
    from sqlalchemy import func, select

    from quizapp import create_app
    from quizapp.certification.models import Certification
    from quizapp.db import db

    app = create_app({"INSTANCE": str(folder), "DATABASE_URL": url})
    with app.app_context():
        found = db.session().scalar(select(func.count()).select_from(Certification))
        db.session.remove()
        db.engine.dispose()
    return int(found or 0)
