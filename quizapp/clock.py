"""The one place that reads the server's clock; rules receive `now` as an argument.

A server's clock may be set while people sit an exam. A process that serves holds a steady clock:
a moment at which the system's clock was read, plus the time that has passed since by a counter
that nobody sets. The moment (the anchor) is kept in the instance folder, so that all processes of
the machine, and those started later, agree to the microsecond. A step of the system's clock is
logged, shown in /readyz, and taken over by `adopt` when no deadline hangs on it (quiz.deadlines).
"""

import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

log = logging.getLogger(__name__)

TOLERANCE = 5.0  # seconds; less is no step: the system's clock is allowed to be trimmed
LOOK = 1.0  # seconds between two looks at the system's clock and the anchor
_FILE = "clock.json"


@dataclass(frozen=True)
class Anchor:
    """What the system's clock said, in seconds since 1970, when a start's counter stood where."""

    boot: str
    wall: float
    elapsed: float


# Seconds that nobody sets; on Linux they go on while the machine sleeps.
_COUNTER = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _passed() -> float:
    return time.clock_gettime(_COUNTER)


def _boot() -> str:
    """Which start of the machine this is: the counter begins anew with each."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _kept(path: Path, boot: str) -> Anchor | None:
    """The anchor on the disk, unless it is of another start, or of another machine."""
    try:
        anchor = Anchor(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return anchor if anchor.boot == boot else None


class Clock:
    """A steady clock that shares its anchor by a file; its sources are functions, for tests."""

    def __init__(
        self,
        folder: Path,
        *,
        wall: Callable[[], float] | None = None,
        passed: Callable[[], float] = _passed,
        boot: Callable[[], str] = _boot,
    ) -> None:
        self._path = folder / _FILE
        # Looked up at each call: tests put another clock in its place.
        self._wall, self._passed = wall or (lambda: time.time()), passed
        self._boot = boot()
        self._lock = Lock()
        self._stamp: tuple[int, int] | None = None
        self._step = 0.0
        self._next_look = passed()
        self._anchor = self._read() or self._write()

    def time(self) -> float:
        """Seconds since 1970, whatever the system's clock says meanwhile."""
        passed = self._passed()
        if passed >= self._next_look and self._lock.acquire(blocking=False):
            try:
                self._look(passed)
            finally:
                self._lock.release()
        return self._anchor.wall + passed - self._anchor.elapsed

    def step(self) -> float:
        """Seconds by which the system's clock is ahead; 0 where the two agree."""
        ahead = self._wall() - self.time()
        return ahead if abs(ahead) > TOLERANCE else 0.0

    def adopt(self) -> None:
        """Follow the system's clock from here on; other processes do within LOOK seconds."""
        with self._lock:
            self._anchor = self._write()
            self._step = 0.0

    def _look(self, passed: float) -> None:
        self._next_look = passed + LOOK
        if self._stamp != self._stamp_now():
            self._anchor = self._read() or self._anchor
        ahead = self._wall() - (self._anchor.wall + passed - self._anchor.elapsed)
        step = ahead if abs(ahead) > TOLERANCE else 0.0
        if abs(step - self._step) > TOLERANCE:
            self._step = step
            if step:
                log.warning("the system's clock was set by %.0f s; deadlines do not move", step)
            else:
                log.warning("the system's clock agrees again")

    def _stamp_now(self) -> tuple[int, int] | None:
        try:
            state = self._path.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_ino

    def _read(self) -> Anchor | None:
        self._stamp = self._stamp_now()
        return _kept(self._path, self._boot)

    def _write(self) -> Anchor:
        anchor = Anchor(self._boot, self._wall(), self._passed())
        draft = self._path.with_name(f"{_FILE}.{os.getpid()}")
        try:
            draft.write_text(json.dumps(asdict(anchor)), encoding="utf-8")
            draft.replace(self._path)
        except OSError:  # a full disk must not keep a server from starting
            log.warning("the clock's anchor could not be written; this process keeps its own")
        self._stamp = self._stamp_now()
        return anchor


_held: Clock | None = None


def hold(folder: Path) -> None:
    """Go by the folder's steady clock in this process, for what serves."""
    global _held
    _held = Clock(folder)


def follow(folder: Path) -> None:
    """Go by the folder's steady clock where one is held since this start, for commands."""
    global _held
    _held = Clock(folder) if _kept(folder / _FILE, _boot()) else None


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.fromtimestamp(_held.time() if _held else time.time(), UTC)


def today(zone: str) -> date:
    """The day it is in a zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def step() -> float:
    """Seconds by which the system's clock was set ahead of the one held; 0 if they agree."""
    return _held.step() if _held else 0.0


def adopt() -> None:
    """Take over the system's clock as it is."""
    if _held:
        _held.adopt()
