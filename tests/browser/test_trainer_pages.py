"""The trainers' pages: accessible, narrow enough, and quick to work with by keyboard alone."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from quizapp import clock
from quizapp.content import banks, conflicts, editing, importer, keys, linking, moves
from quizapp.quiz import attempts, contests, quizzes
from tests.browser.conftest import press, tab_to
from tests.browser.test_look import AXE, RULES
from tests.conftest import TODAY
from tests.content.test_importer import bank_text, item
from tests.quiz.test_attempts import begin

SPLIT = "# Guia\n\n## Duas partes\n\n{a}\n\n{b}\n"
HALVES = (
    "Primeiro confira a luz do equipamento e anote a cor que o cliente vê nela.",
    "Depois peça o número do contrato e confirme o endereço da instalação com ele.",
)

# The buttons that something else lies upon where a thumb would touch them.
COVERED = """() => [...document.querySelectorAll('main :is(button, .btn)')]
    .filter(button => button.checkVisibility({visibilityProperty: true}))
    .filter(button => {
        button.scrollIntoView({block: 'center', behavior: 'instant'});
        const box = button.getBoundingClientRect();
        return !button.contains(document.elementFromPoint(
            box.x + box.width / 2, box.y + box.height / 2));
    })
    .map(button => button.textContent.trim())"""


@pytest.fixture
def states(session, cast, content) -> dict[str, list[str]]:
    """Addresses by who looks: a conflict, a split section, a key in review that is contested."""
    now, by = clock.now(), cast.teo.public_id

    def bring(path: str, text: str) -> None:
        files = [importer.File(path, path, text.encode())]
        importer.import_files(session, files, by=by, now=now, today=TODAY)

    whole = bank_text(item(1) + item(2))
    bring("b.md", whole)
    bank = banks.find(session, "b")
    text = editing.bank_text(session, bank)
    there = text.text.replace("Sim, com certeza.", "Sim.")
    editing.save_bank(session, bank, there, text.number, by=by, now=now, reason="clareza")
    bring("b.md", whole.replace("Depende", "Varia"))

    a, b = HALVES
    bring("guia.md", SPLIT.format(a=a, b=b))
    citing = item(1).replace("p-1}", "c-1}\nFonte: guia#duas-partes")
    bring("cita.md", bank_text(citing).replace("id: b", "id: cita"))
    bring("guia.md", f"# Guia\n\n## A luz\n\n{a}\n\n## O contrato\n\n{b}\n")

    quiz = quizzes.publish(session, banks.find(session, "oito"), 75, by=by, now=now, review_days=7)
    assert quiz is not None
    done = begin(session, cast.ana, quiz)
    attempts.submit(session, cast.ana, done.public_id, now)
    attempt = f"/attempts/{done.public_id}"
    contests.contest(session, cast.ana, done.public_id, 1, "O procedimento diz outra.", now=now)
    session.commit()
    (conflict,) = conflicts.open_ones(session)
    assert moves.asked(session)
    row = linking.unlinked(session, TODAY)[0]
    place = f"/banks/{row.bank.slug}/items/{row.item.uid}"
    session.commit()
    return {
        "teo": [
            f"/banks/{row.bank.slug}",
            "/banks/oito",
            f"{place}/key",
            f"{place}/edit",
            f"{place}/link",
            "/banks/b/edit",
            "/banks/oito/export",
            "/procedures/conexao/edit",
            "/procedures/guia/history",
            f"/conflicts/{conflict.id}",
            "/moves",
            "/links",
            "/lint",
            "/contests",
        ],
        "ana": [f"{attempt}/result", f"{attempt}/contest/2", "/my-contests"],
    }


@pytest.mark.slow
def test_the_pages_are_accessible_and_no_wider_than_a_narrow_phone(window, cast, states):
    found = []
    for who, paths in states.items():
        page: Page = window(getattr(cast, who), reduced_motion="reduce")
        page.set_viewport_size({"width": 320, "height": 640})
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.ok, path
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if over > 0:
                found.append(f"{path}: {over} px too wide")
            found += [f"{path}: “{name}” is covered" for name in page.evaluate(COVERED)]
            page.evaluate(AXE_SCRIPT)
            for theme, rule in RULES.items():
                page.emulate_media(color_scheme=theme)
                found += [f"{path} {theme}: {fault}" for fault in page.evaluate(AXE, rule)]
    assert not found, "\n".join(found)


def test_a_bank_is_keyed_linked_and_published_by_keyboard(window, cast, content, session):
    bank = banks.find(session, "sem-gabarito")
    count = len(banks.places(session, bank))
    page = window(cast.teo)
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("/banks/sem-gabarito")
    press(page.get_by_role("link", name=re.compile("^Key ")))
    for _ in range(count):
        expect(page.locator("[data-keying-hint]")).to_be_visible()
        expect(page.locator("[name=option]").first).to_be_focused()
        page.keyboard.press("b")
        expect(page.locator("[name=option]").nth(1)).to_be_checked()
        assert page.evaluate(COVERED) == []
        before = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)
    expect(page.locator("main")).to_contain_text("Publish the keys")
    press(page.get_by_role("link", name=re.compile("^Link ")))
    expect(page.locator("[data-linking-hint]")).to_be_visible()
    expect(page.locator("[data-linking]")).to_be_focused()
    before = page.url
    page.keyboard.press("s")
    page.wait_for_url(lambda url: url != before)
    expect(page.locator("[data-linking-hint]")).to_be_visible()
    tab_to(page.get_by_label("What should it say"))
    page.keyboard.type("Troca de plano")
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    expect(page.locator("main")).to_contain_text("Noted: to be written")
    page.goto("/banks/sem-gabarito")
    press(page.get_by_role("button", name="Publish as a quiz"))
    expect(page.locator("main")).to_contain_text("The quiz is published")
    session.expire_all()
    status = keys.statuses(session, [p.revision.id for p in banks.places(session, bank)])
    assert all(one.confirmed for one in status.values())
    notes = {row.note for row in linking.unlinked(session, TODAY)}
    assert "Troca de plano" in notes


@pytest.mark.slow
def test_the_preview_follows_and_a_problem_leads_to_its_line(window, cast, content):
    page = window(cast.teo)
    page.goto("/banks/oito/edit")
    text = page.locator("#text")
    lines = text.input_value().split("\n")
    stem = next(i for i, line in enumerate(lines) if line.startswith("## "))
    lines[stem] = lines[stem].replace("## ", "## Agora mudada: ", 1)
    text.fill("\n".join(lines))
    expect(page.locator("[data-preview-here]")).to_contain_text("Agora mudada:")
    option = next(i for i, line in enumerate(lines) if line.startswith("- [x]"))
    lines[option] = lines[option].replace("- [x]", "- [ ]")
    text.fill("\n".join(lines))
    link = page.locator(".problem-line").first
    expect(link).to_be_visible()
    number = int(re.search(r"\d+", link.inner_text())[0])
    press(link)
    expect(text).to_be_focused()
    chosen = text.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    assert chosen == lines[number - 1]


def test_an_unsaved_text_is_not_left_without_a_word(window, cast, content):
    page = window(cast.teo)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/procedures/conexao/edit")
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/procedures/conexao")
    assert not asked
    page.goto("/procedures/conexao/edit")
    page.locator("#text").press_sequentially("x")
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/procedures/conexao")
    assert asked == ["beforeunload"]
