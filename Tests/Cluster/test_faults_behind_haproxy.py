"""Which faults reach a client as they are when HAProxy stands between, and what becomes of the others."""

import pytest

import wire
from cluster.fleet import fleet
from conftest import CASSETTES

BODY = b'{"stream":true}'
# One of each kind that says something of its own on the wire.
UNCHANGED = [
    *["status:529", "status:429,retry-after=2s", "body:html", "body:json", "end@event:5", "trailing:100B", "interim"],
    *["disconnect@event:5", "disconnect@event:5,mid-chunk", "hang:100ms@event:5", "stall:100ms@event:5", "hold:100ms"],
    *["rechunk:7", "rechunk:utf8", "coalesce:3", "gzip", "framing:eof", "framing:length", "framing:length-short"],
    *["newline:cr", "newline:crlf", "bom", "comment", "split-data", "error:overloaded_error", "duplicate", "bad-utf8"],
]


@pytest.fixture(scope="module")
def decks(tapedeck, tmp_path_factory):
    folder = tmp_path_factory.mktemp("decks")
    with fleet(tapedeck, folder, CASSETTES / "anthropic-text.tape", "--pace", "instant") as decks:
        yield decks


def answered(base, fault):
    """What a client sees of an answer: interim ones, the status, the body without its framing, and how it ended."""
    url = f"{base}/~session=a/~fault={fault}/v1/messages"
    with wire.connected(url) as connection:
        connection.sendall(wire.request("POST", url, BODY, [("connection", "close")]))
        raw, end = b"", "FIN"
        try:
            while part := connection.recv(1 << 16):
                raw += part
        except ConnectionResetError:
            end = "RST"
    interim = 0
    head, _, rest = raw.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 1"):
        interim += 1
        head, _, rest = rest.partition(b"\r\n\r\n")
    is_chunked = b"transfer-encoding: chunked" in head.lower()
    body, is_whole = joined(rest) if is_chunked else (rest, None)
    return {"interim": interim, "status": head[9:12].decode(), "body": body, "is_whole": is_whole, "end": end}


def joined(chunked):
    """The bytes of chunks, also of one that is cut, and whether the last one came."""
    body = b""
    while chunked:
        size, _, rest = chunked.partition(b"\r\n")
        try:
            count = int(size, 16)
        except ValueError:
            break
        if count == 0:
            return body, rest == b"\r\n"
        body += rest[:count]
        chunked = rest[count + 2 :]
    return body, False


@pytest.mark.parametrize("fault", UNCHANGED)
def test_these_faults_arrive_as_they_are(decks, fault):
    assert answered(decks.base, fault) == answered(decks.urls["deck1"], fault)


def test_a_reset_brings_the_same_bytes_and_then_the_end_of_the_connection(decks):
    direct, behind = (answered(base, "reset@event:5") for base in (decks.urls["deck1"], decks.base))
    assert direct["end"] == "RST"
    assert behind == direct | {"end": "FIN"}
    assert not behind["is_whole"]


@pytest.mark.parametrize("fault", ["reset@head", "disconnect@head"])
def test_an_answer_without_a_head_is_a_502(decks, fault):
    assert answered(decks.urls["deck1"], fault)["status"] == ""
    assert answered(decks.base, fault)["status"] == "502"


def test_a_connection_that_was_used_before_is_closed_instead(decks):
    with wire.connected(decks.base) as connection, connection.makefile("rb") as stream:
        connection.sendall(wire.request("POST", decks.base + "/v1/messages", BODY, []))
        assert wire.received(stream, "POST", lambda: 0).complete
        connection.sendall(wire.request("POST", decks.base + "/~fault=reset@head/v1/messages", BODY, []))
        assert stream.read() == b""


def test_a_bad_chunk_size_becomes_an_early_end(decks):
    direct, behind = (answered(base, "bad-chunk/~pace=gap:5ms") for base in (decks.urls["deck1"], decks.base))
    assert (behind["status"], behind["is_whole"], behind["end"]) == ("200", False, "FIN")
    # What comes together with the bad line is lost.
    assert behind["body"] and direct["body"].startswith(behind["body"])
