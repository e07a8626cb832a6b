"""Sorting a table: the reader stays at it, with the focus on the column, and no script helps."""

from playwright.sync_api import expect

from tests.browser.conftest import press
from tests.reports.test_heatmap import sit


def test_sorting_keeps_the_reader_at_the_table_without_a_script(session, cast, quiz, window):
    sit(session, cast.ana, quiz, 1, 2, 3, 8)
    page = window(cast.bruno, java_script_enabled=False, viewport={"width": 360, "height": 500})
    page.goto("/heatmap")
    for order in ("ascending", "descending"):
        link = page.get_by_role("link", name="Sort by triagem")
        press(link)
        heading = page.locator("th", has=link)
        expect(heading).to_have_attribute("aria-sort", order)
        expect(link).to_be_focused()
        expect(link).to_be_in_viewport()
        # Not under the column of names, which stays while the others scroll by.
        names = page.get_by_role("columnheader").first.bounding_box()
        assert link.bounding_box()["x"] >= names["x"] + names["width"]
