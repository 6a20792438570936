"""A deck that behaves like a loaded provider, against the providers' own SDKs."""

import json
import os
import socket
import subprocess
import threading
import time
from datetime import UTC, datetime
from urllib.request import Request, urlopen

import anthropic
import openai
import pytest

from clients import anthropic_at, openai_at
from conftest import CASSETTES, request_body, request_bytes, run

TEXT = CASSETTES / "anthropic-text.tape"
CHAT = CASSETTES / "openai-chat.tape"
SECOND_S = 1.0


def asked(base, session="t"):
    return json.loads(urlopen(f"{base}/~/api/journal?session={session}").read())


def metrics(base):
    lines = urlopen(f"{base}/~/metrics").read().decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def body(name, **more):
    return {**request_body(name, stream=False), **more}


def test_anthropics_sdk_waits_as_long_as_it_is_told_and_succeeds(deck_of):
    with deck_of(TEXT, "--limit", "requests=1/s", "--pace", "instant") as base:
        sdk = anthropic_at(f"{base}/~session=t", max_retries=2)
        for _ in range(3):
            with sdk.messages.stream(**body("anthropic-text")) as stream:
                assert stream.get_final_text()
        journal = asked(base)
        statuses = [entry["status"] for entry in journal]
        assert statuses.count(200) == 3
        assert 429 in statuses
        refused = [entry for entry in journal if entry["status"] == 429]
        assert all(entry["limit"]["name"] == "requests=1/s" for entry in refused)
        assert all(entry["limit"]["left"] == {"requests": 0} for entry in refused)
        assert all(entry["conduct"] == "ok" for entry in journal)
        assert all(entry["limit"]["name"] is None for entry in journal if entry["status"] == 200)


def test_anthropics_headers_fall_and_their_resets_lie_in_the_future(deck_of):
    limits = ["requests=50/h", "input-tokens=40000/h", "output-tokens=8000/h"]
    flags = [flag for limit in limits for flag in ("--limit", limit)]
    with deck_of(TEXT, *flags, "--pace", "instant") as base:
        sdk = anthropic_at(base, max_retries=0)
        seen = []
        for _ in range(3):
            with sdk.messages.with_streaming_response.create(**body("anthropic-text", stream=True)) as response:
                seen.append(dict(response.headers))
                response.read()
        remaining = [int(headers["anthropic-ratelimit-requests-remaining"]) for headers in seen]
        assert remaining == [49, 48, 47]
        inputs = [int(headers["anthropic-ratelimit-input-tokens-remaining"]) for headers in seen]
        assert 40_000 > inputs[0] > inputs[1] > inputs[2]
        for headers in seen:
            assert headers["anthropic-ratelimit-tokens-limit"] == "48000"
            for kind in ("requests", "tokens", "input-tokens", "output-tokens"):
                reset = datetime.fromisoformat(headers[f"anthropic-ratelimit-{kind}-reset"])
                assert reset >= datetime.now(UTC).replace(microsecond=0)


def test_openais_sdk_waits_as_long_as_it_is_told_and_succeeds(deck_of):
    with deck_of(CHAT, "--limit", "requests=2/s", "--pace", "instant") as base:
        sdk = openai_at(f"{base}/~session=t", max_retries=3)
        seen = []
        for _ in range(4):
            raw = sdk.chat.completions.with_raw_response.create(**body("openai-chat", stream=True))
            seen.append(raw.headers)
            assert list(raw.parse())
        assert [entry["status"] for entry in asked(base)].count(200) == 4
        assert seen[0]["x-ratelimit-limit-requests"] == "2"
        assert [int(headers["x-ratelimit-remaining-requests"]) for headers in seen[:2]] == [1, 0]
        assert seen[0]["x-ratelimit-reset-requests"].endswith("ms")


def test_what_can_never_fit_is_not_tried_again(deck_of):
    with deck_of(CHAT, "--limit", "input-tokens=1/m") as base:
        sdk = openai_at(f"{base}/~session=t", max_retries=3)
        with pytest.raises(openai.RateLimitError, match="send less at a time"):
            sdk.chat.completions.create(**body("openai-chat", stream=True))
        assert len(asked(base)) == 1


def test_the_sdk_gets_over_an_outage(deck_of):
    with deck_of(TEXT, "--outage", "0us..3s", "--pace", "instant") as base:
        sdk = anthropic_at(f"{base}/~session=t", max_retries=3)
        with pytest.raises(anthropic.APIStatusError) as raised:
            anthropic_at(base, max_retries=0).messages.create(**body("anthropic-text", stream=True))
        assert raised.value.status_code == 529
        with sdk.messages.stream(**body("anthropic-text")) as stream:
            assert stream.get_final_text()
        statuses = [entry["status"] for entry in asked(base)]
        assert statuses[0] == 529
        assert statuses[-1] == 200


def test_whoever_waits_gets_its_first_byte_late_and_its_gaps_unchanged(deck_of):
    flags = ["--limit", "concurrency=1,queue=9", "--pace", "gap:15ms"]
    with deck_of(TEXT, *flags) as base:
        times = []

        def client():
            begin = time.monotonic()
            request = Request(f"{base}/v1/messages", request_bytes("anthropic-text"))
            with urlopen(request) as answer:
                answer.read(1)
                first = time.monotonic() - begin
                answer.read()
            times.append((first, time.monotonic() - begin - first))

        threads = [threading.Thread(target=client) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        times.sort()
        length = times[0][1]
        assert length > 0.1
        for place, (first, rest) in enumerate(times):
            assert first >= place * length * 0.9
            assert rest >= length * 0.9
        waited = sorted(entry["limit"]["waited_ms"] for entry in asked_all(base))
        assert waited[0] == 0
        assert waited[2] >= 2 * length * 900
        assert metrics(base)["tapedeck_streams_active"] == "0"


def asked_all(base):
    return json.loads(urlopen(f"{base}/~/api/journal").read())


def test_a_thousand_that_wait_cost_no_spinning(deck_of):
    with deck_of(TEXT, "--limit", "concurrency=1,queue=2000,per=all") as base:
        port = int(base.rsplit(":", 1)[1])
        holder = socket.create_connection(("127.0.0.1", port))
        holder.sendall(head("/~fault=hang@head/v1/messages", port))
        until(base, "tapedeck_streams_active", "1")
        waiting = []
        for _ in range(400):
            waiting.append(socket.create_connection(("127.0.0.1", port)))
            waiting[-1].sendall(head("/v1/messages", port))
        until(base, "tapedeck_streams_waiting", "400")
        before = metrics(base)
        time.sleep(SECOND_S)
        after = metrics(base)
        woken = int(after["tapedeck_loop_wakes_total"]) - int(before["tapedeck_loop_wakes_total"])
        assert woken < 50
        for connection in [*waiting, holder]:
            connection.close()
        until(base, "tapedeck_streams_waiting", "0")
        until(base, "tapedeck_streams_active", "0")


def head(target, port):
    data = request_bytes("anthropic-text")
    return f"POST {target} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-length: {len(data)}\r\n\r\n".encode() + data


def until(base, name, value):
    for _ in range(1000):
        if metrics(base)[name] == value:
            return
    pytest.fail(f"{name} did not become {value}")


def test_a_slowdown_stretches_the_gaps_of_all(deck_of):
    flags = ["--slowdown", "1", "--pace", "gap:20ms"]
    with deck_of(TEXT, *flags) as base:

        def length():
            begin = time.monotonic()
            urlopen(Request(f"{base}/v1/messages", request_bytes("anthropic-text"))).read()
            return time.monotonic() - begin

        alone = length()
        both = []
        threads = [threading.Thread(target=lambda: both.append(length())) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert min(both) > 1.7 * alone


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--limit", "requests=50"], "--limit: '50' is not an amount in a span of time"),
        (["--limit", "rpm=50/m"], "--limit: 'rpm' is no limit"),
        (["--limit", "requests=5/m", "--limit", "requests=6/m"], "limit the same"),
        (["--outage", "5s..1s"], "--outage: the outage '5s..1s' ends before it begins"),
        (["--outage", "1s..5s", "--outage", "4s..9s"], "overlap"),
        (["--slowdown", "0"], "--slowdown: '0' is not a number of streams"),
    ],
)
def test_wrong_limits_are_usage_errors(tapedeck, flags, words):
    done = run(tapedeck, "serve", TEXT, *flags)
    assert done.returncode == 64
    assert words in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1


def test_limits_can_be_set_in_the_environment_and_in_the_file(tapedeck, tmp_path):
    (tmp_path / "tapedeck.json").write_text(
        json.dumps({"serve": {"paths": [str(TEXT)], "limit": ["requests=1/h"], "port": 0}})
    )
    script = (
        'for n in 1 2; do curl -s -o /dev/null -w "%{http_code} " '
        '"$ANTHROPIC_BASE_URL/v1/messages" -d "{\\"stream\\":true}"; done'
    )
    command = [tapedeck, "serve", "--pace", "instant", "--", "sh", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=30)
    assert done.stdout == "200 429 ", done.stderr
    environment = {"TAPEDECK_LIMIT": "requests=5/h\nconcurrency=9", "TAPEDECK_OUTAGE": "0us..1m=500"}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env=os.environ | environment,
    )
    assert done.stdout == "500 500 ", done.stderr
