"""Applications that break a promise on purpose, to see that the tests notice."""

import itertools
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.sql.selectable import GenerativeSelect

from quizapp import create_app, engines
from quizapp.db import db
from quizapp.pages import attempts as page
from quizapp.pages import failures
from quizapp.pages import quizzes as quiz_page
from quizapp.quiz import attempts, saving, starting


def _hasty() -> Any:
    """Acknowledges an answer first and stores it a little later."""
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


def _forgetful() -> Any:
    """Acknowledges a submit whose transaction was rolled back, now and then."""
    calls, submit = itertools.count(1), attempts.submit

    def undone(session: Any, *args: Any, **kwargs: Any) -> Any:
        found = submit(session, *args, **kwargs)
        if next(calls) % 3 == 0:
            ended = found.submitted_at
            session.rollback()
            found = SimpleNamespace(submitted_at=ended)
        return found

    attempts.submit = undone  # type: ignore[assignment]
    return create_app()


def _careless() -> Any:
    """Leaves it to the operating system when an answer reaches the disk."""
    app = create_app()
    with app.app_context():

        @event.listens_for(db.engine, "connect")
        def connect(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")

    return app


def _trusting() -> Any:
    """Believes PostgreSQL's settings, which may let a commit return before it is written."""
    engines._insist_on_durability = lambda connection: None  # type: ignore[assignment]
    return create_app()


def _hurried() -> Any:
    """Takes no lock: begins to write where it read, and looks at rows that others change."""

    def write_on(turn: str = "own") -> None:
        from flask import g

        g.turn = "none"
        raw = db.session.connection().connection.dbapi_connection
        if db.engine.dialect.name == "postgresql":
            db.session().rollback()
        else:
            raw.execute("PRAGMA query_only=OFF")

    def begin_sqlite(connection: Any) -> None:
        connection.connection.dbapi_connection.execute("PRAGMA query_only=OFF")
        connection.connection.dbapi_connection.execute("BEGIN")

    engines._begin_sqlite = begin_sqlite
    for module in (page, quiz_page):
        module.begin_writing = write_on  # type: ignore[assignment]
    GenerativeSelect.with_for_update = lambda self, **_: self  # type: ignore[method-assign]
    # Not only what comes from here on: this one is made already.
    bare = saving._SAVE.format(lock="")
    saving._SAVE_ON["postgresql"] = text(bare).bindparams(*saving._TYPES)
    return create_app()


def _strict() -> Any:
    """Takes a repetition for a mistake."""
    submit, start = attempts.submit, starting.start

    def submit_once(session: Any, user: Any, public_id: str, *args: Any, **kwargs: Any) -> Any:
        if attempts.own(session, user.id, public_id).state != "open":
            raise saving.closed()
        return submit(session, user, public_id, *args, **kwargs)

    def start_once(session: Any, user: Any, quiz: Any, **kwargs: Any) -> Any:
        if starting.standing(session, user.id, quiz).open_attempt:
            raise saving.closed()
        return start(session, user, quiz, **kwargs)

    attempts.submit, starting.start = submit_once, start_once  # type: ignore[assignment]
    return create_app()


def _blind() -> Any:
    """Does not know a database that is away from a fault of its own."""
    failures.is_away = lambda error: False  # type: ignore[assignment]
    return create_app()


VARIANTS: dict[str, Callable[[], Any]] = {
    "hasty": _hasty,
    "forgetful": _forgetful,
    "careless": _careless,
    "trusting": _trusting,
    "hurried": _hurried,
    "strict": _strict,
    "blind": _blind,
}


def __getattr__(name: str) -> Any:
    """Made when a server asks for one by name."""
    return VARIANTS[name]()
