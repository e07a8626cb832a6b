"""Days as browsers send them."""

from datetime import date

from flask_babel import gettext

from quizapp.errors import Invalid


def day_in(text: str) -> date | None:
    """The day that a date field holds, None for an empty one. Raises Invalid for what is none."""
    text = text.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(gettext("%(text)s is no day.", text=text[:20])) from error
