"""The files that `tapedeck load` reads and writes: traces, a line a stream, tables, histograms, metrics, a page."""

import signal
import statistics
import time

import pytest

from loading import POST, load, load_json, records, server, started, until_it_asks

QUICK = [[1000, 500]]


def asked(tapedeck, folder, *arguments):
    """Runs a load against a server of its own; gives the lines of its file, and what the server noted."""
    path = folder / "records.jsonl"
    with server(folder, QUICK) as known:
        load_json(tapedeck, known.url, *POST, *arguments, "--per-request", path)
    return sorted(records(path), key=lambda line: line["number"]), known.streams


def scheduled(lines):
    return [(line["number"], line["scheduled_us"]) for line in lines]


@pytest.mark.parametrize("arrivals", ["poisson:100/s", "gamma:100/s,cv=2", "ramp:50..150/1s"])
def test_the_same_seed_gives_the_same_schedule_and_another_gives_another(tapedeck, tmp_path, arrivals):
    runs = [
        asked(tapedeck, tmp_path / name, "--arrivals", arrivals, "--count", 60, "--seed", seed)
        for name, seed in (("a", 7), ("b", 7), ("c", 8))
    ]
    first, again, other = (scheduled(lines) for lines, _ in runs)
    assert first == again
    if "ramp" not in arrivals:
        assert first != other
    # The server saw the streams when the records say that they were begun, by a clock of its own.
    for lines, streams in runs:
        apart = [seen["arrived_us"] - line["dispatched_us"] for line, seen in zip(lines, streams, strict=True)]
        middle = statistics.median(apart)
        assert sum(abs(late - middle) < 25_000 for late in apart) > 45


def test_shards_are_the_whole_schedule_and_share_nothing(tapedeck, tmp_path):
    asking = ["--arrivals", "poisson:120/s", "--count", 90, "--seed", 3]
    whole, _ = asked(tapedeck, tmp_path / "whole", *asking)
    shards = [asked(tapedeck, tmp_path / str(n), *asking, "--shard", f"{n}/3")[0] for n in (1, 2, 3)]
    assert all(10 < len(lines) < 50 for lines in shards)
    assert sorted(scheduled([line for lines in shards for line in lines])) == scheduled(whole)


def test_the_files_hold_what_the_report_says(tapedeck, tmp_path):
    names = ["records.jsonl", "table.csv", "all.hlog", "metrics.prom", "page.html"]
    paths = [tmp_path / name for name in names]
    flags = zip(["--per-request", "--csv", "--hdr", "--prometheus", "--html"], paths, strict=True)
    with server(tmp_path / "s", [[20_000, 1000, 3000]]) as known:
        arguments = ["--count", 40, "--arrivals", "poisson:100/s", *(part for pair in flags for part in pair)]
        done = load(tapedeck, known.url, *POST, *arguments, "--json")
    assert done.code == 0, done.said
    report = done.report
    lines = records(paths[0])
    assert len(lines) == report["streams"] == 40
    ttfts = sorted(line["ttft_us"] for line in lines)
    assert report["ttft_us"]["p50"] == pytest.approx(ttfts[19], abs=max(2, ttfts[19] / 500))
    assert "ttft" in paths[1].read_text()
    assert "HdrHistogram log format" in paths[2].read_text() or paths[2].read_text().startswith("#[")
    assert "tapedeck_load" in paths[3].read_text()
    assert "<html" in paths[4].read_text()


def test_a_trace_whose_times_run_backwards_is_refused(tapedeck, tmp_path):
    trace = tmp_path / "t.jsonl"
    trace.write_text("[0.1]\n[0.5]\n[0.3]\n")
    with server(tmp_path / "s", QUICK) as known:
        done = load(tapedeck, known.url, *POST, "--arrivals", f"trace:{trace}")
    assert done.code in (64, 65), done.said
    assert "3" in done.said
    assert known.streams == []


def test_a_trace_that_is_not_there_is_named(tapedeck, tmp_path):
    with server(tmp_path / "s", QUICK) as known:
        done = load(tapedeck, known.url, *POST, "--arrivals", "trace:none.csv", cwd=tmp_path)
    assert done.code == 66, done.said
    assert "none.csv" in done.said
    assert known.streams == []


def test_a_trace_is_played_at_its_times_and_as_fast_as_one_wants(tapedeck, tmp_path):
    trace = tmp_path / "t.jsonl"
    trace.write_text("".join(f"[{at}]\n" for at in (0, 1, 1.5, 4, 10)))
    with server(tmp_path / "s", QUICK) as known:
        report = load_json(tapedeck, known.url, *POST, "--arrivals", f"trace:{trace}", "--speed", "10")
    assert report["streams"] == 5
    first = known.streams[0]["arrived_us"]
    for stream, at in zip(known.streams, (0, 0.1, 0.15, 0.4, 1), strict=True):
        assert stream["arrived_us"] - first == pytest.approx(1e6 * at, abs=60_000)


def test_a_run_that_was_stopped_has_written_every_stream_that_it_reports(tapedeck, tmp_path):
    path = tmp_path / "records.jsonl.gz"
    with server(tmp_path / "s", QUICK) as known:
        arguments = ["--arrivals", "constant:100/s", "--duration", "30s", "--per-request", path, "--json"]
        with started(tapedeck, known.url, *POST, *arguments) as process:
            until_it_asks(process)
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=20)
    assert f'"streams":{len(records(path))},' in out
