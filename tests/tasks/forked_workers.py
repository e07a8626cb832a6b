"""Workers for tests that kill many: for each line that it reads, this process forks one.

Loading the modules takes most of the time that a start takes. They look for work at once and
often, and take over without a lease what others were sending: nothing but the courier and its
journal keeps a message from being sent again. The argument names what is broken on purpose.
None begins while the test holds the file GATE.
"""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from fcntl import LOCK_SH, flock
from pathlib import Path
from types import SimpleNamespace

from quizapp.cli import main
from quizapp.notices import handover, sending
from quizapp.tasks import mailing
from tests.torture.preloaded import load

GATE = Path(os.environ["QUIZAPP_INSTANCE"]) / "gate"
worker = sys.modules["quizapp.tasks.worker"]  # the package has the command by that name


def _sound() -> None:
    """As it should be."""


def _mortal() -> None:
    """The courier is killed with its worker."""

    def start(*args, **kwargs):
        return subprocess.Popen(*args, **{**kwargs, "start_new_session": False})

    pipes = {"PIPE": subprocess.PIPE, "DEVNULL": subprocess.DEVNULL}
    handover.subprocess = SimpleNamespace(Popen=start, **pipes)


def _forgetful() -> None:
    """Nobody reads the journal."""
    handover.Journal.taken = lambda _journal: {}


def _hasty() -> None:
    """Nobody waits for a courier that is still under way."""
    handover.fcntl.flock = lambda *_: None


VARIANTS = {"sound": _sound, "mortal": _mortal, "forgetful": _forgetful, "hasty": _hasty}


def work() -> None:
    """Become a worker, at the head of a group of its own, as under the supervisor."""
    os.setsid()
    with GATE.open() as gate:
        flock(gate, LOCK_SH)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    sys.argv[:] = ["quizapp", "worker", f"--parent={os.getppid()}"]
    main()


if __name__ == "__main__":
    load()
    sending.LEASE = timedelta(0)
    worker.PAUSE = worker.PERIODIC[mailing.send] = 0.02
    VARIANTS[sys.argv[1]]()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for _ in sys.stdin:
        pid = os.fork()
        if not pid:
            work()
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
