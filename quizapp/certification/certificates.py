"""What a certificate says, whether it is true today, and whether a file still says it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from flask import current_app
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.certification import status
from quizapp.certification.models import Certification
from quizapp.certification.status import State
from quizapp.errors import Missing

FORMAT = "certificado/1"
CODE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Read:
    """A section that was acknowledged, and on which day of the person's."""

    procedure: str
    section: str
    on: date


@dataclass(frozen=True)
class Passed:
    """A quiz that was passed, and on which day of the person's."""

    quiz: str
    on: date


def printed(
    *,
    code: str,
    name: str,
    program: str,
    language: str,
    minutes: int | None,
    awarded_on: date,
    valid_until: date | None,
    read: Sequence[Read] = (),
    passed: Sequence[Passed] = (),
    waived: Sequence[str] = (),
    source: Literal["earned", "recorded"] = "earned",
) -> dict[str, Any]:
    """All that a certificate prints, as it is signed: JSON of texts, numbers and ISO dates.

    Company, issuer and address are the installation's of today; `waived` names the steps that
    were not asked. Nothing about the person but the name.
    """
    config = current_app.config
    fields = {
        "format": FORMAT,
        "code": code,
        "address": f"{_origin()}/c/{code}",
        "name": name,
        "program": program,
        "language": language,
        "minutes": minutes,
        "awarded_on": awarded_on.isoformat(),
        "valid_until": valid_until.isoformat() if valid_until else None,
        "company": config["COMPANY"],
        "issuer": config["CERTIFICATE_ISSUER"],
        "source": source,
        "sections": [
            {"procedure": r.procedure, "section": r.section, "on": r.on.isoformat()} for r in read
        ],
        "quizzes": [{"quiz": p.quiz, "on": p.on.isoformat()} for p in passed],
        "waived": list(waived),
    }
    composed: dict[str, Any] = _composed(fields)
    return composed


def _origin() -> str:
    """The address that people open, without a slash at its end."""
    config = current_app.config
    return str(config["PUBLIC_URL"] or f"http://{config['HOST']}:{config['PORT']}").rstrip("/")


def _composed(value: Any) -> Any:
    """The same with each text in one form of Unicode, so that equal texts are equal bytes."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _composed(entry) for key, entry in value.items()}
    return value


@dataclass(frozen=True)
class Certificate:
    """An award as the public may see it: what was printed, and its state today."""

    row: Certification
    state: State

    @property
    def is_valid(self) -> bool:
        """Whether its holder may rely on it today."""
        return self.state in status.READY


def find(session: Session, code: str, now: datetime) -> Certificate:
    """The certificate of this identifier. Raises Missing."""
    if not CODE.fullmatch(code):
        raise Missing
    row = session.execute(
        select(Certification).where(Certification.code == code)
    ).scalar_one_or_none()
    if row is None:
        raise Missing
    return Certificate(row, status.state_of(session, row, now))


def code_of(typed: str) -> str:
    """An identifier as somebody typed or pasted it, perhaps with the address before it."""
    return re.sub(r"[\s-]", "", typed.rstrip("/ \n").rpartition("/")[2]).lower()


def said(state: State) -> str:
    """A state in a word or two."""
    words: dict[State, str] = {
        "valid": gettext("Valid today"),
        "provisional": gettext("Valid today, provisionally"),
        "expiring": gettext("Valid today"),
        "expired": gettext("No longer valid"),
        "revoked": gettext("Taken back: not valid"),
    }
    return words[state]


def explained(state: State) -> str:
    """What a state means for whoever looks at a certificate; "" where its word says it."""
    words: dict[State, str] = {
        "provisional": gettext(
            "An answer that it rests on is still being reviewed; the result may change."
        ),
        "expired": gettext("It was valid until the day that it names, and not since."),
        "revoked": gettext("It was taken back and must not be relied on, whatever a copy says."),
    }
    return words.get(state, "")
