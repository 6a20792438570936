"""The faults of time and shape: when the bytes of a draft are due, and in which chunks."""

import re
from fractions import Fraction
from itertools import pairwise

from reference_draft import Chunk
from reference_units import is_duration, microseconds, size

INSIDE = {
    "crlf": re.compile(rb"\r\n"),
    "utf8": re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"),
}


def happens(draw, probability):
    return draw < Fraction(probability) * 2**64


def point(draft, place):
    """The index of the byte behind a place, and when what happens there happens."""
    if place.head and place.head != "after":
        return 0, draft.head_at_us or 0
    if not place.is_after:
        index = draft.before(place.offset)
        return index, draft.due_us(index)
    index = draft.behind(place.offset)
    return index, draft.due_us(index - 1) if index else draft.head_at_us or 0


def start_of(draft, place):
    """Where a span begins, as the first byte of a chunk."""
    if place is None:
        return 0
    index, _ = point(draft, place)
    draft.split(index)
    return index


def parted(draft, place):
    """The bytes before a span, and the chunks in it."""
    start = start_of(draft, place)
    chunks, at = [], 0
    for chunk in draft.chunks:
        if at >= start:
            chunks.append(chunk)
        at += len(chunk.cells)
    return draft.cells[:start], chunks


def put(draft, before, chunks):
    """Puts other chunks in place of those in a span."""
    draft.chunks = chunks
    draft.cells = before + draft.cells


def stall(draft, fault, place, _):
    delay_us = int(microseconds(fault.argument))
    index, from_us = point(draft, place)

    def later(due_us):
        return max(due_us, from_us + delay_us) if "burst" in fault.keys else due_us + delay_us

    draft.split(index)
    moved = [cell._replace(due_us=later(cell.due_us)) for cell in draft.cells[index:]]
    draft.cells[index:] = moved
    draft.end_at_us = later(draft.end_at_us)
    if place.head == "before":
        draft.heads = [later(at_us) for at_us in draft.heads]
        draft.head_at_us = draft.heads[0] if draft.heads else None
    elif place.head == "in" and draft.heads:
        draft.heads = [draft.heads[0], later(draft.heads[0])]


def trickle(draft, fault, place, _):
    rate = Fraction(size(fault.argument.removesuffix("/s")))
    piece = max(1, int(rate / 10))
    before, chunks = parted(draft, place)
    cells = [cell for chunk in chunks for cell in chunk.cells]
    if not cells:
        return
    from_us = point(draft, place)[1] if place else cells[0].due_us
    pieces = []
    for at in range(0, len(cells), piece):
        part = cells[at : at + piece]
        earliest_us = from_us + int(at * 1_000_000 / rate)
        pieces.append(Chunk(max(part[-1].due_us, earliest_us), part))
    put(draft, before, pieces)
    draft.end_at_us = max(draft.end_at_us, pieces[-1].due_us)


def hold(draft, fault, place, _):
    before, chunks = parted(draft, place)
    if is_duration(fault.argument):
        sent = held_for(int(microseconds(fault.argument)), chunks, draft.end_at_us)
    else:
        sent = held_until(size(fault.argument), chunks, draft.end_at_us)
    put(draft, before, sent)


def held_for(delay_us, chunks, end_at_us):
    """Each buffer goes out that long after its first byte, at the end of the body at the latest."""
    sent, cells, flush_us = [], [], 0
    for chunk in chunks:
        if cells and chunk.due_us > flush_us:
            sent.append(Chunk(flush_us, cells))
            cells = []
        if not cells:
            flush_us = min(chunk.due_us + delay_us, end_at_us)
        cells = cells + chunk.cells
    return sent + ([Chunk(flush_us, cells)] if cells else [])


def held_until(least, chunks, end_at_us):
    """Each buffer goes out with the chunk that fills it, what is left with the end of the body."""
    sent, cells = [], []
    for chunk in chunks:
        cells = cells + chunk.cells
        if len(cells) >= least:
            sent.append(Chunk(chunk.due_us, cells))
            cells = []
    return sent + ([Chunk(end_at_us, cells)] if cells else [])


def rechunk(draft, fault, place, scene):
    before, chunks = parted(draft, place)
    cells = [cell for chunk in chunks for cell in chunk.cells]
    if fault.argument in ("utf8", "crlf"):
        put(draft, before, cut_inside(chunks, cells, fault.argument))
        return
    pieces, at = [], 0
    while at < len(cells):
        count = 1 + scene.draw(f"rechunk:{len(pieces)}") % 64 if fault.argument == "random" else int(fault.argument)
        pieces.append(cells[at : at + count])
        at += count
    put(draft, before, [Chunk(piece[-1].due_us, piece) for piece in pieces])


def cut_inside(chunks, cells, what):
    """The chunks cut once more, inside each character of several bytes or each CR LF."""
    data = bytes(cell.byte for cell in cells)
    cuts = {0, len(data)} | {found.start() + 1 for found in INSIDE[what].finditer(data)}
    at = 0
    for chunk in chunks:
        cuts.add(at)
        at += len(chunk.cells)
    pieces = [cells[start:end] for start, end in pairwise(sorted(cuts)) if end > start]
    return [Chunk(piece[-1].due_us, piece) for piece in pieces]


def coalesce(draft, fault, place, _):
    before, chunks = parted(draft, place)
    count = int(fault.argument)
    groups = [chunks[at : at + count] for at in range(0, len(chunks), count)]
    joined = [Chunk(group[-1].due_us, [cell for one in group for cell in one.cells]) for group in groups]
    put(draft, before, joined)
