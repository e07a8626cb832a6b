"""How things stand, in words: pages and files say the same."""

from flask_babel import lazy_gettext as _l

USE_NAMES = {"exam": _l("Exam"), "practice": _l("Practice")}
# An attempt, a quiz, an item's answer.
STATE_NAMES = {
    "passed": _l("Passed"),
    "failed": _l("Not passed"),
    "open": _l("In progress"),
    "new": _l("Not started"),
    "right": _l("Right"),
    "partly": _l("Partly right"),
    "wrong": _l("Wrong"),
    "blank": _l("Not answered"),
    "unreached": _l("Not reached"),
    "submitted": _l("Submitted"),
    "voided": _l("Voided question"),
    "granted": _l("Points to everyone"),
}
# How a certification stands today (certification.status).
STATUS_NAMES = {
    "valid": _l("Valid"),
    "provisional": _l("Provisional"),
    "expiring": _l("Expires soon"),
    "expired": _l("Expired"),
    "revoked": _l("Revoked"),
}
# How a person stands in a program (reports.programs).
STANDING_NAMES = STATUS_NAMES | {
    "valid": _l("Ready"),
    "under-way": _l("Under way"),
    "overdue": _l("Overdue"),
}
# How a person stands for a queue (reports.readiness).
READY_NAMES = {
    "ready": _l("Ready"),
    "away": _l("Away"),
    "overdue": _l("Overdue"),
    "revoked": _l("Revoked"),
    "expired": _l("Expired"),
    "under-way": _l("Under way"),
    "not-begun": _l("Not begun"),
}
# Why somebody should be seen to (reports.attention).
REASON_NAMES = {
    "overdue": _l("Overdue"),
    "lapsed": _l("Lapsed"),
    "failing": _l("Not passed"),
    "expiring": _l("Expires soon"),
    "not-begun": _l("Not begun"),
}
# The same beside how many people there are: of one and of several.
COUNTED_NAMES = {
    "overdue": _l("With something overdue"),
    "lapsed": _l("With a lapsed certification"),
    "failing": _l("With an exam not passed"),
    "expiring": _l("With something about to expire"),
    "not-begun": _l("With something not begun"),
}
# How somebody does in a competency or a section, beside the cut score (reports.heatmap).
SKILL_NAMES = {
    "strength": _l("Reaches the cut score"),
    "gap": _l("Below the cut score"),
    "few": _l("Few answers yet"),
}
