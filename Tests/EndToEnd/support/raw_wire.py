"""An answer as a raw socket gets it: every byte with its time, how it ended, what it is made of."""

import contextlib
import re
import select
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import wire

QUIET_S = 0.3
CHUNK_SIZE_LINE = re.compile(rb"([0-9a-f]+)\r\n")


@dataclass
class Heard:
    """What came on a connection."""

    data: bytes = b""
    arrivals: list[tuple[int, int]] = field(default_factory=list)
    """Microseconds since just before the request was sent, and how many bytes had come by then."""
    end: str = ""
    """`fin`, `reset`, or `silence` of a while on a connection that stays open."""

    def earliest_us(self, offset):
        """When the byte of that offset was there; whoever read it may have been late."""
        return next(at_us for at_us, count in self.arrivals if count > offset)

    @property
    def ended_at_us(self):
        return self.arrivals[-1][0]


@dataclass
class Parts:
    """What an answer is made of."""

    interims: list[bytes]
    """The heads of status 1xx before the head."""
    head: bytes
    """The head with its blank line, or what came of it."""
    status: int | None
    headers: dict[str, str]
    """By names in lower case."""
    framing: str
    """`chunked`, `length`, `eof`, or `none` where the head is not whole."""
    chunks: list[bytes]
    """The whole HTTP chunks; in another framing one of everything."""
    broken_chunk: bytes | None
    """What came of an HTTP chunk that promised more."""
    tail: bytes
    """What follows the last whole HTTP chunk: the last chunk of no bytes, or what is broken."""

    @property
    def body(self):
        return b"".join(self.chunks) + (self.broken_chunk or b"")


def ask(url, until=None, half_closes=False, **request):
    """Asks on a connection of its own; gives what came until it ended, or was silent for a while.

    Silence is waited for only where so many bytes are there, `until`. A client that half-closes has
    sent its own FIN behind the request: what would go silent ends with FIN then, and at once.
    """
    with wire.connected(url) as connection:
        return hear(connection, request_bytes(url, **request), until, half_closes=half_closes)


def hear(connection, request, until=None, quiet_s=QUIET_S, half_closes=False):
    """The same on an open connection, which it leaves open.

    `until` may also be the bytes behind which there may be silence.
    """
    heard = Heard()
    data = bytearray()
    started = time.monotonic_ns()
    connection.sendall(request)
    if half_closes:
        with contextlib.suppress(OSError):  # a reset can be faster
            connection.shutdown(socket.SHUT_WR)
    while not heard.end:
        if has_come(data, until) and not select.select([connection], [], [], quiet_s)[0]:
            heard.end = "silence"
            break
        try:
            piece = connection.recv(65536)
            heard.end = "" if piece else "fin"
        except ConnectionResetError:
            piece, heard.end = b"", "reset"
        data += piece
        heard.arrivals.append(((time.monotonic_ns() - started) // 1000, len(data)))
    heard.data = bytes(data)
    return heard


def has_come(data, until):
    """Whether all came that is waited for: so many bytes, or these bytes; None is never there."""
    if isinstance(until, bytes):
        return until in data
    return until is not None and len(data) >= until


def request_bytes(url, method="POST", body=b"{}", version="1.1", headers=()):
    """A whole request."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/{version}", f"host: {parts.netloc}"]
    lines += ["content-type: application/json", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def parts_of(data, method="POST"):
    """Takes an answer apart; nothing is taken for more than it is."""
    interims = []
    while True:
        head, blank, rest = data.partition(b"\r\n\r\n")
        if not (blank and re.match(rb"HTTP/1\.1 1\d\d ", head)):
            break
        interims.append(head)
        data = rest
    if not blank:
        return Parts(interims, data, None, {}, "none", [], None, b"")
    status = int(re.fullmatch(rb"HTTP/1\.1 (\d{3}) [^\r\n]*", head.split(b"\r\n")[0])[1])
    fields = [line.decode("latin-1").split(": ", 1) for line in head.split(b"\r\n")[1:]]
    headers = {name.lower(): value for name, value in fields}
    found = Parts(interims, head + blank, status, headers, "eof", [rest], None, b"")
    if method == "HEAD" or status in (204, 304):
        found.framing, found.chunks, found.tail = "none", [], rest
    elif headers.get("transfer-encoding") == "chunked":
        assert "content-length" not in headers
        found.framing = "chunked"
        found.chunks, found.broken_chunk, found.tail = chunks_of(rest)
    elif "content-length" in headers:
        found.framing = "length"
    return found


def chunks_of(rest):
    """The whole chunks of a body, what came of a broken one, and what follows. (RFC 9112, 7.1)"""
    chunks = []
    while line := CHUNK_SIZE_LINE.match(rest):
        size = int(line[1], 16)
        data = rest[line.end() : line.end() + size]
        ending = rest[line.end() + size : line.end() + size + 2]
        if size == 0 or (len(data) == size and ending != b"\r\n"):
            break
        if len(data) < size:
            return chunks, data, rest
        chunks.append(data)
        rest = rest[line.end() + size + 2 :]
    return chunks, None, rest
