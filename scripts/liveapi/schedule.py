"""When each write is due: a wait for the first, then gaps of 10 to 40 ms, all from a fixed seed."""

from random import Random
from typing import NamedTuple


class Write(NamedTuple):
    """One write to the socket, which goes out as one HTTP chunk."""

    due_ms: float
    """When, counted from the request's arrival."""

    data: bytes


def schedule(events: list[bytes], rng: Random) -> list[Write]:
    """One write an event, save that about one in eight brings the next event along."""
    groups: list[bytes] = []
    joins = False
    for event in events:
        if joins:
            groups[-1] += event
        else:
            groups.append(event)
        joins = not joins and rng.random() < 1 / 8
    return timed(groups, rng)


def schedule_inside_characters(events: list[bytes], rng: Random) -> list[Write]:
    """Writes that end inside a multi-byte character, at each of its inner places in turn.

    Every third event also ends a write, so that some of them carry half an event and some more.
    """
    pieces = [b""]
    for number, event in enumerate(events):
        if cut := place_inside_character(event, number):
            pieces[-1] += event[:cut]
            pieces.append(event[cut:])
        else:
            pieces[-1] += event
        if number % 3 == 0:
            pieces.append(b"")
    return timed([piece for piece in pieces if piece], rng)


def place_inside_character(event: bytes, turn: int) -> int | None:
    """An offset inside the last character of more than one byte, or nothing where there is none."""
    tail = max((i for i, byte in enumerate(event) if 0x80 <= byte < 0xC0), default=None)
    if tail is None:
        return None
    lead = max(i for i in range(tail) if event[i] >= 0xC0)
    return lead + 1 + turn % (tail - lead)


def timed(groups: list[bytes], rng: Random) -> list[Write]:
    due_ms = 150 + 250 * rng.random()
    writes = []
    for data in groups:
        writes.append(Write(due_ms, data))
        due_ms += 10 + 30 * rng.random()
    return writes
