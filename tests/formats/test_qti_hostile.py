"""Files of QTI that are made to take long end soon."""

import time
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats.model import Bank, Unreadable
from quizapp.formats.reader import read
from quizapp.formats.safe_xml import parse_xml
from tests.formats.qti_texts import (
    CHOICES,
    MANIFEST,
    ONE,
    SAMPLES,
    VARIABLE,
    codes,
    declared,
    equal,
    item_2,
    item_12,
    packed,
    processing,
    resource,
    rule,
    scored,
)
from tests.formats.samples import unreadable

# Of processor time, and generous: what is quadratic takes minutes.
SECONDS = 8.0

MANY = 3_000
LABELS = "".join(
    f'<response_label ident="{n}"><material><mattext>{n}</mattext></material></response_label>'
    for n in range(100)
)
LISTED = (
    '<material><mattext>?</mattext></material><response_lid ident="R" rcardinality="{}">'
    f"<render_choice>{LABELS}</render_choice></response_lid>"
)
SHOWN = (
    "<respcondition><conditionvar><not><unanswered/></not></conditionvar>"
    + "".join(f'<displayfeedback linkrefid="f{n}"/>' for n in range(100))
    + "</respcondition>"
)
FEEDBACK = "".join(
    f'<itemfeedback ident="f{n}"><material><mattext>{"x" * 3000}</mattext></material>'
    "</itemfeedback>"
    for n in range(100)
)


@pytest.mark.parametrize(
    "text",
    [
        item_12(LISTED.format("Single"), rule("<not><unanswered/></not>", "1") * MANY),
        item_12(LISTED.format("Single"), SHOWN * 300 + "</resprocessing>" + FEEDBACK).replace(
            "</resprocessing></item>", "</item>"
        ),
        item_12(LISTED.format("Multiple"), rule(equal("1") * 2, "1") * MANY),
        item_12('<response_lid ident="R"/>' * MANY, rule(equal("a"), "1")),
        item_12("<flow>" * 90 + '<response_lid ident="R"/>' + "</flow>" * 90),
        item_2(
            ONE,
            declared("a"),
            "<responseProcessing>"
            + '<setOutcomeValue identifier="X"><multiple><variable identifier="X"/>'
            '<variable identifier="X"/><variable identifier="RESPONSE"/></multiple>'
            "</setOutcomeValue>" * MANY + "</responseProcessing>",
        ),
        item_2(
            ONE.replace(
                CHOICES,
                "".join(f'<simpleChoice identifier="o{n}">{n}</simpleChoice>' for n in range(100)),
            ),
            declared("a"),
            processing(*[scored(f"<isNull>{VARIABLE}</isNull>", "1", "responseElseIf")] * MANY),
            '<modalFeedback outcomeIdentifier="X" showHide="hide" identifier="f">x</modalFeedback>'
            * MANY,
        ),
        item_2("<p>" + "<b>" * 90 + "x" + "</b>" * 90 + "</p>" + ONE, declared("a")),
        item_2('<p><img src="' + "a" * 500_000 + '"/></p>' + ONE, declared("a")),
        item_2("<p><math>" + "<mrow>" * 80 + "</mrow>" * 80 + "</math></p>" + ONE, declared("a")),
        "<questestinterop>"
        + f'<section title="{"t" * 10_000}">' * 50
        + "<item><presentation/></item>" * MANY
        + "</section>" * 50
        + "</questestinterop>",
    ],
    ids=[
        "rules",
        "feedback",
        "conjunctions",
        "lists",
        "flows",
        "doubling",
        "branches",
        "nesting",
        "address",
        "formula",
        "titles",
    ],
)
def test_a_hostile_file_is_read_quickly(text: str) -> None:
    start = time.process_time()
    bank = read("a.xml", text.encode())
    assert time.process_time() - start < SECONDS
    assert not isinstance(bank, Unreadable)


def test_sections_that_hold_one_another_end() -> None:
    section = (
        '<assessmentSection title="S"><assessmentSectionRef href="{}.xml"/></assessmentSection>'
    )
    files = {f"{n}.xml": section.format((n + 1) % 1000) for n in range(1000)}
    test = (
        '<assessmentTest><testPart><assessmentSectionRef href="0.xml"/></testPart></assessmentTest>'
    )
    manifest = MANIFEST.format(resource("t.xml", kind="imsqti_test_xmlv2p1"))
    bank = read("p.zip", packed({"imsmanifest.xml": manifest, "t.xml": test, **files}))
    assert codes(bank) == ["qti-part-missing", "bank-empty"]


def test_a_package_with_too_much_xml_is_refused() -> None:
    item = item_2("<p>x</p>" * 20_000 + ONE, declared("a"))
    names = [f"{n}.xml" for n in range(30)]
    manifest = MANIFEST.format("".join(map(resource, names)))
    data = packed({"imsmanifest.xml": manifest, **dict.fromkeys(names, item)})
    start = time.process_time()
    assert unreadable(data, "p.zip") == "xml-too-large"
    assert time.process_time() - start < 2 * SECONDS


def test_a_shared_text_is_not_read_for_a_thousand_items() -> None:
    item = (
        '<qti-assessment-item identifier="i{}"><qti-assessment-stimulus-ref href="s.xml"/>'
        "<qti-item-body><p>?</p></qti-item-body></qti-assessment-item>"
    )
    stimulus = (
        "<qti-assessment-stimulus><qti-stimulus-body><p>"
        + "texto " * 100_000
        + "</p></qti-stimulus-body></qti-assessment-stimulus>"
    )
    names = [f"{n}.xml" for n in range(500)]
    manifest = MANIFEST.format("".join(map(resource, names)))
    files = {name: item.format(name) for name in names} | {"s.xml": stimulus}
    start = time.process_time()
    assert unreadable(packed({"imsmanifest.xml": manifest, **files}), "p.zip") == "xml-too-large"
    assert time.process_time() - start < 2 * SECONDS


TREES = [
    root
    for path in sorted(SAMPLES.rglob("*.xml"))
    if isinstance(root := parse_xml(path.read_bytes()), Element)
]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["drop", "double", "rename", "move", "text", "attribute"]),
        st.integers(0, 999),
        st.integers(0, 999),
    ),
    min_size=1,
    max_size=6,
)
WORDS = ["", "a", "RESPONSE", "-1", "1e999", "Multiple", "ordered", "0", "true", "x y", "SCORE"]


def changed(root: Element, changes: list[tuple[str, int, int]]) -> bytes:
    """A sample as a faulty program may write it."""
    copy = parse_xml(tostring(root))
    assert isinstance(copy, Element)
    for change, first, second in changes:
        elements = list(copy.iter())
        element, other = elements[first % len(elements)], elements[second % len(elements)]
        children, word = list(element), WORDS[second % len(WORDS)]
        if change == "drop" and children:
            element.remove(children[second % len(children)])
        elif change == "double" and children:
            element.append(children[second % len(children)])
        elif change == "rename":
            element.tag = other.tag
        elif change == "move":
            SubElement(element, str(other.tag), other.attrib).text = other.text
        elif change == "text":
            element.text = word
        elif element.attrib:
            element.set(list(element.attrib)[second % len(element.attrib)], word)
    return tostring(copy)


@given(st.sampled_from(TREES), CHANGES)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_changed_sample_never_raises_and_keys_stay_sound(
    root: Element, changes: list[tuple[str, int, int]]
) -> None:
    bank = read("a.xml", b"<?xml version='1.0'?>" + changed(root, changes))
    for item in bank.items if isinstance(bank, Bank) else ():
        shares = [option.fraction for option in item.options]
        if item.key == "given" and shares:
            assert all(share is not None and -1 <= share <= 1 for share in shares)
            assert max(share or 0 for share in shares) > 0
        else:
            assert shares == [None] * len(shares)
