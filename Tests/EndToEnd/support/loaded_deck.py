"""What is seen of a deck while somebody else keeps it busy."""

import http.client
import json
import socket
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

from conftest import running

PATH = "/v1/messages"
GAP_US = 20_000


def exchange(number, blocks, body="{}", path=PATH, gap_us=GAP_US):
    """The lines of one exchange whose chunks come a gap apart."""
    request = {
        "id": f"{number:016x}",
        "at": f"2026-11-22T11:{number // 60:02}:{number % 60:02}.000000Z",
        "method": "POST",
        "url": f"https://api.example.com{path}",
        "path": path,
        "headers": [["content-type", "application/json"]],
        "body": body,
    }
    head = {"status": 200, "framing": "chunked", "headers": [["content-type", "text/event-stream"]]}
    lines = [[0, "q", request], [0, "h", head]]
    lines += [[gap_us if place else 0, "d", block] for place, block in enumerate(blocks)]
    return [*lines, [0, "e", {"how": "complete"}]]


def write_tape(path, *exchanges):
    lines = [{"tapedeck": 1}, *(line for lines in exchanges for line in lines)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def ticks(count):
    return [f"data: {number}\n\n" for number in range(count)]


class Deck:
    """A deck under way."""

    def __init__(self, process, port):
        self.process, self.port = process, port

    @property
    def rss_bytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def ask(self, path=PATH, body=b"{}", method="POST", headers=(), timeout=60):
        """The status, the fields and the body of an answer on a connection of its own."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as connection:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def page(self, name):
        status, _, body = self.ask(f"/~/{name}", None, "GET")
        assert status == 200
        return json.loads(body)

    def journal(self, session=None):
        return self.page("api/journal" + (f"?session={session}" if session else ""))

    def until_journal(self, holds, session=None, within_s=20):
        """Asks for the journal until it is as it should be; gives it."""
        deadline = time.monotonic() + within_s
        while not holds(entries := self.journal(session)):
            assert time.monotonic() < deadline, entries
        return entries

    def metric(self, name):
        status, _, body = self.ask("/~/metrics", None, "GET")
        assert status == 200
        return float(next(line for line in body.decode().splitlines() if line.startswith(f"{name} ")).split()[1])

    def until_metric(self, name, least, most=float("inf"), within_s=20):
        """Asks for the metrics until one of them is within bounds."""
        deadline = time.monotonic() + within_s
        while not least <= (value := self.metric(name)) <= most:
            assert time.monotonic() < deadline, f"{name} {value}"
            time.sleep(0.01)

    def open(self, receive_buffer=None):
        """A connection that is nothing but a socket."""
        connection = socket.socket()
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(60)
        connection.connect(("127.0.0.1", self.port))
        return connection


@contextmanager
def deck_on(tapedeck, folder, tape, *flags):
    port_file = folder / "port"
    with running([tapedeck, "serve", tape, "--allow-host", "deck.test", *flags], port_file) as process:
        yield Deck(process, int(port_file.read_text()))


def head(body_bytes, path=PATH, *fields):
    lines = [f"POST {path} HTTP/1.1", "host: deck.test", f"content-length: {body_bytes}", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def large_body(size):
    """A JSON body of about so many bytes, in many strings."""
    text = "It was said that all of it could be read in one go. " * 20
    messages = [{"role": "user", "content": text}] * (size // len(text) + 1)
    return json.dumps({"messages": messages}).encode()


class Watch:
    """A stream whose lateness is watched, and health that is asked for, while a block runs."""

    def __init__(self, deck, path):
        self.deck, self.path = deck, path
        self.late_s, self.health_s, self.error = [], [], None
        self.over, self.begun = threading.Event(), threading.Event()

    def __enter__(self):
        self.threads = [threading.Thread(target=self.guard, args=(run,)) for run in (self.stream, self.health)]
        for thread in self.threads:
            thread.start()
        assert self.begun.wait(20)
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()
        assert self.error is None, self.error

    def guard(self, run):
        try:
            run()
        except Exception as error:
            self.error = error
            self.begun.set()

    def stream(self):
        with closing(self.deck.open()) as connection:
            connection.sendall(head(2, self.path) + b"{}")
            first = None
            while not self.over.is_set():
                data = connection.recv(65_536)
                now = time.monotonic()
                for line in data.split(b"\n"):
                    if line.startswith(b"data: "):
                        number = int(line[6:])
                        first = first if first is not None else now - number * GAP_US / 1e6
                        self.late_s.append(now - first - number * GAP_US / 1e6)
                        self.begun.set()
                assert data, "the stream that is watched is over"

    def health(self):
        while not self.over.is_set():
            start = time.monotonic()
            assert self.deck.ask("/~/health", None, "GET")[0] == 200
            self.health_s.append(time.monotonic() - start)
            self.over.wait(0.02)
