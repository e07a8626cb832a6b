"""Signing in, one-time codes and passwords, with the limits that guard them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from quizapp.errors import Invalid, TooMany
from quizapp.evidence import chain
from quizapp.people import passwords
from quizapp.people.models import FailedSignIn, OneTimeCode, User, session_token

WINDOW = timedelta(minutes=15)
CODE_LIFE = timedelta(days=3)


@dataclass(frozen=True)
class Limit:
    """How many failed tries WINDOW holds: for one name from one address, one name, one address.

    A whole support desk shares one address, hence the generous last figure.
    """

    here: int = 8
    name: int = 40
    address: int = 200


LIMIT = Limit()


def find(session: Session, identifier: str) -> User | None:
    """The active user with this company number or e-mail."""
    wanted = identifier.strip()
    return session.execute(
        select(User).where(
            or_(User.employee_number == wanted, User.email == wanted.lower()),
            User.left_at.is_(None),
        )
    ).scalar_one_or_none()


def sign_in(
    session: Session, identifier: str, password: str, *, address: str, now: datetime
) -> User | None:
    """The user, or None for an unknown name and for a wrong password alike.

    Raises TooMany when the limit of failed tries is reached.
    """
    _guard(session, identifier, address, now)
    user = find(session, identifier)
    if not passwords.verify(user.password_hash if user else None, password):
        _count_failure(session, identifier, address, now)
        return None
    return user


def issue_code(session: Session, user: User, *, by: User | None, now: datetime) -> str:
    """Make a code for the user to set a password; earlier unused codes end."""
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.user_id == user.id, OneTimeCode.used_at.is_(None))
        .values(expires_at=now)
    )
    code = passwords.new_code()
    session.add(
        OneTimeCode(
            user_id=user.id,
            code_hash=passwords.code_hash(code),
            issued_by=by.id if by else None,
            issued_at=now,
            expires_at=now + CODE_LIFE,
        )
    )
    session.flush()
    chain.append(
        session,
        "code.issued",
        by=by.public_id if by else chain.SYSTEM,
        about=user.public_id,
        at=now,
        data={},
    )
    return code


def redeem_code(
    session: Session, identifier: str, code: str, password: str, *, address: str, now: datetime
) -> User | None:
    """Set the password with a code. None for a wrong name or code alike.

    Raises TooMany at the limit, Invalid for a password that is not good enough.
    """
    _guard(session, identifier, address, now)
    user = find(session, identifier)
    row = session.execute(
        select(OneTimeCode).where(
            OneTimeCode.user_id == (user.id if user else None),
            OneTimeCode.code_hash == passwords.code_hash(code),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
    ).scalar_one_or_none()
    if user is None or row is None:
        _count_failure(session, identifier, address, now)
        return None
    set_password(user, password)
    row.used_at = now
    session.flush()
    chain.append(session, "password.set", by=user.public_id, about=user.public_id, at=now, data={})
    return user


def change_password(session: Session, user: User, old: str, new: str, *, now: datetime) -> None:
    """Replace the password. Raises Invalid when the old one is wrong or the new one poor."""
    if not passwords.verify(user.password_hash, old):
        raise Invalid(gettext("The present password is not right."))
    if old == new:
        raise Invalid(gettext("Choose a password other than the present one."))
    set_password(user, new)
    session.flush()
    chain.append(session, "password.set", by=user.public_id, about=user.public_id, at=now, data={})


def set_password(user: User, password: str) -> None:
    """Give the user a password and end every session made with the one before."""
    passwords.check(password, user.employee_number, user.email, user.name)
    user.password_hash = passwords.hasher().hash(password)
    user.session_token = session_token()


def _guard(session: Session, identifier: str, address: str, now: datetime) -> None:
    name = _name_hash(identifier)
    recent = FailedSignIn.at > now - WINDOW
    here = FailedSignIn.address == address
    counts = session.execute(
        select(
            func.count().filter(FailedSignIn.name_hash == name, here),
            func.count().filter(FailedSignIn.name_hash == name),
            func.count().filter(here),
        ).where(recent, or_(FailedSignIn.name_hash == name, here))
    ).one()
    if counts[0] >= LIMIT.here or counts[1] >= LIMIT.name or counts[2] >= LIMIT.address:
        raise TooMany(
            gettext(
                "Too many tries. Wait %(n)s minutes, or ask your manager for a one-time code.",
                n=int(WINDOW.total_seconds() // 60),
            )
        )


def _count_failure(session: Session, identifier: str, address: str, now: datetime) -> None:
    session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - WINDOW))
    session.execute(
        insert(FailedSignIn).values(name_hash=_name_hash(identifier), address=address, at=now)
    )


def _name_hash(identifier: str) -> str:
    # People type passwords into the name field: what was typed is not kept.
    return hashlib.sha256(identifier.strip().lower().encode()).hexdigest()
