"""One person's progress, by quiz, competency and section."""

from quizapp import clock
from quizapp.quiz import attempts, quizzes
from quizapp.reports import progress
from quizapp.study import reading
from tests.conftest import TODAY
from tests.quiz.test_attempts import begin, give, right_answers


def test_what_was_read_tried_and_passed_is_counted(session, cast, quiz):
    before = progress.of_person(session, cast.ana.id, TODAY)
    assert (before.read, before.sections, before.passed) == (0, 6, 0)
    assert [s.state for s in before.standings] == ["new"]
    attempt = begin(session, cast.ana, quiz)
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        give(session, cast.ana, attempt, position, **fields)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    begin(session, cast.ana, quiz)
    begin(session, cast.bia, quiz)
    text = reading.text_of(session, "telefone", TODAY)
    for part in text.parts:
        reading.mark(session, cast.ana, text, part.anchor, part.hash, read=True, now=clock.now())
    after = progress.of_person(session, cast.ana.id, TODAY)
    assert (after.read, after.passed, len(after.tried)) == (2, 1, 2)
    standing = after.standings[0]
    assert (standing.state, standing.best.percent, standing.open.number) == ("passed", 100, 2)
    assert {r.procedure.slug: r.done for r in after.readings} == {
        "conexao": False,
        "telefone": True,
    }


def test_competencies_count_points_over_items_asked_weakest_first(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    answers = right_answers(session, attempt)
    for position in (1, 4):  # both of "triagem"; of "registro" only one option of two
        give(session, cast.ana, attempt, position, **answers[position - 1])
    give(session, cast.ana, attempt, 2, option=answers[1]["option"][:1])
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    found = {
        c.name: (c.points, c.items, c.enough)
        for c in progress.competencies_of(session, cast.ana.id)
    }
    assert found == {
        "comunicação": (0, 2, False),
        "diagnóstico": (0, 3, True),
        "registro": (0.5, 1, False),
        "triagem": (2, 2, False),
    }
    names = [c.name for c in progress.competencies_of(session, cast.ana.id)]
    assert names[-1] == "triagem"


def test_an_attempt_under_way_is_shown_though_its_quiz_was_withdrawn(session, cast, quiz):
    begin(session, cast.ana, quiz)
    quizzes.withdraw(session, quiz, by="t", now=clock.now())
    assert [s.state for s in progress.of_person(session, cast.ana.id, TODAY).standings] == ["open"]
    assert progress.of_person(session, cast.bia.id, TODAY).standings == []
