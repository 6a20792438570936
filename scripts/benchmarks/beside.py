"""Whether streams with faults cost the healthy streams beside them anything."""

import concurrent.futures
import resource

import gen
from live import ROUNDS
from processes import deck, ssebench
from report import Row, median

HEALTHY = 500
# Five kinds of trouble, a hundred streams of each at a time; what ends early is asked for again.
FAULTS = ["reset@event:100", "disconnect@in:event:50", "hang@event:20", "stall:1s@event:60,burst", "rechunk:16"]
RATIO = 1.2


def beside(tapedeck, folder):
    """The lateness of healthy streams: alone, beside as many others, and beside as many with faults."""
    raise_descriptor_limit()
    count = len(gen.make(folder))
    others = {"alone": [], "others": [""] * len(FAULTS), "faults": [f"/~fault={fault}" for fault in FAULTS]}
    seen = {name: [] for name in others}
    for _ in range(ROUNDS):
        for name, prefixes in others.items():
            with deck(tapedeck, folder / "stream.tape") as (_server, port):
                seen[name].append(load(port, folder, count, prefixes))
    errors = sum(run["errors"]["total"] + run["abandoned"] for runs in seen.values() for run in runs)
    p99 = {name: [run["late_us"]["p99"] / 1000 for run in runs] for name, runs in seen.items()}
    return [
        Row(f"{HEALTHY} healthy streams, errors in {3 * ROUNDS} runs", f"{errors}", "0", errors == 0),
        row(p99, "faults", "alone", f"< {RATIO}"),
        row(p99, "faults", "others"),
        row(p99, "others", "alone"),
    ]


def load(port, folder, count, prefixes):
    """What the healthy streams saw while the others ran, from before they began until they had ended."""
    with concurrent.futures.ThreadPoolExecutor(len(prefixes) + 1) as pool:
        others = [
            pool.submit(
                ssebench,
                port,
                folder,
                "-c",
                HEALTHY // len(prefixes),
                "-n",
                4000,
                "--ramp",
                1,
                "--path",
                f"{prefix}/v1/messages",
                max_time_s=9,
            )
            for prefix in prefixes
        ]
        seen = ssebench(
            port,
            folder,
            "-c",
            HEALTHY,
            "-n",
            HEALTHY,
            "--ramp",
            2,
            "--sched",
            folder / "sched.txt",
            "--sched-from",
            "request",
            "--kernel-ts",
            "--expect",
            count,
        )
        if not all(other.result()["events"] for other in others):
            raise RuntimeError("nothing came of some of the streams beside")
        return seen


def row(p99, name, base, goal=""):
    """The median of the rounds' ratios: what one round suffers, both sides of its ratio do."""
    ratio = median([a / b for a, b in zip(p99[name], p99[base], strict=True)])
    value = f"{ratio:.2f} ({median(p99[name]):.2f} of {median(p99[base]):.2f} ms)"
    return Row(f"healthy p99, beside {HEALTHY} {name} / {base}", value, goal, ratio < RATIO if goal else None)


def raise_descriptor_limit():
    """Lets the deck and the clients have a descriptor for each stream."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
