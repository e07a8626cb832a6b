"""A mail server for tests that keeps what it is given."""

import socket
from asyncio import AbstractServer
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from inspect import isawaitable
from itertools import count
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.conftest import PATIENCE

# What the server is asked, in the order of a message's way to it, that it reads it and has it.
STAGES = ("EHLO", "MAIL", "RCPT", "body", "DATA", "stored")
MIDDLE = 5  # the line of a message that is taken for its middle


class Mailbox:
    """What came, and how the server answers each question: `answers` by stage, a text or None.

    An answer is made when the question comes, so that it may do something else meanwhile. The
    last one, about what is stored, may be awaited.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[EmailMessage] = []
        self.answers: dict[str, Callable[[], Any]] = {}

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

    def answer(self, stage: str) -> Any:
        """What is answered when a message comes to this stage."""
        return self.answers.get(stage, lambda: None)()

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, name: str, said: list[str]
    ) -> list[str]:
        session.host_name = name
        self.answer("EHLO")
        return said

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return self.answer("MAIL") or "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if answer := self.answer("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if answer := self.answer("DATA"):
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        made = message_from_bytes(content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        assert [made["To"]] == envelope.rcpt_tos
        self.messages.append(made)
        answer = self.answer("stored")
        return (await answer if isawaitable(answer) else answer) or "250 OK"


class _Server(SMTP):
    """Says when it is in the middle of a message."""

    async def smtp_DATA(self, arg: str) -> None:
        reader = self._reader
        read, lines = reader.readuntil, count(1)

        async def read_on(end: bytes) -> bytes:
            line = await read(end)
            if next(lines) == MIDDLE:
                self.event_handler.answer("body")
            return line

        reader.readuntil = read_on
        try:
            await super().smtp_DATA(arg)
        finally:
            reader.readuntil = read


class _Controller(Controller):
    """It listens where we do already: a port that was free a moment ago may be taken."""

    def __init__(self, box: Mailbox, listening: socket.socket, **options: Any) -> None:
        super().__init__(
            box, hostname="127.0.0.1", port=box.port, ready_timeout=PATIENCE, **options
        )
        self.listening = listening

    def _create_server(self) -> Awaitable[AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self.listening)

    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


@contextmanager
def mailbox(**options: Any) -> Iterator[Mailbox]:
    """A mail server that runs for a while, with options of aiosmtpd's own."""
    listening = socket.create_server(("127.0.0.1", 0))
    box = Mailbox(listening.getsockname()[1])
    controller = _Controller(box, listening, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
