"""The heatmap: the latest answer to each item, of this team's people alone, by k of n."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from quizapp import clock
from quizapp.content import importer
from quizapp.content.models import Item, Procedure
from quizapp.errors import Missing
from quizapp.people import audience, teams
from quizapp.quiz import attempts, decisions, regrade
from quizapp.quiz.models import Attempt
from quizapp.quiz.rules import ReviewRules
from quizapp.reports import heatmap, proofs, readers
from quizapp.reports.answers import Answer
from quizapp.reports.heatmap import View
from quizapp.reports.places import Place
from tests.conftest import SAMPLES, TODAY
from tests.quiz.test_attempts import begin, give, right_answers
from tests.reports.test_progress import revise


def sit(session, user, quiz, *right):
    """An attempt with these places right and nothing else answered."""
    attempt = begin(session, user, quiz)
    sent = right_answers(session, attempt)
    for position in right:
        give(session, user, attempt, position, **sent[position - 1])
    attempts.submit(session, user, attempt.public_id, clock.now())
    session.commit()
    return attempt


@pytest.fixture
def scene(session, cast, quiz):
    """Ana twice, the latest with 1, 4 and 6 right and half of 2: 3 and 5 are blank, she did not
    get to 7 and 8, which she had right before. Noise by others and otherwise.
    """
    sit(session, cast.ana, quiz, *range(1, 9))
    latest = begin(session, cast.ana, quiz)
    sent = right_answers(session, latest)
    for position in (1, 4, 6):
        give(session, cast.ana, latest, position, **sent[position - 1])
    give(session, cast.ana, latest, 2, option=sent[1]["option"][:1])
    attempts.submit(session, cast.ana, latest.public_id, clock.now())
    begin(session, cast.bia, quiz)
    void = sit(session, cast.ana, quiz, *range(1, 9))
    session.execute(update(Attempt).where(Attempt.id == void.id).values(state="void"))
    sit(session, cast.gil, quiz, 1, 2, 3)
    teams.set_teams(session, cast.hugo, [cast.norte], by="t", now=clock.now())
    sit(session, cast.hugo, quiz, 3)
    teams.leave(session, cast.hugo, by="t", now=clock.now())
    session.commit()
    return latest


def seen(session, cast, **view):
    heatmap._kept.clear()  # what the tests change by hand leaves no evidence
    bruno = readers.find(session, cast.bruno.id)
    (led,) = readers.led(session, bruno, cast.norte.public_id)
    return heatmap.of_team(
        session, bruno, led, View(**view), TODAY, clock.now() + timedelta(seconds=1)
    )


def by_key(found, who=0):
    columns = [column.place.key for column in found.columns]
    return dict(zip(columns, found.rows[who].cells, strict=True))


def cells(found, who=0):
    return {key: (cell.points, cell.answers) for key, cell in by_key(found, who).items()}


def decide(session, uid, kind, policy="better", fractions=None):
    item = session.execute(select(Item).where(Item.uid == uid)).scalar_one()
    about = decisions.subject(session, item)
    value = fractions and {**about.key, "fractions": fractions}
    ruling = decisions.rule(about, kind, policy, value)
    made = decisions.decide(session, about, ruling, reason="r", by="teo", now=clock.now())
    regrade.apply(session, made)
    session.commit()


def test_a_cell_is_the_latest_answer_to_each_item_of_ones_own_people(session, cast, scene):
    found = seen(session, cast)
    assert [row.name for row in found.rows] == ["Ana Agente", "Bia Agente"]
    assert cells(found) == {
        "comunicação": (1, 2),
        "diagnóstico": (2, 3),
        "registro": (0.5, 1),
        "triagem": (2, 2),
    }
    assert set(cells(found, 1).values()) == {(0, 0)}
    assert [key for key, cell in by_key(found).items() if not cell.is_few] == ["diagnóstico"]
    total = found.rows[0].total
    assert (total.points, total.answers, found.total.answers) == (5.5, 8, 8)
    assert [c.place.key for c in found.weakest] == ["diagnóstico"], "no other has three answers"


def test_a_blank_earns_nothing_and_what_was_not_reached_stands_apart(
    session, sign_in, cast, scene, quiz
):
    cast.bruno.locale = "en"
    sit(session, cast.bia, quiz, 1, 6)
    found = seen(session, cast)
    bia = {key: (cell.answers, cell.unreached) for key, cell in by_key(found, 1).items()}
    assert bia == {
        "comunicação": (1, 1),
        "diagnóstico": (2, 1),
        "registro": (1, 0),
        "triagem": (2, 0),
    }
    total = found.rows[1].total
    assert (total.points, total.answers, total.unreached) == (2, 6, 2)
    assert (found.total.answers, found.total.unreached) == (14, 2)
    browser = sign_in(cast.bruno)
    page = browser.get("/heatmap")
    assert '<i class="heat-unreached" title="1 question not reached">' in page
    proof = f"/heatmap/{cast.bia.public_id}?by=competency&period=365&key="
    states = ("Not answered", "Right", "Not reached")
    shown = browser.get(proof + "diagn%C3%B3stico")
    assert sorted(states, key=shown.index) == list(states)
    csv = browser.http.get("/exports/heatmap.csv").text
    assert "Bia Agente;1002;2;6;33,33;2;0;1;1;1;2;1;0;1;1;2" in csv
    assert "1 not reached" in browser.get(f"/people/{cast.bia.public_id}")
    # Who opens an exam and lets it run out has seen its first question.
    opened = begin(session, cast.bia, quiz, seed=9)
    session.execute(update(Attempt).where(Attempt.id == opened.id).values(reached=3))
    attempts.submit(session, cast.bia, opened.public_id, clock.now())
    session.commit()
    latest = seen(session, cast).rows[1]
    assert (latest.total.points, latest.total.answers, latest.total.unreached) == (1, 6, 2), (
        "the first three are blank now, for the rest the exam before stands"
    )


def test_an_answer_that_was_taken_back_was_reached(session, cast, quiz):
    attempt = begin(session, cast.ana, quiz)
    give(session, cast.ana, attempt, 4, **right_answers(session, attempt)[3])
    give(session, cast.ana, attempt, 4)
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    session.commit()
    total = seen(session, cast).rows[0].total
    assert (total.points, total.answers, total.unreached) == (0, 4, 4)


def test_what_was_voided_says_nothing_whoever_had_it_right(session, cast, scene):
    decide(session, "oito-6", "void")  # Ana had it right: it still stands in her score
    assert cells(seen(session, cast))["diagnóstico"] == (1, 2)
    decide(session, "oito-7", "void", "everyone")
    assert cells(seen(session, cast))["diagnóstico"] == (0, 1)


def test_the_latest_scoring_counts(session, cast, scene):
    decide(session, "oito-1", "replaced", fractions=[1, 0, 0, 0])
    assert cells(seen(session, cast))["triagem"] == (1, 2)


def test_the_limit_below_which_a_cell_says_nothing_is_a_setting(app, session, cast, scene):
    app.config["FEW_ITEMS"] = 2
    found = seen(session, cast)
    assert [cell.is_few for cell in found.rows[0].cells] == [False, False, True, False]


def test_many_answers_to_one_item_say_nothing_of_a_place(app):
    place = Place("triagem", "triagem", ("triagem",))
    found = [
        Answer(user, item, 1, "a", 1, 1.0, True, 75.0, clock.now(), "")
        for user in (1, 2, 3)
        for item in (1, 2)
    ]
    sums = heatmap._add_up(found, [((place, False),)] * len(found))
    assert (sums.all.answers, sums.all.is_few) == (6, True)
    assert sums.columns["triagem"].total.is_few
    found.append(Answer(1, 3, 1, "a", 2, None, False, 75.0, clock.now(), ""))
    sums = heatmap._add_up(found, [((place, False),)] * len(found))
    assert sums.all.is_few, "what nobody got to is no answer"
    found.append(Answer(1, 3, 1, "a", 2, 0.0, True, 75.0, clock.now(), ""))
    sums = heatmap._add_up(found, [((place, False),)] * len(found))
    assert not sums.all.is_few
    assert not sums.columns["triagem"].total.is_few


def test_by_section_a_step_counts_for_its_section_and_a_changed_text_is_known(session, cast, scene):
    overview = cells(seen(session, cast, by="section"))
    assert overview == {"conexao": (3.5, 5), "telefone": (1, 2)}
    before = seen(session, cast, by="section", procedure="conexao")
    assert [(c.place.key, len(c.items)) for c in before.columns] == [
        ("verificacao", 2),
        ("sinal-optico", 2),
        ("encerramento", 1),
    ], "in the order of the procedure"
    assert not any(cell.changed for cell in before.rows[0].cells)
    text = (SAMPLES / "procedures" / "conexao.md").read_text()
    changed = text.replace("-8 e -25", "-8 e -27").replace("## Encerramento", "## Despedida")
    path = session.execute(select(Procedure.path).where(Procedure.slug == "conexao")).scalar_one()
    file = importer.File(path, path, changed.encode())
    (report,) = importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
    assert report.status == "updated", report
    after = seen(session, cast, by="section", procedure="conexao")
    assert {key: cell.changed for key, cell in by_key(after).items()} == {
        "verificacao": 1,
        "sinal-optico": 2,
        "despedida": 0,
    }, "its first step is as it was, the whole of it rests on what is below"
    assert cells(after)["despedida"] == (0.5, 1), "renamed, not lost"


def test_a_section_or_a_quiz_for_others_is_not_there(session, cast, scene):
    audience.limit(session, "procedure", "telefone", [cast.sul], by="t", now=clock.now())
    assert cells(seen(session, cast, by="section")).keys() == {"conexao"}
    audience.limit(session, "quiz", "oito", [cast.sul], by="t", now=clock.now())
    assert seen(session, cast).columns == ()


def test_a_period_and_a_column_to_sort_by(session, cast, scene, quiz):
    sit(session, cast.bia, quiz, 3)
    old = Attempt.user_id == cast.bia.id
    ago = clock.now() - timedelta(days=100)
    session.execute(
        update(Attempt).where(old, Attempt.state == "submitted").values(submitted_at=ago)
    )
    assert [row.name[:3] for row in seen(session, cast, sort="total").rows] == ["Bia", "Ana"]
    assert [row.name[:3] for row in seen(session, cast, sort="-triagem").rows] == ["Ana", "Bia"]
    recent = seen(session, cast, period="90", sort="diagnóstico")
    assert [(row.name[:3], row.total.answers) for row in recent.rows] == [("Ana", 8), ("Bia", 0)]


def test_the_answers_behind_a_cell_are_those_that_it_counts(session, cast, scene):
    now = clock.now() + timedelta(seconds=1)
    bruno, ana = readers.find(session, cast.bruno.id), cast.ana.id
    _, found = proofs.of_cell(session, bruno, ana, View(), "diagnóstico", TODAY, now)
    assert [(one.position, one.state, one.attempt) for one in found] == [
        (3, "blank", scene.public_id),
        (6, "right", scene.public_id),
        (7, "right", found[2].attempt),
    ]
    with pytest.raises(Missing):
        proofs.of_cell(session, bruno, ana, View(), "nada", TODAY, now)


def lines(session, reader, user):
    asks = readers.find(session, reader.id)
    found = heatmap.of_person(session, asks, user.id, "competency", TODAY, clock.now())
    return {line.place.key: (line.cell.points, line.cell.answers, line.word) for line in found}


def test_oneself_sees_what_is_shown_and_no_single_answer_that_is_not(session, cast, scene, quiz):
    led = lines(session, cast.bruno, cast.ana)
    assert led == {
        "diagnóstico": (2, 3, "gap"),
        "registro": (0.5, 1, "few"),
        "comunicação": (1, 2, "few"),
        "triagem": (2, 2, "few"),
    }
    assert lines(session, cast.ana, cast.ana) == led, "passed: all is shown"
    asks = readers.find(session, cast.ana.id)
    sections = heatmap.of_person(session, asks, cast.ana.id, "section", TODAY, clock.now())
    assert {(line.place.key, line.cell.answers) for line in sections} >= {
        ("telefone#saudacao", 2),
        ("conexao#verificacao", 2),
    }
    sit(session, cast.bia, quiz, 1, 2, 8)
    own = lines(session, cast.bia, cast.bia)
    assert own == {"diagnóstico": (0, 3, "gap")}, "one answer alone would tell, beside a blank too"
    revise(session, quiz, review=ReviewRules(score="never"))
    sit(session, cast.bia, quiz, *range(1, 9))
    assert lines(session, cast.bia, cast.bia)["diagnóstico"] == (0, 3, "gap")
    assert lines(session, cast.bruno, cast.bia)["diagnóstico"] == (3, 3, "strength")


def test_a_manager_reaches_their_own_people_alone(sign_in, cast, scene):
    browser = sign_in(cast.bruno)
    page = browser.get("/heatmap")
    assert "Ana Agente" in page
    assert "2/3" in page
    for other in ("Gil", "Hugo"):
        assert other not in page
    proof = f"/heatmap/{cast.ana.public_id}?by=competency&period=365&key=triagem"
    assert proof.replace("&", "&amp;") in page
    assert "O que se confirma primeiro?" in browser.get(proof)
    for path in (
        f"/heatmap?team={cast.sul.public_id}",
        "/heatmap?team=nada",
        f"/heatmap/{cast.gil.public_id}?key=triagem",
        f"/heatmap/{cast.ana.public_id}?key=nada",
    ):
        browser.get(path, status=404)
    for page in ("?by=section", "?by=section&procedure=conexao&sort=-verificacao&period=all"):
        assert "conexao" in browser.get(f"/heatmap{page}")
    csv = browser.http.get("/exports/heatmap.csv?by=section&procedure=conexao").text
    assert "Ana Agente;1001;3,5;5;70;2;2;1;2;0,5;1" in csv
    assert "Gil" not in csv
    for nobody in (cast.ana, cast.teo, cast.iara):
        sign_in(nobody).get("/heatmap", status=404)
