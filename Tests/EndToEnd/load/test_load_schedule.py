"""What `tapedeck load` asks for, and what a run has to hold."""

import json
import os

import pytest

from conftest import run


def load(*options):
    """Loads a deck of the built-in cassettes, without waiting; gives the exit code, the results and what was said."""
    done = run(os.environ["TAPEDECK"], "load", "--sample", "--pace", "instant", "--json", *options)
    return done.returncode, json.loads(done.stdout or "null"), done.stderr.decode()


def test_shards_together_ask_for_the_whole_schedule():
    whole = ["--arrivals", "poisson:200/s", "--count", "21", "--seed", "3"]
    counts = []
    for shard in ("1/3", "2/3", "3/3"):
        code, result, _ = load(*whole, "--shard", shard)
        assert code == 0
        counts.append(result["streams"] + result["not_sent"])
    assert counts == [7, 7, 7]


def test_a_trace_says_when(tmp_path):
    trace = tmp_path / "trace.csv"
    trace.write_bytes(b"\xef\xbb\xbfTimestamp,Model\r\n100,a\r\n101,b\r\n104,c\r\n")
    code, result, _ = load("--arrivals", f"trace:{trace}", "--speed", "20")
    assert code == 0
    assert result["streams"] == 3
    assert result["requested_per_s"] == pytest.approx(10)


@pytest.mark.parametrize(
    "text, code, message",
    [
        ("Timestamp\n2\n1\n", 65, "line 3: has the time 1, which is before 2: sort the lines by time"),
        ("Model\n", 65, "names no column 'Timestamp'"),
        ("", 65, "has no arrival"),
        (None, 66, "cannot be opened"),
    ],
)
def test_what_is_no_trace_is_refused(tmp_path, text, code, message):
    trace = tmp_path / "trace"
    if text is not None:
        trace.write_text(text)
    found, result, said = load("--arrivals", f"trace:{trace}")
    assert (found, result) == (code, None)
    assert message in said and str(trace) in said


def test_an_objective_that_does_not_hold_fails():
    schedule = ["--arrivals", "concurrent:2", "--count", "6"]
    code, result, _ = load(*schedule, "--slo", "errors<=100%,streams>=6")
    assert code == 0
    assert result["slo"] == [
        {"slo": "errors<=100%", "value": 0, "held": True},
        {"slo": "streams>=6", "value": 6, "held": True},
    ]
    code, result, _ = load(*schedule, "--slo", "ttft.p99<1us")
    assert code == 1
    assert [objective["held"] for objective in result["slo"]] == [False]


@pytest.mark.parametrize(
    "options, message",
    [
        (["--arrivals", "poison:5/s"], "did you mean 'poisson:50/s'?"),
        (["--duration", "0s"], "a duration of 0 asks for nothing"),
        (["--shard", "3/2"], "'3/2' is not a share of the schedule"),
        (["--slo", "ttft<1s"], "'ttft' names no statistic: write ttft.p99"),
        (["--cancel", "5%"], "'5%' does not say who leaves, and when"),
        (["--requests", "weights:1,2,3,4,5,6,7,8,9"], "tapedeck: --requests weights:1,2,3"),
        (["--speed", "2"], "tapedeck: --speed is for trace:FILE alone"),
    ],
)
def test_what_cannot_be_scheduled_is_a_mistake_of_usage(options, message):
    code, _, said = load(*options)
    assert code == 64
    assert message in said


def test_a_sum_without_all_its_shards_says_so(tmp_path):
    _, result, _ = load("--count", "4", "--arrivals", "poisson:200/s", "--shard", "2/3")
    part = tmp_path / "2.json"
    part.write_text(json.dumps(result))
    done = run(os.environ["TAPEDECK"], "load", "--merge", part)
    assert done.returncode == 0
    assert b"incomplete: 2 shards missing (1, 3)" in done.stdout


def test_a_cassette_that_is_not_there_is_taken_for_no_server():
    done = run(os.environ["TAPEDECK"], "load", "nosuch.tape")
    assert done.returncode == 66
    assert b"http" not in done.stderr
    done = run(os.environ["TAPEDECK"], "load", "localhost:1/v1")
    assert done.returncode == 66
    assert b"for a server write http://localhost:1/v1" in done.stderr
