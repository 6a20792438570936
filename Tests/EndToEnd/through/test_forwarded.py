"""What an upstream gets to see of a request, and what the cassette keeps of it."""

import pytest

import raw_wire
from answer import answer
from recording_deck import recording
from scripted_upstream import FIN, LAST_CHUNK, RESET, plain, stream, upstream

KEY = "sk-ant-api03-" + "k" * 40
# Requests name the deck as they like, and half-close behind what they ask.
ACCESS = ["--allow-host", "deck", "--allow-host", "other.example", "--half-close", "keep"]
BODIES = {
    "empty": b"",
    "JSON": b'{"model":"x","stream":true}',
    "binary": bytes(range(256)) * 4,
    "10 MB": b"0123456789" * 1_000_000,
}


def split(request):
    """A request as it came: its line, its fields in order, its body."""
    top, _, body = request.partition(b"\r\n\r\n")
    line, *lines = top.decode("latin-1").split("\r\n")
    return line, [tuple(field.split(": ", 1)) if ": " in field else (field, "") for field in lines], body


def through(tapedeck, tmp_path, request, prefix="", count=1, **options):
    """Sends bytes to a deck in front of an upstream; gives what came there, the answer, the deck."""
    flags = [*ACCESS, *options.pop("flags", ())]
    with upstream(options.pop("script", stream())) as server:
        url = server.url + prefix
        with recording(tapedeck, tmp_path, *flags, upstream=url, **options) as deck:
            raw = request(deck.base) if callable(request) else request
            with raw_wire.wire.connected(deck.base) as connection:
                heard = raw_wire.hear(connection, raw, half_closes=True)
        return server.requests, heard, deck


def test_the_request_goes_on_in_its_own_order(tapedeck, tmp_path):
    raw = (
        b"POST /~session=a%2Fb/~pace=2x/v1/messages?b=2&a=%20x&a=1 HTTP/1.1\r\nHost: deck\r\n"
        b"X-B: 1\r\nAuthorization: Bearer "
        + KEY.encode()
        + b"\r\nX-A: caf\xc3\xa9 \xe2\x82\xac\r\nx-b: 2\r\nX-Empty:\r\n"
        b"tapedeck: seed=3\r\nTapeDeck: attempt=1\r\nConnection: keep-alive, X-Hop\r\n"
        b"X-Hop: 1\r\nTE: trailers\r\nKeep-Alive: 5\r\n"
        b"Proxy-Connection: x\r\nAccept-Encoding: gzip\r\nContent-Length: 2\r\nUser-Agent: me\r\n\r\n{}"
    )
    [request], heard, deck = through(tapedeck, tmp_path, raw)
    line, fields, body = split(request)
    assert answer(heard).status == 200
    assert line == "POST /v1/messages?b=2&a=%20x&a=1 HTTP/1.1"
    assert body == b"{}"
    named = dict(fields)
    assert named.pop("Host").startswith("127.0.0.1:")
    assert [pair for pair in fields if pair[0].lower() not in ("host", "content-length")] == [
        ("X-B", "1"),
        ("Authorization", f"Bearer {KEY}"),
        ("X-A", "café €".encode().decode("latin-1")),
        ("x-b", "2"),
        ("X-Empty:", ""),
        ("Accept-Encoding", "identity"),
        ("User-Agent", "me"),
    ]
    [exchange] = deck.exchanges
    assert exchange.path == "/v1/messages?b=2&a=%20x&a=1"
    assert exchange.request["url"].endswith("/v1/messages?b=2&a=%20x&a=1")
    assert KEY not in repr(exchange) and len(dict(exchange.request["headers"])["Authorization"]) == len("Bearer " + KEY)
    assert KEY.encode() not in deck.tape.read_bytes() and KEY not in deck.warnings


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("coding", ["length", "chunked"])
def test_a_body_arrives_byte_for_byte(tapedeck, tmp_path, name, coding):
    body = BODIES[name]
    if coding == "length":
        raw = b"POST /a HTTP/1.1\r\nhost: deck\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    else:
        pieces = [body[at : at + 65_537] for at in range(0, len(body), 65_537)]
        raw = b"POST /a HTTP/1.1\r\nhost: deck\r\ntransfer-encoding: chunked\r\n\r\n"
        raw += b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\nx-trailer: 1\r\n\r\n"
    [request], heard, deck = through(tapedeck, tmp_path, raw)
    _line, fields, arrived = split(request)
    assert arrived == body
    assert dict(fields)["Content-Length"] == str(len(body))
    assert answer(heard).end == "complete"
    kept = deck.exchanges[0].request
    import base64

    assert (base64.b64decode(kept["body64"]) if "body64" in kept else kept.get("body", "").encode()) == body


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PUT", "PATCH", "PROPFIND"])
def test_every_method_goes_on(tapedeck, tmp_path, method):
    raw = f"{method} /a HTTP/1.1\r\nhost: deck\r\nconnection: close\r\n\r\n".encode()
    script = plain(b"") if method == "HEAD" else stream()
    [request], heard, deck = through(tapedeck, tmp_path, raw, script=script)
    line, _fields, body = split(request)
    assert line == f"{method} /a HTTP/1.1" and body == b""
    assert answer(heard, method).status == 200
    assert deck.exchanges[0].request["method"] == method


@pytest.mark.parametrize(
    ("target", "asked", "prefix"),
    [
        (b"http://other.example/x/y?z", b"/x/y?z", ""),
        (b"/a//b/../c;d=e?", b"/a//b/../c;d=e?", ""),
        (b"/x%7e/%2F%00?q=%0d%0a", b"/x%7e/%2F%00?q=%0d%0a", ""),
        (b"/v1/messages", b"/v1/messages", "/v1"),
        (b"/messages", b"/v1/messages", "/v1"),
        (b"/v10/messages", b"/v1/v10/messages", "/v1"),
    ],
)
def test_a_target_is_asked_for_as_it_stands(tapedeck, tmp_path, target, asked, prefix):
    raw = b"GET " + target + b" HTTP/1.1\r\nhost: deck\r\n\r\n"
    requests, heard, _deck = through(tapedeck, tmp_path, raw, prefix=prefix)
    assert [request.split()[1] for request in requests] == [asked], heard.data
    assert answer(heard).status == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"POST /a HTTP/1.1\r\nhost: deck\r\nx-a: b\x01c\r\ncontent-length: 0\r\n\r\n",
        b"POST /a HTTP/1.1\r\nhost: deck\r\nx-a: b\x00c\r\ncontent-length: 0\r\n\r\n",
        b"POST /a HTTP/1.1\r\nhost: deck\r\nx-a: b\rx-injected: c\r\ncontent-length: 0\r\n\r\n",
        b"POST /a HTTP/1.1\r\nhost: deck\r\nx a: b\r\ncontent-length: 0\r\n\r\n",
        b"POST /a HTTP/1.1\r\nhost: deck\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\nhost: deck\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
        b"POST /caf\xc3\xa9 HTTP/1.1\r\nhost: deck\r\ncontent-length: 0\r\n\r\n",
        b"POST /caf\xe9 HTTP/1.1\r\nhost: deck\r\ncontent-length: 0\r\n\r\n",
        b"POST /a HTTP/1.1\r\nhost: deck\r\nx-a: caf\xe9\r\ncontent-length: 0\r\n\r\n",
        b"POST /a\x0bb HTTP/1.1\r\nhost: deck\r\ncontent-length: 0\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n",
        b"GET /a HTTP/1.1\r\nhost: deck\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nhost: deck\r\n\r\n",
        b"POST @evil.example/x HTTP/1.1\r\nhost: deck\r\ncontent-length: 0\r\n\r\n",
        b"GET http://u:p@evil.example/x HTTP/1.1\r\nhost: deck\r\n\r\n",
    ],
)
def test_an_odd_request_is_answered_and_injects_nothing(tapedeck, tmp_path, raw):
    requests, heard, deck = through(tapedeck, tmp_path, raw)
    found = answer(heard)
    assert found.end == "complete" and found.status in (200, 204, 400, 403), heard.data
    assert len(requests) <= 1
    for request in requests:
        line, fields, _ = split(request)
        assert all(0x20 < ord(letter) < 0x7F for letter in line.split(" ")[1])
        assert not {name.lower() for name, _ in fields} & {"x-injected", "upgrade"}
        assert request.count(b"\r\n\r\n") == 1
    assert deck.exit_code == 0
    assert all("answered with 403" in line for line in deck.warnings.splitlines())


def test_a_client_that_expects_to_be_told_to_go_on_is(tapedeck, tmp_path):
    with upstream(stream()) as server, recording(tapedeck, tmp_path, *ACCESS, upstream=server.url) as deck:
        with raw_wire.wire.connected(deck.base) as connection:
            connection.sendall(b"POST /a HTTP/1.1\r\nhost: deck\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n")
            assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
            heard = raw_wire.hear(connection, b"body", until=LAST_CHUNK)
    assert answer(heard).end == "complete"
    _, fields, body = split(server.requests[0])
    assert body == b"body" and "expect" not in {name.lower() for name, _ in fields}


def test_a_connection_is_used_again_and_a_get_is_sent_again_where_it_died(tapedeck, tmp_path):
    scripts = [stream(), stream(), [FIN], stream(), [*stream(), FIN], stream()]
    with upstream(scripts) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        for number in range(5):
            found = answer(
                raw_wire.ask(f"{deck.base}/{number}", method="GET", body=b"", headers=[("connection", "close")])
            )
            assert (found.status, found.end) == (200, "complete")
        paths = [request.split()[1] for request in server.requests]
        assert paths == [b"/0", b"/1", b"/2", b"/2", b"/3", b"/4"]
        assert server.connections == 3
    assert [exchange.how for exchange in deck.exchanges] == ["complete"] * 5


@pytest.mark.parametrize(("end", "seen"), [(FIN, "fin"), (RESET, "reset")])
def test_a_post_that_may_have_been_read_is_sent_once(tapedeck, tmp_path, end, seen):
    with upstream([stream(), [end], stream()]) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        found = [
            answer(raw_wire.ask(f"{deck.base}/{number}", headers=[("connection", "close")])) for number in range(3)
        ]
        assert [request.split()[1] for request in server.requests] == [b"/0", b"/1", b"/2"]
    assert [(each.status, each.end) for each in found] == [(200, "complete"), (None, seen), (200, "complete")]
    assert [exchange.how for exchange in deck.exchanges] == ["complete", "unreachable", "complete"]
    assert deck.exchanges[1].ending["stage"] == "request"


def test_a_credential_for_a_proxy_goes_no_further(tapedeck, tmp_path):
    raw = b"POST /a HTTP/1.1\r\nhost: deck\r\nProxy-Authorization: Basic abcdef\r\ncontent-length: 0\r\n\r\n"
    [request], _, deck = through(tapedeck, tmp_path, raw)
    assert b"proxy-auth" not in request.lower()
    assert "abcdef" not in repr(deck.exchanges)


@pytest.mark.parametrize("value", [b"caf\xe9", "café €".encode(), b"\xff\x80", b"a"])
def test_a_header_goes_upstream_byte_for_byte_and_matches_its_own_recording(tapedeck, tmp_path, value):
    raw = b"POST /a HTTP/1.1\r\nhost: deck\r\nx-tenant: %b\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"
    with upstream(stream()) as server:
        with recording(
            tapedeck, tmp_path, "--match-header", "x-tenant", "--allow-host", "deck", upstream=server.url
        ) as deck:
            for sent in (value, value, value + b"x"):
                with raw_wire.wire.connected(deck.base) as connection:
                    assert answer(raw_wire.hear(connection, raw % sent)).end == "complete"
        assert [
            b"x-tenant: " + each + b"\r\n" in request
            for each, request in zip([value, value + b"x"], server.requests, strict=False)
        ] == [True] * 2
        assert len(server.requests) == 2
    assert dict(deck.exchanges[0].request["headers"])["x-tenant"] == value.decode("latin-1")


def test_the_longest_prefix_says_where_a_request_goes(tapedeck, tmp_path):
    with upstream(plain(b"any")) as any_path, upstream(plain(b"one")) as one:
        flags = ["--upstream", f"/v1/messages={one.url}/base", "--upstream", f"/v2={any_path.url}"]
        with recording(tapedeck, tmp_path, *flags) as deck:
            asked = {
                path: answer(raw_wire.ask(deck.base + path, headers=[("connection", "close")]))
                for path in ("/v1/messages", "/v1/messages/count?x=1", "/v2/a", "/v1/messagesx")
            }
        assert [request.split()[1] for request in one.requests] == [
            b"/base/v1/messages",
            b"/base/v1/messages/count?x=1",
        ]
        assert [request.split()[1] for request in any_path.requests] == [b"/v2/a"]
    assert asked["/v1/messagesx"].status == 404 and b"no --upstream" in asked["/v1/messagesx"].body
    assert [exchange.path for exchange in deck.exchanges] == ["/v1/messages", "/v1/messages/count?x=1", "/v2/a"]
