"""E-mail: the server that the settings name, and a message as it goes there."""

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_LINES
from email.utils import format_datetime
from typing import Any

from quizapp.config import SettingError
from quizapp.notices.courier import Server

OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
# Letters beyond ASCII are encoded: not every server on the way takes them as they are.
_POLICY = SMTP_LINES.clone(cte_type="7bit")


def server_of(settings: Mapping[str, Any]) -> Server | None:
    """The server that the settings name; None where there is to be no e-mail.

    Raises SettingError for settings that do not go together.
    """
    if not settings["SMTP_HOST"]:
        return None
    server = Server(
        settings["SMTP_HOST"],
        settings["SMTP_PORT"],
        settings["SMTP_SECURITY"],
        settings["SMTP_USER"],
        settings["SMTP_PASSWORD"],
        settings["MAIL_FROM"],
    )
    if not server.domain:
        raise SettingError(
            "QUIZAPP_MAIL_FROM: e-mail needs a sender, such as quizapp@example.com or "
            "Treinamento <quizapp@example.com>."
        )
    if not settings["PUBLIC_URL"]:
        raise SettingError(
            "QUIZAPP_PUBLIC_URL: e-mail needs the address that people open, for its links, such "
            "as https://quiz.example.com."
        )
    if server.user and server.security == "none" and server.host not in OWN_MACHINE:
        raise SettingError(
            "QUIZAPP_SMTP_SECURITY: a password goes to another machine by starttls or tls only."
        )
    return server


def message(
    server: Server,
    *,
    to: str,
    subject: str,
    text: str,
    language: str,
    message_id: str,
    at: datetime,
) -> EmailMessage:
    """A message of plain text. Raises ValueError for an address that none can go to."""
    made = EmailMessage(policy=_POLICY)
    made["From"] = server.sender
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = message_id
    # RFC 3834: no machine is to answer this; the second line is for Exchange.
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(text)
    made["Content-Language"] = language  # after the content, which clears what is about it
    return made
