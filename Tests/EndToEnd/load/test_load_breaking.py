"""What `tapedeck load` says of servers that break, and of what it cannot do: every order is accounted for."""

import json
import subprocess

import pytest

from conftest import CASSETTES
from loaded_deck import exchange, write_tape
from scripted_upstream import FIN, LAST_CHUNK, RESET, SILENCE, Flood, Upstream, chunk, event, head, plain, stream

KEYS = {"streams", "completed", "not_sent", "requested_per_s", "achieved_per_s", "outcomes", "dispatch_us", "ttfb_us"}
KEYS |= {"ttft_us", "gap_us", "late_us", "stream_us", "events_per_s", "goodput_per_s", "slo", "generator_late"}
TAPE = CASSETTES / "anthropic-text.tape"


def loaded(tapedeck, *arguments):
    """Runs to the end; gives the exit code, the results and what was said beside them."""
    command = [tapedeck, "load", *arguments, "--json"]
    done = subprocess.run([*map(str, command)], capture_output=True, check=False, timeout=60, text=True)
    results = json.loads(done.stdout) if done.stdout else None
    if results:
        assert results.keys() >= KEYS
        assert sum(results["outcomes"].values()) == results["streams"]
        assert sum(results["not_sent_by"].values()) == results["not_sent"]
    return done.returncode, results, done.stderr


SERVERS = {
    "a reset": ([RESET], "refused"),
    "silence": ([SILENCE], "timeout"),
    "silence in the head": ([b"HTTP/1.1 200 O", SILENCE], "timeout"),
    "silence in the stream": ([head(), chunk(event(0)), SILENCE], "timeout"),
    "silence before the last byte": ([head(), chunk(event(0)), LAST_CHUNK[:-1], SILENCE], "timeout"),
    "two lengths": (plain(b"data: 1\n\n", "200 OK", "content-length: 6"), "cut"),
    "a chunk without an end": ([head(), b"7fffffffffffffff\r\ndata: 1\n\n", FIN], "cut"),
    "an event of 80 MiB": ([head(), chunk(b"data: "), Flood(chunk(b"x" * (1 << 20)), 80), FIN], "cut"),
    "a redirect": (plain(b"", "302 Found", "location: /"), "not_a_stream"),
    "no content": ([b"HTTP/1.1 204 No Content\r\n\r\n"], "not_a_stream"),
}


@pytest.mark.parametrize("name", SERVERS)
def test_every_order_is_accounted_for(tapedeck, name):
    script, outcome = SERVERS[name]
    upstream = Upstream(script)
    try:
        code, results, _ = loaded(
            tapedeck, f"{upstream.url}/v1/x", "-d", "{}", "--count", 4, "--arrivals", "constant:50/s",
            "--read-timeout", "500ms", "--slo", "errors<1%",
        )  # fmt: skip
    finally:
        upstream.close()
    assert results["streams"] + results["not_sent"] == 4
    assert results["outcomes"] == {outcome: 4}
    assert code == (69 if outcome == "refused" else 1)


@pytest.mark.parametrize(
    ("fault", "verified"), [(None, "equal"), ("drop", "lost"), ("duplicate", "doubled"), ("swap", "changed")]
)
def test_pieces_of_text_that_are_told_again_at_the_end_are_compared(tapedeck, deck_of, fault, verified):
    """The last events of a response say all of its text once more, whatever became of the pieces."""
    tape = CASSETTES / "openai-responses.tape"
    # Events 5 to 42 are pieces of the text.
    faults = ["--fault", f"{fault}@event:8"] if fault else []
    with deck_of(tape, "--pace", "instant", *faults) as base:
        _, results, _ = loaded(tapedeck, base, tape, "--verify", "--pace", "instant", "--count", 2)
    assert results["outcomes"] == {"whole": 2}
    assert results["verify"] == {verified: 2}


def test_a_recording_under_another_content_type_is_no_stream(tapedeck, tmp_path):
    tape = write_tape(
        tmp_path / "t.tape", exchange(1, ["data: a\n\n", "data: b\n\n"], body='{"stream":true}', path="/v1/x")
    )
    for kind, outcome in (("text/event-stream", "whole"), ("text/plain", "not_a_stream")):
        upstream = Upstream(plain(b"data: a\n\ndata: b\n\n", kind=kind))
        try:
            _, results, _ = loaded(tapedeck, upstream.url, tape, "--verify", "--count", 2)
        finally:
            upstream.close()
        assert results["outcomes"] == {outcome: 2}
        assert results["verify"] == ({"equal": 2} if outcome == "whole" else {})


def test_the_turns_of_conversations_are_all_asked_for(tapedeck):
    shape = ["--pace", "instant", "--session-turns", "4", "--count", "10", "--think", "20ms"]
    for arrivals in ("constant:50/s", "concurrent:2"):
        _, results, _ = loaded(tapedeck, TAPE, "--arrivals", arrivals, *shape)
        assert (results["streams"], results["not_sent"]) == (10, 0)


def test_a_closed_loop_warms_up_and_thinks(tapedeck):
    shape = ["--arrivals", "concurrent:1", "--pace", "instant", "--duration", "1s"]
    _, results, _ = loaded(tapedeck, TAPE, *shape, "--think", "200ms")
    assert 1 < results["streams"] <= 5
    _, results, _ = loaded(tapedeck, TAPE, *shape, "--think", "200ms", "--warmup", "900ms")
    assert results["streams"] <= 1


def test_a_duration_is_not_over_with_its_last_order(tapedeck):
    upstream = Upstream(stream(3, pause_s=0.2))
    shape = ["--arrivals", "constant:1/m", "--duration", "3s", "--drain-timeout", "0s"]
    try:
        _, results, _ = loaded(tapedeck, f"{upstream.url}/v1/x", "-d", "{}", *shape)
    finally:
        upstream.close()
    assert results["outcomes"] == {"whole": 1}


def test_a_run_in_which_nothing_is_measured_says_so(tapedeck):
    code, results, said = loaded(tapedeck, TAPE, "--pace", "instant", "--count", "2", "--warmup", "10s", "--strict")
    assert (code, results["streams"], results["not_sent"]) == (1, 0, 0)
    assert "nothing was measured" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-X", "GET / HTTP/1.1"], "is no method"),
        (["-X", ""], "is no method"),
        (["-H", "x: a\r\ny: b"], "control characters"),
        (["-H", ": x"], "no token"),
        (["--arrivals", "concurrent:20", "--max-in-flight", "19"], "asks for at a time"),
    ],
)
def test_what_cannot_be_asked_is_refused(tapedeck, arguments, said):
    code, results, error = loaded(tapedeck, "http://127.0.0.1:9/x", *arguments, "--count", "1")
    assert (code, results) == (64, None)
    assert said in error


def test_what_cannot_be_compared_with_costs_no_run(tapedeck, tmp_path):
    other = tmp_path / "other.json"
    other.write_text("{}")
    upstream = Upstream(stream(1))
    try:
        code, results, _ = loaded(tapedeck, f"{upstream.url}/v1/x", "--count", "1", "--against", other)
    finally:
        upstream.close()
    assert (code, results, upstream.connections) == (65, None, 0)
