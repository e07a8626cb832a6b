"""An award as it stands in the tables, without the way that led to it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.certification import certificates, signing
from quizapp.certification.certificates import Passed, Read
from quizapp.certification.models import (
    Certification,
    CertificationAct,
    Enrolment,
    Program,
    ProgramRevision,
    certificate_code,
)
from quizapp.certification.rules import ProgramRules
from quizapp.people.models import User

AWARDED = date(2026, 11, 20)
VALID = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a moment at which it is valid
READ = (
    Read("Fluxo sem internet", "Verificação", date(2026, 11, 18)),
    Read("Fluxo sem internet", "Abertura de OS", date(2026, 11, 19)),
    Read("Atendimento", "Saudação", date(2026, 11, 19)),
)
PASSED = (Passed("Suporte – cliente sem internet", date(2026, 11, 20)),)


def fields(name: str, **changes: Any) -> dict[str, Any]:
    """What a certificate prints."""
    facts: dict[str, Any] = {
        "code": certificate_code(),
        "name": name,
        "program": "Suporte N1",
        "language": "pt-BR",
        "minutes": 480,
        "awarded_on": AWARDED,
        "valid_until": date(2027, 11, 20),
        "read": READ,
        "passed": PASSED,
    }
    return certificates.printed(**{**facts, **changes})


def certify(session: Session, user: User, **changes: Any) -> Certification:
    """A certification of this person, committed."""
    now = clock.now()
    printed = fields(user.name, **changes)
    program = Program(slug=f"suporte-{printed['code'][:6]}", path="")
    session.add(program)
    session.flush()
    revision = ProgramRevision(
        program_id=program.id,
        number=1,
        title=printed["program"],
        language=printed["language"],
        rules=ProgramRules(480, False, None).to_json(),
        intro_html="",
        source="",
        source_hash="",
        origin="page",
        reason="",
        at=now,
        by="test",
    )
    session.add(revision)
    session.flush()
    enrolment = Enrolment(
        program_id=program.id,
        program_revision_id=revision.id,
        user_id=user.id,
        cycle=1,
        since=now - timedelta(days=9),
        ended_at=now,
        ended="awarded",
    )
    session.add(enrolment)
    session.flush()
    key_id, signature = signing.seal(session, printed, now)
    until = printed["valid_until"]
    row = Certification(
        code=printed["code"],
        enrolment_id=enrolment.id,
        program_id=program.id,
        program_revision_id=revision.id,
        user_id=user.id,
        cycle=1,
        source=printed["source"],
        awarded_at=now,
        awarded_on=date.fromisoformat(printed["awarded_on"]),
        valid_until=date.fromisoformat(until) if until else None,
        printed=printed,
        signing_key_id=key_id,
        signature=signature,
        reason="",
        by="test",
    )
    session.add(row)
    session.commit()
    return row


def act(session: Session, row: Certification, what: str, at: datetime | None = None) -> None:
    """Revoke or reinstate, committed."""
    session.add(
        CertificationAct(
            certification_id=row.id, act=what, reason="engano", at=at or clock.now(), by="test"
        )
    )
    session.commit()
