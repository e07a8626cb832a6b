"""What Moodle 4.5's readers made of the corpus, put beside what ours make of it."""

import csv
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from quizapp.formats.model import Bank, Document, Item
from quizapp.formats.reader import read
from quizapp.formats.render import render

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not here")

KINDS = {
    "truefalse": "true_false",
    "shortanswer": "short_answer",
    "numerical": "numeric",
    "match": "matching",
    "ordering": "ordering",
    "essay": "essay",
    "description": "description",
}
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
_ALT = re.compile(r"""<img\b[^<>]*?\balt=(?:"([^"]*)"|'([^']*)')[^<>]*>""", re.IGNORECASE)


def files(format_name: str) -> list[tuple[str, int | None]]:
    """The paths of a format's files and how many questions the manifest counts in them."""
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["format"] == format_name]
    return [(row["path"], int(row["n_questions"]) if row["n_questions"] else None) for row in rows]


def document(path: str) -> Document:
    return read(Path(path).name, (CORPUS / path).read_bytes())


def questions(path: str) -> list[dict[str, Any]]:
    """The questions that Moodle read from a file of the corpus."""
    said = json.loads((CORPUS / "expected" / f"{path}.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = said["questions"]
    return found


def differences(bank: Bank, path: str) -> list[tuple[int, str, Any, Any]]:
    """Where ours differs: the question's place from 0, what of it, ours, Moodle's."""
    pairs = zip(bank.items, questions(path), strict=True)
    return [
        (place, what, ours, theirs)
        for place, (item, question) in enumerate(pairs)
        for what, ours, theirs in _compared(item, question)
        if ours != theirs
    ]


def _compared(item: Item, question: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Kind, words, key, feedback and the rest of an item beside those of Moodle's question."""
    form = question["format"]
    kind = KINDS.get(question["qtype"]) or ("single" if question["single"] else "multiple")
    found: list[tuple[str, Any, Any]] = [
        ("kind", item.kind, kind),
        ("stem", words(item.stem), _words(question["text"], form)),
        ("explanation", words(item.explanation), _words(question["generalfeedback"], form)),
        ("category", item.category, _category(question["category"] or "")),
        ("tags", list(item.tags), question.get("tags", [])),
        ("id", item.id if item.id_given else "", question.get("idnumber", "")),
    ]
    if item.name:
        found.append(("name", item.name, question["name"]))
    if kind == "true_false":
        right = question["correctanswer"]
        theirs = [
            (float(right), _words(question["feedbacktrue"], form)),
            (float(not right), _words(question["feedbackfalse"], form)),
        ]
        found.append(("options", [(o.fraction, words(o.feedback)) for o in item.options], theirs))
    elif kind == "matching":
        theirs = [(_words(left, form), _words(right, form)) for left, right in question["pairs"]]
        found.append(("pairs", [(words(a), words(b)) for a, b in item.pairs], theirs))
    elif kind == "ordering":
        texts = [_words(answer["text"], form) for answer in question["answers"]]
        found.append(("options", [words(option.text) for option in item.options], texts))
    elif kind in ("single", "multiple"):
        found.append(
            (
                "options",
                [(words(o.text), _share(o.fraction), words(o.feedback)) for o in item.options],
                [
                    (
                        _words(a["text"], a["format"]),
                        _share(a["fraction"]),
                        _words(a["feedback"], form),
                    )
                    for a in question["answers"]
                ],
            )
        )
    elif kind == "short_answer":
        found.append(
            (
                "answers",
                [(a.text, _share(a.fraction), words(a.feedback)) for a in item.answers],
                [
                    (a["text"], _share(a["fraction"]), _words(a["feedback"], form))
                    for a in question["answers"]
                ],
            )
        )
    elif kind == "numeric":
        found.append(
            (
                "answers",
                [(*_range(a), _share(a.fraction), words(a.feedback)) for a in item.answers],
                [
                    (*_their_range(a), _share(a["fraction"]), _words(a["feedback"], form))
                    for a in question["answers"]
                ],
            )
        )
    return found


def words(markdown: str) -> str:
    """What a reader sees of our Markdown, without its spaces."""
    return _seen(_ALT.sub(r"\1\2", render(markdown)))


def _words(text: str, form: str) -> str:
    """What a reader sees of a text of Moodle's, without its spaces."""
    if form == "markdown":
        return words(text)
    if "<" not in text and "&" not in text:
        return "".join(text.split())
    return _seen(_ALT.sub(r"\1\2", _STYLE.sub("", text)))


def _seen(page: str) -> str:
    return "".join(html.unescape(re.sub(r"<[^<>]*>", "", page)).split())


def _share(fraction: float | None) -> float | None:
    """A fraction to five decimals: Moodle keeps a third as 0.3333333."""
    return None if fraction is None else round(fraction, 5)


def _range(answer: Any) -> tuple[float, float]:
    if answer.low is not None:
        return round(answer.low, 6), round(answer.high, 6)
    return round(answer.value - answer.tolerance, 6), round(answer.value + answer.tolerance, 6)


def _their_range(answer: dict[str, Any]) -> tuple[Any, Any]:
    if answer["text"] == "*":
        return -999_999_999_999_999, 999_999_999_999_999
    value, tolerance = float(answer["text"]), float(answer["tolerance"])
    return round(value - tolerance, 6), round(value + tolerance, 6)


def _category(path: str) -> str:
    """Moodle's category without the course it was exported from."""
    return re.sub(r"^\$\w+\$/(?:top/)?", "", path)
