"""The server and its helpers live and end together."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PATIENCE

SAYS = "import os,sys,time; open(sys.argv[1], 'a').write(f'{os.getpid()} '); "
STAYS = "time.sleep(600)"


@pytest.fixture
def begin(tmp_path):
    """Start a supervisor of small programs, each of which writes its numbers to a file."""
    begun: list[subprocess.Popen[bytes]] = []

    def start(**programs: str) -> subprocess.Popen[bytes]:
        commands = [
            [sys.executable, "-c", SAYS + program, str(tmp_path / name)]
            for name, program in programs.items()
        ]
        command = [sys.executable, "-m", "quizapp.supervisor", json.dumps(commands)]
        begun.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.wait()


def wait_for(found: Callable[[], object]) -> object:
    """What is found, once it is."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if result := found():
            return result
        time.sleep(0.05)
    raise AssertionError("it did not come about in time")


def numbers(path: Path) -> list[int]:
    return [int(n) for n in path.read_text().split()] if path.exists() else []


def is_there(number: int) -> bool:
    with contextlib.suppress(OSError):
        return "State:\tZ" not in Path(f"/proc/{number}/status").read_text()
    return False


def test_a_helper_that_dies_is_started_again_later_each_time(begin, tmp_path):
    # It says itself when it was begun: whoever watches may look late.
    when = "open(sys.argv[1] + '.at', 'a').write(f'{int(1000 * time.monotonic())} '); "
    begin(server=STAYS, helper=f"{when}sys.exit(3)")
    begun = wait_for(lambda: (at := numbers(tmp_path / "helper.at"))[2:] and at)
    assert begun[2] - begun[1] > 1900
    assert len(numbers(tmp_path / "server")) == 1


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_in_order(begin, tmp_path, kind):
    tidies = (
        "import signal; signal.signal(signal.SIGTERM, lambda *_: ("
        "time.sleep(0.5), open(sys.argv[1], 'a').write('0 '), sys.exit())); "
        "open(sys.argv[1], 'a').write('1 '); "
    )
    process = begin(server=tidies + STAYS, helper=STAYS)
    helper = wait_for(lambda: numbers(tmp_path / "helper"))
    wait_for(lambda: numbers(tmp_path / "server")[1:])  # its handler is set
    process.send_signal(kind)
    assert process.wait(PATIENCE) == 0
    assert numbers(tmp_path / "server")[-1] == 0, "it had no time to tidy up"
    assert not is_there(helper[0])


def test_a_server_that_ends_takes_the_helpers_with_it_and_says_so(begin, tmp_path):
    there = f"os.path.exists({str(tmp_path / 'helper')!r})"
    waits = f"list(iter(lambda: time.sleep(0.05) or {there}, True)); "
    process = begin(server=f"{waits}sys.exit(7)", helper=STAYS)
    helper = wait_for(lambda: numbers(tmp_path / "helper"))
    assert process.wait(PATIENCE) == 7
    assert not is_there(helper[0])


def test_a_server_that_ends_unasked_has_failed(begin):
    assert begin(server="pass").wait(PATIENCE) == 1


def test_what_a_killed_server_leaves_behind_ends_too(begin, tmp_path):
    orphan = f"import subprocess; subprocess.Popen([sys.executable, '-c', {(SAYS + STAYS)!r}, "
    process = begin(server=orphan + f"{str(tmp_path / 'orphan')!r}]); {STAYS}")
    (left,) = wait_for(lambda: numbers(tmp_path / "orphan"))
    os.kill(numbers(tmp_path / "server")[0], signal.SIGKILL)
    assert process.wait(PATIENCE) == 1
    wait_for(lambda: not is_there(left))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children so")
def test_children_end_with_a_killed_supervisor(begin, tmp_path):
    process = begin(server=STAYS, helper=STAYS)
    children = [wait_for(lambda n=n: numbers(tmp_path / n))[0] for n in ("server", "helper")]
    process.kill()
    wait_for(lambda: not any(is_there(child) for child in children))
