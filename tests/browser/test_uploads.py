"""Importing files with a real browser: by keyboard alone, by dropping, and while a worker works."""

import threading

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from quizapp.db import db
from quizapp.tasks.worker import work_once
from tests.browser.conftest import PATIENCE, press, tab_to
from tests.browser.test_look import AXE, RULES
from tests.content.test_importer import bank_text, item

PROCEDURE = "# Fibra\n\n## Sinal\n\n1. Olhe o LED.\n2. Anote.\n"
BROKEN = bank_text(item(1), item(1))


def file(name, text):
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def choose(page, *files):
    page.goto("/import")
    page.get_by_label("Files", exact=True).set_input_files(list(files))


def send(page):
    press(page.get_by_role("button", name="See what it would become"))
    page.wait_for_url("**/import/*")


def test_files_are_looked_at_and_imported_by_keyboard_alone(window, cast):
    page = window(cast.teo)
    page.goto("/import")
    tab_to(page.get_by_label("Files", exact=True))  # what it opens is the browser's own
    choose(page, file("b.md", bank_text(item(1), item(2))), file("fibra.md", PROCEDURE))
    send(page)
    press(page.get_by_role("link", name="Banco"))
    press(page.get_by_text("Show the key").first)
    expect(page.get_by_text("A. Sim, com certeza.").first).to_be_visible()
    press(page.get_by_role("link", name="All files of this upload"))
    press(page.get_by_role("button", name="Import all"))
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    press(page.get_by_role("link", name="Fibra"))
    expect(page.get_by_text("Olhe o LED.")).to_be_visible()


def test_too_many_files_are_said_before_they_are_sent(window, cast):
    page = window(cast.teo)
    choose(page, *(file(f"{n}.md", PROCEDURE) for n in range(51)))
    said = page.get_by_text("At most 50 files at once.")
    expect(said).to_be_visible()
    page.get_by_role("button", name="See what it would become").click()
    assert page.url.endswith("/import")
    choose(page, file("um.md", PROCEDURE))
    expect(page.get_by_text("Chosen: um.md")).to_be_visible()


DROP = """text => {
    const carried = new DataTransfer();
    carried.items.add(new File([text], "solto.md", {type: "text/plain"}));
    const options = {bubbles: true, cancelable: true, dataTransfer: carried};
    for (const type of ["dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(type, options));
}"""


def test_files_are_dropped_on_the_page(window, cast):
    page = window(cast.teo)
    choose(page, file("b.md", bank_text(item(1))))
    page.evaluate(DROP, PROCEDURE)
    expect(page.get_by_text("Chosen: b.md, solto.md")).to_be_visible()
    send(page)
    expect(page.get_by_role("link", name="Fibra")).to_be_visible()


@pytest.mark.slow
def test_the_page_shows_how_far_the_worker_is_and_then_the_preview(app, window, cast):
    page = window(cast.teo)
    large = "# {}\n\n## Parte\n\n" + "Texto comprido.\n\n" * 45_000
    choose(page, *(file(f"{n}.md", large.format(n)) for n in ("um", "dois")))
    send(page)
    expect(page.get_by_text("Waiting for its turn.")).to_be_visible()

    def work():
        with app.app_context():
            work_once()
            db.session.remove()

    worker = threading.Thread(target=work)
    worker.start()
    # Two large files are the work of ten seconds, on a machine with little else to do.
    came_in = page.get_by_role("heading", name="What would come in")
    expect(came_in).to_be_visible(timeout=5 * PATIENCE)
    worker.join()


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_accessible_and_fit_a_narrow_phone(app, window, cast, width):
    page = window(cast.teo, viewport={"width": width, "height": 700}, reduced_motion="reduce")
    found = []

    def look():
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        if page.evaluate(wide) > 0:
            found.append(f"{page.url}: too wide")
        page.evaluate(AXE_SCRIPT)
        for theme, rule in RULES.items():
            page.emulate_media(color_scheme=theme)
            found.extend(f"{page.url} {theme}: {fault}" for fault in page.evaluate(AXE, rule))

    choose(page, file("b.md", bank_text(item(1), item(2))))
    look()
    send(page)
    look()
    with page.expect_event("load"):
        page.get_by_role("button", name="Import all").click()
    look()
    kinds = "## Ordem?\n\n1. Um\n2. Dois\n\n## Pares?\n\n- ONU -> casa\n- OLT -> central\n"
    changed = bank_text(item(1).replace("certeza", "dúvida"), item(2, ""), kinds)
    choose(page, file("b.md", changed), file("fibra.md", PROCEDURE), file("x.md", BROKEN))
    send(page)
    look()
    here = page.url
    for position in (1, 2, 3):
        page.goto(f"{here}/files/{position}")
        look()
    choose(page, file("g.md", "# G\n\n## P\n\n" + "Texto.\n\n" * 150_000))
    send(page)
    look()
    assert not found, "\n".join(found)
