"""The JSON of banks and procedures reads back to the same; faults are said by line and path."""

import json
import time
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.content.messages import message
from quizapp.formats.foreign import assemble
from quizapp.formats.images import image_of
from quizapp.formats.json_in import is_json, read_json
from quizapp.formats.json_out import as_json, write_json
from quizapp.formats.json_text import MAX_DEPTH
from quizapp.formats.model import Answer, Bank, Item, LeftOut, Option, Procedure, Unreadable
from quizapp.formats.reader import read
from tests.examples import tried
from tests.formats.comparing import items_of, sections_of
from tests.formats.item_generators import items
from tests.formats.pictures import png
from tests.formats.samples import bank, found, procedure
from tests.formats.test_native import ALL_KINDS

ITEM: dict[str, Any] = {
    "kind": "single",
    "stem": "Qual LED?",
    "options": [{"text": "LOS", "fraction": 1}, {"text": "PON", "fraction": 0}],
}
SECONDS = 6.0


def written(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


def of_items(*given: dict[str, Any]) -> bytes:
    """A bank of these items as few fields as can be."""
    return written({"kind": "bank", "title": "T", "items": list(given)})


def json_bank(data: bytes, name: str = "provas.json") -> Bank:
    document = read(name, data)
    assert isinstance(document, Bank), document
    return document


def refusals(data: bytes) -> list[tuple[int, str, str]]:
    """Line, code and path of what refuses a file."""
    document = read("provas.json", data)
    assert isinstance(document, Unreadable), document
    return [(p.line, p.code, str(p.args.get("path", ""))) for p in document.problems]


# Round trips


@settings(
    max_examples=tried(200),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(items(), min_size=1, max_size=4),
    st.sampled_from([None, 0.0, 70.5, 100.0]),
    st.sampled_from(["pt-BR", "en"]),
)
def test_a_bank_that_was_written_reads_back(
    given_items: list[Item], cut_score: float | None, language: str
) -> None:
    made = assemble(
        "provas.md", "native", given_items, title="Sinal", cut_score=cut_score, language=language
    )
    data, problems = write_json(made)
    assert problems == []
    again = read("outro.json", data)
    if not made.items:
        assert isinstance(again, Unreadable) == (not made.left_out)
        return
    assert isinstance(again, Bank)
    assert items_of(again) == items_of(made)
    same = ("id", "title", "language", "cut_score", "left_out", "source")
    assert [getattr(again, name) for name in same] == [getattr(made, name) for name in same]


def test_every_field_of_the_model_is_written() -> None:
    value = as_json("a.md", bank(ALL_KINDS), message)
    beside = {"format", "source"}
    assert {field.name for field in fields(Bank)} - beside <= set(value)
    assert {field.name for field in fields(Item)} - {"id_given"} <= set(value["items"][0])
    assert {field.name for field in fields(Option)} == set(value["items"][0]["options"][0])
    answer = Answer("a", 1.0, 0.5, 1.0, 2.0, 0.5, "x")
    item = replace(bank(ALL_KINDS).items[0], answers=(answer,))
    shown = as_json("a.md", replace(bank(ALL_KINDS), items=(item,)), message)["items"][0]
    assert {field.name for field in fields(Answer)} == set(shown["answers"][0])


def test_all_that_a_bank_has_comes_back() -> None:
    picture = image_of(png())
    assert picture
    made = bank(ALL_KINDS)
    item = replace(
        made.items[0], name="Sinal", category="Rede/Fibra", accepted=("key-longest",), number="7"
    )
    made = replace(
        made,
        items=(item, *made.items[1:]),
        images=(picture,),
        lint=(("key-longest", "off"), ("negative-stem", "error")),
        left_out=(LeftOut(9, "Mapa", "hotspot"),),
    )
    again = json_bank(write_json(made)[0])
    assert items_of(again) == items_of(made)
    for name in ("id", "title", "language", "cut_score", "left_out", "images", "lint"):
        assert getattr(again, name) == getattr(made, name)
    assert "lint:" in again.source


def test_a_procedure_comes_back() -> None:
    made = procedure(
        "---\nid: sem-sinal\ntitulo: Sem sinal\nvigencia: 01/12/2026\nresponsavel: NOC\n"
        "aprovado_por: Téo\n---\nAntes.\n\n## Verificação\n1. um\n   a) dois\n\n### Rede\n- x\n"
    )
    again = read("p.json", written([as_json("p.md", made, message)]))
    assert isinstance(again, Procedure)
    assert sections_of(again) == sections_of(made)
    for name in ("id", "title", "language", "owner", "approved_by", "in_force_from"):
        assert getattr(again, name) == getattr(made, name)


def test_what_convert_wrote_of_one_file_is_read() -> None:
    made = bank(ALL_KINDS)
    unreadable = as_json("b.bin", read("b.bin", b"\x00"), message)
    data = written([unreadable, as_json("a.md", made, message)])
    assert items_of(json_bank(data)) == items_of(made)


# What may be left out


def test_few_fields_are_enough() -> None:
    made = json_bank(of_items(ITEM, {"kind": "essay", "stem": "Explique."}))
    assert [(item.key, item.use, item.number) for item in made.items] == [
        ("given", "exam", "1"),
        ("missing", "exam", "2"),
    ]
    assert (made.id, made.title, made.format) == ("provas", "T", "json")
    assert found(made) == []


def test_items_have_the_lines_on_which_they_stand() -> None:
    assert [item.line for item in json_bank(of_items(ITEM, ITEM)).items] == [5, 19]


def test_a_field_that_means_nothing_is_said() -> None:
    made = json_bank(of_items({**ITEM, "colour": "red"}))
    assert [(p.severity, p.code, p.args["path"]) for p in made.problems] == [
        ("info", "json-unknown", "items[0].colour")
    ]
    assert made.problems[0].line == 18


def test_texts_are_normalised() -> None:
    made = json_bank(of_items({**ITEM, "stem": "Qual\u00a0LED\u200b?\ue000"}))
    assert made.items[0].stem == "Qual LED?"


def test_characters_written_as_two_halves_are_one() -> None:
    data = of_items({**ITEM, "stem": "Qual 😀?"})
    assert b"\\ud83d\\ude00" in data
    assert json_bank(data).items[0].stem == "Qual 😀?"


def test_an_item_that_cannot_be_asked_is_left_out() -> None:
    made = json_bank(of_items(ITEM, {**ITEM, "options": []}))
    assert (len(made.items), len(made.left_out)) == (1, 1)


# What refuses a file


@pytest.mark.parametrize(
    "change, code, path",
    [
        ({"kind": "guess"}, "json-value", "items[0].kind"),
        ({"kind": 7}, "json-value", "items[0].kind"),
        ({"kind": ["single"]}, "json-value", "items[0].kind"),
        ({"stem": None}, "json-value", "items[0].stem"),
        ({"options": {}}, "json-value", "items[0].options"),
        ({"options": ["a"]}, "json-value", "items[0].options"),
        ({"options": [{}]}, "json-missing", "items[0].options[0].text"),
        (
            {"options": [{"text": "a", "fraction": 1.5}]},
            "json-value",
            "items[0].options[0].fraction",
        ),
        (
            {"options": [{"text": "a", "fraction": "1"}]},
            "json-value",
            "items[0].options[0].fraction",
        ),
        (
            {"options": [{"text": "a", "fraction": True}]},
            "json-value",
            "items[0].options[0].fraction",
        ),
        ({"options": [{"text": "a", "pinned": 1}]}, "json-value", "items[0].options[0].pinned"),
        ({"answers": [{"value": 1, "text": "a"}]}, "json-value", "items[0].answers[0].text"),
        ({"answers": [{}]}, "json-value", "items[0].answers[0].text"),
        ({"answers": [{"low": 2, "high": 1}]}, "json-value", "items[0].answers[0].text"),
        (
            {"answers": [{"value": 1, "tolerance": -1}]},
            "json-value",
            "items[0].answers[0].tolerance",
        ),
        ({"pairs": [["a"]]}, "json-value", "items[0].pairs"),
        ({"pairs": {"a": "b"}}, "json-value", "items[0].pairs"),
        ({"tags": "a, b"}, "json-value", "items[0].tags"),
        ({"tags": [1]}, "json-value", "items[0].tags"),
        ({"difficulty": "fácil"}, "json-value", "items[0].difficulty"),
        ({"use": None}, "json-value", "items[0].use"),
        ({"doubt": [2]}, "json-value", "items[0].doubt"),
        ({"doubt": [True]}, "json-value", "items[0].doubt"),
        ({"key": "missing"}, "json-value", "items[0].key"),
        ({"key": "given", "options": [{"text": "a"}] * 2}, "json-value", "items[0].key"),
        ({"id": "Ação 1"}, "id-invalid", ""),
        ({"id": 5}, "json-value", "items[0].id"),
    ],
)
def test_a_wrong_value_is_said_by_its_path(change: dict[str, Any], code: str, path: str) -> None:
    assert [
        (found_code, where) for _, found_code, where in refusals(of_items({**ITEM, **change}))
    ] == [(code, path)]


def test_all_wrong_values_are_said_with_their_lines() -> None:
    data = written([{"kind": "bank", "items": [{"kind": "x", "stem": 1}], "cut_score": 101}])
    assert refusals(data) == [
        (6, "json-value", "[0].items[0].kind"),
        (7, "json-value", "[0].items[0].stem"),
        (10, "json-value", "[0].cut_score"),
    ]


def test_no_more_is_said_than_anybody_mends() -> None:
    assert len(refusals(of_items(*[{"kind": "x", "stem": 1}] * 500))) == 100


def test_an_id_twice_is_refused() -> None:
    codes = [code for _, code, _ in refusals(of_items({**ITEM, "id": "a"}, {**ITEM, "id": "a"}))]
    assert codes == ["id-duplicate"]


@pytest.mark.parametrize(
    "text, line, code",
    [
        ('{"items": [\n{"kind": "single",}]}', 2, "json-invalid"),
        ('{"items": [\n\n{"stem": "aberto', 3, "json-invalid"),
        ('{"items": [],\n"cut_score": NaN}', 2, "json-invalid"),
        ('{"items": [],\n"cut_score": -Infinity}', 2, "json-invalid"),
        ('{"items": [],\n"items": []}', 2, "json-twice"),
        ('{"items": [{"a": [{"b": 1,\n"b": 2}]}]}', 2, "json-twice"),
        ('{"items": [],\n"title": "\\ud800"}', 2, "json-invalid"),
        ('{"items": [],\n"\\udc00": 1}', 2, "json-invalid"),
        ('{"cut_score": ' + "9" * 5000 + "}", 1, "json-invalid"),
        ('{"items":\n' + "[" * 40 + "]" * 40 + "}", 2, "json-too-deep"),
        ('{"name": "pacote",\n"version": "1"}', 1, "json-not-ours"),
        ('[{"items": []}, {"items": []}]', 1, "json-several"),
        ('{"kind": "table", "items": []}', 1, "json-value"),
        ('{"kind": "procedure", "sections": [{"text": "x"}]}', 1, "json-missing"),
        ('{"kind": "procedure", "in_force_from": "amanhã", "sections": []}', 1, "json-value"),
        ('{"items": [], "lint": {"key-longest": "loud"}}', 1, "json-value"),
        ('{"items": [], "lint": []}', 1, "json-value"),
        ('{"items": [], "left_out": [1]}', 1, "json-value"),
    ],
)
def test_a_fault_of_the_whole_has_its_line(text: str, line: int, code: str) -> None:
    found_line, found_code, _ = refusals(text.encode())[0]
    assert (found_line, found_code) == (line, code)


def test_a_number_too_large_for_a_fraction_is_refused() -> None:
    text = '{"items": [], "cut_score": 1' + "0" * 400 + "}"
    assert refusals(text.encode()) == [(1, "json-value", "cut_score")]
    assert refusals(b'{"items": [], "cut_score": 1e999}') == [(1, "json-value", "cut_score")]


def test_a_picture_has_the_name_that_its_bytes_give() -> None:
    picture = image_of(png())
    assert picture
    value = json.loads(write_json(replace(bank(ALL_KINDS), images=(picture,)))[0])
    for name, data in (
        ("imagens/0.png", value["images"][0]["data"]),
        (picture.name, "%%%"),
        (1, 2),
    ):
        changed = {**value, "images": [{"name": name, "data": data}]}
        assert refusals(written(changed))[0][2] == "images[0].data"


@pytest.mark.parametrize(
    "text, is_one",
    [
        ('{"a": 1}', True),
        (' \n[ {"a": 1}]', True),
        ("{}", True),
        ("[x] caixa", False),
        ("[a](#b)", False),
        ("[]", False),
        ("{=a ~b}", False),
        ("Texto {a}", False),
        ("", False),
    ],
)
def test_json_is_told_from_other_texts(text: str, is_one: bool) -> None:
    assert is_json(text) == is_one


@pytest.mark.parametrize(
    "text",
    [
        '{"items": ' + "[" * 500_000,
        '{"items": [' + "[]," * 300_000 + "[]]}",
        '{"items": [' + "{}," * 300_000 + "{}]}",
        '{"' + '\\"' * 500_000,
        '{"a": "' + '"' * 500_000,
        '{"items": [' + '{"kind": "x", "stem": 1},' * 40_000 + '{"kind": "x"}]}',
    ],
)
def test_hostile_text_is_read_in_little_time(text: str) -> None:
    start = time.process_time()
    document = read_json("a.json", text)
    assert isinstance(document, Unreadable)
    assert time.process_time() - start < SECONDS


def test_depth_has_a_limit_that_ours_does_not_reach() -> None:
    data = write_json(bank(ALL_KINDS))[0].decode()
    depths = [data[:place].count("{") - data[:place].count("}") for place in range(len(data))]
    assert max(depths) * 2 < MAX_DEPTH
