"""Programs and certifications in words."""

from flask import Flask
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from quizapp.certification.rules import Validity
from quizapp.reports.words import (
    COUNTED_NAMES,
    REASON_NAMES,
    SKILL_NAMES,
    STANDING_NAMES,
    STATUS_NAMES,
)
from quizapp.typesetting import is_printable

STEP_NAMES = {
    "done": _l("Done"),
    "open": _l("To do"),
    "locked": _l("Locked"),
    "gone": _l("No longer there"),
    "waived": _l("Waived"),
}
ATTENDANCE_NAMES = {"present": _l("Present"), "absent": _l("Absent"), "excused": _l("Excused")}
# Why a step is not done (certification.progress).
WHY_NAMES = {
    "earlier": _l("The steps before it come first."),
    "changed": _l("Its text has changed since you read it: read what it says now."),
    "anew": _l("Done before; the renewal asks for it again."),
    "no-text": _l("The procedure is not in force at present. The trainers have to see to it."),
    "no-section": _l("The procedure has no such section any more. The trainers have to see to it."),
    "no-quiz": _l("The quiz is not on the list at present. The trainers have to see to it."),
    "not-yours": _l("It is for other teams. The trainers have to see to it."),
}
# The same, short, for the trainer whom it waits for.
WAITING_WHYS = {
    "no-text": _l("the procedure is not in force"),
    "no-section": _l("the procedure has no such section any more"),
    "no-quiz": _l("the quiz is not on the list"),
    "not-yours": _l("it is for other teams"),
}
ACT_NAMES = {
    "recorded": _l("Recorded"),
    "revoked": _l("Revoked"),
    "reinstated": _l("Reinstated"),
}


def init_app(app: Flask) -> None:
    """Give templates the names."""
    app.jinja_env.globals.update(
        step_names=STEP_NAMES,
        status_names=STATUS_NAMES,
        act_names=ACT_NAMES,
        attendance_names=ATTENDANCE_NAMES,
        step_whys=WHY_NAMES,
        waiting_whys=WAITING_WHYS,
        standing_names=STANDING_NAMES,
        reason_names=REASON_NAMES,
        counted_names=COUNTED_NAMES,
        skill_names=SKILL_NAMES,
        is_printable=is_printable,
    )


def hours(minutes: int) -> str:
    """How long a program takes: 1 h 30 min, 4 h, 45 min."""
    whole, rest = divmod(minutes, 60)
    return " ".join([*([f"{whole} h"] if whole else []), *([f"{rest} min"] if rest else [])])


def validity(rule: Validity | None) -> str:
    """For how long a certification is valid."""
    if rule is None:
        return str(gettext("Does not expire"))
    if rule.until:
        number, month = rule.until
        return str(gettext("Until %(day)s of each year", day=f"{number:02}/{month:02}"))
    return str(ngettext("%(num)s month", "%(num)s months", rule.months or 0))
