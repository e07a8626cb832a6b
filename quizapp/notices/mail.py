"""E-mail by SMTP: a message as it goes, and the line to the server that takes it."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_LINES
from email.utils import format_datetime, parseaddr
from typing import Any

from quizapp.config import SettingError

PATIENCE = 15  # seconds for each answer of the server
# For its last answer, which may come after it has looked through the message.
LAST_ANSWER = 120
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
# Letters beyond ASCII are encoded: not every server on the way takes them as they are.
_POLICY = SMTP_LINES.clone(cte_type="7bit")


class Unreachable(Exception):
    """The server takes nothing at present, from anybody; no message is to blame."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotTaken(Exception):
    """The server did not take this message; `why` is a code, as its text may name the person."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.why, self.for_good = why, for_good


@dataclass(frozen=True)
class Server:
    """The server that messages are handed to; `sender` may be `Name <address>`."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str

    @property
    def address(self) -> str:
        """The sender's address alone."""
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        """The sender's domain, for names that are unique in the world."""
        return self.address.rpartition("@")[2]


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


class Line:
    """An open connection to the server, for one message after the other.

    Raises Unreachable where it cannot be opened.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        try:
            self._smtp = _connect(server)
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(_code(error)) from error

    def send(self, to: str, made: EmailMessage) -> None:
        """Hand over a message; returns once the server has taken it.

        Raises NotTaken, also where the connection broke and the server may have taken it all
        the same; Unreachable where it would take none.
        """
        try:
            self._smtp.send_message(made, self._server.address, [to])
        except smtplib.SMTPSenderRefused as error:
            raise Unreachable(str(error.smtp_code)) from error
        except smtplib.SMTPRecipientsRefused as error:
            code = error.recipients[to][0]
            if code == 421:
                raise Unreachable("421") from error
            raise NotTaken(str(code), for_good=code >= 500) from error
        except smtplib.SMTPDataError as error:
            if error.smtp_code == 421:
                raise Unreachable("421") from error
            raise NotTaken(str(error.smtp_code), for_good=error.smtp_code >= 500) from error
        except smtplib.SMTPNotSupportedError as error:
            raise NotTaken("SMTPUTF8", for_good=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(_code(error)) from error

    @property
    def is_open(self) -> bool:
        """Whether the connection still stands, as far as this side knows."""
        return self._smtp.sock is not None

    def close(self) -> None:
        """Take leave; what was handed over is the server's already."""
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()


class _Patient(smtplib.SMTP):
    """Waits longer for the answer that takes the message: who gives up too early sends it twice."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        if self.sock is not None:
            self.sock.settimeout(LAST_ANSWER)
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(PATIENCE)


class _PatientTls(_Patient, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


def _connect(server: Server) -> smtplib.SMTP:
    name = server.domain  # said in greeting; to look up this machine's own would take its time
    if server.security == "tls":
        smtp: smtplib.SMTP = _PatientTls(
            server.host,
            server.port,
            local_hostname=name,
            timeout=PATIENCE,
            context=ssl.create_default_context(),
        )
    else:
        smtp = _Patient(server.host, server.port, local_hostname=name, timeout=PATIENCE)
    try:
        if server.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _code(error: BaseException) -> str:
    """What happened, without the words of the server: they may quote a name."""
    code = getattr(error, "smtp_code", None)
    return str(code) if code else type(error).__name__
