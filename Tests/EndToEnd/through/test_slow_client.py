"""A client that reads slowly, or not at all for a while: memory is bounded, and nothing is lost."""

import hashlib
import http.client
import select
import time
from contextlib import closing, contextmanager

import pytest

from recording_deck import recording
from scripted_upstream import LAST_CHUNK, Flood, chunk, head, upstream

# It measures time or memory, and is run with nothing beside it.
pytestmark = pytest.mark.alone

PATH = "/v1/messages"
BLOCK = bytes(range(256)) * 256
MIB = (1 << 20) // len(BLOCK)
"""The blocks of a MiB."""


@contextmanager
def asked(base):
    """A response whose head has come."""
    connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=20)
    with closing(connection):
        connection.request("POST", PATH, b"{}")
        yield connection.getresponse()


def stands_still(read, for_s=0.5, within_s=15):
    """Waits until a number has stayed the same for a while; gives it."""
    deadline = time.monotonic() + within_s
    last, since = read(), time.monotonic()
    while time.monotonic() - since < for_s:
        assert time.monotonic() < deadline
        select.select([], [], [], 0.02)
        if (now := read()) != last:
            last, since = now, time.monotonic()
    return last


@pytest.mark.parametrize(
    ("mode", "size_mib", "waiting_mib", "most_mib"), [("passthrough", 64, 20, 20), ("record", 24, 64, 160)]
)
def test_a_client_that_does_not_read_costs_little_memory(tapedeck, tmp_path, mode, size_mib, waiting_mib, most_mib):
    script = [head(kind="application/octet-stream"), Flood(chunk(BLOCK), size_mib * MIB), LAST_CHUNK]
    to = "t.tape" if mode == "record" else None
    flags = ["--max-bytes", "128MiB"]
    with (
        upstream(script) as server,
        recording(tapedeck, tmp_path, *flags, upstream=server.url, mode=mode, to=to) as deck,
    ):
        before = deck.rss_bytes
        with asked(deck.base) as response:
            sent = stands_still(lambda: server.sent_bytes)
            assert 0 < sent < size_mib << 19
            assert deck.rss_bytes - before < waiting_mib << 20
            digest, count = hashlib.sha256(), 0
            while piece := response.read(1 << 20):
                digest.update(piece)
                count += len(piece)
        assert deck.rss_bytes - before < most_mib << 20
    assert count == size_mib << 20
    assert digest.digest() == hashlib.sha256(BLOCK * size_mib * MIB).digest()
    if mode == "record":
        [exchange] = deck.exchanges
        assert (exchange.how, len(exchange.body)) == ("complete", size_mib << 20)
        assert hashlib.sha256(exchange.body).digest() == digest.digest()
        assert any("paused" in marker for marker in exchange.markers)


def test_a_gigabyte_goes_through_without_being_kept(tapedeck, tmp_path):
    count = (1 << 30) // len(BLOCK)
    script = [head(kind="application/octet-stream", framing=f"content-length: {1 << 30}"), Flood(BLOCK, count)]
    with (
        upstream(script) as server,
        recording(tapedeck, tmp_path, upstream=server.url, mode="passthrough", to=None) as deck,
    ):
        before, received = deck.rss_bytes, 0
        buffer = bytearray(1 << 20)
        with asked(deck.base) as response:
            while count := response.readinto(buffer):
                received += count
        assert received == 1 << 30
        assert deck.rss_bytes - before < 20 << 20


def test_what_is_beyond_the_limit_does_not_wait_for_the_disk_in_memory(tapedeck, tmp_path):
    script = [head(kind="application/octet-stream"), Flood(chunk(BLOCK), 256 * MIB), LAST_CHUNK]
    flags = ["--max-bytes", "8MiB"]
    with upstream(script) as server, recording(tapedeck, tmp_path, *flags, upstream=server.url, mode="record") as deck:
        before, most, received = deck.rss_bytes, 0, 0
        buffer = bytearray(1 << 20)
        with asked(deck.base) as response:
            while count := response.readinto(buffer):
                received += count
                most = max(most, deck.rss_bytes)
    assert received == 256 << 20
    assert most - before < 100 << 20
    [exchange] = deck.exchanges
    assert (exchange.how, len(exchange.body)) == ("cancelled", 8 << 20)
