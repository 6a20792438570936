"""How far what `tapedeck load` reports is from what a server of known times did."""

import functools
import json
import random

import generators
from known import gaps_us, known, ttft_us
from report import Row, median, quantile

SHARES = {"p50": 0.5, "p99": 0.99}
# How many streams are under way, and what may be between the report and the truth, in ms.
SIZES = {"100": (100, 0.2), "1,000": (1000, 1.0)}
CONTENTS = 60
SECONDS = 6
MEAN_GAP_MS = 30


def truth(ours, folder, rounds, turn):
    """The errors of each round in ms: `[size][figure]` is a list."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "body.json").write_text(json.dumps({"model": "known", "stream": True, "messages": []}))
    return {
        size: together([turn(functools.partial(errors, ours, folder, of)) for _ in range(rounds)])
        for size, (of, _) in SIZES.items()
    }


def together(runs):
    return {figure: [run[figure] for run in runs] for figure in runs[0]}


def errors(ours, folder, of):
    """One run with about so many streams under way: what is reported less what was."""
    streams = chosen_streams()
    rate = round(of / median([sum(stream) for stream in streams]) * 1e6)
    with known(folder, streams) as server:
        arrivals = ["--arrivals", f"poisson:{rate}/s", "--duration", f"{SECONDS}s", "--seed", 1, "--json"]
        command = [*ours.asking(server.port, folder), *arrivals]
        said = generators.run(ours, server.port, folder, None, command).said
    true = {"ttft": ttft_us(server.streams), "gap": gaps_us(server.streams)}
    found = {
        f"{name} {share}": (said[f"{name}_us"][share] - quantile(true[name], SHARES[share])) / 1000
        for name in true
        for share in SHARES
    }
    return found | {"dispatch p99": said["dispatch_us"]["p99"] / 1000}


def chosen_streams(count=97, seed=5):
    """Streams whose times spread as those of a model do; the same in every run."""
    chance = random.Random(seed)
    return [
        [
            round(1000 * chance.lognormvariate(4.4, 0.4)),
            *(round(1000 * MEAN_GAP_MS * chance.gammavariate(4, 0.25)) for _ in range(CONTENTS)),
        ]
        for _ in range(count)
    ]


def rows(found):
    """The largest error of each size, of the medians of the rounds."""
    result = []
    for size, (_, bound) in SIZES.items():
        errors = {name: median(values) for name, values in found[size].items() if name != "dispatch p99"}
        worst = max(map(abs, errors.values()))
        value = ", ".join(f"{name} {error:+.3f}" for name, error in errors.items()) + " ms"
        result.append(Row(f"load, {size} streams, report less truth", value, f"<= {bound} ms", worst <= bound))
    return result
