"""Questions as people paste them: with letters, boxes, signs, and their keys wherever."""

import pytest

from quizapp.formats.model import Bank, Procedure
from quizapp.formats.reader import read
from quizapp.formats.writer import write_markdown
from tests.formats.comparing import items_of
from tests.formats.pasted import DRAFTS, FORMS, QUESTIONS
from tests.formats.samples import bank, found

TWO = (
    "1. Qual LED?\na) LOS\nb) PON\nc) LAN\n{}\n\n"
    "2. Qual cabo?\na) drop\nb) UTP\nc) HDMI\nResposta: A\n"
)


def _shape(document: Bank) -> list[tuple[str, list[str], list[int]]]:
    return [
        (
            item.stem.replace("\\", ""),
            [option.text.replace("\\", "") for option in item.options],
            [place for place, option in enumerate(item.options) if option.fraction],
        )
        for item in document.items
    ]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_questions_are_read_in_every_form(form: str) -> None:
    ending, text = FORMS[form]
    document = bank(text, f"prova{ending}")
    assert _shape(document) == [(stem, options, [right]) for stem, options, right in QUESTIONS]
    codes = {code for _, code in found(document)}
    assert codes <= {"front-matter-unknown-key"}
    assert items_of(bank(write_markdown(document))) == items_of(document)


@pytest.mark.parametrize("form", DRAFTS)
def test_questions_without_a_key_are_drafts(form: str) -> None:
    ending, text = DRAFTS[form]
    document = bank(text, f"prova{ending}")
    assert _shape(document) == [(stem, options, []) for stem, options, _ in QUESTIONS]
    assert [code for _, code in found(document)] == ["key-missing"] * 3


def test_remarks_become_explanations_and_feedback() -> None:
    text = TWO.format(
        "Resposta: A. O LOS acende.\nJustificativa B: o PON é outro.\nNível: fácil\n\nMais texto."
    )
    item = bank(text, "p.txt").items[0]
    assert item.explanation == "O LOS acende.\n\nMais texto."
    assert (item.options[1].feedback, item.difficulty) == ("o PON é outro.", "easy")


@pytest.mark.parametrize(
    "key, doubt, problem",
    [
        ("Resposta: A\nResposta: B", (0, 1), (1, "key-disagrees")),
        ("Resposta: B) LAN", (1, 2), (5, "key-unsure")),
        ("Resposta: A ou C", (0, 2), (5, "key-unsure")),
        ("Resposta: F", (), (5, "key-unread")),
    ],
)
def test_keys_that_say_two_things_leave_the_item_in_doubt(
    key: str, doubt: tuple[int, ...], problem: tuple[int, str]
) -> None:
    document = bank(TWO.format(key), "p.txt")
    item = document.items[0]
    assert (item.key, item.doubt) == ("doubtful", doubt)
    assert {option.fraction for option in item.options} == {None}
    assert found(document) == [problem]


def test_a_mark_against_a_key_line_is_a_doubt() -> None:
    document = bank(TWO.format("Resposta: B").replace("LOS", "LOS (correta)"), "p.txt")
    assert document.items[0].doubt == (0, 1)
    assert document.items[0].options[0].text == "LOS"


def test_an_item_that_takes_several_takes_all_its_keys() -> None:
    several = TWO.replace("Qual LED?", "Quais LEDs falham?")
    for key in (
        "Resposta: A\nResposta: B",
        "Resposta: AB",
        "Resposta: A e B",
        "Resposta: A) LOS e B) PON",
    ):
        item = bank(several.format(key), "p.txt").items[0]
        assert [option.fraction for option in item.options] == [0.5, 0.5, 0]


@pytest.mark.parametrize(
    "text",
    [
        "1. ( ) O LOS indica falta.\n2. ( ) A senha muda o sinal.\n\nGabarito: 1-V 2-F\n",
        "1. (V) O LOS indica falta.\n2. (F) A senha muda o sinal.\n",
        "(V) O LOS indica falta.\n(F) A senha muda o sinal.\n",
        "1. O LOS indica falta. (V)\n2. A senha muda o sinal. (F)\n",
        "1. O LOS indica falta.\nResposta: Verdadeiro\n\n2. A senha muda o sinal.\nResposta: F\n",
        "1. O LOS indica falta.\n( x ) Verdadeiro ( ) Falso\n\n"
        "2. A senha muda o sinal. ( ) V (x) F\n",
        "1. O LOS indica falta.\n( ) Verdadeiro\n( ) Falso\nGabarito: V\n\n"
        "2. A senha muda o sinal.\n( ) Verdadeiro\n( ) Falso\nGabarito: F\n",
    ],
)
def test_statements_are_true_or_false(text: str) -> None:
    document = bank(text, "p.txt")
    assert [(item.kind, item.stem) for item in document.items] == [
        ("true_false", "O LOS indica falta."),
        ("true_false", "A senha muda o sinal."),
    ]
    assert _shape(document)[0][1:] == (["Verdadeiro", "Falso"], [0])
    assert _shape(document)[1][1:] == (["Verdadeiro", "Falso"], [1])


def test_right_and_wrong_are_the_words_where_the_key_says_so() -> None:
    text = "1. O LOS indica falta.\nGabarito: C\n\n2. A senha muda o sinal.\nGabarito: Errado\n"
    assert _shape(bank(text, "p.txt"))[1][1:] == (["Certo", "Errado"], [1])


@pytest.mark.parametrize(
    "statements",
    [
        "( ) um\n( ) dois\n( ) três\nResposta: V, F, V",
        "(V) um\n(F) dois\n(V) três",
        "( ) um\n( ) dois\n( ) três\nGabarito: VFV",
    ],
)
def test_statements_below_a_stem_are_judged_together(statements: str) -> None:
    text = f"1. Marque V ou F:\n{statements}\n\n2. Qual cabo?\na) drop\nb) UTP\nResposta: A\n"
    item = bank(text, "p.txt").items[0]
    assert (item.kind, item.stem) == ("multiple", "Marque V ou F:")
    assert [option.text for option in item.options] == ["um", "dois", "três"]
    assert [option.fraction for option in item.options] == [0.5, 0, 0.5]


def test_numbers_that_begin_anew_have_keys_of_their_own() -> None:
    part = "1. Qual {0}?\na) {0} um\nb) {0} dois\nc) três\n\n2. Quais {0}?\na) x\nb) y\nc) z\n"
    first, second = part.format("cabo"), part.format("prazo")
    parts = f"# P\n\n## Rede\n\n{first}\n## Contas\n\n{second}\n"
    own = "Gabarito: 1-A 2-B\n\n## Contas"
    for text in (
        f"{parts}## Gabarito\n\n### Rede\n1-A 2-B\n### Contas\n1-C 2-A\n",
        f"{parts}## Gabarito\n\n1. A\n2. B\n\n1. C\n2. A\n",
        parts.replace("## Contas", own) + "Gabarito: 1-C 2-A\n",
    ):
        document = bank(text)
        assert [keys for _, _, keys in _shape(document)] == [[0], [1], [2], [0]]
        assert [(i.number, i.category) for i in document.items] == [
            ("1", "Rede"),
            ("2", "Rede"),
            ("1", "Contas"),
            ("2", "Contas"),
        ]
        assert (document.title, document.problems) == ("P", ())


def test_keys_of_a_list_that_fit_no_question_are_reported() -> None:
    document = bank(TWO.format("") + "\nGabarito: 1-A 7-B\n", "p.txt")
    assert found(document) == [(13, "key-list-unmatched")]


def test_lines_of_stems_options_and_code_stay_together() -> None:
    text = (
        "1. Considere:\n\nI. recebe a fibra;\nII. aquece a casa.\n\nEstá correto:\n"
        "a) I, que é\numa linha longa\nb) II\nc) I e II\nResposta: A\n\n"
        "2. O que faz este trecho?\n\n```{r}\n# 3. não roda\nx <- 1\n```\n\n"
        "a) nada\nb)\n   ```\n   1\n   ```\nc) erro\nResposta: B\n"
    )
    first, second = bank(text).items
    assert first.stem == "Considere:\n\nI. recebe a fibra;  \nII. aquece a casa.\n\nEstá correto:"
    assert first.options[0].text == "I, que é\numa linha longa"
    assert second.stem == "O que faz este trecho?\n\n```{r}\n# 3. não roda\nx <- 1\n```"
    assert second.options[1].text == "```\n1\n```"


def test_questions_without_options_are_essays_short_answers_or_left_out() -> None:
    text = TWO.format("Resposta: A") + (
        "\n3. Explique o que é a ONU.\n\n4. Qual a porta do SSH?\nResposta: 22\n\n"
        "5. Quem assina?\nResposta: o titular\n\n6. Frase solta.\n"
    )
    document = bank(text, "p.txt")
    assert [item.kind for item in document.items[2:]] == ["essay", "numeric", "short_answer"]
    assert document.items[4].answers[0].text == "o titular"
    assert [(left.line, left.name) for left in document.left_out] == [(21, "Frase solta.")]
    assert (21, "foreign-options-too-few") in found(document)


def test_text_around_the_questions_is_reported() -> None:
    text = (
        "PROVA N1\nNome: ______\n\nLeia com atenção.\n\n"
        + TWO.format("Resposta: A")
        + "\nBoa prova!\n"
    )
    document = bank(text, "p.txt")
    assert document.title == "PROVA N1"
    assert found(document) == [(2, "text-outside-items"), (18, "text-outside-items")]


def test_a_question_cut_off_is_reported() -> None:
    full = "".join(f"{n}. Qual?\na) x\nb) y\nc) z\nResposta: A\n\n" for n in (1, 2, 3))
    document = bank(full + "4. Qual?\na) x\nb) y\nResposta: A\n", "p.txt")
    assert found(document) == [(19, "item-cut-off")]


@pytest.mark.parametrize(
    "text",
    [
        "FLUXO\n1. O LOS está vermelho?\na) Sim: abra OS.\nb) Não: vá ao passo 2.\n"
        "2. O PON pisca?\na) Sim: reinicie.\nb) Não: meça.\n",
        "1. Confirme os dados:\na) nome;\nb) CPF;\nc) endereço.\n"
        "2. Verifique os LEDs:\na) LOS;\nb) PON;\nc) LAN.\n3. Registre:\na) x;\nb) y;\nc) z.\n",
        "# Boas práticas\n\nO que fazer:\n- ✅ Falar claro\n- ❌ Interromper\n\n"
        "O que anotar:\n- ✅ Protocolo\n- ❌ Senha\n",
        "1. Passo:\n   - **Confira**\n   - espere\n2. Outro:\n   - **Meça**\n   - anote\n",
        "# Guia\n\n" + "Um parágrafo longo de texto.\n\n" * 12 + TWO.format("Resposta: A"),
        "Verifique o equipamento:\na) Olhe o LED LOS.\nb) Reinicie a ONU.\nc) Ligue para o NOC.\n",
        "1) Confirme os dados:\na) Nome\nb) CPF\nc) Endereço\n",
        "1) O LOS está vermelho?\na) Sim: abra OS.\nb) Não: reinicie a ONU.\n",
        "1) O cliente está sem sinal?\na) Abra OS\nb) Confirme o endereço\nc) Encerre\n",
        "# Como reiniciar a ONU?\n\na) Desligue da tomada.\nb) Espere.\nc) Ligue de novo.\n",
        "Confirme os dados do cliente.\nDepois siga os passos.\n\n"
        "1) Qual luz está acesa?\na) PON\nb) LOS\n\n"
        "Se nada resolver, abra uma OS.\nRegistre no CRM.\n",
        "Perguntas frequentes\n\n1. Qual o prazo?\nResposta: 24 horas.\n\n"
        "2. Quem assina?\nResposta: o titular.\n",
    ],
)
def test_a_procedure_with_letters_or_questions_stays_one(text: str) -> None:
    assert isinstance(read("a.md", text.encode()), Procedure)
    assert isinstance(read("a.txt", text.encode()), Procedure)


ONE = "Qual luz indica que a fibra está sem sinal?\na) PON\nb) LOS\nc) LAN\n"


@pytest.mark.parametrize(
    "text, right",
    [
        (f"1) {ONE}Resposta: B\n", [1]),
        (f"{ONE}Gabarito: B\n", [1]),
        (f"Questão 1:\n{ONE}Gabarito: B\n", [1]),
        (f"# Banco\n\n{ONE}Resposta: B\n", [1]),
        (f"# Banco\n\n1) {ONE}\nResposta: B\n", [1]),
        (ONE.replace("b)", "*b)"), [1]),
        (f"{ONE}d) WAN\n", []),
    ],
)
def test_a_single_question_is_a_bank(text: str, right: list[int]) -> None:
    for name in ("p.txt", "p.md"):
        ((stem, options, key),) = _shape(bank(text, name))
        assert stem == "Qual luz indica que a fibra está sem sinal?"
        assert (options[:3], key) == (["PON", "LOS", "LAN"], right)


@pytest.mark.parametrize("many", [1, 2, 3])
def test_questions_of_two_options_need_no_key(many: int) -> None:
    stems = ("1) O LED está vermelho?\na) Sim\nb) Não\n", "2) Qual cabo?\na) drop\nb) UTP\n")
    text = "\n".join((*stems, "3) Qual rede?\na) 2,4 GHz\nb) 5 GHz\n")[:many])
    assert len(bank(text, "p.txt").items) == many


def test_questions_of_one_size_are_a_bank_whatever_they_ask() -> None:
    part = "{}. O LED {} indica:\na) falta de luz\nb) luz\nc) rede\nd) energia\n\n"
    text = "".join(part.format(number, number) for number in (1, 2, 3))
    assert len(bank(text, "p.txt").items) == 3
    steps = text.replace("luz\n", "luz;\n").replace("rede\n", "rede;\n")
    assert isinstance(read("p.txt", steps.encode()), Procedure)


def test_the_front_matter_decides() -> None:
    one = "1. Confirme:\na) nome;\nb) CPF.\n"
    assert len(bank(f"---\nformato: questoes/1\n---\n{one}").items) == 1
    text = f"---\nformato: procedimento/1\n---\n{TWO.format('Resposta: A')}"
    assert isinstance(read("a.md", text.encode()), Procedure)
