"""The reader's language and zone, and how dates and numbers look in them."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel, get_locale
from flask_login import current_user

from quizapp import clock
from quizapp.people import calendars

LOCALES = {"pt_BR": "Português", "en": "English"}


def init_app(app: Flask) -> None:
    """Choose a language for each request and give templates its formats."""
    Babel(app, locale_selector=choose)
    app.jinja_env.filters.update(
        moment=moment,
        day=day,
        percent=percent,
        cut_percent=cut_percent,
        points=points,
        duration=duration,
        until=until,
    )
    app.jinja_env.globals.update(locales=LOCALES, language=language)


def choose() -> str:
    """The person's language, else this browser's choice, else what the browser asks for."""
    if not has_request_context():
        return str(current_app.config["LOCALE"])
    chosen = getattr(current_user, "locale", None) or session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    # "pt" and "pt-PT" are better served in Portuguese than in English.
    for wanted in request.accept_languages.values():
        code = wanted.partition("-")[0].lower()
        if code in ("pt", "en"):
            return "pt_BR" if code == "pt" else "en"
    return str(current_app.config["LOCALE"])


def language() -> str:
    """The language as HTML names it; found out once a request."""
    found: str | None = g.get("language")
    if found is None:
        found = g.language = "en" if str(get_locale()) == "en" else "pt-BR"
    return found


def zone() -> ZoneInfo:
    """The zone in which times are shown: the person's, else the installation's."""
    chosen = getattr(current_user, "zone", None) if has_request_context() else None
    return calendars.zone_of(chosen)


def today() -> date:
    """The day it is in the installation's zone."""
    return clock.today(current_app.config["TIME_ZONE"])


def day(value: date | datetime | None) -> str:
    """A day: 21/11/2026, in English 21 Nov 2026."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(zone()).date()
    return _day(value, language())


@lru_cache(maxsize=4096)
def _day(value: date, spoken: str) -> str:
    return f"{value:%d %b %Y}" if spoken == "en" else f"{value:%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """A day and the time of day in the reader's zone."""
    return "" if value is None else f"{day(value)} {value.astimezone(zone()):%H:%M}"


def duration(value: timedelta) -> str:
    """How long: 1 h 05 min, 12 min, 40 s."""
    seconds = int(value.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def until(value: datetime) -> str:
    """An end that is near: the time of day alone, where it is today."""
    here = zone()
    is_today = value.astimezone(here).date() == clock.now().astimezone(here).date()
    return f"{value.astimezone(here):%H:%M}" if is_today else moment(value)


def points(value: float) -> str:
    """A number with at most one decimal, cut and never rounded up: 79.96 is no 80."""
    return _points(value, language())


@lru_cache(maxsize=4096)
def _points(value: float, spoken: str) -> str:
    whole, tenth = divmod(int(value * 10 + 1e-6), 10)
    if not tenth:
        return str(whole)
    return f"{whole}.{tenth}" if spoken == "en" else f"{whole},{tenth}"


def percent(value: float | None) -> str:
    """A percentage such as 87,5%."""
    return "" if value is None else f"{points(value)}%"


def cut_percent(value: float) -> str:
    """A cut score; one that goes on behind its decimal says so: two of three are 66,6…%."""
    tenths = value * 10
    return percent(value) if abs(tenths - round(tenths)) < 1e-6 else f"{points(value)}…%"
