"""Items of QTI 2 and 3: keys come from what is declared and from what the rules do."""

import pytest

from tests.formats.qti_texts import (
    ENTRY,
    ONE,
    SEVERAL,
    VARIABLE,
    bank_of,
    base,
    codes,
    declared,
    fractions,
    item_2,
    mapped,
    only,
    processing,
    scored,
    template,
)


@pytest.mark.parametrize(
    "body, declaration, rules, state, expected",
    [
        (ONE, declared("b"), template("match_correct"), "given", [0, 1, 0]),
        (ONE, declared("b"), "", "given", [0, 1, 0]),
        (ONE, declared(""), "", "missing", None),
        (ONE, declared("x"), "", "doubtful", None),
        (ONE, declared("a|b"), "", "doubtful", None),
        (ONE, declared("", mapping=mapped(a=2, c=1)), "", "given", [1, 0, 0.5]),
        (
            ONE,
            declared("a", mapping=mapped(a=4, b=1, c=-2)),
            template("map_response"),
            "given",
            [1, 0.25, -0.5],
        ),
        # A mapping that nothing uses says nothing.
        (ONE, declared("a", mapping=mapped(b=1)), template("match_correct"), "given", [1, 0, 0]),
        (ONE, declared("a", mapping=mapped(b=1)), template("map_response"), "doubtful", None),
        (SEVERAL, declared("a|c", "multiple"), template("match_correct"), "given", [0.5, 0, 0.5]),
        (ONE, declared("a|c", "multiple"), template("match_correct"), "given", [0.5, 0, 0.5]),
        (
            SEVERAL,
            declared("a|c", "multiple", mapping=mapped(a=1, b=-1, c=1)),
            template("map_response"),
            "given",
            [0.5, -0.5, 0.5],
        ),
        (
            SEVERAL,
            declared("a", "multiple", mapping=mapped(a=1, b=1)),
            template("map_response"),
            "doubtful",
            None,
        ),
        (
            ONE,
            declared(""),
            processing(
                scored(f"<match>{VARIABLE}{base('c')}</match>", "2"),
                scored(f"<match>{base('a')}{VARIABLE}</match>", "1", "responseElseIf"),
            ),
            "given",
            [0.5, 0, 1],
        ),
        (
            ONE,
            declared("a"),
            processing(scored(f"<match>{VARIABLE}{base('c')}</match>", "2")),
            "doubtful",
            None,
        ),
        # What the rules mean cannot be told: the declaration is all there is.
        (ONE, declared("a"), processing(scored("<customOperator/>", "2")), "given", [1, 0, 0]),
    ],
)
def test_the_key_is_declared_or_comes_out_of_the_rules(
    body: str, declaration: str, rules: str, state: str, expected: list[float] | None
) -> None:
    item = only(item_2(body, declaration, rules))
    assert item.key == state
    assert item.stem == "Qual?"
    assert fractions(item) == pytest.approx(expected or [None] * 3)


def test_a_doubtful_key_names_the_options_that_are_said_to_be_right() -> None:
    rules = processing(scored(f"<match>{VARIABLE}{base('c')}</match>", "2"))
    bank = bank_of(item_2(ONE, declared("a"), rules))
    assert bank.items[0].doubt == (0, 2)
    assert codes(bank) == ["qti-keys-differ"]


def test_feedback_stands_with_the_options_it_is_shown_for() -> None:
    after = f'<setOutcomeValue identifier="FB">{VARIABLE}</setOutcomeValue>'
    feedback = "".join(
        f'<modalFeedback outcomeIdentifier="FB" showHide="show" identifier="{name}"><p>{text}</p>'
        "</modalFeedback>"
        for name, text in (("b", "Quase."), ("z", "Nunca."))
    )
    rules = processing(
        scored(f"<match>{VARIABLE}<correct identifier='RESPONSE'/></match>", "1"), after=after
    )
    bank = bank_of(item_2(ONE, declared("a"), rules, feedback))
    assert [option.feedback for option in bank.items[0].options] == ["", "Quase.", ""]
    assert codes(bank) == ["qti-feedback-lost"]
    # Where the rules cannot be worked out, its name may tell.
    rules = processing(scored("<customOperator/>", "1"), after=after)
    bank = bank_of(item_2(ONE, declared("a"), rules, feedback))
    assert [option.feedback for option in bank.items[0].options] == ["", "Quase.", ""]


@pytest.mark.parametrize(
    "base_type, declaration, rules, expected",
    [
        ("string", "LOS", "", [("LOS", None, None, 1)]),
        ("integer", "30", "", [(None, 30, 0, 1)]),
        ("float", "3,5", "", [(None, 3.5, 0, 1)]),
        (
            "string",
            "",
            processing(
                scored(
                    "<stringMatch caseSensitive='false'>"
                    f"{VARIABLE}{base('LOS', 'string')}</stringMatch>",
                    "4",
                ),
                scored(f"<match>{base('PON', 'string')}{VARIABLE}</match>", "1", "responseElseIf"),
            ),
            [("LOS", None, None, 1), ("PON", None, None, 0.25)],
        ),
        (
            "float",
            "10",
            processing(
                scored(
                    f"<equal toleranceMode='relative' tolerance='5'>{VARIABLE}"
                    "<correct identifier='RESPONSE'/></equal>",
                    "1",
                )
            ),
            [(None, 10, 0.5, 1)],
        ),
        (
            "float",
            "",
            processing(
                scored(
                    f"<and><lt>{VARIABLE}{base('9', 'float')}</lt>"
                    f"<gte>{VARIABLE}{base('1', 'float')}</gte></and>",
                    "1",
                )
            ),
            [(1, 9, 1)],
        ),
    ],
)
def test_accepted_answers_come_from_the_rules_or_the_declaration(
    base_type: str, declaration: str, rules: str, expected: list[object]
) -> None:
    item = only(item_2(ENTRY, declared(declaration, base_type=base_type), rules))
    assert item.kind == ("short_answer" if base_type == "string" else "numeric")
    answers = [
        (a.low, a.high, a.fraction)
        if a.low is not None
        else (a.text, a.value, a.tolerance, a.fraction)
        for a in item.answers
    ]
    assert answers == expected


def test_a_gap_below_the_text_is_not_part_of_it() -> None:
    text = '<p>Qual?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    assert only(item_2(text, declared("LOS", base_type="string"))).stem == "Qual?"


def test_an_answer_that_nobody_declares_leaves_the_question_out() -> None:
    bank = bank_of(item_2(ENTRY, declared("", base_type="string")))
    assert codes(bank) == ["foreign-answer-missing"]
    assert [left.type for left in bank.left_out] == ["textEntryInteraction"]


@pytest.mark.parametrize(
    "values, expected",
    [
        ("l1 r2|l2 r1", (("L1", "R2"), ("L2", "R1"))),
        ("r2 l1|r2 l2", (("L1", "R2"), ("L2", "R2"), ("", "R1"))),
        ("l1 r2", None),
        ("l1 r1|l1 r2|l2 r1", None),
        ("l1 x|l2 r1", None),
        ("", None),
    ],
)
def test_a_matching_has_one_right_side_for_each_left_one(
    values: str, expected: tuple[tuple[str, str], ...] | None
) -> None:
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(
            f'<simpleAssociableChoice identifier="{side}{n}">{side.upper()}{n}'
            "</simpleAssociableChoice>"
            for n in (1, 2)
        )
        + "</simpleMatchSet>"
        for side in "lr"
    )
    body = f'<p>Ligue.</p><matchInteraction responseIdentifier="RESPONSE">{sets}</matchInteraction>'
    bank = bank_of(item_2(body, declared(values, "multiple", "directedPair")))
    assert [item.pairs for item in bank.items] == ([expected] if expected else [])
    assert len(bank.left_out) == (0 if expected else 1)


@pytest.mark.parametrize(
    "body, kind",
    [
        ("<hottextInteraction/>", "hottextInteraction"),
        ("<p><gapMatchInteraction/></p>", "gapMatchInteraction"),
        ("<div><customInteraction/></div>", "customInteraction"),
        (ENTRY + ENTRY, "2× textEntryInteraction"),
        (ONE + ENTRY, "choiceInteraction, textEntryInteraction"),
        ("<uploadInteraction/>", "uploadInteraction"),
        ("<mediaInteraction/>", "mediaInteraction"),
        ("<sliderInteraction/>", "sliderInteraction"),
    ],
)
def test_other_kinds_are_left_out_by_name_and_line(body: str, kind: str) -> None:
    bank = bank_of("\n\n" + item_2(body))
    assert [(left.line, left.name, left.type) for left in bank.left_out] == [(3, "A", kind)]
    assert codes(bank) == ["item-left-out"]


def test_templates_and_adaptive_items_are_left_out() -> None:
    for text in (
        item_2(ONE, declared("a"), adaptive="true"),
        item_2(ONE, declared("a") + '<templateDeclaration identifier="X"/>'),
    ):
        assert len(bank_of(text).left_out) == 1


def test_rubrics_for_those_who_answer_are_in_the_stem_and_others_explain() -> None:
    body = (
        '<rubricBlock view="candidate tutor"><p>Leia bem.</p></rubricBlock>'
        f'<rubricBlock view="scorer"><p>Aceite a.</p></rubricBlock>{ONE}'
    )
    item = only(item_2(body, declared("a")))
    assert (item.stem, item.explanation) == ("Leia bem.\n\nQual?", "Aceite a.")


def test_formulas_are_written_on_a_line() -> None:
    math = (
        '<p><math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>x</mi><mo>=</mo><mfrac>'
        "<mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><msup><mi>b</mi><mn>2</mn></msup></mfrac>"
        "<mo>-</mo><msqrt><mn>2</mn></msqrt></mrow></math></p>"
    )
    assert only(item_2(math + ONE, declared("a"))).stem.startswith("x = (a + 1)/(b^2) - √2")


def test_an_item_without_an_interaction_is_a_description() -> None:
    assert only(item_2("<p>Leia o aviso.</p>")).kind == "description"


def test_scripts_styles_and_comments_do_not_come_in() -> None:
    body = f"<p>Qual<!-- x --> <script>alert(1)</script><style>p</style></p>{ONE}"
    assert only(item_2(body, declared("a"))).stem == "Qual\n\nQual?"
