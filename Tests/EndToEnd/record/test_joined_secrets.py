"""A key whose parts come in several events is on the tape: whoever records is told, once and in one line."""

import json
import sys

from conftest import run
from upstream import HEAD, streaming

KEY = "sk-ant-api03-" + "q7Rw2k9" * 5
ASK = (
    "import os, urllib.request as r;"
    "r.urlopen(r.Request(os.environ['TAPEDECK_URL'] + '/v1/messages', data=b'{}')).read()"
)


def events(*texts):
    return [b"data: " + json.dumps({"index": 0, "delta": {"text": text}}).encode() + b"\n\n" for text in texts]


def told(done):
    return [line for line in done.stderr.decode().splitlines() if "joined" in line]


def test_record_says_that_joined_text_looks_like_a_key(tapedeck, tmp_path):
    with streaming(events("key: " + KEY[:9], KEY[9:20], KEY[20:] + " ok")) as (base, _):
        done = run(tapedeck, "record", f"{base}/v1/messages", "-o", tmp_path / "a.tape")
    assert done.returncode == 0
    [line] = told(done)
    assert "events 1 to 3 joined" in line and f"tapedeck redact {tmp_path / 'a.tape'}" in line and KEY[9:20] not in line


def test_record_says_nothing_where_no_text_joins_to_a_key(tapedeck, tmp_path):
    with streaming(events("key: sk-ant-", "or what", " it is called")) as (base, _):
        done = run(tapedeck, "record", f"{base}/v1/messages", "-o", tmp_path / "a.tape")
    assert done.returncode == 0 and told(done) == []


def test_serve_says_at_its_end_which_cassette_to_redact(tapedeck, tmp_path):
    path = tmp_path / "a.tape"
    with streaming(events(KEY[:9], KEY[9:])) as (base, _):
        done = run(
            tapedeck,
            "serve",
            "--upstream",
            base,
            "--mode",
            "record",
            "--record-to",
            path,
            "--",
            sys.executable,
            "-c",
            ASK,
        )
    assert done.returncode == 0, done.stderr
    [line] = told(done)
    assert f"tapedeck redact {path}" in line and KEY[9:20] not in line
    assert "joined" in run(tapedeck, "check", path).stdout.decode()


NDJSON = HEAD.replace(b"text/event-stream", b"application/x-ndjson")


def lines_of_json(*texts):
    return [json.dumps({"message": {"content": text}, "done": False}).encode() + b"\n" for text in texts]


def test_a_key_across_lines_of_json_is_told_as_across_events(tapedeck, tmp_path):
    path = tmp_path / "a.tape"
    lines = lines_of_json("key: " + KEY[:9], KEY[9:20], KEY[20:] + " ok")
    with streaming(lines, head=NDJSON) as (base, _):
        recorded = run(tapedeck, "record", f"{base}/api/chat", "-o", path)
    with streaming(lines, head=NDJSON) as (base, _):
        served = run(
            tapedeck,
            "serve",
            "--upstream",
            base,
            "--mode",
            "record",
            "--record-to",
            tmp_path / "b.tape",
            "--",
            sys.executable,
            "-c",
            ASK,
        )
    assert recorded.returncode == 0 and served.returncode == 0, served.stderr
    for done in (recorded, served):
        [line] = told(done)
        assert KEY[9:20] not in line
    assert "lines 1 to 3 joined" in run(tapedeck, "check", path).stdout.decode()


def test_lines_of_json_that_join_to_no_key_are_not_told_of(tapedeck, tmp_path):
    with streaming(lines_of_json("key: sk-ant-", "or what", " it is"), head=NDJSON) as (base, _):
        done = run(tapedeck, "record", f"{base}/api/chat", "-o", tmp_path / "a.tape")
    assert done.returncode == 0 and told(done) == []
