"""A real installation under a real server, on either database; it can be killed at any moment."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

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
    minutes: int | None = None
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
            "QUIZAPP_LOG_LEVEL": "warning",
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
            quiz = quizzes.publish(session, banks.find(session, "tortura"), 80, by="test", now=now)
            self._limit(session, quiz, now)
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

    def _limit(self, session: Any, quiz: quizzes.Quiz, now: datetime) -> None:
        rules = replace(quizzes.rules_of(session, quiz), minutes=self.minutes)
        blueprint = quizzes.blueprint_of(session, quiz)
        quizzes.revise(
            session, quiz, quiz.title, blueprint, rules, reason="timed", by="test", now=now
        )


class Server:
    """The production server on an installation; it can be killed at any moment.

    What it says is in `log`, else in `server.log` of the installation's folder.
    """

    def __init__(
        self,
        installation: Installation,
        *,
        target: str = "wsgi:app",
        workers: int = 2,
        log: Path | None = None,
    ) -> None:
        self.installation, self.target, self.workers = installation, target, workers
        self.log = log or installation.folder / "server.log"
        self.port = free_port()
        self.pid: int | None = None
        self._preloaded: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        if self._preloaded is None:
            self._preloaded = self._preload()
        assert self._preloaded.stdin is not None
        assert self._preloaded.stdout is not None
        self._preloaded.stdin.write("\n")
        self._preloaded.stdin.flush()
        self.pid = int(self._preloaded.stdout.readline())
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                connection.close()
                return
            if not self.runs:
                raise RuntimeError("the server ended at once: see server.log")
            time.sleep(0.02)
        raise RuntimeError("the server did not start")

    def _preload(self) -> "subprocess.Popen[str]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.torture.preloaded", "--interface=wsgi"),
                    *(f"--port={self.port}", f"--workers={self.workers}", "--blocking-threads=3"),
                    *("--respawn-failed-workers", "--log-level=error", self.target),
                ],
                env={**self.installation.environment, "PYTHONPATH": str(ROOT)},
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    @property
    def runs(self) -> bool:
        """Whether it is there."""
        try:
            os.kill(self.pid or 0, 0)
        except ProcessLookupError:
            return False
        return self.pid is not None

    @property
    def worker_pids(self) -> list[int]:
        """Its processes that serve, the oldest first."""
        with suppress(FileNotFoundError):
            children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
            return sorted(int(child) for child in children.split())
        return []

    def kill(self) -> None:
        """As when the power goes, as far as processes are concerned: no one gets to tidy up."""
        self._end(signal.SIGKILL)

    def kill_worker(self) -> bool:
        """Kill the oldest worker, while the others go on; whether there was one.

        The server starts another one in its place.
        """
        try:
            os.kill(self.worker_pids[0], signal.SIGKILL)
        except (IndexError, ProcessLookupError):
            return False
        return True

    def ensure(self) -> None:
        """Start it where it does not run."""
        if not self.runs:
            self.kill()
            self.start()

    def _end(self, how: signal.Signals) -> None:
        if self.pid is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.pid, how)
        give_up = time.monotonic() + 10
        while self.runs:
            if time.monotonic() > give_up:
                os.killpg(self.pid, signal.SIGKILL)
            time.sleep(0.01)
        # Those that outlive their leader hold the port.
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.pid = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end(signal.SIGTERM)
        if self._preloaded is not None:
            assert self._preloaded.stdin is not None
            assert self._preloaded.stdout is not None
            self._preloaded.stdin.close()
            self._preloaded.wait()
            self._preloaded.stdout.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
