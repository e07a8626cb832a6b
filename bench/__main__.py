"""`make bench`: importing a bank, whole attempts, and pages, each beside something bare.

Everything runs under the production server with two workers, at 32 clients, in one run;
what counts is the ratio, as machines differ and are shared.
"""

import argparse
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench import awards, bare, figures, importing, reports, taking
from bench.load import Rate, Request, run

CLIENTS = 32
AGENTS = 200
WORKERS = 2
THREADS = 3
ITEMS = 8
BARE = {"template": [Request("/template")], "commit": [Request("/commit", "POST")]}
BESIDE = {"reader": ("template", 0.5), "team": ("template", 0.25), "save": ("commit", 0.5)}
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=3, help="for each measurement")
    parser.add_argument("--rounds", type=int, default=5, help="of all measurements")
    parser.add_argument("--server", choices=["granian", "gunicorn", "both"], default="granian")
    parts = ["import", "pages", "attempts", "awards", "figures", "reports"]
    parser.add_argument("--only", choices=parts, help="one of the parts")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--crowd", type=float, default=0, help="minutes with 1,000 takers")
    parser.add_argument("--pace", type=float, default=0, help="seconds from award to award")
    parser.add_argument("--keep", type=Path, help="where companies for the reports stay")
    given = parser.parse_args()
    if given.only in (None, "import"):
        importing.main(given.rounds, settings)
    if given.only in (None, "attempts"):
        databases = _databases(given)
        taking.main(databases, CLIENTS, given.rounds, given.seconds, given.crowd, serving, settings)
    if given.only == "awards":  # on demand: it takes some minutes to make so many people
        awards.main(_databases(given), given.pace, serving, settings)
    if given.only == "figures":
        figures.main(given.rounds)
    if given.only == "reports":  # on demand: a company of 100,000 attempts takes minutes to make
        with tempfile.TemporaryDirectory() as folder:
            reports.main(_databases(given), settings, given.keep or Path(folder))
    if given.only in ("import", "attempts", "awards", "figures", "reports"):
        return
    servers = ["granian", "gunicorn"] if given.server == "both" else [given.server]
    with tempfile.TemporaryDirectory() as folder:
        print(f"making a team of {AGENTS} agents with an attempt each …", flush=True)
        world = build(Path(folder))
        for server in servers:
            measure(server, Path(folder), world, given)


def _databases(given: argparse.Namespace) -> list[str]:
    return ["sqlite", "postgresql"] if given.database == "both" else [given.database]


def measure(server: str, folder: Path, world: dict[str, list[Request]], given: Any) -> None:
    """Measure under one server, in rounds, and print the medians.

    In each round every page is measured beside the bare one: what else the machine does then
    slows both alike, and the median leaves out the rounds in which it did not.
    """
    environment = {**os.environ, **settings(folder), "BENCH_BARE": str(folder / "bare.sqlite3")}
    bare.make(str(folder / "bare.sqlite3"))
    rates: dict[str, list[Rate]] = {name: [] for name in (*BESIDE, "template", "commit")}
    with (
        serving(server, "bench.bare:app", environment) as (bare_port, _),
        serving(server, "wsgi:app", environment) as (port, _),
    ):
        for _ in range(given.rounds):
            for name, requests in BARE.items():
                rates[name].append(run(bare_port, CLIENTS, given.seconds, requests, 200))
            for name in BESIDE:
                rates[name].append(run(port, CLIENTS, given.seconds, world[name], 200))
    print(
        f"\n{server}, {WORKERS} workers x {THREADS} threads, {CLIENTS} clients, "
        f"median of {given.rounds} rounds of {given.seconds} s"
    )
    print(f"{'page':<10}{'req/s':>8}{'p95 ms':>9}{'ratio':>8}{'aim':>7}  beside")
    for name, found in rates.items():
        line = f"{name:<10}{median(r.per_second for r in found):>8.0f}"
        line += f"{median(r.p95_ms for r in found):>9.1f}"
        if name in BESIDE:
            beside, aim = BESIDE[name]
            ratio = median(
                own.per_second / bare.per_second
                for own, bare in zip(found, rates[beside], strict=True)
            )
            line += f"{ratio:>8.2f}{aim:>7}  bare {beside}"
        print(line, flush=True)


def settings(folder: Path) -> dict[str, str]:
    """The environment of an installation in this folder."""
    return {
        "QUIZAPP_INSTANCE": str(folder),
        "QUIZAPP_ARGON2_TIME_COST": "1",
        "QUIZAPP_ARGON2_MEMORY_KIB": "8",
        "PYTHONPATH": str(ROOT),
    }


def build(folder: Path) -> dict[str, list[Request]]:
    """Make the installation and the requests: readers, a manager, agents who answer."""
    os.environ.update(settings(folder))
    from flask_migrate import upgrade

    from quizapp import clock, create_app
    from quizapp.content import banks, importer
    from quizapp.db import db
    from quizapp.people import access, teams
    from quizapp.people.models import User
    from quizapp.quiz import attempts, quizzes, saving, starting

    app = create_app()
    now = clock.now()
    with app.app_context():
        upgrade()
        session, today = db.session(), clock.today("America/Sao_Paulo")
        (folder / "bench.md").write_text(taking.bank(), encoding="utf-8")
        files = importer.gather([app.config["PROCEDURES"], folder / "bench.md"])
        importer.import_files(session, files, by="bench", now=now, today=today)
        quiz = quizzes.publish(session, banks.find(session, "bench"), 80, by="bench", now=now)
        team = teams.add_team(session, "Bench", by="bench", now=now)
        people: list[User] = []
        for i in range(AGENTS + 1):
            role = "manager" if i == AGENTS else "agent"
            user = teams.add_user(
                session, name=f"Person {i}", role=role, employee_number=str(i), by="b", now=now
            )
            teams.set_teams(session, user, [team], by="b", now=now)
            people.append(user)
        for user in (*people[:CLIENTS], people[-1]):
            access.set_password(user, "a sentence for the bench")
        session.commit()
        chance = random.Random(7)
        for i, user in enumerate(people[:AGENTS]):
            attempt = starting.start(
                session, user, quiz, seed=i, language="pt_BR", now=now, today=today
            )
            for n in range(1, ITEMS + 1):
                place = str(chance.randint(1, 4))
                saving.save(session, user.id, attempt.public_id, n, lambda _, p=place: [p], now)
            attempts.submit(session, user, attempt.public_id, now + timedelta(minutes=9))
            session.commit()
        open_ones = [
            starting.start(session, user, quiz, seed=9, language="pt_BR", now=now, today=today)
            for user in people[:CLIENTS]
        ]
        session.commit()
        longest = max((f for f in files if f.path.endswith(".md")), key=lambda f: len(f.data))
        slug, team_id = Path(longest.path).stem, team.public_id
        ids = [attempt.public_id for attempt in open_ones]
    # Outside the context: each request needs one of its own.
    cookies = [sign_in(app, str(i)) for i in (*range(CLIENTS), AGENTS)]
    return {
        "reader": [Request(f"/procedures/{slug}", cookie=c) for c, _ in cookies[:CLIENTS]],
        "team": [Request(f"/teams/{team_id}", cookie=cookies[-1][0])],
        "save": [
            Request(
                f"/attempts/{public_id}/items/{n}",
                "POST",
                cookie,
                f"csrf_token={token}&option={place}",
                "application/json",
            )
            # The place last: from one round to the next every answer changes.
            for place in range(1, 5)
            for n in range(1, ITEMS + 1)
            for public_id, (cookie, token) in zip(ids, cookies, strict=False)
        ],
    }


def sign_in(app: object, number: str) -> tuple[str, str]:
    """The session cookie and a CSRF token of a person."""
    client = app.test_client()  # type: ignore[attr-defined]
    token = _token(client.get("/sign-in").text)
    client.post(
        "/sign-in",
        data={
            "csrf_token": token,
            "identifier": number,
            "password": "a sentence for the bench",
        },
    )
    token = _token(client.get("/").text)
    return f"quizapp={client.get_cookie('quizapp').value}", token


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if not found:
        raise RuntimeError("a page without a form")
    return found[1]


@contextmanager
def serving(
    server: str, target: str, environment: dict[str, str]
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port and the process of a production server that serves `target`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = {
        "granian": [
            "granian",
            "--interface=wsgi",
            f"--port={port}",
            f"--workers={WORKERS}",
            f"--blocking-threads={THREADS}",
            "--log-level=error",
        ],
        "gunicorn": [
            "gunicorn",
            "--no-control-socket",
            f"--bind=127.0.0.1:{port}",
            f"--workers={WORKERS}",
            f"--threads={THREADS}",
            "--log-level=error",
        ],
    }[server]
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments, target], env=environment, cwd=ROOT
    )
    try:
        _wait_for(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


if __name__ == "__main__":
    main()
