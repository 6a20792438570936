"""HTTP over a raw socket, which hides nothing: each chunk with its time, and how the body ended."""

import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SILENCE_S = 20


@dataclass
class Response:
    """A response; times in microseconds since just before the request was sent."""

    status: int
    headers: dict[str, str]
    """By names in lower case."""
    head_at_us: int
    chunks: list[tuple[int, bytes]] = field(default_factory=list)
    complete: bool = False
    """Whether the framing says that the body came to its end."""

    @property
    def body(self):
        return b"".join(data for _, data in self.chunks)


def post(url, body, headers=()):
    """Posts a body and reads the response to its end, or to the end of the connection."""
    return send("POST", url, body, headers)


def send(method, url, body=b"", headers=()):
    """Sends a request on a connection of its own and reads the response."""
    with connected(url) as connection:
        started = time.monotonic_ns()
        connection.sendall(request(method, url, body, headers))
        with connection.makefile("rb") as stream:
            return received(stream, method, lambda: (time.monotonic_ns() - started) // 1000)


def post_until_end(url, body, silence_s):
    """Posts a body; gives all bytes of the answer, head and framing too, and what ended them.

    That is `fin`, `reset`, or `silence` of this many seconds.
    """
    answer = b""
    with connected(url) as connection:
        connection.settimeout(silence_s)
        connection.sendall(request("POST", url, body, [("connection", "close")]))
        try:
            while data := connection.recv(65536):
                answer += data
            end = "fin"
        except ConnectionResetError:
            end = "reset"
        except TimeoutError:
            end = "silence"
    return answer, end


def connected(url):
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=SILENCE_S)


def request(method, url, body, headers):
    """A whole request as bytes."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"host: {parts.netloc}", f"content-length: {len(body)}"]
    lines += ["content-type: application/json", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode() + body


def received(stream, method, now_us):
    """Reads one response from a stream of bytes."""
    status = int(stream.readline().split()[1])
    headers = {}
    while line := stream.readline().rstrip(b"\r\n"):
        name, value = line.decode("latin-1").split(":", 1)
        headers[name.lower()] = value.strip()
    response = Response(status, headers, now_us())
    if method == "HEAD" or status in (204, 304):
        response.complete = True
    elif headers.get("transfer-encoding") == "chunked":
        read_chunks(stream, response, now_us)
    else:
        length = int(headers["content-length"])
        response.chunks = [(now_us(), stream.read(length))]
        response.complete = len(response.body) == length
    return response


def read_chunks(stream, response, now_us):
    """Reads a chunked body; a chunk that is cut short is kept, and the body is not complete."""
    while size_line := stream.readline():
        size = int(size_line.split(b";")[0], 16)
        if size == 0:
            response.complete = stream.readline() == b"\r\n"
            return
        data = stream.read(size)
        response.chunks.append((now_us(), data))
        if stream.read(2) != b"\r\n":
            return
