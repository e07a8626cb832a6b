"""Every GIFT file of the corpus gives the questions that Moodle reads in it, or why not."""

import pytest

from quizapp.formats.gift.reader import read_gift
from quizapp.formats.gift.writer import write_gift
from quizapp.formats.model import Bank
from quizapp.formats.reader import read
from tests.formats.comparing import items_of
from tests.formats.moodle_says import differences, document, files, needs_corpus
from tests.formats.samples import found

GIFT = files("gift")
# File, place of the question from 0, what of it: and why it is not what Moodle makes of it.
DIFFERENT = {
    ("gift/broken/unescapedLink.gift", 0, "stem"): "the name serves where there is no text",
    ("gift/broken/unescapedLink.gift", 0, "options"): "pictures elsewhere are shown as links",
    ("gift/real/moodle_export_pt_example.gift", 2, "stem"): "a picture elsewhere is a link",
    ("gift/qas/all.gift", 14, "answers"): "a * for any characters is not served, and is said",
}
# What the files' faults are, as line and code; a file that is not listed has none.
FAULTS = {
    "gift/moodle/questions_encoding_windows-1252.gift.txt": [(15, "encoding-guessed")],
    "gift/moodle/ordering_import.gift.txt": [(3, "gift-ordering")],
    "gift/gift-pegjs/category1.gift": [(1, "bank-empty")],
    "gift/gift-pegjs/escapeColon.gift": [(3, "gift-several-right")],
    "gift/broken/missingTitleColon.gift": [(1, "gift-name")],
    "gift/broken/unescapedLink.gift": [
        (1, "stem-from-name"),
        *((line, "gift-unescaped") for line in (2, 3, 4)),
    ],
    "gift/qas/all.gift": [
        *((line, "image-missing") for line in (27, 29, 34)),
        (80, "answer-wildcard"),
    ],
}
UNTRIED = "gift/moodle/questions_encoding_windows-1252.gift.txt"


@needs_corpus
@pytest.mark.parametrize("path, count", GIFT)
def test_a_file_gives_what_moodle_reads(path: str, count: int | None) -> None:
    bank = document(path)
    assert isinstance(bank, Bank)
    assert count in (None, len(bank.items) + len(bank.left_out))
    assert found(bank) == FAULTS.get(path, [])
    if path == UNTRIED:  # Moodle refuses the file; what stands in it we have to say ourselves.
        assert [item.kind for item in bank.items] == ["essay", "essay", "matching"]
        assert bank.items[2].pairs[0] == ("aödf", "asdf")
        return
    expected = {(place, what) for file, place, what in DIFFERENT if file == path}
    others = [d for d in differences(bank, path) if (d[0], d[1]) not in expected]
    assert others == []
    assert {(place, what) for place, what, _, _ in differences(bank, path)} == expected


@needs_corpus
@pytest.mark.parametrize("path", [path for path, _ in GIFT if "category1" not in path])
def test_a_file_reads_back_from_gift_and_from_our_own_format(path: str) -> None:
    bank = document(path)
    assert isinstance(bank, Bank)
    again = read_gift("a.gift", write_gift(bank)[0])
    assert isinstance(again, Bank)
    assert items_of(again) == items_of(bank)
    native = read("a.md", bank.source.encode())
    assert isinstance(native, Bank)
    assert items_of(native) == items_of(bank)
