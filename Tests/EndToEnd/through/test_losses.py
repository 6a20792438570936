"""Recordings that cannot be kept: the client's stream goes on, the loss is said, no half file is left."""

import random
import shutil
import threading

import raw_wire
import tape
from answer import answer
from conftest import run
from recording_deck import recording
from scripted_upstream import LAST_CHUNK, Wait, body_of, chunk, head, stream, upstream
from waiting import until

PATH = "/v1/messages"
CLOSE = [("connection", "close")]
NOISE = random.Random(1).randbytes(300_000)
NOISY = [head(kind="application/octet-stream"), chunk(NOISE[:150_000]), chunk(NOISE[150_000:]), LAST_CHUNK]


def ask(base, path=PATH):
    return answer(raw_wire.ask(base + path, headers=CLOSE))


def assert_said(deck, count):
    """At once, in a line of its own, and again at the end; and the exit code says it."""
    lines = deck.warnings.splitlines()
    assert deck.exit_code == 1
    total = next(place for place, line in enumerate(lines) if f"{count} recording" in line)
    for said in (lines[:total], lines[total:]):
        assert len([line for line in said if f"POST {PATH} was not recorded" in line]) == count, lines


def test_a_full_disk_costs_the_recording_and_nothing_else(tapedeck, tmp_path):
    gate = threading.Event()
    script = [head(kind="application/octet-stream"), chunk(NOISE), Wait(gate), chunk(b"end"), LAST_CHUNK]
    with upstream([script, stream()]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, file_bytes=100_000) as deck:
            found = []
            asking = threading.Thread(target=lambda: found.append(ask(deck.base)))
            asking.start()
            # It is said while the answer still goes on.
            until(lambda: "was not recorded" in deck.warnings)
            assert not found
            gate.set()
            asking.join(20)
            assert (found[0].body, found[0].end) == (NOISE + b"end", "complete")
            assert ask(deck.base, "/small").body == body_of()
    assert_said(deck, 1)
    # What there was room for is on the cassette, and nothing else until it is asked for.
    assert [exchange.path for exchange in deck.exchanges] == ["/small"]
    assert run(tapedeck, "check", deck.tape).returncode == 1
    run(tapedeck, "check", "--repair", deck.tape)
    assert [(each.path, each.how) for each in deck.exchanges] == [("/small", "complete"), (PATH, "interrupted")]


def test_a_cassette_that_cannot_grow_stays_as_it_was(tapedeck, tmp_path):
    with upstream([[head(), chunk(b"%d" % n + NOISE[:40_000]), LAST_CHUNK] for n in range(3)]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode="record", name="first") as deck:
            ask(deck.base)
        before = deck.tape.read_bytes()
        limit = len(before) + 20_000
        with recording(tapedeck, tmp_path, upstream=server.url, mode="record", file_bytes=limit) as deck:
            assert ask(deck.base).body == b"1" + NOISE[:40_000]
    assert_said(deck, 1)
    assert deck.tape.read_bytes() == before
    # It is kept in its spool, which is named, and can be adopted once there is room.
    [spool] = tmp_path.glob("*.part")
    assert spool.name in deck.warnings
    run(tapedeck, "check", "--repair", tmp_path)
    assert [exchange.body[:1] for exchange in deck.exchanges] == [b"0", b"1"]
    assert deck.exchanges[1].how == "complete"


def test_a_folder_that_is_gone_costs_the_recordings(tapedeck, tmp_path):
    with upstream(stream()) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, to="folder/", mode="record") as deck:
            assert ask(deck.base).body == body_of()
            until(lambda: (deck.tape / "default.tape").exists() and not list(deck.tape.glob("*.part")))
            shutil.rmtree(deck.tape)
            assert [ask(deck.base).body for _ in range(2)] == [body_of()] * 2
    assert_said(deck, 2)
    assert not deck.tape.exists()


def test_two_decks_may_add_to_one_cassette(tapedeck, tmp_path):
    with upstream(lambda request: [head(), chunk(request[-6:] * 500), LAST_CHUNK]) as server:
        with (
            recording(tapedeck, tmp_path, upstream=server.url, mode="record", name="one") as one,
            recording(tapedeck, tmp_path, upstream=server.url, mode="record", name="two") as two,
        ):

            def many(deck, name):
                for number in range(20):
                    raw_wire.ask(deck.base + PATH, body=b"%b%05d" % (name, number), headers=CLOSE)

            threads = [threading.Thread(target=many, args=pair) for pair in ((one, b"a"), (two, b"b"))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
    exchanges = tape.read(one.tape)
    assert len(exchanges) == 40
    assert all(exchange.body == exchange.request["body"].encode() * 500 for exchange in exchanges)
