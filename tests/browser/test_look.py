"""The main pages: accessible in both themes, and no wider than a narrow phone."""

import re
from datetime import date
from itertools import groupby
from operator import itemgetter
from types import SimpleNamespace

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect
from werkzeug.datastructures import MultiDict

from quizapp import clock
from quizapp.certification import cohorts, meetings, program_texts
from quizapp.certification.cohorts import Plan
from quizapp.people import calendars
from quizapp.quiz import attempts, saving
from quizapp.reports import readers, views
from tests.browser.conftest import pick, press, tab_to
from tests.certification.certified import act, certify
from tests.certification.making import (
    IN_ORDER,
    PASS,
    READ_ALL,
    READ_ONE,
    acknowledge,
    add_program,
    enrol,
)
from tests.pages.test_program_editor import TEXT
from tests.quiz.test_attempts import begin, right_answers
from tests.reports.test_readiness import YEAR

STANDARD = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


@pytest.fixture
def places(session, cast, content, quiz) -> dict[str, list[str]]:
    """Addresses to look at, by who looks: with one attempt submitted and one open."""
    now = clock.now()
    done = begin(session, cast.ana, quiz)
    for n, fields in enumerate(right_answers(session, done), start=1):
        if n not in (1, 4, 5):  # some wrong, some open
            given = MultiDict(fields)
            saving.save(session, cast.ana.id, done.public_id, n, given.getlist, now)
    given = MultiDict({"option": "4"})
    saving.save(session, cast.ana.id, done.public_id, 1, given.getlist, now)
    attempts.submit(session, cast.ana, done.public_id, now)
    under_way = begin(session, cast.ana, quiz, seed=7)
    program = add_program(session, READ_ONE, READ_ALL, PASS, rules=IN_ORDER)
    acknowledge(session, cast.ana, "verificacao")
    enrol(session, program, cast.ana)
    enrol(session, add_program(session, READ_ONE, rules=YEAR, slug="curta"), cast.ana)
    program_texts.add(session, TEXT, by=cast.teo.public_id, now=now)
    session.commit()
    trained = _cohort(session, cast)
    attempt = f"/attempts/{under_way.public_id}"
    person = f"/people/{cast.ana.public_id}"
    view = _view(session, cast)
    return {
        "": ["/sign-in", "/first-access", "/c", *_certificates(session, cast)],
        "ana": [
            "/",
            "/library",
            "/procedures/conexao",
            "/search?q=conexoes",
            "/quizzes",
            "/quizzes/oito",
            *(f"{attempt}/items/{n}" for n in (1, 2, 4, 5, 6)),
            f"{attempt}/check",
            f"/attempts/{done.public_id}/result",
            "/programs",
            "/programs/trilha",
            "/programs/curta",
            "/progress",
            "/reports",
            "/account",
            "/nowhere",
        ],
        "bruno": [
            "/",
            f"/teams/{cast.norte.public_id}",
            f"/teams/{cast.norte.public_id}/programs",
            person,
            f"{person}/programs",
            f"{person}/attempts/{done.public_id}",
            "/attention",
            "/ready",
            "/ready/feeds",
            "/teams/handouts",
            "/reports",
            "/views",
            f"{view}/change",
            "/exports",
            "/heatmap",
            "/heatmap?by=section&procedure=conexao&sort=-total",
            f"/heatmap/{cast.ana.public_id}?key=triagem",
            "/analysis",
            "/analysis/oito",
            "/supervision",
            "/absences",
        ],
        "teo": [
            "/",
            "/banks",
            "/banks/oito",
            "/banks/oito/items/oito-1/key",
            "/coverage",
            "/reports",
            "/analysis",
            "/analysis/oito",
            "/analysis/oito/oito/oito-1",
            "/trainer/quizzes",
            "/trainer/quizzes/new?bank=oito",
            *(f"/trainer/quizzes/{quiz.slug}{page}" for page in ("", "/preview", "/history")),
            "/supervision",
            "/absences",
            "/library",
            "/procedures/conexao",
            *(f"/trainer/audience/{thing}" for thing in ("procedure/conexao", "quiz/oito")),
            "/trainer/programs/trilha/people",
            *(f"/trainer/programs/{slug}{person}" for slug in ("trilha", "curta")),
            "/trainer/cohorts",
            "/trainer/programs",
            "/trainer/programs/new",
            *(
                f"/trainer/programs/suporte-n1{page}"
                for page in ("", "/edit", "/edit?view=text", "/history")
            ),
            *(f"{trained}{page}" for page in ("", "/edit", f"/people?team={cast.sul.public_id}")),
            *(f"{trained}/meetings/2026-03-03{page}" for page in ("", "/list")),
        ],
        "iara": [
            "/admin/people",
            "/admin/people/new",
            f"/admin/people/{cast.ana.public_id}",
            "/admin/holidays",
        ],
    }


def _view(session, cast) -> str:
    """The address of a view that comes to Bruno by e-mail."""
    who, now = readers.find(session, cast.bruno.id), clock.now()
    kept = views.keep(session, who, "ready", {"team": cast.norte.public_id}, "Fila", now)
    views.schedule(session, who, kept, 2, now)
    return f"/views/{kept.public_id}"


def _certificates(session, cast) -> list[str]:
    """The addresses of certificates of Bia's: a valid one, one that was revoked, none."""
    good, bad = certify(session, cast.bia), certify(session, cast.bia)
    act(session, bad, "revoked")
    return [f"/c/{code}" for code in (good.code, bad.code, "0" * 32)]


def _cohort(session, cast) -> str:
    """The address of a cohort with Ana and Gil, who is on leave, and with a meeting."""
    told = {"by": "t", "now": clock.now()}
    day = date(2026, 3, 3)
    made = cohorts.begin(session, Plan("N1", None, cast.teo.id, day, None), **told)
    cohorts.add_members(session, made, [cast.ana, cast.gil], **told)
    held = meetings.add(session, made, day, 90, **told)
    meetings.keep_attendance(session, made, held, {cast.ana.public_id: "present"}, **told)
    calendars.add_absence(session, cast.gil, "leave", day, None, **told)
    calendars.add_absence(session, cast.ana, "vacation", day, date(2026, 3, 9), **told)
    session.commit()
    return f"/trainer/cohorts/{made.public_id}"


def walk(window, cast: SimpleNamespace, places: dict[str, list[str]], share: int, **options):
    """Each place of this share in turn, as (page, path)."""
    everywhere = [(who, path) for who, paths in places.items() for path in paths]
    begin, end = (len(everywhere) * n // SHARES for n in (share, share + 1))
    for who, some in groupby(everywhere[begin:end], key=itemgetter(0)):
        page: Page = window(getattr(cast, who) if who else None, **options)
        for _, path in some:
            page.goto(path)
            yield page, path


AXE = """rule => axe.run({runOnly: rule, resultTypes: ["violations"]}).then(result =>
    result.violations.map(v => v.id + " " + JSON.stringify(v.nodes.map(n => n.target))))"""
# A theme changes nothing but colours, a narrow window what is beside what and what scrolls.
RULES = {"light": STANDARD, "dark": ["color-contrast"]}
NARROW = ["color-contrast", "target-size", "scrollable-region-focusable"]


OVER = "document.documentElement.scrollWidth - 320"
DESK, PHONE = {"width": 1280, "height": 720}, {"width": 320, "height": 640}
SHARES = 6  # so that several processes look at the pages


@pytest.mark.parametrize("share", range(SHARES))
def test_the_pages_are_accessible_in_both_themes_and_no_wider_than_a_narrow_phone(
    window, cast, places, share
):
    found = []
    for page, path in walk(window, cast, places, share, reduced_motion="reduce", viewport=DESK):
        page.evaluate(AXE_SCRIPT)
        for theme, rule in RULES.items():
            page.emulate_media(color_scheme=theme)
            found += [f"{path} {theme}: {fault}" for fault in page.evaluate(AXE, rule)]
        page.set_viewport_size(PHONE)
        found += [f"{path} narrow: {fault}" for fault in page.evaluate(AXE, NARROW)]
        if (over := page.evaluate(OVER)) > 0:
            found.append(f"{path}: {over} px too wide")
        page.set_viewport_size(DESK)
    assert not found, "\n".join(found)


def test_the_reports_are_read_by_keyboard_alone(window, cast, places):
    page = window(cast.bruno)
    press(page.get_by_role("link", name="Reports", exact=True))
    press(page.get_by_role("link", name="Who is ready today"))
    press(page.get_by_role("link", name="Fibra"))
    expect(page).to_have_url(re.compile("#queue-1$"))
    press(page.get_by_text("Keep this view"))
    tab_to(page.get_by_label("Name of the view"))
    page.keyboard.type("My queue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My queue")).to_be_visible()
    press(page.get_by_role("link", name="Open it"))
    press(page.locator("#queue-1").get_by_role("link", name="Ana Agente"))
    expect(page).to_have_url(re.compile(f"/people/{cast.ana.public_id}/programs$"))

    page.goto("/heatmap")
    pick(page.locator("select[name=by]"), "Proc")
    press(page.get_by_role("button", name="Show"))
    expect(page).to_have_url(re.compile("by=section"))
    press(page.get_by_role("link", name="Sort by Total"))
    expect(page).to_have_url(re.compile("sort=total"))
    press(page.get_by_role("row", name="Ana Agente").locator("td a").first)
    expect(page).to_have_url(re.compile(f"/heatmap/{cast.ana.public_id}"))

    page = window(cast.teo)
    page.goto("/analysis")
    press(page.get_by_role("link", name="Oito quest"))
    expect(page).to_have_url(re.compile("/analysis/oito$"))
    press(page.get_by_role("table").get_by_role("link").first)
    expect(page).not_to_have_url(re.compile("/analysis/oito$"))


def test_the_chosen_theme_wins_over_the_device(window, cast):
    page = window(cast.ana, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    choose(page, "Light")
    light = page.evaluate(ground)
    assert light != dark
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == light
    choose(page, "Dark")
    assert page.evaluate(ground) == dark


def choose(page: Page, theme: str) -> None:
    """Choose a theme by its button, which loads the page anew."""
    button = page.get_by_role("button", name=theme, exact=True)
    with page.expect_event("load"):
        button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def test_every_style_sheet_and_script_is_found(window, cast, content):
    missing = []
    page = window(cast.ana)
    page.on("response", lambda r: missing.append(r.url) if r.status >= 400 else None)
    page.on("console", lambda m: missing.append(m.text) if m.type == "error" else None)
    page.goto("/procedures/conexao")
    page.wait_for_load_state("networkidle")
    assert not missing
    layers = page.evaluate("[...document.styleSheets].map(s => s.href.split('/').pop())")
    assert all(re.search(r"\?v=\w+$", name) for name in layers), layers
