"""What goes to the mail server, and the settings by which it is reached."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from quizapp import config, create_app
from quizapp.notices import mail
from tests.conftest import settings

GIVEN = {
    "SMTP_HOST": "smtp.example.com",
    "MAIL_FROM": "Treinamento <quiz@example.com>",
    "PUBLIC_URL": "https://quiz.example.com",
}


def server(**given):
    environ = {f"QUIZAPP_{name}": value for name, value in {**GIVEN, **given}.items()}
    return mail.server_of(config.load(environ))


def test_there_is_no_e_mail_until_a_server_is_named():
    assert mail.server_of(config.load({})) is None
    assert server(SMTP_HOST="") is None


def test_the_settings_make_a_server():
    made = server(SMTP_USER="quiz", SMTP_PASSWORD="segredo")
    assert (made.host, made.port, made.security) == ("smtp.example.com", 587, "starttls")
    assert (made.address, made.domain) == ("quiz@example.com", "example.com")


@pytest.mark.parametrize(
    "name, given",
    [
        ("MAIL_FROM", {"MAIL_FROM": ""}),
        ("PUBLIC_URL", {"PUBLIC_URL": ""}),
        ("SMTP_SECURITY", {"SMTP_SECURITY": "none", "SMTP_USER": "quiz"}),
    ],
)
def test_settings_that_do_not_go_together_are_said_at_the_start(name, given, tmp_path):
    with pytest.raises(config.SettingError, match=f"QUIZAPP_{name}"):
        server(**given)
    environ = {f"QUIZAPP_{key}": value for key, value in {**GIVEN, **given}.items()}
    with pytest.raises(config.SettingError, match=f"QUIZAPP_{name}"):
        create_app({**config.load(environ), **settings(tmp_path)})


def test_a_password_may_go_in_the_clear_on_the_same_machine():
    assert server(SMTP_HOST="localhost", SMTP_SECURITY="none", SMTP_USER="quiz")


@pytest.mark.parametrize(
    "sender", ["quiz", "Treinamento", "quiz@example.com\nBcc: x@example.com", "@", "é@example.com"]
)
def test_a_sender_that_is_none_is_refused(sender):
    with pytest.raises(config.SettingError, match="QUIZAPP_MAIL_FROM"):
        server(MAIL_FROM=sender)


def test_a_message_reads_the_same_at_the_other_end():
    text = "Olá, Ana.\n\n• “Suporte N1” vence amanhã – " + "muito " * 300 + "longe.\n.\n"
    made = mail.message(
        server(),
        to="ana@example.com",
        subject="quizapp: 2 avisos para você",
        text=text,
        language="pt-BR",
        message_id="<a@example.com>",
        at=datetime(2026, 11, 23, 15, tzinfo=UTC),
    )
    raw = made.as_bytes()
    raw.decode("ascii")  # what is not is encoded: not every server takes it as it is
    assert max(map(len, raw.splitlines())) <= 998
    read = message_from_bytes(raw, policy=policy.default)
    assert read.get_content().replace("\r\n", "\n") == text
    assert read["Subject"] == "quizapp: 2 avisos para você"
    assert read["Date"] == "Mon, 23 Nov 2026 15:00:00 +0000"


def test_an_address_cannot_add_a_header():
    with pytest.raises(ValueError, match="linefeed"):
        mail.message(
            server(),
            to="ana@example.com\nBcc: x@example.com",
            subject="",
            text="",
            language="en",
            message_id="<a@example.com>",
            at=datetime(2026, 11, 23, tzinfo=UTC),
        )
