"""Attempts as the SDKs make them, and what the deck's own pages say of them."""

import json
import subprocess
import urllib.error
import urllib.request

import anthropic
import pytest

import wire
from clients import anthropic_at
from conftest import CASSETTES, request_body, request_bytes, running
from liveapi.messages import SCENARIOS

NAME = "anthropic-text"
TEXT = SCENARIOS["text"].text


def journal(deck, session):
    with urllib.request.urlopen(f"{deck}/~/api/journal?session={session}", timeout=10) as answer:
        return json.load(answer)


def ask(sdk, name=NAME):
    with sdk.messages.stream(**request_body(name, stream=False)) as stream:
        return stream.get_final_text()


def test_the_sdks_own_retries_of_a_529_reach_the_attempts_behind_it(deck):
    base = f"{deck}/~session=own-retries/~pace=instant/~fault=status:529,on=1-2"
    assert ask(anthropic_at(base, max_retries=2)) == TEXT
    entries = journal(deck, "own-retries")
    assert [entry["attempt"] for entry in entries] == [1, 2, 3]
    assert [entry["status"] for entry in entries] == [529, 529, 200]
    assert [len(entry["faults"]) for entry in entries] == [1, 1, 0]


def test_without_a_session_the_sdks_header_counts_its_retries(deck):
    base = f"{deck}/~pace=instant/~fault=status:529,on=1-2"
    assert ask(anthropic_at(base, max_retries=2)) == TEXT
    with pytest.raises(anthropic.APIStatusError):
        ask(anthropic_at(base, max_retries=1))


def test_an_application_that_asks_again_after_a_broken_stream_is_at_attempt_2(deck):
    base = f"{deck}/~session=asks-again/~pace=instant/~fault=disconnect@event:9,on=1"
    sdk = anthropic_at(base)
    with pytest.raises(Exception, match=r"incomplete|closed|peer"):
        ask(sdk)
    assert ask(sdk) == TEXT
    entries = journal(deck, "asks-again")
    assert [(entry["attempt"], entry["attempt_from"]) for entry in entries] == [
        (1, "session"),
        (2, "session"),
    ]
    assert [entry["ended"] for entry in entries] == ["disconnect", "complete"]
    assert entries[0]["events"] == 8


@pytest.mark.parametrize("seed", range(6))
def test_the_line_in_the_journal_replays_the_same_body(deck, seed):
    session = f"reproduce-{seed}"
    chaos = "chaos:1,from=reset+disconnect+end+drop+swap+bad-json+error+rechunk+newline"
    url = f"{deck}/~session={session}/~seed={seed}/~pace=instant/~fault={chaos}/v1/messages"
    body = request_bytes(NAME)
    first = wire.post_until_end(url, body, 5)
    [entry] = journal(deck, session)
    assert "chaos" not in entry["reproduce"]
    again = wire.post(f"{deck}/v1/messages", body, [("tapedeck", entry["reproduce"])])
    assert again.body == wire_body(first[0])


def wire_body(answer):
    """The body of raw bytes that are chunked, as far as it came."""
    _, _, rest = answer.partition(b"\r\n\r\n")
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        count = int(size, 16)
        if count == 0:
            break
        body, rest = body + rest[:count], rest[count + 2 :]
    return body


def test_beyond_loopback_a_token_is_made_up_and_said_once(tapedeck, tmp_path):
    port_file = tmp_path / "port"
    command = [tapedeck, "serve", CASSETTES, "--host", "0.0.0.0", "--port", "0"]
    with subprocess.Popen(
        [*map(str, command), "--port-file", str(port_file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            base = process.stdout.readline().strip()
            assert base.startswith("http://127.0.0.1:")
            line = process.stderr.readline()
            token = line.split()[-1]
            assert len(token) == 32
            with pytest.raises(urllib.error.HTTPError, match="401"):
                urllib.request.urlopen(f"{base}/~/metrics", timeout=10)
            asked = urllib.request.Request(f"{base}/~/metrics", headers={"authorization": f"Bearer {token}"})
            with urllib.request.urlopen(asked, timeout=10) as answer:
                assert b"tapedeck_requests_total" in answer.read()
            with urllib.request.urlopen(f"{base}/~/health", timeout=10) as answer:
                assert answer.status == 200
        finally:
            process.terminate()


def test_a_host_that_was_not_allowed_sees_nothing_and_one_that_was_does(tapedeck, tmp_path):
    command = [tapedeck, "serve", CASSETTES, "--allow-host", "deck.test"]
    with running(command, tmp_path / "port"):
        base = f"http://127.0.0.1:{int((tmp_path / 'port').read_text())}"

        def status(host):
            asked = urllib.request.Request(f"{base}/~/api/journal", headers={"host": host})
            try:
                return urllib.request.urlopen(asked, timeout=10).status
            except urllib.error.HTTPError as error:
                return error.code

        assert [status("deck.test"), status("rebound.example")] == [200, 403]
