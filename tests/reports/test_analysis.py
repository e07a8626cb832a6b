"""Item analysis of real attempts: what counts, what is kept, who sees which of it."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from quizapp import clock, jobs
from quizapp.content import importer, keys
from quizapp.content.models import Bank, Item, ItemRevision
from quizapp.people import audience
from quizapp.quiz import attempts
from quizapp.quiz.models import Attempt, AttemptItem
from quizapp.reports import analysis, look_words, readers
from quizapp.reports.models import QuizAnalysis
from quizapp.reports.sheets.registry import KINDS
from quizapp.reports.statistics.analysis import analyse
from quizapp.reports.statistics.looks import CODES
from quizapp.reports.statistics.model import Asked, Look, Mark, Options
from quizapp.tasks import analysing
from quizapp.tasks.worker import work_once
from tests.conftest import SAMPLES, TODAY
from tests.quiz.test_attempts import begin, give, right_answers
from tests.reports.test_heatmap import decide, sit

ALL = range(1, 9)


@pytest.fixture
def few(app):
    """Figures from so few answers as the tests give."""
    app.config.update(FACILITY_FROM=2, DISCRIMINATION_FROM=3)


def choose(session, user, quiz, option, *right):
    """An attempt in which the first item gets this option, by its place in the source."""
    attempt = begin(session, user, quiz)
    sent = right_answers(session, attempt)
    shown = session.get_one(AttemptItem, (attempt.id, 1)).shown
    give(session, user, attempt, 1, option=[str(shown.index(option) + 1)])
    for position in right:
        give(session, user, attempt, position, **sent[position - 1])
    attempts.submit(session, user, attempt.public_id, clock.now())
    session.commit()
    return attempt


def reword(session, old, new):
    """Another text of an option, with the key confirmed again."""
    path = session.scalars(select(Bank.path).where(Bank.slug == "oito")).one()
    text = (SAMPLES / "banks" / "oito.md").read_text().replace(old, new)
    file = importer.File(path, path, text.encode())
    importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
    newest = session.scalars(select(ItemRevision).order_by(ItemRevision.id.desc())).first()
    keys.confirm(session, newest, by="t", now=clock.now())
    session.commit()


def test_the_figures_are_those_of_the_latest_scores_without_void_items_and_attempts(
    session, cast, quiz, few
):
    sittings = [
        (cast.ana, choose(session, cast.ana, quiz, 1, 2, 3)),
        (cast.ana, sit(session, cast.ana, quiz, *ALL)),
        (cast.bia, choose(session, cast.bia, quiz, 0, *range(2, 9))),
        (cast.gil, choose(session, cast.gil, quiz, 2, 4, 8)),
    ]
    half = begin(session, cast.bia, quiz)
    sent = right_answers(session, half)
    give(session, cast.bia, half, 2, option=sent[1]["option"][:1])
    give(session, cast.bia, half, 5, **sent[4])
    attempts.submit(session, cast.bia, half.public_id, clock.now())
    void = sit(session, cast.hugo, quiz, *ALL)
    session.execute(update(Attempt).where(Attempt.id == void.id).values(state="void"))
    begin(session, cast.hugo, quiz)
    decide(session, "oito-1", "replaced", fractions=[1, 0, 0, 0])
    decide(session, "oito-8", "void")
    reword(session, "O modelo do roteador.", "A marca do roteador.")

    items = dict(session.execute(select(Item.uid, Item.id)).all())
    ids = [items[f"oito-{n}"] for n in ALL]
    # By hand: the option of the first item; which of the others are right. Up to the last of these
    # it went, also where that one is void.
    told = [(1, {2, 3}), (1, set(ALL)), (0, set(range(2, 9))), (2, {4, 8}), (None, {5})]
    both = {1: (0, 1), 2: (0,), 7: (0,)}
    marks = []
    people = [*sittings, (cast.bia, half)]
    for (person, attempt), (option, right) in zip(people, told, strict=True):
        for position in range(1, 8):
            fraction = 1.0 if position in right else None
            if position == 1:
                fraction = None if option is None else float(option == 0)
            chosen = None
            if position in (2, 3):
                chosen = {2: (0, 1), 3: (0,)}[position] if fraction else ()
            if attempt is half and position == 2:
                fraction, chosen = 0.5, (min(both[2]),)
            marks.append(
                Mark(
                    person.id, ids[position - 1], attempt.id, position, 1, fraction,
                    position <= max(right), chosen, None,
                )
            )  # fmt: skip
    asked = {
        ids[0]: Asked(4, frozenset({1})),  # as it is asked now
        ids[1]: Asked(4, frozenset({0, 1}), several=True),
        ids[2]: Asked(2, frozenset({0})),
    }
    for exposures in analysis.EXPOSURES:
        worked = analysis.work_out(session, quiz, exposures, clock.now())
        expected = analyse(marks, asked, Options(exposures, 75, frozenset(), 2, 3))
        assert worked.figures.to_json() == expected.to_json()
    assert worked.left_out == (ids[7],)
    assert worked.older == {ids[0]: 4}, "other options were chosen from"
    assert worked.attempts == 5


def test_what_is_kept_is_the_same_and_knows_what_came_since(session, cast, quiz, few, monkeypatch):
    sit(session, cast.ana, quiz, 1, 2)
    sit(session, cast.bia, quiz, 1, 2, 3)
    monkeypatch.setattr(analysis, "AT_ONCE", 0)
    assert analysis.of_quiz(session, quiz, "first", clock.now()) == (None, 1), "for the worker"
    analysing.plan(session, clock.now())
    assert work_once()
    assert not work_once()
    kept, _ = analysis.of_quiz(session, quiz, "first", clock.now())
    worked = analysis.work_out(session, quiz, "first", kept.at)
    assert kept == replace(worked, left_out=[])
    assert not kept.is_stale
    sit(session, cast.gil, quiz, 1)
    decide(session, "oito-5", "void", "everyone")
    later, submitted = analysis.of_quiz(session, quiz, "first", clock.now())
    assert (later.since, later.rescored, later.is_other, submitted) == (1, 3, True, 3)
    noon = clock.now().replace(hour=15)
    analysing.plan(session, noon)
    assert not work_once(), "by day it waits for the night"
    night = noon.replace(hour=5)  # two o'clock in São Paulo
    analysing.plan(session, night)
    assert work_once()
    session.expire_all()
    fresh, _ = analysis.of_quiz(session, quiz, "first", clock.now())
    assert (fresh.attempts, fresh.is_stale) == (3, False)
    before = session.get_one(QuizAnalysis, (quiz.id, "first")).stamp
    void = sit(session, cast.hugo, quiz)
    session.execute(update(Attempt).where(Attempt.id == void.id).values(state="void"))
    session.commit()
    analysing.plan(session, night)
    session.expire_all()
    after = session.get_one(QuizAnalysis, (quiz.id, "first")).stamp
    assert after != before, "what is fresh is as of now"
    assert not work_once()


def test_a_trainer_reads_looks_decides_and_takes_it_along(
    app, session, cast, sign_in, quiz, few, monkeypatch
):
    cast.teo.locale = "en"
    for person in (cast.ana, cast.bia, cast.gil, cast.hugo):
        choose(session, person, quiz, 0, 3)
    browser = sign_in(cast.teo)
    assert "Oito questões" in browser.get("/analysis")
    page = browser.get(f"/analysis/{quiz.slug}?sort=-facility")
    assert page.index("/analysis/oito/oito/oito-3") < page.index("4 attempts by score")
    assert "Everybody who answers gets it right (4 of 4)" in page
    assert "/banks/oito/items/oito-3/decision" in page
    item = browser.get(f"/analysis/{quiz.slug}/oito/oito-1")
    assert "O modelo do roteador." in item
    assert "/procedures/conexao#verificacao.1" in item
    browser.get(f"/analysis/{quiz.slug}/oito/oito-99", status=404)
    monkeypatch.setattr(analysis, "AT_ONCE", 3)
    assert "Work it out now" in browser.get(f"/analysis/{quiz.slug}")
    page = browser.post(f"/analysis/{quiz.slug}")
    assert "data-progress" in page
    browser.post(f"/analysis/{quiz.slug}")
    assert len(session.scalars(select(jobs.Job)).all()) == 1, "asked for twice, done once"
    assert work_once()
    assert "4 attempts" in browser.get(f"/analysis/{quiz.slug}")
    assert browser.get_json(f"/analysis/{quiz.slug}")["ended"]
    sit(session, cast.ana, quiz, 1)
    assert "1 attempt came since" in browser.get(f"/analysis/{quiz.slug}")
    (sheet,) = KINDS["items"].build(
        session, readers.find(session, cast.teo.id), {"quiz": quiz.slug}, clock.now()
    )
    assert len(sheet.rows) == 8
    assert all(len(row) == len(sheet.columns) for row in sheet.rows)
    assert "Ana" not in browser.get("/analysis") + browser.get(f"/analysis/{quiz.slug}")


def test_managers_see_figures_of_many_and_neither_text_nor_key_nor_other_teams(
    app, session, cast, sign_in, quiz
):
    cast.bruno.locale = cast.carla.locale = "en"
    for person in (cast.ana, cast.bia, cast.gil, cast.hugo):
        choose(session, person, quiz, 0, 3)
    bruno = sign_in(cast.bruno)
    assert "fewer than 30 attempts" in bruno.get("/analysis")
    assert "4 of 4" not in bruno.get(f"/analysis/{quiz.slug}"), "few people are not told of"
    app.config.update(FACILITY_FROM=4, DISCRIMINATION_FROM=4)
    pages = bruno.get("/analysis") + bruno.get(f"/analysis/{quiz.slug}?exposures=all&sort=n")
    assert "4 attempts" in pages
    texts = session.execute(select(ItemRevision.stem, ItemRevision.content)).all()
    for stem, content in texts:
        said = [stem, *(one["text"] for side in content.values() if isinstance(side, list)
                        for one in side)]  # fmt: skip
        assert not [text for text in said if len(text) > 9 and text in pages]
    assert not [uid for uid in ("oito-1", "oito-3", "Norte", "Sul") if uid in pages]
    bruno.get(f"/analysis/{quiz.slug}/oito/oito-1", status=404)
    bruno.post(f"/analysis/{quiz.slug}", status=404)
    bruno.get(f"/exports/items.csv?quiz={quiz.slug}", status=404)
    audience.limit(session, "quiz", quiz.slug, [cast.norte], by="t", now=clock.now())
    session.commit()
    carla = sign_in(cast.carla)
    assert quiz.title not in carla.get("/analysis")
    carla.get(f"/analysis/{quiz.slug}", status=404)
    (sheet,) = KINDS["analysis"].build(
        session, readers.find(session, cast.carla.id), {}, clock.now()
    )
    assert sheet.rows == []
    assert "4 attempts" in bruno.get(f"/analysis/{quiz.slug}")
    for other in (cast.ana, cast.iara):
        browser = sign_in(other)
        browser.get("/analysis", status=404)
        browser.get(f"/analysis/{quiz.slug}", status=404)


ARGS = {
    "option": 1, "chosen": 30, "key_chosen": 10, "best": 41, "is_key": False, "n": 99,
    "discrimination": -0.2, "facility": 0.1, "chance": 0.25, "right": 3, "unreached": 20,
    "blank": 20, "seconds": 90.0, "typical": 30.0, "unchosen": (2, 3),
}  # fmt: skip


def test_every_look_has_a_sentence_of_its_own_with_its_numbers(app):
    with app.test_request_context():
        said = {code: look_words.said(Look(code, 1, "look", ARGS)) for code in CODES}
        kept = look_words.said(Look("key_doubted", 1, "act", {**ARGS, "is_key": True}))
    assert len({*said.values(), kept}) == len(CODES) + 1
    assert all(any(sign.isdigit() for sign in text) for text in said.values())


def test_what_was_kept_in_another_form_is_worked_out_anew(session, cast, quiz, few, monkeypatch):
    sit(session, cast.ana, quiz, 1)
    analysis.keep(session, quiz.id, "first", analysis.work_out(session, quiz, "first", clock.now()))
    monkeypatch.setattr(analysis, "AT_ONCE", 0)
    assert analysis.of_quiz(session, quiz, "first", clock.now())[0]
    row = session.get_one(QuizAnalysis, (quiz.id, "first"))
    row.figures = {name: value for name, value in row.figures.items() if name != "form"}
    session.commit()
    assert analysis.of_quiz(session, quiz, "first", clock.now())[0] is None
    analysing.plan(session, clock.now().replace(hour=15))
    assert work_once(), "also by day"
    session.expire_all()
    assert analysis.of_quiz(session, quiz, "first", clock.now())[0]
