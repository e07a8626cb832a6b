"""The production server, with the modules of the application loaded beforehand.

Loading them takes most of the time that a start takes, and tests that kill start it often. For
each line that it reads, this process forks one server and says its number.
"""

import os
import pkgutil
import signal
import sys
from importlib import import_module

import granian.cli

import quizapp


def load() -> None:
    """Load what a worker of the server would."""
    for module in pkgutil.walk_packages(quizapp.__path__, "quizapp."):
        if not module.name.startswith(("quizapp.migrations", "quizapp.__main__")):
            import_module(module.name)


def serve() -> None:
    """Become the server that the arguments describe, at the head of a group of its own."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    granian.cli.entrypoint()


if __name__ == "__main__":
    load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the servers
    for _ in sys.stdin:
        server = os.fork()
        if not server:
            serve()
            os._exit(0)
        sys.stdout.write(f"{server}\n")
        sys.stdout.flush()
