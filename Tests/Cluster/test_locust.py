"""Locust loads a deck with the users of scripts/cluster/locustfile.py: a master with two workers, and one process."""

import json
import re
import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest

from cluster.fleet import answers_of, child, metrics
from conftest import CASSETTES, ROOT

LOCUST = [sys.executable, "-m", "locust", "-f", ROOT / "scripts" / "cluster" / "locustfile.py", "--skip-log"]
USERS = 4
STREAMS = 2
WITHIN_S = 60
TYPES = {"POST", "TTFT", "STREAM"}
PACE = "ttft:200ms,rate:200/s"


def load(base, run_time_s, *arguments):
    """Runs a load in which each user asks for a few streams; gives Locust's rows by their kind, and its exit code."""
    words = ["--headless", "--json", "--host", base, "--stream-count", STREAMS, "--users", USERS, "--spawn-rate", USERS]
    words += ["--run-time", f"{run_time_s}s", "--stop-timeout", "10", *arguments]
    done = subprocess.run([*map(str, [*LOCUST, *words])], capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert done.stdout, done.stderr
    rows = json.loads(re.search(r"(?s)^\[.*^\]", done.stdout, re.MULTILINE)[0])
    return {row["method"]: row for row in rows}, done.returncode


def check_counts(rows, base):
    """Each stream is a row of each kind, and what the deck has counted."""
    count = rows["STREAM"]["num_requests"]
    assert {kind: row["num_requests"] for kind, row in rows.items()} == dict.fromkeys(TYPES, count)
    assert answers_of(metrics(base)) == {"complete": count}
    assert count >= USERS


def test_two_workers_count_each_stream_once(deck_of, tmp_path):
    with deck_of(CASSETTES / "anthropic-text.tape", "--pace", PACE) as base, ExitStack() as stack:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        for number in (1, 2):
            words = [*LOCUST, "--worker", "--master-port", port]
            stack.enter_context(child(words, tmp_path / f"worker{number}.log"))
        # Long enough for the workers to report, which they do every three seconds.
        rows, code = load(base, 6, "--master", "--master-bind-port", port, "--expect-workers", "2")
        check_counts(rows, base)
    assert code == 0


@pytest.mark.parametrize(
    "name, path",
    [
        ("openai-chat", "/v1/chat/completions"),
        ("openai-responses", "/v1/responses"),
        ("gemini-text", "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"),
    ],
)
def test_the_first_content_and_the_end_are_those_of_each_api(deck_of, name, path):
    with deck_of(CASSETTES / f"{name}.tape", "--pace", PACE) as base:
        rows, code = load(base, 2, "--stream-path", path)
        check_counts(rows, base)
    assert code == 0
    # The first event is sent after 200 ms, and nothing is early; the head comes before it.
    assert 200 <= rows["TTFT"]["min_response_time"] < rows["STREAM"]["min_response_time"]
    assert rows["POST"]["min_response_time"] < rows["TTFT"]["min_response_time"]


def test_a_stream_that_is_cut_is_a_failure(deck_of):
    with deck_of(CASSETTES / "anthropic-text.tape", "--pace", "instant", "--fault", "end@event:9") as base:
        rows, code = load(base, 2)
        check_counts(rows, base)
    assert code == 1
    assert {kind: row["num_failures"] for kind, row in rows.items()} == {
        "POST": 0,
        "TTFT": 0,
        "STREAM": rows["STREAM"]["num_requests"],
    }
