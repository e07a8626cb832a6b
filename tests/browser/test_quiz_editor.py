"""Putting a quiz together in a browser: by keyboard, with the script that leaves out what is
not needed."""

from playwright.sync_api import expect
from sqlalchemy import select

from quizapp.quiz import quizzes
from quizapp.quiz.models import Quiz
from tests.browser.conftest import pick, press, tab_to


def test_a_quiz_is_put_together_with_the_keyboard_alone(window, session, cast, quiz):
    page = window(cast.teo)
    page.goto("/trainer/quizzes/new")
    tab_to(page.get_by_label("Title"))
    page.keyboard.type("Pelo teclado")
    pick(page.get_by_label("Bank", exact=True), "Oito")
    press(page.get_by_role("button", name="Add a part"))
    # The new part has the focus: one goes on where one was.
    takes = page.get_by_label("Takes")
    expect(takes).to_be_focused()
    count = page.get_by_label("How many", exact=True)
    chosen = page.locator("[data-items]")
    expect(count).to_be_visible()
    expect(chosen).to_be_hidden()
    pick(takes, "Chosen")
    expect(chosen).to_be_visible()
    expect(count).to_be_hidden()
    tab_to(page.locator("[data-items] input").first)
    page.keyboard.press("Space")
    cut = page.get_by_label("Cut score (%)")
    tab_to(cut)
    page.keyboard.press("Control+A")
    page.keyboard.type("7x")
    # Enter saves; it does not press the button of a part.
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Not saved")
    expect(cut).to_have_value("7x")
    expect(page.locator("[data-items] input").first).to_be_checked()
    tab_to(cut)
    page.keyboard.press("Control+A")
    page.keyboard.type("72,5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pelo teclado")
    session.expire_all()
    made = session.execute(select(Quiz).where(Quiz.slug == "pelo-teclado")).scalar_one()
    assert quizzes.rules_of(session, made).cut_score == 72.5
    assert quizzes.blueprint_of(session, made).parts[0].items == ("oito-1",)
    session.rollback()


def add_a_part(page):
    with page.expect_event("load"):
        page.get_by_role("button", name="Add a part").click()


def test_a_new_quiz_is_not_left_without_a_word(window, cast, quiz):
    page = window(cast.teo)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/trainer/quizzes/new")
    page.goto("/quizzes")
    assert asked == [], "nothing was typed"
    for change in (
        lambda: page.get_by_label("Title").fill("Demorado"),
        lambda: page.get_by_label("A supervisor releases each start").check(),
        lambda: page.get_by_label("The right answer").select_option("never"),
        # What a button gives back is unsaved still.
        lambda: add_a_part(page),
    ):
        page.goto("/trainer/quizzes/new")
        asked.clear()
        change()
        page.goto("/quizzes")
        assert asked == ["beforeunload"]
    page.goto("/trainer/quizzes/new")
    asked.clear()
    page.get_by_label("Title").fill("Demorado")
    page.get_by_role("link", name="Leave without saving").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up quizzes")
    assert asked == []
