"""Certificates, for whoever has their identifier: what they say, and whether it is true today."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp import clock
from quizapp.certification import carried, certificates, checking, document, lookups
from quizapp.certification.certificates import Certificate
from quizapp.db import begin_writing, db
from quizapp.errors import Missing, Refused
from quizapp.pages.access import public, reads_first, takes

bp = Blueprint("certificates", __name__)


@bp.after_request
def unlisted(response: Response) -> Response:
    """No search engine keeps a page about a person."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@bp.get("/c/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """All that a certificate prints, and its state today."""
    try:
        found = _found(code)
    except Missing:
        problem = gettext("No certificate has this identifier. Compare it with the one printed.")
        return render_template("certificates/check.html", problem=problem, code=code), 404
    return render_template("certificates/show.html", **_shown(found))


@bp.get("/c/<code>.pdf")
@public
def download(code: str) -> ResponseReturnValue:
    """The document, unless it was revoked."""
    found = _found(code)
    if found.state == "revoked":
        raise Refused(gettext("This certification was revoked: it has no document."))
    row = found.row
    data = document.pdf(row.printed, row.signing_key_id, row.signature)
    word = gettext("certificate")
    name = f"{word}-{row.code[:8]}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(data, mimetype="application/pdf", headers=headers)


@bp.get("/c")
@public
def check() -> ResponseReturnValue:
    """Where one types an identifier or gives a file."""
    if code := certificates.code_of(request.args.get("code", "")):
        return redirect(url_for("certificates.show", code=code), 303)
    return render_template("certificates/check.html")


@bp.post("/c")
@public
@reads_first
@takes(carried.LARGEST + 2**16)
def check_file() -> ResponseReturnValue:
    """Whether a file is one of ours, unchanged. Nothing of it is kept."""
    session, now = db.session(), clock.now()
    lookups.guard(session, _address(), now)
    given = request.files.get("file")
    data = given.read() if given else b""
    if not data:
        problem = gettext("Choose the PDF file of a certificate.")
        return render_template("certificates/check.html", file_problem=problem), 422
    checked = checking.check(session, data, now)
    if not checked.certificate:
        _count_miss()
    shown = _shown(checked.certificate) if checked.certificate else {}
    return render_template(
        "certificates/checked.html", checked=checked, said=checking.said(checked.verdict), **shown
    )


def _found(code: str) -> Certificate:
    """The certificate, while this address has not guessed too often. Raises Missing, TooMany."""
    session, now = db.session(), clock.now()
    lookups.guard(session, _address(), now)
    try:
        return certificates.find(session, code, now)
    except Missing:
        _count_miss()
        raise


def _count_miss() -> None:
    begin_writing("none")
    lookups.count(db.session(), _address(), clock.now())
    db.session.commit()


def _address() -> str:
    return request.remote_addr or ""


def _shown(found: Certificate) -> dict[str, object]:
    return {
        "certificate": found,
        "fields": found.row.printed,
        "said_state": certificates.said(found.state),
        "explained": certificates.explained(found.state),
        "procedures": document.by_procedure(found.row.printed),
        "hours": document.hours,
        "short_day": document.short_day,
        "grouped": document.grouped,
    }
