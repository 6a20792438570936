#!/usr/bin/env python3
"""A client that does everything right with a streamed answer, in Python's standard library.

    right.py [--api API] [--keep] [--discard] [--tell] [--read-timeout S] [--retries N]

It asks the base URL in TAPEDECK_URL once, prints the text as it comes, and exits with 0 only if the answer is
whole. With --keep it asks each base URL that it reads from standard input, and answers with a line of JSON.
"""

import argparse
import codecs
import json
import os
import re
import socket
import sys
import time
import zlib

from dialects import DIALECTS, Broken, dialect_for

LINE_LIMIT = 64 << 10
ERROR_LIMIT = 64 << 10
LONGEST_WAIT_S = 5
FIRST_PAUSE_S = 0.1
RETRIED = {408, 409, 429}


class EventReader:
    """Bytes in, events out, by the rules of the standard. (WHATWG HTML, 9.2.6)"""

    # Takes one byte order mark off the start; what is not UTF-8 becomes U+FFFD, as the standard has it.
    encoding = "utf-8-sig"
    line_end = re.compile("\r\n|\n|\r")

    def __init__(self):
        self.decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        self.after_cr = False
        self.rest = []
        self.name, self.data = "", []

    def feed(self, piece):
        """The events, as (type, data), that end with this piece."""
        text = self.decoder.decode(piece)
        if self.after_cr and text:
            # A CR ended its line at once; the LF of the pair may come later.
            text, self.after_cr = text.removeprefix("\n"), False
        if not text:
            return
        self.after_cr = text.endswith("\r")
        self.rest.append(text)
        if not self.line_end.search(text):
            return
        *lines, rest = self.line_end.split("".join(self.rest))
        self.rest = [rest]
        for line in lines:
            if line:
                self.take(line)
                continue
            if self.data:
                yield self.name or "message", "\n".join(self.data)
            self.name, self.data = "", []

    def take(self, line):
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            self.data.append(value)
        elif field == "event":
            self.name = value

    def finish(self):
        """The end of the body: an event without its blank line is none."""
        return ()


class Response:
    """An HTTP/1.1 response on a socket. (RFC 9112)"""

    def __init__(self, sock):
        self.file = sock.makefile("rb")
        self.status, self.headers = self.head()
        while self.status < 200:
            self.status, self.headers = self.head()

    def line(self):
        line = self.file.readline(LINE_LIMIT)
        if not line.endswith(b"\n"):
            raise Broken("the connection closed inside the head or a chunk")
        return line.rstrip(b"\r\n").decode("latin-1")

    def head(self):
        version, _, rest = self.line().partition(" ")
        if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
            raise Broken("the server does not speak HTTP/1.1")
        return int(rest[:3]), self.fields()

    def fields(self):
        fields = {}
        while line := self.line():
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        return fields

    def pieces(self):
        """The body as it comes; a body that its framing calls incomplete is broken. (RFC 9112, 8)"""
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            yield from self.chunks()
        elif "content-length" in self.headers:
            yield from self.exactly(int(self.headers["content-length"]))
        else:
            while piece := self.file.read1(LINE_LIMIT):
                yield piece

    def chunks(self):
        while True:
            size = self.line().partition(";")[0].strip()
            if not re.fullmatch("[0-9a-fA-F]{1,16}", size):
                raise Broken(f"a chunk has the size '{size[:20]}'")
            if int(size, 16) == 0:
                self.fields()
                return
            yield from self.exactly(int(size, 16))
            if self.line():
                raise Broken("a chunk is longer than it says")

    def exactly(self, left):
        while left > 0:
            piece = self.file.read1(min(left, LINE_LIMIT))
            if not piece:
                raise Broken("the connection closed before the end of the body")
            left -= len(piece)
            yield piece

    def decoded(self):
        """The body without its content coding. (RFC 9110, 8.4)"""
        coding = self.headers.get("content-encoding", "identity").lower()
        if coding == "identity":
            yield from self.pieces()
            return
        if coding not in ("gzip", "x-gzip"):
            raise Broken(f"the content coding is {coding}")
        inflater = zlib.decompressobj(31)
        for piece in self.pieces():
            try:
                yield inflater.decompress(piece)
            except zlib.error as error:
                raise Broken(f"the content coding is broken: {error}") from None
        if not inflater.eof:
            raise Broken("the compressed body is not whole")

    def wait_s(self, error):
        """How long the server asks to wait, or None. (RFC 9110, 10.2.3)"""
        for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1)):
            try:
                return float(self.headers[name]) * scale
            except (KeyError, ValueError):
                pass
        if "retry-after" in self.headers:
            from email.utils import parsedate_to_datetime

            try:
                return parsedate_to_datetime(self.headers["retry-after"]).timestamp() - time.time()
            except (TypeError, ValueError):
                return None
        # Gemini says it in the body.
        delay = re.search(rb'"retryDelay":\s*"([0-9.]+)s"', error)
        return float(delay[1]) if delay else None

    def should_retry(self):
        said = self.headers.get("x-should-retry")
        return said == "true" if said in ("true", "false") else self.status in RETRIED or self.status >= 500


class Client:
    """Asks for an answer until it has it, or must not ask again."""

    reader = EventReader
    discards = False

    def __init__(self, api=None, read_timeout_s=2.0, retries=2):
        self.api, self.read_timeout_s, self.retries = api, read_timeout_s, retries
        self.finish = None
        self.requests = 0

    def stream(self, base):
        """The text, piece by piece; raises Broken where the answer is not whole."""
        for attempt in range(self.retries + 1):
            has_text = False
            try:
                for text in self.attempt(base):
                    has_text = True
                    yield text
                return
            except Broken as broken:
                if attempt == self.retries or not self.may_retry(broken, has_text):
                    raise
                time.sleep(self.pause_s(attempt, broken))

    def may_retry(self, broken, has_text):
        """What was delivered cannot be taken back, and some answers are final."""
        return broken.may_retry and not has_text and (broken.wait_s or 0) <= LONGEST_WAIT_S

    def pause_s(self, attempt, broken):
        return max(FIRST_PAUSE_S * 2**attempt, broken.wait_s or 0)

    def attempt(self, base):
        self.requests += 1
        dialect = (DIALECTS[self.api] if self.api else dialect_for(base))()
        try:
            with self.connect(base) as sock:
                sock.sendall(self.request(base, dialect))
                yield from self.read(Response(sock), dialect)
        except OSError as error:
            raise Broken(f"{type(error).__name__}: {error}") from None
        self.finish = dialect.finish

    def connect(self, base):
        host, _, port = base.removeprefix("http://").partition("/")[0].partition(":")
        sock = socket.create_connection((host, int(port or 80)), timeout=self.read_timeout_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def request(self, base, dialect):
        host, _, prefix = base.removeprefix("http://").rstrip("/").partition("/")
        body = dialect.body
        path = f"/{prefix}{dialect.path}" if prefix else dialect.path
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"Accept-Encoding: gzip\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def read(self, response, dialect):
        if response.status != 200:
            raise self.refused(response)
        if response.headers.get("content-type", "").partition(";")[0].strip().lower() != "text/event-stream":
            raise Broken("the answer is not an event stream", may_retry=False)
        reader = self.reader()
        for piece in response.decoded():
            for event in reader.feed(piece):
                yield from self.take(event, dialect)
                if dialect.is_over:
                    # Nothing of the answer can follow, so nobody waits for the end of the body.
                    return
        for event in reader.finish():
            yield from self.take(event, dialect)
        self.check(dialect)

    def refused(self, response):
        error = b""
        try:
            for piece in response.decoded():
                error += piece
                if len(error) > ERROR_LIMIT:
                    break
        except (Broken, OSError):
            pass
        words = f"status {response.status}: {error[:200].decode('utf-8', 'replace')}"
        return Broken(words, may_retry=response.should_retry(), wait_s=response.wait_s(error))

    def take(self, event, dialect):
        text = dialect.take(*event)
        if text:
            yield text

    def check(self, dialect):
        dialect.check()


def whole_characters(pieces):
    """The same text, with both halves of a surrogate pair in one piece."""
    held = ""
    for piece in pieces:
        piece = held + piece
        held = piece[-1] if "\ud800" <= piece[-1] <= "\udbff" else ""
        piece = piece[: len(piece) - len(held)]
        if piece:
            yield piece.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if held:
        yield "\ufffd"


def answer(client, base, write):
    """Delivers an answer; gives its text, and the error where there was one."""
    pieces = []
    try:
        for piece in whole_characters(client.stream(base)):
            pieces.append(piece)
            write(piece)
    except Broken as broken:
        return "".join(pieces), str(broken)
    return "".join(pieces), None


def keep(make, lines):
    for line in lines:
        client = make()
        text, error = answer(client, line.strip(), lambda _: None)
        said = {"text": text, "error": error, "finish": client.finish}
        os.write(1, json.dumps(said).encode() + b"\n")


def once(client, base, tells):
    write = lambda piece: os.write(1, piece.encode())  # noqa: E731
    text, error = answer(client, base, (lambda _: None) if tells else write)
    if tells:
        tell(base, text, error)
    if error:
        sys.stderr.write(f"{error}\n")
    return 1 if error else 0


def tell(base, text, error):
    """Says in one request what became of the answer, in place of printing it."""
    session = re.search(r"/~session=([^/]+)", base)
    outcome = {"session": session[1] if session else "", "delivered": text, "outcome": "error" if error else "complete"}
    if error:
        outcome["error"] = error
    body = json.dumps(outcome).encode()
    host, _, path = os.environ["TAPEDECK_OUTCOME_URL"].removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    head = f"POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nConnection: close\r\n"
    with socket.create_connection((name, int(port)), timeout=5) as sock:
        sock.sendall(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        while sock.recv(LINE_LIMIT):
            pass


def arguments(parser=None):
    parser = parser or argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--api", choices=sorted(DIALECTS), help="by default as the cassette in the base URL is named")
    parser.add_argument("--keep", action="store_true", help="ask each base URL on standard input")
    parser.add_argument("--tell", action="store_true", help="say the outcome in a request, print no text")
    parser.add_argument("--read-timeout", type=float, default=2.0, metavar="S")
    parser.add_argument("--retries", type=int, default=2, metavar="N")
    return parser


def run(kind, options):
    make = lambda: kind(options.api, options.read_timeout, options.retries)  # noqa: E731
    if options.keep:
        keep(make, sys.stdin)
        return 0
    return once(make(), os.environ["TAPEDECK_URL"], options.tell)


if __name__ == "__main__":
    sys.exit(run(Client, arguments().parse_args()))
