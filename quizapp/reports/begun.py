"""Whether anything was done in an enrolment: every report says it by the same rule."""

from collections.abc import Collection

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from quizapp.certification.facts import chunks
from quizapp.content import moves

# What a statement with IS_BEGUN begins with: pairs of names that one section has had.
NAMES = f"""
    WITH RECURSIVE {moves.MOVED},
    named (procedure_id, one, other) AS (
        SELECT procedure_id, old, new FROM moved
        UNION SELECT procedure_id, new, old FROM moved
        UNION SELECT moved.procedure_id, moved.old, too.old FROM moved
        JOIN moved AS too ON too.procedure_id = moved.procedure_id AND too.new = moved.new)"""  # noqa: S608

# Of an `enrolment` of the query. Begun is what any section of was acknowledged, any quiz tried,
# or a step waived: in a renewal since it opened.
IS_BEGUN = """(
    EXISTS (
        SELECT 1 FROM program_step AS step
        JOIN procedure ON procedure.slug = step.slug
        JOIN acknowledgement AS word ON word.user_id = enrolment.user_id
          AND word.procedure_id = procedure.id
        WHERE step.program_revision_id = enrolment.program_revision_id
          AND step.kind = 'read'
          AND (step.anchor IN ('', word.anchor) OR EXISTS (
            SELECT 1 FROM named WHERE named.procedure_id = procedure.id
              AND named.one = step.anchor AND named.other = word.anchor))
          AND (enrolment.cycle = 1 OR word.at >= enrolment.since))
    OR EXISTS (
        SELECT 1 FROM program_step AS step
        JOIN quiz ON quiz.slug = step.slug
        JOIN attempt ON attempt.user_id = enrolment.user_id AND attempt.quiz_id = quiz.id
        WHERE step.program_revision_id = enrolment.program_revision_id
          AND step.kind = 'quiz' AND attempt.state <> 'void'
          AND (enrolment.cycle = 1 OR attempt.started_at >= enrolment.since))
    OR EXISTS (
        SELECT 1 FROM waiver
        WHERE waiver.enrolment_id = enrolment.id AND waiver.ended_at IS NULL))"""


def of(session: Session, enrolment_ids: Collection[int]) -> set[int]:
    """Those of these enrolments in which anything was done."""
    return {
        enrolment_id
        for some in chunks(sorted(enrolment_ids))
        for enrolment_id in session.execute(_BEGUN, {"ids": some}).scalars()
    }


_BEGUN = text(
    f"{NAMES} SELECT enrolment.id FROM enrolment WHERE enrolment.id IN :ids AND {IS_BEGUN}"  # noqa: S608
).bindparams(bindparam("ids", expanding=True))
