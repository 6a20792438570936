"""`tapedeck load` beside the least that a client can do, and beside what one would take instead."""

import functools
import json
import sys

import gen
import generators
import load_page
import load_truth
import quotas
from building import ROOT, TOOLS
from generators import OURS, REFERENCE, Load
from processes import limit
from report import Row, median
from surroundings import Others, await_calm, machine

PAGE = ROOT / "docs" / "performance.md"
LAST = TOOLS / "load.json"
PATIENCE_S = 60
CPU_RATIO, PEER_RATIO = 1.3, 20
MANY_MIB = 100
HUNDRED = Load(100, ramp_s=1, places=100)
THOUSAND = Load(1000, ramp_s=2, places=1000)
MANY = Load(10_000, ramp_s=6, places=10_000)
# What a program needs to begin and to sum up is no cost of an event, so that is the difference of two runs.
ONE = Load(1, ramp_s=1, places=1)
FEW, MORE = Load(100, ramp_s=1, places=100), Load(300, ramp_s=1, places=100)


def load(tapedeck, folder, rounds, write=False, only=None):
    """Measures everything, keeps it, writes the page if asked to; the rows are the goals.

    With `only`, the name of a part, just that is measured anew: cpu, python, many, truth or limits.
    """
    results = json.loads(LAST.read_text()) if only else {}
    results |= {"machine": machine(rounds)}
    scene = Scene(folder, rounds, generators.Ours(tapedeck))
    for name, measure in PARTS.items():
        if only in (None, name):
            results[name] = measure(scene)
            LAST.write_text(json.dumps(results, indent=1))
            print(f"{name} measured", file=sys.stderr, flush=True)
    return told(results, write)


class Scene:
    """Where the parts are measured; so long as there is patience left, a turn waits while others use the machine."""

    def __init__(self, folder, rounds, ours):
        self.folder = folder
        self.rounds = rounds
        self.ours = ours
        self.patience_s = PATIENCE_S

    def turn(self, what):
        self.patience_s = await_calm(self.patience_s)
        others = Others()
        seen = what()
        print(f"others used {others.cores():.2f} cores", file=sys.stderr, flush=True)
        return seen

    def play(self, gap_ms, generator, asked):
        """One run of a generator against a fresh server: what it spent, and how many events it saw."""
        place = self.folder / f"{gap_ms}"
        if not place.exists():
            gen.make(place, gap_ms * 1000, blocks=gen.chat_stream())
        with limit(place / "stream.sse", "timed", place / "sched.txt") as (_, port):
            spent = generators.run(generator, port, place, asked)
        return spent, generator.events(place, asked, spent)


def cpu(scene):
    """What an event costs us and the C client, in turn: `[load][name]` has the microseconds of each round."""
    everyone = (scene.ours, generators.Ssebench())
    found = {}
    ones = {one.name: scene.turn(functools.partial(scene.play, 20, one, ONE)) for one in everyone}
    for name, asked in (("1,000", THOUSAND), ("100", HUNDRED)):
        found[name] = {one.name: [] for one in everyone}
        for _ in range(scene.rounds):
            for one in everyone:
                run = scene.turn(functools.partial(scene.play, 20, one, asked))
                found[name][one.name].append(difference_us(ones[one.name], run))
    return {"us": found, "who": [[one.name, one.version, one.about] for one in everyone]}


def python(scene):
    """What an event costs those in Python, or why that cannot be said."""
    found = {"us": {}, "why": {}, "who": []}
    for peer in (generators.Locust(), generators.Guidellm(), generators.Aiperf()):
        try:
            peer.prepare()
            found["us"][peer.name] = scene.turn(functools.partial(slope_us, scene, peer))
        except Exception as error:
            found["why"][peer.name] = f"{type(error).__name__}: {error}"
        found["who"].append([peer.name, peer.version, peer.about])
    return found


def slope_us(scene, peer):
    """What an event costs a generator beyond its start."""
    return difference_us(scene.play(20, peer, FEW), scene.play(20, peer, MORE))


def difference_us(few, more):
    """What an event costs that one run has beyond another; a run is what it spent, and its events."""
    return 1e6 * (more[0].cpu_s - few[0].cpu_s) / (more[1] - few[1])


def many(scene):
    """Ten thousand streams from one process."""
    spent, events = scene.turn(functools.partial(scene.play, 100, scene.ours, MANY))
    said = spent.said
    return {
        "mib": spent.peak_mib,
        "descriptors": spent.descriptors,
        "cpu_us": 1e6 * spent.cpu_s / events,
        "late": said["generator_late"],
        "dispatch_ms": {key: said["dispatch_us"][key] / 1000 for key in ("p50", "p99", "max")},
        "gap_ms": {key: said["gap_us"][key] / 1000 for key in ("p50", "p99", "p999")},
    }


def truth(scene):
    return load_truth.truth(scene.ours, scene.folder / "truth", max(1, scene.rounds // 2), scene.turn)


def limits(scene):
    return quotas.costs(scene.ours.program, scene.folder / "limits", scene.rounds)


PARTS = {"cpu": cpu, "python": python, "many": many, "truth": truth, "limits": limits}


def last(write=False):
    """What the last run saw, without measuring anew."""
    return told(json.loads(LAST.read_text()), write)


def told(results, write):
    found = rows(results)
    if write:
        load_page.write(PAGE, results, found)
    return found


def rows(results):
    """Each goal, what was reached, and whether that holds; what could not be measured does not hold."""
    us, python = results["cpu"]["us"], results["python"]
    ours, least = us["1,000"][OURS], us["1,000"][REFERENCE]
    ratio = [a / b for a, b in zip(ours, least, strict=True)]
    found = [
        Row(
            "load, 1,000 streams x 20 ms, CPU per event",
            f"{median(ratio):.2f} x ssebench ({min(ratio):.2f} to {max(ratio):.2f}; "
            f"{median(ours):.1f} of {median(least):.1f} us)",
            f"at most {CPU_RATIO} x",
            median(ratio) <= CPU_RATIO,
        )
    ]
    if python["us"]:
        best = min(python["us"], key=python["us"].get)
        share = python["us"][best] / median(us["100"][OURS])
        value = f"{best}, the best of {len(python['us'])}, uses {share:.1f} x as much"
        found.append(Row("load, 100 streams x 20 ms, Python", value, f"at least {PEER_RATIO} x", share >= PEER_RATIO))
    found += [Row(f"load, {name}", why, "to run", False) for name, why in python["why"].items()]
    seen = results["many"]
    found += [
        Row(
            "load, 10,000 streams x 100 ms, generator",
            f"{'late' if seen['late'] else 'not late'}, dispatch p99 {seen['dispatch_ms']['p99']:.2f} ms, "
            f"{seen['descriptors']:,} descriptors",
            "not late",
            not seen["late"],
        ),
        Row("load, 10,000 streams, memory", f"{seen['mib']:.0f} MiB", f"<= {MANY_MIB} MiB", seen["mib"] <= MANY_MIB),
    ]
    return found + load_truth.rows(results["truth"]) + quotas.rows(results["limits"])
