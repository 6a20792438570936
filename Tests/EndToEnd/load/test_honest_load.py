"""What `tapedeck load` reports is what a server of known times did: times, pauses, and how each stream ended."""

import json
import random
import signal
import time
from collections import Counter

import pytest

from loading import POST, gaps_us, load, load_json, quantile, server, started, ttfb_us, ttft_us, until_it_asks

# It measures time, and is run with nothing beside it.
pytestmark = pytest.mark.alone

# What may lie between the report and the server's own record on a machine that others use now and then.
MIDDLE_US, TAIL_US = 2_000, 20_000
# Two of three streams begin after 60 ms, the third after 160 ms; of the gaps one in 25 is long.
SLOW_US, LONG_GAP_US = 160_000, 120_000
SPREAD = [[first, *[15_000] * 12, LONG_GAP_US, *[15_000] * 12] for first in (60_000, 60_000, SLOW_US)]
KINDS = {
    "whole": "whole",
    "cut": "cut",
    "reset": "cut",
    "short": "cut",
    "broken": "cut",
    "error": "error_event",
    "429": "status",
    "529": "status",
    "html": "not_a_stream",
    "refuse": "refused",
    "hang": "timeout",
    "silent": "timeout",
}


def near(report, name, true):
    """Whether a report says of a metric what a server noted; what the generator was late by, it says itself."""
    seen, own = report[name], report["dispatch_us"]
    assert abs(seen["p50"] - quantile(true, 0.5)) < MIDDLE_US + own["p50"], (name, own)
    assert abs(seen["p99"] - quantile(true, 0.99)) < TAIL_US + own["p99"], (name, own)
    assert abs(seen["max"] - max(true)) < 2 * TAIL_US + own["max"], (name, own)


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_first_bytes_first_contents_and_gaps_are_those_that_the_server_noted(tapedeck, tmp_path, dialect):
    with server(tmp_path / "s", SPREAD, "--dialect", dialect) as known:
        report = load_json(tapedeck, known.url, *POST, "--arrivals", "poisson:60/s", "--count", 100)
    streams = known.streams
    assert (report["streams"], report["completed"], report["not_sent"]) == (100, 100, 0)
    assert report["outcomes"] == {"whole": 100}
    near(report, "ttfb_us", ttfb_us(streams))
    near(report, "ttft_us", ttft_us(streams))
    near(report, "gap_us", gaps_us(streams))
    near(report, "stream_us", [stream["ended_us"] - stream["arrived_us"] for stream in streams])
    # These are far apart, so that one cannot stand for another.
    assert report["ttfb_us"]["p50"] < 20_000 < report["ttft_us"]["p50"]
    assert report["gap_us"]["p50"] < 20_000 < 100_000 < report["gap_us"]["p99"]


def test_a_stream_that_begins_before_its_content_has_a_first_byte_and_no_first_token(tapedeck, tmp_path):
    with server(tmp_path / "s", [[200_000, 1000]], "--every", "1:hang") as known:
        done = load(tapedeck, known.url, *POST, "--count", 3, "--read-timeout", "400ms", "--json")
    report = done.report
    assert report["outcomes"] == {"timeout": 3}
    assert report["completed"] == 0
    assert report["ttfb_us"]["p50"] < 100_000
    assert all(stream["sent_us"] for stream in known.streams)


def test_a_server_that_stands_still_shows_in_an_open_loop(tapedeck, tmp_path):
    with server(tmp_path / "s", [[2000, 1000]], "--stall", "600:1000") as known:
        report = load_json(tapedeck, known.url, *POST, "--arrivals", "constant:200/s", "--duration", "2500ms")
    # Some 200 of 500 streams fall due in the second in which nothing is accepted, the first of them 1 s before its end.
    assert report["streams"] >= 490
    assert report["ttft_us"]["p50"] < 300_000
    assert report["ttft_us"]["p90"] > 500_000
    assert 850_000 < report["ttft_us"]["p99"] < 1_400_000
    assert report["ttft_us"]["max"] > 900_000
    assert known.streams[-1]["arrived_us"] - known.streams[0]["arrived_us"] > 2_300_000


def test_a_closed_loop_cannot_show_it_and_says_so(tapedeck, tmp_path):
    with server(tmp_path / "s", [[2000, 1000]], "--stall", "600:1000") as known:
        arguments = [known.url, *POST, "--arrivals", "concurrent:2", "--duration", "2500ms"]
        done = load(tapedeck, *arguments)
    assert done.code == 0, done.said
    # Two of some hundreds of streams met the pause.
    assert sum(stream["sent_us"][0] - stream["arrived_us"] > 500_000 for stream in known.streams) <= 4
    assert "coordinated omission" in done.out + done.said


def test_how_streams_end_is_counted_by_kind_exactly(tapedeck, tmp_path):
    chance = random.Random(3)
    # Each kind has its own prime or so, so that a wrong share shows.
    every = {
        "429": 7,
        "error": 8,
        "cut": 9,
        "reset": 10,
        "short": 11,
        "broken": 13,
        "html": 15,
        "529": 17,
        "refuse": 19,
    }
    every |= {"silent": 23, "hang": 29}
    rules = [part for kind, number in every.items() for part in ("--every", f"{number}:{kind}")]
    lines = [[chance.randrange(1000, 9000), *[2000] * 6] for _ in range(11)]
    with server(tmp_path / "s", lines, *rules) as known:
        asked = ["--arrivals", "constant:150/s", "--count", 200, "--read-timeout", "700ms", "--no-keep-alive"]
        done = load(tapedeck, known.url, *POST, *asked, "--json")
    did = Counter(KINDS[stream["kind"]] for stream in known.streams)
    assert len(did) == 7
    assert done.report["outcomes"] == dict(did)
    assert done.report["streams"] == sum(did.values()) == 200
    assert done.report["completed"] == did["whole"]


@pytest.mark.parametrize("dialect", ["openai", "anthropic", "plain"])
def test_outcomes_are_told_apart_on_kept_connections_in_every_dialect(tapedeck, tmp_path, dialect):
    # Of a stream of unknown words nobody knows which is an error.
    failing = "7:error" if dialect != "plain" else "7:html"
    rules = ["--every", "5:429", "--every", failing, "--every", "11:reset"]
    with server(tmp_path / "s", [[2000, 1000, 1000, 1000]], *rules, "--dialect", dialect) as known:
        url = known.url if dialect != "plain" else f"http://127.0.0.1:{known.port}/words"
        done = load(tapedeck, url, *POST, "--arrivals", "concurrent:4", "--count", 120, "--json")
    streams = known.streams
    assert done.report["outcomes"] == dict(Counter(KINDS[stream["kind"]] for stream in streams))
    assert len({stream["connection"] for stream in streams}) < 30


def test_the_rate_that_was_reached_stands_beside_the_one_that_was_asked_for(tapedeck, tmp_path):
    with server(tmp_path / "s", [[2000, 1000]]) as known:
        report = load_json(tapedeck, known.url, *POST, "--arrivals", "constant:80/s", "--duration", "2s")
    assert report["requested_per_s"] == 80
    assert abs(report["achieved_per_s"] - 80) < 4
    assert abs(report["streams"] - 160) <= 1
    assert report["events_per_s"] == pytest.approx(6 * 80, rel=0.05)


def held_up(process):
    """Keeps a run that has begun to ask from running for a moment, and gives its end: exit code, output, words."""
    until_it_asks(process)
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.15)
    process.send_signal(signal.SIGCONT)
    out, said = process.communicate(timeout=30)
    return process.returncode, out, said


def test_a_generator_that_was_late_says_that_its_numbers_are_not_the_servers(tapedeck, tmp_path):
    with server(tmp_path / "s", [[2000, 1000]]) as known:
        arguments = [known.url, *POST, "--arrivals", "constant:200/s", "--duration", "1500ms", "--strict"]
        with started(tapedeck, *arguments) as process:
            code, out, said = held_up(process)
    assert code == 1
    assert "the generator was late: these numbers are not the server's" in out + said
    assert len(known.streams) > 200


def test_the_same_lateness_without_strict_is_told_and_is_no_failure(tapedeck, tmp_path):
    with server(tmp_path / "s", [[2000, 1000]]) as known:
        arguments = [known.url, *POST, "--arrivals", "constant:200/s", "--duration", "1s", "--json"]
        with started(tapedeck, *arguments) as process:
            code, out, said = held_up(process)
    assert code == 0, said
    report = json.loads(out)
    assert report["generator_late"] is True
    assert report["dispatch_us"]["max"] > 100_000
    # What was due while the generator stood still counts from when it was due.
    assert report["ttft_us"]["max"] > 100_000
