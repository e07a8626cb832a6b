"""Applications that break a promise on purpose, to see that the tests notice."""

import threading
from typing import Any

from sqlalchemy import event

from quizapp import create_app
from quizapp.db import db


def _hasty() -> Any:
    """Acknowledges an answer first and stores it a little later."""
    from quizapp.quiz import saving

    app = create_app()
    store = saving.store

    def later(_session: Any, answer: Any) -> str:
        def work() -> None:
            with app.app_context():
                session = db.session()
                store(session, answer)
                session.commit()

        threading.Timer(0.3, work).start()
        return "saved"

    saving.store = later  # type: ignore[assignment]
    return app


def _careless() -> Any:
    """Leaves it to the operating system when an answer reaches the disk."""
    app = create_app()
    with app.app_context():

        @event.listens_for(db.engine, "connect")
        def connect(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")

    return app


def _blind() -> Any:
    """Takes a database that is away for a fault of its own."""
    from quizapp.pages import failures

    failures.is_away = lambda _error: False  # type: ignore[assignment]
    return create_app()


def __getattr__(name: str) -> Any:
    """Made when a server asks for one by name."""
    return {"hasty": _hasty, "careless": _careless, "blind": _blind}[name]()
