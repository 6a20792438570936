"""The deck beside the least that a server can do and what a user would take instead."""

import goals
import loads
import mocks
import page
import servers
from building import ROOT, TOOLS
from report import Row
from results import OURS, Results
from rounds import Rounds
from surroundings import machine

PAGE = ROOT / "docs" / "performance.md"
LAST = TOOLS / "peers.json"
ROUNDS = 5
STARTS = 20
PATIENCE_S = 300


def everyone(tapedeck):
    """All servers, in the order of the tables."""
    return [
        servers.Deck(tapedeck),
        servers.Limit(),
        servers.Nginx(),
        servers.Go(),
        servers.Node(),
        mocks.Aiohttp("deadlines"),
        mocks.Aiohttp("sleeps"),
        mocks.Starlette(),
        mocks.Llmock(),
        mocks.Mocktopus(),
        mocks.Stubllm(),
        mocks.Guidellm(),
    ]


def peers(tapedeck, folder, rounds=ROUNDS, write=False, only=None):
    """Runs the comparison, keeps it, writes the page if asked to; the rows are the deck's goals.

    With `only`, a part of a load's name, just these loads are measured anew.
    """
    results = Results.saved(LAST) if only else Results({})
    results.machine = machine(rounds)
    turns = Rounds(everyone(tapedeck), results, PATIENCE_S)
    plays = {gap_ms: loads.Play.made(folder / str(gap_ms), gap_ms) for gap_ms in (0, 20, 100)}
    for load in [*loads.TIMED, loads.UNTIMED]:
        if not only or only in load.name:
            turns.play(load, plays[load.gap_ms], rounds)
            results.save(LAST)
    if not only or only in goals.START:
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
    results = Results(machine(1))
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
            held = bool(runs) and not runs[0].get("lost")
            found.append(Row(f"{server}, {name}", figures, "", held if server == OURS else None))
    return found
