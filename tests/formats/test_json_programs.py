"""A program written as JSON is read as the same program."""

import json

import pytest

from quizapp.formats.json_out import as_json
from quizapp.formats.model import Program
from quizapp.formats.reader import read
from tests.pages.test_program_editor import TEXT


def written(**change):
    value = as_json("a.md", read("a.md", TEXT.encode()), lambda problem: problem.code)
    return json.dumps({**value, **change})


def facts(program):
    shown = as_json("", program, lambda problem: problem.code)
    for one in (*shown["steps"], *shown["for"]):
        del one["line"]
    return {key: value for key, value in shown.items() if key not in ("path", "problems")}


def test_what_is_written_is_read_by_the_same_facts():
    before = read("a.md", TEXT.encode())
    after = read("b.json", written().encode())
    assert isinstance(after, Program)
    assert facts(after) == facts(before)
    assert after.problems == ()
    again = read("c.md", after.source.encode())
    assert facts(again) == facts(before)


@pytest.mark.parametrize(
    "change",
    [
        {"steps": "conexao"},
        {"steps": [{"kind": "watch", "slug": "a"}]},
        {"steps": [{"kind": "read"}]},
        {"steps": [{"kind": "read", "slug": "a\n2. Prova: b"}]},
        {"steps": []},
        {"for": [{"whose": "role", "name": "boss"}]},
        {"for": [{"whose": "team", "name": "Norte", "due_on": "amanhã"}]},
        {"minutes": "long"},
        {"until": [31]},
        {"in_order": "yes"},
    ],
)
def test_what_is_none_is_refused(change):
    found = read("a.json", written(**change).encode())
    assert any(problem.severity == "error" for problem in found.problems)


def test_a_field_that_means_nothing_is_said():
    found = read("a.json", written(colour="blue").encode())
    assert isinstance(found, Program)
    assert [problem.code for problem in found.problems] == ["json-unknown"]
