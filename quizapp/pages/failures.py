"""What goes wrong becomes a page, or JSON for a script: never a stack trace."""

from typing import Any

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from quizapp.db import db
from quizapp.errors import Refused


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(CSRFError, stale)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(Exception, broken)


def wants_json() -> bool:
    """Whether a script of ours asks."""
    return request.accept_mimetypes.best == "application/json"


def answer(status: int, title: str, text: Any = "") -> ResponseReturnValue:
    """The page or JSON for a failure; nothing half-done is kept."""
    db.session.rollback()
    if wants_json():
        return {"saved": False, "message": str(text or title)}, status
    return render_template("failure.html", status=status, title=title, text=text), status


def refused(error: Refused) -> ResponseReturnValue:
    """A rule said no."""
    if error.status == 404:
        return not_found()
    return answer(error.status, gettext("This cannot be done"), error.message)


def not_found() -> ResponseReturnValue:
    """Missing, and somebody else's, alike."""
    return answer(
        404,
        gettext("Page not found"),
        gettext("It may have been moved or withdrawn, or the address has a mistake."),
    )


def stale(_error: CSRFError) -> ResponseReturnValue:
    """A form without a valid token."""
    return answer(
        400,
        gettext("This page was open for too long"),
        gettext("Go back, reload it and send it again."),
    )


def http(error: HTTPException) -> ResponseReturnValue:
    """An HTTP error; redirects pass."""
    status = error.code or 500
    if status < 400:
        return error
    if status in (403, 404):
        return not_found()
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


def busy(error: OperationalError) -> ResponseReturnValue:
    """The database did not answer in time."""
    _log(error)
    return answer(
        503,
        gettext("The system is busy"),
        gettext("Nothing was saved. Try again in a moment."),
    )


def broken(error: Exception) -> ResponseReturnValue:
    """A fault of ours."""
    _log(error)
    return answer(
        500,
        gettext("Something broke on our side"),
        gettext("The fault was recorded. Try again; if it stays, tell your administrator."),
    )


def _log(error: Exception) -> None:
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
