"""Every Moodle XML file of the corpus gives what Moodle reads in it, save what is said."""

from typing import Any

import pytest

from quizapp.formats.model import Bank
from tests.formats.moodle_says import differences, document, files, needs_corpus

MOODLE = files("moodle-xml")

FALSE_IS_FALSE = "the file says <single>False</single>, which Moodle takes for true"
UNSURE = "a single choice whose best option earns 75%: nobody knows what its key is"
ID_TAKEN = "another question of the file has this idnumber"
# File, place of the question from 0, what of it: and why it is not what Moodle makes of it.
DIFFERENT: dict[tuple[str, int, str], str] = {
    ("pt/multichoices.xml", 0, "kind"): FALSE_IS_FALSE,
    ("pt/multichoices.xml", 1, "kind"): FALSE_IS_FALSE,
    ("pt/multichoices.xml", 4, "kind"): FALSE_IS_FALSE,
    ("pt/multichoices.xml", 2, "options"): UNSURE,
    ("pt/multichoices.xml", 3, "options"): UNSURE,
    ("pt/50essays.xml", 27, "id"): ID_TAKEN,
    ("pt/50essays.xml", 42, "id"): ID_TAKEN,
}
# Files of which Moodle takes other questions than we do: what we take, and why Moodle differs.
OTHERS = {
    "moodle/multianswer-all-types.xml": ([], "cloze: we leave it out"),
    "moodle/qtype_ordering_testimport_bare_question.xml": (
        ["ordering"],
        "the root is <question>: Moodle finds nothing",
    ),
    "pt/oumultiresponses.xml": (["multiple"] * 10, "a plugin that this Moodle did not have"),
}


@needs_corpus
@pytest.mark.parametrize("path, count", MOODLE)
def test_a_file_gives_what_moodle_reads(path: str, count: int) -> None:
    bank = document(path)
    assert isinstance(bank, Bank)
    assert len(bank.items) + len(bank.left_out) == count
    name = path.removeprefix("moodle-xml/")
    if name in OTHERS:
        assert [item.kind for item in bank.items] == OTHERS[name][0]
        return
    found: list[Any] = [
        difference
        for difference in differences(bank, path)
        if (name, difference[0], difference[1]) not in DIFFERENT
    ]
    assert found == []


@needs_corpus
def test_what_is_said_to_differ_differs() -> None:
    for (name, place, what), reason in DIFFERENT.items():
        path = f"moodle-xml/{name}"
        bank = document(path)
        assert isinstance(bank, Bank)
        assert (place, what) in [found[:2] for found in differences(bank, path)], reason


@needs_corpus
def test_each_key_of_a_multiple_response_has_its_share() -> None:
    bank = document("moodle-xml/pt/oumultiresponses.xml")
    assert isinstance(bank, Bank)
    for item in bank.items:
        assert sum(option.fraction or 0 for option in item.options) == pytest.approx(1)


@needs_corpus
def test_variants_of_one_question_are_all_kept_and_styles_are_not() -> None:
    bank = document("moodle-xml/pt/rexams_Cap1_13.xml")
    assert isinstance(bank, Bank)
    assert len({item.stem for item in bank.items}) == 1
    assert len({tuple(option.text for option in item.options) for item in bank.items}) > 1
    assert "table_shade" not in bank.source


@needs_corpus
def test_pictures_come_in_and_sounds_are_said_to_be_left() -> None:
    bank = document("moodle-xml/moodle/multichoice.xml")
    assert isinstance(bank, Bank)
    assert {image.data[:3] for image in bank.images} == {b"\xff\xd8\xff"}
    assert [option.text.split("(")[1].split(")")[0] for option in bank.items[0].options] == [
        image.name for image in bank.images
    ]
    assert [(p.line, p.code, p.args) for p in bank.problems] == [
        (18, "image-refused", {"name": "bonjour.mp3"})
    ]
