"""A client that leaves, a deck that is ended, and what becomes of the recording."""

import json
import signal
import socket
import struct
import threading
import time
import zlib

import pytest

import raw_wire
from answer import answer
from conftest import run
from recording_deck import recording
from scripted_upstream import (
    LAST_CHUNK,
    SILENCE,
    Flood,
    Pause,
    Wait,
    body_of,
    chunk,
    event,
    head,
    stream,
    upstream,
)
from waiting import until, while_there

PATH = "/v1/messages"
CLOSE = [("connection", "close")]


def gated(before=1, after=2):
    """A stream that goes on behind its first events only when the event is set."""
    gate = threading.Event()
    first = [chunk(event(number)) for number in range(before)]
    rest = [chunk(event(number)) for number in range(before, before + after)]
    return gate, [head(), *first, Wait(gate), *rest, LAST_CHUNK]


def leave(base, until, resets=False):
    """Asks, and leaves as soon as the answer has come so far."""
    connection = raw_wire.wire.connected(base)
    raw_wire.hear(connection, raw_wire.request_bytes(base + PATH), until=until, quiet_s=0)
    if resets:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def noted_end(deck):
    return [entry.get("ended") for entry in deck.journal()]


def test_an_answer_is_read_to_its_end_without_its_client(tapedeck, tmp_path):
    gate, script = gated()
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        leave(deck.base, event(0), resets=True)
        # The deck has noticed before the upstream goes on.
        until(lambda: noted_end(deck) == ["client"])
        gate.set()
        until(lambda: deck.tape.exists())
        assert answer(raw_wire.ask(deck.base + PATH, headers=CLOSE)).body == body_of()
        assert len(server.requests) == 1
    [exchange] = deck.exchanges
    assert (exchange.how, exchange.body) == ("complete", body_of())


def test_an_answer_can_be_given_up_with_its_client(tapedeck, tmp_path):
    gate, script = gated()
    flags = ["--on-client-close", "cancel"]
    with upstream(script) as server, recording(tapedeck, tmp_path, *flags, upstream=server.url) as deck:
        leave(deck.base, event(0), resets=True)
        until(lambda: deck.tape.exists())
        gate.set()
    [exchange] = deck.exchanges
    assert (exchange.how, exchange.body) == ("cancelled", event(0))
    assert "client" in exchange.ending["detail"]


@pytest.mark.parametrize(("policy", "how"), [("drain", "complete"), ("cancel", "cancelled")])
def test_a_client_that_closes_has_left_at_once(tapedeck, tmp_path, policy, how):
    """Though nothing more comes for it by which that would be noticed."""
    gate, script = gated()
    flags = ["--on-client-close", policy]
    with upstream(script) as server, recording(tapedeck, tmp_path, *flags, upstream=server.url) as deck:
        leave(deck.base, event(0))
        until(lambda: noted_end(deck) == ["client"])
        if policy == "drain":
            gate.set()
        until(lambda: deck.tape.exists())
        gate.set()
    [exchange] = deck.exchanges
    assert exchange.how == how
    assert (exchange.body == body_of()) == (how == "complete")


def test_an_answer_without_end_is_not_read_for_ever(tapedeck, tmp_path):
    flags = ["--client-close-timeout", "200ms"]
    script = [head(), chunk(event(0)), SILENCE]
    with upstream(script) as server, recording(tapedeck, tmp_path, *flags, upstream=server.url) as deck:
        leave(deck.base, event(0), resets=True)
        until(lambda: deck.tape.exists())
    [exchange] = deck.exchanges
    assert (exchange.how, exchange.body) == ("cancelled", event(0))


@pytest.mark.parametrize("policy", ["drain", "cancel"])
def test_a_client_that_leaves_behind_the_terminal_event_loses_nothing(tapedeck, tmp_path, policy):
    """An SDK closes once it has the last event, before the body's own end came."""
    terminal = b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
    script = [head(), chunk(event(0)), chunk(terminal), Pause(0.05), LAST_CHUNK]
    flags = ["--on-client-close", policy]
    with upstream(script) as server, recording(tapedeck, tmp_path, *flags, upstream=server.url) as deck:
        for _ in range(3):
            leave(f"{deck.base}", terminal)
        until(lambda: deck.tape.exists())
    assert deck.exchanges[0].body == event(0) + terminal
    assert deck.exchanges[0].how == "complete"


def test_a_client_that_leaves_before_the_head_has_its_answer_recorded(tapedeck, tmp_path):
    gate = threading.Event()
    with upstream([Wait(gate), *stream()]) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        connection = raw_wire.wire.connected(deck.base)
        connection.sendall(raw_wire.request_bytes(deck.base + PATH))
        until(lambda: server.requests)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        until(lambda: noted_end(deck) == ["client"])
        gate.set()
        until(lambda: deck.tape.exists())
    [exchange] = deck.exchanges
    assert (exchange.how, exchange.body) == ("complete", body_of())


def test_a_client_that_half_closes_gets_its_answer_where_that_is_said(tapedeck, tmp_path):
    script, keep = stream(3, pause_s=0.05), ["--half-close", "keep"]
    with upstream(script) as server, recording(tapedeck, tmp_path, *keep, upstream=server.url) as deck:
        heard = raw_wire.ask(deck.base + PATH, half_closes=True)
    assert answer(heard).body == body_of() and heard.end == "fin"
    assert deck.exchanges[0].how == "complete"


def test_a_deck_that_is_ended_lets_an_answer_end(tapedeck, tmp_path):
    gate, script = gated()
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        with raw_wire.wire.connected(deck.base) as connection:
            raw_wire.hear(connection, raw_wire.request_bytes(deck.base + PATH), until=event(0), quiet_s=0)
            deck.process.send_signal(signal.SIGTERM)
            threading.Timer(0.2, gate.set).start()
            heard = raw_wire.hear(connection, b"")
        assert heard.data.endswith(LAST_CHUNK)
        assert deck.end().exit_code == 0
    assert (deck.exchanges[0].how, deck.exchanges[0].body) == ("complete", body_of())


def test_a_deck_that_is_ended_keeps_what_came_of_an_answer(tapedeck, tmp_path):
    flags = ["--drain-timeout", "200ms"]
    script = [head(), chunk(event(0)), SILENCE]
    with upstream(script) as server, recording(tapedeck, tmp_path, *flags, upstream=server.url) as deck:
        with raw_wire.wire.connected(deck.base) as connection:
            raw_wire.hear(connection, raw_wire.request_bytes(deck.base + PATH), until=event(0), quiet_s=0)
            started = time.monotonic()
            assert deck.end().exit_code == 0
            assert time.monotonic() - started < 5
    [exchange] = deck.exchanges
    assert (exchange.how, exchange.body) == ("cancelled", event(0))
    assert list(tmp_path.glob("*.part")) == []


def test_a_deck_that_is_killed_leaves_what_can_be_adopted(tapedeck, tmp_path):
    script = [head(), chunk(event(0)), Pause(0.6), chunk(event(1)), SILENCE]
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        with raw_wire.wire.connected(deck.base) as connection:
            raw_wire.hear(connection, raw_wire.request_bytes(deck.base + PATH), until=event(1), quiet_s=0)
            # What is older than 250 ms is on disk.
            until(lambda: any(event(0) in body for body in while_there(tmp_path.glob("t.tape.*.part"), tape_body)))
            deck.end(signal.SIGKILL)
    assert not deck.tape.exists()
    assert run(tapedeck, "check", tmp_path).returncode == 1
    repaired = run(tapedeck, "check", "--repair", tmp_path)
    assert deck.tape.exists(), repaired
    [exchange] = deck.exchanges
    assert exchange.how == "interrupted" and exchange.body.startswith(event(0))
    assert list(tmp_path.glob("*.part")) == []


def tape_body(spool):
    """What a spool under way reads back as: each flush is a gzip member, and the last may be cut short."""
    text, rest = b"", spool.read_bytes()
    while rest:
        inflater = zlib.decompressobj(wbits=31)
        text += inflater.decompress(rest)
        rest = inflater.unused_data
    lines = text.decode().splitlines()
    return "".join(line[2] for line in map(json.loads, lines[1:]) if line[1] == "d").encode()


def test_a_large_answer_is_kept_up_to_the_limit_and_reaches_the_client_whole(tapedeck, tmp_path):
    block = chunk(b"x" * 65_536)
    script = [head(kind="text/plain"), Flood(block, 64), LAST_CHUNK]
    flags = ["--max-bytes", "1MiB"]
    with upstream(script) as server, recording(tapedeck, tmp_path, *flags, upstream=server.url) as deck:
        found = answer(raw_wire.ask(deck.base + PATH, headers=CLOSE))
    assert (len(found.body), found.end) == (4 << 20, "complete")
    [exchange] = deck.exchanges
    assert (exchange.how, len(exchange.body)) == ("cancelled", 1 << 20)
    assert "--max-bytes" in exchange.ending["detail"]


def unanswering():
    """A port that takes no connection: its queue is full, and nobody accepts."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for each in waiting:
        each.setblocking(False)
        each.connect_ex(listener.getsockname())
    return listener, waiting


def test_a_client_that_leaves_before_its_request_is_sent_ends_no_recording(tapedeck, tmp_path):
    listener, waiting = unanswering()
    with recording(tapedeck, tmp_path, upstream=f"http://127.0.0.1:{listener.getsockname()[1]}") as deck:
        connection = raw_wire.wire.connected(deck.base)
        connection.sendall(raw_wire.request_bytes(deck.base + PATH))
        until(lambda: [entry for entry in deck.journal() if "upstream" in entry])
        connection.close()
        until(lambda: noted_end(deck) == ["client"])
        listener.settimeout(20)
        asked = b""
        while not asked:
            server, peer = listener.accept()
            if peer not in [each.getsockname() for each in waiting]:
                asked = server.recv(65_536)
        server.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        until(lambda: deck.tape.exists())
    for each in [*waiting, listener, server]:
        each.close()
    assert [(exchange.how, exchange.body) for exchange in deck.exchanges] == [("complete", b"ok")]


@pytest.mark.parametrize("leaver", ["client", "deck"])
def test_what_was_given_up_before_it_was_sent_is_no_recording(tapedeck, tmp_path, leaver):
    listener, waiting = unanswering()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    flags = ["--on-client-close", "cancel", "--drain-timeout", "0s"]
    with recording(tapedeck, tmp_path, *flags, upstream=url) as deck:
        connection = raw_wire.wire.connected(deck.base)
        connection.sendall(raw_wire.request_bytes(deck.base + PATH))
        until(lambda: [entry for entry in deck.journal() if "upstream" in entry])
        if leaver == "client":
            connection.close()
            until(lambda: noted_end(deck) == ["client"])
        deck.end()
        connection.close()
    for each in [*waiting, listener]:
        each.close()
    assert deck.exit_code == 0
    assert [path.name for path in tmp_path.iterdir() if "tape" in path.name] == []
