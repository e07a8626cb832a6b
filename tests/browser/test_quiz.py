"""A quiz in a real browser: by keyboard alone, over a bad line, and without JavaScript."""

import re

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from quizapp.quiz.models import Attempt, Response
from tests.browser.conftest import press, sign_in_by_keyboard, tab_to
from tests.quiz.test_attempts import right_answers


def knowledge(session):
    """The fields of the right answers of the only attempt, and its public id."""
    attempt = session.execute(select(Attempt)).scalar_one()
    found = right_answers(session, attempt), attempt.public_id
    session.commit()
    return found


def count_responses(session) -> int:
    """Answers that are in the database."""
    found = session.execute(select(func.count()).select_from(Response)).scalar_one()
    session.commit()
    return found


def open_quiz(page: Page) -> None:
    """From the home page into the quiz, with the keyboard."""
    press(page.get_by_role("link", name="Quizzes", exact=True))
    press(page.get_by_role("link", name="Oito questões", exact=True))


def here(page: Page) -> Locator:
    """The question that is shown."""
    return page.locator(".question:visible")


def saved(page: Page) -> None:
    """Wait until the page says so."""
    expect(here(page).locator("[data-save-state]")).to_have_text("Saved")


def answer_by_keyboard(page: Page, position: int, fields) -> None:
    """Give the answer of one item with the keyboard alone."""
    expect(here(page).get_by_role("heading")).to_have_text(f"Question {position} of 8")
    keys = page.keyboard
    if "option" in fields:
        options = here(page).locator("[name=option]")
        if options.first.get_attribute("type") == "radio":
            tab_to(options.first)
            keys.press("Space")
            for _ in range(int(fields["option"][0]) - 1):
                keys.press("ArrowDown")
        else:
            for place in fields["option"]:
                tab_to(options.nth(int(place) - 1))
                keys.press("Space")
    elif "text" in fields:
        tab_to(here(page).locator("[name=text]"))
        keys.type(fields["text"])
    elif "match-1" in fields:
        for name, value in fields.items():
            tab_to(here(page).locator(f"[name={name}]"))
            for _ in range(int(value)):
                keys.press("ArrowDown")
    else:
        order_by_keyboard(page, fields)
    saved(page)


def order_by_keyboard(page: Page, fields) -> None:
    """Move the entries up, the first one first."""
    for name, value in sorted(fields.items(), key=lambda field: int(field[1])):
        entry = here(page).locator("[data-entry]").filter(has=page.locator(f"[name={name}]"))
        place = "e => [...e.parentNode.querySelectorAll('[data-entry]')].indexOf(e) + 1"
        up = entry.get_by_role("button", name=re.compile("^Move up"))
        if entry.evaluate(place) > int(value):
            tab_to(up)
        while entry.evaluate(place) > int(value):
            page.keyboard.press("Enter")
            expect(up).to_be_focused()
    for name, value in fields.items():
        expect(here(page).locator(f"[name={name}]")).to_have_value(value)


def test_ana_takes_the_quiz_by_keyboard_alone_and_bruno_sees_it(window, quiz, cast, session):
    page = window()
    sign_in_by_keyboard(page, cast.ana)
    open_quiz(page)
    press(page.get_by_role("button", name="Start"))
    page.wait_for_url(re.compile(r"/items/1$"))
    answers, public_id = knowledge(session)
    for position, fields in enumerate(answers[:3], start=1):
        answer_by_keyboard(page, position, fields)
        press(here(page).get_by_role("button", name="Save and go on"))

    # She leaves, and comes back to where she was.
    expect(here(page).get_by_role("heading")).to_have_text("Question 4 of 8")
    press(page.locator(".account-menu summary"))
    press(page.get_by_role("button", name="Sign out"))
    expect(page).to_have_url(re.compile("/sign-in"))
    page = window(cast.ana)
    press(page.get_by_role("link", name=re.compile("^Go on.*Oito")))
    page.wait_for_url(re.compile(r"/items/4$"))

    for position, fields in enumerate(answers[3:], start=4):
        answer_by_keyboard(page, position, fields)
        if "text" in fields:
            page.keyboard.press("Enter")
        else:
            press(here(page).get_by_role("button", name=re.compile("^Save and (go on|check)")))
    expect(page.get_by_text("All 8 questions are answered and saved.")).to_be_visible()
    press(page.get_by_role("button", name="Submit"))

    expect(page.locator(".result-score")).to_have_text("100%")
    expect(page.locator(".result")).to_contain_text("Passed")
    first = page.locator(".reviewed").first
    expect(first).to_contain_text("your answer")
    expect(first).to_contain_text("Canario-explicacao")
    expect(first.get_by_role("link", name=re.compile("Conexão do cliente"))).to_be_visible()
    page.goto(f"/attempts/{public_id}/items/1")
    expect(page).to_have_url(re.compile(r"/result$"))

    page = window(cast.bruno)
    press(page.get_by_role("link", name="My teams"))
    row = page.get_by_role("row", name=re.compile("Ana Agente"))
    expect(row).to_contain_text("Passed")
    expect(row).to_contain_text("100%")
    press(page.get_by_role("link", name="Ana Agente"))
    press(page.get_by_role("link", name=re.compile("review")))
    expect(page.locator(".result-score")).to_have_text("100%")
    expect(page.locator(".reviewed").nth(5)).to_contain_text("onu")


def start(page: Page) -> None:
    """Start the quiz by its address, and wait until the page has its scripts."""
    page.goto("/quizzes/oito")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile(r"/attempts/\w+/(items/1|all)$"))


def test_saved_is_said_after_the_commit_and_not_before(window, line, quiz, cast, session):
    page = window(cast.ana)
    start(page)
    state = here(page).locator("[data-save-state]")
    expect(state).to_have_text("")
    line.before.clear()
    line.after.clear()
    here(page).locator("label.option").nth(1).click()
    expect(state).to_have_text("Saving …")
    page.wait_for_timeout(300)
    expect(state).to_have_text("Saving …")
    assert count_responses(session) == 0
    line.before.set()
    while not line.answers:
        page.wait_for_timeout(20)
    assert count_responses(session) == 1
    expect(state).to_have_text("Saving …")
    line.after.set()
    expect(state).to_have_text("Saved")
    expect(page.locator("[data-palette='1']")).to_contain_text("1 answered")


def test_over_a_bad_line_the_page_says_so_tries_again_and_loses_nothing(
    window, line, quiz, cast, session
):
    page = window(cast.ana)
    start(page)
    # One moves on without a line once the other questions are here.
    expect(page.locator("[data-answer]")).to_have_count(8)
    page.locator("[data-palette='6']").click()
    state = here(page).locator("[data-save-state]")

    line.is_broken = True
    here(page).locator("[name=text]").fill("ON")
    expect(state).to_have_text(re.compile("^Pending"))
    here(page).locator("[name=text]").press("End")
    page.keyboard.type("U")
    page.keyboard.press("Enter")  # on with it: the answer is kept on the device
    expect(page).to_have_url(re.compile(r"/items/7$"))
    expect(page.locator("[data-summary]")).to_have_text("1 pending")
    assert count_responses(session) == 0
    line.is_broken = False
    expect(page.locator("[data-summary]")).to_have_text("All saved")
    assert count_responses(session) == 1

    page.locator("[data-palette='6']").click()
    page.context.set_offline(True)
    here(page).locator("[name=text]").fill("ONT")
    expect(state).to_have_text(re.compile("^Pending"))
    page.context.set_offline(False)
    expect(state).to_have_text("Saved")
    value = session.execute(select(Response.value)).scalar_one()
    assert value == {"text": "ONT"}


def test_what_was_typed_last_is_saved_when_one_leaves_by_a_link(window, quiz, cast, session):
    page = window(cast.ana)
    start(page)
    page.locator("[data-palette='6']").click()
    here(page).locator("[name=text]").fill("ONU")
    page.locator("[data-palette='2']").click()  # at once, before the page has saved by itself
    expect(page).to_have_url(re.compile(r"/items/2$"))
    expect(page.locator("[data-summary]")).to_have_text("All saved")
    assert session.execute(select(Response.value)).scalar_one() == {"text": "ONU"}
    session.commit()
    page.go_back()
    expect(here(page).locator("[name=text]")).to_have_value("ONU")


def test_a_session_that_has_ended_is_said(window, quiz, cast):
    page = window(cast.ana)
    start(page)
    page.context.clear_cookies()
    here(page).locator("label.option").nth(1).click()
    expect(page.locator("[data-notice]")).to_contain_text("Your session has ended")


def test_the_quiz_can_be_taken_without_javascript(window, quiz, cast, session):
    page = window(cast.ana, java_script_enabled=False)
    start(page)
    answers, _ = knowledge(session)
    for position, fields in enumerate(answers, start=1):
        expect(here(page).get_by_role("heading")).to_have_text(f"Question {position} of 8")
        for name, value in fields.items():
            if name == "option":
                for place in value:
                    page.locator(f"[name=option][value='{place}']").check()
            elif name == "text":
                here(page).locator("[name=text]").fill(value)
            else:
                here(page).locator(f"[name={name}]").select_option(value)
        page.get_by_role("button", name=re.compile("^Save and (go on|check)")).click()
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".result-score")).to_have_text("100%")
