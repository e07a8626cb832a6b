"""A file is genuine, saved anew, edited, or none of ours; and that is said."""

import io

import pypdf
import pytest
import typst

from quizapp import clock
from quizapp.certification import checking, document, signing
from quizapp.errors import Invalid
from tests.certification.certified import VALID, act, certify


@pytest.fixture
def row(session, cast):
    certify(session, cast.bia)
    return certify(session, cast.ana)


@pytest.fixture
def data(row):
    return document.pdf(row.printed, row.signing_key_id, row.signature)


def verdict(session, data: bytes) -> str:
    return checking.check(session, data, clock.now()).verdict


def saved(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_was_issued_is_genuine(session, row, data):
    checked = checking.check(session, data, VALID)
    assert (checked.verdict, checked.certificate.row.code) == ("genuine", row.code)
    assert checked.certificate.state == "valid"


def test_a_genuine_file_of_what_was_revoked_says_so(session, row, data):
    act(session, row, "revoked")
    checked = checking.check(session, data, clock.now())
    assert checked.verdict == "genuine"
    assert checked.certificate.state == "revoked"
    assert not checked.certificate.is_valid


def test_it_stays_genuine_when_the_key_is_replaced(session, row, data):
    signing.rotate(session, by="test", now=clock.now())
    session.commit()
    assert verdict(session, data) == "genuine"


def test_a_file_that_was_saved_anew_is_told_from_one_that_was_edited(session, data):
    assert verdict(session, saved(pypdf.PdfWriter(clone_from=io.BytesIO(data)))) == "resaved"


def test_words_added_to_a_page_show(session, data):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    words = typst.compile(b"#set page(width: 842pt, height: 595pt)\ncom louvor")
    writer.pages[0].merge_page(pypdf.PdfReader(io.BytesIO(words)).pages[0])
    assert verdict(session, saved(writer)) == "edited"


def test_pages_without_end_are_not_looked_through(session, data):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    for _ in range(50):
        writer.add_blank_page()
    assert verdict(session, saved(writer)) == "edited"


@pytest.mark.parametrize("field", ["name", "program", "awarded_on", "valid_until", "minutes"])
def test_a_page_that_says_something_else_than_its_seal_shows(session, row, data, field):
    """As by someone who sets the page anew and keeps what was signed."""
    other = {**row.printed, field: {"minutes": 481}.get(field, "2031-01-01")}
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(document.pdf(other, "", "")))
    kept = pypdf.PdfReader(io.BytesIO(data)).attachments["certificate.json"][0]
    for attached in writer.attachment_list:
        attached.content = kept
    assert verdict(session, saved(writer)) == "edited"


def test_changed_fields_under_an_old_signature_are_forged(session, row):
    for field in row.printed:
        other = {**row.printed, field: "x"} if field in ("issuer", "company") else None
        if other:
            forged = document.pdf(other, row.signing_key_id, row.signature)
            checked = checking.check(session, forged, clock.now())
            assert checked.verdict == "forged"
            assert checked.certificate.row.code == row.code


def test_a_signature_without_an_award_is_no_certificate(session, row):
    other = {**row.printed, "code": "0" * 32}
    forged = document.pdf(other, *signing.seal(session, other, clock.now()))
    session.commit()
    checked = checking.check(session, forged, clock.now())
    assert (checked.verdict, checked.certificate) == ("forged", None)


def test_another_award_signed_by_us_under_a_known_identifier_is_forged(session, row):
    other = {**row.printed, "name": "Outra Pessoa"}
    forged = document.pdf(other, *signing.seal(session, other, clock.now()))
    session.commit()
    assert verdict(session, forged) == "forged"


@pytest.mark.parametrize(
    "other", [b"", b"%PDF-1.7\n", b"no pdf", b"\0" * 1000], ids=["empty", "head", "text", "nul"]
)
def test_a_file_without_a_seal_carries_nothing(session, row, other):
    assert verdict(session, other) == "none"


def test_a_pdf_that_was_cut_off_or_damaged_never_passes(session, data):
    for broken in (data[: len(data) // 2], data[:-200], data[:300] + data[400:]):
        assert verdict(session, broken) in ("none", "edited", "resaved")


def test_another_pdf_carries_nothing(session, row):
    assert verdict(session, typst.compile(b"um documento qualquer")) == "none"


def test_too_large_a_file_is_not_looked_at(session, row):
    with pytest.raises(Invalid):
        checking.check(session, b"%PDF" + b"0" * 2_000_000, clock.now())
