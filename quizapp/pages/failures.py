"""What goes wrong becomes a page, or JSON for a script: never a stack trace."""

import contextlib
import errno
import logging
from typing import Any

from flask import Flask, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import PendingRollbackError
from werkzeug.exceptions import HTTPException

from quizapp.db import db, is_away, is_busy, is_full, stop_writing
from quizapp.errors import Refused
from quizapp.pages.access import forget_visitor

log = logging.getLogger(__name__)

# Seconds after which a client may ask again.
SOON, LATER = 3, 15


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(CSRFError, stale)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, broken)
    # Runs before Flask-SQLAlchemy's own, which would let the error out as a bare 500.
    app.teardown_appcontext(_let_go)


def wants_json() -> bool:
    """Whether a script of ours asks."""
    return request.accept_mimetypes.best == "application/json"


def answer(status: int, title: str, text: Any = "", code: str = "refused") -> ResponseReturnValue:
    """The page or JSON for what was refused; nothing half-done is kept."""
    stop_writing()
    if wants_json():
        return {"saved": False, "code": code, "message": str(text or title)}, status
    return render_template("failure.html", status=status, title=title, text=text), status


def refused(error: Refused) -> ResponseReturnValue:
    """A rule said no."""
    if error.status == 404:
        return not_found()
    return answer(error.status, gettext("This cannot be done"), error.message, error.code)


def not_found() -> ResponseReturnValue:
    """Missing, and somebody else's, alike, wherever it is."""
    g.place = ""
    return answer(
        404,
        gettext("Page not found"),
        gettext("It may have been moved or withdrawn, or the address has a mistake."),
        "missing",
    )


def stale(_error: CSRFError) -> ResponseReturnValue:
    """A form without a valid token."""
    return answer(
        400,
        gettext("This page was open for too long"),
        gettext("Go back, reload it and send it again."),
        "stale",
    )


def http(error: HTTPException) -> ResponseReturnValue:
    """An HTTP error; redirects pass."""
    # What broke within a handler of this module, or after the view, comes wrapped.
    if original := getattr(error, "original_exception", None):
        return broken(original)
    status = error.code or 500
    if status < 400:
        return error
    if status in (403, 404):
        return not_found()
    if status == 405 and request.method == "GET" and not wants_json() and (page := _page_above()):
        return redirect(page, 303)
    titles = {
        405: gettext("This address does not take this kind of request"),
        413: gettext("What was sent is too large"),
    }
    text = ""
    if status == 413 and request.max_content_length:
        megabytes = request.max_content_length // 2**20
        text = gettext(
            "At most %(n)s MB are taken at once. Send fewer files, or smaller ones.", n=megabytes
        )
    return answer(status, titles.get(status, gettext("The request could not be read")), text)


def _page_above() -> str:
    """The page to which an address belongs that takes forms only: the nearest one above it.

    Whoever opens such an address had a form refused there, and reloads or comes back.
    """
    adapter, path = current_app.create_url_adapter(request), request.path
    while adapter and path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0]
        if adapter.test(path or "/", "GET"):
            return path or "/"
    return ""


def broken(error: Exception) -> ResponseReturnValue:
    """A fault: of the database, the disk, or ours. The answer needs neither of them."""
    _let_go()
    forget_visitor()
    if is_full(error) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        log.error("the disk is full", exc_info=error)
        return _sorry(
            507,
            gettext("Not saved: the disk is full"),
            gettext(
                "The administrator has to free space. What was saved before is safe; what was "
                "not stays on this device: try again in a moment."
            ),
            LATER,
        )
    if is_away(error) or is_busy(error) or isinstance(error, PendingRollbackError):
        log.error("the database does not answer", exc_info=error)
        return _sorry(
            503,
            gettext("The system does not answer at present")
            if request.method == "GET"
            else gettext("Not saved: the system does not answer at present"),
            gettext(
                "What was saved before is safe; what was not stays on this device: try again "
                "in a moment."
            ),
            SOON,
        )
    log.error("a fault", exc_info=error)
    return _sorry(
        500,
        gettext("Something broke on our side"),
        gettext("The fault was recorded. Try again; if it stays, tell your administrator."),
    )


def _let_go(_error: BaseException | None = None) -> None:
    """Give the session's connection back, even one that is broken."""
    try:
        if db.session.registry.has():
            # Where a commit failed, `remove` alone leaves the transaction open, with its locks.
            db.session.rollback()
            db.session.remove()
    except Exception as error:  # whatever the driver says: nothing is kept of it
        log.warning("a broken connection was dropped", exc_info=error)
        db.session.registry.clear()


def _sorry(status: int, title: str, text: str, after: int | None = None) -> ResponseReturnValue:
    """An answer that asks no database for anything."""
    code = g.get("request_id", "")
    if wants_json():
        content: Any = {"saved": False, "retry": True, "message": f"{title}. {text}", "code": code}
    else:
        again = request.full_path if request.query_string else request.path
        content = render_template(
            "unavailable.html",
            title=title,
            text=text,
            code=code,
            again=again if request.method == "GET" else None,
        )
    with contextlib.suppress(Exception):
        # The server closes a connection whose request nobody read, and may lose the answer.
        while request.stream.read(65536):
            pass
    response = make_response(content, status)
    if after:
        response.headers["Retry-After"] = str(after)
    return response
