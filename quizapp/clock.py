"""The one place that reads the server's clock; rules receive `now` as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The day it is in a zone."""
    return now().astimezone(ZoneInfo(zone)).date()
