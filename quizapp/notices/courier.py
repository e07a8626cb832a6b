"""The courier: a process that talks to the mail server and outlives the worker that started it.

It is run by its path and loads nothing of the application. Its orders come through a pipe, one
after the other. What the server took is in the journal, on the disk, before anybody hears of it.
When the pipe ends, because its worker has, it finishes the message in hand and ends, too.
"""

import contextlib
import os
import pickle
import signal
import smtplib
import ssl
import sys
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, BinaryIO

PATIENCE = 15  # seconds for each answer of the server
# For its last answer, which may come after it has looked through the message.
LAST_ANSWER = 120
# A server that dribbles is never late with an answer: after so long the courier is ended. It is
# less than the lease of `sending`.
LONGEST = 300


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


# The server's word about a message, its reason where it did not take it, and whether the line
# still stands.
Answer = tuple[str, str, bool]


def _serve(orders: BinaryIO, answers: BinaryIO, journal: int) -> None:
    """Open the line to the server that comes first, then send what comes, until nothing does."""
    try:
        server = Server(*_next(orders))
        try:
            line = Line(server)
        except Unreachable as error:
            _tell(answers, ("unreachable", error.why, False))
            return
        _tell(answers, ("open", "", True))
        with contextlib.closing(line):
            while True:
                to, made = _next(orders)
                _tell(answers, _send(line, to, made, journal))
    # There is nobody to give orders any more, or one broke off.
    except (EOFError, pickle.UnpicklingError):
        pass


def _next(orders: BinaryIO) -> Any:
    signal.alarm(0)
    try:
        return pickle.load(orders)  # noqa: S301 - from the worker that started us
    finally:
        signal.alarm(LONGEST)


def _send(line: Line, to: str, made: EmailMessage, journal: int) -> Answer:
    try:
        line.send(to, made)
    except Unreachable as error:
        return "unreachable", error.why, line.is_open
    except NotTaken as error:
        return "refused" if error.for_good else "later", error.why, line.is_open
    # A full disk: the worker still hears it.
    with contextlib.suppress(OSError):
        os.write(journal, f"{made['Message-ID']} {time.time():.0f}\n".encode())
        os.fsync(journal)
    return "taken", "", line.is_open


def _tell(answers: BinaryIO, answer: Answer) -> None:
    # Nobody may be there to hear it: the next worker reads the journal.
    with contextlib.suppress(BrokenPipeError):
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    # It ends when its worker does, and not before the message in hand is through.
    for kind in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(kind, signal.SIG_IGN)
    _serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
