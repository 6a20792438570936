"""The deck beside the least that a server can do and what a user would take instead."""
import datetime
import os
import pathlib
import platform
import resource

import goals
import loads
import mocks
import page
import servers
from building import ROOT, TOOLS
from report import Row
from results import OURS, Results
from rounds import Rounds

PAGE = ROOT / "docs" / "performance.md"
LAST = TOOLS / "peers.json"
ROUNDS = 5
STARTS = 20


def everyone(tapedeck):
    """All servers, in the order of the tables."""
    return [
        servers.Deck(tapedeck), servers.Limit(), servers.Nginx(), servers.Go(), servers.Node(),
        mocks.Aiohttp("deadlines"), mocks.Aiohttp("sleeps"), mocks.Starlette(), mocks.Llmock(), mocks.Mocktopus(),
        mocks.Stubllm(), mocks.Guidellm(),
    ]


def peers(tapedeck, folder, rounds=ROUNDS, write=False):
    """Runs the whole comparison, keeps it, writes the page if asked to; the rows are the deck's goals."""
    results = Results(machine(rounds), [])
    turns = Rounds(everyone(tapedeck), results)
    plays = {gap_ms: loads.Play.made(folder / str(gap_ms), gap_ms) for gap_ms in (0, 20, 100)}
    for load in [*loads.TIMED, loads.UNTIMED]:
        turns.play(load, plays[load.gap_ms], rounds)
        results.save(LAST)
    turns.start(goals.START, plays[20], plays[0], max(rounds, STARTS))
    results.save(LAST)
    return told(results, write)


def last(write=False):
    """What the last comparison saw, without measuring anew."""
    return told(Results.saved(LAST), write)


def told(results, write):
    found = goals.rows(results)
    if write:
        page.write(PAGE, results, found)
    return found


def quick(tapedeck, folder):
    """One round of a second or so with those servers that need no installing: does everything run?"""
    results = Results(machine(1), [])
    turns = Rounds([servers.Deck(tapedeck), servers.Limit(), servers.Node()], results)
    timed, untimed = (loads.Play.made(folder / str(gap_ms), gap_ms) for gap_ms in (loads.QUICK_TIMED[0].gap_ms, 0))
    for load in loads.QUICK_TIMED:
        turns.play(load, timed, 1)
    turns.play(loads.QUICK_UNTIMED, untimed, 1)
    turns.start(goals.START, timed, untimed, 1)
    found = []
    for name, seen in results.runs.items():
        for server, runs in seen.items():
            why = results.why[name].get(server)
            figures = ", ".join(f"{key} {value:.4g}" for key, value in runs[0].items()) if runs else why
            found.append(Row(f"{server}, {name}", figures, "", whole(runs) if server == OURS else None))
    return found


def whole(runs):
    """Whether a turn came to its end with all that it asked for."""
    return bool(runs) and runs[0].get("whole") == runs[0].get("streams")


def machine(rounds):
    """Where and when: what stands above the tables."""
    cpus = [line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "date": datetime.date.today().isoformat(),
        "command": "scripts/bench peers --write",
        "rounds": rounds,
        "cpus": os.cpu_count(),
        "cpu": cpus[0] if cpus else platform.machine(),
        "memory": f"{memory / 2**30:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "descriptors": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
    }
