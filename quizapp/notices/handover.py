"""A worker's side of the courier: the journal, and messages handed over one by one.

Whoever sends holds the journal by a lock that their courier shares. A worker that was killed has
let go of it only when its courier has ended, too: what the journal says then is all there is.
"""

import contextlib
import fcntl
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from quizapp import clock
from quizapp.notices import courier
from quizapp.notices.courier import Answer, NotTaken, Server, Unreachable

_JOURNAL = "mail.journal"
# What was begun and not ended, on a full disk, is passed over.
_TAKEN = re.compile(r"(<[^<>\s]+>) (\d+)\n")
# What couriers told this process, by instance: all there is where the disk had no room for it.
_heard: dict[Path, dict[str, datetime]] = {}


class Silent(Exception):
    """The courier ended over a message: whether the server took it, only the journal may know."""


class Journal:
    """What the server took of late: which messages, by Message-ID, and when."""

    def __init__(self, file: int, instance: Path) -> None:
        self.file = file
        self.heard = _heard.setdefault(instance, {})

    def taken(self) -> dict[str, datetime]:
        """When the server took which message."""
        text = os.pread(self.file, os.fstat(self.file).st_size, 0).decode(errors="replace")
        lines = {
            name: datetime.fromtimestamp(int(seconds), UTC)
            for name, seconds in _TAKEN.findall(text)
        }
        return {**self.heard, **lines}

    def clear(self) -> None:
        """Forget it all, once the database has it."""
        os.ftruncate(self.file, 0)
        self.heard.clear()


def is_left(instance: Path) -> bool:
    """Whether the journal in this instance folder has something to say."""
    try:
        return bool(_heard.get(instance)) or (instance / _JOURNAL).stat().st_size > 0
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def hold(instance: Path) -> Iterator[Journal | None]:
    """The journal in this instance folder, for one at a time: None while another has it."""
    file = _open(instance)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        yield None
        return
    try:
        yield Journal(file, instance)
    finally:
        os.close(file)


def _open(instance: Path) -> int:
    name, how = instance / _JOURNAL, os.O_RDWR | os.O_APPEND
    try:
        return os.open(name, how)
    except FileNotFoundError:
        file = os.open(name, how | os.O_CREAT, 0o600)
    # Its lines are on the disk when they are said; so has to be the name by which it is found.
    folder = os.open(instance, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return file


class Courier:
    """A line to the server, like `courier.Line`, in a process that is not killed with this one.

    Raises Unreachable where it cannot be opened.
    """

    def __init__(self, server: Server, journal: Journal) -> None:
        self.is_open = False
        self._heard = journal.heard
        # In a session of its own: what is done to the worker's group is not done to it.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, fixed arguments
            [sys.executable, "-I", courier.__file__, str(journal.file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # an error may quote an address
            pass_fds=[journal.file],
            start_new_session=True,
            cwd="/",
            env=_without_settings(os.environ),
        )
        try:
            word, why = self._ask(astuple(server))
        except Silent:
            word, why = "unreachable", "silence"
        if word == "unreachable":
            self.close()
            raise Unreachable(why)

    def send(self, to: str, made: EmailMessage) -> None:
        """Hand over a message; returns once the server has taken it and the journal has that.

        Raises what `courier.Line.send` does; Silent if the courier ended over it.
        """
        word, why = self._ask((to, made))
        if word == "unreachable":
            raise Unreachable(why)
        if word != "taken":
            raise NotTaken(why, for_good=word == "refused")
        self._heard[made["Message-ID"]] = clock.now()

    def _ask(self, order: object) -> tuple[str, str]:
        assert self._process.stdin  # noqa: S101 - a pipe
        assert self._process.stdout  # noqa: S101 - a pipe
        try:
            pickle.dump(order, self._process.stdin)
            self._process.stdin.flush()
            answer: Answer = pickle.load(self._process.stdout)  # noqa: S301 - our courier
        except (BrokenPipeError, EOFError, pickle.UnpicklingError) as error:
            self.is_open = False
            raise Silent from error
        word, why, self.is_open = answer
        return word, why

    def close(self) -> None:
        """Let it take leave of the server, and wait for its end."""
        self._process.communicate()


def _without_settings(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith("QUIZAPP_")}
