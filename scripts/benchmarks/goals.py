"""What the deck shall reach, beside the least that a server can do."""

from loads import HUNDRED, OVERLOAD, TEN_THOUSAND, THOUSAND, TIMED, TWO_THOUSAND, UNTIMED
from report import Row
from results import OURS

START = "exec to the first byte of a response"
# The load, what of it, how to read it: as a ratio to the reference, or by itself with a unit; and the bound.
AT_MOST = [
    (THOUSAND.name, "CPU per event", "cpu_us", "ratio", 1.2),
    (THOUSAND.name, "lateness p99", "p99", "ratio", 2),
    (HUNDRED.name, "lateness p50", "p50", "ms", 0.8),
    (THOUSAND.name, "lateness p50", "p50", "ms", 0.8),
    (TWO_THOUSAND.name, "lateness p99", "p99", "ratio", 1.1),
    (TEN_THOUSAND.name, "lateness p99", "p99", "ms", 50),
    (TEN_THOUSAND.name, "worst lateness", "max", "ms", 200),
    (TEN_THOUSAND.name, "CPU per event", "cpu_us", "ratio", 1.2),
    (OVERLOAD.name, "worst lateness", "max", "ms", 500),
    (THOUSAND.name, "memory a stream", "stream_kib", "KiB", 4),
    (TEN_THOUSAND.name, "memory a stream", "stream_kib", "KiB", 4),
    (TEN_THOUSAND.name, "memory in all", "all_mib", "MiB", 60),
    (START, "", "ms", "ms", 15),
]
FAST_SHARE = 0.5


def rows(results):
    """Each goal, what the deck reached, and whether it held; what was not measured did not hold."""
    found = []
    for load, what, key, unit, bound in AT_MOST:
        value = results.ratio(load, OURS, key) if unit == "ratio" else results.figure(load, OURS, key)
        shown = "x limit" if unit == "ratio" else unit
        found.append(
            row(
                f"{load}{', ' if what else ''}{what}",
                value,
                shown,
                f"at most {bound} {shown}",
                value is not None and value <= bound,
            )
        )
    share = results.ratio(UNTIMED.name, OURS, "per_s")
    found.append(
        row(
            f"{UNTIMED.name}, streams/s",
            share,
            "x limit",
            f"at least {FAST_SHARE} x limit",
            share is not None and share >= FAST_SHARE,
        )
    )
    for name, key in (("events before their time", "early"), ("streams lost", "lost")):
        counts = [results.figure(load.name, OURS, key, sum) for load in TIMED]
        value = None if None in counts else sum(counts)
        found.append(row(f"all timed loads, {name}", value, "", "0", value == 0))
    return found


def row(measure, value, unit, goal, held):
    shown = "not measured" if value is None else f"{value:.2f} {unit}" if unit else f"{value:,}"
    return Row(measure, shown.strip(), goal, held)
