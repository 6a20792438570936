"""The verbs from end to end: record, serve with a command, and what curl makes of the deck."""

import os
import signal
import subprocess
from contextlib import ExitStack

import pytest

import tape
import wire
from clients import anthropic_at
from conftest import CASSETTES, REQUESTS, request_body, request_bytes, run, running, wait_until_ready
from liveapi.messages import SCENARIOS

KEY = "sk-ant-api03-" + "dummy-" * 12


def record(tapedeck, url, name, target, *options):
    headers = ["-H", "content-type: application/json", "-H", f"x-api-key: {KEY}"]
    body = f"@{REQUESTS}/{name}.json"
    return run(tapedeck, "record", url, *headers, "-d", body, "-o", target, *options)


@pytest.mark.parametrize("name", ["anthropic-thinking", "anthropic-multibyte", "anthropic-cut"])
def test_what_is_recorded_from_a_live_server_is_served_again_equal(
    tapedeck, live, live_answers, deck_of, tmp_path, name
):
    target = tmp_path / "fresh.tape"
    done = record(tapedeck, f"{live}/v1/messages", name, target)
    assert done.returncode == 0, done.stderr
    assert target.stat().st_mode & 0o777 == 0o600
    assert KEY not in repr(tape.read(target))
    with deck_of(target) as base:
        replay = wire.post(f"{base}/~pace=instant/v1/messages", request_bytes(name))
    [original] = live_answers[name]
    assert (replay.status, replay.body, replay.complete) == (200, original.body, original.complete)


def test_a_recording_is_not_overwritten_but_appended_to_on_request(tapedeck, live, tmp_path):
    target = tmp_path / "twice.tape"
    url = f"{live}/v1/messages"
    name = "anthropic-overloaded-then-text"
    assert record(tapedeck, url, name, target).returncode == 0
    before = target.read_bytes()
    refused = record(tapedeck, url, name, target)
    assert refused.returncode == 64 and b"--append" in refused.stderr
    assert target.read_bytes() == before
    assert record(tapedeck, url, name, target, "--append").returncode == 0
    assert target.read_bytes().startswith(before)
    assert [exchange.head["status"] for exchange in tape.read(target)] == [529, 200]


def test_an_upstream_that_is_not_there_is_recorded_as_unreachable(tapedeck, tmp_path):
    target = tmp_path / "nobody.tape"
    done = record(tapedeck, "http://127.0.0.1:1/v1/messages", "anthropic-text", target)
    assert done.returncode == 69 and done.stderr
    [exchange] = tape.read(target)
    assert exchange.how == "unreachable"


def test_the_deck_ends_well_when_it_is_asked_to(tapedeck, tmp_path):
    port_file = tmp_path / "port"
    with running([tapedeck, "serve", CASSETTES], port_file) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    said = port_file.with_suffix(".out").read_text()
    assert f"http://127.0.0.1:{port_file.read_text().strip()}" in said


def test_a_deck_whose_default_port_is_taken_takes_another_and_still_ends_when_asked(tapedeck, tmp_path):
    with ExitStack() as stack:
        decks = []
        for name in ("first", "second"):
            port_file = tmp_path / name
            command = [tapedeck, "serve", CASSETTES, "--port-file", port_file]
            process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.DEVNULL))
            stack.callback(process.kill)
            wait_until_ready(process, port_file)
            decks.append((process, port_file.read_text()))
        assert len({port for _, port in decks}) == 2
        for process, _ in decks:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(("arguments", "expected"), [(["--head"], 404), (["--request", "OPTIONS"], 204)])
def test_a_method_that_was_never_recorded_is_answered_and_the_client_goes_on(deck, arguments, expected):
    quiet = ["--http1.1", "-sS", "--max-time", "10", "-o", os.devnull, "-w", "%{http_code} "]
    done = run(
        *("curl", *quiet, *arguments, f"{deck}/v1/messages"),
        *("--next", *quiet, f"{deck}/~/health"),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [b"%d" % expected, b"200"]


def test_curl_streams_a_post_with_the_right_bytes(deck, live_answers):
    url = f"{deck}/~pace=instant/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    done = run("curl", "--http1.1", "-sSN", "--fail", "--data-binary", f"@{REQUESTS}/gemini-text.json", url)
    assert done.returncode == 0, done.stderr
    [original] = live_answers["gemini-text"]
    assert done.stdout == original.body


def test_the_sdk_reads_the_live_server_as_it_reads_the_deck(live):
    sdk = anthropic_at(live)
    with sdk.messages.stream(**request_body("anthropic-multibyte", stream=False)) as stream:
        assert stream.get_final_text() == SCENARIOS["multibyte"].text


def test_who_has_read_the_first_line_of_a_deck_has_all_of_them(tapedeck):
    with subprocess.Popen([tapedeck, "serve", "--sample", "--port", "0"], stdout=subprocess.PIPE) as deck:
        try:
            first, *others = os.read(deck.stdout.fileno(), 65536).decode().splitlines()
        finally:
            deck.terminate()
    assert first.startswith("http://127.0.0.1:")
    assert others[0].startswith("export TAPEDECK_URL=")
    assert others[-1].startswith("export no_proxy=")
