"""The pictures that texts show."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp.content import pictures
from quizapp.db import db
from quizapp.errors import Missing
from quizapp.formats.images import FOLDER, NAME
from quizapp.pages.access import signed_in
from quizapp.quiz import attempts

bp = Blueprint("pictures", __name__)


@bp.get("/images/<name>")
@signed_in
def show(name: str) -> ResponseReturnValue:
    """A picture. Its name is made of its bytes: what a browser has kept never grows old.

    One that stands only in procedures for other teams is not there, unless one was asked with it.
    """
    full = f"{FOLDER}/{name}"
    if not NAME.fullmatch(full):
        raise Missing
    session, viewer = db.session(), current_user.id
    if pictures.is_hidden(session, name, viewer) and not attempts.showed(session, viewer, name):
        raise Missing
    found = pictures.find(session, full)
    response = Response(found.data, mimetype=found.mime)
    response.cache_control.private = True
    response.cache_control.max_age = 365 * 24 * 3600
    response.cache_control.immutable = True
    return response
