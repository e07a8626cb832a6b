"""The line to the mail server: encrypted, its certificate checked, signed in."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from quizapp.notices import mail
from quizapp.notices.courier import Line, NotTaken, Server, Unreachable
from tests.mailbox import mailbox

NOW = datetime.now(UTC)
RIGHT = "segredo"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1 that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def guarded(certificate):
    """A mail server that takes messages over TLS only, from whoever knows the password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def knows(_server, _session, _envelope, _mechanism, given):
        return AuthResult(success=given.password == b"segredo", handled=False)

    with mailbox(
        tls_context=context, require_starttls=True, auth_required=True, authenticator=knows
    ) as box:
        yield box


def server(box, password=RIGHT):
    return Server("127.0.0.1", box.port, "starttls", "quiz", password, "quiz@example.com")


def send(to):
    made = mail.message(
        to,
        to="ana@example.com",
        subject="x",
        text="x",
        language="en",
        message_id="<a@example.com>",
        at=NOW,
    )
    line = Line(to)
    try:
        line.send("ana@example.com", made)
    finally:
        line.close()


def test_a_message_goes_over_an_encrypted_line_after_signing_in(guarded, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    send(server(guarded))
    assert len(guarded.messages) == 1


def test_a_server_that_cannot_prove_its_name_gets_neither_message_nor_password(guarded):
    with pytest.raises(Unreachable, match="SSLCertVerificationError"):
        send(server(guarded))
    assert guarded.messages == []


def test_a_wrong_password_is_no_messages_fault(guarded, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(Unreachable, match="535"):
        send(server(guarded, "errada"))


def test_a_server_without_encryption_is_not_used_in_the_clear_instead():
    with mailbox() as box, pytest.raises(Unreachable, match="SMTPNotSupportedError"):
        send(server(box))


def test_an_address_that_the_server_cannot_write_is_refused_for_good():
    with mailbox(enable_SMTPUTF8=False) as box:
        plain = replace(server(box), security="none", user="")
        made = mail.message(
            plain,
            to="josé@example.com",
            subject="x",
            text="x",
            language="en",
            message_id="<a@example.com>",
            at=NOW,
        )
        line = Line(plain)
        with pytest.raises(NotTaken) as caught:
            line.send("josé@example.com", made)
        assert caught.value.for_good
        line.close()
