"""Search: accents, plurals, what is in force, and who finds what."""

import pytest

from quizapp.content.search import find_items, find_sections
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
