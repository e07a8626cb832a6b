"""Packages of QTI: what the manifest lists, in the order of its test, with its pictures."""

import pytest

from tests.formats.pictures import png
from tests.formats.qti_texts import (
    MANIFEST,
    ONE,
    SAMPLES,
    bank_of,
    codes,
    declared,
    folder,
    fractions,
    item_2,
    packed,
    resource,
)
from tests.formats.samples import unreadable


def test_a_package_of_version_3_is_read_in_the_order_of_its_test() -> None:
    files = folder("pacote-3.0", "curso/") | {"curso/imagens/led.png": png()}
    bank = bank_of(packed(files), "curso.zip")
    led, order, minutes, match = bank.items
    assert (bank.title, bank.language) == ("Fibra", "pt-BR")
    assert [item.category for item in bank.items] == ["Rede", "Rede/Óptica", "", ""]
    assert led.stem == (
        f"O cliente liga às 7h50.\n\n![O LED aceso]({bank.images[0].name})\n\nO que o LED indica?"
    )
    assert fractions(led) == [1, 0, 0]
    assert [(o.text, o.feedback, o.pinned) for o in led.options] == [
        ("Falta de **sinal**", "", False),
        ("Senha errada", "A senha não acende o LED.", False),
        ("Nenhuma", "Olhe de novo.", True),
    ]
    assert (led.explanation, led.tags, led.difficulty) == (
        "Aceite só a primeira.",
        ("fibra",),
        "hard",
    )
    assert [option.text for option in order.options] == ["Energia", "Cabos", "Reinício"]
    assert order.name == ""
    assert [(a.value, a.tolerance, a.low, a.high, a.fraction) for a in minutes.answers] == [
        (30, 2, None, None, 1),
        (None, None, 20, 40, 0.5),
    ]
    assert match.pairs == (("LOS", "sinal"), ("PON", "sinal"), ("", "energia"))
    assert [(left.name, left.type) for left in bank.left_out] == [
        ("Desenhe a rede", "drawingInteraction")
    ]
    assert codes(bank) == ["qti-part-missing", "item-left-out"]


def test_canvas_and_blackboard_packages_are_read() -> None:
    canvas = (SAMPLES / "canvas-1.2.xml").read_text()
    blackboard = (SAMPLES / "blackboard-1.2.xml").read_text()
    manifest = MANIFEST.format(
        resource("g1/assessment_qti.xml", kind="imsqti_xmlv1p2/imscc_xmlv1p1/assessment")
        + resource("g1/assessment_meta.xml", "non_cc_assessments/g1.xml.qti", kind="lar")
        + '<resource xmlns:bb="http://x/" bb:file="res00001.dat" type="assessment/x-bb-qti-pool"/>'
    )
    files = {
        "imsmanifest.xml": manifest,
        "g1/assessment_qti.xml": canvas.replace("cv-", "cc-"),
        "g1/assessment_meta.xml": "<quiz xmlns='http://canvas.instructure.com'/>",
        "non_cc_assessments/g1.xml.qti": canvas,
        "res00001.dat": blackboard,
    }
    bank = bank_of(packed(files), "curso.imscc")
    # The poorer form of the same quiz is not read a second time.
    assert [item.id[:3] for item in bank.items[:5]] == ["cv-"] * 5
    assert len(bank.items) == 10


def test_files_that_no_test_names_follow_in_the_manifests_order() -> None:
    files: dict[str, bytes | str] = {
        "imsmanifest.xml": MANIFEST.format(resource("b.xml") + resource("a.xml", "estilo.css")),
        "a.xml": item_2(ONE, declared("a")).replace(
            'identifier="a" title', 'identifier="i1" title'
        ),
        "b.xml": item_2(ONE, declared("b")).replace(
            'identifier="a" title', 'identifier="i2" title'
        ),
        "c.xml": item_2(ONE, declared("c")),
        "estilo.css": "p {}",
    }
    assert [item.id for item in bank_of(packed(files), "p.zip").items] == ["i2", "i1"]
    files["imsmanifest.xml"] = MANIFEST.format("")
    assert len(bank_of(packed(files), "p.zip").items) == 3


def test_a_damaged_item_is_left_out_and_the_others_come_in() -> None:
    files = {
        "imsmanifest.xml": MANIFEST.format(
            resource("a.xml") + resource("b.xml") + resource("c.xml")
        ),
        "a.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><assessmentItem>&b;</assessmentItem>",
        "b.xml": item_2(ONE, declared("a")),
        "c.xml": "no XML",
    }
    bank = bank_of(packed(files), "p.zip")
    assert len(bank.items) == 1
    assert [(left.name, left.type) for left in bank.left_out] == [
        ("a.xml", "xml-dtd"),
        ("c.xml", "xml-invalid"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "imagens/led.png",
        "../imagens/led.png",
        "$IMS-CC-FILEBASE$/imagens/led.png?wrap=1",
        "%24IMS-CC-FILEBASE%24/imagens/led.png",
        "led.png",
        "/imagens/led.png",
    ],
)
def test_a_picture_is_found_beside_the_item_or_anywhere_in_the_package(source: str) -> None:
    body = f'<p><img src="{source}" alt="LED"/></p>{ONE}'
    files = {
        "imsmanifest.xml": MANIFEST.format(resource("itens/a.xml")),
        "itens/a.xml": item_2(body, declared("a")),
        "imagens/led.png": png(),
    }
    bank = bank_of(packed(files), "p.zip")
    assert bank.items[0].stem == f"![LED]({bank.images[0].name})\n\nQual?"


@pytest.mark.parametrize(
    "source, code",
    [
        ("falta.png", "image-missing"),
        ("http://localhost/led.png", "image-missing"),
        ("file:///etc/passwd", "image-missing"),
        ("../../../etc/passwd", "image-missing"),
        ("texto.png", "image-refused"),
        ("data:image/png;base64,AAAA", "image-refused"),
        ("data:image/png;base64,A", "image-refused"),
    ],
)
def test_a_picture_that_is_not_there_leaves_its_words(source: str, code: str) -> None:
    body = f'<p><img src="{source}" alt="LED &quot;a&quot; &lt;b>"/> aceso</p>{ONE}'
    files = {
        "imsmanifest.xml": MANIFEST.format(resource("a.xml")),
        "a.xml": item_2(body, declared("a")),
        "texto.png": "texto",
    }
    bank = bank_of(packed(files), "p.zip")
    assert bank.items[0].stem.startswith(r'\[LED "a" \<b>] aceso')
    assert codes(bank) == [code]
    assert bank.images == ()


def test_a_list_without_its_questions_asks_for_the_package() -> None:
    for text in ("<assessmentTest/>", "<qti-assessment-test/>", "<manifest/>"):
        assert unreadable(f"<?xml version='1.0'?>{text}".encode(), "a.xml") == "qti-list-alone"


def test_a_manifest_that_cannot_be_read_refuses_the_package() -> None:
    assert unreadable(packed({"imsmanifest.xml": "no XML"}), "p.zip") == "xml-invalid"
    assert unreadable(packed({"imsmanifest.xml": "<!DOCTYPE a><a/>"}), "p.zip") == "xml-dtd"
