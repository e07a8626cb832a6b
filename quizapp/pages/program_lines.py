"""What a program asks, in words: its steps with their titles, its facts, who must hold it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from quizapp.certification import assignments, cohorts, programs
from quizapp.certification.models import Assignment
from quizapp.certification.rules import ProgramRules, Step
from quizapp.content import procedures
from quizapp.formats.model import ProgramStep
from quizapp.formats.programs import ROLES_WRITTEN
from quizapp.pages.language import day, duration
from quizapp.pages.wording import ROLE_NAMES
from quizapp.people import teams
from quizapp.quiz import composing, quizzes

STATES = {"draft": _l("Draft"), "published": _l("Program published"), "retired": _l("Off the list")}
ORIGINS = {
    "file": _l("from a file"),
    "upload": _l("uploaded"),
    "page": _l("edited on a page"),
    "settled": _l("a conflict was settled"),
}
KINDS = {"read": _l("Reading"), "quiz": _l("Exam")}
REMARKS = {
    "read": _l("not there"),
    "quiz": _l("not there"),
    "unpublished": _l("not published"),
    "practice": _l("practice"),
}


@dataclass(frozen=True)
class StepLine:
    """A step with its titles; `parts` are the sections to choose from, with the whole first."""

    kind: str
    value: str
    title: str
    section: str
    target: str
    anchor: str
    remark: str
    parts: list[tuple[str, str]] = field(default_factory=list)


def step_lines(
    session: Session, steps: Sequence[Step | ProgramStep], today: date
) -> list[StepLine]:
    """These steps with titles, and what is wrong with them."""
    listed = {one.slug: one for one in procedures.listed(session, today)}
    titles = {quiz.slug: quiz.title for quiz in composing.every(session)}
    wanting = programs.wanting(session, steps, today)
    wanted = {s.slug for s in steps if s.kind == "read" and s.slug in listed}
    headings_of = procedures.headings(session, {listed[slug].revision_id for slug in wanted})
    sections = {
        slug: [
            (anchor, heading or gettext("Beginning"))
            for anchor, heading in headings_of.get(listed[slug].revision_id, ())
        ]
        for slug in wanted
    }
    lines = []
    for place, step in enumerate(steps):
        headings = dict(sections.get(step.slug, [])) if step.kind == "read" else {}
        title = titles.get(step.slug, step.slug)
        if step.kind == "read":
            title = listed[step.slug].title if step.slug in listed else step.slug
        parts = []
        if step.kind == "read":
            parts = [("", gettext("the whole procedure")), *sections.get(step.slug, [])]
            if step.anchor and step.anchor not in headings:
                parts.append((step.anchor, f"#{step.anchor}"))  # it was chosen once
        lines.append(
            StepLine(
                str(KINDS[step.kind]),
                f"{step.kind}:{step.slug}",
                title,
                headings.get(step.anchor, "") if step.anchor else "",
                f"{step.slug}#{step.anchor}" if step.anchor else step.slug,
                step.anchor,
                str(REMARKS[wanting[place].problem]) if place in wanting else "",
                parts,
            )
        )
    return lines


def procedure_choices(session: Session, today: date) -> list[tuple[str, str]]:
    """All procedures in force, by title."""
    return [(one.slug, one.title) for one in procedures.listed(session, today)]


def quiz_choices(session: Session) -> list[tuple[str, str]]:
    """All exams, by title; those that are not on the list say so."""
    listed = {quiz.slug for quiz in quizzes.published(session)}
    return [
        (
            quiz.slug,
            quiz.title
            if quiz.slug in listed
            else gettext("%(title)s (not published)", title=quiz.title),
        )
        for quiz in composing.every(session)
        if quiz.use == "exam"
    ]


def facts(rules: ProgramRules, language: str) -> dict[str, str]:
    """What a program says of itself besides its steps."""
    validity = gettext("without an end")
    if rules.validity and rules.validity.until:
        until = "{:02d}/{:02d}".format(*rules.validity.until)
        validity = gettext("up to %(day)s of a year", day=until)
    elif rules.validity and rules.validity.months:
        validity = ngettext("%(num)s month", "%(num)s months", rules.validity.months)
    found = {
        gettext("Hours"): duration(timedelta(minutes=rules.minutes)) if rules.minutes else "",
        gettext("Validity"): validity,
        gettext("Warnings"): ", ".join(
            ngettext("%(num)s day before", "%(num)s days before", days) for days in rules.warn_days
        )
        if rules.validity
        else "",
        gettext("Queues"): ", ".join(rules.queues),
        gettext("Order"): gettext("one step after the other")
        if rules.in_order
        else gettext("in any order"),
        gettext("Language of the certificate"): language,
    }
    return {label: text for label, text in found.items() if text}


def whom_choices(session: Session) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom a program may be for, in groups of (as its text says it, in words)."""
    return [
        (gettext("Teams"), [(f"equipe {t.name}", t.name) for t in teams.every_team(session)]),
        (
            gettext("Cohorts"),
            [(f"turma {name}", name) for name in cohorts.open_names(session)],
        ),
        (
            gettext("Roles"),
            [(f"papel {ROLES_WRITTEN[role]}", str(name)) for role, name in ROLE_NAMES.items()],
        ),
        (
            gettext("Others"),
            [("todos", gettext("Everybody")), ("pessoa", gettext("One person, by number"))],
        ),
    ]


@dataclass(frozen=True)
class Assigned:
    """An assignment in words, `is_fixed` with a day; those of the program's text end with it."""

    id: int
    who: str
    due: str
    is_fixed: bool
    is_of_text: bool
    at: object


def assigned(session: Session, rows: Sequence[Assignment]) -> list[Assigned]:
    """Who must hold a program, in words; a person by company number."""
    names = assignments.target_names(session, rows)
    return [
        Assigned(
            one.id, _who(one, names), due_text(one), bool(one.due_on), one.origin == "file", one.at
        )
        for one in rows
    ]


WHOSE = {
    "everybody": _l("Everybody"),
    "role": _l("role %(name)s"),
    "team": _l("team %(name)s"),
    "cohort": _l("cohort %(name)s"),
    "person": _l("person %(name)s"),
}


def _who(one: Assignment, names: Mapping[str, str]) -> str:
    name = str(ROLE_NAMES[one.target]) if one.whose == "role" else names.get(one.target, "–")
    return str(WHOSE[one.whose]) % {"name": name}


def due_text(one: Assignment) -> str:
    """Until when, in words."""
    if one.due_on:
        return str(gettext("until %(day)s", day=day(one.due_on)))
    if one.due_days:
        return str(ngettext("within %(num)s day", "within %(num)s days", one.due_days))
    return ""
