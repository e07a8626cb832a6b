"""Editing on pages: text with a preview, small fields, a second tab, history by section."""

import html
import re

import pytest

from quizapp.content import banks
from tests.conftest import SAMPLES


def text_of(page):
    """What stands in the page's text field."""
    found = re.search(r'<textarea[^>]*name="text"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    return html.unescape(found[1])


def number_of(page):
    return re.search(r'name="number" value="(\d+)"', page)[1]


def save(browser, address, page, text, status=200, **fields):
    sent = {"text": text, "number": number_of(page), "reason": "erro", "action": "save", **fields}
    return browser.post(address, sent, status=status)


def test_a_typo_in_a_question_is_mended(sign_in, cast, content, session):
    browser = sign_in(cast.teo)
    uid = banks.places(session, banks.find(session, "oito"))[0].item.uid
    address = f"/banks/oito/items/{uid}/edit"
    page = browser.get(address)
    chunk = text_of(page)
    assert chunk.startswith("## ")
    changed = chunk.replace("## ", "## Mudada: ", 1)
    shown = browser.post(address, {"text": changed, "number": "1", "action": "preview"})
    assert "Mudada:" in shown
    assert "Mudada:" not in browser.get("/banks/oito"), "a preview saves nothing"
    assert "Mudada:" in save(browser, address, page, changed)
    assert "Carregue" not in browser.get("/banks/oito/history")
    assert "<ins>" in browser.get("/banks/oito/history")


def test_a_question_is_changed_by_small_fields(sign_in, cast, content, session):
    browser = sign_in(cast.teo)
    place = banks.places(session, banks.find(session, "oito"))[0]
    count = len(place.revision.content["options"])
    page = browser.get(f"/banks/oito/items/{place.item.uid}/edit")
    fields = {f"option-{i}": f"Alternativa {i}" for i in range(1, count + 1)}
    sent = {"stem": "Outra pergunta?", "explanation": "Porque sim.", "sources": "conexao"}
    sent |= fields | {"number": number_of(page), "reason": "mais clara"}
    page = browser.post(f"/banks/oito/items/{place.item.uid}/fields", sent)
    assert "Outra pergunta?" in page
    assert "Alternativa 2" in page
    browser.get(f"/banks/oito/items/{place.item.uid}/edit")
    sent["option-1"] = ""
    browser.post(f"/banks/oito/items/{place.item.uid}/fields", sent | {"number": "2"}, status=422)


def test_a_text_with_errors_says_where_and_keeps_what_was_typed(sign_in, cast, content):
    browser = sign_in(cast.teo)
    page = browser.get("/banks/oito/edit")
    text = text_of(page) + "\n## Sem alternativas {#nova}\n\n- [x] só uma\n"
    answer = save(browser, "/banks/oito/edit", page, text, status=422)
    assert text_of(answer).strip() == text.strip()
    assert "options-too-few" in answer
    assert "problem-error" in answer


def test_a_second_tab_writes_over_nothing(sign_in, cast, content):
    first, second = sign_in(cast.teo), sign_in(cast.teo)
    one, two = first.get("/banks/oito/edit"), second.get("/banks/oito/edit")
    save(first, "/banks/oito/edit", one, text_of(one).replace("## ", "## Um: ", 1))
    answer = save(
        second, "/banks/oito/edit", two, text_of(two).replace("## ", "## luz LOS ", 1), status=409
    )
    assert "stale-head" in answer
    assert "luz LOS" in text_of(answer)
    assert "<del>" in answer


def test_a_reason_is_asked_for(sign_in, cast, content):
    browser = sign_in(cast.teo)
    page = browser.get("/banks/oito/edit")
    save(browser, "/banks/oito/edit", page, text_of(page) + "\n", status=422, reason="")


def test_a_procedure_is_edited_and_its_history_shown_by_section(sign_in, cast, content):
    browser = sign_in(cast.teo)
    page = browser.get("/procedures/conexao/edit")
    text = text_of(page)
    source = (SAMPLES / "procedures" / "conexao.md").read_text(encoding="utf-8")
    assert text.strip() == source.strip()
    heading = re.search(r"^## .*$", text, re.MULTILINE)[0]
    changed = text.replace(heading, f"{heading}\n\nUma frase nova no começo da seção.\n", 1)
    save(browser, "/procedures/conexao/edit", page, changed)
    history = browser.get("/procedures/conexao/history")
    assert "Uma frase nova" in history
    assert "Téo Instrutor" in history
    seen = sign_in(cast.ana).get("/procedures/conexao/history")
    assert "Uma frase nova" in seen
    assert "Téo" not in seen


def test_a_section_renamed_is_recognised_and_cited_on(sign_in, cast, content, session):
    browser = sign_in(cast.teo)
    page = browser.get("/procedures/conexao/edit")
    text = text_of(page)
    heading = re.search(r"^## .*$", text, re.MULTILINE)[0]
    save(browser, "/procedures/conexao/edit", page, text.replace(heading, "## Outro nome", 1))
    assert "Outro nome" in browser.get("/procedures/conexao/history")
    assert "no such section" not in browser.get("/banks/oito")
    assert "seção não existe" not in browser.get("/banks/oito")


def test_the_preview_is_a_piece_of_a_page(sign_in, cast, content):
    browser = sign_in(cast.teo)
    browser.get("/banks/oito/edit")
    answer = browser.http.post(
        "/preview",
        data={
            "csrf_token": browser.token,
            "name": "x.md",
            "text": "## A? {#a}\n\n- [x] um\n- [ ] dois\n- [ ] três\n",
        },
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "as-asked" in answer.text
    assert "checked" not in answer.text, "as an agent sees it"


@pytest.mark.parametrize("who", ["ana", "bruno", "iara"])
def test_only_trainers_edit(sign_in, cast, content, who):
    browser = sign_in(getattr(cast, who))
    for address in ("/banks/oito/edit", "/procedures/conexao/edit", "/conflicts", "/moves"):
        browser.get(address, status=404)


def test_what_is_not_there_is_not_edited(sign_in, cast, content):
    browser = sign_in(cast.teo)
    for address in ("/banks/nada/edit", "/procedures/nada/edit", "/banks/oito/items/nada/edit"):
        browser.get(address, status=404)


def test_only_the_spelling_is_ticked_and_the_key_stays(sign_in, cast, quiz, session):
    browser = sign_in(cast.teo)
    address = "/banks/oito/items/oito-1/edit"
    page = browser.get(address)
    changed = text_of(page).replace("primeiro", "antes", 1)
    assert "state-unconfirmed" not in save(browser, address, page, changed, spelling="1")
    page = browser.get(address)
    changed = text_of(page).replace("antes", "primeiro", 1)
    assert "state-unconfirmed" in save(browser, address, page, changed)
