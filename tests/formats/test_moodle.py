"""Moodle XML: every kind of question, and the odd things that exports hold."""

import time
from base64 import b64encode
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats.model import Answer, Bank, Image, Item, Option, Unreadable
from quizapp.formats.moodle.kinds import ANY_NUMBER
from quizapp.formats.reader import read
from tests.examples import tried
from tests.formats.pictures import png
from tests.formats.samples import found, unreadable

SAMPLES = Path(__file__).parents[1] / "samples" / "foreign" / "moodle"
PICTURE = "imagens/5bc6a6bd9db0b4f2.png"


def sample(name: str) -> Bank:
    bank = read(name, (SAMPLES / name).read_bytes())
    assert isinstance(bank, Bank)
    return bank


def moodle(*questions: str) -> Bank:
    """The bank of a file with these questions."""
    bank = read("a.xml", f"<quiz>{''.join(questions)}</quiz>".encode())
    assert isinstance(bank, Bank)
    return bank


def question(kind: str, inside: str, stem: str = "Qual?") -> str:
    text = f'<questiontext format="html"><text>{stem}</text></questiontext>'
    return f'<question type="{kind}"><name><text>q</text></name>{text}{inside}</question>'


def answer(text: str, fraction: object = 0, inside: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text>{inside}</answer>'


def fractions(item: Item) -> list[float | None]:
    return [option.fraction for option in item.options]


SUPPORT = sample("suporte-4.5.xml")
OLD = sample("antigo-1.9.xml")


def item(name: str, bank: Bank = SUPPORT) -> Item:
    (one,) = (item for item in bank.items if item.name == name)
    return one


def test_a_single_choice_comes_with_its_picture_feedback_tags_and_fields() -> None:
    one = item("LED apagado")
    assert (one.id, one.id_given, one.kind, one.key, one.line) == (
        *("sup-101", True, "single", "given", 15),
    )
    assert one.stem == f"Na foto, qual LED está **apagado**?\n\n![Painel da ONU]({PICTURE})"
    assert one.explanation == "Sem *LOS* aceso, há luz na fibra."
    assert one.options == (
        Option("LOS", 1.0, "Isso mesmo."),
        Option("PON", 0.0),
        Option("Nenhuma das anteriores", -1 / 3, pinned=True),
    )
    assert (one.tags, one.sources) == (("fibra",), ("cliente-sem-sinal#leds",))
    assert (one.difficulty, one.category) == ("easy", "Padrão para Suporte")
    assert SUPPORT.images == (Image(PICTURE, png()),)


def test_thirds_are_thirds_and_a_distractor_may_cost() -> None:
    one = item("Causas de lentidão")
    assert one.kind == "multiple"
    assert one.stem.endswith("com velocidade < 10 Mbps:")
    assert fractions(one) == [1 / 3, 1 / 3, 1 / 3, -0.5]
    assert one.category == "Padrão para Suporte/Wi-Fi 2//5 GHz"


def test_true_and_false_are_called_as_ours_and_plain_text_is_shown_as_it_is() -> None:
    one = item("Senha por telefone")
    assert one.options == (Option("Verdadeiro", 0.0, "Nunca."), Option("Falso", 1.0))
    assert one.stem == "Uma senha pode ser dita por telefone?  \nResponda pela norma \\<interna>."


def test_a_star_at_the_end_of_an_answer_is_cut_and_one_inside_leaves_the_answer_out() -> None:
    one = item("Sigla")
    assert one.stem == "Que sigla nomeia a **perda de sinal**?\n\n* três letras"
    assert one.answers == (
        Answer("LOS", fraction=1.0, feedback="Loss of signal."),
        Answer("loss", fraction=0.5),
        Answer("5 * 2", fraction=0.2),
        Answer("*", fraction=0.0, feedback="Veja o painel."),
    )
    assert [(line, code) for line, code in found(SUPPORT) if code == "answer-wildcard"] == [
        (145, "answer-wildcard"),
        (149, "answer-wildcard"),
    ]


def test_numbers_have_a_tolerance_and_what_is_none_is_said() -> None:
    assert item("Ping").answers == (
        Answer(value=30.0, tolerance=2.5),
        Answer(value=100.0, tolerance=0.0, fraction=0.5, feedback="Longe demais."),
        Answer(low=-ANY_NUMBER, high=ANY_NUMBER, fraction=0.0, feedback="Tente de novo."),
    )
    assert (178, "answer-number") in found(SUPPORT)


def test_pairs_keep_a_right_side_without_a_left_one() -> None:
    assert item("Camadas").pairs == (
        ("LOS **vermelho**", "fibra rompida"),
        ("Rede -> sem internet", "roteador"),
        ("", "senha errada"),
    )
    assert (215, "pair-incomplete") in found(SUPPORT)


def test_entries_stand_in_the_order_of_their_fractions() -> None:
    one = item("Ordem do teste")
    assert [option.text for option in one.options] == [
        *("Confirmar o titular", "Olhar os LEDs", "Abrir a OS"),
    ]
    assert fractions(one) == [1 / 3, 1 / 3, 1 / 3]


def test_an_essay_keeps_its_quote_and_the_picture_in_its_address() -> None:
    one = item("Atendimento")
    assert (one.kind, one.key) == ("essay", "missing")
    assert one.stem == (
        "Escreva a resposta ao cliente:\n\n> Estou sem internet desde ontem!\n\n"
        f"![A tela]({PICTURE})"
    )


def test_the_picture_beside_a_text_of_moodle_1_stands_below_it() -> None:
    picture = f"<image_base64>\n{b64encode(png()).decode()}\n</image_base64>"
    bank = moodle(question("essay", picture))
    assert bank.items[0].stem == f"Qual?\n\n![]({PICTURE})"
    assert bank.images == (Image(PICTURE, png()),)
    assert found(moodle(question("essay", "<image_base64>R0lGODlh</image_base64>"))) == [
        (1, "image-refused")
    ]


def test_a_picture_that_is_not_there_leaves_its_description() -> None:
    assert item("Caso").stem == "Leia o caso: mapa [aqui](https://exemplo.com.br/caso)."
    assert (250, "image-missing") in found(SUPPORT)


def test_kinds_that_cannot_be_scored_are_left_out_by_name_type_and_line() -> None:
    assert [(left.line, left.name, left.type) for left in SUPPORT.left_out] == [
        (255, "Lacunas", "cloze"),
        (262, "Arrastar palavras", "ddwtos"),
        (268, "Quanto é {a} + {b}?", "calculatedsimple"),
        (274, "Aleatória (Wi-Fi)", "random"),
    ]
    assert len(SUPPORT.items) == 9


def test_what_has_no_place_is_said_once_and_standard_feedback_is_not() -> None:
    (said,) = (problem for problem in SUPPORT.problems if problem.severity == "info")
    assert (said.line, said.code) == (62, "parts-left-aside")
    assert said.args["what"] == "hint (1), usecase (1), units (1), selecttype (1), graderinfo (1)"


def test_an_old_file_without_formats_is_read_with_its_lines() -> None:
    one = item("Saudação", OLD)
    assert one.stem == "Como se começa uma ligação?  \nDigite \\<nome do cliente> onde couber."
    assert one.category == "Atendimento"
    assert item("Sem texto próprio", OLD).stem == "O atendente **desliga** primeiro?"


def test_a_key_that_is_not_sure_waits_for_a_person() -> None:
    keys = {one.name: (one.kind, one.key, one.doubt) for one in OLD.items[2:]}
    assert keys == {
        "Pesos estranhos": ("single", "doubtful", (0,)),
        "Sem gabarito": ("single", "missing", ()),
        "Peso ilegível": ("single", "doubtful", ()),
        "Dois certos": ("true_false", "doubtful", (0, 1)),
        "Outras palavras": ("single", "given", ()),
    }
    assert all(set(fractions(one)) == {None} for one in OLD.items[2:6])
    assert found(OLD) == [
        (20, "key-unclear"),
        (27, "key-missing"),
        (33, "key-unclear"),
        (39, "key-unclear"),
        (51, "foreign-options-too-few"),
        (56, "item-left-out"),
    ]


def test_two_options_may_each_be_right_in_a_single_choice() -> None:
    options = answer("a", 100) + answer("b", 100) + answer("c")
    (one,) = moodle(question("multichoice", options)).items
    assert (one.kind, one.key, fractions(one)) == ("single", "given", [1.0, 1.0, 0.0])


@pytest.mark.parametrize("kind", ["multichoice", "oumultiresponse", "multichoiceset"])
def test_keys_that_count_the_whole_each_share_it(kind: str) -> None:
    options = "<single>false</single>" + answer("a", 100) + answer("b", 100) + answer("c", -100)
    (one,) = moodle(question(kind, options)).items
    assert (one.kind, fractions(one)) == ("multiple", [0.5, 0.5, -1.0])


@pytest.mark.parametrize("kind", ["matching", "ddmatch"])
def test_matching_by_dragging_is_matching(kind: str) -> None:
    pairs = "".join(
        f"<subquestion><text>{side}</text><answer><text>{side}{side}</text></answer></subquestion>"
        for side in "ab"
    )
    (one,) = moodle(question(kind, pairs)).items
    assert one.pairs == (("a", "aa"), ("b", "bb"))


def test_a_single_question_may_be_the_root() -> None:
    one = read("a.xml", question("essay", "").encode())
    assert isinstance(one, Bank)
    assert [item.kind for item in one.items] == ["essay"]


def test_a_file_without_questions_is_refused() -> None:
    assert found(moodle()) == [(1, "bank-empty")]
    assert unreadable(b"<quiz><!DOCTYPE x></quiz>", "a.xml") == "xml-invalid"


def test_more_questions_than_anybody_writes_are_refused() -> None:
    data = b"<quiz>" + b'<question type="essay"/>' * 20_001 + b"</quiz>"
    assert unreadable(data, "a.xml") == "too-many-items"


briefly = settings(
    max_examples=tried(600),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
PARTS = (
    "question¦quiz¦name¦text¦questiontext¦answer¦feedback¦file¦tags¦tag¦category¦idnumber¦single"
    "¦subquestion¦tolerance¦units¦generalfeedback¦hint¦selecttype"
)
VALUES = (
    "multichoice¦truefalse¦shortanswer¦numerical¦matching¦ordering¦essay¦category¦cloze¦true¦false"
    "¦100¦33.333¦-5¦1e999999999¦nan¦$course$/top/a//b¦@@PLUGINFILE@@/a.png¦html¦markdown¦<b>x</b>"
    "¦<!-- quizapp:0123456789abcdef !!! -->¦quizapp:fixa=0,9,x¦quizapp:duvida=¦quizapp:x¦*¦1..2¦"
)


Node = tuple[int, str, str, str, str]
NODES = st.tuples(
    st.integers(0, 24),
    st.sampled_from(PARTS.split("¦")),
    st.sampled_from(["type", "fraction", "format", "name"]),
    st.sampled_from(VALUES.split("¦")),
    st.sampled_from(VALUES.split("¦")),
)


def tree(nodes: list[Node]) -> Element:
    """A tree of Moodle's elements in any order and number, each below one before it."""
    root = Element("quiz")
    below = [root]
    for place, tag, attribute, value, text in nodes:
        child = SubElement(below[place % len(below)], tag, {attribute: value})
        child.text = text
        below.append(child)
    return root


@briefly
@given(st.lists(NODES, max_size=25))
def test_no_tree_makes_the_reader_raise(nodes: list[Node]) -> None:
    root = tree(nodes)
    document = read("a.xml", tostring(root))
    count = sum(child.get("type") != "category" for child in root.iterfind("question"))
    assert isinstance(document, Bank)
    assert len(document.items) + len(document.left_out) == count


@pytest.mark.parametrize(
    "inside",
    [
        "<questiontext><text>" + "&lt;ul&gt;&lt;li&gt;" * 100_000 + "</text></questiontext>",
        "<questiontext><text>" + "a\n" * 150_000 + "</text></questiontext>",
        "<tags>" + "<tag><text>x</text></tag>" * 20_000 + "</tags>",
        answer("x") * 15_000,
        '<questiontext format="html"><file name="a.png" encoding="base64">'
        + "QUFB" * 500_000
        + "</file><text>"
        + "&lt;img src='@@PLUGINFILE@@/a.png'&gt;" * 5_000
        + "</text></questiontext>",
        "<name><text>" + "&lt;/" * 200_000 + "</text></name>",
        "<questiontext><text>&lt;!-- quizapp:" + "0" * 1_000_000 + "</text></questiontext>",
    ],
)
def test_a_hostile_question_is_read_within_seconds(inside: str) -> None:
    start = time.process_time()
    data = f'<quiz><question type="multichoice">{inside}</question></quiz>'.encode()
    assert not isinstance(read("a.xml", data), Unreadable)
    assert time.process_time() - start < 8
