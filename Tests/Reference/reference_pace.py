"""Paces that chance draws: from distributions, and from the times of recorded streams.

The quantiles are those of Python and its C library, which are good to many more digits than a
microsecond shows.
"""

import math
import re
from itertools import pairwise
from statistics import NormalDist

import event_stream
from reference_units import microseconds

STANDARD_NORMAL = NormalDist()


def due_us(pace, draw, like):
    """When each event is due, by its number from 1; asked for in order."""
    name, _, argument = pace.partition(":")
    interval_us = from_model(argument) if name == "model" else from_streams(like)
    due = [0]

    def due_at(number):
        while len(due) <= number:
            label = f"gap:{len(due)}" if len(due) > 1 else "ttft"
            due.append(due[-1] + interval_us(len(due), draw(label)))
        return due[number]

    return due_at


def from_model(text):
    parts = dict(part.split("=") for part in re.split(r",(?![^(]*\))", text))
    gap = distribution(parts["gap"])
    first = distribution(parts["ttft"]) if "ttft" in parts else gap
    return lambda number, drawn: (first if number == 1 else gap)(drawn)


def distribution(text):
    """A function from a draw of 64 bits to whole microseconds."""
    name, _, arguments = text.rstrip(")").partition("(")
    times = [argument.strip() for argument in arguments.split(",")]
    first = float(microseconds(times[0] if arguments else name))
    match name:
        case "uniform":
            low, high = (int(microseconds(time)) for time in times)
            return lambda drawn: low + drawn % (high - low + 1)
        case "exponential":
            return lambda drawn: math.floor(first * -math.log(fraction(drawn)))
        case "normal":
            deviation = float(microseconds(times[1]))
            return lambda drawn: max(0, math.floor(first + deviation * STANDARD_NORMAL.inv_cdf(fraction(drawn))))
        case "lognormal":
            sigma = float(times[1])
            return lambda drawn: math.floor(first * math.exp(sigma * STANDARD_NORMAL.inv_cdf(fraction(drawn))))
    return lambda _: int(first)


def fraction(drawn):
    """The middle of one of 2^52 equal parts of the range from 0 to 1."""
    return (2 * (drawn >> 12) + 1) / 2**53


def from_streams(exchanges):
    """Draws from the times of those exchanges that are event streams and came whole."""
    firsts, gaps = [], []
    for exchange in exchanges:
        if is_whole_stream(exchange):
            times = event_times(exchange)
            firsts += times[:1]
            gaps += [after - before for before, after in pairwise(times)]
    return lambda number, drawn: (times := firsts if number == 1 else gaps)[drawn % len(times)]


def is_whole_stream(exchange):
    types = [value for name, value in exchange.head.get("headers", []) if name == "content-type"]
    is_stream = bool(types) and types[0].partition(";")[0].strip().lower() == "text/event-stream"
    return is_stream and exchange.how == "complete" and exchange.head["status"] < 400


def event_times(exchange):
    """When the chunk came that completed each event."""
    ends, behind = [], 0
    for at_us, data in exchange.chunks:
        behind += len(data)
        ends.append((behind, at_us))
    times = []
    for event in event_stream.parse(exchange.body):
        times.append(next(at_us for end, at_us in ends if end > event.completed_by))
    return times
