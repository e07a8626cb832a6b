"""GIFT: every kind of question, every escape, and every fault with its line and column."""

import base64
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.content.messages import message
from quizapp.formats.foreign import MAX_ITEMS
from quizapp.formats.fragments import from_text
from quizapp.formats.gift.reader import is_gift, read_gift
from quizapp.formats.gift.texts import PLAIN
from quizapp.formats.model import Answer, Bank, Item, Option, Problem, Unreadable
from quizapp.formats.reader import read
from quizapp.formats.text import normalise
from tests.examples import tried
from tests.formats.samples import found
from tests.formats.seeds import BANK, PROCEDURES, needs_seeds, text_of
from tests.formats.test_markdown_procedure import FULL
from tests.formats.test_native import ALL_KINDS

SAMPLES = Path(__file__).parents[1] / "samples" / "foreign" / "gift"
# Of processor time, and generous: what is quadratic takes minutes.
SECONDS = 6.0
PNG = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()


def sample(name: str) -> Bank:
    bank = read(name, (SAMPLES / name).read_bytes())
    assert isinstance(bank, Bank)
    assert bank.format == "gift"
    return bank


def gift(text: str) -> Bank:
    bank = read_gift("prova.gift", normalise(text))
    assert isinstance(bank, Bank)
    return bank


def item(text: str) -> Item:
    """The only question of a text, in which nothing is odd."""
    bank = gift(text)
    assert bank.problems == ()
    (only,) = bank.items
    return only


def said(text: str) -> list[tuple[int, int, str]]:
    """Line, column and code of what is odd about a text."""
    return [(p.line, p.column, p.code) for p in gift(text).problems]


def test_a_bank_of_every_kind_comes_in_whole() -> None:
    bank = sample("suporte.gift")
    assert found(bank) == []
    assert bank.title == "Suporte"
    kinds = [item.kind for item in bank.items]
    assert kinds == [
        *("single", "multiple", "single", "true_false", "short_answer", "numeric"),
        *("matching", "ordering", "essay", "description"),
    ]
    led, symptoms, gap, restart, code, signal, lights, triage, essay, text = bank.items
    assert (led.id, led.name, led.category) == ("rede-los", "LED LOS", "Rede/Fibra")
    assert led.tags == ("triagem", "fibra")
    assert led.line == 6
    assert led.stem == "O LED LOS da ONT está vermelho: o que isso indica?"
    assert led.explanation == "O LED LOS acende quando a ONT não recebe luz."
    assert [option.fraction for option in led.options] == [1, 0.5, 0]
    assert led.options[0].feedback == "Certo: \\*loss of signal\\*."
    assert symptoms.stem == "Quais sintomas pedem **visita técnica**?"
    assert [option.fraction for option in symptoms.options] == [0.5, 0.5, -1]
    assert symptoms.options[1].text == "Conector solto na roseta"
    assert gap.stem == "Com o LED PON piscando, a ONT está \\_\\_\\_\\_\\_ na rede."
    assert restart.options == (
        Option("Verdadeiro", 0, "O histórico fica na OLT."),
        Option("Falso", 1, "Isso: ele fica na OLT."),
    )
    assert code.category == "Atendimento"
    assert code.answers == (
        Answer("31"),
        Answer("031", fraction=0.5, feedback="Sem o zero."),
        Answer("*", fraction=0, feedback="Veja a lista de códigos."),
    )
    assert signal.answers[:2] == (
        Answer(low=-25, high=-8, feedback="Dentro do previsto."),
        Answer(value=-27, tolerance=1, fraction=0.5),
    )
    others = signal.answers[2]
    assert (others.low, others.high, others.fraction) == (-999999999999999, 999999999999999, 0)
    assert lights.pairs == (("LOS", "sinal óptico"), ("PON", "autenticação"), ("", "energia"))
    assert [option.text for option in triage.options][::2] == [
        "Confirmar o titular",
        "Reiniciar a ONT",
    ]
    assert (essay.explanation, essay.key) == ("Sem jargão.", "missing")
    assert text.stem == "As próximas questões tratam de **TV**."


def test_windows_1252_comes_in_with_a_warning() -> None:
    bank = sample("windows-1252.gift.txt")
    assert found(bank) == [(1, "encoding-guessed")]
    (only,) = bank.items
    assert only.stem == "A fatura não chegou. Qual é o primeiro passo?"
    assert only.options[0] == Option("Confirmar o endereço.", 1)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    data = "\ufeff::A::B?{\r\n\t=sim\r\n\t~não\r\n}\r\n\r\nC?{T}\r\n".encode()
    bank = read("a.txt", data)
    assert isinstance(bank, Bank)
    assert [(item.name, item.line) for item in bank.items] == [("A", 1), ("", 6)]


def test_every_fault_of_a_broken_file_has_its_place_and_the_whole_questions_come_in() -> None:
    bank = sample("quebrado.gift")
    assert [item.stem for item in bank.items] == [
        "Esta está inteira.",
        "Outra inteira",
        "Quanto vale?",
        ":Sem dois pontos:: O que falta?",
    ]
    assert [(p.line, p.column, p.code) for p in bank.problems] == [
        (3, 27, "gift-unclosed"),
        *((7, column, "gift-brace") for column in (20, 22, 30, 35)),
        (9, 11, "gift-brace"),
        (11, 29, "gift-pair"),
        (13, 19, "gift-number"),
        (15, 15, "gift-weight"),
        (16, 1, "gift-name"),
        (16, 1, "gift-joined"),
    ]
    assert [(left.line, left.name) for left in bank.left_out] == [
        (3, "Falta fechar as respostas {=sim ~não"),
        (7, "A fórmula $\\frac{1}{2}$ vale {#0.5}"),
        (9, "Sobra uma } aqui."),
        (11, "Par sem seta {=LOS -> sinal =PON}"),
        (13, "Quantos metros? {#trinta}"),
    ]
    assert all("%(" not in message(problem) for problem in bank.problems)


def test_escapes_are_taken_back_and_no_other_backslash() -> None:
    only = item(r"[markdown]\\ \: \# \= \{ \} \~ \o \\n {}")
    assert only.stem == r"\ : # = { } ~ \o \n"
    assert item(r"[markdown]um\n\ndois\n- três {}").stem == "um\n\ndois\n- três"
    assert item(r"::A\:\:B::C{T}").name == "A::B"


@pytest.mark.parametrize(
    "written, stem",
    [
        ("<b>Qual</b> cliente?", "**Qual** cliente?"),
        ("Qual <cliente>?", "Qual \\<cliente>?"),
        ("R&amp;D &gt; 1", "R&D > 1"),
        ("um\ndois", "um  \ndois"),
        ("[html]um\ndois", "um dois"),
        ("[html]<p>um</p><p>dois</p>", "um\n\ndois"),
        ("[plain]<b>*um*</b>", "\\<b>\\*um\\*\\</b>"),
        ("[moodle]<i>um</i> e\ndois", "*um* e  \ndois"),
        ("[markdown]**um**\n\t- dois", "**um**\n- dois"),
        ("[outro]um", "\\[outro]um"),
        ("[HTML]<u>um</u>", "um"),
    ],
)
def test_a_text_has_the_format_that_it_says(written: str, stem: str) -> None:
    assert item(f"{written} {{T}}").stem == stem


def test_an_answer_has_the_format_of_the_question_or_its_own() -> None:
    only = item("[html]A{=<b>a</b>#[plain]<b> ~[markdown]**b**#<i>c</i> ####[plain]<p>}")
    assert only.options == (
        Option("**a**", 1, "\\<b>"),
        Option("**b**", 0, "*c*"),
    )
    assert only.explanation == "\\<p>"


def test_questions_without_a_blank_line_between_them_are_told_apart() -> None:
    text = (
        "::A::um {T}\n::B::dois{\n=x\n~y\n}\n// [id:c-1]\n::C::três {F}\nquatro {T}\ncinco\nseis{F}"
    )
    bank = gift(text)
    assert [(item.name, item.stem, item.line) for item in bank.items] == [
        ("A", "um", 1),
        ("B", "dois", 2),
        ("C", "três", 7),
        ("", "quatro", 8),
        ("", "cinco  \nseis", 9),
    ]
    assert bank.items[2].id == "c-1"
    assert found(bank) == [(8, "gift-joined"), (9, "gift-joined")]
    assert [item.stem for item in gift("::A::texto\n::B::dois {T}").items] == ["texto", "dois"]


def test_blank_lines_and_comments_may_stand_among_the_answers() -> None:
    only = item("A?{\n\n=x # bem\n\n// {nota}\n~y # uma\n   linha\n\n~z\n}")
    assert [(option.text, option.feedback) for option in only.options] == [
        ("x", "bem"),
        ("y", "uma  \nlinha"),
        ("z", ""),
    ]


def test_answers_that_do_not_end_do_not_swallow_the_next_question() -> None:
    for below in ("B? {T}", "::B::B? {T}", "$CATEGORY: x\n\nB? {T}"):
        bank = gift(f"A? {{=x ~y\n\n{below}")
        assert [item.stem for item in bank.items] == ["B?"]
        assert found(bank) == [(1, "gift-unclosed")]
    assert [item.stem for item in gift("A? {=x ~y\n::B::B? {T}").items] == ["B?"]


def test_the_place_of_the_answers_within_a_sentence_stays_to_be_seen() -> None:
    assert item("A {=x} B.").stem == "A \\_\\_\\_\\_\\_ B."
    assert item("[markdown]A {=x}\nB").stem == "A \\_\\_\\_\\_\\_\nB"
    assert item("{=x} B").stem == "\\_\\_\\_\\_\\_ B"


def test_a_category_holds_until_the_next() -> None:
    text = "A{T}\n\n$CATEGORY: $course$/top/Rede/Wi-Fi\nB{T}\n\n//x\n  $CATEGORY: tom/$x$\n\nC{T}"
    text += "\n\n$CATEGORY: $course$/top\n\nD{T}"
    assert [item.category for item in gift(text).items] == ["", "Rede/Wi-Fi", "tom/$x$", ""]


def test_fields_of_ours_come_among_the_tags() -> None:
    only = item(
        "// [id:a-1] [tag:fibra] [tag:a\\]b] [tag:quizapp:fonte=fluxo#leds]\n"
        "// [tag:quizapp:dificuldade=fácil] [tag:quizapp:opcoes=Certo|Errado]\nA{T}"
    )
    assert (only.tags, only.sources, only.difficulty) == (
        ("fibra", "a]b"),
        ("fluxo#leds",),
        "easy",
    )
    assert [option.text for option in only.options] == ["Certo", "Errado"]


@pytest.mark.parametrize("word, is_true", [("T", True), ("TRUE", True), ("F", False)])
def test_true_and_false_have_two_feedbacks(word: str, is_true: bool) -> None:
    only = item(f"A{{{word}#não#sim####porque}}")
    said_to = {option.text: (option.fraction, option.feedback) for option in only.options}
    assert said_to["Verdadeiro"] == ((1, "sim") if is_true else (0, "não"))
    assert said_to["Falso"] == ((0, "não") if is_true else (1, "sim"))
    assert only.explanation == "porque"
    assert item(f"A{{{word}##sim}}").options[not is_true].feedback == "sim"


@pytest.mark.parametrize("word", ["V", "t", "Verdadeiro", "true", "certo"])
def test_other_words_for_true_are_read_and_said(word: str) -> None:
    bank = gift(f"A {{{word}}}")
    assert [option.fraction for option in bank.items[0].options] == [1, 0]
    assert bank.items[0].kind == "true_false"
    assert found(bank) == [(1, "gift-truth")]


@pytest.mark.parametrize(
    "answers, kind, fractions",
    [
        ("=a ~b", "single", [1, 0]),
        ("~a~b=c", "single", [0, 0, 1]),
        ("~%50%a =b", "single", [0.5, 1]),
        ("~%50%a ~%50%b ~%-50%c", "multiple", [0.5, 0.5, -0.5]),
        ("=%50%a =%50%b ~c", "multiple", [0.5, 0.5, 0]),
        ("~%33.33333%a ~%33.33%b ~%33,333%c ~d", "multiple", [1 / 3, 1 / 3, 1 / 3, 0]),
        ("~%-33.33333%a ~%100%b", "multiple", [-1 / 3, 1]),
        ("~%100%a ~%100%b ~c", "multiple", [0.5, 0.5, 0]),
        ("~ % 50 % a ~%50%b", "multiple", [0.5, 0.5]),
    ],
)
def test_weights_say_whether_one_option_is_right_or_several(
    answers: str, kind: str, fractions: list[float]
) -> None:
    only = item(f"A {{{answers}}}")
    assert (only.kind, only.key) == (kind, "given")
    assert [option.fraction for option in only.options] == fractions


def test_several_right_options_of_which_one_is_asked_are_said() -> None:
    bank = gift("A {=a =b ~c}")
    assert [option.fraction for option in bank.items[0].options] == [1, 1, 0]
    assert said("A {=a =b ~c}") == [(1, 7, "gift-several-right")]


@pytest.mark.parametrize("weight", ["%150%", "%-101%", "%50", "%5 0%"])
def test_a_weight_that_cannot_be_read_leaves_the_key_in_doubt(weight: str) -> None:
    bank = gift(f"A {{~{weight}a\n=b}}")
    (only,) = bank.items
    assert (only.key, only.doubt) == ("doubtful", (1,) if weight != "%150%" else (0, 1))
    assert [option.fraction for option in only.options] == [None, None]
    assert said(f"A {{~{weight}a\n=b}}") == [(1, 4, "gift-weight")]
    assert gift(f"A {{={weight}a =b}}").left_out


def test_options_without_a_right_one_are_a_draft() -> None:
    bank = gift("A {~a ~b}")
    assert (bank.items[0].kind, bank.items[0].key) == ("single", "missing")
    assert found(bank) == [(1, "key-missing")]


@pytest.mark.parametrize(
    "answers, accepted",
    [
        ("=a =%50%b#c", (Answer("a"), Answer("b", fraction=0.5, feedback="c"))),
        ("= um  dois\n três ", (Answer("um dois três"),)),
        ("=[plain]a", (Answer("a"),)),
        (r"=\*144\#", (Answer("*144#"),)),
        ("=a#->", (Answer("a", feedback="->"),)),
        ("=a=b", (Answer("a"), Answer("b"))),
        ("=a =%0%*#não", (Answer("a"), Answer("*", fraction=0, feedback="não"))),
    ],
)
def test_short_answers_are_texts_as_they_are_typed(
    answers: str, accepted: tuple[Answer, ...]
) -> None:
    assert item(f"A {{{answers}}}").answers == accepted


@pytest.mark.parametrize(
    "answers, kept", [("*manual*", ["manual"]), ("a*b =c", ["c"]), ("* =c", ["c"]), ("=a =", ["a"])]
)
def test_a_wildcard_and_an_empty_answer_are_said(answers: str, kept: list[str]) -> None:
    bank = gift(f"A {{={answers.removeprefix('=')}}}")
    assert [answer.text for answer in bank.items[0].answers] == kept
    code = "answer-wildcard" if "*" in answers else "gift-answer-empty"
    assert [code_ for _, code_ in found(bank)] == [code]


def test_nothing_but_a_wildcard_leaves_the_question_out() -> None:
    assert found(gift("A {=*}")) == [(1, "foreign-answer-missing"), (1, "answer-wildcard")]


def test_a_text_without_a_sign_is_an_answer_and_said() -> None:
    bank = gift("Olá {nome}, tudo bem?")
    assert bank.items[0].answers == (Answer("nome"),)
    assert said("Olá {nome}, tudo bem?") == [(1, 6, "gift-no-sign")]


@pytest.mark.parametrize(
    "answers, accepted",
    [
        ("1822", Answer(value=1822, tolerance=0)),
        ("3.14:0.01", Answer(value=3.14, tolerance=0.01)),
        ("3,14:0,01", Answer(value=3.14, tolerance=0.01)),
        ("1..5", Answer(low=1, high=5)),
        ("-1.5 .. -.5", Answer(low=-1.5, high=-0.5)),
        ("=%50%2:1#meio", Answer(value=2, tolerance=1, fraction=0.5, feedback="meio")),
        ("1e3", Answer(value=1000, tolerance=0)),
        (r"5\:1", Answer(value=5, tolerance=1)),
    ],
)
def test_a_range_becomes_low_and_high_and_a_tolerance_stays(answers: str, accepted: Answer) -> None:
    assert item(f"A {{#=7 {'=' if answers[0] != '=' else ''}{answers}}}").answers[1] == accepted
    assert item(f"A {{# {answers.removeprefix('=%50%')}}}").kind == "numeric"


@pytest.mark.parametrize("answers", ["abc", "5..1", "1:-1", "30 min", "*", "1..", "1e999"])
def test_a_number_that_is_none_leaves_the_question_out(answers: str) -> None:
    bank = gift(f"A\n{{#{answers}}}")
    assert said(f"A\n{{#{answers}}}") == [(2, 3, "gift-number")]
    assert (bank.items, len(bank.left_out)) == ((), 1)


def test_a_comma_that_may_mean_thousands_is_said() -> None:
    assert said("A {#1,000}") == [(1, 5, "number-ambiguous")]


def test_moodles_settings_of_an_ordering_are_said_to_be_lost() -> None:
    (problem,) = gift("A {>2 CONTIGUOUS H REL 1\n//x\n1 um\n dois\n[html]<b>três</b>\n}").problems
    assert (problem.code, problem.severity) == ("gift-ordering", "info")
    assert problem.args == {"settings": "2 CONTIGUOUS H REL 1"}
    for head in (">", ">3", ">3 ALL VERTICAL ALL_OR_NOTHING SHOW"):
        only = item(f"A {{{head}\n1 um\n dois\n[html]<b>três</b>\n####geral}}")
        assert [option.text for option in only.options] == ["1 um", "dois", "**três**"]
        assert only.explanation == "geral"


def test_pairs_may_hold_arrows_and_markup() -> None:
    only = item("[html]A {=<b>a</b> -> b->c =d->[plain]<e> = -> f}")
    assert only.pairs == (("**a**", "b->c"), ("d", "\\<e>"), ("", "f"))
    assert item("A {~a -> b =c -> d}").kind == "single"


def test_a_name_serves_where_there_is_no_text() -> None:
    bank = gift("::Qual *LED*?::{T}")
    assert bank.items[0].stem == "Qual \\*LED\\*?"
    assert found(bank) == [(1, "stem-from-name")]
    assert item("::Nota {1}::A{T}").name == "Nota {1}"
    assert said("  ::Nome A {T}") == [(1, 3, "gift-name")]
    assert gift("::Nome A {T}").items[0].stem == "Nome A"


def test_an_equals_sign_within_a_tag_and_a_colon_are_read_as_text_and_said() -> None:
    text = 'A {\n~<b class="x">a</b>\n=http://b}'
    assert [option.text for option in gift(text).items[0].options] == ["**a**", "http://b"]
    assert said(text) == [(2, 10, "gift-unescaped"), (3, 6, "gift-unescaped")]


def test_pictures_left_behind_keep_their_words_and_pictures_in_the_text_come_in() -> None:
    bank = gift(
        '[html]Veja <img src\\="@@PLUGINFILE@@/a%20b.png" alt\\="o LED"> e '
        '<a href\\="@@PLUGINFILE@@/g.pdf">o guia</a>'
        f'<img src\\="data\\:image/png;base64,{PNG.replace("=", chr(92) + "=")}" alt\\="ponto">'
        "{T#[markdown]![foto](@@PLUGINFILE@@/c.png)}"
    )
    (image,) = bank.images
    assert bank.items[0].stem == f"Veja o LED e o guia![ponto]({image.name})"
    assert bank.items[0].options[1].feedback == "foto"
    assert [(p.code, p.args["name"]) for p in bank.problems] == [
        ("image-missing", "a%20b.png"),
        ("image-missing", "g.pdf"),
        ("image-missing", "c.png"),
    ]
    broken = gift('[html]A <img src\\="data\\:image/png;base64,AAAA" alt\\="x">{T}')
    assert (broken.items[0].stem, found(broken)) == ("A x", [(1, "image-refused")])


@pytest.mark.parametrize(
    "text",
    [
        "A {=a ~b}",
        "A {\n\n=a\n~b}\n\nB {T}\n\nC",
        "A {#3:1}",
        "A {#=%50%3}",
        "A {FALSE#x}",
        "A {>2\na\nb}",
        "::A::B {}",
        "[html]<p>A</p>{}",
        "// question: 1  name: A\nA {}",
        "$CATEGORY: x\n\ntexto",
        "\t::A::B {=a}",
    ],
)
def test_a_text_is_gift_by_what_stands_between_its_braces(text: str) -> None:
    assert is_gift("a.txt", text)


@pytest.mark.parametrize(
    "text",
    [
        "Olá {nome}, sou {atendente}.",
        "## A {#1}\n- [x] a\n- [ ] b\n",
        "## A {#ss-001}\nResposta: 3\n",
        "# Fluxo\n\n1. Envie {=protocolo} ao cliente.\n2. Encerre.\n",
        "Siga assim:\n\n```\nA {=a ~b}\n```\n",
        "Escreva `{=resposta}` no campo.",
        "$$\\frac{T}{2} + x^{T} + \\mathbf{F}$$",
        "public void teste() {}",
        '{"a": {"b": 1}}',
        "Texto de dez linhas\n\noutro\n\noutro\n\ne uma variável {=x}",
        "Nota: {==marcado==} {~~velho~>novo~~} {>>nota<<}",
        "{{#if a}} b {{/if}} {% for %} {: .classe}",
        "std::vector<int> a {1, 2};",
        FULL,
        ALL_KINDS,
    ],
)
def test_other_texts_with_braces_are_no_gift(text: str) -> None:
    assert not is_gift("a.md", text)
    assert not is_gift("a.txt", text)


@needs_seeds
@pytest.mark.parametrize("name", [*PROCEDURES, BANK])
def test_a_seed_is_no_gift(name: str) -> None:
    assert not is_gift(name, text_of(name))


def test_more_questions_than_a_bank_has_are_refused() -> None:
    for text in (
        "A{T}\n\n" * (MAX_ITEMS + 1),
        "\n" * (21 * MAX_ITEMS),
        "A{" + "=a~b" * (11 * MAX_ITEMS),
    ):
        bank = read_gift("a.gift", text)
        assert isinstance(bank, Unreadable)
        (problem,) = bank.problems
        assert problem == Problem(1, 1, "error", "too-many-items", {"most": MAX_ITEMS})


briefly = settings(
    max_examples=tried(500),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_PIECES = st.sampled_from(
    [
        *(
            "{",
            "}",
            "=",
            "~",
            "#",
            "####",
            "%50%",
            "%",
            "->",
            "..",
            ":",
            "::",
            "\\",
            "//",
            "*",
            ">",
        ),
        *(
            "\n",
            "\n\n",
            " ",
            "T",
            "a",
            "B?",
            "3",
            "3.5",
            "[html]",
            "[markdown]",
            "[id:x]",
            "[tag:y]",
        ),
        *("$CATEGORY: z\n", "<p>", "</p>", "&lt;", "@@PLUGINFILE@@/a.png", '<img src="', '">', "_"),
    ]
)


@settings(briefly, max_examples=tried(500))
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_whatever_is_written_is_read_and_every_question_is_accounted_for(text: str) -> None:
    text = normalise(text)
    lines = text.count("\n") + 1
    is_gift("a.txt", text)
    bank = read_gift("a.gift", text)
    assert isinstance(bank, Bank)
    assert all(1 <= problem.line <= lines for problem in bank.problems)
    assert all(
        1 <= problem.column <= len(text.split("\n")[problem.line - 1]) + 1
        for problem in bank.problems
    )
    for left in bank.left_out:
        assert any(problem.line >= left.line for problem in bank.problems)
    for problem in bank.problems:
        assert message(problem)


@briefly
@given(st.text(alphabet="aAbÉ12 .,;?!'\"()/%+–-:_*", max_size=10).map(str.strip))
def test_plain_words_are_their_own_markdown(text: str) -> None:
    if PLAIN.fullmatch(text):
        assert from_text(text) == text


@pytest.mark.slow
@pytest.mark.parametrize("begin, end", [("", ""), ("A {", "}"), ("A {=", "}"), ("A {#", "}")])
def test_hostile_files_are_read_quickly(begin: str, end: str) -> None:
    pieces = ["{", "{}", "\\", "::a", "//\n", "{\n\n", "a{T}\n", "~%50%a", "=a ", "=*", ":", "<b>"]
    pieces += ["@@PLUGINFILE@@/a ", "`", '="', "// [tag:\\]", "::a:"]
    for piece in pieces:
        text = begin + piece * (50_000 // len(piece)) + end
        start = time.process_time()
        is_gift("a.txt", text)
        read_gift("a.gift", text)
        assert time.process_time() - start < SECONDS, piece


def test_every_remark_has_the_arguments_of_its_wording() -> None:
    document = read("a.gift", b"Quanto? {#1,234}\n\nE agora? {#2..x}\n\nSim? {=*a* ~b}\n")
    assert isinstance(document, Bank)
    assert all("%(" not in message(problem) for problem in document.problems)
    assert "number-ambiguous" in {problem.code for problem in document.problems}
