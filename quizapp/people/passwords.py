"""Passwords (argon2id) and one-time codes."""

import hashlib
import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext

from quizapp.errors import Invalid

SHORTEST = 10
LONGEST = 200
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that are mistaken for another
CODE_LENGTH = 8


@lru_cache
def _hasher(time_cost: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


@lru_cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe())


def hasher() -> PasswordHasher:
    """The hasher with this installation's cost (OWASP's 19 MiB, two passes by default)."""
    settings = current_app.config
    return _hasher(settings["ARGON2_TIME_COST"], settings["ARGON2_MEMORY_KIB"])


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; without a hash the same work is done for nothing,
    so that the time taken does not tell a known name from an unknown one."""
    try:
        hasher().verify(password_hash or _nobodys_hash(hasher()), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def check(password: str, *names: str | None) -> None:
    """Raise Invalid for a password that is too short, too long or made from the name."""
    if len(password) < SHORTEST:
        raise Invalid(gettext("Use at least %(n)s characters.", n=SHORTEST))
    if len(password) > LONGEST:
        raise Invalid(gettext("Use at most %(n)s characters.", n=LONGEST))
    if len(set(password)) < 4 or password.casefold() in {name.casefold() for name in names if name}:
        raise Invalid(gettext("This password is too easy to guess. Choose another."))


def new_code() -> str:
    """A code to hand over on paper, such as `K7QM-2F9X` (39 bits, rate-limited)."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def code_hash(code: str) -> str:
    """The hash under which a code is kept; case, spaces and the hyphen do not matter."""
    letters = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
