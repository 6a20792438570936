"""Durations, sizes and rates as exact numbers."""

import re
from fractions import Fraction

UNITS_US = {"us": 1, "ms": 1000, "s": 1_000_000, "m": 60_000_000}
UNITS_BYTES = {"B": 1, "KiB": 1024, "MiB": 1024**2}


def microseconds(duration):
    number, unit = re.fullmatch(r"([0-9.]+)([a-z]+)", duration).groups()
    return Fraction(number) * UNITS_US[unit]


def size(text):
    number, unit = re.fullmatch(r"([0-9.]+)([A-Za-z]+)", text).groups()
    return int(Fraction(number) * UNITS_BYTES[unit])


def is_duration(text):
    return text.endswith(("s", "m"))
