"""What `tapedeck load` makes of servers that go wrong, each in its own way."""

import json
import socket
import socketserver
import struct
import subprocess
import threading
import time

import pytest

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"


def event(data):
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def delta(text=None, reason=None):
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": reason}
    return event({"object": "chat.completion.chunk", "choices": [choice]})


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


MESSAGE = [delta("Hello"), delta(" there"), delta(reason="stop"), b"data: [DONE]\n\n"]
WHOLE = CHUNKED + b"".join(map(chunk, MESSAGE)) + b"0\r\n\r\n"
HALF = CHUNKED + b"".join(map(chunk, MESSAGE[:2]))

ANSWERS = {
    "whole": (WHOLE, "whole"),
    "whole until the connection ends": (HEAD + b"\r\n" + b"".join(MESSAGE), "whole"),
    "whole behind interim heads": (b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + WHOLE, "whole"),
    "closed in the middle": (HALF, "cut"),
    "HTTP ends well, the message does not": (HALF + b"0\r\n\r\n", "cut"),
    "an error in the stream": (HALF + chunk(event({"error": {"message": "no"}})) + b"0\r\n\r\n", "error_event"),
    "a status": (b"HTTP/1.1 503 Busy\r\ncontent-length: 2\r\n\r\n{}", "status"),
    "a page": (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 1\r\n\r\nx", "not_a_stream"),
    "nothing": (b"", "refused"),
    "another protocol": (b"220 mail ESMTP\r\n", "cut"),
    "a head without an end": (HEAD + b"x: " + b"x" * 70_000, "cut"),
    "interim heads without an end": (b"HTTP/1.1 100 Continue\r\n\r\n" * 4000, "cut"),
    "a chunk-size line without an end": (CHUNKED + b"1;" + b"x" * 5000, "cut"),
    "a size beyond all numbers": (CHUNKED + b"f" * 40 + b"\r\n", "cut"),
    "a length below zero": (HEAD + b"content-length: -1\r\n\r\n", "cut"),
    "a huge length": (HEAD + b"content-length: 99999999999999999999\r\n\r\n", "cut"),
    "garbage": (bytes(range(256)) * 100, "cut"),
}


class Server(socketserver.ThreadingTCPServer):
    """Answers every connection once, with bytes that a test writes down."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, answer):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if request := read_request(self.request):
                    answer(self.request, request)

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1/chat/completions"


def read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(4096)
        if not more:
            return None
        data += more
    return data


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.fixture
def load(tapedeck):
    def run(url, *arguments, **options):
        command = [tapedeck, "load", url, "-d", '{"model":"m","stream":true}', *arguments, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, **options)
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("name", ANSWERS)
def test_an_outcome_says_what_the_server_did(load, name):
    answer, outcome = ANSWERS[name]
    with Server(lambda connection, _: connection.sendall(answer)) as server:
        report = load(server.url, "--arrivals", "constant:100/s", "--count", "3")
        server.shutdown()
    assert report["outcomes"] == {outcome: 3}


@pytest.mark.parametrize("step", [1, 7])
def test_an_answer_in_pieces_is_the_same(load, step):
    def answer(connection, _):
        for start in range(0, len(WHOLE), step):
            connection.sendall(WHOLE[start : start + step])

    with Server(answer) as server:
        report = load(server.url, "--arrivals", "concurrent:2", "--count", "6")
        server.shutdown()
    assert report["outcomes"] == {"whole": 6}


def test_a_reset_at_any_byte_is_no_whole_stream(load):
    cuts = iter(range(0, len(WHOLE), 9))
    lock = threading.Lock()

    def answer(connection, _):
        with lock:
            cut = next(cuts, 1)
        connection.sendall(WHOLE[:cut])
        reset(connection)

    with Server(answer) as server:
        report = load(server.url, "--arrivals", "concurrent:4", "--count", "60")
        server.shutdown()
    assert sum(report["outcomes"].values()) == 60
    assert set(report["outcomes"]) <= {"cut", "refused"}


def test_silence_is_given_up(load):
    def answer(connection, _):
        connection.sendall(HALF)
        connection.recv(1)

    with Server(answer) as server:
        report = load(server.url, "--arrivals", "constant:100/s", "--count", "3", "--read-timeout", "200ms")
        server.shutdown()
    assert report["outcomes"] == {"timeout": 3}


def test_descriptors_that_are_used_up_leave_streams_out_and_the_run_goes_on(load):
    def answer(connection, _):
        time.sleep(0.3)
        connection.sendall(WHOLE)

    import resource

    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))

    with Server(answer) as server:
        report = load(server.url, "--arrivals", "constant:300/s", "--count", "150", preexec_fn=limit)
        server.shutdown()
    assert report["not_sent"] > 0
    assert report["outcomes"].get("whole", 0) > 0
    assert report["not_sent"] + report["streams"] == 150
