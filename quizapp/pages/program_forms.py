"""The form of a program: its fields write the same text that a file has, and show one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from quizapp.content.messages import message
from quizapp.formats.model import Problem, Program, ProgramFor, ProgramStep
from quizapp.formats.program_fields import written_hours, written_validity
from quizapp.formats.programs import lay_out, written_for
from quizapp.formats.text import collapse, slug

MOST_ROWS = 500
LANGUAGES = {"pt-BR": "Português", "en": "English"}
# The field below which each error of the text is shown; any other stands at the top.
BESIDE = {
    "id-invalid": "id",
    "id-reserved": "id",
    "program-hours-invalid": "hours",
    "program-validity-invalid": "validity",
    "program-warnings-invalid": "warnings",
}

# The fields that say who must, until they are added or assigned.
WHOM = ("who", "person", "due")
# The rows that are filled in and then added, by their fields.
ROWS = {"read": ("read",), "quiz": ("quiz",), "for": WHOM}
_LINES = ("id", "title", "language", "hours", "validity", "warnings", "queues")


@dataclass
class GroupRow:
    """Who must, as a text says it (`equipe Suporte N1`), and until when, as typed."""

    who: str
    due: str = ""

    @classmethod
    def of(cls, one: ProgramFor) -> "GroupRow":
        """The row that shows this."""
        due = f"{one.due_days} dias" if one.due_days else ""
        if one.due_on:
            due = f"{date.fromisoformat(one.due_on):%d/%m/%Y}"
        return cls(written_for(ProgramFor(one.whose, one.name)), due)

    def text(self) -> str:
        """What stands behind `Para:`."""
        due = self.due.removeprefix("em ").removeprefix("in ")
        if not due:
            return self.who
        if due.isdigit():
            due = f"{due} dias"
        sign = "em" if due[:1].isdigit() and not set("/-") & set(due) else "até"
        return f"{self.who}, {sign} {due}"


@dataclass
class ProgramForm:
    """The fields as they are typed."""

    id: str = ""
    title: str = ""
    language: str = "pt-BR"
    hours: str = ""
    validity: str = "12 meses"
    warnings: str = "60, 30, 7"
    queues: str = ""
    in_order: bool = False
    intro: str = ""
    steps: list[ProgramStep] = field(default_factory=list)
    groups: list[GroupRow] = field(default_factory=list)
    filled: dict[str, str] = field(default_factory=dict)  # fields of ROWS, not added yet

    @classmethod
    def of(cls, program: Program) -> "ProgramForm":
        """The fields that show this program."""
        return cls(
            program.id,
            program.title,
            program.language,
            written_hours(program.minutes),
            written_validity(program.months, program.until),
            ", ".join(map(str, program.warn_days)),
            ", ".join(program.queues),
            program.in_order,
            program.intro,
            list(program.steps),
            [GroupRow.of(one) for one in program.wanted],
        )

    @classmethod
    def sent(cls, given: MultiDict[str, str]) -> "ProgramForm":
        """The fields that a page sent."""
        form = cls(in_order="in_order" in given, intro=given.get("intro", "").replace("\r\n", "\n"))
        for name in _LINES:
            setattr(form, name, collapse(given.get(name, "")))
        form.steps = [
            _step(given[f"step-{n}"], given.get(f"anchor-{n}", ""))
            for n in _numbers(given, "step-")
        ]
        form.groups = [
            GroupRow(collapse(given[f"who-{n}"]), collapse(given.get(f"due-{n}", "")))
            for n in _numbers(given, "who-")
        ]
        form.filled = {
            name: collapse(given.get(name, "")) for names in ROWS.values() for name in names
        }
        return form

    def text(self) -> str:
        """The program's text, with an id made of the title where none is typed."""
        facts = {
            "id": self.id or slug(self.title),
            "titulo": self.title,
            "idioma": self.language,
            "carga_horaria": self.hours,
            "validade": self.validity,
            "avisos": self.warnings,
            "filas": self.queues,
            "ordem": "sim" if self.in_order else "",
        }
        return lay_out(facts, self.intro, self.steps, (group.text() for group in self.groups))

    def is_filled(self, row: str) -> bool:
        """Whether something stands in the fields of one of ROWS."""
        return any(self.filled.get(name) for name in ROWS[row])

    def add(self, row: str) -> None:
        """Add what one of ROWS is filled with, and empty it; an empty one adds nothing."""
        if not self.is_filled(row):
            return
        first, *more = (self.filled.pop(name, "") for name in ROWS[row])
        if row == "for":
            number, due = more
            self.groups.append(GroupRow(f"pessoa {number}" if first == "pessoa" else first, due))
        else:
            self.steps.append(_step(f"{row}:{first}", ""))

    def rearrange(self, do: str) -> None:
        """Add, remove or move a row, as a button says: add-read, up-3, remove-2, drop-1."""
        verb, _, what = do.partition("-")
        place = int(what) if what.isascii() and what.isdigit() and len(what) < 5 else -1
        if verb == "add" and what in ROWS:
            self.add(what)
        elif verb == "remove" and 0 <= place < len(self.steps):
            del self.steps[place]
        elif verb == "up" and 0 < place < len(self.steps):
            self.steps[place - 1 : place + 1] = self.steps[place], self.steps[place - 1]
        elif verb == "drop" and 0 <= place < len(self.groups):
            del self.groups[place]


def unclear(given: Mapping[str, str]) -> str:
    """Why the fields of WHOM do not say who is meant; "" where they do."""
    who, number = given.get("who", "").strip(), given.get("person", "").strip()
    is_one = who == "pessoa"
    if number and not is_one:
        return str(gettext("A number is for one person: choose “One person”, or empty it."))
    if is_one and not number:
        return str(gettext("Type the person's number."))
    return "" if who else str(gettext("Choose who it is for."))


def beside_form(problem: Problem) -> str:
    """What is wrong with those fields; in a text it is said with how a text writes it."""
    if problem.code == "program-due-unread":
        return str(gettext("Write a day, 15/12/2026, or a number of days, 30 dias."))
    return str(message(problem))


def _step(value: str, anchor: str) -> ProgramStep:
    """A step as the page names it: read:SLUG or quiz:SLUG, and the section beside it."""
    kind, _, target = collapse(value).partition(":")
    if kind == "quiz":
        return ProgramStep("quiz", target)
    return ProgramStep("read", target, collapse(anchor))


def _numbers(given: Iterable[str], prefix: str) -> list[int]:
    found = {name.removeprefix(prefix) for name in given if name.startswith(prefix)}
    numbers = sorted(int(n) for n in found if n.isascii() and n.isdigit() and len(n) < 5)
    return numbers[:MOST_ROWS]
