"""The public page of a certificate: all that is printed, its state today, for who has its code."""

import io
from datetime import date

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import document, lookups
from quizapp.certification.models import MissedLookup, certificate_code
from tests.certification.certified import VALID, act, certify
from tests.client import Client


@pytest.fixture
def row(session, cast):
    certify(session, cast.bia)
    return certify(session, cast.ana, waived=["Prova antiga"])


def test_whoever_has_the_identifier_sees_what_is_printed_and_no_more(
    client, row, cast, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: VALID)
    page = client.get(f"/c/{row.code}")
    for words in (
        "Ana Agente",
        "Suporte N1",
        "20/11/2026",
        "20/11/2027",
        "Abertura de OS",
        "Suporte – cliente sem internet",
        "Prova antiga",
        "certificate-valid",
    ):
        assert words in page, words
    for private in ("1001", "Norte", cast.ana.public_id, "Bia"):
        assert private not in page


def test_no_search_engine_keeps_it(client, row):
    for path in (f"/c/{row.code}", f"/c/{row.code}.pdf", "/c", f"/c/{'0' * 32}"):
        answer = client.http.get(path)
        assert "noindex" in answer.headers["X-Robots-Tag"], path
        assert answer.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex' in client.get(f"/c/{row.code}")


def test_it_is_read_in_english_too(client, row):
    page = client.get(f"/c/{row.code}", headers={"Accept-Language": "en"})
    for words in ("Valid through", "20 Nov 2027", "8 hours"):
        assert words in page, words


def test_what_was_revoked_is_shown_as_such_and_has_no_document(client, session, row):
    act(session, row, "revoked")
    page = client.get(f"/c/{row.code}")
    assert "certificate-revoked" in page
    assert "engano" not in page
    assert ".pdf" not in page.split("<main")[1]
    client.get(f"/c/{row.code}.pdf", status=409)
    act(session, row, "reinstated")
    assert client.http.get(f"/c/{row.code}.pdf").status_code == 200


def test_what_expired_is_shown_as_such(client, session, cast):
    row = certify(session, cast.gil, awarded_on=date(2024, 1, 1), valid_until=date(2025, 1, 1))
    assert "certificate-expired" in client.get(f"/c/{row.code}")


def test_the_document_is_the_one_that_was_signed(client, row):
    answer = client.http.get(f"/c/{row.code}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data == document.pdf(row.printed, row.signing_key_id, row.signature)
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_guesses_are_limited_and_leave_others_alone(app, session, row, ending):
    guesser = Client(app)
    for _ in range(lookups.MOST):
        guesser.get(f"/c/{certificate_code()}{ending}", status=404)
    guesser.get(f"/c/{certificate_code()}{ending}", status=429)
    guesser.get(f"/c/{row.code}{ending}", status=429)
    other = Client(app).http.get(
        f"/c/{row.code}{ending}", environ_overrides={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert other.status_code == 200
    session.expire_all()
    assert len(session.scalars(select(MissedLookup.address)).all()) == lookups.MOST


def test_a_code_that_was_typed_leads_to_its_page(client, row):
    typed = "%20".join(row.code.upper()[at : at + 4] for at in range(0, 32, 4))
    assert "Ana Agente" in client.get(f"/c?code={typed}")
    assert "<form" in client.get("/c?code=")
    mistyped = client.get(f"/c/{certificate_code()}", status=404)
    assert 'id="code-error"' in mistyped
    assert 'action="/c"' in mistyped, "one can try again at once"


def send(client, data: bytes, status: int = 200) -> str:
    return client.post("/c", {"file": (io.BytesIO(data), "c.pdf")}, status=status)


def test_a_file_is_checked_and_nothing_of_it_kept(client, session, row):
    data = document.pdf(row.printed, row.signing_key_id, row.signature)
    page = send(client, data)
    assert "alert-success" in page
    assert "Ana Agente" in page
    act(session, row, "revoked")
    assert "certificate-revoked" in send(client, data)
    forged = document.pdf({**row.printed, "name": "Eva"}, row.signing_key_id, row.signature)
    page = send(client, forged)
    assert "alert-danger" in page
    assert "Eva" not in page
    assert session.query(MissedLookup).count() == 0


def test_files_without_a_certificate_count_as_guesses(client, session, row):
    assert "alert-danger" in send(client, b"no pdf")
    assert session.query(MissedLookup).count() == 1
    assert 'id="file-error"' in send(client, b"", status=422)
    lookups.count(session, "127.0.0.1", clock.now())
    for _ in range(lookups.MOST):
        lookups.count(session, "127.0.0.1", clock.now())
    session.commit()
    send(client, b"no pdf", status=429)
