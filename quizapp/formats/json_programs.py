"""A program as JSON: its facts laid out as a text, and read from there as from any other."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Literal, cast

from quizapp.formats.front_matter import DEFAULT_LANGUAGE, split
from quizapp.formats.json_fields import Fields
from quizapp.formats.json_items import id_of
from quizapp.formats.model import (
    Image,
    Problem,
    Program,
    ProgramFor,
    ProgramStep,
    Unreadable,
    Whose,
)
from quizapp.formats.program_fields import DEFAULT_WARNINGS
from quizapp.formats.programs import ROLES_WRITTEN, read_program, write_program
from quizapp.formats.text import collapse, title_from_name
from quizapp.formats.titles import identity_from_name

OF_PROGRAM = {
    "for",
    "intro",
    "minutes",
    "months",
    "until",
    "warn_days",
    "queues",
    "in_order",
    "steps",
}
_KINDS: tuple[Literal["read", "quiz"], ...] = ("read", "quiz")
_WHOSE: tuple[Whose, ...] = ("everybody", "role", "team", "cohort", "person")
_LONG = 10**6


def program_of(name: str, document: Fields, images: Iterable[Image]) -> Program | Unreadable | None:
    """The program of these fields; None where they are noted as wrong."""
    minutes, months = document.number("minutes", 1, _LONG), document.number("months", 1, _LONG)
    warn = document.wholes("warn_days", _LONG) if "warn_days" in document.values else None
    given = Program(
        id=id_of(document) or identity_from_name(name),
        title=collapse(document.text("title")) or title_from_name(name),
        format="json",
        language=document.text("language") or DEFAULT_LANGUAGE,
        source="",
        steps=tuple(_step(fields) for fields in document.objects("steps")),
        wanted=tuple(_wanted(fields) for fields in document.objects("for")),
        intro=document.text("intro"),
        minutes=int(minutes) if minutes else None,
        months=int(months) if months else None,
        until=_until(document),
        warn_days=DEFAULT_WARNINGS if warn is None else tuple(sorted(warn, reverse=True)),
        queues=document.texts("queues"),
        in_order=document.flag("in_order"),
    )
    if any(note.code != "json-unknown" for note in document.notes):
        return None
    source = write_program(given)
    matter = split(source)
    if isinstance(matter, Problem):
        return Unreadable((replace(matter, line=1, column=1),))
    found = read_program(name, matter, source)
    # A name with a line's end, say, would be read as something else.
    for field, same in (
        ("steps", _bare(found.steps) == _bare(given.steps)),
        ("for", _bare(found.wanted) == _bare(given.wanted)),
    ):
        if not same and not any(one.severity == "error" for one in found.problems):
            document.note(field, "object[]")
    # Its lines are those of the text, which nobody has seen.
    said = tuple(replace(problem, line=1, column=1) for problem in found.problems)
    return replace(found, format="json", images=tuple(images), problems=said)


def _bare(found: Iterable[ProgramStep] | Iterable[ProgramFor]) -> list[ProgramStep | ProgramFor]:
    return [replace(one, line=0) for one in found]


def _step(fields: Fields) -> ProgramStep:
    fields.only({"kind", "slug", "anchor", "line"})
    fields.require("kind", "slug")
    kind = fields.word("kind", _KINDS, "read")
    return ProgramStep(kind, fields.text("slug"), fields.text("anchor"))


def _wanted(fields: Fields) -> ProgramFor:
    fields.only({"whose", "name", "due_on", "due_days", "line"})
    fields.require("whose")
    whose = fields.word("whose", _WHOSE, "everybody")
    name = fields.text("name")
    if whose == "role" and name not in ROLES_WRITTEN:
        fields.note("name", " | ".join(f'"{role}"' for role in ROLES_WRITTEN))
        name = next(iter(ROLES_WRITTEN))
    due_on = fields.text("due_on") if fields.values.get("due_on") is not None else None
    days = fields.number("due_days", 1, _LONG)
    try:
        due_on = date.fromisoformat(due_on).isoformat() if due_on else None
    except ValueError:
        fields.note("due_on", '"2026-12-31" | null')
        due_on = None
    return ProgramFor(whose, name, due_on, int(days) if days else None)


def _until(document: Fields) -> tuple[int, int] | None:
    value = document.values.get("until")
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value):
        return cast(tuple[int, int], tuple(value))
    document.note("until", "[day, month] | null")
    return None
