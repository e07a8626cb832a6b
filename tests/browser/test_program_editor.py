"""Putting a program together in a browser: one page, whatever its buttons do."""

import re

from playwright.sync_api import expect
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import program_texts
from quizapp.certification.models import Program
from tests.conftest import TODAY


def test_back_forward_and_reload_ask_nothing_again_and_lose_nothing(window, session, cast, quiz):
    page = window(cast.teo)
    asked = []
    page.on("request", lambda one: one.is_navigation_request() and asked.append(one.method))
    page.on("dialog", lambda dialog: dialog.accept())
    title, intro = page.get_by_label("Title"), page.get_by_label("Introduction")

    def is_there():
        expect(page.locator("fieldset.part-row")).to_have_count(2)
        expect(title).to_have_value("Suporte N1")
        expect(intro).to_have_value("Para quem começa.")

    page.goto("/trainer/programs/new")
    title.fill("Suporte N1")
    page.get_by_label("Procedure", exact=True).select_option("conexao")
    add = page.get_by_role("button", name="Add what to read")
    add.click()
    expect(page.locator("fieldset.part-row")).to_have_count(1)
    expect(add).to_be_focused()
    page.get_by_label("Quiz", exact=True).select_option("oito")
    page.get_by_role("button", name="Add what to pass").click()
    expect(page.locator("fieldset.part-row")).to_have_count(2)
    intro.fill("Para quem começa.")
    is_there()
    page.reload()
    is_there()
    page.goto("/library")
    page.go_back()
    is_there()
    page.go_back()
    expect(page).to_have_url(re.compile("/$"))
    page.go_forward()
    is_there()
    page.get_by_label("Validity").fill("sempre")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.reload()
    is_there()
    page.get_by_label("Validity").fill("12 meses")
    page.get_by_role("button", name="As text").click()
    expect(page.get_by_label("Text", exact=True)).to_contain_text("1. Ler: conexao")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Suporte N1")
    expect(page.get_by_text("Saved as a new version.")).to_be_visible()
    page.go_back()
    expect(title).to_have_value("")
    assert set(asked) == {"GET"}, "no page is the answer to a form"
    assert session.scalars(select(Program.slug)).all() == ["suporte-n1"]
    session.rollback()


def test_what_nobody_changed_is_not_kept(window, session, cast, content):
    text = "---\nformato: trilha/1\ntitulo: Guia\n---\n1. Ler: conexao#verificacao\n"
    told = {"by": cast.teo.public_id, "now": clock.now()}
    program = program_texts.add(session, text, **told)
    session.commit()
    page = window(cast.teo)
    page.goto(f"/trainer/programs/{program.slug}/edit")
    page.reload()
    page.goto("/library")
    text = program_texts.text_of(session, program).text.replace("Guia", "Guia novo")
    program_texts.save(session, program, text, 1, today=TODAY, reason="r", **told)
    session.commit()
    page.go_back()
    expect(page.get_by_label("Title")).to_have_value("Guia novo")
    expect(page.locator("[data-unsaved]")).to_have_count(0)
