"""Workers for tests that kill many: for each line that it reads, this process forks one.

Loading the modules takes most of the time that a start takes.
"""

import os
import signal
import sys

from quizapp.cli import main
from tests.torture.preloaded import load


def work() -> None:
    """Become a worker."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    sys.argv[:] = ["quizapp", "worker", f"--parent={os.getppid()}"]
    main()


if __name__ == "__main__":
    load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for _ in sys.stdin:
        worker = os.fork()
        if not worker:
            work()
            os._exit(0)
        sys.stdout.write(f"{worker}\n")
        sys.stdout.flush()
