"""Answers that are whole, in every form that HTTP has: they reach the client as they were sent."""

import gzip
import zlib

import pytest

import raw_wire
from answer import answer
from recording_deck import recording
from scripted_upstream import (
    FIN,
    LAST_CHUNK,
    Pause,
    Wait,
    body_of,
    chunk,
    event,
    head,
    plain,
    stream,
    upstream,
)
from waiting import until

PATH = "/v1/messages"
LARGE = body_of(300)
ERROR = b'{"type":"error","error":{"type":"overloaded_error","message":"busy"}}'


def coded(data, name):
    """The script of a stream in a content coding, though nobody asked for one."""
    fields = [head("200 OK", f"content-encoding: {name}")]
    return [*fields, chunk(data[:50]), Pause(0.02), chunk(data[50:]), LAST_CHUNK]


def each_byte(script):
    return [step for byte in b"".join(script) for step in (bytes([byte]), Pause(0.0005))]


WHOLE = {
    "paced chunks": stream(5, pause_s=0.02),
    "slow bytes, one at a time": each_byte(stream(2)),
    "gzip": coded(gzip.compress(LARGE, mtime=0), "gzip"),
    "deflate": coded(zlib.compress(LARGE), "deflate"),
    "br": coded(b"\x0b\x01\x80abc\x03", "br"),
    "gzip of a declared length": plain(gzip.compress(LARGE, mtime=0), "200 OK", "content-encoding: gzip"),
    "broken gzip": coded(b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + b"\xff" * 100, "gzip"),
    "trailers": [head("200 OK", "trailer: x-sum"), chunk(b"a"), b"0\r\nx-sum: 1\r\nX-Two:  two \r\n\r\n"],
    "interim heads": [b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: </a>\r\n\r\n", *stream()],
    "204": [b"HTTP/1.1 204 No Content\r\nx-a: b\r\n\r\n"],
    "205": [b"HTTP/1.1 205 Reset Content\r\ncontent-length: 0\r\n\r\n"],
    "304": [b'HTTP/1.1 304 Not Modified\r\netag: "x"\r\ncontent-length: 77\r\n\r\n'],
    "a head of 280 KiB": [head("200 OK", *[f"x-{n}: {'v' * 1000}" for n in range(280)]), LAST_CHUNK],
    "a header line of 90 KiB": [head("200 OK", "x: " + "v" * 90_000), chunk(b"a"), LAST_CHUNK],
    "6,000 header lines": [head("200 OK", *[f"x-{n}: v" for n in range(6000)]), LAST_CHUNK],
    "Latin-1 in a header": [head("200 OK", "x: café " + "".join(map(chr, range(0xA1, 0x100)))), LAST_CHUNK],
    "fields that repeat": [head("200 OK", "set-cookie: a=1", "X-Q: 1", "set-cookie: b=2", "x-q: 2"), LAST_CHUNK],
    "an empty value": [b"HTTP/1.1 200 OK\r\nx-a:\r\nx-b: \r\ncontent-length: 0\r\n\r\n"],
    "chunk extensions": [head(), b'5;name=value\r\nabcde\r\n3 ; q="a b"\r\nxyz\r\n', LAST_CHUNK],
    "sizes with zeros in front": [head(), b"0000A\r\n0123456789\r\n", LAST_CHUNK],
    "a length of 0": plain(b""),
    "lines that end with LF": [b"HTTP/1.1 200 OK\ncontent-length: 5\n\nhello"],
    "HTTP/1.0": [b"HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\nhello", FIN],
    "no reason": [b"HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nab"],
    "a redirect": [head("302 Found", "location: https://example.com/x", framing="content-length: 0")],
    "401": plain(ERROR, "401 Unauthorized", "www-authenticate: Bearer"),
    "429": plain(ERROR, "429 Too Many Requests", "retry-after: 7"),
    "529": plain(ERROR, "529 Overloaded", "retry-after: 1"),
    "999": plain(b"{}", "999 Odd"),
}


# The end of an answer waits 50 ms for its recording: too short for these without optimization.
SLOW = ("a head of 280 KiB", "a header line of 90 KiB", "6,000 header lines")
# What is no answer is asked again.
UNANSWERED = ("401", "429", "529", "999", "broken gzip")
# A machine that is busy beyond measure may let a recording be late once.
TURNS = 3


def recorded_and_replayed(tapedeck, folder, name, server):
    """Asks for an answer and, with its end, again; gives both, how often the upstream was asked, and the deck."""
    folder.mkdir()
    before = len(server.requests)
    with recording(tapedeck, folder, upstream=server.url) as deck:
        relayed = answer(raw_wire.ask(deck.base + PATH, headers=[("connection", "close")]))
        if name in SLOW:
            until(lambda: deck.tape.exists() and deck.exchanges)
        # It is replayed at once, by the deck that has just recorded it.
        again = answer(raw_wire.ask(deck.base + PATH, headers=[("connection", "close")]))
    return relayed, again, len(server.requests) - before, deck


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_comes_through_unchanged(tapedeck, tmp_path, name):
    wanted = 2 if name in UNANSWERED else 1
    with upstream([*WHOLE[name], FIN]) as server:
        direct = answer(raw_wire.ask(server.url + PATH))
        assert direct.end == "complete" and direct.status
        for turn in range(TURNS):
            relayed, again, asked, deck = recorded_and_replayed(tapedeck, tmp_path / str(turn), name, server)
            if asked == wanted:
                break
        assert asked == wanted
    assert relayed == direct
    assert relayed.framing == direct.framing
    recorded = deck.exchanges[0]
    assert recorded.head["status"] == direct.status
    coding = {"gzip": gzip.decompress, "deflate": zlib.decompress, "br": lambda _: b"abc"}.get(
        recorded.head.get("decoded")
    )
    if name == "broken gzip":
        assert recorded.how == "malformed"
        return
    assert recorded.how == "complete"
    assert recorded.body == (coding(direct.body) if coding else direct.body)
    assert [tuple(field) for field in recorded.trailers] == [
        (("X-Two" if name == "x-two" else name), value) for name, value in direct.trailers
    ]
    assert (again.status, again.body, again.end) == (direct.status, recorded.body, "complete")


def test_the_answer_to_a_head_request_has_no_body(tapedeck, tmp_path):
    script = [head(framing="content-length: 77")]
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        heard = [raw_wire.ask(url + PATH, method="HEAD", body=b"", until=1) for url in (server.url, deck.base)]
        direct, relayed = (answer(each, "HEAD") for each in heard)
        assert server.requests[1].startswith(b"HEAD ")
    assert relayed == direct
    assert ("content-length", "77") in relayed.headers
    assert deck.exchanges[0].how == "complete"


def test_a_redirect_to_the_upstream_leads_to_the_deck(tapedeck, tmp_path):
    with upstream(lambda _: plain(b"", "307 Temporary", f"location: {server.url}/elsewhere?a=b")) as server:
        with recording(tapedeck, tmp_path, upstream=server.url) as deck:
            relayed = answer(raw_wire.ask(f"{deck.base}/~session=s/x", headers=[("connection", "close")]))
    assert dict(relayed.headers)["location"] == "/~session=s/elsewhere?a=b"


def test_each_chunk_is_there_before_the_next_is_sent(tapedeck, tmp_path):
    """Nothing is held back: the upstream sends an event only once the client has the one before."""
    import threading

    gates = [threading.Event() for _ in range(5)]
    script = [head()]
    for number, gate in enumerate(gates):
        script += [chunk(event(number)), Wait(gate)]
    script += [b"0\r\n\r\n"]
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        with raw_wire.wire.connected(deck.base) as connection:
            connection.sendall(raw_wire.request_bytes(deck.base + PATH))
            data = b""
            for number, gate in enumerate(gates):
                while event(number) not in data:
                    piece = connection.recv(65536)
                    assert piece
                    data += piece
                gate.set()
            while not data.endswith(LAST_CHUNK):
                data += connection.recv(65536)
    [exchange] = deck.exchanges
    assert [bytes for _, bytes in exchange.chunks] == [event(number) for number in range(5)]


def test_a_client_of_http_1_0_gets_a_body_without_a_frame(tapedeck, tmp_path):
    with upstream(stream()) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        heard = raw_wire.ask(deck.base + PATH, version="1.0")
    relayed = answer(heard)
    assert (relayed.framing, relayed.body, heard.end) == ("eof", body_of(), "fin")


def test_pipelined_requests_are_answered_in_order(tapedeck, tmp_path):
    def script(request):
        return plain(request.split()[1], "200 OK") if b"/fast" in request else [Pause(0.1), *plain(request.split()[1])]

    paths = ["/slow1", "/fast1", "/slow2", "/fast2"]
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        asked = b"".join(raw_wire.request_bytes(deck.base + path) for path in paths)
        with raw_wire.wire.connected(deck.base) as connection:
            heard = raw_wire.hear(connection, asked, until=b"\r\n\r\n/fast2")
        assert [request.split()[1].decode() for request in server.requests] == paths
    places = [heard.data.index(b"\r\n\r\n" + path.encode()) for path in paths]
    assert places == sorted(places)
    assert [exchange.path for exchange in deck.exchanges] == paths
