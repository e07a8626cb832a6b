"""A line between client and server that can break at the worst moment."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress


class Proxy:
    """Passes connections on to a port, and cuts answers when it is told to.

    An answer is cut after the server has sent it: what was asked for has happened, and the
    client never hears of it. `cut` has the answers that did not arrive.
    """

    def __init__(self, port: int) -> None:
        self._to, self._cuts = port, 0
        self.cut: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._lines: list[socket.socket] = []

    def cut_next(self) -> None:
        """Cut the next answer."""
        self._cuts += 1

    def __enter__(self) -> "Proxy":
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        # A close alone does not wake the thread that waits in accept().
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _begin(self, work: Callable[..., None], *args: object) -> None:
        self._threads.append(threading.Thread(target=work, args=args))
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._lines.append(client)
                self._begin(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        to = ("127.0.0.1", self._to)
        with client, socket.create_connection(to) as server, suppress(OSError):
            while asked := _message(client):
                server.sendall(asked)
                answer = _message(server)
                if self._cuts:
                    self._cuts -= 1
                    self.cut.append(answer)
                    client.sendall(answer[: len(answer) // 2])
                    return
                client.sendall(answer)


def _message(line: socket.socket) -> bytes:
    """A whole request or answer; nothing when the line ends."""
    read = b""
    while b"\r\n\r\n" not in read:
        more = line.recv(65536)
        if not more:
            return b""
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    length = 0
    for field in head.lower().split(b"\r\n"):
        if field.startswith(b"content-length:"):
            length = int(field.split(b":")[1])
    while len(body) < length:
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body
