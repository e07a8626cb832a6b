"""The day on which somebody does their next step, as they and who leads them agreed.

It moves no due day. The person is told, and that notice is what there is of it: it outlives the
day, since notices are kept for longer than it can lie ahead.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from quizapp.certification.facts import chunks
from quizapp.certification.progress import Path, StepState
from quizapp.errors import Invalid, Refused
from quizapp.evidence import chain
from quizapp.notices import outbox
from quizapp.notices.models import Notice
from quizapp.people import calendars
from quizapp.people.models import User

KIND = "agreed"
MOST_DAYS = 30


@dataclass(frozen=True)
class Agreement:
    """The last day that was agreed on with a person in a program, and for which step."""

    on: date
    step: str

    def is_for(self, path: Path, today: date) -> bool:
        """Whether it is about what is next there, on a day that is not over."""
        return path.next is not None and _name(path.next) == self.step and self.on >= today


def agree(
    session: Session, path: Path, user: User, on: date | None, *, by: User, now: datetime
) -> None:
    """Agree with a person on the day of the next step of their path, and tell them.

    Raises Invalid without a day, or for one that is over or far ahead; Refused where nothing is
    next.
    """
    if path.next is None:
        raise Refused(gettext("Nothing is to be done here at present."))
    today = calendars.day_of(user.zone, now)
    if on is None or not today <= on <= today + timedelta(days=MOST_DAYS):
        raise Invalid(gettext("Give a day from today on, 30 days ahead at the most."))
    slug = path.revision.program.slug
    said = {"on": on.isoformat(), "next": _name(path.next)}
    words = {"program": path.revision.title, "step": path.next.title, "by": by.name}
    outbox.tell(session, user.public_id, KIND, {**words, **said}, about=_about(slug), now=now)
    data = {"person": user.public_id, "program": slug, **said}
    about = path.enrolment.public_id
    chain.append(session, "program.day-agreed", by=by.public_id, about=about, at=now, data=data)


def of_people(session: Session, people: Collection[str]) -> dict[tuple[str, str], Agreement]:
    """The last agreement with each of these people (by public id) in each program (its slug)."""
    found: dict[tuple[str, str], Agreement] = {}
    for some in chunks(sorted(set(people))):
        for person, about, args in session.execute(_AGREED, {"people": some}):
            slug = about.removeprefix(_about(""))
            found[person, slug] = Agreement(date.fromisoformat(args["on"]), args["next"])
    return found


def _about(slug: str) -> str:
    return f"/programs/{slug}"


def _name(step: StepState) -> str:
    one = step.step
    return f"{one.kind}:{one.slug}#{one.anchor}" if one.anchor else f"{one.kind}:{one.slug}"


_AGREED = (
    select(Notice.person, Notice.about, Notice.args)
    .where(Notice.person.in_(bindparam("people", expanding=True)), Notice.kind == KIND)
    .order_by(Notice.id)
)
