"""An upstream of HTTP/2 by hand: it answers, or its connection ends once it has read a request. (RFC 9113)"""

import contextlib
import socket
import ssl
import struct
import threading

from certificate import serving_with

PREFACE_BYTES = 24
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
END_STREAM, END_HEADERS = 1, 4
REFUSED_STREAM = 7
# The index of `:status: 200`. (RFC 7541, A)
OK = b"\x88"
ANSWER = b"data: whole\n\n"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def exactly(connection, count):
    text = b""
    while len(text) < count:
        more = connection.recv(count - len(text))
        if not more:
            raise ConnectionError("the client left")
        text += more
    return text


def read_request(connection):
    """The number of a stream whose request has come whole, and its body."""
    bodies = {}
    while True:
        start = exactly(connection, 9)
        payload = exactly(connection, int.from_bytes(start[:3], "big"))
        kind, flags, stream = start[3], start[4], int.from_bytes(start[5:], "big")
        if kind == SETTINGS and not flags:
            connection.sendall(frame(SETTINGS, 1, 0))
        if kind == DATA:
            bodies[stream] = bodies.get(stream, b"") + payload
        if kind in (DATA, HEADERS) and flags & END_STREAM:
            return stream, bodies.get(stream, b"")


class H2Upstream:
    """Answers so many requests, and ends each later one as `end` says, when it has read it."""

    def __init__(self, certificate, answers, end):
        self._context = serving_with(certificate)
        self._context.set_alpn_protocols(["h2"])
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._answers, self._end = answers, end
        self.bodies = []
        """What was asked, in the order of the requests."""
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                raw = self._listener.accept()[0]
                threading.Thread(target=self._serve, args=(raw,), daemon=True).start()

    def _serve(self, raw):
        with contextlib.suppress(OSError, ssl.SSLError), self._context.wrap_socket(raw, server_side=True) as connection:
            connection.settimeout(30)
            self.connections += 1
            exactly(connection, PREFACE_BYTES)
            connection.sendall(frame(SETTINGS, 0, 0))
            while True:
                stream, body = read_request(connection)
                self.bodies.append(body)
                if len(self.bodies) > self._answers:
                    self._leave(connection, stream)
                    return
                connection.sendall(frame(HEADERS, END_HEADERS, stream, OK))
                connection.sendall(frame(DATA, END_STREAM, stream, ANSWER))

    def _leave(self, connection, stream):
        match self._end:
            case "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            case "refused":
                connection.sendall(frame(RST_STREAM, 0, stream, struct.pack(">I", REFUSED_STREAM)))
            case "goaway":
                connection.sendall(frame(GOAWAY, 0, 0, struct.pack(">II", 0, 0)))
