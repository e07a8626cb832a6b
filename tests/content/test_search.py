"""Search: accents, plurals, what is in force, and who finds what."""

import pytest

from quizapp import clock
from quizapp.content import importer
from quizapp.content.search import find_items, find_sections, nearest_sections
from quizapp.content.stems import stem
from tests.conftest import TODAY


@pytest.mark.parametrize(
    "one, other",
    [
        ("conexoes", "conexão"),
        ("CONEXÃO", "conexões"),
        ("sinais", "sinal"),
        ("clientes", "cliente"),
        ("protocolos", "protocolo"),
        ("solucoes", "solução"),
        ("roteadores", "roteador"),
        ("reclamações", "reclamacao"),
        ("imagens", "imagem"),
        ("níveis", "nivel"),
        ("veloz", "velozes"),
        ("técnicos", "tecnico"),
        ("bloqueios", "bloqueio"),
        ("ordens", "ordem"),
    ],
)
def test_accents_and_plurals_do_not_matter(one, other):
    assert stem(one) == stem(other)


def test_different_words_stay_apart():
    words = ["cliente", "sinal", "plano", "fatura", "protocolo", "roteador", "técnico", "rede"]
    assert len({stem(w) for w in words}) == len(words)


def anchors(session, query):
    return {(hit.slug, hit.anchor) for hit in find_sections(session, query, TODAY)}


def test_a_section_is_found_without_its_accents(session, content):
    assert ("conexao", "verificacao") in anchors(session, "conexoes")
    assert ("conexao", "sinal-optico") in anchors(session, "sinais opticos")
    assert ("telefone", "saudacao") in anchors(session, "saudacoes")


def test_all_the_words_are_needed_and_the_last_may_be_begun(session, content):
    assert anchors(session, "protocolo empresa") == {("telefone", "saudacao")}
    assert ("conexao", "encerramento") in anchors(session, "proto")


@pytest.mark.parametrize("query", ["", "   ", '"', "AND OR", "a*b", "') --", "☃", "x" * 5000])
def test_any_query_is_answered(session, content, query):
    find_sections(session, query, TODAY)
    find_items(session, query)


def test_the_match_is_marked_and_the_rest_escaped(session, content):
    hit = find_sections(session, "agradeca", TODAY)[0]
    assert "<mark>Agradeça.</mark>" in hit.snippet


def test_items_are_found_apart_from_sections(session, content):
    assert ("oito", "oito-6") in {(h.bank, h.uid) for h in find_items(session, "equipamentos")}
    assert not anchors(session, "equipamento fibra casa")


@pytest.fixture
def sections(session):
    """A procedure whose sections share most of their words."""
    text = """# Rede

## Luzes
Veja as luzes do roteador e do modem do cliente. Reinicie o roteador.

## Potência
O roteador e o modem do cliente estão ligados; meça o dBm do roteador.

## Senha
A senha do roteador do cliente está na etiqueta do modem.

## Etiqueta
O modem e o roteador do cliente trazem uma.
"""
    file = importer.File("rede.md", "rede.md", text.encode())
    importer.import_files(session, [file], by="test", now=clock.now(), today=TODAY)
    session.commit()


def test_rare_words_find_the_nearest_section_and_frequent_ones_do_not(session, sections):
    hits = nearest_sections(session, "No roteador e modem do cliente, qual o dBm?", TODAY, 4)
    assert hits[0].anchor == "potencia"
    assert len(hits) == 4


def test_a_heading_counts_more_than_the_text(session, sections):
    assert [hit.anchor for hit in find_sections(session, "etiqueta", TODAY)] == [
        "etiqueta",
        "senha",
    ]


def test_the_same_question_has_the_same_answer(session, sections):
    first = find_sections(session, "roteador", TODAY)
    assert len(first) == 4
    assert find_sections(session, "roteador", TODAY) == first


@pytest.mark.parametrize("query", ["o'reilly", "a\\b", "x_y", "_", "1e5 0x1f", "a:*", "!a", "ﷺ"])
def test_signs_are_no_orders_to_the_database(session, query):
    text = f"# Sinais\n\n## Um\nIsto tem {query} dentro.\n"
    file = importer.File("sinais.md", "sinais.md", text.encode())
    importer.import_files(session, [file], by="test", now=clock.now(), today=TODAY)
    hits = find_sections(session, f"tem {query}", TODAY)
    assert [hit.anchor for hit in hits] == ["um"]
