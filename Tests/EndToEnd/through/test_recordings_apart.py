"""Recordings do not wait for each other: what one costs, no other answer's end waits for."""

import random
import threading
import time
import urllib.request

import pytest

from recording_deck import recording
from scripted_upstream import LAST_CHUNK, body_of, chunk, head, stream, upstream

# It measures time or memory, and is run with nothing beside it.
pytestmark = pytest.mark.alone

LARGE_BYTES = 1 << 20
# Patterns that cost something at each byte of such a text, and match nowhere in it.
DEAR = [flag for letter in "abc" for flag in ("--redact", f"({letter}[a-z]*[a-z])+[#]")]
# The bound is 50 ms; the rest is for a machine that does other things too.
SOON_S = 0.5


def ask(url):
    with urllib.request.urlopen(urllib.request.Request(url, data=b"{}"), timeout=60) as reply:
        return reply.read()


def script(request):
    """Letters that compress slowly, or a stream of a few events."""
    if b"/large" not in request.split()[1]:
        return stream()
    letters = random.Random(1).choices(b"abcdefghijklmnopqrstuvwxyz \n", k=LARGE_BYTES // 8)
    return [head(kind="text/plain"), *[chunk(bytes(letters))] * 8, LAST_CHUNK]


def test_a_small_answer_does_not_wait_for_a_large_recording(tapedeck, tmp_path):
    with (
        upstream(script) as server,
        recording(tapedeck, tmp_path, *DEAR, upstream=server.url, mode="record", to="tapes/") as deck,
    ):
        large = []
        asking = threading.Thread(target=lambda: large.append(ask(f"{deck.base}/~session=large/large")))
        asking.start()
        tape = deck.tape / "large.tape"
        waits = []
        while not tape.exists() and len(waits) < 100:
            began = time.monotonic()
            assert ask(f"{deck.base}/~session=small{len(waits)}/small") == body_of()
            waits.append(time.monotonic() - began)
        asking.join(60)
        assert len(large[0]) == LARGE_BYTES
    # The large recording was under way meanwhile, and no small answer was held up by it.
    assert len(waits) >= 3 and max(waits) < SOON_S, (len(waits), max(waits))
    assert sum(1 for _ in deck.tape.glob("small*.tape")) == len(waits)
