"""Editing banks, questions and procedures: the native text with a preview, or small fields."""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.content import bank_store, banks, diffs, editing, linting, pictures, procedures
from quizapp.content.models import Bank, Procedure
from quizapp.db import begin_writing, db, stop_writing
from quizapp.errors import Invalid, Missing, Refused
from quizapp.formats import model
from quizapp.formats.images import image_of
from quizapp.pages.access import for_roles, me, reads_first
from quizapp.pages.language import today
from quizapp.pages.previews import Preview, preview_of

bp = Blueprint("editing", __name__)

LONGEST = 1_000_000  # characters that one page edits; a larger document comes as a file


@bp.post("/preview")
@for_roles("trainer")
@reads_first
def preview() -> ResponseReturnValue:
    """What the text sent would become: a piece of a page."""
    part = "part" in request.form
    found = _look(db.session(), request.form.get("name", "texto.md"), _sent(), part=part)
    return render_template("editing/preview.html", found=found)


@bp.route("/banks/<slug>/edit", methods=["GET", "POST"])
@for_roles("trainer")
@reads_first
def bank(slug: str) -> ResponseReturnValue:
    """A whole bank as text."""
    session = db.session()
    found = banks.find(session, slug)
    if request.method == "GET":
        return _bank_page(session, found, editing.bank_text(session, found))
    text = replace(editing.bank_text(session, found), text=_sent(), number=_number())
    if request.form.get("action") != "save":
        return _bank_page(session, found, text)
    return _save_bank(session, found, text) or redirect(url_for("banks.bank", slug=slug), 303)


@bp.route("/banks/<slug>/items/<uid>/edit", methods=["GET", "POST"])
@for_roles("trainer")
@reads_first
def item(slug: str, uid: str) -> ResponseReturnValue:
    """One question as text, and as fields."""
    session = db.session()
    found = banks.find(session, slug)
    whole = editing.bank_text(session, found)
    if request.method == "GET":
        return _item_page(session, found, whole, uid, editing.item_text(whole, uid))
    chunk = _sent()
    if request.form.get("action") != "save":
        return _item_page(session, found, whole, uid, chunk)
    try:
        changed = replace(whole, text=editing.with_item(whole, uid, chunk), number=_number())
        stored = _store(session, found, changed)
    except editing.Stale:
        stop_writing()
        there = editing.bank_text(session, found)
        stale = diffs.compare(editing.item_text(there, uid), chunk)
        return _item_page(session, found, there, uid, chunk, stale=stale), 409
    except Refused as error:
        if error.status == 404:
            raise
        stop_writing()
        return _item_page(session, found, whole, uid, chunk, str(error.message)), error.status
    _say(stored)
    return redirect(url_for("banks.bank", slug=slug, _anchor=uid), 303)


@bp.post("/banks/<slug>/items/<uid>/fields")
@for_roles("trainer")
@reads_first
def item_fields(slug: str, uid: str) -> ResponseReturnValue:
    """The common changes to one question."""
    session = db.session()
    found = banks.find(session, slug)
    whole = editing.bank_text(session, found)

    def change(item: model.Item) -> model.Item:
        return replace(
            item,
            stem=_field("stem"),
            options=tuple(
                replace(option, text=_field(f"option-{i}"))
                for i, option in enumerate(item.options, start=1)
            ),
            explanation=_field("explanation"),
            sources=tuple(s for s in (_field("sources").replace(",", " ").split())),
        )

    try:
        text = editing.with_changed_item(whole, uid, change)
        stored = _store(session, found, replace(whole, text=text, number=_number()))
    except Refused as error:
        if error.status == 404:
            raise
        stop_writing()
        whole = editing.bank_text(session, found)
        chunk = editing.item_text(whole, uid)
        message = str(error.message)
        page = _item_page(session, found, whole, uid, chunk, fields_problem=message, typed=change)
        return page, error.status
    _say(stored)
    return redirect(url_for("banks.bank", slug=slug, _anchor=uid), 303)


@bp.route("/procedures/<slug>/edit", methods=["GET", "POST"])
@for_roles("trainer")
@reads_first
def procedure(slug: str) -> ResponseReturnValue:
    """A procedure as text."""
    session = db.session()
    row = procedures.find(session, slug)
    text = editing.procedure_text(session, row)
    if request.method == "GET":
        return _procedure_page(session, row, text)
    text = replace(text, text=_sent(), number=_number())
    if request.form.get("action") != "save":
        return _procedure_page(session, row, text)
    try:
        begin_writing()
        status = editing.save_procedure(
            session,
            row,
            text.text,
            text.number,
            by=me().public_id,
            now=clock.now(),
            reason=request.form.get("reason", ""),
        )
        session.commit()
    except editing.Stale:
        stop_writing()
        there = editing.procedure_text(session, row)
        stale = diffs.compare(there.text, text.text)
        newest = replace(text, number=there.number)
        return _procedure_page(session, row, newest, stale=stale), 409
    except Invalid as error:
        stop_writing()
        return _procedure_page(session, row, text, str(error.message)), 422
    if status == "unchanged":
        flash(gettext("Nothing was changed."))
    else:
        flash(gettext("Saved as a new version."), "success")
    return redirect(url_for("library.procedure", slug=slug), 303)


@bp.post("/pictures")
@for_roles("trainer")
def add_picture() -> ResponseReturnValue:
    """Keep a picture; the page says what to write where it should stand."""
    session = db.session()
    sent = request.files.get("picture")
    image = image_of(sent.read()) if sent else None
    alt = " ".join(request.form.get("alt", "").split())[:300].translate(_NOT_IN_ALT)
    if image is None:
        raise Invalid(gettext("This is no picture: use PNG, JPEG or WebP."))
    if not alt:
        raise Invalid(gettext("Say what the picture shows: some people cannot see it."))
    if pictures.keep(session, [image], by=me().public_id, now=clock.now()):
        raise Invalid(gettext("This picture cannot be read. Save it anew as PNG or JPEG."))
    session.commit()
    return render_template("editing/picture.html", name=image.name, alt=alt)


_NOT_IN_ALT = str.maketrans("", "", "[]()<>\\`")


def _save_bank(session: Session, found: Bank, text: editing.Text) -> ResponseReturnValue | None:
    """Save a whole bank; a page where that did not go."""
    try:
        stored = _store(session, found, text)
    except editing.Stale:
        stop_writing()
        there = editing.bank_text(session, found)
        stale = diffs.compare(there.text, text.text)
        return _bank_page(session, found, replace(text, number=there.number), stale=stale), 409
    except Invalid as error:
        stop_writing()
        return _bank_page(session, found, text, str(error.message)), 422
    _say(stored)
    return None


def _store(session: Session, found: Bank, text: editing.Text) -> bank_store.Stored:
    begin_writing()
    stored = editing.save_bank(
        session,
        found,
        text.text,
        text.number,
        by=me().public_id,
        now=clock.now(),
        reason=request.form.get("reason", ""),
        spelling="spelling" in request.form,
    )
    session.commit()
    return stored


def _say(stored: bank_store.Stored) -> None:
    if stored.status == "unchanged":
        flash(gettext("Nothing was changed."))
        return
    flash(gettext("Saved as a new version."), "success")
    for problem in stored.problems:
        flash(Preview.message(problem), "warning")


def _bank_page(
    session: Session,
    found: Bank,
    text: editing.Text,
    problem: str = "",
    stale: diffs.Diff | None = None,
) -> str:
    title = banks.current(session, found).title
    return render_template(
        "editing/edit.html",
        title=title,
        heading=gettext("Edit the bank"),
        back=url_for("banks.bank", slug=found.slug),
        history=url_for("history.bank", slug=found.slug),
        spelled="spelling" in request.form,
        **_shared(session, text, problem, stale),
    )


def _item_page(
    session: Session,
    found: Bank,
    whole: editing.Text,
    uid: str,
    chunk: str,
    problem: str = "",
    fields_problem: str = "",
    stale: diffs.Diff | None = None,
    typed: Callable[[model.Item], model.Item] | None = None,
) -> str:
    document = editing.check(whole.name, whole.text)
    items = document.items if isinstance(document, model.Bank) else ()
    fields = next((item for item in items if item.id == uid), None)
    if fields is None:
        raise Missing
    if typed is not None:  # what was typed is not lost with the refusal
        fields = typed(fields)
    return render_template(
        "editing/edit.html",
        title=banks.current(session, found).title,
        heading=gettext("Edit question %(item)s", item=uid),
        back=url_for("banks.bank", slug=found.slug, _anchor=uid),
        history=url_for("history.bank", slug=found.slug),
        spelled="spelling" in request.form,
        slug=found.slug,
        uid=uid,
        fields=fields if fields.kind != "scenario" else None,
        fields_problem=fields_problem,
        **_shared(session, replace(whole, text=chunk), problem, stale, part=True),
    )


def _procedure_page(
    session: Session,
    row: Procedure,
    text: editing.Text,
    problem: str = "",
    stale: diffs.Diff | None = None,
) -> str:
    return render_template(
        "editing/edit.html",
        title=procedures.newest(session, row).title,
        heading=gettext("Edit the procedure"),
        back=url_for("library.procedure", slug=row.slug),
        history=url_for("history.procedure", slug=row.slug),
        picture=True,
        **_shared(session, text, problem, stale),
    )


def _shared(
    session: Session,
    text: editing.Text,
    problem: str,
    stale: diffs.Diff | None,
    part: bool = False,
) -> dict[str, object]:
    return {
        "part": part,
        "text": text.text,
        "name": text.name,
        "number": text.number,
        "found": _look(session, text.name, text.text, part=part),
        "problem": problem,
        "stale": stale,
        "reason": request.form.get("reason", ""),
        "language_of": "pt-BR",
        "hint": gettext(
            "Stems are ## headings with {#id}, options “- [ ]”, the right one “- [x]”;"
            " fields such as Fonte: and Explicação: stand below."
        )
        if text.name.endswith(".md") and "{#" in text.text
        else gettext("Headings are # lines; steps are numbered or lettered lines."),
    }


def _look(session: Session, name: str, text: str, part: bool = False) -> Preview:
    """The preview of a document, or of the part of a bank that is one question."""
    if not part:
        document = editing.check(name, text)
        return preview_of(document, linting.problems_of(session, document, today()))
    document = editing.check(name, _HEAD + text)
    found = preview_of(document, linting.problems_of(session, document, today()))
    return found.moved(-_HEAD.count("\n"))


_HEAD = "---\nformato: questoes/1\n---\n"


def _sent() -> str:
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise Invalid(gettext("The text is too long for a page: import it as a file."))
    return text


def _number() -> int:
    number = request.form.get("number", "")
    return int(number) if number.isascii() and number.isdigit() else 0


def _field(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()
