"""Where a fault happens: places resolved against the recorded body, before anything is changed."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from reference_dialects import event_name
from reference_units import microseconds


class CannotApplyError(Exception):
    """The recording has no such place, or the fault makes no sense there."""


class DoesNotFireError(Exception):
    """Events are asked for on what is no event stream: nothing happens."""


@dataclass(frozen=True)
class Place:
    """An offset in the recorded body, or a part of the head."""

    offset: int = 0
    is_after: bool = False
    head: str = ""
    """`before`, `in` or `after`, where it is a place at the head."""


def resolve(text, scene, fault_name, in_body):
    """The place that a text names, in a recording; `in_body` says that the head is none."""
    side, _, rest = text.partition(":")
    if side not in ("in", "after"):
        side, rest = "", text
    kind, _, argument = rest.partition(":")
    if kind == "head":
        if in_body:
            raise CannotApplyError("it happens in the body only")
        return Place(0, is_after=side == "after", head=side or "before")
    if kind in ("event", "type") or rest == "random:event":
        return on_event(scene, event_number(scene, kind, argument, fault_name), side)
    if side == "in":
        raise CannotApplyError(f"{rest} has no inside")
    if kind == "time":
        return at_time(scene.exchange, microseconds(argument), side == "after", in_body)
    return in_bytes(scene, kind, argument, fault_name, side == "after")


def in_bytes(scene, kind, argument, fault_name, is_after):
    count = len(scene.exchange.body)
    match kind:
        case "byte":
            offset = int(argument) - 1
            if offset >= count:
                raise CannotApplyError(f"there is no byte {argument}")
            return Place(offset + is_after, is_after)
        case "random":
            if count < 2:
                raise CannotApplyError("too short for a random place")
            return Place(1 + scene.draw(f"place:{fault_name}") % (count - 1), is_after)
        case "frac":
            return Place(floor(Fraction(argument) * count), is_after)
    return Place(count, is_after)


def at_time(exchange, time_us, is_after, in_body):
    if exchange.head and time_us <= exchange.head_at_us:
        return Place(0, is_after, "" if in_body else "after" if is_after else "before")
    offset = 0
    for at_us, data in exchange.chunks:
        if at_us >= time_us:
            return Place(offset, is_after)
        offset += len(data)
    raise CannotApplyError(f"there is no chunk at {time_us} us or later")


def event_number(scene, kind, argument, fault_name):
    """The number of an event, from 0."""
    if not scene.is_stream:
        raise DoesNotFireError
    if kind == "event":
        return int(argument) - 1
    if kind == "random":
        if not scene.events:
            raise CannotApplyError("there is no event")
        return scene.draw(f"place:{fault_name}") % len(scene.events)
    name, _, ordinal = argument.partition(":")
    found = [number for number, event in enumerate(scene.events) if event_name(scene.dialect, event) == name]
    wanted = int(ordinal or 1) - 1
    if wanted >= len(found):
        raise CannotApplyError(f"there is no such {name}")
    return found[wanted]


def on_event(scene, number, side):
    if number >= len(scene.events):
        raise CannotApplyError(f"there is no event {number + 1}")
    start, end = scene.event_range(number)
    match side:
        case "in":
            return Place(start + (end - start) // 2)
        case "after":
            return Place(end, is_after=True)
    return Place(start)
