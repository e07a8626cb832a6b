"""Taking a quiz when things go wrong: no line, no session, other windows, other people, clocks."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, Page, Route, expect
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.people.models import User
from quizapp.quiz import expiry, quizzes, rules
from quizapp.quiz.models import Attempt, LateResponse, Response
from tests.browser.conftest import press
from tests.browser.test_quiz import here, start
from tests.conftest import PASSWORD

# The device's clock is set by so many hours, as its programs see it.
SET_CLOCK = """hours => {
  const Real = Date;
  const now = () => Real.now() + hours * 3_600_000;
  window.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(now()); }
    static now() { return now(); }
  };
}"""
SLOW = 600  # seconds; a page that went by the device's clock would be hours off
ZONES = ("America/Noronha", "America/Sao_Paulo", "America/Manaus", "America/Rio_Branco")


def values(session) -> dict[int, object]:
    """What is stored, by position."""
    session.expire_all()
    found = {row.position: row.value for row in session.execute(select(Response)).scalars()}
    session.commit()
    return found


def summary(page: Page, text: str) -> None:
    """Wait until the page says this of all its answers."""
    expect(page.locator("[data-summary]")).to_have_text(text)


def notice(page: Page, text: str) -> None:
    """Wait until the page says this to its reader."""
    expect(page.locator("[data-notice]")).to_contain_text(text)


def outbox(page: Page) -> list[str]:
    """The names of what is kept on this device."""
    return page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('quizapp/outbox/'))")


def set_rules(session, quiz, **changes) -> None:
    """Other rules for attempts to come."""
    rules = replace(quizzes.rules_of(session, quiz), **changes)
    blueprint = quizzes.blueprint_of(session, quiz)
    quizzes.revise(session, quiz, quiz.title, blueprint, rules, reason="", by="t", now=clock.now())
    session.commit()


def go_on_here(page: Page) -> None:
    """Take the attempt over; the page loads anew, and is the one that may write."""
    with page.expect_event("load"):
        page.get_by_role("button", name="Go on here").click()
    expect(page.locator("[data-notice]")).to_be_hidden()


def all_here(page: Page) -> None:
    """Wait until the other questions were fetched."""
    expect(page.locator("[data-answer]")).to_have_count(8)


def to(page: Page, position: int) -> None:
    """Go to a question by the palette."""
    page.locator(f"[data-palette='{position}']").click()
    heading = here(page).get_by_role("heading")
    expect(heading).to_have_text(f"Question {position} of 8")


def answer_some(page: Page) -> None:
    """Give an answer of each sort, from the first question to the last."""
    to(page, 1)
    here(page).locator("label.option").nth(1).click()
    to(page, 2)
    here(page).locator("label.option").nth(0).click()
    here(page).locator("label.option").nth(2).click()
    to(page, 4)
    for place in (1, 2, 3):
        here(page).locator(f"[name=place-{place}]").select_option(str(place))
    to(page, 5)
    here(page).locator("[name=match-1]").select_option(index=1)
    to(page, 6)
    here(page).locator("[name=text]").fill("ONU")
    to(page, 8)
    here(page).locator("label.option").nth(0).click()


def sign_in(page: Page, user: User) -> None:
    """Fill in the page that is open."""
    number = user.employee_number
    db.session.commit()  # the test's own hold on the database
    page.get_by_label("Company number or e-mail").fill(number)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    """By the menu."""
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()


def offline_for_a_minute(page: Page, session, wait) -> None:
    """Answer without a line, wait, and find all of it saved when the line is back."""
    all_here(page)
    page.context.set_offline(True)
    answer_some(page)
    summary(page, "6 pending")
    page.locator("[data-check]").click()  # would lead to the browser's own page of failure
    notice(page, "No connection")
    wait()
    summary(page, "6 pending")
    assert values(session) == {}
    page.context.set_offline(False)
    summary(page, "All saved")
    assert sorted(values(session)) == [1, 2, 4, 5, 6, 8]
    assert values(session)[6] == {"text": "ONU"}
    assert outbox(page) == []


def test_what_was_answered_without_a_line_arrives_when_it_is_back(window, quiz, cast, session):
    page = window(cast.ana)
    page.clock.install()
    start(page)
    offline_for_a_minute(page, session, lambda: page.clock.fast_forward(60_000))


@pytest.mark.slow
def test_a_real_minute_without_a_line(window, quiz, cast, session):
    page = window(cast.ana)
    start(page)
    offline_for_a_minute(page, session, lambda: page.wait_for_timeout(60_000))


def test_what_was_not_sent_survives_a_reload_and_the_death_of_the_tab(
    window, line, quiz, cast, session
):
    page = window(cast.ana)
    page.on("dialog", Dialog.accept)
    start(page)
    line.is_broken = True
    here(page).locator("label.option").nth(1).click()
    summary(page, "1 pending")
    page.reload()
    expect(here(page).locator("[name=option]").nth(1)).to_be_checked()
    summary(page, "1 pending")
    assert values(session) == {}

    # Another tab of the same browser is the heir of the one that died.
    address = page.url
    page.close()
    page = page.context.new_page()
    line.is_broken = False
    page.goto(address)
    summary(page, "All saved")
    expect(here(page).locator("[name=option]").nth(1)).to_be_checked()
    assert list(values(session)) == [1]
    expect(page.locator("[data-notice]")).to_be_hidden()


def test_after_a_new_sign_in_of_the_same_person_the_answers_arrive(window, quiz, cast, session):
    page = window(cast.ana)
    start(page)
    all_here(page)
    here(page).locator("label.option").nth(0).click()
    summary(page, "All saved")
    page.context.clear_cookies()
    to(page, 8)
    here(page).locator("label.option").nth(2).click()
    notice(page, "Your session has ended. Sign in again")
    to(page, 6)
    here(page).locator("[name=text]").fill("ONT")  # one may go on: it is kept
    summary(page, "2 pending")
    assert list(values(session)) == [1]
    page.get_by_role("link", name="Sign in again").click()
    sign_in(page, cast.ana)
    expect(page).to_have_url(re.compile(r"/items/6$"))
    summary(page, "All saved")
    assert sorted(values(session)) == [1, 6, 8]


def test_nothing_is_sent_or_shown_under_another_sign_in(window, line, quiz, cast, session):
    hers = window(cast.ana)
    start(hers)
    all_here(hers)
    line.is_broken = True
    to(hers, 6)
    here(hers).locator("[name=text]").fill("da Ana")
    summary(hers, "1 pending")
    context = hers.context
    context.clear_cookies()

    other = context.new_page()
    other.goto("/sign-in")
    sent: list[str] = []
    context.on("request", lambda request: sent.append(request.post_data or ""))
    sign_in(other, cast.bia)
    other.wait_for_url("**/")
    line.is_broken = False
    notice(hers, "Somebody else is signed in")
    expect(hers.locator(".question:visible")).to_have_count(0)
    start(other)
    all_here(other)
    to(other, 6)
    expect(here(other).locator("[name=text]")).to_have_value("")
    here(other).locator("[name=text]").fill("da Bia")
    summary(other, "All saved")
    hers.wait_for_timeout(1500)  # long enough for another try
    assert not [body for body in sent if "Ana" in body]
    assert "da Bia" in str(values(session))
    assert "da Ana" not in str(values(session))
    sign_out(other)
    expect(other).to_have_url(re.compile("/sign-in"))
    assert len(outbox(other)) == 1

    # Ana comes back: her answer is here, and goes.
    sign_in(other, cast.ana)
    other.wait_for_url("**/")
    summary(hers, "All saved")
    expect(here(hers).locator("[name=text]")).to_have_value("da Ana")
    stored = session.execute(
        select(Response.value)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(Attempt.user_id == cast.ana.id)
    ).scalar_one()
    assert stored == {"text": "da Ana"}


def test_a_second_tab_is_told_and_cannot_overwrite(window, quiz, cast, session):
    first = window(cast.ana)
    start(first)
    here(first).locator("label.option").nth(0).click()
    summary(first, "All saved")
    kept = values(session)

    second = first.context.new_page()
    second.goto(first.url)
    notice(second, "You went on with this quiz in another window")
    here(second).locator("label.option").nth(1).click(force=True)
    assert outbox(second) == []

    go_on_here(second)
    notice(first, "You went on with this quiz in another window")
    here(first).locator("label.option").nth(2).click(force=True)
    expect(here(first).locator("[name=option]").nth(0)).to_be_checked()
    assert values(session) == kept
    here(second).locator("label.option").nth(1).click()
    summary(second, "All saved")
    assert values(session) != kept


def test_no_answer_under_way_is_called_saved(window, quiz, cast):
    press = """n => {
        const [shown] = document.querySelectorAll(".question:not([hidden])");
        shown.querySelectorAll("label.option")[n].click();
        return document.querySelector("[data-summary]").textContent;
    }"""
    page = window(cast.ana)
    start(page)
    here(page).locator("label.option").nth(0).click()
    summary(page, "All saved")
    assert page.evaluate(press, 1) == "Saving …"
    summary(page, "All saved")

    # Nor while the page is so young that its tab has no name.
    page.add_init_script(f"""document.addEventListener("DOMContentLoaded", () => {{
        document.body.dataset.first = ({press})(2);
    }})""")
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-first", "Saving …")
    summary(page, "All saved")
    expect(here(page).locator("[name=option]").nth(2)).to_be_checked()


def test_what_was_answered_before_the_script_was_there_is_not_called_saved(window, quiz, cast):
    page = window(cast.ana)
    start(page)
    here(page).locator("label.option").nth(0).click()
    summary(page, "All saved")
    page.add_init_script("""document.addEventListener("readystatechange", () => {
        if (document.readyState !== "interactive") return;  // scripts run after it
        const summary = document.querySelector("[data-summary]");
        window.said = [];
        new MutationObserver(() => said.push(summary.textContent))
            .observe(summary, {childList: true});
        document.querySelectorAll("label.option")[1].click();
    })""")
    page.reload()
    summary(page, "All saved")
    expect(here(page).locator("[name=option]").nth(1)).to_be_checked()
    assert page.evaluate("[...new Set(said)]") == ["Saving …", "All saved"]


@pytest.mark.slow
def test_a_second_browser_takes_over_and_the_first_one_cannot_overwrite(
    window, quiz, cast, session
):
    first = window(cast.ana)
    start(first)
    here(first).locator("label.option").nth(0).click()
    summary(first, "All saved")
    second = window(cast.ana)
    second.goto(first.url)
    go_on_here(second)
    here(second).locator("label.option").nth(1).click()
    summary(second, "All saved")
    kept = values(session)
    # It is told at its next save; what it had is kept, and does not come over the newer answer.
    here(first).locator("label.option").nth(2).click()
    notice(first, "You went on with this quiz in another window")
    assert values(session) == kept
    first.get_by_role("button", name="Go on here").click()
    notice(first, "what is saved there counts")
    expect(here(first).locator("[name=option]").nth(1)).to_be_checked()
    assert values(session) == kept


@pytest.mark.slow
def test_a_duplicated_tab_is_another_window(window, quiz, cast):
    first = window(cast.ana)
    start(first)
    here(first).locator("label.option").nth(0).click()
    summary(first, "All saved")
    with first.context.expect_page() as opened:
        # A window that a page opens begins with a copy of its session's storage.
        first.evaluate("window.open(location.href)")
    second = opened.value
    assert second.evaluate("sessionStorage.length") >= 1
    notice(second, "You went on with this quiz in another window")


@pytest.mark.slow
def test_back_leads_through_the_questions_and_not_behind_the_submit(window, quiz, cast):
    page = window(cast.ana)
    start(page)
    all_here(page)
    here(page).locator("label.option").nth(1).click()
    here(page).get_by_role("button", name="Save and go on").click()
    expect(page).to_have_url(re.compile(r"/items/2$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/items/1$"))
    expect(here(page).locator("[name=option]").nth(1)).to_be_checked()
    page.go_forward()
    expect(here(page).get_by_role("heading")).to_have_text("Question 2 of 8")
    page.locator("[data-check]").click()
    expect(page.get_by_role("heading", name="Check and submit")).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(re.compile(r"/result$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/result$"))


def shown_seconds(page: Page) -> int:
    """The time left that the page shows."""
    expect(page.locator("[data-time-figures]")).to_be_visible()
    parts = page.locator("[data-time-figures]").inner_text().split(":")
    return sum(int(part) * 60**place for place, part in enumerate(reversed(parts)))


def believe_the_device(page: Page) -> None:
    """Let the page count its time by the device's clock: broken, to see that the test notices."""

    def mend(route: Route) -> None:
        response = route.fetch()
        text = response.text().replace("performance.now()", "Date.now()")
        text = text.replace("load?.responseStart ?? 0", "Date.now()")
        route.fulfill(response=response, body=text)

    page.route("**/taking/time.js", mend)


def test_the_devices_clock_and_zone_give_and_take_no_time(window, quiz, cast, session):
    no_time_by_the_device(window, quiz, cast, session)


@pytest.mark.slow
def test_a_page_that_believes_the_devices_clock_is_noticed(window, quiz, cast, session):
    with pytest.raises(AssertionError, match="set while open"):
        no_time_by_the_device(window, quiz, cast, session, believe_the_device)


def no_time_by_the_device(window, quiz, cast, session, prepare=lambda page: None) -> None:
    """Set the device's clock and zone before the page opens and while it is open."""
    set_rules(session, quiz, minutes=60)
    page = window(cast.ana)
    prepare(page)
    start(page)
    deadline = session.execute(select(Attempt.deadline_at)).scalar_one()
    session.commit()
    state = page.context.storage_state()
    for zone, hours in zip(ZONES, (2, -2, 2, -2), strict=True):
        other = window(None, timezone_id=zone, storage_state=state)
        other.add_init_script(f"({SET_CLOCK})({hours})")
        other.goto(page.url)
        left = (deadline - clock.now()).total_seconds()
        assert abs(shown_seconds(other) - left) < SLOW, zone
    # It is set while the page is open.
    before = page.evaluate("Date.now()")
    page.evaluate(f"({SET_CLOCK})(-2)")
    assert page.evaluate("Date.now()") < before - 7_000_000
    figures = page.locator("[data-time-figures]")
    expect(figures).not_to_have_text(figures.inner_text())  # it counts on
    left = (deadline - clock.now()).total_seconds()
    assert abs(shown_seconds(page) - left) < SLOW, "set while open"


def last_minute(page: Page, session, path: str = "") -> Attempt:
    """The open attempt, of which less than a minute is left on a page that is loaded anew."""
    attempt = session.execute(select(Attempt)).scalar_one()
    attempt.deadline_at = clock.now() + timedelta(seconds=55)
    session.commit()
    page.clock.install()
    page.goto(f"/attempts/{attempt.public_id}/{path}")
    expect(page.locator("[data-time]")).to_have_attribute("data-level", "last")
    return attempt


def time_is_over(page: Page) -> None:
    """Let the page's last minute pass."""
    page.clock.fast_forward(60_000)


def test_at_the_end_the_page_submits_what_it_has(window, line, quiz, cast, session, monkeypatch):
    monkeypatch.setattr(rules, "GRACE", timedelta(minutes=5))  # however busy the machine is
    set_rules(session, quiz, minutes=60)
    page = window(cast.ana)
    start(page)
    line.is_broken = True  # saves are: the submit brings them
    attempt = last_minute(page, session, "items/6")
    here(page).locator("[name=text]").fill("ONU")
    summary(page, "1 pending")
    attempt.deadline_at = clock.now()
    session.commit()
    time_is_over(page)
    expect(page).to_have_url(re.compile(r"/result$"))
    session.expire_all()
    assert (attempt.state, attempt.ended) == ("submitted", "agent")
    assert values(session) == {6: {"text": "ONU"}}


@pytest.mark.slow
def test_more_time_that_the_page_did_not_hear_of_is_asked_for_at_the_end(
    window, quiz, cast, session
):
    set_rules(session, quiz, minutes=60)
    page = window(cast.ana)
    start(page)
    attempt = last_minute(page, session, "items/1")
    attempt.deadline_at += timedelta(minutes=10)
    session.commit()
    time_is_over(page)
    expect(page.locator("[data-time-figures]")).to_have_text(re.compile("^(09|10):"))
    here(page).locator("label.option").nth(1).click()
    summary(page, "All saved")
    session.expire_all()
    assert attempt.state == "open"


@pytest.mark.slow
def test_what_waits_when_somebody_noticed_the_end_first_is_kept_for_a_trainer(
    window, line, quiz, cast, session
):
    set_rules(session, quiz, minutes=60)
    page = window(cast.ana)
    start(page)
    line.is_broken = True
    here(page).locator("label.option").nth(1).click()
    summary(page, "1 pending")
    page.context.set_offline(True)
    attempt = session.execute(select(Attempt)).scalar_one()
    attempt.deadline_at = clock.now() - timedelta(minutes=1)
    session.commit()
    assert expiry.sweep(session, clock.now()) == 1
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile(r"/result$"))
    assert values(session) == {}
    late = session.execute(select(LateResponse)).scalar_one()
    assert late.position == 1
    assert outbox(page) == []


def test_what_waits_on_the_device_goes_from_the_results_page(window, line, quiz, cast, session):
    set_rules(session, quiz, minutes=60)
    page = window(cast.ana)
    page.on("dialog", Dialog.accept)
    start(page)
    line.is_broken = True
    here(page).locator("label.option").nth(1).click()
    summary(page, "1 pending")
    attempt = session.execute(select(Attempt)).scalar_one()
    attempt.deadline_at = clock.now() - timedelta(minutes=1)
    session.commit()
    page.goto("/nowhere")  # away from the attempt, to come back later
    assert len(outbox(page)) == 1
    page.goto(f"/attempts/{attempt.public_id}/items/1")
    expect(page).to_have_url(re.compile(r"/result$"))
    expect(page.locator(".alert-warning")).to_contain_text("came too late")
    assert outbox(page) == []
    assert session.execute(select(LateResponse.position)).scalars().all() == [1]
    session.commit()


def test_without_a_line_at_the_end_the_page_asks_for_more_time_before_it_submits(
    window, quiz, cast, session
):
    set_rules(session, quiz, minutes=60)
    page = window(cast.ana)
    start(page)
    attempt = last_minute(page, session, "items/1")
    page.context.set_offline(True)
    here(page).locator("label.option").nth(1).click()
    time_is_over(page)
    notice(page, "it is submitted as soon as the line is back")
    attempt.deadline_at += timedelta(minutes=10)
    session.commit()
    page.context.set_offline(False)
    summary(page, "All saved")
    expect(page.locator("[data-time-figures]")).to_have_text(re.compile("^(09|10):"))
    expect(page.locator("[data-notice]")).to_be_hidden()
    here(page).locator("label.option").nth(2).click()
    session.expire_all()
    assert attempt.state == "open"
    session.commit()


def test_what_is_no_number_and_what_waits_are_said_and_the_bar_keeps_its_shape(
    window, line, quiz, cast
):
    page = window(cast.ana, viewport={"width": 360, "height": 640})
    start(page)
    all_here(page)
    tops = "form => [...form.querySelectorAll('.question-foot .btn')].map(b => b.offsetTop)"
    shapes = []
    for position in (1, 2, 7, 8):
        to(page, position)
        shapes.append(set(here(page).evaluate(tops)))
        assert len(shapes[-1]) == 1, position
    to(page, 7)
    here(page).locator("[name=text]").fill("abc")
    here(page).locator("[name=text]").blur()
    state = here(page).locator("[data-save-state]")
    expect(state).to_contain_text("not a number yet")
    expect(state).to_have_attribute("data-state", "partly")
    line.is_broken = True
    to(page, 6)
    here(page).locator("[name=text]").fill("ONU")
    expect(page.locator("[data-palette='6']")).to_have_text("6 pending")
    line.is_broken = False
    expect(page.locator("[data-palette='6']")).to_have_text("6 answered")


@pytest.mark.slow
def test_a_submit_waits_for_the_line_and_brings_what_was_not_sent(
    window, line, quiz, cast, session
):
    page = window(cast.ana)
    page.on("dialog", Dialog.accept)
    start(page)
    line.is_broken = True
    here(page).locator("label.option").nth(1).click()
    summary(page, "1 pending")
    page.goto(re.sub(r"items/1$", "check", page.url))
    expect(page.locator("[data-unsent-list]")).to_have_text("Not sent yet, questions: 1")
    page.context.set_offline(True)
    submit = page.get_by_role("button", name="Submit")
    submit.click()
    notice(page, "it is submitted as soon as the line is back")
    expect(submit).to_be_disabled()
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile(r"/result$"))
    assert list(values(session)) == [1]
    assert outbox(page) == []


def test_signing_out_warns_of_what_was_not_sent_and_leaves_nothing(
    window, line, quiz, cast, session
):
    page = window(cast.ana)
    start(page)
    line.is_broken = True
    here(page).locator("label.option").nth(1).click()
    summary(page, "1 pending")
    press(page.locator(".account-menu summary"))
    press(page.get_by_role("button", name="Sign out", exact=True))
    asking = page.get_by_role("dialog")
    expect(asking).to_contain_text("1 answer was not sent yet")
    expect(asking.get_by_role("button", name="Stay signed in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(asking).to_have_count(0)
    assert len(outbox(page)) == 1
    press(page.locator(".account-menu summary"))
    press(page.get_by_role("button", name="Sign out", exact=True))
    press(page.get_by_role("dialog").get_by_role("button", name="Sign out all the same"))
    expect(page).to_have_url(re.compile("/sign-in"))
    assert outbox(page) == []


@pytest.mark.slow
def test_forward_only_asks_before_an_open_question_is_left_behind(window, quiz, cast, session):
    set_rules(session, quiz, navigation="sequential")
    page = window(cast.ana)
    start(page)
    expect(page.locator(".palette a")).to_have_count(0)
    on = here(page).get_by_role("button", name="Save and go on")
    on.click()
    asking = page.get_by_role("dialog")
    expect(asking).to_contain_text("you cannot come back to it")
    page.keyboard.press("Escape")
    here(page).locator("label.option").nth(1).click()
    on.click()
    expect(page).to_have_url(re.compile(r"/items/2$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/items/2$"))
    on.click()
    asking.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile(r"/items/3$"))
    assert list(values(session)) == [1]


@pytest.mark.slow
def test_all_on_one_page_on_a_phone(window, quiz, cast, session):
    set_rules(session, quiz, layout="all", minutes=30)
    page = window(cast.ana, viewport={"width": 360, "height": 640})
    start(page)
    expect(page).to_have_url(re.compile(r"/all$"))
    question = page.locator("#question-2")
    question.locator("label.option").nth(0).click()
    question.get_by_role("button", name="Come back to it").click()
    expect(page.locator("[data-palette='2']")).to_contain_text("to come back to")
    summary(page, "All saved")
    assert list(values(session)) == [2]
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.get_by_role("link", name="Check and submit").last.click()
    expect(page.get_by_text("1 question you wanted to come back to")).to_be_visible()


@pytest.mark.slow
def test_a_full_storage_is_said_and_the_answer_goes_all_the_same(window, line, quiz, cast, session):
    page = window(cast.ana)
    full = "() => { throw new DOMException('full', 'QuotaExceededError') }"
    page.add_init_script(f"Storage.prototype.setItem = {full}")
    start(page)
    line.is_broken = True
    here(page).locator("label.option").nth(1).click()
    notice(page, "leave this page open until all is saved")
    line.is_broken = False
    summary(page, "All saved")
    assert list(values(session)) == [1]


def test_no_request_more_than_one_an_answer(window, quiz, cast):
    page = window(cast.ana)
    start(page)
    all_here(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    to(page, 6)
    here(page).locator("[name=text]").fill("ONU")
    summary(page, "All saved")  # and what one leaves as it was saved is not sent again
    for position in (1, 2, 3):
        to(page, position)
        here(page).locator("label.option").nth(0).click()
        summary(page, "All saved")
        expect(here(page).locator("[data-save-state]")).to_contain_text("Saved")
    asked = [one for one in asked if "/static/" not in one]
    assert len(asked) == 4, asked
    assert all(re.match(r"POST .*/items/\d$", one) for one in asked)
