"""Cassettes that nobody would record: seeded, written by hand as it were, in plain text."""

import base64
import json
import random
from itertools import pairwise, product

HOWS = (
    *("complete", "truncated", "reset", "timeout", "malformed", "cancelled", "interrupted"),
    "unreachable",
)
FRAMINGS = ("chunked", "length", "eof", "h2")
CONTENT_TYPES = (
    *("text/event-stream", "text/event-stream; charset=utf-8", "Text/Event-Stream"),
    *("application/json", "text/plain", None),
)
LINES = (
    *(b"data: one", b"data:two", b"data:", b"data", b"data:  padded ", "data: é€😀".encode()),
    *(b"data: a:b", b"data: nul\x00", b"data: bad \xff\xe2\x82", "data: \u2028\u0085".encode()),
    *(b"event: ping", b"event", b"event:", "event:größe".encode(), b"Event: no", b"event : no"),
    *(b"id: 7", b"id", b"id: n\x00ul", "id:…".encode(), b"retry: 10", b"retry: x", b"unknown: 1"),
    *(b": comment", b":", b" data: no", b"\xef\xbb\xbfdata: no", "data:\u0301mark".encode()),
)
BODIES = (b"", b'{"no":"events"}', b"\n\r\r\n", b"\xef\xbb\xbf", b"data: tail", bytes(range(256)))
PATH = "/v1/random"


def text(seed, rounds=6):
    """A cassette of every ending in every framing, several times over, and some without a head."""
    chance = random.Random(seed)
    shapes = [*product(HOWS[:-1], FRAMINGS), *((how, None) for how in HOWS[1:])] * rounds
    return '{"tapedeck":1}\n' + "".join(
        exchange(chance, number, how, framing) for number, (how, framing) in enumerate(shapes, 1)
    )


def of_bodies(bodies, targets=None, seed=0):
    """A cassette of these bodies, each a list of chunks, sent as event streams to their end.

    Where targets are given, each is what was asked for with POST to get the body of its place.
    """
    chance = random.Random(seed)
    lines = ['{"tapedeck":1}\n']
    for number, chunks in enumerate(bodies, 1):
        headers = [["content-type", "text/event-stream"]]
        head = {"status": 200, "http": "1.1", "framing": "chunked", "headers": headers}
        asked = request(chance, number)
        if targets:
            asked |= {"method": "POST", "path": targets[number - 1]}
        coded = [("q", asked), ("h", head)]
        coded += [chunk_line(chance, chunk) for chunk in chunks] + [("e", {"how": "complete"})]
        lines += [
            json.dumps([100 if place else 0, *parts], ensure_ascii=False) + "\n" for place, parts in enumerate(coded)
        ]
    return "".join(lines)


def exchange(chance, number, how, framing):
    """The lines of one exchange, with notes and codes of another version between them."""
    chunks = pieces(chance, body(chance)) if framing else []
    lines = [("q", request(chance, number))]
    if framing:
        lines.append(("h", head(chance, how, framing, sum(map(len, chunks)))))
    lines += [chunk_line(chance, chunk) for chunk in chunks]
    if framing and chance.random() < 0.2:
        lines.append(("t", [["x-checksum", "abc"], ["x-other", "1"]]))
    lines.append(("e", end(chance, how)))
    for place in range(len(lines) - 1, 0, -1):
        if chance.random() < 0.1:
            lines.insert(place, chance.choice([("m", "note"), ("zz", {"any": [None]})]))
    return "".join(line(chance, place, *parts) for place, parts in enumerate(lines))


def line(chance, place, code, value):
    interval_us = chance.choice([0, 1, chance.randrange(1000), chance.randrange(3_000_000)])
    parts = [interval_us if place else 0, code, value]
    return json.dumps(parts, ensure_ascii=chance.random() < 0.5) + "\n"


def request(chance, number):
    value = {
        "id": chance.choice([f"{chance.getrandbits(64):016x}", f"é|{number}"]),
        "at": f"2026-11-22T11:00:00.{chance.randrange(10**6):06}Z",
        "by": "hand",
        "timing": chance.choice(["recorded", "synthetic"]),
        "method": "POST",
        "url": f"http://127.0.0.1{PATH}?n={number}",
        "headers": [],
        "body": "{}",
    }
    if chance.random() < 0.5:
        value["path"] = PATH
    if chance.random() < 0.1:
        value["x-unknown"] = {"deep": [1]}
    return value


def head(chance, how, framing, length):
    content_type = chance.choice(CONTENT_TYPES)
    headers = [["content-type", content_type]] if content_type else []
    status = chance.choice([200, 200, 200, 201, 400, 404, 429, 500, 529])
    value = {"status": status, "http": "2" if framing == "h2" else "1.1", "framing": framing}
    if framing == "length":
        value["length"] = length if how == "complete" else length + chance.randint(1, 99)
    return value | {"headers": [*headers, ["x-recorded", "1"]]}


def end(chance, how):
    value = {"how": how}
    if how == "unreachable":
        value["stage"] = chance.choice(["dns", "connect", "tls", "request"])
    if chance.random() < 0.2:
        value["detail"] = "so it was"
    return value


def body(chance):
    """An event stream in one style of line ends or all of them, or something else entirely."""
    if chance.random() < 0.15:
        return chance.choice(BODIES)
    line_ends = chance.choice([[b"\n"], [b"\r\n"], [b"\r"], [b"\n", b"\r\n", b"\r"]])
    lines = [
        (b"" if chance.random() < 0.4 else chance.choice(LINES)) + chance.choice(line_ends)
        for _ in range(chance.randrange(40))
    ]
    bom = b"\xef\xbb\xbf" * chance.choice([0, 0, 0, 1, 2])
    tail = chance.choice([b"", b"", chance.choice(LINES), chance.choice(line_ends)])
    return bom + b"".join(lines) + tail


def pieces(chance, whole):
    """A body cut anywhere: inside line ends and characters too, and with chunks of no bytes."""
    cuts = sorted(chance.choices(range(len(whole) + 1), k=chance.randrange(12)))
    cuts += [at + 1 for at in range(len(whole) - 1) if whole[at : at + 2] == b"\r\n"][:3]
    cuts = [0, *sorted(cuts), len(whole)]
    return [whole[start:stop] for start, stop in pairwise(cuts)]


def chunk_line(chance, chunk):
    """As text where that is possible, but base64 is right for any bytes."""
    try:
        if chance.random() < 0.8:
            return "d", chunk.decode()
    except UnicodeDecodeError:
        pass
    return "b", base64.b64encode(chunk).decode()
