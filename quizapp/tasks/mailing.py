"""E-mail: a digest a day for whoever has an address, handed to the courier by the worker."""

import logging
import time
from collections.abc import Collection, Sequence
from contextlib import closing
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.db import only_reading
from quizapp.notices import digests, handover, mail, sending
from quizapp.notices.courier import NotTaken, Server, Unreachable
from quizapp.notices.digests import Contact
from quizapp.people import calendars
from quizapp.people.models import User
from quizapp.reports import views
from quizapp.reports.views import Due

log = logging.getLogger(__name__)

AT_ONCE = 100  # messages that are made in one transaction, so that others get their turn
ROUND = 10.0  # seconds after which a round takes up no further message

# What was last logged of the server: a trouble that lasts is said once.
_trouble = ""


def gather(session: Session, now: datetime) -> None:
    """Make the messages of all for whom it is time."""
    server = mail.server_of(current_app.config)
    if server is None:
        return
    reports: dict[str, list[Due]] = {}
    with only_reading() as reading:
        for one in views.due(reading, now):
            reports.setdefault(one.person, []).append(one)
        news = set(digests.waiting(reading))
        people = contacts(reading, news | reports.keys())
        due = _present(reading, digests.due(reading, people, now), now)
    for start in range(0, len(due), AT_ONCE):
        some = {person: people[person] for person in due[start : start + AT_ONCE]}
        # Another worker may have been quicker: asked again now that nobody else writes.
        news = set(digests.waiting(session))
        for person in digests.due(session, some, now):
            brought = [one for one in reports.get(person, ()) if views.claim(session, one)]
            if not brought and person not in news:
                continue  # stopped or seen meanwhile
            made = digests.gather(session, person, domain=server.domain, now=now)
            for one in brought:
                args = {"view": one.public_id, "name": one.name}
                digests.add_report(session, made, args, about=f"/views/{one.public_id}", now=now)
        session.commit()


def _present(session: Session, persons: Sequence[str], now: datetime) -> list[str]:
    """Those who are not away: what waits for the others waits for their return."""
    found = session.execute(
        select(User.id, User.public_id, User.zone).where(User.public_id.in_(persons))
    ).all()
    away = calendars.away_now(session, ((row.id, row.zone) for row in found), now)
    return [row.public_id for row in found if row.id not in away]


def contacts(session: Session, persons: Collection[str]) -> dict[str, Contact]:
    """How these people are reached, those who are here and have an address."""
    rows = session.execute(
        select(User.public_id, User.name, User.email, User.locale, User.zone).where(
            User.public_id.in_(persons), User.left_at.is_(None)
        )
    )
    settings = current_app.config
    return {
        person: Contact(name, email, locale or settings["LOCALE"], calendars.zone_of(zone).key)
        for person, name, email, locale, zone in rows
        if email
    }


def send(session: Session, now: datetime) -> None:
    """Send what waits, one after the other, for as long as a round lasts."""
    server = mail.server_of(current_app.config)
    if server is None:
        return
    instance = Path(current_app.config["INSTANCE"])
    with only_reading() as reading:
        waits = sending.is_waiting(reading, now)
    if not waits and not handover.is_left(instance):
        return
    with handover.hold(instance) as journal:
        if journal is None:  # another worker sends, or the courier of one that died
            return
        sending.took(session, journal.taken())
        session.commit()
        journal.clear()
        if waits:
            _send_all(session, server, journal)


def _send_all(session: Session, server: Server, journal: handover.Journal) -> None:
    over = time.monotonic() + ROUND
    try:
        with closing(handover.Courier(server, journal)) as line:
            while line.is_open and time.monotonic() < over and _send_one(session, server, line):
                pass
    except Unreachable as error:
        _say(error.why)
    else:
        _say("")


def _say(trouble: str) -> None:
    global _trouble
    if trouble != _trouble:
        if trouble:
            log.warning("the mail server takes nothing at present: %s", trouble)
        else:
            log.info("the mail server takes messages again")
    _trouble = trouble


def _send_one(session: Session, server: Server, line: handover.Courier) -> bool:
    """Send one message, if one waits; whether there was one. Raises Unreachable."""
    claimed = sending.claim(session, clock.now())
    session.commit()
    if claimed is None:
        return False
    with only_reading() as reading:  # and no transaction while the server takes its time
        contact = contacts(reading, [claimed.person]).get(claimed.person)
        made = _write(reading, server, claimed, contact) if contact else None
    if contact is None or made is None:
        sending.give_up(session, claimed, "address")
        session.commit()
        return True
    if not claimed.is_fresh(clock.now()):  # the machine stood still: another one may have it
        sending.put_off(session, claimed, "late", clock.now())
        session.commit()
        return True
    try:
        line.send(contact.email, made)
    except Unreachable:
        sending.put_back(session, claimed, clock.now())
        session.commit()
        raise
    except NotTaken as error:
        log.warning("message %s was not taken: %s", claimed.id, error.why)
        if error.for_good:
            sending.give_up(session, claimed, error.why)
        else:
            sending.put_off(session, claimed, error.why, clock.now())
    except handover.Silent:
        log.warning("the courier died over message %s: it may be sent again", claimed.id)
        return False
    else:
        sending.took(session, {claimed.message_id: clock.now()})
    session.commit()
    return True


def _write(
    session: Session, server: Server, claimed: sending.Claimed, contact: Contact
) -> EmailMessage | None:
    """The message as it goes; None for an address to which none can."""
    subject, text = digests.letter(session, claimed.id, contact, current_app.config["PUBLIC_URL"])
    try:
        return mail.message(
            server,
            to=contact.email,
            subject=subject,
            text=text,
            language=contact.locale.replace("_", "-"),
            message_id=claimed.message_id,
            at=claimed.made_at,
        )
    except (ValueError, MessageError):
        return None
