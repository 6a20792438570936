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
# Python needs seconds to begin, so what an event costs there is the difference of two runs.
FEW, MORE = Load(100, ramp_s=1, places=100), Load(300, ramp_s=1, places=100)


def load(tapedeck, folder, rounds, write=False):
    """Measures everything, keeps it, writes the page if asked to; the rows are the goals."""
    results = {"machine": machine(rounds), "generators": [], "cpu": {}, "why": {}}
    play = functools.partial(played, folder)
    patience = [PATIENCE_S]

    def turn(what):
        patience[0] = await_calm(patience[0])
        others = Others()
        seen = what()
        print(f"others used {others.cores():.2f} cores", file=sys.stderr, flush=True)
        return seen

    ours, reference = generators.Ours(tapedeck), generators.Ssebench()
    peers = [generators.Locust(), generators.Guidellm(), generators.Aiperf()]
    for name, asked in (("1,000", THOUSAND), ("100", HUNDRED)):
        for number in range(rounds):
            for one in (ours, reference):
                spent, events = turn(functools.partial(play, 20, one, asked))
                results["cpu"].setdefault(f"{one.name} {name}", []).append(1e6 * spent.cpu_s / events)
            print(f"{name} streams x 20 ms: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    for peer in peers:
        try:
            peer.prepare()
            results["cpu"][f"{peer.name} 100"] = [turn(functools.partial(slope_us, play, peer))]
        except Exception as error:
            results["why"][peer.name] = f"{type(error).__name__}: {error}"
    results["generators"] = [[one.name, one.version, one.about] for one in (ours, reference, *peers)]
    results["many"] = turn(functools.partial(many, play, ours))
    results["truth"] = load_truth.truth(ours, folder / "truth", max(1, rounds // 2), turn)
    results["limits"] = quotas.costs(tapedeck, folder / "limits", rounds)
    LAST.write_text(json.dumps(results, indent=1))
    return told(results, write)


def last(write=False):
    """What the last run saw, without measuring anew."""
    return told(json.loads(LAST.read_text()), write)


def told(results, write):
    found = rows(results)
    if write:
        load_page.write(PAGE, results, found)
    return found


def played(folder, gap_ms, generator, asked):
    """One run of a generator against a fresh server: what it spent, and how many events it saw."""
    place = folder / f"{gap_ms}"
    if not place.exists():
        gen.make(place, gap_ms * 1000, blocks=gen.chat_stream())
    with limit(place / "stream.sse", "timed", place / "sched.txt") as (_, port):
        spent = generators.run(generator, port, place, asked)
    return spent, generator.events(place, asked, spent)


def slope_us(play, peer):
    """What an event costs a generator beyond its start."""
    (few, less), (more, events) = play(20, peer, FEW), play(20, peer, MORE)
    return 1e6 * (more.cpu_s - few.cpu_s) / (events - less)


def many(play, ours):
    """Ten thousand streams from one process."""
    spent, events = play(100, ours, MANY)
    said = spent.said
    return {
        "mib": spent.peak_mib,
        "descriptors": spent.descriptors,
        "cpu_us": 1e6 * spent.cpu_s / events,
        "late": said["generator_late"],
        "dispatch_ms": {key: said["dispatch_us"][key] / 1000 for key in ("p50", "p99", "max")},
        "gap_ms": {key: said["gap_us"][key] / 1000 for key in ("p50", "p99", "p999")},
    }


def rows(results):
    """Each goal, what was reached, and whether that holds; what could not be measured does not hold."""
    cpu = results["cpu"]
    ratio = ratios(results, "1,000")
    peers = {
        name: cpu[f"{name} 100"][0]
        for name, _, _ in results["generators"]
        if f"{name} 100" in cpu and name not in (OURS, REFERENCE)
    }
    found = [
        Row(
            "load, 1,000 streams x 20 ms, CPU per event",
            f"{median(ratio):.2f} x ssebench ({min(ratio):.2f} to {max(ratio):.2f}; "
            f"{median(cpu[f'{OURS} 1,000']):.1f} of {median(cpu[f'{REFERENCE} 1,000']):.1f} us)",
            f"at most {CPU_RATIO} x",
            median(ratio) <= CPU_RATIO,
        )
    ]
    if peers:
        best = min(peers, key=peers.get)
        share = peers[best] / median(cpu[f"{OURS} 100"])
        value = f"{best}, the best of {len(peers)}, uses {share:.1f} x as much"
        found.append(Row("load, 100 streams x 20 ms, Python", value, f"at least {PEER_RATIO} x", share >= PEER_RATIO))
    found += [Row(f"load, {name}", why, "to run", False) for name, why in results["why"].items()]
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


def ratios(results, name):
    """Ours by the C client's, round by round."""
    pairs = zip(results["cpu"][f"{OURS} {name}"], results["cpu"][f"{REFERENCE} {name}"], strict=True)
    return [a / b for a, b in pairs]
