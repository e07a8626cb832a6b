"""A bank as a file in another format, and what that format cannot hold."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from quizapp.content import banks, exporting
from quizapp.content.messages import message
from quizapp.db import db
from quizapp.errors import Missing
from quizapp.formats.exports import EXPORTS
from quizapp.pages.access import for_roles

bp = Blueprint("exports", __name__)


@bp.get("/banks/<slug>/export")
@for_roles("trainer")
def index(slug: str) -> ResponseReturnValue:
    """The formats, each with what it would lose."""
    session = db.session()
    found = banks.find(session, slug)
    document = exporting.bank_document(session, found)
    return render_template(
        "banks/export.html",
        bank=found,
        title=document.title,
        rows=[(name, form, form.write(document)[1]) for name, form in EXPORTS.items()],
        kept_here=exporting.kept_here(session, found),
        message=message,
    )


@bp.get("/banks/<slug>/export/<name>")
@for_roles("trainer")
def download(slug: str, name: str) -> ResponseReturnValue:
    """The bank in one format."""
    session = db.session()
    found = banks.find(session, slug)
    form = EXPORTS.get(name)
    if form is None:
        raise Missing
    data, _ = form.write(exporting.bank_document(session, found))
    file_name = f"{found.slug}{form.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(data, mimetype=form.mime, headers=headers)
