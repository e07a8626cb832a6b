"""Charts as people see them: in both themes, and on a narrow phone."""

from axe_playwright_python.base import AXE_SCRIPT

from quizapp.pages.access import public
from tests.browser.test_look import AXE, DESK, OVER, PHONE, RULES
from tests.reports import gallery


def test_charts_are_accessible_in_both_themes_and_no_wider_than_a_narrow_phone(app, window):
    app.add_url_rule("/gallery", "gallery", public(gallery.page))
    page = window(reduced_motion="reduce", viewport=DESK)
    page.goto("/gallery")
    page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
    page.evaluate(AXE_SCRIPT)
    for theme, rule in RULES.items():
        page.emulate_media(color_scheme=theme)
        assert page.evaluate(AXE, rule) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(OVER) <= 0
