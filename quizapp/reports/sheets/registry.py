"""The reports that there are as files: who may ask for each, and what makes its tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.people.models import ROLES
from quizapp.reports.readers import Reader
from quizapp.reports.sheets import (
    coverage,
    heatmap,
    panels,
    person,
    program_people,
    quality,
    teams,
    today,
)
from quizapp.reports.sheets.model import Sheet

Args = Mapping[str, str]
# What reports are asked by. Nothing else of an address is kept, nor stands in the evidence.
ARGUMENTS = (
    "team",
    "person",
    "program",
    "quiz",
    "panel",
    "by",
    "procedure",
    "period",
    "sort",
    "exposures",
)
LONGEST_ARGUMENT = 200


def arguments(given: Args) -> dict[str, str]:
    """What of this a report is asked by."""
    return {name: value for name in ARGUMENTS if (value := given.get(name, "")[:LONGEST_ARGUMENT])}


Build = Callable[[Session, Reader, Args, datetime], list[Sheet]]
IsLong = Callable[[Session, Reader, Args, datetime], bool]


@dataclass(frozen=True)
class Kind:
    """A report: its roles, and the function that makes its tables from a page's own query.

    `build` reads no more than its reader may see, and raises Missing for anything else. `is_long`
    says, without making them, whether a page should not wait for it; long tables are found out
    anyway.
    """

    roles: frozenset[str]
    build: Build
    is_long: IsLong | None = None


_MANAGERS = frozenset({"manager"})
_TRAINERS = frozenset({"trainer"})
_EVERYBODY = frozenset(ROLES)

KINDS: dict[str, Kind] = {
    "team": Kind(_MANAGERS, teams.progress),
    "programs": Kind(_MANAGERS, teams.by_program),
    "program-people": Kind(_TRAINERS, program_people.of_program),
    "heatmap": Kind(_MANAGERS, heatmap.of_team),
    "coverage": Kind(_TRAINERS, coverage.of_all),
    "ready": Kind(_MANAGERS, today.ready),
    "attention": Kind(_MANAGERS, today.to_see_to),
    "analysis": Kind(_TRAINERS | _MANAGERS, quality.of_all),
    "items": Kind(_TRAINERS, quality.of_quiz),
    "panel": Kind(_TRAINERS | _MANAGERS, panels.of_panel),
    "person": Kind(_EVERYBODY, person.of_person),
}
