"""The comparison with other servers: its page has its rows, and what it reports is so."""

import os
import re
import shutil
import sys
from dataclasses import replace

import pytest

from conftest import ROOT, run

sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))

import building
import goals
import loads
import page
import peers
import servers
from results import Results
from rounds import Rounds

# It measures time or memory, and is run with nothing beside it.
pytestmark = pytest.mark.alone

LATE_MS = 5
LOAD = replace(loads.QUICK_TIMED[0], gap_ms=5, limit_s=10)


class Shifted(servers.Limit):
    """A server whose every event is so much later than what is asked of it."""

    def __init__(self, name, shift_ms):
        self.name = name
        self.shift_ms = shift_ms

    def offsets_us(self, play):
        return [offset - 1000 * self.shift_ms for offset in super().offsets_us(play)]


class Stuck(servers.Limit):
    """A server that does not begin."""

    name = "stuck"

    def command(self, play, port):
        return ["false"]


class Lacking(servers.Limit):
    """A server that cannot be had."""

    name = "lacking"

    def prepare(self):
        raise RuntimeError("nobody has it")


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    if not shutil.which("cc"):
        pytest.skip("no C compiler")
    building.c_tools()
    results = Results({})
    shifted = [Shifted("late", LATE_MS), Shifted("early", -LATE_MS)]
    compared = [servers.Limit(), *shifted, Stuck(), Lacking()]
    play = loads.Play.made(tmp_path_factory.mktemp("play"), LOAD.gap_ms)
    Rounds(compared, results).play(LOAD, play, 2)
    return results


def test_a_server_that_is_late_by_5_ms_is_said_to_be(seen):
    late, least = (seen.figure(LOAD.name, name, "p50") for name in ("late", "limit"))
    assert LATE_MS <= late < 2 * LATE_MS
    assert least < LATE_MS
    assert seen.figure(LOAD.name, "late", "early", sum) == 0
    assert seen.figure(LOAD.name, "late", "lost", sum) == 0


def test_a_server_that_is_early_is_said_to_be(seen):
    events = 2 * LOAD.streams * 206
    assert seen.figure(LOAD.name, "early", "early", sum) > events * 0.9
    assert seen.figure(LOAD.name, "early", "earliest_us", min) < -1000 * LATE_MS / 2


def test_what_runs_not_is_a_row_that_says_why(seen):
    rows = {name: page.timed_row(seen, LOAD.name, name) for name in page.names(seen)}
    assert rows["stuck"][1].startswith("failed: did not begin to listen")
    assert rows["lacking"][1] == "not to be had: nobody has it"
    assert len(rows["late"]) == len(page.HEADS["timed"])


def test_a_ratio_is_the_median_of_the_rounds_ratios():
    ours = [{"p99": 2}, {"p99": 30}, {"p99": 3}]
    least = [{"p99": 1}, {"p99": 10}, {"p99": 3}]
    runs = {"load": {"tapedeck": ours, "limit": least}}
    assert Results({}, runs=runs).ratio("load", "tapedeck", "p99") == 2


def test_a_goal_that_was_not_measured_did_not_hold():
    assert {row.held for row in goals.rows(Results({}))} == {False}


def test_the_page_has_the_rows_that_the_comparison_makes():
    text = (ROOT / "docs" / "performance.md").read_text()
    made = re.search(f"(?s){page.BEGIN}(.*){page.END}", text)[1]
    sections = dict(part.split("\n", 1) for part in made.split("### ")[1:])
    everyone = peers.everyone(os.environ["TAPEDECK"])
    rows = [page.label(server.name) for server in everyone]
    measured = [*(load.name for load in loads.TIMED), loads.UNTIMED.name, goals.START]
    for heading in ["The servers", *map(page.sentence, measured)]:
        cells = first_cells(sections[heading])
        assert cells == rows, f"run scripts/bench peers --write: {heading}"
    held = first_cells(sections["Goals of the deck"])
    assert held == [row.measure for row in goals.rows(Results({}))]


def first_cells(table):
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [line.split(" | ")[0].removeprefix("| ") for line in lines[2:]]


def test_the_comparison_runs(tapedeck):
    if not shutil.which("cc"):
        pytest.skip("no C compiler")
    done = run(ROOT / "scripts" / "bench", "peers", "--quick", "--program", tapedeck)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    lines = done.stdout.decode().splitlines()
    rows = [line for line in lines if line.startswith(("tapedeck,", "limit,"))]
    assert len(rows) == 6
    assert not [row for row in rows if "failed" in row]
