"""What `show --json` says, compared with a second reader of cassettes and of event streams."""

import json
from urllib.parse import urlsplit

import pytest

import event_stream
import random_tape
import tape
from conftest import CASSETTES, run, shipped_names

CUT_STREAMS = [
    ([b"data: A\r\n", b"data: B\r", b"\n", b"data: C\r\n", b"\n"], [("A\nB\nC", 5)]),
    ([b"data: one\r", b"\r", b"\n"], [("one", 2)]),
    ([b"data: one\n:ignored\r", b"data: two\n\n"], [("one\ntwo", 2)]),
    ([b"data: one\ndata\r", b"\ndata: two\n\n"], [("one\n\ntwo", 2)]),
    ([b"data: a\r", b"\n\r\ndata: b\r", b"\n", b"\r", b"\n"], [("a", 2), ("b", 4)]),
    ([b"\xef", b"\xbb", b"\xbf", b"data: x\n\n"], [("x", 4)]),
    ([b"\xef\xbb"], []),
    ([b"\xef\xbb\xbf\xef\xbb\xbfdata: x\n\n"], []),
    ([b"data: \xe2", b"\x82", b"\xac\n\n"], [("€", 3)]),
    ([b"data: \xe2", b"\x82\n", b"\n"], [("\ufffd", 3)]),
    ([b"data: \xf0\x9f\xff\xed\xa0\x80\n\n"], [("\ufffd\ufffd\ufffd\ufffd\ufffd", 1)]),
    ([b"data: test", b"test\n\ndata:", b"test\n\n"], [("testtest", 2), ("test", 3)]),
    ([b"da", b"ta\n\n"], [("", 2)]),
    ([b"", b"data: x\n\n", b"", b"data: y\n"], [("x", 2)]),
]
"""Streams cut where it hurts: their chunks, and of each event its data and its last chunk."""


MEANING = {"dialect", "stop_reason", "usage", "complete", "why", "problem_count", "problems"}
"""What is shown beside the bytes: see test_message.py."""


def shown(tapedeck, path, *options):
    done = run(tapedeck, "show", "--json", *options, path)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.decode().split("\n") if line]


def summary(number, exchange):
    """What is shown of one exchange: its times are null where no answer came."""
    request = exchange.request
    url = urlsplit(request["url"])
    return {
        "exchange": number,
        **{key: request[key] for key in ("id", "at", "timing", "method", "url")},
        "path": request.get("path", url.path + (f"?{url.query}" if url.query else "")),
        "status": exchange.head.get("status"),
        "chunks": len(exchange.chunks),
        "events": len(event_stream.parse(exchange.body)),
        "bytes": len(exchange.body),
        "first_byte_us": exchange.head_at_us if exchange.head else None,
        "duration_us": exchange.end_at_us,
        "how": exchange.how,
    }


def events(number, exchange):
    """The events of one exchange, each with the time of the chunk that completed it."""
    for count, event in enumerate(event_stream.parse(exchange.body), 1):
        yield {
            "exchange": number,
            "event": count,
            "at_us": arrival_us(exchange, event.completed_by),
            "type": event.type,
            "data": event.data,
            "id": event.last_id,
        }


def arrival_us(exchange, offset):
    """When the byte at this offset of the body came."""
    for at_us, chunk in exchange.chunks:
        if offset < len(chunk):
            return at_us
        offset -= len(chunk)
    raise AssertionError("no such byte")


def check_what_is_shown(tapedeck, path):
    exchanges = list(enumerate(tape.read(path), 1))
    [whole] = shown(tapedeck, path)
    assert whole["version"] == 1
    expected = [summary(*pair) for pair in exchanges]
    wire = [{key: one[key] for key in expected[0]} for one in whole["exchanges"]]
    assert wire == expected
    assert {key for one in whole["exchanges"] for key in one} - expected[0].keys() <= MEANING
    expected = [event for pair in exchanges for event in events(*pair)]
    assert len(expected) > 0
    assert shown(tapedeck, path, "--events") == expected


@pytest.mark.parametrize("seed", range(5))
def test_a_random_cassette_is_shown_as_it_is(tapedeck, tmp_path, seed):
    path = tmp_path / "random.tape"
    path.write_text(random_tape.text(seed))
    check_what_is_shown(tapedeck, path)


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_cassette_is_shown_as_it_is(tapedeck, name):
    check_what_is_shown(tapedeck, CASSETTES / f"{name}.tape")


def test_real_streams_are_shown_as_they_are(tapedeck, corpus_path):
    check_what_is_shown(tapedeck, corpus_path)


@pytest.mark.parametrize(("chunks", "expected"), CUT_STREAMS)
def test_an_event_is_complete_with_the_chunk_that_ends_its_blank_line(tapedeck, tmp_path, chunks, expected):
    path = tmp_path / "cut.tape"
    path.write_text(random_tape.of_bodies([chunks]))
    [exchange] = tape.read(path)
    found = [
        (event["data"], [at for at, _ in exchange.chunks].index(event["at_us"]) + 1)
        for event in shown(tapedeck, path, "--events")
    ]
    assert found == expected
