"""Locust's master and two workers load a deck with the users of scripts/cluster/locustfile.py."""

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
USERS = 6
WITHIN_S = 60
TYPES = ("POST", "TTFT", "STREAM")


def load(base, folder, *arguments):
    """Runs a load for two seconds; gives Locust's rows by their kind, and its exit code."""
    with ExitStack() as stack:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        # As few processes as show that it works.
        for number in (1, 2):
            words = [*LOCUST, "--worker", "--master-port", port, *arguments]
            stack.enter_context(child(words, folder / f"worker{number}.log"))
        master = ["--master", "--master-bind-port", port, "--expect-workers", "2", "--headless", "--json"]
        times = ["--users", str(USERS), "--spawn-rate", str(USERS), "--run-time", "2s", "--stop-timeout", "10"]
        done = subprocess.run(
            [*map(str, LOCUST), *master, *times, "--host", base, *arguments],
            capture_output=True, text=True, timeout=WITHIN_S, check=False,
        )  # fmt: skip
    assert done.stdout, done.stderr
    rows = json.loads(re.search(r"(?s)^\[.*^\]", done.stdout, re.MULTILINE)[0])
    return {row["method"]: row for row in rows}, done.returncode


@pytest.mark.parametrize("name, path", [("anthropic-text", "/v1/messages"), ("openai-chat", "/v1/chat/completions")])
def test_each_stream_is_counted_with_its_first_content_and_its_end(deck_of, tmp_path, name, path):
    with deck_of(CASSETTES / f"{name}.tape", "--pace", "ttft:200ms,rate:200/s") as base:
        rows, code = load(base, tmp_path, "--stream-path", path)
        counted = answers_of(metrics(base))
    assert code == 0
    assert set(rows) == set(TYPES)
    assert {row["num_requests"] for row in rows.values()} == set(counted.values()) and set(counted) == {"complete"}
    assert rows["STREAM"]["num_requests"] >= USERS
    # No content comes with the first event, which is sent after 200 ms; nothing is early.
    assert 200 <= rows["TTFT"]["min_response_time"] < rows["STREAM"]["min_response_time"]
    assert rows["POST"]["min_response_time"] < 200


def test_a_stream_that_is_cut_is_a_failure(deck_of, tmp_path):
    with deck_of(CASSETTES / "anthropic-text.tape", "--pace", "instant", "--fault", "end@event:9") as base:
        rows, code = load(base, tmp_path)
    assert code == 1
    assert rows["STREAM"]["num_failures"] == rows["STREAM"]["num_requests"] == rows["TTFT"]["num_requests"] >= USERS
    assert rows["TTFT"]["num_failures"] == rows["POST"]["num_failures"] == 0
