"""Days on which nothing falls due: those that were put down, and Brazil's own to choose from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.people.models import Holiday

YEARS = range(2000, 2101)
LONGEST_NAME = 100

# Names are those of the law, in its language.
# Lei 662/1949 and 10.607/2002, 6.802/1980 (12 October), 14.759/2023 (20 November).
_FIXED = (
    (1, 1, "Confraternização Universal"),
    (4, 21, "Tiradentes"),
    (5, 1, "Dia do Trabalho"),
    (9, 7, "Independência do Brasil"),
    (10, 12, "Nossa Senhora Aparecida"),
    (11, 2, "Finados"),
    (11, 15, "Proclamação da República"),
    (11, 20, "Dia Nacional de Zumbi e da Consciência Negra"),
    (12, 25, "Natal"),
)
_SINCE = {(11, 20): 2024}
# Days after Easter Sunday. Good Friday is a holiday nearly everywhere (Lei 9.093/1995); the others
# are optional, by custom or by a law of the place.
_MOVABLE = (
    (-48, "Carnaval (segunda-feira)", True),
    (-47, "Carnaval (terça-feira)", True),
    (-2, "Sexta-feira da Paixão", False),
    (60, "Corpus Christi", True),
)


@dataclass(frozen=True)
class Offered:
    """A holiday of Brazil; an optional one (ponto facultativo) is not kept everywhere."""

    on: date
    name: str
    optional: bool = False


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year.

    The anonymous algorithm of 1876, as in Jean Meeus, Astronomical Algorithms, 2nd ed. (1998),
    chapter 8; good for every year since 1583.
    """
    a = year % 19
    b, c = divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def national(year: int) -> list[Offered]:
    """Brazil's national holidays of a year, with those that are optional, by day."""
    fixed = [
        Offered(date(year, month, day), name)
        for month, day, name in _FIXED
        if year >= _SINCE.get((month, day), year)
    ]
    sunday = easter(year)
    movable = [
        Offered(sunday + timedelta(days=days), name, optional) for days, name, optional in _MOVABLE
    ]
    return sorted(fixed + movable, key=lambda holiday: holiday.on)


def listed(session: Session, year: int) -> list[Holiday]:
    """The holidays of a year, by day."""
    rows = session.execute(
        select(Holiday)
        .where(Holiday.on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Holiday.on)
    )
    return list(rows.scalars())


def add(session: Session, on: date, name: str, *, by: str, now: datetime) -> Holiday:
    """Put down a holiday. Raises Invalid without a name and for a day that has one already."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(gettext("Give the holiday's name."))
    if on.year not in YEARS:
        raise Invalid(gettext("Look at the year of this day."))
    if session.get(Holiday, on):
        raise Invalid(gettext("This day is a holiday already."))
    holiday = Holiday(on=on, name=name)
    session.add(holiday)
    session.flush()
    about, data = on.isoformat(), {"name": name}
    chain.append(session, "holiday.added", by=by, about=about, at=now, data=data)
    return holiday


def remove(session: Session, on: date, *, by: str, now: datetime) -> None:
    """Take a holiday off. Raises Missing where there is none."""
    holiday = session.get(Holiday, on)
    if holiday is None:
        raise Missing
    about, data = on.isoformat(), {"name": holiday.name}
    session.delete(holiday)
    session.flush()
    chain.append(session, "holiday.removed", by=by, about=about, at=now, data=data)
