"""The five seed files come out as the issue says."""

import re
from collections import Counter

import pytest

from tests.formats.samples import found
from tests.formats.seeds import PROCEDURES, bank, needs_seeds, procedure, text_of

pytestmark = needs_seeds
WORD = re.compile(r"\w+")


@pytest.mark.parametrize("name", PROCEDURES)
def test_no_word_of_a_procedure_is_lost(name: str) -> None:
    document = procedure(name)
    shown = [document.title]
    for section in document.sections:
        shown += [section.heading, section.text]
    missing = Counter(WORD.findall(text_of(name))) - Counter(WORD.findall("\n".join(shown)))
    assert not missing


def test_no_word_of_the_bank_is_lost() -> None:
    shown: list[str] = []
    for item in bank().items:
        shown += [item.number, item.stem, *(option.text for option in item.options)]
    text = text_of("question-bank-unkeyed.txt")
    assert Counter(WORD.findall(text)) == Counter(WORD.findall("\n".join(shown)))


def test_the_technical_flow_has_its_title_parts_and_checks() -> None:
    document = procedure("procedure-technical-flow.md")
    assert document.title == (
        "Fluxo de Atendimento Técnico – Clientes com Falta de Internet ou Oscilação"
    )
    assert document.problems == ()
    assert [(s.level, s.line, s.anchor) for s in document.sections] == [
        (3, 4, "triagem-inicial-no-opa-robo-de-atendimento"),
        (3, 17, "atendimento-humano-verificacao-completa-antes-de-escalar"),
        (4, 21, "confirme-os-dados-do-cliente"),
        (4, 26, "verifique-a-situacao-no-ixc"),
        (4, 35, "faca-orientacoes-basicas-se-possivel"),
        (3, 48, "encaminhamento-para-suporte-nivel-2-configuracao"),
        (4, 52, "encaminhe-a-solicitacao-para-o-grupo-do-discord"),
        (3, 72, "resumo-pratico"),
    ]
    assert document.sections[0].heading == "1. Triagem inicial no OPA (robô de atendimento)"
    assert document.sections[2].heading == "1. Confirme os dados do cliente"


def test_the_technical_flow_keeps_lists_quotes_and_callouts() -> None:
    sections = procedure("procedure-technical-flow.md").sections
    assert sections[0].html.count("<li>") == 2
    assert '<p class="callout">🟡 <strong>IMPORTANTE:</strong><br>' in sections[0].html
    assert sections[7].html.startswith("<blockquote>")
    assert sections[7].html.count("<br>") == 3
    assert '<p class="callout">📌 <strong>Importante:</strong><br>' in sections[6].html


def test_the_good_practices_are_ten_steps_and_nothing_is_wrong() -> None:
    document = procedure("procedure-good-practices.md")
    assert document.title == (
        "Boas Práticas para um Atendimento Personalizado e Eficiente – OTI ONLINE TELECOM.IP"
    )
    assert document.problems == ()
    do, avoid, remember = document.sections
    assert [step.label for step in do.steps] == [str(n) for n in range(1, 11)]
    assert do.steps[9].line == 32
    assert do.steps[0].text.startswith("Trate o cliente pelo nome e com atenção real\nMostrar")
    assert avoid.html.count("<li>") == 9
    assert remember.anchor == "lembre-se"
    assert "<blockquote>" in remember.html
    assert "diferencial" in remember.text


def test_the_phone_support_keeps_its_numbers_and_warns_of_its_gaps() -> None:
    document = procedure("procedure-phone-support.txt")
    assert document.title == "Procedure phone support"
    assert found(document) == [
        (1, "title-from-file-name"),
        (34, "step-number-jump"),
        (37, "step-cut-off"),
    ]
    assert document.problems[1].args == {"from": "2", "to": "5"}
    (section,) = document.sections
    assert (section.anchor, section.heading) == ("inicio", "")
    assert [(step.label, step.line) for step in section.steps] == [
        ("1", 26),
        ("1a", 27),
        ("2", 28),
        ("2a", 29),
        ("2b", 30),
        ("2c", 33),
        ("5", 34),
        ("6", 35),
        ("7", 37),
    ]


def test_the_phone_support_keeps_paragraphs_with_their_steps() -> None:
    (section,) = procedure("procedure-phone-support.txt").sections
    steps = {step.label: step.text for step in section.steps}
    assert "Sempre informe o nome da pessoa que está na linha." in steps["2b"]
    assert "Atenção: Confira" in steps["2b"]
    assert "Se estiver continuaremos" in steps["6"]
    assert steps["7"] == "Identificar se o cliente é:"
    assert "<p>MK | Skype | FOP | ANM" in section.html
    assert "<li>Nome do cliente</li>" in section.html
    assert '<li id="inicio.5" value="5">' in section.html
    assert '<ol type="a">' in section.html
    assert section.html.endswith("com o cliente em linha.</p>")


def test_the_escalation_has_a_title_and_sections_by_its_capitals() -> None:
    document = procedure("procedure-escalation.txt")
    assert document.title == "FLUXO PARA ATENDIMENTO E ESCALATION"
    assert document.problems == ()
    assert [(s.line, s.level, s.anchor) for s in document.sections] == [
        (10, 2, "inicio"),
        (33, 2, "como-proceder-para-ser-atendido"),
        (41, 2, "sla"),
        (55, 2, "o-canal-de-suporte-contempla-podendo-variar-de-acordo-com-o-contrato"),
        (66, 2, "definicao-dos-niveis-de-criticidade"),
        (68, 3, "emergencial"),
        (74, 3, "urgente"),
        (80, 3, "controlado"),
        (87, 3, "planejado"),
        (97, 2, "o-atendimento-dos-setores-administrativo-financeiro-relacoes-humanas-governanca"),
        (110, 2, "acompanhamento-do-chamado"),
        (112, 2, "confirmacao-de-registro-do-chamado"),
        (116, 2, "login-de-acesso"),
        (120, 2, "atualizacoes-do-chamado"),
        (124, 2, "resolucao-do-problema"),
        (132, 2, "escalation-dos-chamados"),
        (139, 2, "horario-de-funcionamento"),
        (143, 2, "canais-de-atendimento"),
    ]


def test_each_level_of_the_escalation_contains_its_deadline() -> None:
    sections = {s.anchor: s for s in procedure("procedure-escalation.txt").sections}
    for anchor, deadline in {
        "emergencial": "PROBLEMA GRAVE/DESASTRE (ATENDIMENTO IMEDIATO)",
        "urgente": "PROBLEMA ALTO (ATENDIMENTO EM ATÉ 2H)",
        "controlado": "PROBLEMA MÉDIO (ATENDIMENTO EM ATÉ 24H ÚTEIS)",
        "planejado": "PROBLEMA BAIXO (ATENDIMENTO DE 48 À 96H ÚTEIS)",
    }.items():
        assert sections[anchor].html.startswith(f"<p><strong>{deadline}</strong></p>")


def test_the_escalation_has_working_links_and_lists() -> None:
    document = procedure("procedure-escalation.txt")
    html = "\n".join(section.html for section in document.sections)
    for target in (
        "tel:08005914126",
        "tel:+553733661016",
        "tel:+5537998228449",
        "mailto:noc@lvnetwork.com.br",
        "https://www.lvnetwork.com.br",
        "https://www.instagram.com/lvnetwork",
        "https://lvdesk.com.br",
        "https://wa.me/5508005914126",
        "https://t.me/LVZap_Bot",
    ):
        assert f'href="{target}" rel="noopener noreferrer"' in html
    assert html.count("<li>") == 8 + 10 + 4


def test_the_bank_is_eight_drafts_with_ten_warnings() -> None:
    document = bank()
    assert (document.format, document.title) == ("numbered", "Question bank unkeyed")
    assert [len(item.options) for item in document.items] == [4, 3, 3, 3, 3, 3, 3, 2]
    assert [item.id for item in document.items] == [f"qbu-00{n}" for n in range(1, 9)]
    assert {item.key for item in document.items} == {"missing"}
    assert {option.fraction for item in document.items for option in item.options} == {None}
    stems = [2, 8, 13, 18, 23, 28, 33, 38]
    assert sorted(found(document)) == sorted(
        [(line, "key-missing") for line in stems]
        + [(4, "option-all-not-last"), (38, "item-cut-off")]
    )
    assert {problem.severity for problem in document.problems} == {"warning"}
    pinned = [o.text for item in document.items for o in item.options if o.pinned]
    assert pinned == ["Todas"]
