"""Secrets of every kind through a deck that forwards: upstream and client have them, nothing else does."""

import base64
import json
import signal
import threading
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

import pytest

import raw_wire
import tape
import wire
from answer import answer
from conftest import run
from recording_deck import recording
from scripted_upstream import LAST_CHUNK, RESET, Wait, chunk, closed_port, head, upstream
from secrets_kinds import KINDS, NAMELESS, leaks
from waiting import until, while_there
from written_secrets import ALL, all_that_is_written, event, head_value, inflated

CLOSE = ("connection", "close")
FORM = ("content-type", "application/x-www-form-urlencoded")


def kind_of(request):
    """The secret that a request is about: its path says which."""
    return ALL[int(request.split(b" ", 2)[1].split(b"?")[0].rsplit(b"/", 1)[1])]


def script(request):
    """An answer that is full of the secret that was asked with."""
    kind, path = kind_of(request), request.split(b" ", 2)[1]
    if path.startswith(b"/reset"):
        return [head(), chunk(stream_of(kind)[:-9]), RESET]
    if path.startswith(b"/error"):
        body = error_of(kind)
        length = f"content-length: {len(body)}"
        return [head("401 Unauthorized", *fields(kind), kind="application/json", framing=length) + body]
    text = stream_of(kind)
    trailers = "".join(f"{line}\r\n" for line in trailers_of(kind)).encode()
    pieces = [chunk(text[place : place + 1]) for place in range(len(text))]
    return [head("200 OK", *fields(kind), "trailer: x-auth-token, x-note"), *pieces, b"0\r\n" + trailers + b"\r\n"]


def stream_of(kind):
    return event(kind.value if kind in KINDS else "x") + b"data: [DONE]\n\n"


def error_of(kind):
    message = f"bad key {kind.value}" if kind in KINDS else ""
    return json.dumps({"error": {"message": message, "password": kind.value}}).encode()


def fields(kind):
    value, in_query = head_value(kind), quote(kind.value, safe="")
    lines = [f"set-cookie: s={value}", f"x-api-key: {value}"]
    lines += [f"location: https://u:{in_query}@h/a?access_token={in_query}&sig={in_query}"]
    return lines + ([f"x-debug: got {value}."] if kind in KINDS else [])


def trailers_of(kind):
    value = head_value(kind)
    return [f"x-auth-token: {value}"] + ([f"x-note: {value}"] if kind in KINDS else [])


def asked(kind):
    """What of the secret goes upstream: a query, fields, a JSON body and a form."""
    value, in_query = head_value(kind), quote(kind.value, safe="")
    query = f"key={in_query}&X-Amz-Signature={in_query}&sig={in_query}" + (f"&q={in_query}" if kind in KINDS else "")
    headers = [("x-api-key", value), ("cookie", f"a={value}"), ("api-key", value), ("x-goog-api-key", value)]
    headers += [("x-note", f"see {value}, ok")] if kind in KINDS else []
    body = {"api_key": kind.value, "mcp": [{"authorization_token": kind.value}]}
    body |= {"text": kind.value, "nested": json.dumps({"k": kind.value})} if kind in KINDS else {}
    return query, headers, json.dumps(body).encode()


def use(base, number, server):
    """Asks in every way with one secret, and checks that both sides have it as it was."""
    kind = ALL[number]
    query, headers, body = asked(kind)
    prefix = f"{base}/~session=s{number}"
    before = len(server.requests)
    got = answer(raw_wire.ask(f"{prefix}/v1/messages/{number}?{query}", body=body, headers=[*headers, CLOSE]))
    assert (got.status, got.body, got.end) == (200, stream_of(kind), "complete")
    assert [":".join(field) for field in got.trailers] == [line.replace(": ", ":", 1) for line in trailers_of(kind)]
    assert dict(got.headers)["x-api-key"] == head_value(kind)
    # There is a type of JSON in front of the form's.
    form = f"client_secret={quote_plus(kind.value)}&grant_type=x".encode()
    failed = wire.send("POST", f"{prefix}/error/{number}?{query}", form, [*headers, FORM])
    assert (failed.status, failed.body) == (401, error_of(kind))
    assert raw_wire.ask(f"{prefix}/reset/{number}?{query}", body=body, headers=headers).end == "reset"
    refused = wire.post(f"{prefix}/dead/{number}?{query}", body, headers)
    missed = wire.post(f"{prefix}/nowhere/{number}?{query}", body, headers)
    assert (refused.status, missed.status) == (502, 404)
    first, second, third = server.requests[before:]
    assert body in first and form in second and body in third
    assert all(query.encode() in request and head_value(kind).encode() in request for request in (first, second))
    return refused.body + missed.body


@contextmanager
def deck_in_between(tapedeck, folder, server, mode, to):
    """A deck whose upstreams' URLs hold a password each, the second of which nobody listens to."""
    secret = quote(NAMELESS[-1].value, safe="")
    live = f"http://me:{secret}@127.0.0.1:{server.port}"
    dead = f"/dead=http://me:{secret}@127.0.0.1:{closed_port()}"
    routes = [part for path in ("/v1", "/error", "/reset") for part in ("--upstream", f"{path}={live}")]
    with recording(tapedeck, folder, *routes, "--upstream", dead, mode=mode, to=to) as deck:
        yield deck


def pages(base):
    names = ["journal?limit=10000", "exchanges", *(f"sessions/s{number}" for number in range(len(ALL)))]
    shown = b"".join(wire.send("GET", f"{base}/~/api/{name}").body for name in names)
    return shown + wire.send("GET", f"{base}/~/metrics").body


@pytest.mark.parametrize("to", ["t.tape", "tapes/"])
@pytest.mark.parametrize("mode", ["record", "auto", "once"])
def test_upstream_and_client_have_every_secret_and_nothing_else_has(tapedeck, tmp_path, mode, to):
    with upstream(script) as server, deck_in_between(tapedeck, tmp_path, server, mode, to) as deck:
        shown = b"".join(use(deck.base, number, server) for number in range(len(ALL)))
        authorization = f"me:{NAMELESS[-1].value}".encode()
        assert all(base64.b64encode(authorization) in request for request in server.requests)
        shown += pages(deck.base)
    shown += deck.said.read_bytes()
    folder = tmp_path if to == "t.tape" else deck.tape
    assert len([exchange for path in folder.glob("*.tape") for exchange in tape.read(path)]) == 4 * len(ALL)
    assert leaks(shown) == []
    assert base64.b64encode(authorization) not in shown
    assert leaks(b"".join(inflated(path) for path in folder.iterdir() if path.is_file())) == []
    if mode == "record" and to == "t.tape":
        assert leaks(all_that_is_written(folder, tapedeck)) == []


@pytest.mark.parametrize("kind", KINDS[::6], ids=lambda kind: kind.name)
def test_a_deck_that_is_killed_in_a_secret_leaves_nothing_of_it(tapedeck, tmp_path, kind):
    text = event(kind.value)
    half = text[: text.index(kind.value.encode()) + len(kind.value) * 2 // 3]
    pieces = [chunk(half[place : place + 1]) for place in range(len(half))]
    gate = threading.Event()
    slow = [head(), chunk(b"data: before\n\n"), *pieces, Wait(gate), LAST_CHUNK]
    with upstream(slow) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        with wire.connected(deck.base) as connection:
            connection.sendall(wire.request("POST", f"{deck.base}/v1?key={quote(kind.value)}", b"{}", []))
            until(lambda: any(b'"key' in text for text in while_there(tmp_path.glob("*.part"), joined)))
            deck.end(signal.SIGKILL)
        gate.set()
    assert leaks(b"".join(inflated(path) for path in tmp_path.iterdir())) == []
    run(tapedeck, "check", "--repair", tmp_path)
    [exchange] = deck.exchanges
    assert exchange.how == "interrupted" and b'"key' in exchange.body
    assert leaks(all_that_is_written(tmp_path, tapedeck)) == []


def joined(path):
    """The body as far as it stands in a spool that is being written."""
    lines = inflated(path).split(b"\n")[1:-1]
    return b"".join(line[2].encode() for line in map(json.loads, lines) if line[1] == "d")


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_the_line_about_a_lost_recording_holds_no_secret(tapedeck, tmp_path, kind):
    number = ALL.index(kind)
    query, headers, body = asked(kind)
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url, to="folder/") as deck:
        deck.tape.rmdir()
        assert wire.post(f"{deck.base}/v1/{number}?{query}", body, headers).body == stream_of(kind)
    assert deck.exit_code == 1 and "was not recorded" in deck.warnings
    assert leaks(deck.warnings) == []


def test_an_upstream_that_is_refused_is_not_shown_with_its_password(tapedeck, tmp_path):
    secret = quote(NAMELESS[-1].value, safe="")
    url = f"http://me:{secret}@127.0.0.1:1"
    for wrong in ([f"{url}?a=b"], [url, url], [f"/v1={url}", f"/v1={url}"], [f"ftp{url[4:]}"], [f"/v1{url}"]):
        flags = [part for one in wrong for part in ("--upstream", one)]
        done = run(tapedeck, "serve", *flags, "--mode", "passthrough", cwd=tmp_path)
        assert done.returncode == 64 and done.stderr.count(b"\n") == 1, wrong
        assert leaks(done.stderr) == [], wrong


def test_a_session_whose_name_is_a_key_gets_no_file_of_that_name(tapedeck, tmp_path):
    names = [kind.value for kind in KINDS if all(letter.isalnum() or letter in "._:[]/-" for letter in kind.value)]
    names = [name for name in names if len(name) <= 128]
    assert len(names) > 20
    with upstream(lambda request: [head(), LAST_CHUNK]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, to="folder/") as deck:
            for name in names:
                refused = wire.post(f"{deck.base}/~session={quote(name, safe='')}/v1", b"{}")
                assert refused.status == 400 and b"session" in refused.body
                assert leaks(refused.body) == []
            assert server.requests == []
            shown = wire.send("GET", f"{deck.base}/~/api/journal").body
    assert [path.name for path in deck.tape.iterdir()] == []
    assert leaks(shown + deck.said.read_bytes()) == []
