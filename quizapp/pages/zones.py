"""The time zones that a person can choose from."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel.core import Locale, get_global
from babel.dates import get_timezone_location
from flask import current_app
from flask_babel import gettext

from quizapp.formats.text import alphabetical


def own() -> str:
    """The installation's zone."""
    return str(current_app.config["TIME_ZONE"])


@lru_cache
def offered(spoken: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(Heading, its zones as (name, words)): Brazil's first, then all others, by city."""
    by_country = get_global("territory_zones")
    there = available_timezones()
    brazil = [name for name in by_country["BR"] if name in there]
    locale = Locale.parse(spoken, sep="-")

    def city(name: str) -> str:
        return get_timezone_location(name, locale=locale, return_city=True)

    elsewhere = {
        name: f"{city(name)} ({locale.territories[country]})"
        for country, names in by_country.items()
        # Of no country are hours from Greenwich: nobody lives by them, and their signs mislead.
        if country in locale.territories and country not in ("BR", "ZZ", "001")
        for name in names
        if name in there and not name.startswith("Etc/")
    }
    return [
        (gettext("Brazil"), _by_words({name: city(name) for name in brazil})),
        (gettext("Elsewhere"), _by_words(elsewhere)),
    ]


def _by_words(named: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(named.items(), key=lambda place: alphabetical(place[1]))
