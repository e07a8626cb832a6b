"""Reports as files: the same figures as on their pages, for the same reader.

A file leaves the house with people's names in it: who took which is on record. Reading goes
without a turn to write; the entry is added afterwards, in a transaction of its own.
"""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from quizapp import clock, jobs
from quizapp.db import begin_writing, db
from quizapp.evidence import chain
from quizapp.pages.access import reader, reads_first, signed_in
from quizapp.pages.failures import wants_json
from quizapp.reports.sheets import exported, files
from quizapp.reports.sheets.files import File
from quizapp.reports.sheets.registry import arguments

bp = Blueprint("sheets", __name__, url_prefix="/exports")

# A job that nobody has begun for so long: there may be no worker.
UNHEARD = timedelta(minutes=1)


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """The files that were made for me."""
    rows = exported.mine(db.session(), reader(), clock.now())
    return render_template("sheets/index.html", rows=rows)


@bp.get("/<kind>.<form>")
@signed_in
def download(kind: str, form: str) -> ResponseReturnValue:
    """A report as a file, by the same query as its page; a long one is offered to be made."""
    session, who, args, now = db.session(), reader(), arguments(request.args), clock.now()
    files.kind_of(who, kind, form)
    if files.is_long(session, who, kind, args, now):
        return _offer(kind, form)
    tables = files.tables(session, who, kind, args, now)
    if files.takes_long(tables, form):
        return _offer(kind, form)
    made = files.write(tables, who, form, now)
    _record(kind, form, args, made.rows)
    return _handed(made)


def _offer(kind: str, form: str) -> ResponseReturnValue:
    return render_template("sheets/long.html", kind=kind, form=form, args=arguments(request.args))


@bp.post("/<kind>.<form>")
@signed_in
@reads_first
def ask(kind: str, form: str) -> ResponseReturnValue:
    """Have a long one made."""
    files.kind_of(reader(), kind, form)
    begin_writing()
    row = exported.ask(db.session(), reader(), kind, form, arguments(request.args), clock.now())
    db.session.commit()
    return _to(row.public_id)


def _to(public_id: str) -> Redirect:
    return redirect(url_for("sheets.job", public_id=public_id), 303)


@bp.get("/jobs/<public_id>")
@signed_in
def job(public_id: str) -> ResponseReturnValue:
    """How far it is, or the file."""
    session, now = db.session(), clock.now()
    row = exported.own(session, reader(), public_id, now)
    work = jobs.latest(session, public_id)
    broken = not row.name and (work is None or work.state in ("done", "failed"))
    if wants_json():
        done, total = (work.done, work.total) if work else (0, 0)
        return {"ended": bool(row.name) or broken, "done": done, "total": total}
    unheard = work and work.state == "waiting" and now - work.at > UNHEARD
    return render_template(
        "sheets/job.html", row=row, job=work, broken=broken, unheard=bool(unheard)
    )


@bp.get("/jobs/<public_id>/file")
@signed_in
def file(public_id: str) -> ResponseReturnValue:
    """The file that was made, while its day lasts and its teams are still the reader's."""
    session, who = db.session(), reader()
    row = exported.own(session, who, public_id, clock.now())
    files.kind_of(who, row.kind, row.format)
    made, kind, form, args = exported.handed(session, who, row), row.kind, row.format, row.args
    _record(kind, form, args, made.rows)
    return _handed(made)


def _record(kind: str, form: str, args: Mapping[str, str], rows: int) -> None:
    if request.method != "GET":
        return  # HEAD hands nothing over
    me, data = reader().public_id, {"report": kind, "format": form, "args": args, "rows": rows}
    begin_writing()
    session = db.session()
    chain.append(session, "report.exported", by=me, about=me, at=clock.now(), data=data)
    session.commit()


def _handed(made: File) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.data, mimetype=made.mime, headers=headers)
