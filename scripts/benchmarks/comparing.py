"""What `tapedeck diff` takes for two exchanges of 10 MB, which differ in their texts."""

import gzip
import json
import subprocess
import time

import gen
from report import Row, median

ROUNDS = 5
BODY_BYTES = 10_000_000
GOAL_S = 1


def comparing(tapedeck, folder):
    """The time of the whole program, from its start to its end."""
    one, other = (cassette(folder / f"{name}.tape", name) for name in ("one", "two"))
    rows = []
    for name, files in {"different": (one, other), "equal": (one, one)}.items():
        times = []
        for _ in range(ROUNDS):
            began = time.monotonic()
            subprocess.run([tapedeck, "diff", *files], stdout=subprocess.DEVNULL, check=False, timeout=60)
            times.append(time.monotonic() - began)
        spread = f"{median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"
        rows.append(Row(f"diff of two exchanges of 10 MB, {name}", spread, f"< {GOAL_S} s", median(times) < GOAL_S))
    return rows


def cassette(path, word):
    """A cassette of one exchange: deltas of a message, an event a chunk."""
    start = '"message":{"id":"m","type":"message","role":"assistant","content":[],"usage":{"input_tokens":1}}'
    block = '"index":0,"content_block":{"type":"text","text":""}'
    events = [
        f'event: message_start\ndata: {{"type":"message_start",{start}}}\n\n',
        f'event: content_block_start\ndata: {{"type":"content_block_start",{block}}}\n\n',
    ]
    size, number = 0, 0
    while size < BODY_BYTES:
        delta = {"type": "text_delta", "text": f" {word} {gen.WORDS[number % len(gen.WORDS)]}"}
        data = json.dumps({"type": "content_block_delta", "index": 0, "delta": delta}, separators=(",", ":"))
        events.append(f"event: content_block_delta\ndata: {data}\n\n")
        size += len(events[-1])
        number += 1
    path.write_bytes(gzip.compress((gen.HEADER + gen.exchange(events, 1000, 1, "{}", "/v1/messages")).encode(), 6))
    return path
