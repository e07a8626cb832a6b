"""Banks in the native format."""

import pytest

from quizapp.formats.model import Answer, Option
from quizapp.formats.writer import write_markdown
from tests.formats.comparing import items_of
from tests.formats.samples import bank, declared, found

ALL_KINDS = """---
formato: questoes/1
id: suporte-sem-internet
titulo: Suporte
idioma: pt-BR
nota_minima: 80
---
## Antes de escalar, o que se confirma? {#ssi-001}
Fonte: fluxo#verificacao, fluxo#triagem.2a
**Fonte:** voz#inicio
Competencias: triagem; voz
Dificuldade: FÁCIL
Use: practice
Etiquetas: led, fibra

```text
LOS
```

* [ ] Abrir OS.
  > Só depois das
  > checagens.
- [X] Os dados do cliente
  e o ponto.
- [ ] Nenhum deles. {fixa}
Explicação: o contrato certo.

Segundo parágrafo:

- lista

## Quais são sinais de falha?
- [x] LOS vermelho
- [x] PON piscando
- [ ] Power verde

## LOS aceso é falta de sinal.
- [x] Verdadeiro
- [ ] Falso

## Ordene.
1. Energia
2. Cabos
3. Reinício

## Ligue.
- LOS -> sinal
- PON → autenticação
- -> energia

## Quantos minutos?
Resposta: 30 ± 2
> Certo.

## Qual grupo?
Resposta: Discord
Resposta (50%): o grupo

## Uma ligação
Tipo: cenário

### Abertura {#a}
- [Ouvir](#b)
### Fim {#b}
Fim.

## Explique.
Tipo: dissertativa

## Leia.
Tipo: texto
"""


def test_each_kind_is_read_by_its_looks() -> None:
    document = bank(ALL_KINDS)
    assert [(item.id, item.kind, item.key) for item in document.items] == [
        ("ssi-001", "single", "given"),
        ("ssi-002", "multiple", "given"),
        ("ssi-003", "true_false", "given"),
        ("ssi-004", "ordering", "given"),
        ("ssi-005", "matching", "given"),
        ("ssi-006", "numeric", "given"),
        ("ssi-007", "short_answer", "given"),
        ("ssi-008", "scenario", "given"),
        ("ssi-009", "essay", "missing"),
        ("ssi-010", "description", "missing"),
    ]
    assert [problem.code for problem in document.problems] == ["kind-not-served"]
    assert (document.title, document.cut_score, document.format) == ("Suporte", 80, "native")


def test_fields_options_feedback_and_explanation_are_read() -> None:
    item = bank(ALL_KINDS).items[0]
    assert item.stem == "Antes de escalar, o que se confirma?\n\n```text\nLOS\n```"
    assert item.sources == ("fluxo#verificacao", "fluxo#triagem.2a", "voz#inicio")
    assert (item.competencies, item.tags) == (("triagem", "voz"), ("led", "fibra"))
    assert (item.difficulty, item.use, item.line) == ("easy", "practice", 8)
    assert item.explanation == "o contrato certo.\n\nSegundo parágrafo:\n\n- lista"
    assert item.options == (
        Option("Abrir OS.", 0.0, "Só depois das\nchecagens."),
        Option("Os dados do cliente\ne o ponto.", 1.0),
        Option("Nenhum deles.", 0.0, pinned=True),
    )


def test_keys_share_the_whole_and_lists_keep_their_order() -> None:
    items = bank(ALL_KINDS).items
    assert [option.fraction for option in items[1].options] == [0.5, 0.5, 0.0]
    assert [option.text for option in items[3].options] == ["Energia", "Cabos", "Reinício"]
    assert items[4].pairs == (("LOS", "sinal"), ("PON", "autenticação"), ("", "energia"))
    assert items[5].answers == (Answer(value=30, tolerance=2, feedback="Certo."),)
    assert items[6].answers == (Answer("Discord"), Answer("o grupo", fraction=0.5))
    assert items[7].body.startswith("Tipo: cenário\n\n### Abertura {#a}")


@pytest.mark.parametrize(
    "text, answer",
    [
        ("30", Answer(value=30, tolerance=0)),
        ("1,5", Answer(value=1.5, tolerance=0)),
        ("R$ 1.234,50", Answer(value=1234.5, tolerance=0)),
        ("-21 +- 0,5", Answer(value=-21, tolerance=0.5)),
        ("30 +/- 2", Answer(value=30, tolerance=2)),
        ("10..20", Answer(low=10, high=20)),
        ("0800", Answer("0800")),
        ("30 min", Answer("30 min")),
        ("192.168.0.1", Answer("192.168.0.1")),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, answer: Answer) -> None:
    assert declared(f"## Quanto?\nResposta: {text}\n").items[0].answers == (answer,)


@pytest.mark.parametrize(
    "text, problem",
    [
        ("- [ ] a\n- [ ] b", (5, "key-missing")),
        ("- [x] a", (5, "options-too-few")),
        ("só texto", (5, "item-empty")),
        ("- [x] a\n- [ ] b\n- [ ] a", (8, "option-duplicate")),
        ("- [x] a\n- [ ]", (7, "option-empty")),
        ("- [ ] Todas as anteriores\n- [x] b", (6, "option-all-not-last")),
        ("- [ ] N.D.A.\n- [x] b", (6, "option-all-not-last")),
        ("Dificuldade: impossível\n- [x] a\n- [ ] b", (6, "difficulty-unknown")),
        ("Uso: talvez\n- [x] a\n- [ ] b", (6, "use-unknown")),
        ("Tipo: enigma\n- [x] a\n- [ ] b", (6, "type-unknown")),
        ("Tipo: ordenação\n- [x] a\n- [ ] b", (5, "type-mismatch")),
        ("- [x] a\n- [ ] b\n\nResposta: a", (9, "answer-with-options")),
        ("Resposta:", (6, "answer-empty")),
        ("Resposta: 30 ± x", (6, "number-invalid")),
        ("Resposta: 20..10", (6, "number-invalid")),
        ("Tipo: numérica\nResposta: muitos", (7, "number-invalid")),
        ("Resposta: 1.234", (6, "number-ambiguous")),
        ("1. a", (5, "options-too-few")),
    ],
)
def test_what_is_wrong_is_reported_on_its_line(text: str, problem: tuple[int, str]) -> None:
    assert found(declared(f"## Enunciado\n{text}\n")) == [problem]


def test_ids_are_checked_and_made() -> None:
    twice = declared("## A {#x-1}\n- [x] a\n- [ ] b\n\n## B {#x-1}\n- [x] a\n- [ ] b\n")
    assert found(twice) == [(9, "id-duplicate")]
    assert found(declared("## A {#não pode}\n- [x] a\n- [ ] b")) == [(5, "id-invalid")]
    made = declared("## A\n- [x] a\n- [ ] b\n## B {#bt-001}\n- [x] a\n- [ ] b\n")
    assert [item.id for item in made.items] == ["bt-001-2", "bt-001"]
    single = bank("---\nformato: questoes/1\nid: redes\n---\n## A\n- [x] a\n- [ ] b\n")
    assert single.items[0].id == "red-001"


def test_a_bank_without_items_and_text_outside_of_items_are_reported() -> None:
    assert found(declared("texto solto\n")) == [(5, "text-outside-items"), (5, "bank-empty")]
    text = "# Título\n\nIntrodução.\n\n## A {#a}\n- [x] a\n- [ ] b\n"
    document = declared(text)
    assert found(document) == [(7, "text-outside-items")]
    assert document.title == "Título"


def test_words_before_a_colon_that_are_no_field_stay_text() -> None:
    item = declared("## A\nCliente: olá.\n\n- [x] a\n- [ ] b\n").items[0]
    assert item.stem == "A\n\nCliente: olá."


def test_an_indented_line_of_a_heading_is_no_field_when_it_reads_back() -> None:
    document = declared("Uma linha\n Fonte: a\n---\nTipo: texto\n")
    assert items_of(bank(write_markdown(document))) == items_of(document)


def test_true_or_false_can_be_said_in_short() -> None:
    item = declared("## A\nTipo: verdadeiro-falso\nResposta: Falso\n").items[0]
    assert item.options == (Option("Verdadeiro", 0.0), Option("Falso", 1.0))


def test_a_list_that_ends_no_stem_is_part_of_it() -> None:
    item = declared("## A\n1. um\n2. dois\n\n- [x] a\n- [ ] b\n").items[0]
    assert (item.kind, item.stem) == ("single", "A\n\n1. um\n2. dois")
    essay = declared("## A\n1. um\n2. dois\n\nTipo: dissertativa\n").items[0]
    assert (essay.kind, essay.stem) == ("essay", "A\n\n1. um\n2. dois")
