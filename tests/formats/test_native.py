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
        ("- [x] a\n- [ ] b\n\nResposta: outra", (9, "answer-with-options")),
        ("Gabarito: C\n- [x] a\n- [ ] b", (6, "key-option-missing")),
        ("Gabarito: B\nResposta: x", (6, "key-not-choice")),
        ("Gabarito: B\n- [x] a\n- [ ] b", (5, "key-disagrees")),
        ("Tipo: única\n- [x] a\n- [x] b", (5, "key-several")),
        ("- [x] a (errada)\n- [ ] b", (5, "key-marked-wrong")),
        ("- [x] a\n  > Incorreto: é b.\n- [ ] b", (5, "key-marked-wrong")),
        ("- [x] a {0%}\n- [ ] b", (5, "key-without-share")),
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


def test_a_key_may_be_given_in_letters() -> None:
    options = "- [ ] a\n- [ ] b\n- [ ] c\n"
    text = "".join(
        f"## Q\n{key}\n{options}" for key in ("Gabarito: B", "Key: A e C", "Resposta: c")
    )
    items = declared(text).items
    assert [[option.fraction for option in item.options] for item in items] == [
        [0, 1, 0],
        [0.5, 0, 0.5],
        [0, 0, 1],
    ]
    assert [item.kind for item in items] == ["single", "multiple", "single"]
    truth = declared("## Q\nGabarito: F\n- [ ] Verdadeiro\n- [ ] Falso\n").items[0]
    assert [option.fraction for option in truth.options] == [0, 1]


@pytest.mark.parametrize(
    "text, doubt",
    [
        ("Gabarito: B? D?\n- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d", (1, 3)),
        ("Gabarito: ?\n- [ ] a\n- [ ] b", ()),
        ("Gabarito: A ou B\n- [ ] a\n- [ ] b", (0, 1)),
        ("Gabarito: C\n- [x] a\n- [ ] b\n- [ ] c", (0, 2)),
        ("Gabarito: A\nGabarito: B?\n- [ ] a\n- [ ] b", (0, 1)),
        ("Tipo: única\n- [x] a\n- [x] b\n- [ ] c", (0, 1)),
        ("- [ ] a\n- [x] b (resposta errada)", (1,)),
    ],
)
def test_a_doubtful_key_is_none_and_is_written_back(text: str, doubt: tuple[int, ...]) -> None:
    document = declared(f"## Enunciado\n{text}\n")
    (item,) = document.items
    assert (item.key, item.doubt) == ("doubtful", doubt)
    assert {option.fraction for option in item.options} == {None}
    assert items_of(bank(write_markdown(document))) == items_of(document)


def test_ticks_and_letters_that_agree_are_one_key() -> None:
    document = declared("## Q\nGabarito: A e C\n- [x] a\n- [ ] b\n- [X] c\n\nResposta: AC\n")
    assert (document.items[0].key, document.problems) == ("given", ())


@pytest.mark.parametrize(
    "options, kind, fractions",
    [
        ("- [x] a {50%}\n- [x] b {50%}\n- [ ] c {-100%}", "multiple", [0.5, 0.5, -1]),
        ("- [x] a {33,33333%} {fixa}\n- [x] b {66.67%}\n- [ ] c", "multiple", [1 / 3, 2 / 3, 0]),
        ("- [x] a\n- [ ] b {fixa} {50%}\n- [ ] c {-16,66667%}", "single", [1, 0.5, -1 / 6]),
        ("- [x] a {100%}\n- [x] b {100%}\n- [ ] c\n\nTipo: única", "single", [1, 1, 0]),
        ("- [ ] a {25%}\n- [ ] b {25%}\n- [ ] c", "single", [0.25, 0.25, 0]),
    ],
)
def test_options_say_their_share_where_it_is_not_even(
    options: str, kind: str, fractions: list[float]
) -> None:
    document = declared(f"## Q\n{options}\n")
    (item,) = document.items
    assert (item.kind, item.key) == (kind, "given")
    assert [option.fraction for option in item.options] == fractions
    assert [option.text for option in item.options] == ["a", "b", "c"]
    assert items_of(bank(write_markdown(document))) == items_of(document)


def test_other_systems_names_and_accepted_lint_are_kept() -> None:
    document = declared(
        "## Q\nNome: *Q* 1: rede\nCategory: Rede/Wi-Fi\nAceito: key-longest, no-source\n"
        "- [x] a\n- [ ] b\n"
    )
    (item,) = document.items
    assert (item.name, item.category) == ("*Q* 1: rede", "Rede/Wi-Fi")
    assert item.accepted == ("key-longest", "no-source")


def test_a_bank_sets_the_severities_of_its_lint() -> None:
    head = (
        "---\nformato: questoes/1\nid: b\nlint: [key-longest=desligado, no-source=AVISO, x]\n---\n"
    )
    document = bank(head + "## Q\n- [x] a\n- [ ] b\n")
    assert document.lint == (("key-longest", "off"), ("no-source", "warning"))
    assert found(document) == [(4, "lint-severity-unknown")]
    assert bank(write_markdown(document)).lint == document.lint


def test_a_stem_or_an_explanation_may_stand_in_a_quote() -> None:
    stem = "## {#a-1}\nEnunciado:\n> # Log\n> - [ ] linha\n>\n> Fonte: o roteador\n\n"
    text = stem + "- [x] a\n- [ ] b\n"
    (item,) = declared(text + "\nExplicação:\n> ## Porque\n").items
    assert item.stem == "# Log\n- [ ] linha\n\nFonte: o roteador"
    assert item.explanation == "## Porque"
    (literal,) = declared("## A {#a-1}\n- [x] a\n- [ ] b\n\nExplicação:\n\n> citação\n").items
    assert literal.explanation == "> citação"


def test_an_explanation_all_in_emphasis_is_one() -> None:
    (item,) = declared("## A\n- [x] a\n- [ ] b\n\n*Explicação: é *a* mesmo.*\n").items
    assert item.explanation == "é *a* mesmo."


@pytest.mark.parametrize(
    "language, text, value",
    [
        ("pt-BR", "1.234", 1234),
        ("pt-BR", "-1.234", -1234),
        ("pt-BR", "1,234", 1.234),
        ("en", "1.234", 1.234),
        ("en", "1,234", 1234),
        ("en", "1,234.5", 1234.5),
        ("pt-BR", "1.234.567", 1234567),
        ("pt-BR", "0.125", 0.125),
        ("pt-BR", "1,2340", 1.234),
        ("pt-BR", "6,02e23", 6.02e23),
    ],
)
def test_one_group_of_three_follows_the_language(language: str, text: str, value: float) -> None:
    head = f"---\nformato: questoes/1\nid: b\nidioma: {language}\n---\n"
    document = bank(f"{head}## Q {{#q-1}}\nResposta: {text}\n")
    assert document.items[0].answers == (Answer(value=value, tolerance=0.0),)
    is_warned = (
        len(text.strip("-")) == 5
        and not text.startswith("0")
        and (text, language)
        != (
            "1,234",
            "pt-BR",
        )
    )
    assert [code for _, code in found(document)] == ["number-ambiguous"] * is_warned
    assert items_of(bank(write_markdown(document))) == items_of(document)
