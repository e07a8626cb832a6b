"""Uploads that are too large to be read while a page waits."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.content import uploads
from quizapp.content.models import Upload
from quizapp.jobs import Progress

READ, TAKE = uploads.READ, uploads.TAKE


def read(session: Session, args: dict[str, Any], progress: Progress) -> None:
    """Read an upload's files and make its preview."""
    _work(session, args["upload"], "reading", progress)


def take(session: Session, args: dict[str, Any], progress: Progress) -> None:
    """Import an upload's files for good."""
    _work(session, args["upload"], "taking", progress)


def _work(session: Session, upload_id: int, state: str, progress: Progress) -> None:
    """Done or dropped meanwhile, there is nothing to do: a job may come twice."""
    upload = session.get(Upload, upload_id)
    if upload is None or upload.state != state:
        return
    files = uploads.files_of(session, upload)
    session.rollback()  # nobody waits while files are read
    seen = uploads.read(files, progress=progress)
    now, today = clock.now(), clock.today(current_app.config["TIME_ZONE"])
    upload = session.get(Upload, upload_id, populate_existing=True)
    if upload is None or upload.state != state:
        return
    do = uploads.preview if state == "reading" else uploads.take
    do(session, upload, files, seen, now=now, today=today)
