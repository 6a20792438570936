"""The files of `tapedeck load`, read by other programs' own readers, hold what its report says."""

import csv
import gzip
import json
import math
import subprocess
from collections import Counter

import pytest
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader
from prometheus_client.parser import text_string_to_metric_families

from loaded_deck import exchange, write_tape

HOUR_NS = 3_600_000_000_000
PERCENTILES = {"p50": 50, "p90": 90, "p95": 95, "p99": 99, "p999": 99.9}
STREAMS = 60


@pytest.fixture(scope="module")
def loaded(tapedeck, tmp_path_factory):
    """The report of one run, and the folder of its files."""
    folder = tmp_path_factory.mktemp("load")
    events = [f"data: {number}\n\n" for number in range(12)]
    tape = write_tape(folder / "t.tape", exchange(1, events, path="/events", gap_us=3000))
    command = [tapedeck, "load", tape, "--count", STREAMS, "--arrivals", "poisson:100/s", "--seed", 3, "--json"]
    for option, name in [
        ("hdr", "all.hlog"),
        ("csv", "all.csv"),
        ("prometheus", "all.prom"),
        ("per-request", "all.jsonl.gz"),
    ]:
        command += [f"--{option}", folder / name]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), folder


def is_near(ours_us, histogram, percent):
    """Whether a time is in the cell of a histogram that the first value is in which so many percent do not exceed."""
    count = histogram.get_total_count()
    # The library rounds the rank, so that of few values it may take the one before.
    rank = math.ceil(count * percent / 100)
    theirs_us = histogram.get_value_at_percentile(100 * rank / count) / 1000
    return abs(ours_us - theirs_us) <= max(1, theirs_us / 1000)


def test_hdr_histograms_have_the_percentiles_and_counts_of_the_report(loaded):
    report, folder = loaded
    reader = HistogramLogReader(str(folder / "all.hlog"), HdrHistogram(1, HOUR_NS, 3))
    seen = {}
    while histogram := reader.get_next_interval_histogram():
        seen[histogram.get_tag()] = histogram
    assert {"dispatch", "ttfb", "ttft", "gap", "stream"} <= seen.keys()
    for name, histogram in seen.items():
        assert histogram.get_total_count() == report["counts"][name]
        for key, percent in PERCENTILES.items():
            assert is_near(report[f"{name}_us"][key], histogram, percent), (name, key)
        inside = HdrHistogram.decode(report["histograms"][name]["hdr"])
        assert inside.get_total_count() == histogram.get_total_count()
    assert seen["stream"].get_total_count() == STREAMS
    assert reader.get_start_time_sec() > 1_700_000_000


def test_a_spreadsheet_has_the_same_numbers(loaded):
    report, folder = loaded
    with (folder / "all.csv").open(newline="") as file:
        rows = {row["metric"]: row for row in csv.DictReader(file)}
    for name in ("dispatch", "ttft", "gap", "stream"):
        assert rows[name]["unit"] == "us"
        assert int(rows[name]["count"]) == report["counts"][name]
        assert {key: int(rows[name][key]) for key in [*PERCENTILES, "max"]} == report[f"{name}_us"]
    assert float(rows["achieved"]["mean"]) == report["achieved_per_s"]
    assert int(rows["outcome_whole"]["count"]) == STREAMS


def test_prometheus_reads_counters_and_summaries(loaded):
    report, folder = loaded
    families = {f.name: f for f in text_string_to_metric_families((folder / "all.prom").read_text())}
    outcomes = {s.labels["outcome"]: s.value for s in families["tapedeck_load_streams"].samples}
    assert {name: count for name, count in outcomes.items() if count} == report["outcomes"]
    samples = families["tapedeck_load_ttft_seconds"].samples
    quantiles = {s.labels["quantile"]: s.value for s in samples if "quantile" in s.labels}
    assert quantiles["0.99"] * 1e6 == pytest.approx(report["ttft_us"]["p99"], abs=1)
    assert [s.value for s in samples if s.name.endswith("_count")] == [STREAMS]


def test_each_stream_has_a_line(loaded):
    report, folder = loaded
    lines = [json.loads(line) for line in gzip.decompress((folder / "all.jsonl.gz").read_bytes()).splitlines()]
    assert sorted(line["number"] for line in lines) == list(range(STREAMS))
    assert Counter(line["outcome"] for line in lines) == report["outcomes"]
    assert sum(line["events"] for line in lines) == report["events"]
    ttfts = sorted(line["ttft_us"] for line in lines)
    assert report["ttft_us"]["p50"] == pytest.approx(ttfts[STREAMS // 2 - 1], rel=0.001, abs=1)
    assert report["ttft_us"]["max"] == pytest.approx(ttfts[-1], abs=1)
