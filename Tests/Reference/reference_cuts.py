"""The faults that end a replay early, late or otherwise, and those that answer instead of it."""

from reference_dialects import compact, status_body
from reference_draft import Cell
from reference_places import CannotApplyError
from reference_timing import point
from reference_units import microseconds, size

HTML = b"<!doctype html><title>tapedeck</title><p>This is no stream.</p>\n"


def is_chunked(exchange):
    """A failed recording goes out in its own framing, so that a client can notice the same.

    Only chunked framing can be malformed behind the head, so what was malformed goes out in it.
    """
    is_remade = exchange.how in ("complete", "malformed")
    return is_remade or exchange.head.get("framing", "chunked") in ("chunked", "h2")


def cut(draft, place, ending):
    index, at_us = point(draft, place)
    del draft.cells[index:]
    draft.end_at_us, draft.ending = at_us, ending
    if place.head == "before":
        draft.heads = []
    if place.head in ("before", "in"):
        draft.status = None
        draft.cells = []


def disconnect(draft, fault, place, scene):
    if "mid-chunk" in fault.keys and (place.head or not is_chunked(scene.exchange)):
        raise CannotApplyError("there is no HTTP chunk to break off in")
    cut(draft, place, "disconnect")


def reset(draft, _, place, _scene):
    cut(draft, place, "reset")


def end(draft, _, place, _scene):
    cut(draft, place, "complete")


def bad_chunk(draft, _, place, _scene):
    cut(draft, place, "disconnect")


def hang(draft, fault, place, _):
    cut(draft, place, "disconnect" if fault.argument else "hang")
    if fault.argument:
        draft.end_at_us += int(microseconds(fault.argument))


def linger(draft, *_):
    draft.ending = "hang"


def trailing(draft, fault, *_):
    if draft.heads:
        draft.insert(len(draft.cells), b"x" * size(fault.argument))


def framing(draft, fault, *_):
    if fault.argument == "length-short" and draft.ending == "complete":
        draft.ending = "disconnect"


def answer(draft, data, status):
    at_us = draft.head_at_us or 0
    draft.heads, draft.end_at_us, draft.ending = [at_us], at_us, "complete"
    draft.cells = [Cell(byte, None, at_us, 0, 0) for byte in data]
    draft.status = status


def status(draft, fault, _, scene):
    code = int(fault.argument)
    answer(draft, status_body(scene.dialect, code, fault.keys.get("type")), code)


def body(draft, fault, *_):
    json_body = compact({"tapedeck": "this is no stream"})
    answer(draft, HTML if fault.argument == "html" else json_body, 200)
