"""How many questions cite a section: those that a quiz asks which is there for whom is told."""

import pytest

from quizapp import clock
from quizapp.content import moves
from quizapp.people import audience
from quizapp.quiz import citing, composing, quizzes
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.rules import Rules
from tests.content.test_moves import BODY, OTHER
from tests.quiz.making import HEAD, ITEM, import_text, publish_keys
from tests.reports.test_heatmap import decide
from tests.study.test_renamed import bring

NOW = clock.now()
ITEMS = (
    ("prova", "triagem", "guia#verificacao"),
    ("prova", "registro", "guia#verificacao.1, guia#verificacao.2"),
    ("treino", "triagem", "guia#verificacao, guia#fatura"),
)
STEPS = "1. Olhe.\n2. Ouça."


@pytest.fixture
def bank(session, cast):
    """A bank that cites the procedure "guia", and that no quiz asks."""
    bring(session, ("Verificação", f"{BODY}\n\n{STEPS}"), ("Fatura", OTHER))
    text = HEAD.format(bank="banco")
    for n, (use, competency, cites) in enumerate(ITEMS):
        item = ITEM.format(bank="banco", n=n, use=use, competency=competency)
        text += item.replace("Uso:", f"Fonte: {cites}\nUso:")
    # Without a key nobody is asked it.
    item = ITEM.format(bank="banco", n=9, use="prova", competency="triagem")
    text += item.replace("Uso:", "Fonte: guia#verificacao\nUso:").replace("[x]", "[ ]")
    import_text(session, "banco", text)
    publish_keys(session, "banco")
    session.commit()


def add(session, title, use="exam", **part):
    made = composing.create(
        session,
        title,
        use,
        Blueprint((Part("banco", **part),)),
        Rules(cut_score=75),
        by="t",
        now=NOW,
    )
    quizzes.open_quiz(session, made, by="t", now=NOW)
    return made


def counts(session, *viewers, there=("verificacao", "fatura")):
    found = [citing.questions(session, "guia", there, viewer.id) for viewer in viewers]
    return [[each[anchor] for anchor in there] for each in found]


def test_what_no_quiz_asks_is_not_counted(session, cast, bank):
    assert counts(session, cast.ana, cast.teo) == [[0, 0], [0, 0]]
    drafted = composing.create(
        session, "Rascunho", "exam", Blueprint((Part("banco"),)), Rules(75), by="t", now=NOW
    )
    assert counts(session, cast.ana) == [[0, 0]]
    quizzes.open_quiz(session, drafted, by="t", now=NOW)
    assert counts(session, cast.ana) == [[2, 0]]
    quizzes.withdraw(session, drafted, by="t", now=NOW)
    assert counts(session, cast.ana) == [[0, 0]]


def test_what_turned_out_to_be_void_is_not_counted(session, cast, bank):
    add(session, "Prova")
    decide(session, "banco-1", "void")
    assert counts(session, cast.ana) == [[1, 0]]


def test_what_a_quiz_for_others_asks_is_counted_for_them_alone(session, cast, bank):
    limited = add(session, "Só Norte")
    audience.limit(session, "quiz", limited.slug, [cast.norte], by="t", now=NOW)
    everybody = cast.ana, cast.bruno, cast.gil, cast.carla, cast.teo
    assert counts(session, *everybody) == [[2, 0], [2, 0], [0, 0], [0, 0], [2, 0]]
    add(session, "Para todos", by="competency", value="triagem", n=1)
    assert counts(session, *everybody) == [[2, 0], [2, 0], [1, 0], [1, 0], [2, 0]]


def test_a_part_asks_what_is_of_its_quizs_use(session, cast, bank):
    add(session, "Treino", "practice")
    assert counts(session, cast.ana) == [[1, 1]]


def test_it_is_counted_under_the_name_that_a_section_has_now(session, cast, bank):
    add(session, "Prova")
    bring(session, ("Primeiras checagens", f"{BODY}\n\n{STEPS}"), ("Fatura", OTHER))
    assert moves.follow(session, ["guia"]).steps
    there = ("primeiras-checagens", "fatura")
    assert counts(session, cast.ana, there=there) == [[2, 0]]
