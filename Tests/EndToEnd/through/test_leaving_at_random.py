"""Clients and upstreams that leave at any moment: nothing is left under way, and every recording can be read."""

import contextlib
import random
import select
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import raw_wire
import wire
from recording_deck import recording
from scripted_upstream import FIN, LAST_CHUNK, RESET, SILENCE, Flood, Pause, chunk, event, head, upstream
from waiting import targets, until, while_there

CLIENTS = 150
ROUNDS = 3
AT_ONCE = 24
CLOSE = [("connection", "close")]
BLOCK = chunk(b"x" * 65_536)


def script_of(request):
    """An answer that its own number decides: whole, cut anywhere, reset, stalled for a moment, large."""
    number = int(request.split(b" ", 2)[1].rsplit(b"/", 1)[1])
    chance = random.Random(number)
    steps = [head()] if chance.random() < 0.9 else []
    for place in range(chance.randrange(8)):
        steps += [chunk(event(place)), Pause(chance.choice([0, 0, 0.002, 0.02]))]
    if chance.random() < 0.2:
        steps += [BLOCK] * 6
    ending = chance.choice([[LAST_CHUNK]] * 4 + [[FIN], [RESET], [b"zz\r\n", FIN], [b"5\r\nab", RESET]])
    return steps + (ending if steps[:1] == [head()] else chance.choice([[FIN], [RESET], [b"nonsense", FIN]]))


def client(base, number):
    """Asks, reads for a while or not at all, and leaves in one of many ways; or pipelines and stays."""
    chance = random.Random(number * 7919)
    way = chance.choice(["whole", "half", "pipeline", "leave", "reset", "torn", "late"])
    stays = way in ("whole", "half")
    request = raw_wire.request_bytes(f"{base}/v1/{number}", headers=CLOSE if stays else [])
    with wire.connected(base) as connection, contextlib.suppress(ConnectionError, TimeoutError):
        connection.settimeout(20)
        if way == "torn":
            request = request[: chance.randrange(len(request))]
        if way == "pipeline":
            request += raw_wire.request_bytes(f"{base}/v1/{number + CLIENTS}")
        connection.sendall(request)
        if way == "half":
            connection.shutdown(socket.SHUT_WR)
        if stays:
            while connection.recv(65_536):
                pass
            return
        if way == "late":
            time.sleep(chance.random() * 0.2)
        for _ in range(chance.randrange(5)):
            if not select.select([connection], [], [], chance.random() * 0.03)[0] or not connection.recv(4096):
                break
        if way in ("reset", "late"):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


# What such a thread waits with: a poller, and two ends each of its own pipe and of libcurl's.
RECORDER_DESCRIPTORS = 5


def descriptors(deck, server):
    """How many files and sockets the deck has open.

    The idle connections to its upstream are left out, and what each further thread of the recorder keeps.
    """
    folder = Path(f"/proc/{deck.process.pid}")
    rows = [line.split() for line in (folder / "net/tcp").read_text().splitlines()[1:]]
    upstream_sockets = {f"socket:[{row[9]}]" for row in rows if row[2].endswith(f":{server.port:04X}")}
    opened = [target for _, target in targets(folder / "fd")]
    tasks = (task / "comm" for task in (folder / "task").iterdir())
    threads = [name.strip() for name in while_there(tasks, Path.read_text)]
    more = max(0, threads.count("tapedeck-curl") - 1) * RECORDER_DESCRIPTORS
    return len([target for target in opened if target not in upstream_sockets]) - more


@pytest.mark.parametrize("mode", ["record", "passthrough"])
@pytest.mark.parametrize("policy", ["drain", "cancel"])
def test_whatever_leaves_at_any_moment_nothing_is_left_behind(tapedeck, tmp_path, mode, policy):
    flags = ["--on-client-close", policy, "--max-pending", "64KiB", "--client-close-timeout", "5s"]
    to = "t.tape" if mode == "record" else None
    with upstream(script_of) as server:
        with recording(tapedeck, tmp_path, *flags, upstream=server.url, mode=mode, to=to) as deck:
            before = descriptors(deck, server)
            sizes = []
            for _ in range(ROUNDS):
                with ThreadPoolExecutor(AT_ONCE) as pool:
                    list(pool.map(lambda number: client(deck.base, number), range(CLIENTS)))
                until(lambda: all(entry["ended"] for entry in deck.journal()))
                sizes.append(deck.rss_bytes)
            until(lambda: descriptors(deck, server) == before)
            if mode == "passthrough":
                assert sizes[-1] - sizes[1] < 16 << 20, sizes
            forwarded = len([entry for entry in deck.journal() if "upstream" in entry])
            assert forwarded > ROUNDS * CLIENTS / 2
        assert deck.exit_code == 0, deck.warnings
        if mode == "record":
            # What its client gave up before it went out is on no tape.
            assert len(server.requests) <= len(deck.exchanges) <= forwarded
            assert all(exchange.how for exchange in deck.exchanges)
            assert not [*tmp_path.glob("*.part")]


def state_of(base, name, number):
    """A connection that is in some state when the deck is told to end."""
    connection = wire.connected(base)
    request = raw_wire.request_bytes(f"{base}/{name}/{number}")
    match name:
        case "torn-head":
            request = request[:20]
        case "torn-body":
            request = request[:-1]
        case "pipelined":
            request *= 3
    connection.sendall(request)
    if name == "half-closed":
        connection.shutdown(socket.SHUT_WR)
    if name == "streaming":
        assert connection.recv(9)
    return connection


STATES = {
    "silent": [SILENCE],
    "streaming": [head(), chunk(event(0)), SILENCE],
    "ending": [head(), chunk(event(0)), Pause(0.2), LAST_CHUNK],
    "unread": [head(), Flood(BLOCK, 40), LAST_CHUNK],
    "pipelined": [head(), chunk(event(0)), Pause(0.2), LAST_CHUNK],
    "half-closed": [head(), chunk(event(0)), SILENCE],
    "left": [head(), chunk(event(0)), SILENCE],
}
EACH = 2
TORN = ("torn-head", "torn-body")


@pytest.mark.parametrize("mode", ["record", "passthrough"])
@pytest.mark.parametrize("drain", ["0s", "1s"])
def test_a_deck_ends_in_time_whatever_its_connections_are_at(tapedeck, tmp_path, mode, drain):
    flags = ["--drain-timeout", drain, "--max-pending", "64KiB"]
    with upstream(lambda request: STATES[request.split(b"/")[1].decode()]) as server:
        with recording(
            tapedeck, tmp_path, *flags, upstream=server.url, mode=mode, to="t.tape" if mode == "record" else None
        ) as deck:
            connections = [state_of(deck.base, name, n) for n in range(EACH) for name in [*STATES, *TORN]]
            until(lambda: len(server.requests) >= EACH * len(STATES))
            for connection in connections[list(STATES).index("left") :: len(STATES) + len(TORN)]:
                connection.close()
            told = time.monotonic()
            deck.end()
            # What has come is still written, which a build without optimization does slowly.
            assert time.monotonic() - told < 10
        for connection in connections:
            connection.close()
    assert (deck.exit_code, deck.warnings) == (0, "")
    if mode == "record":
        assert len(deck.exchanges) == len(server.requests)
        assert {exchange.how for exchange in deck.exchanges} <= {"complete", "cancelled"}
        assert not [*tmp_path.glob("*.part")]
