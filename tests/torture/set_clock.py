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
    really = time_machine.escape_hatch.time.time

    def set_by(seconds: float) -> None:
        off = really() + seconds - time.time()
        if abs(off) > 0.1:
            traveller.shift(timedelta(seconds=off))

    def watch() -> None:
        while True:
            # Empty for a moment while it is written.
            if path.exists() and (wanted := path.read_text()):
                set_by(float(wanted))
            time.sleep(0.05)

    set_by(0)  # it took a while to start
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
