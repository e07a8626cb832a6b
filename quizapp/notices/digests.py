"""One e-mail a day for each person: all that they have not seen, and reports they asked for."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale, gettext, ngettext
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from quizapp.notices.models import Mail, Notice

# The hours of a person's day from which on, and before which, a message comes.
FROM_HOUR, TO_HOUR = 8, 20
MOST = 20  # notices that one message spells out

# Filled by create_app: a notice's kind and arguments in the reader's language.
in_words: list[Callable[[str, Mapping[str, Any]], str]] = []
# Filled by create_app: a report as it is when the message goes, for a person (their public id), by
# the arguments of its notice and the address that people open.
REPORT = "report"
reports: list[Callable[[Session, str, Mapping[str, Any], str], str]] = []


@dataclass(frozen=True)
class Contact:
    """How a person is reached: their address, language and zone."""

    name: str
    email: str
    locale: str
    zone: str


def waiting(session: Session) -> list[str]:
    """Who was told something that they have not seen and that no message has told of."""
    found = select(Notice.person).where(Notice.mail_id.is_(None), Notice.read_at.is_(None))
    return list(session.execute(found.distinct()).scalars())


def due(session: Session, contacts: Mapping[str, Contact], now: datetime) -> list[str]:
    """Those of these people for whom it is day and who got no message today."""
    rows = session.execute(
        select(Mail.person, func.max(Mail.made_at))
        .where(Mail.person.in_(list(contacts)))
        .group_by(Mail.person)
    )
    last: dict[str, datetime] = dict(iter(rows))
    return [
        person for person, contact in contacts.items() if _is_due(contact, last.get(person), now)
    ]


def _is_due(contact: Contact, last: datetime | None, now: datetime) -> bool:
    zone = ZoneInfo(contact.zone)
    here = now.astimezone(zone)
    return is_day(here) and (last is None or last.astimezone(zone).date() < here.date())


def is_day(here: datetime) -> bool:
    """Whether this is a decent hour for a message."""
    return FROM_HOUR <= here.hour < TO_HOUR


def gather(session: Session, person: str, *, domain: str, now: datetime) -> Mail:
    """Put all that a person has not seen, nor been written of, into one message to be sent."""
    mail = Mail(
        person=person,
        message_id=f"<{secrets.token_hex(16)}@{domain}>",
        state="waiting",
        made_at=now,
        next_at=now,
        tries=0,
    )
    session.add(mail)
    session.flush()
    session.execute(
        update(Notice)
        .where(Notice.person == person, Notice.mail_id.is_(None), Notice.read_at.is_(None))
        .values(mail_id=mail.id)
    )
    return mail


def add_report(
    session: Session, mail: Mail, args: Mapping[str, Any], *, about: str, now: datetime
) -> None:
    """Have a message bring a report; `args` have its `name`. It is no news for the application."""
    session.add(
        Notice(
            person=mail.person,
            kind=REPORT,
            args=dict(args),
            about=about,
            at=now,
            read_at=now,
            mail_id=mail.id,
        )
    )
    session.flush()


def letter(session: Session, mail_id: int, contact: Contact, site: str) -> tuple[str, str]:
    """The subject and text of a message, in the person's language.

    They tell what happened and what to do, without scores and reasons: those are shown to
    whoever signs in. `site` is the address that people open.
    """
    told = list(
        session.execute(select(Notice).where(Notice.mail_id == mail_id).order_by(Notice.id.desc()))
        .scalars()
        .all()
    )
    brought = [one for one in told if one.kind == REPORT]
    news = [one for one in told if one.kind != REPORT]
    (say,), (report,) = in_words, reports
    # A context of its own: what a page keeps of its reader's language would stay for the next one.
    with current_app.app_context(), force_locale(contact.locale):
        subject = ngettext("quizapp: %(num)s notice", "quizapp: %(num)s notices", len(news))
        if brought:
            subject = "quizapp: " + ", ".join(one.args["name"] for one in brought)
        parts = [gettext("Hello, %(name)s.", name=contact.name)]
        parts += [report(session, one.person, one.args, site) for one in brought]
        parts += [f"• {say(one.kind, one.args)}\n  {site}{one.about}" for one in news[:MOST]]
        if (more := len(news) - MOST) > 0:
            parts.append(ngettext("… and %(num)s more.", "… and %(num)s more.", more))
        if news:
            parts.append(gettext("All your notices: %(address)s", address=f"{site}/notices"))
        parts.append(
            gettext(
                "This message was sent by a machine, at most once a day. Answers to it are not "
                "read: talk to your manager or instructor."
            )
        )
    return str(subject), "\n\n".join(parts) + "\n"
