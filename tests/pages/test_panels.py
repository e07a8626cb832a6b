"""Judges of a cut score in the browser: asked, item by item, blind until handed in, taken over."""

import io
import re
import zipfile

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.quiz import panel_results, panels, quizzes
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.models import CutEstimate, CutJudge, CutPanel, Quiz
from quizapp.quiz.rules import Rules
from quizapp.reports.models import ExportedFile
from quizapp.reports.sheets import files
from quizapp.tasks.worker import work_once
from tests.pages.test_quiz_editor import fields
from tests.quiz.making import add_bank
from tests.quiz.test_panels import SAID, judged, opened, say
from tests.quiz.test_starting import make


@pytest.fixture
def pooled(session, cast):
    """A quiz of two of four questions; trainer and managers read English."""
    for user in (cast.ana, cast.teo, cast.bruno, cast.carla):
        user.locale = "en"
    add_bank(session, "aa", 4)
    made = make(session, Blueprint((Part("aa", n=2),)), Rules(cut_score=80), title="Fila N1")
    session.commit()
    return made


def test_judges_are_asked_judge_blind_and_their_cut_score_is_taken_over(
    sign_in, cast, pooled, session
):
    teo, bruno = sign_in(cast.teo), sign_in(cast.bruno)
    assert "not asked" in bruno.get("/panels")
    assert "/panels/of/fila-n1" in teo.get("/trainer/quizzes/fila-n1")
    assert "Ana Agente" not in teo.get("/panels/of/fila-n1")
    people = [cast.teo.public_id, cast.bruno.public_id, cast.carla.public_id]
    page = teo.post("/panels/of/fila-n1", {"judge": people[:2]}, status=422)
    assert "three judges or more" in page
    teo.post("/panels/of/fila-n1", {"judge": people})
    session.expire_all()
    panel = session.execute(select(CutPanel)).scalar_one()
    base = f"/panels/{panel.public_id}"
    # Somebody has handed in: who has not sees nothing of it, also not who set it up.
    say(session, cast, pooled, panel, "carla", dict.fromkeys(SAID["carla"], 7))
    session.commit()
    assert "You are asked to judge" in bruno.get("/notices")
    for browser in (teo, bruno):
        page = browser.get(base)
        assert "Carla Gestora" in page
        for word in ("70%", "What they say together", "Question by question", "Take over"):
            assert word not in page
    # One item at a time, without its key.
    page = bruno.get(f"{base}/judge")
    assert "Question 1 of 4" in page
    assert "0 of 4 estimated" in page
    for word in ("Certo 0", "Errado 0", "Outro 0"):
        assert word in page
    assert "checked" not in page
    asked = panels.of_pool(session, pooled)
    for n, one in enumerate(asked, start=1):
        fields_ = {"item": one.name, "revision": one.revision_id}
        bruno.post(f"{base}/judge/{n}", fields_, status=422)
        bruno.post(f"{base}/judge/{n}", {**fields_, "of_ten": "11"}, status=422)
        stale = {**fields_, "revision": 0, "of_ten": 3}
        assert bruno.post_json(f"{base}/judge/{n}", stale, status=422)["code"] == "invalid"
        said = bruno.post_json(f"{base}/judge/{n}", {**fields_, "of_ten": 3})
        assert (said["saved"], said["done"]) == (True, n)
    assert said["next"] == base
    assert "70%" not in bruno.get(base)
    page = bruno.post(f"{base}/hand-in")
    assert "What they say together" in page
    assert "Here is what the others said" in page
    assert "Take over" not in page, "that is the trainer's"
    bruno.post(f"{base}/judge/1", {**fields_, "of_ten": 9}, status=409)
    assert "Give back" in teo.get(base)
    teo.post(f"{base}/judges/{cast.bruno.public_id}/back")
    assert "given back" in bruno.get("/notices")
    bruno.post(f"{base}/hand-in")
    session.expire_all()
    say(session, cast, pooled, session.get_one(CutPanel, panel.id), "teo")
    session.commit()
    page = teo.get(base)
    # Means of the items, of ten: (7 + 3 + 9, 8, 3, 2) / 3.
    assert "Take over 51.6%" in page
    assert page.count('<circle class="plot-dot"') == 11, "two of twelve estimates are the same"
    teo.post(f"{base}/close", {"do": "drop", "reason": ""}, status=422)
    taken = {"do": "take", "seen": "51.7"}
    assert "just changed" in teo.post(f"{base}/close", taken, status=422)
    assert "Taken over" in teo.post(
        f"{base}/close", {**taken, "seen": "51.6", "reason": "Conversado."}
    )
    teo.post(f"{base}/close", {"do": "take"}, status=422)
    page = teo.get("/trainer/quizzes/fila-n1")
    assert "each form has the cut score of its own questions" in page
    assert "Conversado." in page
    assert "judges estimated 4" in teo.get("/trainer/quizzes/fila-n1/history")
    page = sign_in(cast.ana).get("/quizzes/fila-n1")
    assert "about 51.6%" in page
    assert "depends on the questions you get" in page


def test_whoever_hands_in_first_is_not_sent_to_what_others_said(sign_in, cast, pooled, session):
    panel = opened(session, cast, pooled)
    for one in panels.of_pool(session, pooled):
        panels.estimate(session, panel, cast.bruno.id, one, 5, clock.now())
    session.commit()
    page = sign_in(cast.bruno).post(f"/panels/{panel.public_id}/hand-in")
    assert "Handed in." in page
    assert "Here is what the others said" not in page


def test_the_judges_stay_while_the_cut_score_does(sign_in, cast, pooled, session):
    panel = judged(session, cast, pooled)
    panel_results.take(session, panel, pooled, "", by="teo", now=clock.now())
    session.commit()
    teo = sign_in(cast.teo)
    assert "takes the place of theirs" in teo.get("/trainer/quizzes/fila-n1/edit")
    number = quizzes.revision_of(session, pooled).number
    sent = fields(
        title="Outra",
        reason="Título",
        number=str(number),
        **{"part-0-what": "any", "cut_score": "55"},
    )
    sent = {name: value for name, value in sent.items() if not name.startswith("part-1")}
    teo.post("/trainer/quizzes/fila-n1/edit", sent)
    session.expire_all()
    (quiz,) = session.execute(select(Quiz)).scalars()
    assert quiz.title == "Outra"
    assert quizzes.rules_of(session, quiz).cut_by is not None
    teo.post(
        "/trainer/quizzes/fila-n1/edit", {**sent, "cut_score": "60", "number": str(number + 1)}
    )
    session.expire_all()
    assert quizzes.rules_of(session, session.get_one(Quiz, quiz.id)).cut_by is None


def test_a_panel_is_nowhere_for_whom_it_is_not(sign_in, cast, pooled, session):
    panel = opened(session, cast, pooled, ("teo", "bruno", "carla"))
    session.delete(session.get_one(CutJudge, (panel.id, cast.carla.id)))
    session.commit()
    base = f"/panels/{panel.public_id}"
    one = panels.of_pool(session, pooled)[0]
    given = {"item": one.name, "revision": one.revision_id, "of_ten": 5}
    for user in (cast.carla, cast.ana, cast.iara):
        browser = sign_in(user)
        for path in (base, f"{base}/judge", f"{base}/judge/1"):
            browser.get(path, status=404)
        browser.post(f"{base}/judge/1", given, status=404)
        for path in ("hand-in", "close", "invite", f"judges/{cast.bruno.public_id}/back"):
            browser.post(f"{base}/{path}", {"do": "drop", "reason": "x"}, status=404)
        browser.get("/panels/of/fila-n1", status=404)
        if user is cast.carla:
            assert "Fila N1" not in browser.get("/panels")
        else:
            browser.get("/panels", status=404)
    assert session.execute(select(CutEstimate)).first() is None
    # Who judges sets nothing up.
    bruno = sign_in(cast.bruno)
    bruno.post(f"{base}/close", {"do": "drop", "reason": "x"}, status=404)
    bruno.post(f"{base}/judge/1", {**given, "item": "aa#nada"}, status=404)


def ticked(page):
    """The people who can be ticked on a page, in order, and how many of them are."""
    found = re.findall(r'name="judge" value="([^"]+)"( checked)?>', page)
    assert [bool(mark) for _, mark in found] == sorted((bool(m) for _, m in found), reverse=True)
    return [who for who, _ in found], sum(bool(mark) for _, mark in found)


def test_judges_are_found_by_name_and_those_chosen_stay_on_top(sign_in, cast, pooled, session):
    teo, bruno, carla = (getattr(cast, name).public_id for name in ("teo", "bruno", "carla"))
    browser = sign_in(cast.teo)
    address = "/panels/of/fila-n1"
    assert ticked(browser.get(address)) == ([bruno, carla, teo], 0)
    page = browser.get(f"{address}?name=INSTRUTOR+teo&judge={carla}")
    assert ticked(page) == ([carla, teo], 1)
    assert "1 more person has another name" in page
    # The address never carries the token: only the button that asks them does.
    _, _, form = page.partition('<form method="get" action="/panels/of/fila-n1">')
    form, _, _ = form.partition("</form>")
    assert form.count("csrf_token") == 1
    assert 'formmethod="post" formaction="/panels/of/fila-n1" name="csrf_token"' in form
    page = browser.get(f"{address}?name=ninguem&judge={carla}&judge=0123456789abcdef")
    assert ticked(page) == ([carla], 1)
    assert "Nobody else has this name" in page
    page = browser.post(address, {"judge": [teo, carla], "name": "car"}, status=422)
    assert ticked(page) == ([carla, teo], 2), "what was chosen stays where it was refused"
    panel = opened(session, cast, pooled, ("teo", "bruno", "carla"))
    session.delete(session.get_one(CutJudge, (panel.id, cast.bruno.id)))
    session.commit()
    base = f"/panels/{panel.public_id}"
    assert '<details id="ask">' in browser.get(base)
    page = browser.get(f"{base}?name=bru")
    assert '<details id="ask" open>' in page
    assert ticked(page) == ([bruno], 0)
    assert 'name="judge"' not in sign_in(cast.carla).get(f"{base}?name=bru")
    browser.post(f"{base}/invite", {"judge": bruno})
    assert session.get(CutJudge, (panel.id, cast.bruno.id))


def tables(browser, public_id):
    """The tables of a panel's file, by name."""
    response = browser.http.get(f"/exports/panel.csv?panel={public_id}")
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        return {
            name[3:-4]: archive.read(name).decode("utf-8-sig").splitlines()
            for name in archive.namelist()
        }


def test_a_panel_is_taken_home_by_who_may_see_what_it_says(sign_in, cast, pooled, session):
    panel = opened(session, cast, pooled)
    session.commit()
    file, page = f"/exports/panel.xlsx?panel={panel.public_id}", f"/panels/{panel.public_id}"
    browsers = {name: sign_in(getattr(cast, name)) for name in ("teo", "bruno", "carla", "ana")}
    for browser in browsers.values():
        browser.get(file, status=404)
    for name in ("teo", "carla"):
        say(session, cast, pooled, panel, name)
    session.commit()
    # Who has yet to judge sees nothing of it, here as there.
    for name, status in (("teo", 200), ("carla", 200), ("bruno", 404), ("ana", 404)):
        assert browsers[name].http.get(file).status_code == status, name
    assert "/exports/panel.xlsx?panel=" in browsers["carla"].get(page)
    assert "/exports/panel" not in browsers["bruno"].get(page)
    say(session, cast, pooled, panel, "bruno")
    session.commit()
    found = tables(browsers["bruno"], panel.public_id)
    assert found["cut-score"][1] == "55;2,5;1,443;3;4;2;25;55,55;85"
    assert found["the-judges"][1].startswith("Bruno Gestor;")
    assert found["the-judges"][1].endswith(";57,5;")
    assert found["questions"][0].endswith("Bruno Gestor;Carla Gestora;Téo Instrutor")
    assert found["questions"][1].startswith("aa-0;")
    assert found["questions"][1].endswith(";9;8;10;1;;10;8;9")
    assert len(found["forms"]) == 1 + 100
    forms = {row.split(";", 1)[1] for row in found["forms"][1:]}
    assert forms == {"25;1;2", "50;1;2", "55;2;2", "60;2;2", "85;2;2"}, "with the points to pass"


def test_a_panels_file_that_took_long_is_for_who_may_see_the_panel_when_it_is_ready(
    app, sign_in, cast, pooled, session, monkeypatch
):
    monkeypatch.setitem(files.AT_ONCE, "pdf", 0)
    panel = judged(session, cast, pooled)
    session.commit()
    asked, carla = f"/exports/panel.pdf?panel={panel.public_id}", sign_in(cast.carla)
    carla.post(asked)
    row = session.scalars(select(ExportedFile)).one()
    assert work_once()
    path = f"/exports/jobs/{row.public_id}/file"
    assert carla.http.get(path).data.startswith(b"%PDF")
    panels.give_back(session, panel, pooled, cast.carla.public_id, by="teo", now=clock.now())
    session.commit()
    carla.get(path, status=404)
    carla.post(asked, status=404)
