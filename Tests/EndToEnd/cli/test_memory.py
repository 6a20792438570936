"""A reader needs four times an exchange's bytes and 64 MiB at the most, whatever is on the tape."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import child
import tape as reading

MIB = 1 << 20
SIZE = 3 * MIB
WITHIN_S = 300
HEADER = '{"tapedeck":1}\n'
VERBS = {
    "show": ["show"],
    "show --events": ["show", "--events"],
    "check": ["check"],
    "plan": ["plan"],
    "plan --json": ["plan", "--json"],
    "play": ["play", "--pace", "instant"],
}


def tape_of(lines, path="/v1/messages", request="", head=""):
    return (
        HEADER
        + '[0,"q",{"id":"a","at":"2026-11-22T11:00:00Z","method":"POST","url":"http://x%s"%s}]\n' % (path, request)
        + '[1,"h",{"status":200,"headers":[["content-type","text/event-stream"]%s]}]\n' % head
        + lines
        + '[1,"e",{"how":"complete"}]\n'
    )


def chunk(body):
    return json.dumps([1, "d", body]) + "\n"


def filled(piece):
    return piece * (SIZE // len(piece))


TOOL = (
    'data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":'
    '{"name":"f","arguments":"x"}}]}}]}\n\n'
)
TAPES = {
    "text": lambda: tape_of(chunk(filled("data: hello world, this is fine\n\n"))),
    "one giant line": lambda: tape_of(chunk("data: " + "x" * SIZE + "\n\n")),
    "data lines": lambda: tape_of(chunk(filled("data\n") + "\n")),
    "blank lines": lambda: tape_of(chunk(filled("\n"))),
    "comments": lambda: tape_of(chunk(filled(":\n"))),
    "empty events": lambda: tape_of(chunk("data\n\n" * 120_000)),
    "bad JSON": lambda: tape_of(chunk("data: {\n\n" * 120_000)),
    "ids": lambda: tape_of(chunk("id:1\ndata\n\n" * 120_000)),
    "chunks of a byte": lambda: tape_of(filled('[0,"d","x"]\n')),
    "chunks of an event": lambda: tape_of('[0,"d","data\\n\\n"]\n' * 160_000),
    "empty chunks": lambda: tape_of(filled('[0,"d",""]\n')),
    "markers": lambda: tape_of('[0,"m",0]\n' * 100_000),
    "headers": lambda: tape_of("", head=',["a",""]' * 160_000),
    "JSON in a marker": lambda: tape_of('[0,"m",[' + "[0]," * 200_000 + "0]]\n"),
    "JSON in an event": lambda: tape_of(chunk('data: {"type":"x","a":[' + "[0]," * 200_000 + "0]}\n\n")),
    "a request body": lambda: tape_of("", request=',"body":"[%s0]"' % filled("[],")),
    "tool calls": lambda: tape_of(chunk(filled(TOOL)), path="/v1/chat/completions"),
    "secrets": lambda: tape_of(chunk(filled("data: sk-ant-api03-abcdefghijklmnopqrst1\n\n"))),
}


def most(path, exchange_bytes=None):
    return 4 * (exchange_bytes or path.stat().st_size) + 64 * MIB


@pytest.mark.parametrize("name", TAPES)
def test_memory_is_bounded_by_the_exchange(tapedeck, tmp_path, name):
    path = tmp_path / "a.tape"
    path.write_text(TAPES[name]())
    over = {}
    for verb, words in VERBS.items():
        # Those that write more of the same are slow, and differ where there is much to write.
        if "--" in verb and "of a" not in name and name != "text":
            continue
        ended = child.run(tapedeck, words[0], path, *words[1:], within_s=WITHIN_S)
        assert ended.returncode in (0, 1), ended.stderr[:300]
        if ended.memory_bytes > most(path):
            over[verb] = ended.memory_bytes // MIB
    assert not over, f"over {most(path) // MIB} MiB: {over}"


def test_exchanges_are_read_one_by_one(tapedeck, tmp_path):
    few, many = tmp_path / "few.tape", tmp_path / "many.tape"
    one = tape_of(chunk("data: hello world, this is fine\n\n" * (MIB // 64))).removeprefix(HEADER)
    few.write_text(HEADER + one * 2)
    many.write_text(HEADER + one * 12)
    for words in (words for verb, words in VERBS.items() if "--" not in verb):
        ended = [child.run(tapedeck, words[0], path, *words[1:], within_s=WITHIN_S) for path in (few, many)]
        assert [run.returncode for run in ended] == [0, 0]
        # Ten more, if they were held, would take ten times their bytes at the least.
        assert ended[1].memory_bytes - ended[0].memory_bytes < 5 * len(one), words


# What of an exchange has a limit.

BEYOND = {
    "--max-exchange-chunks": lambda count: tape_of('[0,"d","x"]\n' * count),
    "--max-exchange-events": lambda count: tape_of(chunk("data: 1\n\n" * count)),
    "--max-exchange-markers": lambda count: tape_of('[0,"m",0]\n' * count),
    "--max-line-values": lambda count: tape_of('[0,"m",[' + ",".join("0" * (count - 4)) + "]]\n"),
}


@pytest.mark.parametrize("flag", BEYOND)
def test_a_limit_of_an_exchange_holds_at_its_value_and_not_one_beyond(tapedeck, tmp_path, flag):
    fits, beyond = tmp_path / "fits.tape", tmp_path / "beyond.tape"
    fits.write_text(BEYOND[flag](20))
    beyond.write_text(BEYOND[flag](21))
    for verb in [*VERBS.values(), ["serve", "--port", "0", "--", "true"]]:
        for path, code in ((fits, 0), (beyond, 65)):
            ended = child.run(tapedeck, verb[0], path, flag, 20, *verb[1:])
            assert ended.returncode == code, ended
            if code:
                assert f"({flag})".encode() in ended.stdout + ended.stderr


@pytest.mark.parametrize("flag", BEYOND)
def test_a_repair_leaves_what_is_beyond_a_limit_alone(tapedeck, tmp_path, flag):
    path = tmp_path / "a.tape"
    text = BEYOND[flag](21)
    path.write_text(text)
    assert child.run(tapedeck, "check", "--repair", path, flag, 20).returncode == 65
    assert [one.name for one in tmp_path.iterdir()] == ["a.tape"]
    assert path.read_text() == text
    assert child.run(tapedeck, "check", "--repair", path, flag, 21).returncode == 0


@pytest.mark.parametrize("flag", BEYOND)
def test_a_default_is_what_the_help_says(tapedeck, tmp_path, flag):
    said = child.run(tapedeck, "check", "--help").stdout.decode()
    words = " ".join(said[said.rindex(flag) :].split())
    default = int(words.split(" by default")[0].split()[-1])
    path = tmp_path / "a.tape"
    for count, code in ((default, 0), (default + 1, 65)):
        path.write_text(BEYOND[flag](count))
        ended = child.run(tapedeck, "check", path, within_s=WITHIN_S)
        assert ended.returncode == code, ended.stdout[:300]


# What a recorder makes.


class Lavish(BaseHTTPRequestHandler):
    """Answers with as many small events as are asked for, in pieces of some size."""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        count = int(self.path.split("=")[1])
        body = b"data\n\n" * count
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def lavish():
    server = HTTPServer(("127.0.0.1", 0), Lavish)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_a_recorder_made_can_be_read(tapedeck, tmp_path, lavish):
    path = tmp_path / "a.tape"
    ended = child.run(tapedeck, "record", f"{lavish}/x?n=300000", "-d", "{}", "-o", path)
    assert ended.returncode == 0, ended.stderr
    assert b"200000 events was reached" in ended.stdout
    (exchange,) = reading.read(path)
    assert exchange.how == "cancelled"
    assert exchange.body == b"data\n\n" * 200_000 + b"data\n"
    for words in VERBS.values():
        ended = child.run(tapedeck, words[0], path, *words[1:], within_s=WITHIN_S)
        assert ended.returncode == (1 if words == ["check"] else 0)
        assert ended.memory_bytes < most(path, len(exchange.body)), words
