"""Bringing files by page: choose, look at what they would become, take all or nothing."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from quizapp import clock, jobs
from quizapp.content import brought, previews, uploads
from quizapp.content.brought import Brought
from quizapp.content.models import Upload
from quizapp.content.reading import OutOfTime, Seen
from quizapp.db import begin_writing, db
from quizapp.errors import Invalid, Missing
from quizapp.formats.images import FOLDER, image_of
from quizapp.pages import upload_views
from quizapp.pages.access import for_roles, reads_first, takes
from quizapp.pages.failures import wants_json
from quizapp.pages.language import today
from quizapp.sandbox import NotStarted

bp = Blueprint("uploads", __name__, url_prefix="/import")

# The page waits so long for small files, in seconds; then the worker does it.
PATIENCE = 5.0
# A job that nobody has begun for so long: there may be no worker.
UNHEARD = timedelta(minutes=1)
MIMES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


@bp.get("")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """What can be brought, and what waits to be taken."""
    return _index_page()


def _index_page(problem: str = "") -> ResponseReturnValue:
    page = render_template(
        "uploads/index.html",
        problem=problem,
        waiting=uploads.open_ones(db.session(), current_user.public_id),
        limits=brought,
        name=request.form.get("name", "") if problem else "",
        text=request.form.get("text", "") if problem else "",
    )
    return page, 422 if problem else 200


@bp.post("")
@for_roles("trainer")
@takes(brought.MOST_TOTAL)
@reads_first
def send() -> ResponseReturnValue:
    """Read what was brought, at once or by the worker."""
    try:
        files = brought.bring(_named())
    except Invalid as error:
        return _index_page(str(error.message))
    seen = _read_now(files)
    begin_writing()
    session, now = db.session(), clock.now()
    upload = uploads.begin(session, files, by=current_user.public_id, now=now)
    _go_on(session, upload, files, seen)
    session.commit()
    return _to(upload)


def _named() -> list[tuple[str, bytes]]:
    """The files that were chosen, those of a folder that may be of use, and the pasted text."""
    found = [(f.filename, f.stream.read()) for f in request.files.getlist("files") if f.filename]
    found += [
        (f.filename, f.stream.read())
        for f in request.files.getlist("folder")
        if f.filename and brought.is_welcome(f.filename)
    ]
    if text := request.form.get("text", "").strip():
        name = " ".join(request.form.get("name", "").split())
        if not name:
            raise Invalid(gettext("Give the pasted text a name."))
        found.append((f"{name.replace('/', '-')}.txt", text.encode("utf-8", "replace")))
    return found


def _read_now(files: Sequence[Brought]) -> list[Seen] | None:
    """What the files hold, if they are small and quickly read. Nothing is locked meanwhile."""
    try:
        return uploads.read(files, patience=PATIENCE) if brought.is_small(files) else None
    except (OutOfTime, NotStarted):
        return None  # the worker has more time, and perhaps better luck


def _go_on(
    session: Session, upload: Upload, files: Sequence[Brought], seen: list[Seen] | None
) -> None:
    """Make the preview of files that were read, or leave that to the worker."""
    if seen is None:
        _leave_to_worker(session, upload, uploads.READ)
    else:
        uploads.preview(session, upload, files, seen, now=clock.now(), today=today())


def _leave_to_worker(session: Session, upload: Upload, kind: str) -> None:
    jobs.enqueue(
        session,
        kind,
        {"upload": upload.id},
        about=upload.public_id,
        by=upload.by,
        now=clock.now(),
    )


def _to(upload: Upload) -> Redirect:
    return redirect(url_for("uploads.upload", public_id=upload.public_id), 303)


def _own(public_id: str) -> Upload:
    return uploads.own(db.session(), public_id, current_user.public_id)


@bp.get("/<public_id>")
@for_roles("trainer")
def upload(public_id: str) -> ResponseReturnValue:
    """Where an upload stands: being read, the preview, or what was taken."""
    found = _own(public_id)
    job = jobs.latest(db.session(), public_id)
    works = found.state in ("reading", "taking")
    broken = found.state == "failed" or (works and (job is None or job.state == "failed"))
    if wants_json():
        ended = broken or not works
        return {"ended": ended, "done": job.done if job else 0, "total": job.total if job else 0}
    if broken:
        return render_template("uploads/broken.html", upload=found)
    if works:
        unheard = job and job.state == "waiting" and clock.now() - job.at > UNHEARD
        return render_template("uploads/progress.html", upload=found, job=job, unheard=unheard)
    if found.state != "ready":
        return render_template("uploads/closed.html", upload=found, **upload_views.names())
    files = [said for said in found.report if "kind" in said]
    only = upload_views.view(db.session(), found, files[0]) if len(files) == 1 else None
    return render_template(
        "uploads/preview.html",
        upload=found,
        only=only,
        blocked=[said for said in found.report if previews.is_in_the_way(said)],
        worth=previews.is_worth_taking(found.report),
        **upload_views.names(),
    )


@bp.get("/<public_id>/files/<int:position>")
@for_roles("trainer")
def file(public_id: str, position: int) -> ResponseReturnValue:
    """One file of a preview: problems, changes, questions or sections."""
    found = _own(public_id)
    said = next((s for s in found.report if s["position"] == position and "kind" in s), None)
    if found.state != "ready" or said is None:
        raise Missing
    return render_template(
        "uploads/file.html",
        upload=found,
        only=upload_views.view(db.session(), found, said),
        **upload_views.names(),
    )


@bp.get("/<public_id>/images/<name>")
@for_roles("trainer")
def picture(public_id: str, name: str) -> ResponseReturnValue:
    """A picture that came within a file and is not taken yet."""
    data = uploads.picture_of(db.session(), _own(public_id), f"{FOLDER}/{name}")
    image = image_of(data)
    if image is None:
        raise Missing
    return Response(data, mimetype=MIMES[image.name.rpartition(".")[2]])


@bp.post("/<public_id>/take")
@for_roles("trainer")
@reads_first
def take(public_id: str) -> ResponseReturnValue:
    """Take all files, or none; a second time changes nothing."""
    found = _own(public_id)
    if found.state != "ready":
        return _to(found)
    files = uploads.files_of(db.session(), found)
    seen = _read_now(files)
    session, upload = _begin(public_id, files)
    if upload is None:
        return _to(found)
    if seen is None:
        upload.state = "taking"
        _leave_to_worker(session, upload, uploads.TAKE)
    elif uploads.take(session, upload, files, seen, now=clock.now(), today=today()):
        flash(gettext("Everything was imported."), "success")
    else:
        flash(gettext("Nothing was imported: see below what is in the way."), "warning")
    session.commit()
    return _to(upload)


def _begin(public_id: str, files: Sequence[Brought]) -> tuple[Session, Upload | None]:
    """Begin to write; the upload, if it is still what these files were read of."""
    begin_writing()
    session = db.session()
    found = _own(public_id)
    same = found.state == "ready" and uploads.holds(session, found, files)
    return session, found if same else None


@bp.post("/<public_id>/drop")
@for_roles("trainer")
def drop(public_id: str) -> ResponseReturnValue:
    """Forget the files."""
    found = _own(public_id)
    if found.state in ("reading", "ready", "failed"):
        uploads.drop(db.session(), found)
        db.session.commit()
        flash(gettext("The files were discarded; nothing was imported."), "success")
    return redirect(url_for("uploads.index"), 303)


@bp.post("/<public_id>/again")
@for_roles("trainer")
def again(public_id: str) -> ResponseReturnValue:
    """Let the worker try once more what broke."""
    found = _own(public_id)
    job = jobs.latest(db.session(), public_id)
    if found.state in ("failed", "reading", "taking") and (job is None or job.state == "failed"):
        found.state = "reading"
        _leave_to_worker(db.session(), found, uploads.READ)
        db.session.commit()
    return _to(found)


@bp.post("/<public_id>/files/<int:position>/leave-out")
@for_roles("trainer")
@reads_first
def leave_out(public_id: str, position: int) -> ResponseReturnValue:
    """Go on without one of the files."""
    return _changed(public_id, lambda files: [f for f in files if f.position != position])


@bp.post("/<public_id>/files/<int:position>/repair")
@for_roles("trainer")
@reads_first
def repair(public_id: str, position: int) -> ResponseReturnValue:
    """Mend a file's broken accents, and look at it again."""

    def mended(files: Sequence[Brought]) -> list[Brought]:
        return [brought.repaired(f) if f.position == position else f for f in files]

    return _changed(public_id, mended)


def _changed(
    public_id: str, change: Callable[[Sequence[Brought]], list[Brought]]
) -> ResponseReturnValue:
    """Read an upload anew with other files; without any it is dropped."""
    found = _own(public_id)
    if found.state != "ready":
        return _to(found)
    files = uploads.files_of(db.session(), found)
    wanted = change(files)
    seen = _read_now(wanted)
    session, upload = _begin(public_id, files)
    if upload is None:
        return _to(found)
    if all(f.is_picture for f in wanted):
        uploads.drop(session, upload)
    else:
        uploads.change(session, upload, wanted)
        _go_on(session, upload, wanted, seen)
    session.commit()
    return _to(upload)


@bp.post("/<public_id>/files/<int:position>/set-beside")
@for_roles("trainer")
@reads_first
def set_beside(public_id: str, position: int) -> ResponseReturnValue:
    """Keep a file that is in conflict beside the page's text, for a person to settle; the
    others stay in the preview.
    """
    found = _own(public_id)
    if found.state != "ready":
        return _to(found)
    files = uploads.files_of(db.session(), found)
    alone = [f for f in files if f.position == position or f.is_picture]
    rest = [f for f in files if f.position != position]
    seen, seen_rest = uploads.read(alone), _read_now(rest)
    session, upload = _begin(public_id, files)
    if upload is None:
        return _to(found)
    if uploads.set_beside(session, upload, alone, seen, now=clock.now(), today=today()):
        flash(gettext("The file waits under Conflicts: compare the two and choose."), "success")
    ends = all(f.is_picture for f in rest)
    if ends:
        uploads.drop(session, upload)
    else:
        uploads.change(session, upload, rest)
        _go_on(session, upload, rest, seen_rest)
    session.commit()
    return redirect(url_for("conflicts.index"), 303) if ends else _to(upload)
