"""The application on a machine whose clock can be set: by the seconds that a file names."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine

FILE = "set-by"


def _on_such_a_machine() -> None:
    """All that reads the time of day in this process gets it so; counters go on as they do."""
    path = Path(os.environ["QUIZAPP_INSTANCE"]) / FILE
    traveller = time_machine.travel(datetime.now(UTC), tick=True).start()
    ahead = 0.0

    def watch() -> None:
        nonlocal ahead
        while True:
            try:
                wanted = float(path.read_text() or ahead)
            except FileNotFoundError:
                wanted = 0.0
            if wanted != ahead:
                traveller.shift(timedelta(seconds=wanted - ahead))
                ahead = wanted
            time.sleep(0.05)

    threading.Thread(target=watch, daemon=True).start()


def _steady() -> Any:
    """As it is in production."""
    _on_such_a_machine()
    from wsgi import app

    return app


def _plain() -> Any:
    """Goes by the system's clock, whatever it says."""
    _on_such_a_machine()
    from quizapp import create_app

    return create_app()


def __getattr__(name: str) -> Any:
    """Made when a server asks for one by name."""
    makers = {"steady": _steady, "plain": _plain}
    if name not in makers:
        raise AttributeError(name)
    return makers[name]()
