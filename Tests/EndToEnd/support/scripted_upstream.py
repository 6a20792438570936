"""An upstream that does what a script says: every byte, every pause, and how its connection ends.

A script is a list of steps: bytes to send, `Pause`, `Flood`, `FIN`, `RESET`, `SILENCE`. Behind its last step the
connection is kept for the next request.
"""

import contextlib
import re
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass

PATIENCE_S = 30
HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Pause:
    """Nothing for a while."""

    seconds: float


@dataclass(frozen=True)
class Wait:
    """Nothing until an event is set."""

    event: threading.Event


@dataclass(frozen=True)
class Flood:
    """A block of bytes, so many times: generated, never kept."""

    block: bytes
    count: int


FIN, RESET, SILENCE = "fin", "reset", "silence"


def head(status="200 OK", *fields, kind="text/event-stream", framing="transfer-encoding: chunked"):
    """A response head."""
    lines = [f"HTTP/1.1 {status}", f"content-type: {kind}", *fields, *([framing] if framing else [])]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"


def event(number, size=0):
    return b'event: delta\ndata: {"n":%d%b}\n\n' % (number, b',"x":"%b"' % (b"x" * size) if size else b"")


def stream(count=3, *fields, pause_s=0.0):
    """The script of a whole event stream, an event a chunk."""
    steps = [head("200 OK", *fields)]
    for number in range(count):
        steps += [Pause(pause_s), chunk(event(number))] if pause_s else [chunk(event(number))]
    return [*steps, LAST_CHUNK]


def body_of(count=3):
    """The body of such a stream."""
    return b"".join(event(number) for number in range(count))


def plain(body, status="200 OK", *fields, kind="application/json"):
    """The script of an answer whose length is declared."""
    return [head(status, *fields, kind=kind, framing=f"content-length: {len(body)}") + body]


class Upstream:
    """A loopback server, and what has come to it."""

    def __init__(self, script, tls=None):
        self.script = script
        """A script, a list of scripts for one request after the other, or what makes one of a request."""
        self.requests = []
        """Each request as it came, byte for byte."""
        self.connections = 0
        self.sent_bytes = 0
        self.tls = tls
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.open = set()
        self.is_closing = False
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def close(self):
        """Takes no more connections, and ends those there are."""
        self.is_closing = True
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def serve(self, connection):
        with self.lock:
            self.connections += 1
            self.open.add(connection)
        try:
            connection.settimeout(PATIENCE_S)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            rest = b""
            while True:
                request, rest = read_request(connection, rest)
                if not request or not self.perform(connection, self.take(request)):
                    return
        except (OSError, ssl.SSLError):
            return
        finally:
            self.open.discard(connection)
            connection.close()

    def take(self, request):
        """Keeps a request; gives the script that answers it."""
        with self.lock:
            self.requests.append(request)
            number = len(self.requests) - 1
        if callable(self.script):
            return self.script(request)
        if self.script and isinstance(self.script[0], list):
            return self.script[min(number, len(self.script) - 1)]
        return self.script

    def perform(self, connection, script):
        """Performs a script; gives whether the connection goes on."""
        for step in script:
            match step:
                case bytes():
                    connection.sendall(step)
                    self.sent_bytes += len(step)
                case Pause(seconds):
                    time.sleep(seconds)
                case Wait(happening):
                    happening.wait(PATIENCE_S)
                case Flood(block, count):
                    for _ in range(count):
                        connection.sendall(block)
                        self.sent_bytes += len(block)
                case "silence":
                    while connection.recv(65536):
                        pass
                    return False
                case "fin":
                    leave(connection)
                    return False
                case "reset":
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    return False
        return True


def leave(connection):
    """Sends FIN, and waits for the other's, so that no unread input turns it into a reset."""
    connection.shutdown(socket.SHUT_WR)
    with contextlib.suppress(OSError):
        while connection.recv(65536):
            pass


def read_request(connection, data=b""):
    """Reads one request, its framing too; gives it and what came behind it."""
    while HEAD_END not in data:
        piece = connection.recv(65536)
        if not piece:
            return b"", b""
        data += piece
    top, _, rest = data.partition(HEAD_END)
    length = re.search(rb"\r\ncontent-length: *(\d+)", top, re.I)
    if re.search(rb"\r\ntransfer-encoding: *chunked", top, re.I):
        while LAST_CHUNK not in b"\r\n" + rest[-65536:]:
            rest += connection.recv(65536)
        return top + HEAD_END + rest, b""
    wanted = int(length[1]) if length else 0
    rest = bytearray(rest)
    while len(rest) < wanted:
        piece = connection.recv(1 << 20)
        if not piece:
            break
        rest += piece
    return top + HEAD_END + bytes(rest[:wanted]), bytes(rest[wanted:])


@contextlib.contextmanager
def upstream(script, tls=None):
    """An upstream until the block ends."""
    server = Upstream(script, tls)
    try:
        yield server
    finally:
        server.close()


def closed_port():
    """A port of loopback on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
