"""A fault has fired where the answer came to its place, and nowhere else."""

import contextlib
import json
import socket
import sys
import time
import urllib.request

import pytest

import raw_wire
from answer import answer
from conftest import CASSETTES, run, serving
from loaded_deck import exchange, write_tape
from waiting import until

TEXT = CASSETTES / "anthropic-text.tape"
CHAT = "/v1/chat/completions"
ASKED = "/~session=s/~fault={}/v1/chat/completions".format
FIRST = b"one "


def slow_tape(path):
    """A stream whose first event comes at once, and the others a minute apart."""
    deltas = [{"choices": [{"index": 0, "delta": {"content": word}}]} for word in ("one ", "two ", "three ", "four ")]
    blocks = [f"data: {json.dumps({'object': 'chat.completion.chunk', **delta})}\n\n" for delta in deltas]
    return write_tape(path, exchange(1, [*blocks, "data: [DONE]\n\n"], path=CHAT, gap_us=60_000_000))


def page(base, path):
    with urllib.request.urlopen(f"{base}/~/api/{path}", timeout=20) as reply:
        return json.load(reply)


def read_until(base, path, come):
    """Asks, and gives the connection once so much of the answer has come."""
    connection = raw_wire.wire.connected(base)
    connection.settimeout(5)
    connection.sendall(raw_wire.request_bytes(base + path))
    data = b""
    while come not in data:
        data += connection.recv(65536)
    return connection


@contextlib.contextmanager
def deck(tapedeck, tmp_path, *flags, tape=TEXT):
    with serving([tapedeck, "serve", tape, *flags], tmp_path / "port") as base:
        yield base


UNREACHED = [
    "reset@event:3",
    "disconnect@event:3",
    "hang@event:3",
    "hang:60s@event:3",
    "stall@event:3",
    "bad-json@event:3",
    "drop@event:3",
    "ping@event:3",
    "error@event:3",
    "drop-terminal",
    "linger",
    "trailing",
    "end@event:3",
    "bad-chunk@event:3",
    "rechunk:7@event:3",
]


@pytest.mark.parametrize("fault", UNREACHED)
def test_a_fault_behind_where_its_client_left_never_fired(tapedeck, tmp_path, fault):
    with deck(tapedeck, tmp_path, tape=slow_tape(tmp_path / "t.tape")) as base:
        read_until(base, ASKED(fault), FIRST).close()
        [entry] = until(lambda: [entry for entry in page(base, "journal") if entry["ended"]])
        assert (entry["ended"], entry["events"], entry["faults"]) == ("client", 1, [])
        assert entry["notes"] == [f"{fault} did not fire: the answer ended before its place"]
        assert page(base, "sessions/s")["unfired"] == [fault]


REACHED = {
    "stall:60s@event:2": FIRST,
    "hang:60s@event:2": FIRST,
    "hang@head": b"",
    "bad-json@event:1": FIRST,
    "status:529": b"529",
    "interim": b"103",
    "framing:eof": b"\r\n\r\n",
    "stall:60s@head": b"",
    "hang@event:2": FIRST,
    "rechunk:7": b"data",
}


@pytest.mark.parametrize("fault", REACHED)
def test_a_fault_whose_place_was_reached_has_fired_though_its_client_left(tapedeck, tmp_path, fault):
    with deck(tapedeck, tmp_path, tape=slow_tape(tmp_path / "t.tape")) as base:
        connection = read_until(base, ASKED(fault), REACHED[fault])
        until(lambda: page(base, "sessions/s")["unfired"] == [] if page(base, "journal") else False)
        connection.close()
        [entry] = until(lambda: [entry for entry in page(base, "journal") if entry["ended"] not in (None, "hang")])
        assert [each["fault"] for each in entry["faults"]] == [fault]
        assert page(base, "sessions/s")["unfired"] == [] and entry["notes"] == []


CLIENT = """
import os, socket, urllib.parse
url = urllib.parse.urlsplit(os.environ["TAPEDECK_URL"])
connection = socket.create_connection((url.hostname, url.port))
connection.sendall(b"POST %s HTTP/1.1\\r\\nhost: 127.0.0.1\\r\\ncontent-length: 2\\r\\n\\r\\n{}")
data = b""
while b"one " not in data:
    data += connection.recv(65536)
"""


@pytest.mark.parametrize(("fault", "code"), [("reset@event:3", 1), ("stall:60s@event:2", 0)])
def test_the_exit_code_says_whether_it_happened(tapedeck, tmp_path, fault, code):
    client = CLIENT % ASKED(fault)
    done = run(tapedeck, "serve", slow_tape(tmp_path / "t.tape"), "--port", "0", "--", sys.executable, "-c", client)
    assert done.returncode == code, done
    assert (b"reset@event:3: the answer ended before its place" in done.stderr) == bool(code)


@pytest.mark.parametrize("fault", ["hang", "hang@head", "linger", "hang@event:2"])
@pytest.mark.parametrize("keeps", [False, True])
def test_the_end_of_a_silence_is_its_clients(tapedeck, tmp_path, fault, keeps):
    flags = ["--half-close", "keep"] if keeps else []
    with deck(tapedeck, tmp_path, *flags) as base:
        path = f"/~pace=instant/~fault={fault}/v1/messages"
        connection = read_until(base, path, b"" if fault == "hang@head" else b"event: message_start")
        until(lambda: [entry["ended"] for entry in page(base, "journal")] == ["hang"])
        connection.shutdown(socket.SHUT_WR)
        # One that half-closes waits for what may still come, and here nothing does.
        while connection.recv(65536):
            pass
        until(lambda: [entry["ended"] for entry in page(base, "journal")] == ["client"])
        connection.close()


@pytest.mark.parametrize(
    "fault", ["hang:60s@event:2", "stall:60s@event:2", "stall:60s@head", "hold:60s", "hang", "linger", "hang:60s@head"]
)
def test_what_is_held_back_ends_with_the_deck(tapedeck, tmp_path, fault):
    with deck(tapedeck, tmp_path, "--drain-timeout", "30s") as base:
        read = b"" if fault.endswith("head") or fault == "hold:60s" else b"event: message_start"
        connection = read_until(base, f"/~pace=instant/~fault={fault}/v1/messages", read)
        until(lambda: page(base, "journal"))
        began = time.monotonic()
    assert time.monotonic() - began < 5
    connection.close()


def missed(base, path):
    reply = answer(raw_wire.ask(base + path, body=b'{"stream":true}', headers=[("connection", "close")]))
    assert reply.status == 404
    return reply.body.decode(), page(base, "journal")[-1]["miss_detail"]


OTHERS = [
    "/v1/embeddings",
    "/v1/completions",
    "/v1/images/generations",
    "/v1/audio/speech",
    "/v1/rerank",
    "/v2/rerank",
    "/api/chat",
    "/api/generate",
    "/api/embed",
    "/v1/moderations",
    "/v1/ocr",
    "/v1/predictions",
    "/model/m/converse-stream",
]


@pytest.mark.parametrize("recorded", OTHERS)
def test_nothing_of_another_api_is_near(tapedeck, tmp_path, recorded):
    tape = write_tape(tmp_path / "t.tape", exchange(1, ["{}"], path=recorded))
    with deck(tapedeck, tmp_path, tape=tape) as base:
        message, detail = missed(base, "/v1/messages")
        assert "nothing of the same API is recorded" in message and detail["nearest"] is None
        assert "--upstream 'https://api.anthropic.com'" in detail["command"]
        _, detail = missed(base, recorded + "x")
        assert detail["nearest"]["number"] == 1
