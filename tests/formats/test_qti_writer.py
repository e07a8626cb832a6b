"""A bank written as a QTI 2.1 package reads back to the same; what does not is said."""

from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from typing import Any, TypeVar
from xml.etree.ElementTree import Element
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats.foreign import assemble
from quizapp.formats.images import image_of
from quizapp.formats.model import Answer, Bank, Image, Item, Option
from quizapp.formats.qti.writer import write_package
from quizapp.formats.reader import read
from quizapp.formats.safe_xml import parse_xml
from tests.formats.comparing import items_of
from tests.formats.item_generators import items
from tests.formats.pictures import png
from tests.formats.samples import bank as native
from tests.formats.test_native import ALL_KINDS

_Any = TypeVar("_Any")
LED = image_of(png())
assert isinstance(LED, Image)
NAME = LED.name
QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"


def again(bank: Bank) -> Bank:
    data, _ = write_package(bank)
    read_back = read("outro.zip", data)
    assert isinstance(read_back, Bank), read_back
    return read_back


def lost(bank: Bank) -> list[tuple[str | int, str | int]]:
    _, problems = write_package(bank)
    assert {problem.code for problem in problems} <= {"export-lost"}
    return [(problem.args["item"], problem.args["what"]) for problem in problems]


def of_items(*found: Item, **more: Any) -> Bank:
    return assemble("banco.x", "gift", found, title="Um banco", images=[LED], **more)  # type: ignore[list-item]


def one(kind: Any, **parts: Any) -> Item:
    return Item(id="q-1", id_given=True, number="1", kind=kind, stem="Qual?", line=1, **parts)


def tree(bank: Bank, name: str = "item-0001.xml") -> Element:
    data, _ = write_package(bank)
    root = parse_xml(ZipFile(BytesIO(data)).read(name))
    assert isinstance(root, Element)
    return root


def test_every_kind_comes_back_but_scenarios() -> None:
    bank = native(ALL_KINDS)
    scenario = next(item.id for item in bank.items if item.kind == "scenario")
    assert lost(bank) == [(scenario, "item")]
    kept = replace(bank, items=tuple(item for item in bank.items if item.kind != "scenario"))
    back = again(kept)
    assert items_of(back) == items_of(kept)
    assert (back.id, back.title, back.language) == (bank.id, bank.title, bank.language)
    assert back.cut_score == bank.cut_score == 80


def test_the_same_bank_has_the_same_bytes() -> None:
    bank = native(ALL_KINDS)
    assert write_package(bank) == write_package(bank)


def test_bank_settings_and_categories_come_back() -> None:
    found = [
        replace(one("essay", key="missing"), id=f"q-{n}", number=str(n), category=category)
        for n, category in enumerate(
            ["Rede/Wi-Fi", "Rede/Wi-Fi", "", "Rede", "Rede/Wi-Fi"], start=1
        )
    ]
    bank = replace(of_items(*found, language="en", cut_score=72.5), lint=(("key-longest", "off"),))
    back = again(bank)
    assert items_of(back) == items_of(bank)
    assert (back.language, back.cut_score, back.lint) == ("en", 72.5, bank.lint)
    assert "key-longest" in back.source


def renamed(value: _Any) -> _Any:
    """The value with the name of a picture that there is."""
    if isinstance(value, str):
        return value.replace("imagens/0123456789abcdef.png", NAME)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(map(renamed, value))  # type: ignore[return-value]
    if is_dataclass(value):
        parts = (getattr(value, entry.name) for entry in fields(value))
        return type(value)(*map(renamed, parts))
    return value


def can_be_held(item: Item) -> bool:
    """Whether no answer is empty or hides another one's feedback, no pair is of nothing."""
    answers = item.answers
    is_plain = len(answers) < 2 or not any(answer.feedback for answer in answers)
    texts = [answer.text for answer in answers if answer.text is not None]
    return is_plain and all(texts) and len(set(texts)) == len(texts) and ("", "") not in item.pairs


@given(st.lists(items().map(renamed), min_size=1, max_size=3))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_what_a_package_can_hold_comes_back(found: list[Item]) -> None:
    bank = of_items(*found)
    bank = replace(bank, items=tuple(filter(can_be_held, bank.items)))
    bank = replace(
        bank,
        items=tuple(replace(item, number=str(n)) for n, item in enumerate(bank.items, start=1)),
    )
    if bank.items:
        assert lost(bank) == []
        assert items_of(again(bank)) == items_of(bank)


@given(items().map(renamed))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_does_not_come_back_is_said(found: Item) -> None:
    bank = of_items(found)
    if not lost(bank):
        assert items_of(again(bank)) == items_of(bank)


@pytest.mark.parametrize(
    "item, what",
    [
        (
            one(
                "short_answer",
                key="given",
                answers=(Answer("a"), Answer("a", fraction=0.5), Answer("b")),
            ),
            "answers",
        ),
        (
            one(
                "numeric",
                key="given",
                answers=(Answer(low=1.0, high=9.0), Answer(value=5.0, tolerance=0.0, feedback="f")),
            ),
            "answers",
        ),
        (
            one("ordering", key="given", options=(Option("a", 0.5, "f"), Option("b", 0.5))),
            "options",
        ),
        (one("essay", key="missing", answers=(Answer("a", feedback="f"),)), "answers"),
    ],
)
def test_what_has_no_place_is_named(item: Item, what: str) -> None:
    assert lost(of_items(item)) == [("q-1", what)]


def test_a_picture_comes_with_the_texts_that_show_it() -> None:
    options = (Option(f"![LED]({NAME})", 1.0), Option("nenhuma", 0.0))
    bank = of_items(one("single", key="given", options=options))
    data, problems = write_package(bank)
    assert problems == []
    assert set(ZipFile(BytesIO(data)).namelist()) == {
        "imsmanifest.xml",
        "test.xml",
        "item-0001.xml",
        NAME,
    }
    assert again(bank).images == (LED,)


def test_a_picture_that_the_bank_has_not_is_lost() -> None:
    options = (Option(f"![LED]({NAME})", 1.0), Option("nenhuma", 0.0))
    bank = replace(of_items(one("single", key="given", options=options)), images=())
    assert lost(bank) == [("q-1", "options")]


@pytest.mark.parametrize(
    "fractions, several, template",
    [
        ((1.0, 0.0, 0.0), False, "match_correct"),
        ((1.0, 0.5, -0.5), False, "map_response"),
        ((0.5, 0.5, 0.0), True, "map_response"),
    ],
)
def test_other_systems_find_the_key_where_they_look_for_it(
    fractions: tuple[float, ...], several: bool, template: str
) -> None:
    options = tuple(Option(text, part) for text, part in zip("abc", fractions, strict=True))
    root = tree(of_items(one("multiple" if several else "single", key="given", options=options)))
    values = [value.text for value in root.iterfind(f".//{QTI}correctResponse/{QTI}value")]
    assert values == (["o1", "o2"] if several else ["o1"])
    processing = root.find(f"{QTI}responseProcessing")
    assert processing is not None
    assert processing.get("template", "").endswith(f"/qti_v2p1/rptemplates/{template}")
    points = [entry.get("mappedValue") for entry in root.iter(f"{QTI}mapEntry")]
    assert points == ([] if template == "match_correct" else [repr(part) for part in fractions])


def test_an_unkeyed_item_has_no_key_in_the_file() -> None:
    root = tree(of_items(one("single", key="missing", options=(Option("a"), Option("b")))))
    assert list(root.iter(f"{QTI}correctResponse")) == []
    assert list(root.iter(f"{QTI}responseProcessing")) == []


def test_an_entry_stands_in_the_gap_of_its_text() -> None:
    item = replace(
        one("short_answer", key="given", answers=(Answer("LOS"),)), stem=r"O \_\_\_\_\_ acende."
    )
    root = tree(of_items(item))
    body = root.find(f"{QTI}itemBody")
    assert body is not None
    paragraph = body.find(f".//{QTI}p")
    assert paragraph is not None
    assert [(part.tag, part.tail) for part in paragraph] == [
        (f"{QTI}textEntryInteraction", " acende.")
    ]
    assert len(list(body.iter(f"{QTI}textEntryInteraction"))) == 1


def test_an_id_that_begins_with_a_digit_comes_back() -> None:
    bank = of_items(replace(one("essay", key="missing"), id="007"))
    assert tree(bank).get("identifier") == "_007"
    assert again(bank).items[0].id == "007"


def test_what_another_program_changed_is_read_as_it_is_now() -> None:
    options = (Option("um\ndois", 1.0), Option("b", 0.0))
    bank = of_items(one("single", key="given", options=options))
    data, _ = write_package(bank)
    files = {n: ZipFile(BytesIO(data)).read(n) for n in ZipFile(BytesIO(data)).namelist()}
    files["item-0001.xml"] = files["item-0001.xml"].replace(b"dois", b"<b>tres</b>")
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    changed = read("a.zip", buffer.getvalue())
    assert isinstance(changed, Bank)
    assert changed.items[0].options[0].text == "um **tres**"
