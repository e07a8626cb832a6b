"""A real installation under a real server, with clients that write down what was acknowledged.

Nothing here knows how the application keeps its promises: it starts processes, speaks HTTP
and reads the database afterwards.
"""

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask_migrate import upgrade

from quizapp import clock, create_app
from quizapp.content import banks, importer
from quizapp.db import db
from quizapp.people import access, teams
from quizapp.quiz import quizzes

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "uma frase para as provas"
SECRET = "a key that only tests know, long enough"
OPTIONS = 4


def bank(items: int) -> str:
    """A bank of single choice items."""
    questions = (
        f"## Pergunta {n} de muitas? {{#t-{n}}}\n\n- [x] Certa\n- [ ] Errada\n- [ ] Outra\n"
        "- [ ] Mais uma\n"
        for n in range(1, items + 1)
    )
    return "---\nformato: questoes/1\nid: tortura\ntitulo: Tortura\n---\n" + "\n".join(questions)


@dataclass
class Installation:
    """A folder with a database, so many agents and a published quiz."""

    folder: Path
    agents: int
    items: int = 8
    url: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The settings of its processes."""
        return {
            **os.environ,
            "QUIZAPP_INSTANCE": str(self.folder),
            "QUIZAPP_PROCEDURES": str(self.folder / "none"),
            "QUIZAPP_BANKS": str(self.folder / "none"),
            "QUIZAPP_SECRET_KEY": SECRET,
            "QUIZAPP_DATABASE_URL": self.url,
            "QUIZAPP_ARGON2_TIME_COST": "1",
            "QUIZAPP_ARGON2_MEMORY_KIB": "8",
            "PYTHONWARNINGS": "",
            **self.extra,
        }

    def settings(self) -> dict[str, Any]:
        """The same for an application in this process."""
        return {
            "INSTANCE": str(self.folder),
            "SECRET_KEY": SECRET,
            "DATABASE_URL": self.url,
            "ARGON2_TIME_COST": 1,
            "ARGON2_MEMORY_KIB": 8,
        }

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """A session on its database, from this process."""
        app = create_app(self.settings())
        with app.app_context():
            try:
                yield db.session()
            finally:
                db.session.remove()
                db.engine.dispose()

    def make(self) -> None:
        """Fill it; agents have the company numbers 1, 2, 3 …"""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "tortura.md"
        path.write_text(bank(self.items), encoding="utf-8")
        app = create_app(self.settings())
        with app.app_context():
            upgrade()
            session, now = db.session(), clock.now()
            today = clock.today("America/Sao_Paulo")
            importer.import_files(session, importer.gather([path]), by="test", now=now, today=today)
            quizzes.publish(session, banks.find(session, "tortura"), 80, by="test", now=now)
            team = teams.add_team(session, "Tortura", by="test", now=now)
            for n in range(1, self.agents + 1):
                user = teams.add_user(
                    session,
                    name=f"Agente {n}",
                    role="agent",
                    employee_number=str(n),
                    by="t",
                    now=now,
                )
                teams.set_teams(session, user, [team], by="test", now=now)
                access.set_password(user, PASSWORD)
            session.commit()
            db.session.remove()
            db.engine.dispose()


class Server:
    """The production server on an installation; it can be killed at any moment."""

    def __init__(
        self,
        installation: Installation,
        *,
        target: str = "wsgi:app",
        workers: int = 2,
        threads: int = 3,
        before: tuple[str, ...] = (),
        log: Path | None = None,
    ) -> None:
        self.installation, self.target = installation, target
        self.workers, self.threads, self.before = workers, threads, before
        self.log = log or Path(os.devnull)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *self.before,
                    sys.executable,
                    "-m",
                    "granian",
                    "--interface=wsgi",
                    f"--port={self.port}",
                    f"--workers={self.workers}",
                    f"--blocking-threads={self.threads}",
                    "--log-level=error",
                    self.target,
                ],
                env={**self.installation.environment, "PYTHONPATH": str(ROOT)},
                cwd=ROOT,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/sign-in")
                connection.getresponse().read()
                connection.close()
                return
            if self.process.poll() is not None:
                raise RuntimeError("the server ended at once")
            time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """As when the power goes, as far as processes are concerned: no one gets to tidy up."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Reply:
    """What came back; status 0 when the line broke and nobody knows what happened."""

    status: int
    body: bytes = b""
    location: str = ""
    seconds: float = 0.0

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Agent:
    """An agent's browser without the browser: a cookie, a token and a kept connection."""

    def __init__(self, port: int, number: int) -> None:
        self.port, self.number = port, number
        self.cookie, self.token, self.attempt = "", "", ""
        self.client, self.seq = f"c{number}", 0
        self.connection: http.client.HTTPConnection | None = None

    def request(
        self, method: str, path: str, fields: Any = None, *, json: bool = False, timeout: float = 30
    ) -> Reply:
        """Send one request on the kept connection."""
        headers = {"Accept": "application/json" if json else "text/html", "Cookie": self.cookie}
        body = None
        if fields is not None:
            body = urlencode(fields, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.monotonic()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=timeout
                )
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return Reply(0)
        if cookie := answer.headers.get("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        return Reply(
            answer.status,
            content,
            answer.headers.get("Location", ""),
            time.monotonic() - begun,
        )

    def hang_up(self) -> None:
        """Drop the connection."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def __del__(self) -> None:
        self.hang_up()

    def sign_in(self) -> None:
        """Sign in and keep a token."""
        self._take_token(self.request("GET", "/sign-in"))
        reply = self.request(
            "POST",
            "/sign-in",
            {
                "csrf_token": self.token,
                "identifier": str(self.number),
                "password": PASSWORD,
            },
        )
        assert reply.status == 303, reply
        self._take_token(self.request("GET", "/quizzes"))

    def _take_token(self, reply: Reply) -> None:
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', reply.body)
        assert found, reply
        self.token = found[1].decode()

    def start(self, slug: str = "tortura") -> Reply:
        """Start the quiz, or go on with the open attempt."""
        reply = self.request("POST", f"/quizzes/{slug}/start", {"csrf_token": self.token})
        if found := re.search(r"/attempts/(\w+)", reply.location):
            self.attempt = found[1]
        return reply

    def save(self, position: int, place: int, *, seq: int | None = None) -> Reply:
        """Save one answer as the script does."""
        if seq is None:
            self.seq += 1
            seq = self.seq
        return self.request(
            "POST",
            f"/attempts/{self.attempt}/items/{position}",
            {
                "csrf_token": self.token,
                "client": self.client,
                "seq": seq,
                "option": place,
            },
            json=True,
        )

    def submit(self, *, json: bool = True, key: str = "") -> Reply:
        """Submit what is saved."""
        fields = {"csrf_token": self.token, "client": self.client}
        if key:
            fields["key"] = key
        return self.request("POST", f"/attempts/{self.attempt}/submit", fields, json=json)


@dataclass
class Journal:
    """What one agent sent and what was acknowledged, by position: (seq, place)."""

    sent: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    acknowledged: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def keep_saving(
    agent: Agent, journal: Journal, items: int, stop: threading.Event, seed: int
) -> None:
    """Answer at random until told to stop, writing down what was acknowledged."""
    chance = random.Random(seed)
    while not stop.is_set():
        position, place = chance.randint(1, items), chance.randint(1, OPTIONS)
        agent.seq += 1
        journal.sent.setdefault(position, []).append((agent.seq, place))
        reply = agent.save(position, place, seq=agent.seq)
        journal.statuses.append(reply.status)
        journal.seconds.append(reply.seconds)
        if reply.status == 200 and reply.json["saved"]:
            journal.acknowledged.setdefault(position, []).append((agent.seq, place))
        elif reply.status == 0:
            stop.wait(0.05)  # the server is down: a browser waits, too


def losses(installation: Installation, journals: dict[str, Journal]) -> list[str]:
    """What was acknowledged and is not in the database, in words; journals by attempt.

    A later save that was sent but not acknowledged may be there: nobody knew what became of it.
    """
    found = []
    with installation.opened() as session:
        from sqlalchemy import text

        rows = session.execute(
            text(
                "SELECT attempt.public_id, response.position, response.seq, response.value, "
                "attempt_item.shown FROM response "
                "JOIN attempt ON attempt.id = response.attempt_id "
                "JOIN attempt_item ON attempt_item.attempt_id = response.attempt_id "
                "AND attempt_item.position = response.position"
            )
        ).all()
        history = session.execute(
            text(
                "SELECT attempt.public_id, response_event.position, response_event.seq "
                "FROM response_event JOIN attempt ON attempt.id = response_event.attempt_id"
            )
        ).all()
    stored = {(row[0], row[1]): row for row in rows}
    kept = {tuple(row) for row in history}
    for attempt, journal in journals.items():
        for position, acknowledged in journal.acknowledged.items():
            row = stored.get((attempt, position))
            seq, _ = acknowledged[-1]
            if row is None:
                found.append(f"{attempt} {position}: nothing there, {seq} was acknowledged")
                continue
            if row[2] < seq:
                found.append(f"{attempt} {position}: {row[2]} there, {seq} was acknowledged")
                continue
            wanted = dict(journal.sent[position])[row[2]]
            value, shown = (json.loads(v) if isinstance(v, str) else v for v in (row[3], row[4]))
            if value["selected"] != [shown[wanted - 1]]:
                found.append(f"{attempt} {position}: {row[2]} has another answer")
            # A save that repeats the answer before leaves no trace of its own.
            before = None
            for number, place in journal.sent[position]:
                ack = (number, place) in acknowledged
                changed = ack and before is not None and place != before
                if changed and number <= row[2] and (attempt, position, number) not in kept:
                    found.append(f"{attempt} {position}: {number} is not in the history")
                # Without an answer nobody knows what stands there now.
                before = place if ack else None
    return found
