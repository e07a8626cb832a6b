"""QTI 1.2 as Canvas, Blackboard and others write it; what cannot be told is said."""

import base64

import pytest

from quizapp.formats.model import Item
from tests.formats.pictures import png
from tests.formats.qti_texts import (
    bank_of,
    codes,
    equal,
    fractions,
    item_12,
    rule,
    sample,
)
from tests.formats.samples import found


def test_canvas_is_read() -> None:
    bank = sample("canvas-1.2.xml")
    assert bank.title == "Suporte N1"
    single, several, order, blank, match = bank.items
    assert (single.kind, fractions(single)) == ("single", [1, 0, 0])
    assert single.stem == "O LED **LOS** está vermelho. O que indica?"
    assert single.explanation == "LOS é perda de sinal."
    assert [option.feedback for option in single.options] == [
        "Isso.",
        "A senha não muda a fibra.\n\nReveja.",
        "Reveja.",
    ]
    assert [option.pinned for option in single.options] == [False, False, True]
    assert single.options[2].text == r"Nenhum defeito \<ainda>"
    assert (several.kind, fractions(several)) == ("multiple", [0.5, 0, 0.5])
    assert [option.text for option in order.options] == ["Energia", "Cabos", "Reinício"]
    assert (blank.kind, [a.text for a in blank.answers]) == (
        "short_answer",
        ["Discord", "canal do N2"],
    )
    assert match.pairs == (("LOS", "sinal"), ("POWER", "energia"), ("", "rede"))
    assert [(left.line, left.name, left.type) for left in bank.left_out] == [
        (95, "Duas listas", "multiple_dropdowns_question"),
        (134, "Envio", "file_upload_question"),
    ]
    assert found(bank) == [
        (29, "qti-options-dropped"),
        (95, "item-left-out"),
        (134, "item-left-out"),
        (140, "qti-text-only"),
    ]


def test_blackboard_is_read() -> None:
    bank = sample("blackboard-1.2.xml")
    single, match, order, number, essay = bank.items
    assert (single.stem, fractions(single)) == ("Quem abre a OS?", [0, 1])
    assert [option.feedback for option in single.options] == ["Ele só pede.", ""]
    assert match.stem == "Ligue."
    assert match.pairs == (("LOS", "sinal"), ("PON", "autenticação"), ("", "energia"))
    assert [option.text for option in order.options] == ["Ligar", "Testar"]
    assert [(a.value, a.tolerance, a.fraction) for a in number.answers] == [(30, 2, 1)]
    assert (essay.kind, essay.key) == ("essay", "missing")
    assert essay.explanation == "Com o protocolo e um resumo."
    assert [left.type for left in bank.left_out] == ["opinion_scale"]


def test_rules_of_the_specification_are_tried_out() -> None:
    bank = sample("ims-1.2.xml")
    single, match, gap, alternatives, unkeyed, unordered = bank.items
    assert (single.category, gap.category) == ("Rede/Wi-Fi", "Rede")
    assert fractions(single) == [0.5, -0.5, 1]
    assert match.pairs == (("LOS", "sinal"), ("PON", "rede"))
    assert gap.stem == r"O LED \_\_\_\_\_ indica falta de sinal."
    assert [(a.text, a.fraction) for a in gap.answers] == [("LOS", 1), ("perda", 0.25)]
    assert (alternatives.key, alternatives.doubt) == ("doubtful", (0, 1, 2))
    assert fractions(alternatives) == [None, None, None]
    assert unkeyed.key == "missing"
    assert (unordered.kind, unordered.key, fractions(unordered)) == (
        "ordering",
        "doubtful",
        [None, None],
    )
    assert [left.type for left in bank.left_out] == ["response_xy"]
    assert found(bank) == [
        (51, "qti-keys-differ"),
        (65, "item-left-out"),
        (71, "key-missing"),
        (80, "qti-order-missing"),
    ]


def choice_12(processing: str, cardinality: str = "Single") -> Item:
    labels = "".join(
        f'<response_label ident="{name}"><material><mattext>{name}</mattext></material>'
        "</response_label>"
        for name in "abc"
    )
    text = item_12(
        "<material><mattext>Qual?</mattext></material>"
        f'<response_lid ident="R" rcardinality="{cardinality}"><render_choice>{labels}'
        "</render_choice></response_lid>",
        processing,
    )
    (item,) = bank_of(text).items
    return item


@pytest.mark.parametrize(
    "rules, cardinality, expected",
    [
        (rule(equal("b"), "1"), "Single", [0, 1, 0]),
        (rule(f"<not>{equal('b')}</not>", "1"), "Single", [1, 0, 1]),
        (rule(equal("a") + equal("c"), "4"), "Single", [1, 0, 1]),
        (rule(equal("a"), "3") + rule("<other/>", "-1"), "Single", [1, -1 / 3, -1 / 3]),
        (rule("<other/>", "0") + rule(equal("c"), "SCORE.max"), "Single", [0, 0, 1]),
        (rule(equal("a"), "0"), "Single", None),
        (rule(equal("x"), "1"), "Single", None),
        (rule(equal("a"), "1") + rule(equal("b"), "1"), "Multiple", [0.5, 0.5, 0]),
        (rule(equal("a") + equal("b"), "1"), "Multiple", [0.5, 0.5, 0]),
        (
            rule(f"<and>{equal('a')}{equal('c')}<not><or>{equal('b')}</or></not></and>", "1"),
            "Multiple",
            [0.5, 0, 0.5],
        ),
        (
            rule(equal("a"), "1", "Add") + rule(f"<not>{equal('c')}</not>", "1", "Add"),
            "Multiple",
            [1, 0, -1],
        ),
        (
            rule(equal("a"), "2", "Add") + rule(equal("b"), "1", "Subtract"),
            "Multiple",
            [1, -0.5, 0],
        ),
    ],
)
def test_points_become_fractions(
    rules: str, cardinality: str, expected: list[float] | None
) -> None:
    item = choice_12(rules, cardinality)
    assert item.key == ("given" if expected else "missing")
    assert fractions(item) == pytest.approx(expected or [None] * 3)


@pytest.mark.parametrize(
    "condition", ["<durlt>3</durlt>", f"<or>{equal('a')}<vargt>1</vargt></or>"]
)
@pytest.mark.parametrize("cardinality", ["Single", "Multiple"])
def test_a_rule_that_is_not_served_makes_the_key_doubtful(condition: str, cardinality: str) -> None:
    assert choice_12(rule(condition, "1"), cardinality).key == "doubtful"


def test_settings_beside_a_response_are_no_response() -> None:
    text = item_12(
        "<material><mattext>Conte.</mattext></material><response_extension><grade/>"
        '</response_extension><response_str ident="R"><render_fib/></response_str>'
    )
    assert [item.kind for item in bank_of(text).items] == ["essay"]


def test_a_question_whose_tags_were_guessed_is_left_out_and_the_others_come_in() -> None:
    whole = item_12("<material><mattext>B?</mattext></material>")
    text = whole.replace(
        "<questestinterop>",
        '<questestinterop><item ident="x" title="Torta"><presentation><material>'
        "<mattext>A</mattext></presentation></item>",
    )
    bank = bank_of(text)
    assert [left.type for left in bank.left_out] == ["XML"]
    assert codes(bank) == ["xml-mended", "item-left-out", "qti-text-only"]


def test_lists_of_which_a_left_side_has_no_answer_are_left_out() -> None:
    lists = "".join(
        f'<response_lid ident="{name}"><material><mattext>{name}</mattext></material>'
        "<render_choice>"
        '<response_label ident="a"><material><mattext>1</mattext></material></response_label>'
        '<response_label ident="b"><material><mattext>2</mattext></material></response_label>'
        "</render_choice></response_lid>"
        for name in ("L", "R")
    )
    bank = bank_of(
        item_12(f"<material><mattext>?</mattext></material>{lists}", rule(equal("a"), "1"))
    )
    assert codes(bank) == ["foreign-answer-missing"]
    assert len(bank.left_out) == 1


def test_a_picture_within_the_text_comes_with_it() -> None:
    data = base64.b64encode(png()).decode()
    presentation = (
        f'<material><matimage imagtype="image/png" label="LED">{data}</matimage></material>'
        '<response_str ident="R"><render_fib/></response_str>'
    )
    bank = bank_of(item_12(presentation))
    assert bank.items[0].stem == f"![LED]({bank.images[0].name})"
    assert bank.images[0].data == png()
