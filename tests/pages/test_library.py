"""The library, the reader, search."""

import re

from sqlalchemy import select, text

from quizapp import clock
from quizapp.content import importer
from quizapp.evidence.models import EvidenceEntry
from quizapp.study.models import Acknowledgement
from tests.conftest import TODAY


def digest(page, anchor):
    return re.search(rf'value="({anchor} \w{{64}})"', page)[1]


def test_the_library_lists_procedures(sign_in, cast, content):
    page = sign_in(cast.ana).get("/library")
    assert "Conexão do cliente" in page
    assert "ATENDIMENTO POR TELEFONE" in page


def test_the_reader_shows_all_with_contents_and_counts(sign_in, cast, content):
    page = sign_in(cast.ana).get("/procedures/conexao")
    assert 'id="verificacao"' in page
    assert 'href="#sinal-optico"' in page
    assert "Este texto vem antes" in page
    assert 'id="verificacao.2"' in page, "steps can be linked"
    assert "Qualidade" in page


def test_a_section_is_acknowledged_by_one_press_and_counted(sign_in, cast, content, session):
    browser = sign_in(cast.ana)
    page = browser.get("/procedures/conexao")
    path = "/procedures/conexao/read"
    shown = digest(page, "verificacao")
    page = browser.post(path, {"read": shown})
    assert re.search(r'value="1" max="4"', page)
    assert f'value="{shown}"' not in page, "one's word is not asked for twice"
    answer = browser.post_json(path, {"read": shown})
    assert answer == {"stale": False, "to": None, "count": 1, "total": 4}
    [given] = session.scalars(select(Acknowledgement)).all()
    assert (given.user_id, f"{given.anchor} {given.section_hash}") == (cast.ana.id, shown)
    kinds = [e.kind for e in session.query(EvidenceEntry).all()]
    assert kinds.count("section.acknowledged") == 1, "nor written down twice"


def test_a_changed_section_is_to_be_read_again(sign_in, cast, content, session, tmp_path):
    browser = sign_in(cast.ana)
    page = browser.get("/procedures/conexao")
    old = digest(page, "encerramento")
    path = "/procedures/conexao/read"
    browser.post(path, {"read": old})
    edited = tmp_path / "conexao.md"
    source = next(f for f in importer.gather(["tests/samples/procedures"]) if "conexao" in f.path)
    edited.write_bytes(source.data.replace(b"Registre", b"Anote"))
    session.execute(text("UPDATE procedure SET path = '/gone' WHERE slug = 'conexao'"))
    importer.import_files(session, importer.gather([edited]), by="t", now=clock.now(), today=TODAY)
    page = browser.get("/procedures/conexao")
    assert re.search(r'value="0" max="4"', page)
    assert "data-before" in page, "and says so"
    answer = browser.post_json(path, {"read": old})
    assert answer["stale"] is True, "a word about a text that was not shown is not taken"


def test_a_procedure_that_is_not_there_is_missing(sign_in, cast, content):
    sign_in(cast.ana).get("/procedures/nothing", status=404)


def test_agents_find_sections_and_trainers_items_too(sign_in, cast, content):
    agent, trainer = sign_in(cast.ana), sign_in(cast.teo)
    assert "#verificacao" in agent.get("/search?q=conexoes")
    assert "oito-6" not in agent.get("/search?q=equipamento")
    assert "oito-6" in trainer.get("/search?q=equipamento")


def test_a_hostile_query_is_shown_as_text(sign_in, cast, content):
    page = sign_in(cast.ana).get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page
