"""What `tapedeck load --json` holds is read by another implementation of HDR histograms, and adds up."""

import json
import math
import subprocess

import pytest
from hdrh.histogram import HdrHistogram

from loaded_deck import exchange, write_tape

PERCENTILES = {"p50": 50, "p90": 90, "p95": 95, "p99": 99, "p999": 99.9}
STREAMS = 60


@pytest.fixture(scope="module")
def tape(tmp_path_factory):
    """A cassette of one short stream."""
    events = [f"data: {number}\n\n" for number in range(12)]
    path = tmp_path_factory.mktemp("load") / "t.tape"
    return write_tape(path, exchange(1, events, path="/events", gap_us=3000))


def is_near(ours_us, histogram, percent):
    """Whether a time is in the cell of a histogram that the first value is in which so many percent do not exceed."""
    count = histogram.get_total_count()
    # The library rounds the rank, so that of few values it may take the one before.
    rank = math.ceil(count * percent / 100)
    theirs_us = histogram.get_value_at_percentile(100 * rank / count) / 1000
    return abs(ours_us - theirs_us) <= max(1, theirs_us / 1000)


def load_json(tapedeck, *arguments):
    """The report of a run, and what it printed."""
    done = subprocess.run(
        [tapedeck, "load", *map(str, arguments), "--json"], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stdout


def test_histograms_have_the_percentiles_and_counts_of_the_report(tapedeck, tape):
    report, _ = load_json(tapedeck, tape, "--count", STREAMS, "--arrivals", "poisson:100/s", "--seed", 3)
    assert {"dispatch", "ttfb", "ttft", "gap", "stream"} <= report["histograms"].keys()
    for name, encoded in report["histograms"].items():
        histogram = HdrHistogram.decode(encoded["hdr"])
        assert histogram.get_total_count() == report["counts"][name]
        assert abs(report[f"{name}_us"]["max"] - encoded["max_ns"] / 1000) <= 1
        for key, percent in PERCENTILES.items():
            assert is_near(report[f"{name}_us"][key], histogram, percent), (name, key)
    assert report["counts"]["stream"] == report["completed"] == STREAMS


def test_shares_of_a_schedule_add_up(tapedeck, tape, tmp_path):
    parts, files = [], []
    for share in ("1/2", "2/2"):
        part, text = load_json(tapedeck, tape, "--count", 40, "--arrivals", "poisson:200/s", "--shard", share)
        parts.append(part)
        files.append(tmp_path / f"{share[0]}.json")
        files[-1].write_bytes(text)
    whole, _ = load_json(tapedeck, "--merge", *files)
    assert whole["streams"] == sum(part["streams"] for part in parts) == 40
    assert whole["missing_shards"] == []
    sums = [HdrHistogram.decode(part["histograms"]["ttft"]["hdr"]) for part in parts]
    sums[0].add(sums[1])
    assert is_near(whole["ttft_us"]["p99"], sums[0], 99)
    again = [tapedeck, "load", "--merge", *map(str, [*files, files[0]]), "--json"]
    twice = subprocess.run(again, capture_output=True, text=True, timeout=60, check=False)
    assert twice.returncode != 0
    assert "is share 1/2, and so is" in twice.stderr
