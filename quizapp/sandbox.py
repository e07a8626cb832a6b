"""A child process with little memory and little time, for files that may be hostile.

    with Child("quizapp.formats.reader:read", megabytes=256) as child:
        document = child.call("a.docx", data, seconds=5)

The child does one call after the other. One that takes too long or too much memory ends
with it; the next call gets a new child.
"""

import importlib
import os
import pickle
import resource
import select
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any

_SIZE = struct.Struct(">Q")


class TooLong(Exception):
    """The call did not end in time."""


class TooMuch(Exception):
    """The call wanted more memory than it may have, or its process died of the file."""


class NotStarted(Exception):
    """There is no child: that is no fault of the file."""


class Child:
    """Calls one function, "module:name", in a process of its own; not shared by threads."""

    def __init__(self, function: str, *, megabytes: int) -> None:
        self._function, self._megabytes = function, megabytes
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def call(self, *args: Any, seconds: float) -> Any:
        """What the function returns for these arguments, within so much processor time.

        Raises TooLong, TooMuch or, before the file was looked at, NotStarted.
        """
        process = self._process or self._begin()
        patience = _Patience(seconds, process.pid)
        assert process.stdin  # noqa: S101 - a pipe
        assert process.stdout  # noqa: S101 - a pipe
        try:
            _send(process.stdin, args)
            size = _SIZE.unpack(_receive(process.stdout, _SIZE.size, patience))[0]
            answer = pickle.loads(_receive(process.stdout, size, patience))  # noqa: S301 - our child
        except (EOFError, BrokenPipeError) as error:
            self._end()
            raise TooMuch from error
        except TooLong:
            self._end()
            raise
        if answer is None:
            self._end()
            raise TooMuch
        return answer[0]

    def _begin(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "quizapp.sandbox", self._function, str(self._megabytes)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, fixed arguments
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            assert self._process.stdout  # noqa: S101 - a pipe
            # The start is not the file's time: the child says when it is ready.
            _receive(self._process.stdout, 1, _Patience(60))
        except (OSError, EOFError, TooLong) as error:
            self._end()
            raise NotStarted(self._function) from error
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()


class _Patience:
    """How long an answer may take, in processor time: a busy machine is no fault of the file.

    By the clock it is six times as long, or just as long where nobody knows the processor's.
    """

    def __init__(self, seconds: float, pid: int | None = None) -> None:
        self._seconds, self._pid = seconds, pid
        self._spent_before = _processor_time(pid)
        factor = 1 if self._spent_before is None else _BUSY
        self._end = time.monotonic() + factor * seconds

    def left(self) -> float:
        """Seconds that are left, 0 or less when it is over."""
        left, spent = self._end - time.monotonic(), _processor_time(self._pid)
        if spent is None or self._spent_before is None:
            return left
        return min(left, self._seconds - (spent - self._spent_before))


_BUSY = 6


def _processor_time(pid: int | None) -> float | None:
    """The seconds a process has worked, where the system says so."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _send(pipe: IO[bytes], value: Any) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(_SIZE.pack(len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes], size: int, patience: _Patience) -> bytes:
    parts: list[bytes] = []
    while size:
        left = patience.left()
        if left <= 0:
            raise TooLong
        if not select.select([pipe], [], [], left)[0]:
            continue
        # Past the pipe's buffer, which select does not see.
        part = os.read(pipe.fileno(), min(size, 2**20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _serve(function: str, megabytes: int) -> None:
    module, _, name = function.partition(":")
    call = getattr(importlib.import_module(module), name)
    sys.setrecursionlimit(1000)
    _limit(megabytes)
    # What the function prints must not get between the answers.
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    answers.write(b"!")
    answers.flush()
    requests = sys.stdin.buffer
    while header := requests.read(_SIZE.size):
        args = pickle.loads(requests.read(_SIZE.unpack(header)[0]))  # noqa: S301 - our parent
        try:
            answer = (call(*args),)
            _send(answers, answer)
        except (MemoryError, RecursionError):
            _send(answers, None)


def _limit(megabytes: int) -> None:
    """No more memory than now and so many megabytes; no core file, no new files."""
    with open("/proc/self/statm", encoding="ascii") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    most = now + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
