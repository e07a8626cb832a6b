"""What tries the patience of machines is slow by nature: `make torture` runs it."""

from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FIGURES = pytest.StashKey[list[str]]()


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
