"""What the lint finds in real banks, counted; each finding was looked at (see docs/lint.md)."""

from pathlib import Path

import pytest

from quizapp.formats.linting import findings
from quizapp.formats.model import Bank
from quizapp.formats.reader import read
from quizapp.items.lint import counts

SHARED = Path(__file__).parents[3] / "shared"
pytestmark = pytest.mark.skipif(
    not (SHARED / "corpus").is_dir(), reason="../shared/corpus is not here"
)

# All but what an item lacks: hardly any bank of others cites our procedures or explains its keys.
_LACKS = {"no-explanation", "no-source"}
_REPEATED = {"stem-duplicate": 9}
FOUND = {
    "corpus/aiken/moodle_aiken_errors.txt": {"few-options": 3},
    "corpus/aiken/moodle_aiken_errors.crlf.txt": {"few-options": 3},
    "corpus/aiken/qas_aiken_1.txt": {"option-duplicate": 3},
    "corpus/csv/concurso_185_pt.csv": {"key-longest": 17, "absolute-word": 11},
    "corpus/docx/quiz_multiple_sections.docx": {"stem-duplicate": 4},
    "corpus/gift/broken/escapeBracket.gift": {"few-options": 1},
    "corpus/gift/gift-pegjs/formatExamples.gift": {"few-options": 1},
    "corpus/gift/gift-pegjs/options1.gift": {"stem-duplicate": 2},
    "corpus/gift/gift-pegjs/shortAnswerNotMatching.gift": {"few-options": 1},
    "corpus/gift/moodle/examples.crlf.txt": {"stem-duplicate": 21},
    "corpus/gift/moodle/examples.txt": {"stem-duplicate": 21},
    "corpus/gift/qas/all.gift": {"stem-duplicate": 4, "no-distractor": 1},
    "corpus/gift/qas/essay.gift": {"stem-duplicate": 1},
    "corpus/markdown/css_details_pt.md": {"all-or-none": 1},
    "corpus/markdown/tiaa/quiz-02.md": {"key-longest": 7, "absolute-word": 1},
    "corpus/markdown/tiaa/quiz-06.md": {"key-longest": 10, "key-position": 1},
    "corpus/markdown/tiaa/quiz-09.md": {"key-longest": 8, "absolute-word": 1, "key-position": 1},
    "corpus/markdown/tiaa/quiz-10.md": {"key-longest": 7, "key-position": 1},
    "corpus/markdown/tiaa/quiz-14.md": {"key-longest": 8, "key-position": 1},
    "corpus/markdown/tiaa/quiz-15.md": {"key-longest": 9, "key-position": 1},
    "corpus/markdown/tiaa/quiz-16.md": {"key-longest": 10, "absolute-word": 2, "key-position": 1},
    "corpus/moodle-xml/pt/oumultiresponses.xml": {"no-distractor": 1},
    "corpus/moodle-xml/pt/rexams_Cap1_11.xml": {"absolute-word": 10, **_REPEATED},
    "corpus/moodle-xml/pt/rexams_Cap1_13.xml": _REPEATED,
    "corpus/moodle-xml/pt/rexams_Cap1_17.xml": {"absolute-word": 10, **_REPEATED},
    "corpus/qti12/all_canvas_simple_1.2.xml": {"few-options": 1},
    "corpus/qti12/choice_vary_points_by_answer.xml": {"few-options": 1},
    "seeds/question-bank-unkeyed.txt": {"all-or-none": 1, "few-options": 1, "cut-off": 1},
}


def paths() -> list[str]:
    lines = (SHARED / "corpus" / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]
    corpus = [f"corpus/{line.partition(chr(9))[0]}" for line in lines if line.strip()]
    return [*corpus, "seeds/question-bank-unkeyed.txt"]


def test_nothing_new_is_found_in_the_corpus() -> None:
    found = {}
    for path in paths():
        document = read(Path(path).name, (SHARED / path).read_bytes())
        if isinstance(document, Bank):
            counted = counts(findings(document))
            found[path] = {code: n for code, n in counted.items() if code not in _LACKS}
    # Which files are banks is the readers' matter, and told by their own tests.
    assert found == {path: FOUND.get(path, {}) for path in found}
    assert len(found) > 50
