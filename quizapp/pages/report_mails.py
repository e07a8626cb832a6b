"""Reports that come by e-mail, in words.

A message lies about, is forwarded, and is read on devices that nobody signed out of: it has counts
and a link, no names and no file. Who is meant is shown to whoever signs in and still leads them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.errors import Missing
from quizapp.pages.language import day
from quizapp.people import teams
from quizapp.reports import attention, readers, readiness, trends, views
from quizapp.reports.readers import Reader
from quizapp.reports.trends import Week
from quizapp.reports.words import COUNTED_NAMES

_A_MONTH = 4  # weeks


def words(session: Session, person: str, args: Mapping[str, Any], site: str) -> str:
    """A view of a person (their public id) as it is now; nothing of what they may not see."""
    now, name = clock.now(), str(args["name"])
    try:
        reader = readers.find(session, teams.find_user(session, person).id)
        view = views.own(session, reader, args["view"])
    except Missing:
        return str(gettext("The view “%(name)s” was deleted.", name=name))
    address = f"{site}/views/{view.public_id}"
    change = gettext("Another day, or stop it: %(address)s", address=f"{address}/change")
    if not views.is_open(session, reader, view):
        gone = gettext("You no longer lead what your view “%(name)s” is about.", name=name)
        return f"{gone}\n{change}"
    if view.kind != views.MY_TEAM:
        said = gettext("Your view “%(name)s” of this week: %(address)s", name=name, address=address)
        return f"{said}\n{change}"
    return "\n\n".join([*_my_team(session, reader, now, site), change])


def _my_team(session: Session, reader: Reader, now: datetime, site: str) -> list[str]:
    """What the first page says, in figures: the same queries."""
    led = readers.led(session, reader)
    seen = attention.of_teams(session, reader.user_id, led, now)
    parts = [gettext("Your teams on %(day)s", day=day(now.astimezone(reader.zone).date()))]
    for one in seen.teams:
        lines = [
            one.team.name,
            gettext("  hold some certification: %(k)s of %(n)s", k=one.certified, n=one.people),
        ]
        if one.away:
            lines.append(gettext("  away: %(n)s", n=one.away))
        to_see_to = [f"{COUNTED_NAMES[reason]}: {n}" for reason, n in one.counts.items()]
        who = ", ".join(to_see_to) or gettext("nobody")
        lines.append(gettext("  to see to: %(who)s", who=who))
        parts.append("\n".join(lines))
    if queues := readiness.of_teams(session, reader.user_id, led, now):
        parts.append("\n".join([gettext("Ready today"), *map(_queue, queues)]))
    parts.append(_trend(trends.of_teams(session, reader.user_id, led, now).weeks))
    parts.append(gettext("Whom to see to first, and why: %(address)s", address=f"{site}/attention"))
    return parts


def _queue(queue: readiness.Queue) -> str:
    ready, all_ = len(queue.ready), len(queue.standings)
    said = gettext("  %(queue)s: %(k)s of %(n)s", queue=queue.name, k=ready, n=all_)
    if soon := len(queue.soon):
        said += "; " + ngettext("%(num)s is about to stop", "%(num)s are about to stop", soon)
    return str(said)


def _trend(weeks: Sequence[Week]) -> str:
    last, before, month = weeks[-1], weeks[-2], weeks[-1 - _A_MONTH]
    lines = [
        gettext("How it goes on"),
        gettext(
            "  hold some certification: %(now)s, four weeks ago %(then)s",
            now=last.certified,
            then=month.certified,
        ),
        gettext(
            "  exams passed in the last seven days: %(k)s of %(n)s, in the seven before %(j)s of "
            "%(m)s",
            k=last.passed,
            n=last.submitted,
            j=before.passed,
            m=before.submitted,
        ),
    ]
    return "\n".join(lines)
