"""Answers in a content coding that nobody asked for: `record` and a deck write down the same, and it is the truth."""

import gzip
import zlib
from contextlib import contextmanager

import pytest

import raw_wire
import tape
from answer import answer
from conftest import run
from recording_deck import recording
from scripted_upstream import FIN, LAST_CHUNK, body_of, chunk, head, upstream

PATH = "/v1/messages"
BODY = body_of(30)
MEMBER = gzip.compress(BODY, mtime=0)
PIECE_BYTES = 70


def raw_deflate(data):
    coder = zlib.compressobj(wbits=-15)
    return coder.compress(data) + coder.flush()


def plain_br(data):
    """A brotli stream that holds its bytes uncompressed. (RFC 7932, 9.2)"""
    assert 1 < len(data) <= 1 << 16
    size = len(data) - 1
    bits = size << 4 | 1 << 20
    return (bits & 0xFFFFFF).to_bytes(3, "little") + data + b"\x03"


CODED = {
    "gzip": ("gzip", MEMBER, "complete", BODY),
    "two members": ("gzip", MEMBER + MEMBER, "complete", BODY + BODY),
    "without its trailer": ("gzip", MEMBER[:-8], "truncated", BODY),
    "lacking one byte": ("x-gzip", MEMBER[:-1], "truncated", BODY),
    "zlib": ("deflate", zlib.compress(BODY), "complete", BODY),
    "zlib without a part of its checksum": ("deflate", zlib.compress(BODY)[:-2], "truncated", BODY),
    "raw deflate": ("deflate", raw_deflate(BODY), "complete", BODY),
    "in several cases": ("GZIP", MEMBER, "complete", BODY),
}
KEPT = {
    "a charset": ("utf-8", BODY, "complete"),
    "plain under gzip": ("gzip", BODY, "malformed"),
    "plain under deflate": ("deflate", BODY, "malformed"),
    "plain in front of gzip": ("gzip", b": ping\n\n" + MEMBER, "malformed"),
    "twice": ("gzip, gzip", gzip.compress(MEMBER), "complete"),
    "identity": ("identity", BODY, "complete"),
}


@contextmanager
def both(tapedeck, folder, coding, body):
    """Serves the body in pieces, and gives what `record` and what a deck wrote down."""
    pieces = [chunk(body[at : at + PIECE_BYTES]) for at in range(0, len(body), PIECE_BYTES)]
    script = [head("200 OK", f"content-encoding: {coding}"), *pieces, LAST_CHUNK, FIN]
    with upstream(script) as server, recording(tapedeck, folder, upstream=server.url, mode="record") as deck:
        done = run(tapedeck, "record", server.url + PATH, "-d", "{}", "-o", folder / "r.tape")
        assert done.returncode == 0, done.stderr
        relayed = answer(raw_wire.ask(deck.base + PATH, headers=[("connection", "close")]))
    assert relayed.body == body and relayed.end == "complete"
    [recorded] = tape.read(folder / "r.tape")
    [through] = deck.exchanges
    assert (recorded.head, recorded.body, recorded.ending) == (through.head, through.body, through.ending)
    yield recorded


@pytest.mark.parametrize("name", CODED)
def test_a_coding_is_undone_by_both(tapedeck, tmp_path, name):
    coding, body, how, decoded = CODED[name]
    with both(tapedeck, tmp_path, coding, body) as recorded:
        assert (recorded.how, recorded.head["decoded"]) == (how, coding.lower())
        assert recorded.body == decoded


@pytest.mark.parametrize("name", KEPT)
def test_what_cannot_be_undone_is_kept_as_it_came(tapedeck, tmp_path, name):
    coding, body, how = KEPT[name]
    with both(tapedeck, tmp_path, coding, body) as recorded:
        assert (recorded.how, recorded.body) == (how, body)
        assert "decoded" not in recorded.head
        assert ["content-encoding", coding] in recorded.head["headers"]
    if how == "malformed":
        assert coding in recorded.ending["detail"]


def test_br_is_undone_or_named(tapedeck, tmp_path):
    body = plain_br(BODY)
    with both(tapedeck, tmp_path, "br", body) as recorded:
        assert recorded.how == "complete"
        assert recorded.body == (BODY if "decoded" in recorded.head else body)


def test_a_body_that_is_kept_in_its_coding_is_named_and_not_read(tapedeck, tmp_path):
    with both(tapedeck, tmp_path, "gzip, gzip", gzip.compress(MEMBER)):
        found = run(tapedeck, "check", tmp_path / "r.tape").stdout.decode()
        assert "content coding gzip, gzip" in found and found.count("grammar:") == 1
        assert "content coding" in run(tapedeck, "show", tmp_path / "r.tape", "--message").stderr.decode()
