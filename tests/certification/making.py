"""Programs and people under way in them, made for a test from the samples."""

from sqlalchemy import select

from quizapp import clock
from quizapp.certification import enrolments
from quizapp.certification.models import Certification, Program, ProgramRevision, ProgramStep
from quizapp.certification.rules import ProgramRules, Step, Validity
from quizapp.content.models import Procedure, ProcedureRevision, Section
from quizapp.quiz import attempts
from quizapp.study.models import Acknowledgement
from tests.quiz.test_attempts import begin, give, right_answers

READ_ONE = Step("read", "conexao", "verificacao")
READ_ALL = Step("read", "conexao")
PASS = Step("quiz", "oito")
YEAR = ProgramRules(240, False, Validity(months=12), queues=("Suporte N1",))
IN_ORDER = ProgramRules(240, True, Validity(months=12))


def add_program(session, *steps, rules=YEAR, slug="trilha", published=True, at=None):
    """A program of these steps; the same slug again adds a revision."""
    at = at or clock.now()
    program = session.scalars(select(Program).where(Program.slug == slug)).one_or_none()
    if program is None:
        program = Program(slug=slug, path=f"{slug}.md", published_at=at if published else None)
        session.add(program)
        session.flush()
    number = len(
        session.scalars(
            select(ProgramRevision.id).where(ProgramRevision.program_id == program.id)
        ).all()
    )
    revision = ProgramRevision(
        program_id=program.id,
        number=number + 1,
        title=f"Trilha {slug}",
        language="pt-BR",
        rules=rules.to_json(),
        intro_html="",
        source="",
        source_hash=str(number),
        origin="page",
        reason="",
        at=at,
        by="test",
        steps=[
            ProgramStep(position=n, kind=step.kind, slug=step.slug, anchor=step.anchor)
            for n, step in enumerate(steps, start=1)
        ],
    )
    session.add(revision)
    session.flush()
    program.current_revision_id = revision.id
    session.flush()
    return program


def enrol(session, program, user, now=None):
    """A person under way in a program by their own wish."""
    return enrolments.begin(session, program, user, now=now or clock.now(), by=user.public_id)


def acknowledge(session, user, anchor=None, *, slug="conexao", at=None, digest=None):
    """A person's word about a section as it is, or about all of a procedure; nobody is told."""
    rows = session.execute(
        select(Section, ProcedureRevision)
        .join(ProcedureRevision, ProcedureRevision.id == Section.revision_id)
        .join(Procedure, Procedure.id == ProcedureRevision.procedure_id)
        .where(Procedure.slug == slug)
        .order_by(ProcedureRevision.number.desc(), Section.position)
    ).all()
    newest = rows[0].ProcedureRevision.id
    for section, revision in rows:
        if revision.id == newest and anchor in (None, section.anchor):
            session.add(
                Acknowledgement(
                    user_id=user.id,
                    procedure_id=revision.procedure_id,
                    anchor=section.anchor,
                    section_hash=digest or section.hash,
                    revision_id=revision.id,
                    at=at or clock.now(),
                )
            )
    session.flush()


def sit(session, user, quiz, *, right=True, at=None):
    """A person takes the quiz and submits it, all right or all blank; the attempt."""
    attempt = begin(session, user, quiz)
    if right:
        for position, fields in enumerate(right_answers(session, attempt), start=1):
            give(session, user, attempt, position, **fields)
    return attempts.submit(session, user, attempt.public_id, at or clock.now())


def awards(session, user=None):
    """The certifications there are, or a person's, the oldest first."""
    query = select(Certification).order_by(Certification.id)
    if user is not None:
        query = query.where(Certification.user_id == user.id)
    return session.scalars(query).all()
