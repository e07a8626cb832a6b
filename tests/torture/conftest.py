"""What tries the patience of machines is slow by nature: `make torture` runs it."""

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import OwnServer, own_or_skip
from tests.torture.harness import Installation

HERE = Path(__file__).parent
FIGURES = pytest.StashKey[list[str]]()
DATABASES = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    """Room for what the tests measure."""
    config.stash[FIGURES] = []


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say a figure at the end of the run."""
    return lambda said: request.config.stash[FIGURES].append(f"{request.node.name}: {said}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures, for the record."""
    for said in terminalreporter.config.stash[FIGURES]:
        terminalreporter.write_line(said)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is slow."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def postgres() -> Iterator[OwnServer]:
    """A PostgreSQL server that waits for its disk."""
    server = own_or_skip(durable=True)
    yield server
    server.throw_away()


@pytest.fixture(scope="module", params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database; what uses it runs on both."""
    kind: str = request.param
    return kind


_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def install(
    database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Installation]:
    """Makes installations with so many agents, on the kind of database at hand."""

    def make(agents: int, items: int = 8, minutes: int | None = None) -> Installation:
        url, number = "", next(_numbers)
        if database == "postgresql":
            server = request.getfixturevalue("postgres")
            server.run(f"CREATE DATABASE torture{number}")
            url = server.url(f"torture{number}")
        folder = tmp_path_factory.mktemp(f"torture{number}")
        made = Installation(folder, agents, items, url=url, minutes=minutes)
        made.make()
        return made

    return make


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before
