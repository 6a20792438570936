"""`tapedeck export`: real readers of each format take what it writes."""

import base64
import json
import os
import pty
import subprocess
import sys
import urllib.request

import jsonschema
import pytest
import requests
import vcr

import hand_tape
import tape
from conftest import CASSETTES, run

TEXT = CASSETTES / "anthropic-text.tape"
MULTIBYTE = CASSETTES / "anthropic-multibyte.tape"
ODD = b"data:  two\tspaces \n\n  \xc3\xa9\xe2\x80\xa8\xc2\x85 'x' \"y\" \\ : - #\r\n\x00\x7f\n\n\ndata: [DONE]\n\n"


def export(tapedeck, *words):
    done = run(tapedeck, "export", *words)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def refused(tapedeck, code, *words):
    """What the one line of an error says."""
    done = run(tapedeck, "export", *words)
    assert done.returncode == code
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    return lines[0]


def written(path, *chunks, head=(), how="complete", url="https://api.example.com/v1/things?a=1"):
    """A cassette of one exchange."""
    request = {
        "id": "00000000000000aa",
        "at": "2026-11-22T11:00:00.000250Z",
        "method": "POST",
        "url": url,
        "headers": [["content-type", "application/json"]],
        "body": '{"n":1.50}',
    }
    fields = [["content-type", "text/event-stream"], ["x-a", "1"], ["x-a", "2"], *head]
    lines = [[0, "q", request], [1500, "h", {"status": 200, "http": "1.1", "framing": "chunked", "headers": fields}]]
    lines += [[1000, "b", base64.b64encode(chunk).decode()] for chunk in chunks]
    lines.append([5, "e", {"how": how}])
    path.write_text('{"tapedeck":1}\n' + "".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.mark.parametrize("body", [ODD, b"\xff\x00\xc3(", b"", "data: Grüße 世界 🎉\n\n".encode()])
def test_vcrpy_replays_the_same_bytes(tapedeck, tmp_path, body):
    cassette = written(tmp_path / "x.tape", body[:7], body[7:])
    export(tapedeck, "vcr", cassette, "-o", tmp_path / "x.yaml")
    with vcr.use_cassette(str(tmp_path / "x.yaml"), record_mode="none", match_on=["method", "uri", "body"]) as played:
        answer = requests.post(
            "https://api.example.com/v1/things?a=1", data='{"n":1.50}', headers={"content-type": "application/json"},
            timeout=9,
        )  # fmt: skip
        assert played.all_played
    assert answer.status_code == 200
    assert answer.reason == "OK"
    assert answer.content == body
    assert answer.headers["x-a"] == "1, 2"


def test_vcrpy_replays_a_body_whose_coding_was_undone(tapedeck, tmp_path):
    lines = written(tmp_path / "x.tape", ODD, head=[["content-encoding", "gzip"], ["content-length", "9"]])
    text = lines.read_text().replace('"framing": "chunked"', '"framing": "length", "length": 9, "decoded": "gzip"')
    lines.write_text(text)
    export(tapedeck, "vcr", lines, "-o", tmp_path / "x.yaml")
    with vcr.use_cassette(str(tmp_path / "x.yaml"), record_mode="none"):
        assert requests.post("https://api.example.com/v1/things?a=1", timeout=9).content == ODD
    with vcr.use_cassette(str(tmp_path / "x.yaml"), record_mode="none"):
        request = urllib.request.Request("https://api.example.com/v1/things?a=1", b"{}")
        with urllib.request.urlopen(request, timeout=9) as answer:
            assert answer.read() == ODD


@pytest.mark.parametrize("name", sorted(path.name for path in CASSETTES.glob("*.tape")))
def test_vcrpy_replays_the_shipped_cassettes(tapedeck, tmp_path, name):
    export(tapedeck, "vcr", CASSETTES / name, "-o", tmp_path / "x.yaml")
    with vcr.use_cassette(str(tmp_path / "x.yaml"), record_mode="none") as played:
        for exchange in tape.read(CASSETTES / name):
            url = exchange.request.get("url", f"http://localhost{exchange.path}")
            answer = requests.request(exchange.request["method"], url, timeout=9)
            assert answer.status_code == exchange.head["status"]
            assert answer.content == exchange.body
        assert played.all_played


NAMED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "value"],
        "properties": {"name": {"type": "string"}, "value": {"type": "string"}},
    },
}
TIME = {"type": "number", "minimum": -1}
MESSAGE = {
    "httpVersion": {"type": "string"}, "cookies": {"type": "array"}, "headers": NAMED,
    "headersSize": {"type": "integer", "minimum": -1}, "bodySize": {"type": "integer", "minimum": -1},
}  # fmt: skip
REQUEST = {
    "type": "object",
    "required": ["method", "url", "queryString", *MESSAGE],
    "properties": MESSAGE | {
        "method": {"type": "string"}, "url": {"type": "string", "pattern": "^https?://"}, "queryString": NAMED,
        "postData": {"type": "object", "required": ["mimeType", "text"]},
    },
}  # fmt: skip
RESPONSE = {
    "type": "object",
    "required": ["status", "statusText", "content", "redirectURL", *MESSAGE],
    "properties": MESSAGE | {
        "status": {"type": "integer"}, "statusText": {"type": "string"}, "redirectURL": {"type": "string"},
        "content": {
            "type": "object",
            "required": ["size", "mimeType"],
            "properties": {
                "size": {"type": "integer"}, "mimeType": {"type": "string"}, "text": {"type": "string"},
                "encoding": {"const": "base64"},
            },
        },
    },
}  # fmt: skip
ENTRY = {
    "type": "object",
    "required": ["startedDateTime", "time", "request", "response", "cache", "timings"],
    "properties": {
        "pageref": {"type": "string"}, "startedDateTime": {"type": "string", "format": "date-time"},
        "time": {"type": "number", "minimum": 0}, "request": REQUEST, "response": RESPONSE, "cache": {"type": "object"},
        "timings": {
            "type": "object", "required": ["send", "wait", "receive"],
            "properties": dict.fromkeys(("send", "wait", "receive", "blocked", "dns", "connect", "ssl"), TIME),
        },
    },
}  # fmt: skip
PAGE = {"type": "object", "required": ["startedDateTime", "id", "title", "pageTimings"]}
HAR = {
    "type": "object",
    "required": ["log"],
    "properties": {
        "log": {
            "type": "object",
            "required": ["version", "creator", "entries"],
            "properties": {
                "version": {"const": "1.2"},
                "creator": {"type": "object", "required": ["name", "version"]},
                "pages": {"type": "array", "items": PAGE},
                "entries": {"type": "array", "items": ENTRY},
            },
        }
    },
}
"""What HAR 1.2 demands."""


@pytest.mark.parametrize("name", sorted(path.name for path in CASSETTES.glob("*.tape")))
def test_a_har_is_one_and_comes_back_with_its_times(tapedeck, tmp_path, name):
    har = json.loads(export(tapedeck, "har", CASSETTES / name))
    jsonschema.validate(har, HAR)
    original = tape.read(CASSETTES / name)
    for entry, exchange in zip(har["log"]["entries"], original, strict=True):
        sizes = [chunk["bytes"] for chunk in entry["response"]["_chunks"]]
        assert sizes == [len(data) for _, data in exchange.chunks]
        assert entry["response"]["content"]["text"].encode() == exchange.body
    (tmp_path / "x.har").write_text(json.dumps(har))
    done = run(tapedeck, "import", tmp_path / "x.har", "-o", tmp_path / "back.tape")
    assert done.returncode == 0, done.stderr.decode()
    for back, exchange in zip(tape.read(tmp_path / "back.tape"), original, strict=True):
        assert back.chunks == exchange.chunks
        assert (back.head_at_us, back.end_at_us, back.how) == (exchange.head_at_us, exchange.end_at_us, exchange.how)
        assert back.request["timing"] == "recorded"


def test_the_json_document_is_lossless(tapedeck, tmp_path):
    for source in sorted(CASSETTES.glob("*.tape")):
        export(tapedeck, "json", source, "-o", tmp_path / "x.json", "--force")
        done = run(tapedeck, "import", tmp_path / "x.json", "-o", tmp_path / source.name)
        assert done.returncode == 0, done.stderr.decode()
        assert (tmp_path / source.name).read_bytes() == source.read_bytes()


def test_the_event_stream_is_the_body(tapedeck, tmp_path):
    assert export(tapedeck, "sse", MULTIBYTE) == tape.read(MULTIBYTE)[0].body


def test_asciinema_prints_the_text(tapedeck, tmp_path):
    cast = tmp_path / "x.cast"
    export(tapedeck, "asciicast", MULTIBYTE, "-o", cast, "--idle-time-limit", "2s")
    header, *events = [json.loads(line) for line in cast.read_text(encoding="utf-8").splitlines()]
    assert header["version"] == 2
    assert header["idle_time_limit"] == 2
    assert [at for at, *_ in events] == sorted(at for at, *_ in events)
    assert events[-1][0] == tape.read(MULTIBYTE)[0].end_at_us / 1e6
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "asciinema", "cat", cast]
    environment = os.environ | {"LC_ALL": "C.UTF-8", "ASCIINEMA_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(command, stdin=theirs, capture_output=True, check=True, timeout=60, env=environment)
    os.close(ours)
    os.close(theirs)
    text = run(tapedeck, "show", MULTIBYTE, "--text").stdout
    assert done.stdout == text.replace(b"\n", b"\r\n") + b"\r\n"


def test_a_trace_nests_and_is_in_order(tapedeck):
    trace = json.loads(export(tapedeck, "perfetto", TEXT))
    exchange = tape.read(TEXT)[0]
    events = trace["traceEvents"]
    assert {event["ph"] for event in events} == {"M", "X", "i", "C"}
    whole, *phases = [event for event in events if event["ph"] == "X"]
    assert (whole["ts"], whole["dur"]) == (0, exchange.end_at_us)
    assert sum(phase["dur"] for phase in phases) == whole["dur"]
    assert phases[0]["dur"] == exchange.head_at_us
    instants = [event for event in events if event["ph"] == "i"]
    assert "content_block_delta" in {event["name"] for event in instants}
    counts = [event["args"]["bytes"] for event in events if event["ph"] == "C" and "bytes" in event["args"]]
    assert counts[-1] == len(exchange.body)


@pytest.mark.parametrize("name", ["anthropic-tool-use", "anthropic-thinking", "openai-chat", "gemini-text"])
def test_a_fixture_of_aimock_says_the_same_when_it_comes_back(tapedeck, tmp_path, name):
    source = CASSETTES / f"{name}.tape"
    export(tapedeck, "aimock", source, "-o", tmp_path / "x.json")
    done = run(tapedeck, "import", tmp_path / "x.json", "-o", tmp_path / "back.tape")
    assert done.returncode == 0, done.stderr.decode()
    texts = [run(tapedeck, "show", path, "--text").stdout for path in (source, tmp_path / "back.tape")]
    assert texts[0] == texts[1]
    back = json.loads(run(tapedeck, "show", tmp_path / "back.tape", "--json").stdout)["exchanges"][0]
    assert back["complete"]
    assert back["timing"] == "synthetic"
    assert "problems" not in back


def test_what_is_lost_is_said_a_line_each(tapedeck, tmp_path):
    cassette = written(tmp_path / "x.tape", ODD, how="truncated")
    done = run(tapedeck, "export", "vcr", cassette, "-o", tmp_path / "x.yaml", "--json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert (report["format"], report["exchanges"], report["left_out"]) == ("vcr", 1, [])
    assert report["bytes"] == (tmp_path / "x.yaml").stat().st_size
    said = done.stderr.decode().splitlines()
    assert said == [f"tapedeck: vcr does not hold: {loss['what']}" for loss in report["losses"]]
    assert "tapedeck: vcr does not hold: how it ended" in said
    assert "tapedeck: vcr does not hold: when the bytes came" in said


def test_secrets_stay_covered(tapedeck, tmp_path):
    cassette = hand_tape.cassette(tmp_path / "x.tape", hand_tape.exchange(1, headers=[["x-api-key", "REDACTED"]]))
    for name in ("har", "vcr", "json"):
        assert b"REDACTED" in export(tapedeck, name, cassette)


def test_wrong_usage(tapedeck, tmp_path):
    two = hand_tape.cassette(tmp_path / "two.tape", hand_tape.exchange(1), hand_tape.exchange(2))
    assert "did you mean 'har'" in refused(tapedeck, 64, "hra", two)
    assert "more than one exchange, and sse holds one: choose it with --exchange N" in refused(tapedeck, 64, "sse", two)
    assert export(tapedeck, "sse", two, "--exchange", "2") == b"data: hello\n\n"
    assert "name the file with -o FILE" in refused(tapedeck, 64, "har", two, "--json")
    there = tmp_path / "there.har"
    there.write_text("mine")
    assert "exists" in refused(tapedeck, 64, "har", two, "-o", there)
    assert there.read_text() == "mine"
    export(tapedeck, "har", two, "-o", there, "--force")
    assert len(json.loads(there.read_text())["log"]["entries"]) == 2
    refused(tapedeck, 64, "har", two, "-o", two, "--force")
    assert "there is no exchange 3" in refused(tapedeck, 66, "har", two, "--exchange", "3")
    refused(tapedeck, 66, "har", tmp_path / "none.tape")


def test_nothing_stays_of_an_export_that_fails(tapedeck, tmp_path):
    damaged = tmp_path / "x.tape"
    damaged.write_text(hand_tape.cassette(damaged, hand_tape.exchange(1)).read_text() + "nonsense\n")
    refused(tapedeck, 65, "har", damaged, "-o", tmp_path / "x.har")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.tape"]


def test_what_no_answer_came_to_is_left_out(tapedeck, tmp_path):
    cassette = tmp_path / "x.tape"
    request = {"method": "GET", "path": "/a", "headers": []}
    lines = [[0, "q", request], [9, "e", {"how": "unreachable", "stage": "dns"}]]
    cassette.write_text('{"tapedeck":1}\n' + "".join(json.dumps(line) + "\n" for line in lines))
    assert "no answer came" in refused(tapedeck, 65, "vcr", cassette)
    with cassette.open("a") as file:
        file.write(hand_tape.exchange(2))
    done = run(tapedeck, "export", "vcr", cassette, "-o", tmp_path / "x.yaml")
    assert done.returncode == 0
    assert "vcr leaves out exchange 1: no answer came" in done.stderr.decode()
    entries = json.loads(export(tapedeck, "har", cassette))["log"]["entries"]
    assert [entry["response"]["status"] for entry in entries] == [0, 200]
    assert entries[0]["response"]["_error"] == "net::ERR_NAME_NOT_RESOLVED"
