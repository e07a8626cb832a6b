"""The time zones that a person can choose from."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location
from flask import current_app
from flask_babel import gettext

from quizapp.formats.text import alphabetical


def own() -> str:
    """The installation's zone."""
    return str(current_app.config["TIME_ZONE"])


@lru_cache
def offered(spoken: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(Heading, its zones as (name, words)): Brazil's first, by city, then all others."""
    by_country = get_global("territory_zones")
    there = available_timezones()
    brazil = [name for name in by_country["BR"] if name in there]
    others = {name for names in by_country.values() for name in names if name in there}
    locale = spoken.replace("-", "_")
    cities = [
        (name, get_timezone_location(name, locale=locale, return_city=True)) for name in brazil
    ]
    rest = [(name, name.replace("_", " ")) for name in sorted(others - set(brazil))]
    return [
        (gettext("Brazil"), sorted(cities, key=lambda place: alphabetical(place[1]))),
        (gettext("Elsewhere"), rest),
    ]
