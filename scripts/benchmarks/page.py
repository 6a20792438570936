"""The page of the documentation that a comparison writes: its tables, between two markers."""

import re

from goals import START
from loads import CLIENT_LATE_MS, TIMED, UNTIMED
from results import OURS
from surroundings import CALM_CORES

BEGIN, END = "<!-- peers -->", "<!-- /peers -->"
HEADS = {
    "timed": [
        "server",
        "streams whole",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "worst ms",
        "p99 / limit",
        "early",
        "CPU us/event",
        "CPU / limit",
        "KiB/stream",
        "MiB",
        "client late ms",
        "others",
    ],
    "untimed": ["server", "streams/s", "/ limit", "CPU us/stream", "client's cores", "others"],
    "start": ["server", "median ms", "least ms", "/ limit"],
    "goals": ["what of the deck", "reached", "goal", "held"],
    "servers": ["server", "version", "what it is"],
}


def tables(results, goals):
    """All tables, each under a heading."""
    parts = [machine(results), "### The servers", servers(results), "### Goals of the deck", goal_table(goals)]
    for load in TIMED:
        parts += [f"### {load.name}", table("timed", [timed_row(results, load.name, name) for name in names(results)])]
    parts += [
        f"### {sentence(UNTIMED.name)}",
        table("untimed", [untimed_row(results, name) for name in names(results)]),
    ]
    parts += [f"### {sentence(START)}", table("start", [start_row(results, name) for name in names(results)])]
    return "\n\n".join(parts)


def write(path, results, goals):
    """Puts the tables between the page's markers."""
    old = path.read_text(encoding="utf-8")
    text = f"{BEGIN}\n{tables(results, goals)}\n{END}"
    new, count = re.subn(f"(?s){BEGIN}.*?{END}", lambda _: text, old)
    if count != 1:
        raise ValueError(f"{path} must have {BEGIN} and {END} once")
    path.write_text(new, encoding="utf-8")


def machine(results):
    facts = results.machine
    return (
        f"Measured on {facts['date']} with `scripts/bench peers --write`, {facts['rounds']} rounds, "
        f"on {facts['cpus']} cores ({facts['cpu']}, {facts['memory']}), {facts['kernel']}, "
        f"`ulimit -n` {facts['descriptors']:,}."
    )


def names(results):
    return [name for name, _, _ in results.servers]


def servers(results):
    return table("servers", [[label(name), version, about] for name, version, about in results.servers])


def goal_table(goals):
    return table("goals", [[goal.measure, goal.value, goal.goal, "yes" if goal.held else "**no**"] for goal in goals])


def timed_row(results, load, name):
    def figure(key, reduce=None):
        return results.figure(load, name, key, *([reduce] if reduce else []))

    why = results.missing(load, name)
    if why:
        return [label(name), why]
    streams = figure("streams", sum)
    return [
        label(name),
        f"{streams - figure('lost', sum):,} of {streams:,}",
        *(number(figure(key)) for key in ("p50", "p99", "p999", "max")),
        number(results.ratio(load, name, "p99")),
        f"{figure('early', sum):,}",
        number(figure("cpu_us")),
        number(results.ratio(load, name, "cpu_us")),
        number(figure("stream_kib")),
        number(figure("all_mib")),
        watched(results, load, name, "lag", CLIENT_LATE_MS),
        watched(results, load, name, "others", CALM_CORES),
    ]


def watched(results, load, name, key, limit):
    """A figure that should be small, and how many rounds had more than is good."""
    runs = results.runs[load][name]
    above = sum(run[key] > limit for run in runs)
    return number(results.figure(load, name, key)) + (f" ({above} of {len(runs)} rounds)" if above else "")


def untimed_row(results, name):
    why = results.missing(UNTIMED.name, name)
    if why:
        return [label(name), why]
    return [
        label(name),
        f"{results.figure(UNTIMED.name, name, 'per_s'):,.0f}",
        number(results.ratio(UNTIMED.name, name, "per_s")),
        *(number(results.figure(UNTIMED.name, name, key)) for key in ("cpu_us", "client_cores")),
        watched(results, UNTIMED.name, name, "others", CALM_CORES),
    ]


def start_row(results, name):
    why = results.missing(START, name)
    if why:
        return [label(name), why]
    return [
        label(name),
        number(results.figure(START, name, "ms")),
        number(results.figure(START, name, "ms", min)),
        number(results.ratio(START, name, "ms")),
    ]


def label(name):
    return f"**{name}**" if name == OURS else name


def number(value):
    """Three digits or so of a figure: more of them are not the same on the next run."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def sentence(name):
    return name[0].upper() + name[1:]


def table(kind, rows):
    head = HEADS[kind]
    lines = [head, ["---"] * len(head)] + [row + [""] * (len(head) - len(row)) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
