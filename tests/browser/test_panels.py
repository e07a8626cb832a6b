"""Judging in a real browser: by the keyboard, over a line that breaks, on a narrow phone."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.models import CutPanel
from quizapp.quiz.rules import Rules
from tests.browser.test_look import AXE, DESK, OVER, PHONE, RULES
from tests.quiz.making import add_bank
from tests.quiz.test_panels import opened, say
from tests.quiz.test_starting import make

# One key soon after the other, however long the driver takes from one to the next.
TEN = """() => { for (const key of "10")
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true})) }"""


def faults(page):
    """What is wrong with the look of a page, in both themes and on a phone."""
    found = []
    page.evaluate(AXE_SCRIPT)
    for theme, rule in RULES.items():
        page.emulate_media(color_scheme=theme)
        found += page.evaluate(AXE, rule)
    page.set_viewport_size(PHONE)
    if page.evaluate(OVER) > 0:
        found.append(f"{page.url} is too wide")
    page.set_viewport_size(DESK)
    return found


def test_a_judge_goes_on_by_the_keyboard_and_a_broken_line_loses_nothing(session, cast, window):
    add_bank(session, "aa", 3)
    quiz = make(session, Blueprint((Part("aa", n=2),)), Rules(cut_score=80))
    panel = opened(session, cast, quiz)
    for name in ("teo", "carla"):
        say(session, cast, quiz, panel, name)
    session.commit()
    page = window(cast.bruno, reduced_motion="reduce", viewport=DESK)
    page.goto(f"/panels/{panel.public_id}/judge")
    assert faults(page) == []
    state = page.locator("[data-judging-state]")
    page.keyboard.press("7")
    expect(state).to_have_attribute("data-state", "saved")
    page.keyboard.press("Enter")
    page.wait_for_url("**/judge/2")
    page.context.set_offline(True)
    page.evaluate(TEN)
    expect(state).to_have_attribute("data-state", "pending")
    page.keyboard.press("Enter")
    page.context.set_offline(False)
    page.wait_for_url("**/judge/3")
    page.locator("label", has_text="4").click()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("#items-head")).to_be_visible()
    page.wait_for_load_state()
    rows = page.locator("tbody tr").all_inner_texts()
    assert [row.split("\t")[2] for row in sorted(rows)] == ["7", "10", "4"]
    assert faults(page) == []
    session.expire_all()
    assert session.get_one(CutPanel, panel.id).closed_at is None
