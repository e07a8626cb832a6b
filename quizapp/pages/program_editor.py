"""The trainer's programs: put together as fields or as text, published, assigned."""

from itertools import pairwise
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from quizapp import clock
from quizapp.certification import assignments, enrolments, program_texts, programs
from quizapp.certification.models import Program
from quizapp.content import diffs
from quizapp.content.editing import Faulty, Stale
from quizapp.content.messages import message
from quizapp.db import begin_writing, db, stop_writing
from quizapp.errors import Invalid, Missing, Refused
from quizapp.formats import model
from quizapp.formats.programs import read_for
from quizapp.formats.text import collapse
from quizapp.pages import program_lines as words
from quizapp.pages.access import for_roles, reads_first
from quizapp.pages.failures import wants_json
from quizapp.pages.language import today
from quizapp.pages.program_forms import (
    BESIDE,
    LANGUAGES,
    ROWS,
    ProgramForm,
    beside_form,
    unclear,
)
from quizapp.people import audience, teams
from quizapp.reports import program_troubles, program_versions

bp = Blueprint("program_editor", __name__, url_prefix="/trainer/programs")

LONGEST = 200_000  # characters that the page edits


@bp.get("")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """All programs: drafts, published, off the list."""
    session = db.session()
    people, limited = program_versions.counts(session), audience.names(session, "program")
    rows = [
        {
            "program": program,
            "revision": revision,
            "state": programs.state_of(program),
            "steps": len(programs.steps(session, revision.id)),
            "people": people.get(program.id, 0),
            "teams": limited.get(program.slug, []),
        }
        for program, revision in programs.every(session)
    ]
    return render_template("program_editor/index.html", rows=rows, states=words.STATES)


@bp.get("/<slug>")
@for_roles("trainer")
def program(slug: str) -> ResponseReturnValue:
    """One program: what it asks, who must hold it, who is under way."""
    return _program_page(programs.find_any(db.session(), slug))


def _program_page(
    found: Program, problem: str = "", *, unassigned: str = ""
) -> ResponseReturnValue:
    """The page of a program, with what is wrong: on top, or beside the form that assigns it."""
    session = db.session()
    revision = programs.revision_of(session, found)
    text = program_texts.text_of(session, found)
    document = program_texts.check(text.name, text.text)
    remarks = []
    if isinstance(document, model.Program):
        remarks = program_texts.remarks(session, document, today())
    page = render_template(
        "program_editor/program.html",
        program=found,
        revision=revision,
        state=programs.state_of(found),
        states=words.STATES,
        remarks=remarks,
        message=message,
        lines=words.step_lines(session, programs.steps(session, revision.id), today()),
        facts=words.facts(programs.rules_of(revision), _language(revision.language)),
        assigned=words.assigned(session, assignments.in_force(session, found)),
        whom=words.whom_choices(session),
        under_way=program_versions.under_way(session, found.id),
        waiting=program_troubles.waiting(session, found, clock.now()),
        unseen=program_troubles.unseen(session, found, clock.now()),
        whose=[team.name for team in audience.of(session, "program", found.slug)],
        sent=request.form,
        problem=problem,
        unassigned=unassigned,
    )
    return page, 422 if problem or unassigned else 200


def _language(code: str) -> str:
    return LANGUAGES.get(code, code)


@bp.route("/new", methods=["GET", "POST"])
@for_roles("trainer")
@reads_first
def new() -> ResponseReturnValue:
    """A new program."""
    if request.method == "POST":
        return _edited(None)
    return _edit_page(None, ProgramForm())


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@for_roles("trainer")
@reads_first
def edit(slug: str) -> ResponseReturnValue:
    """Change a program; each save is a version of its own."""
    session = db.session()
    found = programs.find_any(session, slug)
    if request.method == "POST":
        return _edited(found)
    text = program_texts.text_of(session, found)
    document = program_texts.check(text.name, text.text)
    if isinstance(document, model.Program) and request.args.get("view") != "text":
        return _edit_page(found, ProgramForm.of(document))
    return _edit_page(found, text.text)


def _edited(found: Program | None) -> ResponseReturnValue:
    """What a button does: arrange the rows, show the other view, look at it, or save."""
    do = request.form.get("do", "save")
    given = _given()
    if do == "keep":  # a draft that the browser's history had
        return _edit_page(found, given)
    if isinstance(given, ProgramForm):
        takes = do in ("save", "check", "text")  # what a row is filled with, too: it would be lost
        adds_whom = do == "add-for" or (takes and given.is_filled("for"))
        if adds_whom and (problem := unclear(given.filled)):
            return _edit_page(found, given, problem=problem)
        if not takes:
            given.rearrange(do)
            return _edit_page(found, given)
        for row in ROWS:
            given.add(row)
        if do == "text":
            return _edit_page(found, given.text())
    text = given.text() if isinstance(given, ProgramForm) else given
    document = program_texts.check(_name(found), text)
    errors = [problem for problem in document.problems if problem.severity == "error"]
    if isinstance(given, ProgramForm) and not given.title:
        problem = gettext("Give the program a title.")
        return _edit_page(found, given, problem=problem, beside={"title": problem})
    if errors or not isinstance(document, model.Program):
        return _faulty(found, given, document.problems)
    if do == "fields":
        return _edit_page(found, ProgramForm.of(document))
    if do == "check":
        return _edit_page(found, given, seen=document)
    return _save(found, given, text)


def _given() -> ProgramForm | str:
    """What was sent: fields, or the whole text."""
    if request.form.get("view") != "text":
        return ProgramForm.sent(request.form)
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise Invalid(gettext("The text is too long for a page: import it as a file."))
    return text


def _name(found: Program | None) -> str:
    return f"{found.slug if found else 'nova-trilha'}.md"


def _save(found: Program | None, given: ProgramForm | str, text: str) -> ResponseReturnValue:
    session = db.session()
    begin_writing()
    by, now = current_user.public_id, clock.now()
    try:
        if found is None:
            saved, status = program_texts.add(session, text, by=by, now=now), "added"
        else:
            saved, status = (
                found,
                program_texts.save(
                    session,
                    found,
                    text,
                    request.form.get("number", 0, type=int),
                    by=by,
                    now=now,
                    today=today(),
                    reason=request.form.get("reason", ""),
                ),
            )
        session.commit()
    except Stale as error:
        stop_writing()
        return _edit_page(found, given, problem=str(error.message), stale=text)
    except Faulty as error:
        stop_writing()
        return _faulty(found, given, error.problems)
    except Invalid as error:
        stop_writing()
        return _edit_page(found, given, problem=str(error.message))
    if status == "unchanged":
        flash(gettext("Nothing was changed."))
    else:
        flash(gettext("Saved as a new version."), "success")
    to = url_for("program_editor.program", slug=saved.slug)
    return {"to": to} if wants_json() else redirect(to, 303)


def _faulty(
    found: Program | None, given: ProgramForm | str, problems: tuple[model.Problem, ...]
) -> ResponseReturnValue:
    """The page with what is wrong: beside its field, or with its line."""
    problem = gettext("Not saved: mend what is marked.")
    if isinstance(given, str):
        return _edit_page(found, given, problem=problem, problems=problems)
    beside = {BESIDE[p.code]: message(p) for p in problems if p.code in BESIDE}
    others = tuple(
        model.Problem(0, 0, p.severity, p.code, p.args) for p in problems if p.code not in BESIDE
    )
    return _edit_page(found, given, problem=problem, problems=others, beside=beside)


def _edit_page(
    found: Program | None,
    given: ProgramForm | str,
    *,
    problem: str = "",
    problems: tuple[model.Problem, ...] = (),
    beside: dict[str, str] | None = None,
    seen: model.Program | None = None,
    stale: str | None = None,
) -> ResponseReturnValue:
    session = db.session()
    revision = programs.revision_of(session, found) if found else None
    number = request.form.get("number", 0, type=int) if request.method == "POST" else 0
    more: dict[str, Any] = {}
    if isinstance(given, ProgramForm):
        more = {
            "step_rows": words.step_lines(session, given.steps, today()),
            "procedures": words.procedure_choices(session, today()),
            "quizzes": words.quiz_choices(session),
            "whom": words.whom_choices(session),
        }
    if seen is not None:
        problems = (*seen.problems, *program_texts.remarks(session, seen, today()))
        more["seen_lines"] = words.step_lines(session, seen.steps, today())
        more["seen_facts"] = words.facts(programs.rules_in(seen), _language(seen.language))
    if revision is not None and (stale is not None or request.method == "GET"):
        number = revision.number
    page = render_template(
        "program_editor/edit.html",
        program=found,
        title=revision.title if revision else "",
        number=number,
        view="text" if isinstance(given, str) else "fields",
        text=given if isinstance(given, str) else "",
        form=given if isinstance(given, ProgramForm) else None,
        languages=LANGUAGES,
        reason=request.form.get("reason", ""),
        problem=problem,
        found=problems,
        beside=beside or {},
        message=message,
        seen=seen,
        stale=diffs.compare(revision.source, stale) if revision and stale is not None else None,
        **more,
    )
    return page, 409 if stale is not None else 422 if problem else 200


@bp.get("/<slug>/history")
@for_roles("trainer")
def history(slug: str) -> ResponseReturnValue:
    """All versions of a program, and what each changed in its text."""
    session = db.session()
    found = programs.find_any(session, slug)
    states = programs.history(session, found)
    changes = [diffs.compare(old.source, new.source) for new, old in pairwise(states)]
    return render_template(
        "program_editor/history.html",
        program=found,
        title=states[0].title,
        states=list(zip(states, [*changes, None], strict=True)),
        names=teams.names(session, [state.by for state in states]),
        origins=words.ORIGINS,
    )


@bp.post("/<slug>/publish")
@for_roles("trainer")
def publish(slug: str) -> ResponseReturnValue:
    """Put a program on the list."""
    session = db.session()
    found = programs.find_any(session, slug)
    by, now = current_user.public_id, clock.now()
    try:
        program_texts.publish(session, found, by=by, now=now, today=today())
        session.commit()
    except Invalid as error:
        stop_writing()
        return _program_page(found, str(error.message))
    flash(gettext("The program is published."), "success")
    return redirect(url_for("program_editor.program", slug=slug), 303)


@bp.post("/<slug>/retire")
@for_roles("trainer")
def retire(slug: str) -> ResponseReturnValue:
    """Take a program off the list."""
    session = db.session()
    found = programs.find_any(session, slug)
    if programs.state_of(found) != "published":
        raise Missing
    program_texts.retire(session, found, by=current_user.public_id, now=clock.now())
    session.commit()
    flash(gettext("The program is off the list. Certifications stay as they are."), "success")
    return redirect(url_for("program_editor.program", slug=slug), 303)


@bp.post("/<slug>/assignments")
@for_roles("trainer")
def assign(slug: str) -> ResponseReturnValue:
    """Say who must hold a program, besides those whom its text names."""
    session = db.session()
    found = programs.find_any(session, slug)
    if problem := unclear(request.form):
        return _program_page(found, unassigned=problem)
    form = ProgramForm.sent(request.form)
    form.add("for")
    one = read_for(collapse(form.groups[-1].text()))
    if isinstance(one, model.Problem):
        return _program_page(found, unassigned=beside_form(one))
    wanted = program_texts.wanted_of(session, one)
    if wanted is None:
        problem = gettext("Nobody here has this name or number.")
        return _program_page(found, unassigned=problem)
    by, now = current_user.public_id, clock.now()
    try:
        assignments.assign(session, found, wanted, origin="page", by=by, now=now)
        session.commit()
    except Refused as error:
        stop_writing()
        return _program_page(found, unassigned=str(error.message))
    flash(gettext("Assigned."), "success")
    return redirect(url_for("program_editor.program", slug=slug, _anchor="assignments"), 303)


@bp.post("/<slug>/assignments/<int:assignment_id>/end")
@for_roles("trainer")
def end_assignment(slug: str, assignment_id: int) -> ResponseReturnValue:
    """End what was assigned by hand; what the text assigns ends with its line."""
    session = db.session()
    found = programs.find_any(session, slug)
    one = assignments.find(session, found, assignment_id)
    if one.ended_at or one.origin == "file":
        raise Missing
    assignments.end(session, one, by=current_user.public_id, now=clock.now())
    session.commit()
    flash(gettext("Ended."), "success")
    return redirect(url_for("program_editor.program", slug=slug, _anchor="assignments"), 303)


@bp.post("/<slug>/move")
@for_roles("trainer")
def move(slug: str) -> ResponseReturnValue:
    """Move people who are under way to the newest version."""
    session = db.session()
    found = programs.find_any(session, slug)
    moved = enrolments.under_way(session, found, request.form.getlist("enrolment"))
    by, now = current_user.public_id, clock.now()
    for one in moved:
        enrolments.move(session, one, by=by, now=now)
    session.commit()
    flash(gettext("Moved to the newest version: %(n)s.", n=len(moved)), "success")
    return redirect(url_for("program_editor.program", slug=slug, _anchor="under-way"), 303)
