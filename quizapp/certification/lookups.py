"""How often one address may look for a certificate that does not exist."""

import ipaddress
from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from quizapp.certification.models import MissedLookup
from quizapp.errors import TooMany

WINDOW = timedelta(minutes=15)
# A company shares one address, and a code copied by hand has mistakes; of 2**128 it is nothing.
MOST = 30


def guard(session: Session, address: str, now: datetime) -> None:
    """Raises TooMany for an address that missed too often, whatever it looks for now."""
    missed = session.execute(
        select(func.count())
        .select_from(MissedLookup)
        .where(MissedLookup.address == place(address), MissedLookup.at > now - WINDOW)
    ).scalar_one()
    if missed >= MOST:
        raise TooMany(
            gettext(
                "Too many tries. Wait %(n)s minutes.",
                n=int(WINDOW.total_seconds() // 60),
            )
        )


def count(session: Session, address: str, now: datetime) -> None:
    """Remember a miss, and forget what the limit does not look at any more."""
    session.execute(delete(MissedLookup).where(MissedLookup.at <= now - WINDOW))
    session.execute(insert(MissedLookup).values(address=place(address), at=now))


def place(address: str) -> str:
    """An address as the limit counts it: of IPv6 the half that one customer is given."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if mapped := parsed.ipv4_mapped:
        return str(mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
