"""What a replay means, written a second time from the contract alone.

It shares nothing with the deck, so where the two agree, it is not by the same mistake. Times are
exact fractions of a microsecond until the last moment, when they are rounded down.
"""

import hashlib
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from math import floor

import event_stream
import reference_pace
from reference_cuts import is_chunked
from reference_draft import Cell, Chunk, Draft, bytes_of
from reference_faults import Scene, faulty
from reference_units import microseconds

ENDINGS = {
    "complete": "complete",
    "reset": "reset",
    "unreachable": "reset",
    "timeout": "hang",
    "truncated": "disconnect",
    "malformed": "disconnect",
    "cancelled": "disconnect",
    "interrupted": "disconnect",
}


@dataclass(frozen=True)
class Step:
    """One wire action: `head`, `send` or `finish`."""

    at_us: int | Fraction
    do: str
    data: bytes = b""


@dataclass(frozen=True)
class Settings:
    """All that a replay depends on besides the exchange."""

    pace: str = "recorded"
    idle_time_limit: str = ""
    seed: int = 0
    session: str = ""
    attempt: int = 1
    faults: tuple[str, ...] = ()
    like: list = field(default_factory=list, repr=False)
    """The exchanges of the cassette that the pace draws from."""

    def draw(self, exchange_id, label):
        text = f"{self.seed}|{self.session}|{exchange_id}|{self.attempt}|{label}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def plan(number, exchange, settings):
    """What `plan --json` prints of an exchange, but for the size of its head."""
    taken, status, ending = replayed(exchange, settings)
    actions = [
        {"at_us": step.at_us, "do": step.do} | ({"bytes": len(step.data)} if step.do == "send" else {})
        for step in taken
    ]
    body = b"".join(step.data for step in taken)
    return {
        "exchange": number,
        "attempt": settings.attempt,
        "seed": settings.seed,
        "status": status,
        "actions": actions,
        "body_bytes": len(body),
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "ending": ending,
    }


def replayed(exchange, settings):
    """The wire actions of a replay, its status and how it ends."""
    if settings.faults:
        draft = drafted(exchange, settings)
        return steps(draft), draft.status, draft.ending
    head = [Step(exchange.head_at_us, "head")] if exchange.head else []
    sends = [Step(at_us, "send", data) for at_us, data in exchange.chunks if data]
    taken = [*head, *sends, Step(exchange.end_at_us, "finish")]
    draw = scene(exchange, settings).draw
    taken = timed(taken, exchange.end_at_us, is_event_stream(exchange), settings, draw)
    ending = ENDINGS[exchange.how]
    return taken[:-1] if ending == "hang" else taken, exchange.head.get("status"), ending


def steps(draft):
    """The wire actions of a replay; one that hangs for good has no `finish`."""
    heads = [Step(at_us, "head") for at_us in draft.heads]
    sends = [Step(chunk.due_us, "send", bytes_of(chunk.cells)) for chunk in draft.chunks]
    finish = [] if draft.ending == "hang" else [Step(draft.end_at_us, "finish")]
    return [*heads, *sends, *finish]


def drafted(exchange, settings):
    """The recording with its faults and its pace, as it will be replayed."""
    seen = scene(exchange, settings)
    return faulty(
        recorded(exchange, seen.is_stream),
        settings.faults,
        seen,
        settings.attempt,
        lambda draft: pace(draft, seen.is_stream, settings, seen.draw),
    )


def scene(exchange, settings):
    """What faults may know of a recording."""

    def draw(label):
        return settings.draw(exchange.request["id"], label)

    return Scene(exchange, is_event_stream(exchange), draw)


def recorded(exchange, is_stream):
    """The recorded bytes at their recorded times; chunks of no bytes are left out with that."""
    ends = [event.block_end for event in event_stream.parse(exchange.body)] if is_stream else []
    cells = []
    block = 0
    for number, (at_us, data) in enumerate(exchange.chunks):
        for byte in data:
            offset = len(cells)
            block += block < len(ends) and offset == ends[block]
            cells.append(Cell(byte, offset, at_us, number, block))
    head_at_us = exchange.head_at_us if exchange.head else None
    draft = Draft(cells, head_at_us, exchange.end_at_us, ENDINGS[exchange.how])
    draft.status = exchange.head.get("status")
    return draft


def pace(draft, is_stream, settings, draw):
    """Gives a draft the times of a pace."""
    taken = timed(steps(draft), draft.end_at_us, is_stream, settings, draw)
    if taken[0].do == "head":
        draft.head_at_us = taken[0].at_us
        draft.heads = [draft.head_at_us]
    chunks, at = [], 0
    for step in taken:
        if step.do == "send":
            cells = draft.cells[at : at + len(step.data)]
            chunks.append(Chunk(step.at_us, cells))
            at += len(cells)
    draft.chunks = chunks
    draft.end_at_us = taken[-1].at_us


def wire_bytes(exchange, settings):
    """All bytes behind the head, or instead of one where there is none."""
    sends = [step.data for step in replayed(exchange, settings)[0] if step.do == "send"]
    if not is_chunked(exchange):
        return b"".join(sends)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(data), data) for data in sends)
    if exchange.how == "complete":
        trailers = "".join(f"{name}: {value}\r\n" for name, value in exchange.trailers)
        return chunks + b"0\r\n" + trailers.encode("latin-1") + b"\r\n"
    return chunks + (b"zz\r\n" if exchange.how == "malformed" else b"")


def timed(taken, end_at_us, is_stream, settings, draw):
    """The steps with the times of a pace, and a `finish` whether it ends or hangs."""
    if taken[-1:] == [] or taken[-1].do != "finish":
        taken = [*taken, Step(end_at_us, "finish")]
    pace, _, jitter = settings.pace.partition(",jitter:")
    taken = paced(taken, is_stream, pace, settings, draw)
    taken = [replace(step, at_us=floor(step.at_us)) for step in taken]
    if jitter:
        percent = Fraction(jitter.removesuffix("%"))
        taken = jittered(taken, percent, draw)
    return taken


def paced(taken, is_stream, pace, settings, draw):
    """The steps with their times, before jitter and rounding."""
    name, _, argument = pace.partition(":")
    if name == "gap":
        gap_us = microseconds(argument)
        return by_event(taken, is_stream, lambda number: number * gap_us)
    if name == "ttft":
        first, _, rate = argument.partition(",rate:")
        first_us, rate = microseconds(first), Fraction(rate.removesuffix("/s"))
        return by_event(taken, is_stream, lambda number: first_us + (number - 1) * 1_000_000 / rate)
    if name in ("model", "like"):
        return by_event(taken, is_stream, reference_pace.due_us(pace, draw, settings.like))
    taken = idle_limited(taken, settings.idle_time_limit)
    if name == "recorded":
        return taken
    speed = None if name == "instant" else Fraction(name.removesuffix("x"))
    return [replace(step, at_us=step.at_us / speed if speed else 0) for step in taken]


def by_event(taken, is_stream, due_us):
    """The head at once, then one event a chunk; what follows the last event goes with it."""
    body = b"".join(step.data for step in taken)
    ends = [event.block_end for event in event_stream.parse(body)] if is_stream else []
    cuts = [0, *ends[:-1], len(body)]
    sends = [
        Step(due_us(number) if ends else 0, "send", body[start:end])
        for number, (start, end) in enumerate(pairwise(cuts), 1)
        if end > start
    ]
    head = [Step(0, "head")] if taken[0].do == "head" else []
    return [*head, *sends, Step(sends[-1].at_us if sends else 0, "finish")]


def is_event_stream(exchange):
    types = [value for name, value in exchange.head.get("headers", []) if name == "content-type"]
    return bool(types) and types[0].partition(";")[0].strip().lower() == "text/event-stream"


def idle_limited(taken, limit):
    """The same steps with each interval capped, the one before the first of them too."""
    if not limit:
        return taken
    limit_us = microseconds(limit)
    return retimed(taken, lambda _, gap_us: min(gap_us, limit_us))


def jittered(taken, percent, draw):
    """The same steps with each gap scaled by its own draw: gap 0 comes before the head."""

    def scaled(number, gap_us):
        millionths = draw(f"jitter:{number}") % 2_000_001 - 1_000_000
        return floor(gap_us * (1 + percent / 100 * Fraction(millionths, 1_000_000)))

    return retimed(taken, scaled)


def retimed(taken, gap):
    """The same steps, each as long after the one before as `gap` of its number and gap says."""
    now_us = before_us = 0
    result = []
    for number, step in enumerate(taken, 0 if taken[0].do == "head" else 1):
        now_us += gap(number, step.at_us - before_us)
        before_us = step.at_us
        result.append(replace(step, at_us=now_us))
    return result
