"""The trainer's quizzes: put together on a page, looked at, published."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.evidence.models import EvidenceEntry
from quizapp.pages.quiz_forms import PartRow, part_choices
from quizapp.people import teams
from quizapp.quiz import attempts, composing, quizzes, starting
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.models import Allowance, Quiz, QuizRevision
from tests.conftest import TODAY
from tests.quiz.making import add_bank, bank_text, import_text


@pytest.fixture
def two_banks(session, cast):
    """Two banks whose keys are published, with exam and practice items; Téo reads English."""
    cast.teo.locale = "en"
    for name in ("aa", "bb"):
        add_bank(session, name, 6, 3)
    session.commit()


def fields(**more):
    """What the page sends for a new exam of two parts."""
    return {
        "title": "Certificação N1",
        "use": "exam",
        "part-0-bank": "aa",
        "part-0-what": "competency:triagem",
        "part-0-n": "2",
        "part-0-points": "1",
        "part-1-bank": "bb",
        "part-1-what": "items",
        "part-1-items": ["bb-0", "bb-1"],
        "part-1-points": "2",
        "counts": "best",
        "navigation": "free",
        "layout": "one",
        "cut_score": "72,5",
        "cut_reason": "Combinado com a coordenação.",
        "multiple": "balanced",
        "ordering": "exact",
        "matching": "share",
        "consultation": "y",
        "exposure_limit": "200",
        "review_score": "submit",
        "review_responses": "submit",
        "review_right": "passed",
        "review_key": "passed",
        "review_explanations": "passed",
        "number": "0",
        "do": "save",
        **more,
    }


def made(session):
    session.expire_all()
    return session.execute(select(Quiz)).scalar_one()


def test_an_exam_of_two_banks_is_put_together_saved_and_published(
    sign_in, cast, two_banks, session
):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    page = browser.post(
        "/trainer/quizzes/new",
        fields(
            opens_at="2026-12-01T08:00",
            minutes="30",
            eliminatory=["bb#bb-0"],
            **{"minimum:triagem": "60"},
        ),
    )
    assert "Draft" in page
    # 2 of one point and 2 of two: 72.5 % of 6 is 4.35.
    assert "5 of 6 points" in page
    quiz = made(session)
    rules, blueprint = quizzes.rules_of(session, quiz), quizzes.blueprint_of(session, quiz)
    assert rules.cut_score == 72.5
    assert rules.opens_at.isoformat() == "2026-12-01T08:00:00-03:00"
    assert rules.minima == {"triagem": 60}
    assert blueprint.eliminatory == {"bb#bb-0"}
    assert blueprint.banks == ("aa", "bb")
    assert "Certificação" not in sign_in(cast.ana).get("/quizzes")
    assert "On the list" in browser.post(f"/trainer/quizzes/{quiz.slug}/publish")
    assert "Certificação" in sign_in(cast.ana).get("/quizzes")
    assert "Draft" not in browser.get("/trainer/quizzes")


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    sign_in, cast, two_banks, session
):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    page = browser.post(
        "/trainer/quizzes/new",
        fields(
            cut_score="8o",
            minutes="x1",
            opens_at="2026-12-02T08:00",
            **{"part-0-n": "many", "minimum:triagem": "200"},
        ),
        status=422,
    )
    for typed in ('value="8o"', 'value="x1"', 'value="many"', 'value="200"', "Certificação N1"):
        assert typed in page
    assert 'value="2026-12-02T08:00"' in page
    assert page.count('aria-invalid="true"') == 4
    assert session.execute(select(func.count()).select_from(Quiz)).scalar() == 0


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"opens_at": "2026-12-02T08:00", "closes_at": "2026-12-01T08:00"}, "before it opens"),
        ({"navigation": "sequential", "layout": "all"}, "Forward only does not go"),
        ({"title": "  "}, "Give the quiz a title"),
        ({"part-1-items": []}, "at least one question"),
        ({"cut_score": ""}, "A percentage from 0 to 100"),
        ({"cut_score": "nan"}, "A percentage from 0 to 100"),
        ({"counts": "worst"}, "Not a valid choice"),
    ],
)
def test_contradictions_are_not_saved(sign_in, cast, two_banks, session, wrong, said):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    assert said in browser.post("/trainer/quizzes/new", fields(**wrong), status=422)
    assert session.execute(select(func.count()).select_from(Quiz)).scalar() == 0


def test_parts_are_added_moved_and_removed_without_script(sign_in, cast, two_banks):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    page = browser.post("/trainer/quizzes/new", fields(do="add", bank="aa"))
    assert len(re.findall(r'name="part-\d-bank"', page)) == 3
    assert "competency:registro" in page
    page = browser.post("/trainer/quizzes/new", fields(do="up-1"))
    assert re.findall(r'name="part-\d-bank" value="(..)"', page) == ["bb", "aa"]
    page = browser.post("/trainer/quizzes/new", fields(do="remove-0"))
    assert re.findall(r'name="part-\d-bank" value="(..)"', page) == ["bb"]
    assert 'value="72,5"' in page
    page = browser.post("/trainer/quizzes/new", fields(do="add", bank="nowhere"))
    assert len(re.findall(r'name="part-\d-bank"', page)) == 2


def test_looking_first_says_what_stands_out_and_saves_nothing(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    page = browser.post(
        "/trainer/quizzes/new", fields(do="check", cut_reason="", **{"part-0-n": "9"})
    )
    assert "Part 1 wants 9 questions and finds 3" in page
    assert "Nobody has said why" in page
    assert "fewer than 20 questions" in page
    assert session.execute(select(func.count()).select_from(Quiz)).scalar() == 0


def test_each_save_is_a_version_with_name_and_reason(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    browser.post("/trainer/quizzes/new", fields())
    path = f"/trainer/quizzes/{made(session).slug}"
    page = browser.post(f"{path}/edit", fields(number="1", cut_score="80"), status=422)
    assert "Say why" in page
    browser.post(f"{path}/edit", fields(number="1", cut_score="80", reason="Reunião de maio"))
    page = browser.get(f"{path}/history")
    assert "<del>72.5%</del>" in page
    assert "Reunião de maio" in page
    assert "Téo Instrutor" in page
    # What somebody else saved meanwhile is not overwritten.
    page = browser.post(
        f"{path}/edit", fields(number="1", cut_score="60", reason="Outro"), status=422
    )
    assert "meanwhile" in page
    # The same again adds nothing.
    browser.post(f"{path}/edit", fields(number="2", cut_score="80"))
    assert session.execute(select(func.count()).select_from(QuizRevision)).scalar() == 2
    kinds = session.execute(select(EvidenceEntry.kind)).scalars().all()
    assert kinds.count("quiz.revised") == 2


def test_a_fixed_item_of_the_other_use_is_refused(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    page = browser.post(
        "/trainer/quizzes/new", fields(**{"part-1-items": ["bb-0", "bb-7"]}), status=422
    )
    assert "An exam shows no practice question: bb#bb-7" in page
    page = browser.post("/trainer/quizzes/new", fields(use="practice"), status=422)
    assert "Practice shows no exam question" in page


def test_an_item_whose_use_changes_is_gone_from_the_next_form_and_that_is_said(
    sign_in, cast, two_banks, session
):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    browser.post("/trainer/quizzes/new", fields())
    quiz = made(session)
    quizzes.open_quiz(session, quiz, by="test", now=clock.now())
    text = bank_text("bb", 6, 3).replace("{#bb-0}\nUso: prova", "{#bb-0}\nUso: treino")
    import_text(session, "bb", text)
    session.commit()
    page = browser.get(f"/trainer/quizzes/{quiz.slug}")
    assert "now of the other use" in page
    assert "bb#bb-0" in page
    form = composing.draft(session, "exam", quizzes.blueprint_of(session, quiz), 1)
    assert "bb-0" not in {form.candidates[place.candidate].uid for place in form.drawn}


def test_the_preview_shows_a_form_without_its_key(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    browser.post("/trainer/quizzes/new", fields(eliminatory=["bb#bb-0"]))
    path = f"/trainer/quizzes/{made(session).slug}/preview"
    page = browser.get(path)
    assert "eliminatory" in page
    assert "2 points" in page
    assert "about 3 different forms" in page
    assert "fractions" not in page
    shown = page[page.index("<article") : page.index("</main>")]
    assert shown in browser.get(f"{path}?seed=1")
    drawn = {
        tuple(re.findall(r"<code>aa#(aa-\d)</code>", browser.get(f"{path}?seed={n}")))
        for n in range(9)
    }
    assert len(drawn) > 1


def test_the_preview_says_what_the_pool_lacks(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    browser.post("/trainer/quizzes/new", fields(**{"part-0-n": "9"}))
    slug = made(session).slug
    assert "wants 9, finds 3" in browser.get(f"/trainer/quizzes/{slug}/preview")
    assert "pool too small" in browser.get("/trainer/quizzes")


def test_the_practice_quiz_is_one_click_away(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    page = browser.post("/trainer/quizzes/new", fields())
    assert "An exam never shows them" in page
    slug = made(session).slug
    page = browser.post(f"/trainer/quizzes/{slug}/practice")
    assert "6 questions in each form" in page
    session.expire_all()
    practice = session.execute(select(Quiz).where(Quiz.use == "practice")).scalar_one()
    assert quizzes.rules_of(session, practice).review.key == "submit"
    assert f"/trainer/quizzes/{practice.slug}" in browser.get(f"/trainer/quizzes/{slug}")
    # A second click would add a second one: the button is gone.
    assert "An exam never shows them" not in browser.get(f"/trainer/quizzes/{slug}")


def test_items_at_the_limit_are_said_on_the_list_and_the_quiz(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    browser.post("/trainer/quizzes/new", fields(exposure_limit="1"))
    quiz = made(session)
    quizzes.open_quiz(session, quiz, by="test", now=clock.now())
    assert "shown too often" not in browser.get("/trainer/quizzes")
    starting.start(session, cast.ana, quiz, seed=1, language="pt_BR", now=clock.now(), today=TODAY)
    session.commit()
    assert "4 questions shown too often" in browser.get("/trainer/quizzes")
    page = browser.get(f"/trainer/quizzes/{quiz.slug}")
    assert page.count("limit 1") == 4
    assert "shown too often" in browser.get("/")


def test_saving_changes_no_attempt_under_way(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    browser.post("/trainer/quizzes/new", fields(minutes="30"))
    quiz = made(session)
    quizzes.open_quiz(session, quiz, by="test", now=clock.now())
    attempt = starting.start(
        session, cast.ana, quiz, seed=1, language="pt_BR", now=clock.now(), today=TODAY
    )
    session.commit()
    before = attempts.terms(attempt), attempt.deadline_at
    page = browser.post(
        f"/trainer/quizzes/{quiz.slug}/edit",
        fields(number="1", minutes="5", cut_score="99", navigation="sequential", reason="Teste"),
    )
    assert "keep the rules they began with" in page
    session.expire_all()
    assert (attempts.terms(attempt), attempt.deadline_at) == before


def test_a_team_or_a_number_gets_more_and_it_ends(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    browser.post("/trainer/quizzes/new", fields(minutes="30", attempts="1"))
    quiz = made(session)
    path = f"/trainer/quizzes/{quiz.slug}/allowances"
    given = {"minutes": "15", "attempts": "1", "reason": "Leitura assistida"}
    page = browser.post(path, {**given, "number": "1001"})
    assert "15 minutes more" in page
    assert "Ana" not in page  # a trainer sees no names
    browser.post(path, {**given, "team": cast.sul.public_id})
    session.expire_all()
    assert starting.standing(session, cast.ana.id, quiz).rules.minutes == 45
    assert starting.standing(session, cast.gil.id, quiz).rules.attempts == 2
    assert starting.standing(session, cast.bia.id, quiz).rules.minutes == 30
    for wrong in (
        {"number": "1001", "reason": ""},
        {"number": "77"},
        {},
        {"number": "1001", "team": cast.sul.public_id},
        {"number": "1001", "minutes": "9999"},
    ):
        browser.post(path, {**given, **wrong}, status=422)
    first = session.execute(select(Allowance.id).order_by(Allowance.id)).scalars().first()
    browser.post(f"{path}/{first}/end")
    session.expire_all()
    assert starting.standing(session, cast.ana.id, quiz).rules.minutes == 30
    browser.post(f"{path}/99/end", status=404)


def test_nobody_gives_more_to_themselves(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    browser.post("/trainer/quizzes/new", fields(minutes="30"))
    path = f"/trainer/quizzes/{made(session).slug}/allowances"
    teams.set_teams(session, cast.teo, [cast.sul], by="t", now=clock.now())
    given = {"minutes": "15", "reason": "Leitura assistida"}
    for whom in ({"number": "9003"}, {"team": cast.sul.public_id}):
        assert "Somebody else has to give you more" in browser.post(
            path, {**given, **whom}, status=422
        )
    assert session.execute(select(Allowance)).first() is None
    browser.post(path, {**given, "team": cast.norte.public_id})


def test_only_trainers_come_here(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    browser.post("/trainer/quizzes/new", fields())
    slug = made(session).slug
    for user in (cast.ana, cast.bruno, cast.iara):
        other = sign_in(user)
        for path in (
            "",
            "/new",
            f"/{slug}",
            f"/{slug}/edit",
            f"/{slug}/preview",
            f"/{slug}/history",
        ):
            other.get(f"/trainer/quizzes{path}", status=404)
        other.post(f"/trainer/quizzes/{slug}/publish", status=404)
    for path in ("nowhere", "nowhere/edit", "nowhere/preview", "nowhere/history"):
        browser.get(f"/trainer/quizzes/{path}", status=404)


def test_an_opening_time_is_that_of_the_trainers_zone_again_on_the_page(
    sign_in, cast, two_banks, session
):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    browser.post("/trainer/quizzes/new", fields(closes_at="2027-01-31T18:30"))
    quiz = made(session)
    page = browser.get(f"/trainer/quizzes/{quiz.slug}/edit")
    assert 'value="2027-01-31T18:30"' in page
    closes = quizzes.rules_of(session, quiz).closes_at
    assert closes.utcoffset() == timedelta(hours=-3)


def test_a_refused_quiz_comes_back_with_all_that_was_typed(sign_in, cast, two_banks):
    """Each field is sent away from its default, and the page has it where it was."""
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    lines = {
        "title": "Longa",
        "opens_at": "2026-12-02T08:00",
        "closes_at": "2026-12-03T08:00",
        "minutes": "31",
        "attempts": "4",
        "delay_hours": "12",
        "access_code": "abre",
        "cut_score": "200",
        "exposure_limit": "77",
        "part-0-n": "3",
        "part-0-points": "5",
        "minimum:triagem": "61",
    }
    choices = {
        "use": "practice",
        "counts": "last",
        "navigation": "sequential",
        "layout": "all",
        "multiple": "capped",
        "ordering": "adjacent",
        "matching": "all_or_nothing",
    }
    ticks = ("release", "accents", "case", "spelling", "shuffle")
    selects = {f"review_{what}": "close" for what in ("score", "responses", "right", "key")}
    page = browser.post(
        "/trainer/quizzes/new",
        fields(
            **lines,
            **choices,
            **selects,
            **dict.fromkeys(ticks, "y"),
            cut_reason="Porque sim.",
            **{"part-1-items": ["bb-6", "bb-7"]},
            eliminatory=["bb#bb-6"],
        ),
        status=422,
    )
    tags = re.findall(r"<input[^>]*>", page)

    def has(name, value, more=""):
        return any(f'name="{name}"' in t and f'value="{value}"' in t and more in t for t in tags)

    assert [name for name, value in lines.items() if not has(name, value)] == []
    assert [name for name, value in choices.items() if not has(name, value, "checked")] == []
    assert [name for name in ticks if not has(name, "y", "checked")] == []
    for name in selects:
        assert 'value="close" selected' in page.split(f'name="{name}"')[1].split("</select>")[0]
    assert ">\nPorque sim.</textarea>" in page
    assert has("part-1-items", "bb-6", "checked")
    assert has("part-1-items", "bb-7", "checked")
    assert has("eliminatory", "bb#bb-6", "checked")
    assert "data-unsaved" in page


def test_the_rules_say_whether_one_may_consult(sign_in, cast, two_banks, session):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    sent = fields(cut_score="66.66666667", minutes="25", **{"part-0-points": "1"})
    del sent["consultation"]
    page = browser.post("/trainer/quizzes/new", sent)
    assert "without: procedures, search and practice are closed meanwhile" in page
    assert "66.6…%" in page, "it goes on: it is not 66.6"
    slug = made(session).slug
    assert not re.search(r"forms\.[A-Z]", browser.get(f"/trainer/quizzes/{slug}/preview"))
    browser.post(f"/trainer/quizzes/{slug}/publish")
    cast.ana.locale = "en"
    session.commit()
    card = sign_in(cast.ana).get("/")
    assert "25 minutes" in card
    assert "without consultation" in card


def test_difficulties_stand_from_easy_to_hard(two_banks, session):
    offer = composing.offers(session, "exam", ("aa",))["aa"]
    offer.difficulties.update({"hard": 1, "medium": 1})
    choices = [value for _, found in part_choices(PartRow("aa"), offer) for value, _ in found]
    found = [value for value in choices if value.startswith("difficulty:")]
    assert found == ["difficulty:easy", "difficulty:medium", "difficulty:hard"]


def test_the_start_page_explains_only_what_can_be_asked(sign_in, cast, quiz, session):
    blueprint = Blueprint((Part("oito", items=("oito-6", "oito-7")),))
    quizzes.revise(
        session,
        quiz,
        quiz.title,
        blueprint,
        quizzes.rules_of(session, quiz),
        reason="x",
        by="test",
        now=clock.now(),
    )
    cast.ana.locale = "en"
    session.commit()
    page = sign_in(cast.ana).get(f"/quizzes/{quiz.slug}")
    assert re.findall(r"<div><dt>([^<]+)</dt><dd>Scored", page) == ["Short answer", "Number"]


def test_a_wrong_figure_is_named_at_its_field(sign_in, cast, two_banks):
    browser = sign_in(cast.teo)
    browser.get("/trainer/quizzes/new")
    page = browser.post(
        "/trainer/quizzes/new",
        fields(minutes="x", attempts="0", **{"part-0-points": "0"}),
        status=422,
    )
    at = page.index('name="part-0-points"')
    assert page[at:].split("</div>")[0].count("A number from 1 to 100.") == 1
    assert "A whole number, such as 30." in page
