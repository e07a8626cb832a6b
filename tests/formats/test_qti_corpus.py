"""The QTI files of the corpus: as many questions as it counts, and the keys that stand in them."""

from typing import Any

import pytest

from quizapp.formats.model import Bank, Item, Unreadable
from tests.formats.moodle_says import document, files, needs_corpus

FILES = [entry for version in ("qti12", "qti21", "qti22") for entry in files(version)]
# The manifest counts one question for each of its source's items; this file holds two.
OTHER_COUNTS = {"qti12/numeric_exact_match.xml": 2}
HALF, THIRD = 1 / 2, 1 / 3

# By hand: kind, and what the file itself says is right.
KEYS: dict[str, list[tuple[str, Any]]] = {
    "qti12/all_canvas_simple_1.2.xml": [
        ("single", [1, 0, 0, 0]),
        ("true_false", [1, 0]),
        ("short_answer", [("Blank", 1), ("blank", 1)]),
        ("multiple", [THIRD, THIRD, THIRD, 0, 0, 0]),
        ("single", [1, 0]),
        ("matching", [("A", "1"), ("B", "2"), *(("", right) for right in "CDEF345")]),
        # The stem speaks of 42; the file's first key is 0.
        ("numeric", [(0.0, 0.0, 1), (41.5, 42.5, 1), (42.0, 0.005, 1)]),
        ("essay", []),
    ],
    "qti12/multiple_choice.xml": [("single", [0, 0, 0, 1, 0])],
    "qti12/multiple_answer.xml": [("multiple", [0.25, -0.1, 0.25, 0.25, -0.1, -0.1, 0.25])],
    "qti12/true_false.xml": [("true_false", [0, 1])],
    "qti12/numeric_exact_match.xml": [
        ("numeric", [(1234.0, 0.0, 1)]),
        ("numeric", [(4321.0, 0.0, 1), (1234.0, 0.0, 1), (1111.0, 0.0, 1)]),
    ],
    "qti12/numeric_within_range.xml": [("numeric", [(1.0, 22.0, 1)])],
    "qti12/essay.xml": [("essay", [])],
    "qti12/item_no_title.xml": [],
    "qti12/choice_vary_points_by_answer.xml": [("single", [1, 0.5])],
    "qti21/minimal_qti_2.1_sample.zip": [
        ("single", [1, 0, 0]),
        ("multiple", [THIRD, THIRD, THIRD, 0, 0]),
    ],
    "qti21/test_qti_2.1.zip": [
        ("true_false", [1, 0]),
        ("single", [0, 0, 0, 1, 0]),
        ("multiple", [THIRD, THIRD, -THIRD, THIRD, -THIRD]),
        (
            "short_answer",
            [
                ("Lake Michigan", 1),
                ("lake michigan", 1),
                ("lake Michigan", 1),
                ("Lake michigan", 1),
                ("Michigan", HALF),
                ("michigan", HALF),
            ],
        ),
        ("essay", []),
    ],
    "qti21/text_entry.xml": [("short_answer", [("York", 1), ("york", HALF)])],
    "qti21/essay.xml": [("essay", [])],
    "qti21/gap_match.xml": [],
    "qti22/test_qti_2.2.zip": [
        ("multiple", [HALF, -1, -1, HALF, -1, -HALF]),
        ("single", [1, 0, 0]),
        ("true_false", [1, 0]),
        ("essay", []),
    ],
    "qti22/choice.xml": [("single", [1, 0, 0])],
    "qti22/match.xml": [],
    "qti22/inline_choice.xml": [("single", [0, 0, 1])],
    "qti22/text_entry.xml": [("short_answer", [("York", 1), ("york", HALF)])],
    "qti22/extended_text.xml": [("essay", [])],
    "qti22/hottext.xml": [],
    "qti22/slider.xml": [],
    "qti22/Example01-modalFeedback.xml": [("true_false", [1, 0])],
    "qti22/adaptive.xml": [],
}
LEFT_OUT = {
    "qti12/all_canvas_simple_1.2.xml": ["fill_in_multiple_blanks_question", "calculated_question"],
    "qti12/item_no_title.xml": ["XML"],
    "qti21/gap_match.xml": ["gapMatchInteraction"],
    "qti22/test_qti_2.2.zip": ["adaptive"],
    "qti22/match.xml": ["associateInteraction"],
    "qti22/hottext.xml": ["hottextInteraction"],
    "qti22/slider.xml": ["sliderInteraction"],
    "qti22/adaptive.xml": ["adaptive"],
}


def key_of(item: Item) -> tuple[str, list[Any]]:
    """An item's kind with its key in a short form."""
    if item.options:
        return item.kind, [pytest.approx(option.fraction, abs=1e-6) for option in item.options]
    if item.pairs:
        return item.kind, list(item.pairs)
    answers: list[Any] = []
    for answer in item.answers:
        if answer.text is not None:
            answers.append((answer.text, answer.fraction))
        elif answer.value is not None:
            answers.append((answer.value, answer.tolerance, answer.fraction))
        else:
            answers.append((answer.low, answer.high, answer.fraction))
    return item.kind, answers


@needs_corpus
@pytest.mark.parametrize("path, count", FILES)
def test_a_file_gives_as_many_questions_as_stand_in_it(path: str, count: int) -> None:
    bank = document(path)
    assert isinstance(bank, Bank)
    assert len(bank.items) + len(bank.left_out) == OTHER_COUNTS.get(path, count)
    assert [left.type for left in bank.left_out] == LEFT_OUT.get(path, [])


@needs_corpus
@pytest.mark.parametrize("path", KEYS)
def test_a_file_gives_the_keys_that_stand_in_it(path: str) -> None:
    bank = document(path)
    assert isinstance(bank, Bank)
    assert [key_of(item) for item in bank.items] == KEYS[path]
    expected = ["missing" if kind == "essay" else "given" for kind, _ in KEYS[path]]
    assert [item.key for item in bank.items] == expected


@needs_corpus
def test_every_file_of_the_corpus_has_its_keys_here() -> None:
    assert {path for path, _ in FILES} - set(KEYS) == {"qti12/text.no.question.xml"}


@needs_corpus
def test_a_text_without_a_question_is_none() -> None:
    bank = document("qti12/text.no.question.xml")
    assert not isinstance(bank, Unreadable)
    assert [problem.code for problem in bank.problems] == ["bank-empty", "qti-text-only"]


@needs_corpus
def test_a_feedback_stands_with_the_option_it_is_shown_for() -> None:
    bank = document("qti12/all_canvas_simple_1.2.xml")
    assert isinstance(bank, Bank)
    (single, truth, *_, numeric, essay) = bank.items
    assert ["incorrect" in option.feedback for option in single.options] == [
        False,
        True,
        True,
        True,
    ]
    assert all(option.feedback.count("\n\n") == 1 for option in truth.options)
    assert all(answer.feedback for answer in numeric.answers)
    assert essay.explanation == single.explanation != ""
    modal = document("qti22/Example01-modalFeedback.xml")
    assert isinstance(modal, Bank)
    assert [option.feedback for option in modal.items[0].options] == ["correct", "incorrect"]


@needs_corpus
def test_pictures_of_a_package_come_with_it() -> None:
    bank = document("qti21/test_qti_2.1.zip")
    assert isinstance(bank, Bank)
    assert len(bank.images) == 3
    assert all(image.name in bank.items[-1].stem for image in bank.images)
    # One is an SVG, which is not taken.
    assert [problem.code for problem in bank.problems] == ["image-refused"]
    assert [option.text for option in bank.items[1].options] == ["1/6", "1/5", "1/4", "1/3", "1/2"]
    assert bank.items[0].category
    beside = document("qti22/test_qti_2.2.zip")
    assert isinstance(beside, Bank)
    assert beside.images[0].name in beside.items[1].stem
    assert beside.language == "en"


@needs_corpus
def test_a_single_gap_is_shown_in_the_stem() -> None:
    for path in ("qti21/text_entry.xml", "qti22/inline_choice.xml"):
        bank = document(path)
        assert isinstance(bank, Bank)
        assert r"\_\_\_\_\_;" in bank.items[0].stem
