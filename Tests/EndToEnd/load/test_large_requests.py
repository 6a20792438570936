"""Large bodies and long recordings cost those who ask for them, and nobody beside them."""

import json
import socket
import statistics
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from loaded_deck import PATH, Watch, deck_on, exchange, head, large_body, ticks, write_tape

# It measures time or memory, and is run with nothing beside it.
pytestmark = pytest.mark.alone

WATCHED = "/v1/watched"
LONG = "/v1/long"
LARGE = 128 << 10
LATE_S = 0.15
"""More than a busy machine makes a thread wait."""
SLOW_S = 0.4
"""How long the work takes beside which others are to be on time: far longer than that."""
WATCHED_S = 0.5
"""How long they are watched at least."""
BESIDE_S = 0.02
"""By how much later a stream may be, as a rule, than with nothing beside it."""


@pytest.fixture
def tape_path(tmp_path):
    long = ["".join(f'event: tick\ndata: {{"n":{number}}}\n\n' for number in range(20_000))]
    return write_tape(
        tmp_path / "t.tape",
        exchange(1, ["data: a\n\n"], '{"a":1}', gap_us=0),
        exchange(2, ["data: b\n\n"], '{"b":1}', gap_us=0),
        exchange(3, ticks(3000), path=WATCHED),
        exchange(4, long, path=LONG, gap_us=0),
    )


def slow_body(deck):
    """A body that takes the deck a while, however it is built."""
    for size in (LARGE, LARGE * 4, LARGE * 16, LARGE * 64, 30_000_000):
        body = large_body(size)
        start = time.monotonic()
        # In a session of its own: each recording is played once in a session.
        assert deck.ask(f"/~session=of-{size}{PATH}", body)[0] == 200
        if time.monotonic() - start > SLOW_S:
            break
    return body


def lateness_alone(deck):
    """How late a stream is, as a rule, with nothing beside it."""
    with Watch(deck, WATCHED) as watch:
        watch.over.wait(WATCHED_S)
    return statistics.median(watch.late_s)


def check(watch):
    assert len(watch.late_s) > 5
    assert len(watch.health_s) > 2
    assert max(watch.late_s) < LATE_S
    assert max(watch.health_s) < LATE_S


def test_a_stream_beside_a_large_body_is_on_time(tapedeck, tmp_path, tape_path):
    with deck_on(tapedeck, tmp_path, tape_path, "--threads", "1") as deck:
        body = slow_body(deck)
        alone_s = lateness_alone(deck)
        with Watch(deck, WATCHED) as watch:
            start = time.monotonic()
            assert deck.ask(body=body)[0] == 200
            watch.over.wait(max(0, WATCHED_S - (time.monotonic() - start)))
        check(watch)
        assert statistics.median(watch.late_s) < alone_s + BESIDE_S


def test_a_stream_beside_a_plan_that_takes_long_is_on_time(tapedeck, tmp_path, tape_path):
    paces = [f"/~pace=gap:{gap}ms" for gap in range(1, 5)]
    faults = [f"/~fault=swap@event:{place}/~pace=instant" for place in (3, 5)]
    with deck_on(tapedeck, tmp_path, tape_path, "--threads", "1") as deck:
        with Watch(deck, WATCHED) as watch, ThreadPoolExecutor(8) as pool:
            start = time.monotonic()
            asked = [pool.submit(deck.ask, fault + LONG) for fault in faults]
            for pace in paces:
                with closing(deck.open()) as connection:
                    connection.sendall(head(2, pace + LONG) + b"{}")
                    assert connection.recv(1000).startswith(b"HTTP/1.1 200")
            assert all(b'"n":19999' in answer.result()[2] for answer in asked)
            watch.over.wait(max(0, WATCHED_S - (time.monotonic() - start)))
        check(watch)


def test_attempts_and_loose_recordings_go_by_the_order_in_which_requests_came(tapedeck, tmp_path, tape_path):
    large = large_body(LARGE)
    with deck_on(tapedeck, tmp_path, tape_path) as deck, ThreadPoolExecutor(3) as pool:
        path = f"/~session=s{PATH}"
        first = pool.submit(deck.ask, path, large)
        deck.until_journal(lambda entries: len(entries) == 1)
        # It is whole, and not compared yet; it is asked again, and then something that is soon compared.
        second = pool.submit(deck.ask, path, large)
        deck.until_journal(lambda entries: len(entries) == 2)
        third = deck.ask(f"/~session=s{WATCHED}/no", b"{}")
        assert (first.result()[2], second.result()[2], third[0]) == (b"data: a\n\n", b"data: b\n\n", 404)
        entries = deck.journal("s")
    assert [entry["attempt"] for entry in entries] == [1, 2, 1]
    assert [entry["match"] for entry in entries] == ["loose", "loose", None]


def test_another_session_does_not_wait(tapedeck, tmp_path, tape_path):
    with deck_on(tapedeck, tmp_path, tape_path) as deck, ThreadPoolExecutor(2) as pool:
        body, path = slow_body(deck), f"/~session=s{PATH}"
        before = len(deck.journal())
        slow = [pool.submit(deck.ask, path, body) for _ in range(2)]
        deck.until_journal(lambda entries: len(entries) == before + 2)
        assert deck.ask(f"/~session=t{PATH}", b'{"b":1}')[2] == b"data: b\n\n"
        was_first = not all(answer.done() for answer in slow)
        assert [answer.result()[0] for answer in slow] == [200, 200]
    assert was_first


def test_what_is_pipelined_behind_a_large_body_is_answered_behind_it(tapedeck, tmp_path, tape_path):
    large = large_body(LARGE)
    with deck_on(tapedeck, tmp_path, tape_path) as deck, closing(deck.open()) as connection:
        small = b'{"b":1}'
        sent = head(len(large)) + large + head(len(small), PATH, "connection: close") + small
        sender = threading.Thread(target=connection.sendall, args=(sent,))
        sender.start()
        got = b""
        while data := connection.recv(65_536):
            got += data
        sender.join()
    assert got.count(b"HTTP/1.1 200") == 2
    assert got.index(b"data: a\n") < got.index(b"data: b\n")


@pytest.mark.parametrize("how", ["fin", "reset"])
def test_a_client_that_leaves_before_its_body_is_read_has_left(tapedeck, tmp_path, tape_path, how):
    large = large_body(LARGE)
    with deck_on(tapedeck, tmp_path, tape_path) as deck:
        connection = deck.open()
        connection.sendall(head(len(large), f"/~session=s{PATH}") + large)
        deck.until_journal(lambda entries: len(entries) == 1)
        if how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        entries = deck.until_journal(lambda entries: entries[0]["ended"])
        assert deck.ask(f"/~session=s{PATH}", large)[2] == b"data: b\n\n"
    assert [entry["attempt"] for entry in entries] == [1]
    if how == "reset":
        assert [(entry["ended"], entry["bytes"]) for entry in entries] == [("client", 0)]


def test_a_large_body_that_is_equal_matches_and_one_that_is_not_is_a_miss(tapedeck, tmp_path):
    body = large_body(LARGE).decode()
    tape_path = write_tape(tmp_path / "t.tape", exchange(1, ["data: a\n\n"], body))
    with deck_on(tapedeck, tmp_path, tape_path, "--match", "body") as deck:
        assert deck.ask(body=body.encode())[2] == b"data: a\n\n"
        status, _, answer = deck.ask(body=body.replace("read", "seen", 1).encode())
        assert status == 404
        assert "no exchange matches POST /v1/messages" in json.loads(answer)["error"]["message"]
        assert deck.ask("/v1/nothing")[0] == 404
