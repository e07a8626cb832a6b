"""The messages to a person: what happened to their attempts and objections."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.notices import outbox
from quizapp.pages import notice_texts
from quizapp.pages.access import signed_in
from quizapp.pages.failures import wants_json

bp = Blueprint("notices", __name__)


@bp.get("/notices")
@signed_in
def index() -> ResponseReturnValue:
    """What one was told, the newest first."""
    messages = outbox.messages_of(db.session(), current_user.public_id)
    return render_template(
        "notices/index.html",
        rows=notice_texts.said(db.session(), current_user.id, messages),
        unread=sum(notice.read_at is None for notice in messages),
    )


@bp.post("/notices/read")
@signed_in
def read() -> ResponseReturnValue:
    """One has read them all."""
    outbox.mark_read(db.session(), current_user.public_id, clock.now())
    db.session.commit()
    flash(gettext("All notices are marked as read."), "success")
    return redirect(url_for("notices.index"), 303)


@bp.post("/notices/seen")
@signed_in
def seen() -> ResponseReturnValue:
    """One has seen what some are about: the page itself says so, by its script or its button."""
    session, about = db.session(), request.form.get("about", "")
    outbox.mark_read(session, current_user.public_id, clock.now(), about)
    session.commit()
    if wants_json():
        left = outbox.unread(session, current_user.public_id)
        return {"unread": left, "said": gettext("%(n)s new", n=left) if left else ""}
    return redirect(_own_page(about), 303)


def _own_page(about: str) -> str:
    """An address of ours, and of nobody else's."""
    is_ours = about.startswith("/") and not about.startswith(("//", "/\\"))
    return request.root_path + about if is_ours else url_for("notices.index")
