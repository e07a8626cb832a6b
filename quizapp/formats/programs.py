"""A program's text: facts in the front matter, an introduction, what to do, and for whom.

Below the introduction stand the steps, `1. Ler: slug#anchor` and `2. Prova: slug`, and lines
such as `- Para: equipe Suporte N1, até 15/12/2026`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from quizapp.formats.blocks import closed
from quizapp.formats.front_matter import DEFAULT_LANGUAGE, FrontMatter, block, check_id
from quizapp.formats.marks import HEADING, Fences
from quizapp.formats.model import Problem, Program, ProgramFor, ProgramStep, Whose
from quizapp.formats.program_fields import (
    DEFAULT_WARNINGS,
    in_order,
    minutes,
    queues,
    validity,
    warn_days,
    written_hours,
    written_validity,
)
from quizapp.formats.render import render
from quizapp.formats.text import clean_heading, collapse, fold
from quizapp.formats.titles import heading_text, identity, title_or_name

MOST_STEPS = 500
MOST_FOR = 500
MOST_DAYS = 3650

_KINDS = {"ler": "read", "leitura": "read", "read": "read"} | dict.fromkeys(
    ("prova", "quiz", "exam"), "quiz"
)
_ENTRY = re.compile(r" {0,3}(?:\d{1,9}[.)]|[-*+])[ \t]+(?P<text>.*)")
_STEP = re.compile(
    r"[*_]{0,2}(?P<kind>[A-Za-z]{3,7})[*_]{0,2} ?:[*_]{0,2}[ \t]*(?P<target>.*)", re.IGNORECASE
)
_TARGET = re.compile(r"(?P<slug>[A-Za-z0-9][A-Za-z0-9._-]{0,79})(?:#(?P<anchor>[A-Za-z0-9_-]+))?")
_FOR = re.compile(
    r" {0,3}(?:[-*+][ \t]+)?[*_]{0,2}(?:para|for)[*_]{0,2} ?:[*_]{0,2}(?P<value>.*)",
    re.IGNORECASE,
)
# Of a text whose words are one space apart.
_DUE = re.compile(
    r"(?P<who>.*?), ?(?P<sign>até|ate|by|until|em|in|within) (?P<when>[^,]*)", re.IGNORECASE
)
# Headings that only name the lists below them: nothing is lost with them.
_NAMING = frozenset({"etapas", "passos", "steps", "para", "para quem", "for", "for whom"})
_DAYS = re.compile(r"(\d{1,5}) ?(?:dias?|days?)", re.IGNORECASE)
_BRAZILIAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_WHOSE: dict[str, Whose] = {
    "equipe": "team",
    "team": "team",
    "turma": "cohort",
    "cohort": "cohort",
    "papel": "role",
    "role": "role",
    "pessoa": "person",
    "person": "person",
}
_EVERYBODY = frozenset({"todos", "todas", "everybody", "everyone", "all"})
_ROLES = {
    "atendente": "agent",
    "supervisor": "manager",
    "supervisora": "manager",
    "instrutor": "trainer",
    "instrutora": "trainer",
    "administrador": "admin",
    "administradora": "admin",
    "agent": "agent",
    "manager": "manager",
    "trainer": "trainer",
    "admin": "admin",
}
_WHOSE_WRITTEN = {"team": "equipe", "cohort": "turma", "role": "papel", "person": "pessoa"}
ROLES_WRITTEN = {
    "agent": "atendente",
    "manager": "supervisor",
    "trainer": "instrutor",
    "admin": "administrador",
}


@dataclass
class _Found:
    """What the lines of a text hold, in their order."""

    intro: list[str] = field(default_factory=list)
    steps: list[ProgramStep] = field(default_factory=list)
    wanted: list[ProgramFor] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, line: int, column: int, code: str, **args: str | int) -> None:
        """Note an error."""
        self.problems.append(Problem(line, column, "error", code, args))


def read_program(name: str, matter: FrontMatter, source: str) -> Program:
    """The program of a text that says it is one."""
    found = _body(matter)
    if not found.steps:
        found.refuse(matter.body_line, 1, "program-empty")
    if len(found.steps) > MOST_STEPS or len(found.wanted) > MOST_FOR:
        found.refuse(matter.body_line, 1, "program-too-long", most=MOST_STEPS)
    title, intro, dropped = _take_title(matter, found.intro)
    title, said = title_or_name(title, name, matter)
    time, time_said = minutes(matter)
    months, until, validity_said = validity(matter)
    days, days_said = warn_days(matter)
    ordered, order_said = in_order(matter)
    problems = [*matter.problems, *check_id(matter), *said, *time_said, *validity_said]
    problems += [*days_said, *order_said, *found.problems, *dropped]
    return Program(
        id=identity(name, matter),
        title=title,
        format="program",
        language=matter.get("language") or DEFAULT_LANGUAGE,
        source=source,
        steps=tuple(found.steps[:MOST_STEPS]),
        wanted=tuple(found.wanted[:MOST_FOR]),
        intro=intro,
        intro_html=render(intro) if intro else "",
        minutes=time,
        months=months,
        until=until,
        warn_days=days,
        queues=queues(matter),
        in_order=ordered,
        problems=tuple(sorted(problems, key=lambda one: (one.line, one.column))),
    )


def _body(matter: FrontMatter) -> _Found:
    """The introduction runs up to the first step or `Para:`; from there every line counts."""
    found, fences, begun = _Found(), Fences(), False
    for number, line in enumerate(matter.body.split("\n"), start=matter.body_line):
        if not begun:
            begun = not fences.takes(line) and (_begins_step(line) or bool(_FOR.fullmatch(line)))
            if not begun:
                found.intro.append(line)
                continue
        _take(found, number, line)
    return found


def _begins_step(line: str) -> bool:
    entry = _ENTRY.fullmatch(line)
    step = _STEP.fullmatch(entry["text"]) if entry else None
    return step is not None and fold(step["kind"]) in _KINDS


def _take(found: _Found, number: int, line: str) -> None:
    """A line below the introduction."""
    if not line.strip():
        return
    if (words := _heading(line)) is not None:
        found.problems += _dropped(number, words)
    elif wanted := _FOR.fullmatch(line):
        if len(found.wanted) <= MOST_FOR:
            value = wanted["value"]
            column = wanted.start("value") + len(value) - len(value.lstrip()) + 1
            _take_for(found, number, column, collapse(value))
    elif entry := _ENTRY.fullmatch(line):
        if len(found.steps) <= MOST_STEPS:
            _take_step(found, number, entry.start("text") + 1, collapse(entry["text"]))
    else:
        found.problems.append(Problem(number, 1, "warning", "program-text-outside"))


def _take_step(found: _Found, number: int, column: int, text: str) -> None:
    step = _STEP.fullmatch(text)
    kind = _KINDS.get(fold(step["kind"])) if step else None
    target = _TARGET.fullmatch(step["target"].strip()) if step else None
    if kind is None or target is None or (kind == "quiz" and target["anchor"]):
        found.refuse(number, column, "program-step-unread", text=text)
        return
    made = ProgramStep("read", target["slug"], target["anchor"] or "", number)
    if kind == "quiz":
        made = ProgramStep("quiz", target["slug"], line=number)
    if any((s.kind, s.slug, s.anchor) == (made.kind, made.slug, made.anchor) for s in found.steps):
        found.refuse(number, column, "program-step-twice", step=text)
        return
    found.steps.append(made)


def _take_for(found: _Found, number: int, column: int, text: str) -> None:
    one = read_for(text, number, column)
    if isinstance(one, Problem):
        found.problems.append(one)
    elif any((w.whose, fold(w.name)) == (one.whose, fold(one.name)) for w in found.wanted):
        found.refuse(number, column, "program-for-twice", who=text)
    else:
        found.wanted.append(one)


def read_for(text: str, line: int = 0, column: int = 1) -> ProgramFor | Problem:
    """Who is meant, and until when, by what stands behind `Para:`; else what is wrong with it.

    The words of the text are one space apart.
    """
    due = _DUE.fullmatch(text)
    due_on, due_days = None, None
    if due:
        by_days = fold(due["sign"]) in ("em", "in", "within")
        due_on = None if by_days else _day(due["when"])
        due_days = _days(due["when"]) if by_days else None
        if due_on is None and due_days is None:
            column += due.start("sign")
            return Problem(line, column, "error", "program-due-unread", {"text": text})
    who = due["who"] if due else text
    word, _, name = who.partition(" ")
    whose = _WHOSE.get(fold(word))
    if fold(who) in _EVERYBODY:
        return ProgramFor("everybody", "", due_on, due_days, line)
    if whose is None or not name:
        return Problem(line, column, "error", "program-for-unread", {"text": text})
    if whose == "role":
        role = _role(name)
        if role is None:
            return Problem(line, column, "error", "program-role-unknown", {"role": name})
        name = role
    return ProgramFor(whose, name, due_on, due_days, line)


def _role(name: str) -> str | None:
    word = fold(name)
    return next((_ROLES[w] for w in (word, word[:-1], word[:-2]) if w in _ROLES), None)


def _day(text: str) -> str | None:
    """A date given as dd/mm/yyyy or ISO, in ISO form."""
    text = text.strip()
    brazilian = _BRAZILIAN.fullmatch(text)
    try:
        if brazilian:
            day, month, year = map(int, brazilian.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _days(text: str) -> int | None:
    found = _DAYS.fullmatch(text.strip())
    return int(found[1]) if found and 0 < int(found[1]) <= MOST_DAYS else None


def _take_title(matter: FrontMatter, lines: list[str]) -> tuple[str, str, list[Problem]]:
    """The title that a first heading gives, the introduction without it, and what is dropped.

    Headings at its end stand above the lists, and are no part of it either.
    """
    title, first, end = clean_heading(matter.get("title")), 0, len(lines)
    dropped: list[Problem] = []
    while first < end:
        words = _heading(lines[first])
        if lines[first].strip() and not (words and title in ("", words)):
            break
        title = title or words or ""
        first += 1
    while end > first and (not lines[end - 1].strip() or _heading(lines[end - 1]) is not None):
        end -= 1
        if lines[end].strip():
            dropped += _dropped(matter.body_line + end, _heading(lines[end]) or "")
    return title, "\n".join(lines[first:end]), dropped


def _dropped(line: int, words: str) -> list[Problem]:
    """What is to be said of a heading above or between the lists, which have their own."""
    if fold(words) in _NAMING:
        return []
    return [Problem(line, 1, "info", "program-heading-dropped")]


def _heading(line: str) -> str | None:
    """The words of a line that is a heading; None for any other."""
    text = line.lstrip(" ")
    found = HEADING.match(text) if len(line) - len(text) < 4 else None
    return heading_text(text[found.end() :].strip().rstrip("#")) if found else None


def write_program(program: Program) -> str:
    """The text that reads back as this program."""
    warnings = program.warn_days if program.warn_days != DEFAULT_WARNINGS else ()
    return lay_out(
        {
            "id": program.id,
            "titulo": program.title,
            "idioma": program.language,
            "carga_horaria": written_hours(program.minutes),
            "validade": written_validity(program.months, program.until),
            "avisos": ", ".join(map(str, warnings)),
            "filas": ", ".join(program.queues),
            "ordem": "sim" if program.in_order else "",
        },
        program.intro,
        program.steps,
        [written_for(one) for one in program.wanted],
    )


def lay_out(
    facts: Mapping[str, str], intro: str, steps: Iterable[ProgramStep], wanted: Iterable[str]
) -> str:
    """The text of a program of these facts; `wanted` is what stands behind each `Para:`."""
    todo = "\n".join(f"{n}. {written_step(step)}" for n, step in enumerate(steps, start=1))
    whom = "\n".join(f"- Para: {one}" for one in wanted)
    parts = [block(formato="trilha/1", **facts), closed(intro.strip("\n")), todo, whom]
    return "\n\n".join(part for part in parts if part) + "\n"


def written_step(step: ProgramStep) -> str:
    """A step as a text says it."""
    word = "Ler" if step.kind == "read" else "Prova"
    return f"{word}: {step.slug}" + (f"#{step.anchor}" if step.anchor else "")


def written_for(one: ProgramFor) -> str:
    """Who it is for, and until when, as a text says it behind `Para:`."""
    name = ROLES_WRITTEN[one.name] if one.whose == "role" else one.name
    who = "todos" if one.whose == "everybody" else f"{_WHOSE_WRITTEN[one.whose]} {name}"
    if one.due_on:
        return f"{who}, até {date.fromisoformat(one.due_on):%d/%m/%Y}"
    return f"{who}, em {one.due_days} dias" if one.due_days else who
