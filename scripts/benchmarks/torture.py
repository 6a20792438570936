"""What a run of torture costs beside its client, and how fast the client in the program is run."""

import json
import subprocess
import time

import gen
from building import TOOLS
from report import Row, median

CASES = 1000
CLIENT_MS = 20
RUN_S = 25
HARNESS_MS = 3
CASES_A_SECOND = 2000
ROUNDS = 3
# Its body has about 2 KB.
TEXTS = 9
PLACES = ["--places", "all", "--case"]


def torture(tapedeck, folder):
    """A thousand cases of a client of 20 ms; what a case costs without it; cases a second with the built-in client."""
    gen.make(folder, gap_us=0, texts=TEXTS)
    tape = folder / "stream.tape"
    client = TOOLS / "torture_client"
    with_client_s = [
        per_case_s(tapedeck, tape, "cut/disconnect/byte-*", "--", client, CLIENT_MS) for _ in range(ROUNDS)
    ]
    alone_s = [
        per_case_s(tapedeck, tape, "cut/disconnect/byte-*", "--jobs", "1", "--", client, 0) for _ in range(ROUNDS)
    ]
    start_s = [process_s(client) for _ in range(ROUNDS)]
    built_in = [1 / per_case_s(tapedeck, tape, "cut/*", "--built-in") for _ in range(ROUNDS)]
    run_s = median(with_client_s) * CASES
    harness_ms = (median(alone_s) - median(start_s)) * 1000
    rate = median(built_in)
    return [
        Row(f"torture, {CASES} cases, a client of {CLIENT_MS} ms", f"{run_s:.1f} s", f"< {RUN_S} s", run_s < RUN_S),
        Row("torture, a case beside its client", f"{harness_ms:.2f} ms", f"< {HARNESS_MS} ms", harness_ms < HARNESS_MS),
        Row(
            "torture --places all, built-in client",
            f"{rate:.0f} cases/s ({min(built_in):.0f} to {max(built_in):.0f})",
            f">= {CASES_A_SECOND}",
            rate >= CASES_A_SECOND,
        ),
    ]


def per_case_s(tapedeck, tape, cases, *arguments):
    """The seconds that a run takes for each of its cases, planning them included."""
    words = [tapedeck, "torture", tape, *PLACES, cases, "--json", *arguments]
    start = time.monotonic()
    done = subprocess.run([*map(str, words)], capture_output=True, timeout=600, check=False)
    taken = time.monotonic() - start
    return taken / json.loads(done.stdout)["cases"]


def process_s(client, count=200):
    """What it costs to start the client and to wait for its end, where it asks nobody."""
    start = time.monotonic()
    for _ in range(count):
        subprocess.run([str(client), "0"], env={}, check=False)
    return (time.monotonic() - start) / count
