"""The server and its helpers as one process: helpers that die are started again, all end together.

    python -m quizapp.supervisor '[["…", "the server"], ["…", "a helper"]]'

It loads nothing of the application, as it stays for as long as the server runs.
"""

import contextlib
import ctypes
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time

from quizapp import config, logs

log = logging.getLogger("quizapp.supervisor")

LOOK = 0.5  # seconds between two looks at the children
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a helper is started again
GRACE = 35.0  # seconds for running requests and jobs to end; the server itself gives up after 30

_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None
_PDEATHSIG = 1


class Helper:
    """A process that is started again when it ends, later each time it did not live long."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._pause = FIRST_PAUSE
        self.process = _start(command)
        self._since = time.monotonic()
        self._again_at: float | None = None

    def look(self, now: float) -> None:
        """Start it again, if it is not there and the time has come."""
        if self._again_at is None:
            if self.process.poll() is None:
                return
            if now - self._since > LONGEST_PAUSE:
                self._pause = FIRST_PAUSE
            log.warning(
                "a helper ended with %s; it begins again in %.0f s",
                self.process.returncode,
                self._pause,
            )
            self._again_at = now + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        elif now >= self._again_at:
            self.process, self._since, self._again_at = _start(self._command), now, None


def run(commands: list[list[str]]) -> int:
    """Run the first until it ends or a signal comes; the exit code is its own, 0 after a signal."""
    told = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: told.set())
    server = _start(commands[0])
    helpers = [Helper(command) for command in commands[1:]]
    while server.poll() is None and not told.wait(LOOK):
        for helper in helpers:
            helper.look(time.monotonic())
    children = [server, *(helper.process for helper in helpers)]
    for child in children:
        child.terminate()
    _wait(children)
    if told.is_set():
        return 0
    log.error("the server ended with %s", server.returncode)
    # A server that ends unasked has failed, whatever it says.
    return server.returncode if server.returncode > 0 else 1


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # In a group of its own: Ctrl+C reaches it through us, once, and its own children end with it.
    return subprocess.Popen(  # noqa: S603 - commands of `quizapp serve`
        command, start_new_session=True, preexec_fn=_end_with_parent if _LIBRARY else None
    )


def _end_with_parent() -> None:
    """Ask the kernel for a SIGTERM should the supervisor die without a chance to send one."""
    assert _LIBRARY is not None  # noqa: S101
    _LIBRARY.prctl(_PDEATHSIG, signal.SIGTERM)


def _wait(children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + GRACE
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        # What it left behind, too: a server's own processes hold the port.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


if __name__ == "__main__":
    settings = config.load()
    logs.begin(settings["LOG_LEVEL"], settings["LOG_FORMAT"])
    sys.exit(run(json.loads(sys.argv[1])))
