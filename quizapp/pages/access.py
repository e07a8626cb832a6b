"""Who may see which page: closed unless a view says otherwise."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from sqlalchemy import text

from quizapp.db import begin_writing, db
from quizapp.errors import Missing
from quizapp.pages.language import language, zone
from quizapp.people.models import ROLES, User
from quizapp.reports.readers import Reader

View = TypeVar("View", bound=Callable[..., Any])

# Static files carry nothing of anybody's.
OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static"})
EVERYBODY = frozenset(ROLES)


class Visitor(UserMixin):
    """Who is signed in, as far as a page needs to know."""

    def __init__(self, row: Any) -> None:
        self.id: int = row.id
        self.public_id: str = row.public_id
        self.name: str = row.name
        self.role: str = row.role
        self.locale: str | None = row.locale
        self.theme: str | None = row.theme
        self.zone: str | None = row.zone
        self._token: str = row.session_token

    def get_id(self) -> str:
        """What the session keeps; it ends with the password it was made with."""
        return f"{self.id}.{self._token}"


# Plain SQL: every page asks it.
_VISITOR = text(
    'SELECT id, public_id, name, role, locale, theme, zone, session_token FROM "user" '
    "WHERE id = :id AND session_token = :token AND left_at IS NULL"
)


def load_visitor(session_id: str) -> Visitor | None:
    """The visitor of a session, unless it has ended."""
    number, _, token = session_id.partition(".")
    if not number.isdigit():
        return None
    row = db.session.connection().execute(_VISITOR, {"id": int(number), "token": token}).first()
    return Visitor(row) if row else None


def forget_visitor() -> None:
    """From here on, do not ask the database who this is: it may be what failed."""
    if "_login_user" not in g:
        g._login_user = AnonymousUserMixin()  # where Flask-Login keeps what it found


def visitor_of(user: User) -> Visitor:
    """The visitor that this user is."""
    return Visitor(user)


def public(view: View) -> View:
    """Declare a view as open to everyone, signed in or not."""
    view.allowed = None  # type: ignore[attr-defined]
    return view


def for_roles(*roles: str) -> Callable[[View], View]:
    """Declare which roles may see a view."""
    if not set(roles) <= EVERYBODY:
        raise ValueError(f"unknown role in {roles}")

    def declare(view: View) -> View:
        view.allowed = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return declare


def signed_in(view: View) -> View:
    """Declare a view as open to whoever is signed in."""
    view.allowed = EVERYBODY  # type: ignore[attr-defined]
    return view


def reads_first(view: View) -> View:
    """Declare that a view that changes something says itself when it begins to."""
    view.reads_first = True  # type: ignore[attr-defined]
    return view


def takes(most: int) -> Callable[[View], View]:
    """Declare that a view takes a request of so many bytes, more than others do."""

    def declare(view: View) -> View:
        view.most = most  # type: ignore[attr-defined]
        return view

    return declare


def me() -> User:
    """The signed-in person as a row, for what writes."""
    return db.session.get_one(User, current_user.id)


def reader() -> Reader:
    """The signed-in person as reports know who asks."""
    who = current_user
    return Reader(who.id, who.public_id, who.role, language(), zone(), who.name)


def init_app(app: Flask) -> None:
    """Put the guard before every view."""
    manager = LoginManager(app)
    manager.session_protection = None  # addresses and browsers change on a phone
    manager.user_loader(load_visitor)
    app.before_request(guard)


def guard() -> ResponseReturnValue | None:
    """Let through what a view allows; anything else looks as if it were not there."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS:
        return None
    view = current_app.view_functions[endpoint]
    allowed: frozenset[str] | None = getattr(view, "allowed", frozenset())
    if allowed is not None:
        if not current_user.is_authenticated:
            return _to_sign_in()
        if current_user.role not in allowed:
            raise Missing
    if most := getattr(view, "most", None):
        request.max_content_length = request.max_form_memory_size = most
    if request.method == "POST" and not getattr(view, "reads_first", False):
        begin_writing()
    return None


def _to_sign_in() -> ResponseReturnValue:
    if "_user_id" in session:
        session.clear()
    if request.accept_mimetypes.best == "application/json":
        # A script keeps what it has, and says so; it does not read a page.
        message = gettext("Your session has ended: sign in again.")
        return {"saved": False, "code": "signed-out", "message": message}, 401
    wanted = request.full_path if request.query_string else request.path
    target = wanted if request.method == "GET" and request.path != "/" else None
    return redirect(url_for("account.sign_in", next=target), 303)
