"""The tables of the documentation on the load generator, between two markers."""

import re

from generators import OURS
from load_truth import SIZES
from page import goal_table, label, number
from report import median

BEGIN, END = "<!-- load -->", "<!-- /load -->"


def write(path, results, goals):
    """Puts the tables between the page's markers."""
    old = path.read_text(encoding="utf-8")
    text = f"{BEGIN}\n{tables(results, goals)}\n{END}"
    new, count = re.subn(f"(?s){BEGIN}.*?{END}", lambda _: text, old)
    if count != 1:
        raise ValueError(f"{path} must have {BEGIN} and {END} once")
    path.write_text(new, encoding="utf-8")


def tables(results, goals):
    facts = results["machine"]
    return "\n\n".join(
        [
            f"Measured on {facts['date']} with `scripts/bench load --write`, {facts['rounds']} rounds, "
            f"on {facts['cpus']} cores ({facts['cpu']}, {facts['memory']}), {facts['kernel']}.",
            "### Goals of the generator",
            goal_table(goals),
            "### CPU of the generator for an event",
            cost_table(results),
            "### What is reported, less what the server did",
            truth_table(results["truth"]),
        ]
    )


def cost_table(results):
    us, python = results["cpu"]["us"], results["python"]
    base = median(us["100"][OURS])
    lines = [["generator", "version", "what it is", "us/event, 1,000 streams", "us/event, 100 streams", "/ tapedeck"]]
    for name, version, about in results["cpu"]["who"]:
        hundred = median(us["100"][name])
        figures = [number(median(us["1,000"][name])), number(hundred), number(hundred / base)]
        lines.append([label(name), version, about, *figures])
    for name, version, about in python["who"]:
        hundred = python["us"].get(name)
        figures = ["", number(hundred), number(hundred / base)] if hundred else [python["why"][name], "", ""]
        lines.append([label(name), version, about, *figures])
    return markdown(lines)


def truth_table(found):
    figures = list(found[next(iter(SIZES))])
    lines = [["streams under way", *(f"{figure} ms" for figure in figures)]]
    for size in SIZES:
        lines.append([size, *(spread(found[size][figure]) for figure in figures)])
    return markdown(lines)


def spread(values):
    """The median, and where there were several rounds the least and the most."""
    shown = f"{median(values):+.3f}"
    return shown if len(values) == 1 else f"{shown} ({min(values):+.3f} to {max(values):+.3f})"


def markdown(lines):
    rows = [lines[0], ["---"] * len(lines[0]), *lines[1:]]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
