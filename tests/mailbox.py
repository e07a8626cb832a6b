"""A mail server for tests that keeps what it is given."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.torture.harness import free_port

# What the server is asked, in the order of a message's way to it, and that it has it.
STAGES = ("EHLO", "MAIL", "RCPT", "DATA", "stored")


class Mailbox:
    """What came, and how the server answers each question: `answers` by stage, a text or None.

    An answer is made when the question comes, so that it may do something else meanwhile.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[EmailMessage] = []
        self.answers: dict[str, Callable[[], str | None]] = {}

    @property
    def ids(self) -> list[str]:
        """The Message-ID of all that came."""
        return [message["Message-ID"] for message in self.messages]

    def to(self, address: str) -> list[EmailMessage]:
        """What came for somebody."""
        return [message for message in self.messages if message["To"] == address]

    def settings(self) -> dict[str, Any]:
        """The settings of an application that sends here."""
        return {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": self.port,
            "SMTP_SECURITY": "none",
            "MAIL_FROM": "Treinamento <quiz@example.com>",
            "PUBLIC_URL": "https://quiz.example.com",
        }

    def _answer(self, stage: str) -> str | None:
        return self.answers.get(stage, lambda: None)()

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, name: str, said: list[str]
    ) -> list[str]:
        session.host_name = name
        self._answer("EHLO")
        return said

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return self._answer("MAIL") or "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if answer := self._answer("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if answer := self._answer("DATA"):
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        made = message_from_bytes(content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        assert [made["To"]] == envelope.rcpt_tos
        self.messages.append(made)
        return self._answer("stored") or "250 OK"


@contextmanager
def mailbox(**options: Any) -> Iterator[Mailbox]:
    """A mail server that runs for a while, with options of aiosmtpd's own."""
    box = Mailbox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
