"""Whole attempts under the production server, beside a bare commit for each of their requests.

An attempt is eleven requests: start, eight saves, submit, the result. Both sides are driven by
the same clients in the same run; on PostgreSQL the bare page commits to the same server.
"""

import asyncio
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from bench import bare

ITEMS = 8
REQUESTS = ITEMS + 3
PASSWORD = "a sentence for the bench"


class Line:
    """A kept connection that sends one request after the other."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def send(
        self, method: str, path: str, fields: dict[str, object] | None = None, accept: str = "*/*"
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer."""
        # A server ends connections that were idle for long; a browser notices it like this.
        if self.writer is None or self.reader is None or self.reader.at_eof():
            self.close()
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        body = urlencode(fields or {}).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n"
        if self.cookie:
            head += f"Cookie: {self.cookie}\r\n"
        if method == "POST":
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
            head += f"Content-Length: {len(body)}\r\n"
        self.writer.write(head.encode() + b"\r\n" + body)
        assert self.reader is not None
        raw = await self.reader.readuntil(b"\r\n\r\n")
        first, *lines = raw.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines if line)
        }
        content = await self.reader.readexactly(int(headers.get("content-length", 0)))
        if cookie := headers.get("set-cookie"):
            self.cookie = cookie.split(";")[0]
        return int(first.split(" ")[1]), headers, content

    def close(self) -> None:
        """Hang up."""
        if self.writer is not None:
            self.writer.close()
        self.writer = None


def main(
    databases: list[str],
    clients: int,
    rounds: int,
    seconds: float,
    crowd_minutes: float,
    serving: Callable[..., Any],
    settings: Callable[[Path], dict[str, str]],
) -> None:
    """Measure on each database, and print."""
    for database in databases:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            url = _new_server() if database == "postgresql" else ""
            people = 1000 if crowd_minutes else clients
            _make(folder, url, people, settings)
            environment = {
                **os.environ,
                **settings(folder),
                "QUIZAPP_DATABASE_URL": url,
                "BENCH_BARE": url or str(folder / "bare.sqlite3"),
            }
            with (
                serving("granian", "bench.bare:app", environment) as (bare_port, _),
                serving("granian", "wsgi:app", environment) as (port, process),
            ):
                own, beside, tally = asyncio.run(compare(port, bare_port, clients, rounds, seconds))
                _say(database, own, beside, tally, memory_mb(process.pid))
                if crowd_minutes:
                    tally = asyncio.run(crowd(port, people, 60 * crowd_minutes, 100))
                    rate = len(tally.seconds) / 60 / crowd_minutes
                    print(
                        f"{people} takers for {crowd_minutes:g} minutes: "
                        f"{tally.attempts} attempts, {rate:.0f} requests/s, median "
                        f"{tally.quantile(0.5):.0f} ms, p95 {tally.quantile(0.95):.0f} ms, "
                        f"{len(tally.failures)} failures {tally.failures[:3] or ''}, "
                        f"{memory_mb(process.pid):.0f} MB",
                        flush=True,
                    )


def _say(
    database: str, own: list[float], beside: list[float], tally: "Tally", megabytes: float
) -> None:
    ratio = median(a / b for a, b in zip(own, beside, strict=True))
    print(
        f"{database}: {median(own):.1f} attempts/s ({median(own) * REQUESTS:.0f} requests/s), "
        f"bare commits {median(beside) * REQUESTS:.0f} requests/s, ratio {ratio:.2f}; "
        f"p95 {tally.quantile(0.95):.0f} ms, {len(tally.failures)} failures "
        f"{tally.failures[:3] or ''}; workers {megabytes:.0f} MB",
        flush=True,
    )


def _new_server() -> str:
    """The address of a database on a PostgreSQL of its own, which keeps what it commits."""
    from tests import postgres

    server = postgres.OwnServer(durable=True)
    server.run("CREATE DATABASE bench")
    return server.url("bench")


def _make(folder: Path, url: str, people: int, settings: Callable[[Path], dict[str, str]]) -> None:
    """An installation with so many agents and a quiz of eight."""
    os.environ.update(settings(folder))
    from flask_migrate import upgrade

    from quizapp import clock, create_app
    from quizapp.content import banks, importer
    from quizapp.db import db
    from quizapp.people import access, teams
    from quizapp.quiz import quizzes

    app, now = create_app({"INSTANCE": str(folder), "DATABASE_URL": url}), clock.now()
    with app.app_context():
        upgrade()
        session, today = db.session(), clock.today("America/Sao_Paulo")
        (folder / "bench.md").write_text(bank(), encoding="utf-8")
        files = importer.gather([app.config["PROCEDURES"], folder / "bench.md"])
        importer.import_files(session, files, by="bench", now=now, today=today)
        quizzes.publish(session, banks.find(session, "bench"), 80, by="bench", now=now)
        team = teams.add_team(session, "Bench", by="bench", now=now)
        for n in range(people):
            user = teams.add_user(
                session, name=f"Person {n}", role="agent", employee_number=str(n), by="b", now=now
            )
            teams.set_teams(session, user, [team], by="b", now=now)
            access.set_password(user, PASSWORD)
        session.commit()
        db.session.remove()
        db.engine.dispose()
    bare.make(url or str(folder / "bare.sqlite3"))


def bank() -> str:
    """A bank of eight single choice items."""
    items = (
        f"## Pergunta {n} de oito? {{#b-{n}}}\n\n- [x] Certa\n- [ ] Errada\n"
        "- [ ] Outra\n- [ ] Mais uma\n"
        for n in range(1, ITEMS + 1)
    )
    return "---\nformato: questoes/1\nid: bench\ntitulo: Oito\n---\n" + "\n".join(items)


@dataclass
class Tally:
    """What a run did: whole attempts, the seconds of each request, and failures in words."""

    attempts: int = 0
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """The time of a request below which this share stays, in milliseconds."""
        return 1000 * sorted(self.seconds)[int(len(self.seconds) * share)]


class Taker:
    """An agent who takes the quiz again and again."""

    def __init__(self, port: int, number: int, tally: Tally) -> None:
        self.line, self.number, self.tally = Line(port), number, tally
        self.token, self.runs = "", 0

    async def sign_in(self) -> None:
        """Sign in and keep a token."""
        self.token = _token((await self.line.send("GET", "/sign-in"))[2])
        await self.line.send(
            "POST",
            "/sign-in",
            {"csrf_token": self.token, "identifier": self.number, "password": PASSWORD},
        )
        self.token = _token((await self.line.send("GET", "/quizzes"))[2])

    async def take(self, pause: Callable[[], Awaitable[None]] | None = None) -> None:
        """One whole attempt."""
        self.runs += 1
        token = {"csrf_token": self.token}
        _, headers, _ = await self._timed(303, "POST", "/quizzes/bench/start", token)
        attempt = re.search(r"/attempts/(\w+)", headers["location"])
        assert attempt
        address = f"/attempts/{attempt[1]}"
        for n in range(1, ITEMS + 1):
            if pause:
                await pause()
            await self._timed(
                200,
                "POST",
                f"{address}/items/{n}",
                {
                    **token,
                    "client": f"t{self.number}",
                    "seq": self.runs * 100 + n,
                    "option": (self.runs + n) % 4 + 1,
                },
                "application/json",
            )
        submit = {**token, "client": f"t{self.number}"}
        await self._timed(303, "POST", f"{address}/submit", submit)
        await self._timed(200, "GET", f"{address}/result")
        self.tally.attempts += 1

    async def _timed(
        self,
        status: int,
        method: str,
        path: str,
        fields: dict[str, object] | None = None,
        accept: str = "*/*",
    ) -> tuple[int, dict[str, str], bytes]:
        begun = time.perf_counter()
        answer = await self.line.send(method, path, fields, accept)
        self.tally.seconds.append(time.perf_counter() - begun)
        if answer[0] != status:
            self.tally.failures.append(f"{method} {path}: {answer[0]}")
        return answer


def _token(page: bytes) -> str:
    found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:200]
    return found[1].decode()


async def whole_attempts(takers: list[Taker], tally: Tally, seconds: float) -> float:
    """Attempts a second of these takers, all at once, for so long."""
    end = time.perf_counter() + seconds

    async def go_on(taker: Taker) -> None:
        while time.perf_counter() < end:
            await taker.take()

    begun = time.perf_counter()
    await asyncio.gather(*(go_on(taker) for taker in takers))
    return tally.attempts / (time.perf_counter() - begun)


async def bare_commits(port: int, clients: int, seconds: float) -> float:
    """Elevens of bare commits a second."""
    done = 0
    end = time.perf_counter() + seconds

    async def go_on() -> None:
        nonlocal done
        line = Line(port)
        while time.perf_counter() < end:
            status, _, _ = await line.send("POST", "/commit")
            assert status == 200
            done += 1
        line.close()

    begun = time.perf_counter()
    await asyncio.gather(*(go_on() for _ in range(clients)))
    return done / REQUESTS / (time.perf_counter() - begun)


async def compare(
    port: int, bare_port: int, clients: int, rounds: int, seconds: float
) -> tuple[list[float], list[float], Tally]:
    """Attempts a second and bare elevens a second of each round, and the tally of all."""
    tally = Tally()
    takers = [Taker(port, n, tally) for n in range(clients)]
    await asyncio.gather(*(taker.sign_in() for taker in takers))
    await whole_attempts(takers, tally, 2)  # caches and connections
    own, beside = [], []
    for _ in range(rounds):
        tally.attempts = 0
        own.append(await whole_attempts(takers, tally, seconds))
        beside.append(await bare_commits(bare_port, clients, seconds))
    for taker in takers:
        taker.line.close()
    return own, beside, tally


async def crowd(port: int, people: int, seconds: float, rate: float) -> Tally:
    """So many takers for so long, together at about this many requests a second."""
    tally = Tally()
    takers = [Taker(port, n, tally) for n in range(people)]
    gate = asyncio.Semaphore(16)

    async def enter(taker: Taker) -> None:
        async with gate:
            await taker.sign_in()

    await asyncio.gather(*(enter(taker) for taker in takers))
    think = people / rate
    end = time.perf_counter() + seconds

    async def go_on(taker: Taker, turn: int) -> None:
        async def pause() -> None:
            # 8 pauses for 11 requests.
            await asyncio.sleep(think * REQUESTS / ITEMS)

        await asyncio.sleep(think * REQUESTS * turn / people)
        while time.perf_counter() < end:
            await taker.take(pause)

    await asyncio.gather(*(go_on(taker, n) for n, taker in enumerate(takers)))
    for taker in takers:
        taker.line.close()
    return tally


def memory_mb(root: int) -> float:
    """The memory of a server's processes together, in MB; shared pages are shared out."""
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(root)],
        capture_output=True,
        text=True,
    ).stdout.split()
    total = 0
    for pid in (str(root), *children):
        rollup = Path(f"/proc/{pid}/smaps_rollup")
        found = re.search(r"^Pss:\s+(\d+) kB", rollup.read_text(), re.M)
        total += int(found[1]) if found else 0
    return total / 1024
