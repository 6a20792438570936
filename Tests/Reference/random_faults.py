"""Faults that a tester could ask for: seeded, each with valid arguments, at every kind of place."""

from itertools import pairwise, product

import event_stream
import random_tape
from reference_dialects import event_name
from reference_faults import CHAOS, EVENT_SPANS, EVENTS, KINDS, POINTS, SPANS
from reference_plan import Settings

PACES = (
    *("recorded", "recorded", "recorded", "2x", "0.7x", "instant", "gap:20ms", "gap:1ms"),
    *("ttft:300ms,rate:50/s", "ttft:1ms,rate:7/s", "recorded,jitter:20%", "gap:5ms,jitter:50%"),
    *("model:gap=exponential(5ms)", "model:ttft=lognormal(300ms,0.4),gap=lognormal(20ms,0.3)"),
)
HEADER = '{"tapedeck":1}\n'
FAILURES = [*product(random_tape.HOWS[:-1], random_tape.FRAMINGS), ("unreachable", None)]
NAMES = sorted(set().union(*KINDS) - {"gzip"}) + ["chaos"]


def settings(chance, exchange, scene, names):
    """Any settings, with one to three faults of these names."""
    count = chance.choice([1, 1, 1, 2, 2, 3])
    return Settings(
        pace=chance.choice(PACES),
        idle_time_limit=chance.choice(["", "", "", "30ms", "1s"]),
        seed=chance.choice([0, 0, 1, chance.getrandbits(64)]),
        session=chance.choice(["t1", "a:b/[c]"]),
        attempt=chance.choice([1, 1, 2, 3]),
        faults=tuple(fault(chance, exchange, scene, names) for _ in range(count)),
    )


def fault(chance, exchange, scene, names):
    name = chance.choice(names)
    text = name + argument(chance, name)
    is_placed = name in POINTS | EVENTS | SPANS | EVENT_SPANS
    if is_placed and chance.random() < 0.75:
        text += "@" + place(chance, exchange, scene)
    return text + keys(chance, name)


def argument(chance, name):
    optional = chance.random() < 0.2
    match name:
        case "stall":
            return "" if optional else ":" + chance.choice(["5s", "20ms", "1us", "2.5ms", "1m"])
        case "hang":
            return chance.choice(["", ":1s", ":3ms"])
        case "trickle":
            rates = ["1KiB/s", "100B/s", "7B/s", "64KiB/s", "1MiB/s", "333B/s"]
            return "" if optional else ":" + chance.choice(rates).replace("/", "%2F")
        case "hold":
            holds = ["1s", "20ms", "5ms", "1us", "100B", "1KiB", "4KiB", "1B"]
            return "" if optional else ":" + chance.choice(holds)
        case "rechunk":
            sizes = ["1", "7", "100", "random", "utf8", "crlf"]
            return "" if optional else ":" + chance.choice(sizes)
        case "coalesce":
            return "" if optional else ":" + chance.choice(["2", "3", "10"])
        case "framing":
            return "" if optional else ":" + chance.choice(["eof", "length", "length-short"])
        case "newline":
            return "" if optional else ":" + chance.choice(["crlf", "cr", "mixed"])
        case "big":
            return "" if optional else ":" + chance.choice(["2B", "100B", "4KiB"])
        case "trailing":
            return "" if optional else ":" + chance.choice(["1B", "100B", "1KiB"])
        case "error":
            types = ["overloaded_error", "größe", 'a"b\\c']
            return "" if optional else ":" + chance.choice(types)
        case "status":
            codes = [400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504, 529]
            return "" if optional else f":{chance.choice(codes)}"
        case "body":
            return "" if optional else ":" + chance.choice(["html", "json"])
        case "header":
            return "" if optional else ":" + chance.choice(["x-a=b", "-x-recorded"])
        case "chaos":
            return ":" + chance.choice(["1", "0.5", "0.25"])
    return ""


def keys(chance, name):
    text = ""
    if name == "stall" and chance.random() < 0.3:
        text += ",burst"
    if name == "disconnect" and chance.random() < 0.2:
        text += ",mid-chunk"
    if name == "status":
        text += chance.choice(["", "", ",retry-after=1.5s", ",type=custom_error"])
    if name == "chaos":
        picked = chance.sample(CHAOS, chance.randint(1, 4))
        text += chance.choice(["", ",from=" + "+".join(picked)])
    return text + chance.choice(["", "", "", "", ",on=1", ",on=1-2", ",on=2-"])


def place(chance, exchange, scene):
    """A place that is mostly there."""
    side = chance.choice(["", "", "", "in:", "after:"])
    kinds = ["head", "event", "event", "type", "byte", "time", "frac", "end", "random", "any"]
    kind = chance.choice(kinds)
    if side == "in:" and kind not in ("head", "event", "type", "any"):
        side = ""
    count = len(exchange.body)
    match kind:
        case "event":
            return f"{side}event:{number_to(chance, len(scene.events))}"
        case "type":
            return side + "type:" + of_type(chance, scene)
        case "byte":
            return f"{side}byte:{number_to(chance, count)}"
        case "time":
            last_us = max([at_us for at_us, _ in exchange.chunks] or [exchange.end_at_us])
            return f"{side}time:{chance.choice([0, chance.randint(0, last_us + 1)])}us"
        case "frac":
            return f"{side}frac:{chance.choice(['0', '1', '0.5', '0.25', '0.333', '0.9'])}"
        case "any":
            return side + "random:event"
    return side + kind


def number_to(chance, count):
    """A number from 1 to a count, seldom to one more."""
    return chance.randint(1, max(1, count + (chance.random() < 0.1)))


def of_type(chance, scene):
    if not scene.events or chance.random() < 0.05:
        return "delta"
    names = [event_name(scene.dialect, event) for event in scene.events]
    name = chance.choice(names)
    for plain in "%,;:@/":
        if plain in name:
            return "delta"
    ordinal = chance.randint(1, names.count(name))
    return name or "delta" if ordinal == 1 else f"{name}:{ordinal}"


def tape_text(chance, body=None, path=random_tape.PATH):
    """A cassette of one exchange: of a body cut anywhere or at its events, or of anything."""
    how, framing = chance.choice([("complete", "chunked")] * 12 + FAILURES)
    if body is None:
        return HEADER + random_tape.exchange(chance, 1, how, framing)
    framing = framing or "chunked"
    how = how if how != "unreachable" else "reset"
    head = random_tape.head(chance, how, framing, len(body))
    head |= {"status": 200, "headers": [["content-type", "text/event-stream"]]}
    chunks = random_tape.pieces(chance, body) if chance.random() < 0.5 else by_event(body)
    lines = [
        ("q", random_tape.request(chance, 1) | {"path": path}),
        ("h", head),
        *(random_tape.chunk_line(chance, chunk) for chunk in chunks),
        ("e", random_tape.end(chance, how)),
    ]
    return HEADER + "".join(random_tape.line(chance, number, *parts) for number, parts in enumerate(lines))


def by_event(body):
    ends = [0, *(event.block_end for event in event_stream.parse(body)), len(body)]
    return [body[start:end] for start, end in pairwise(ends) if end > start]
