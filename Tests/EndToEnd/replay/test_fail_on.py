"""`--fail-on`: what ends a deck with exit code 1 and a list, though every client was content."""

import json
import os
import subprocess
import sys

import pytest

import raw_wire
from conftest import CASSETTES, REQUESTS, running

ANY = REQUESTS / "anthropic-text.json"
CLIENT = """
import os, sys, urllib.error, urllib.request
body = open(sys.argv[1], "rb").read()
for path in sys.argv[2:]:
    try:
        urllib.request.urlopen(os.environ["TAPEDECK_URL"] + path, body).read()
    except (urllib.error.URLError, OSError):
        pass
"""
FAULT = "/~session=t1/~fault={}/v1/messages".format


def wrapped(tapedeck, paths, *flags, env=None, cwd=None):
    """A command that asks these paths and is content with whatever comes; gives how the deck ended."""
    command = [tapedeck, "serve", CASSETTES / "anthropic-text.tape", "--pace", "instant", "--port", "0"]
    command += [*flags, "--", sys.executable, "-c", CLIENT, ANY, *paths]
    return subprocess.run(
        [*map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=cwd,
        env=os.environ | (env or {}),
    )


CASES = {
    "a fault with a typo": ([FAULT("eror")], ["1 request was refused", "session t1: POST ", "eror"]),
    "a directive with a typo": (
        ["/~session=t1/~sed=1/v1/messages"],
        ["1 request was refused", "session t1: ", "path segment 2", "'sed' is not a directive"],
    ),
    "a directive behind the path": (["/v1/~fault=reset/messages"], ["1 request was refused"]),
    "a contradiction": (
        ["/~session=t1/~fault=status:529/~fault=body:html/v1/messages"],
        ["1 request was refused for wrong directives:", "contradict each other"],
    ),
    "a place that is not there": ([FAULT("reset@event:4000")], ["1 request was refused", "4000"]),
    "a cassette that is not there": (["/~cassette=no/v1/messages"], ["1 request was refused", "'no'"]),
    "an attempt that never came": (
        [FAULT("status:529,on=2")],
        ["1 fault never fired:", "session t1: status:529,on=2: the last request was attempt 1"],
    ),
    "a fault on a miss": (
        ["/~fault=reset/v1/none"],
        ["1 fault never fired:", "  reset: nothing matched", "1 request matched no exchange:"],
    ),
    "a request that misses": (["/v1/none"], ["1 request matched no exchange:", "/v1/none"]),
}

SOON = FAULT("status:529,retry-after=60s,on=1")
CONDUCT = {
    "a retry too soon": ([SOON] * 2, "retry-too-soon: attempt 2 came "),
    "a retry of what no retry changes": ([FAULT("status:401,on=1")] * 2, "retried-fatal: tried again after attempt 1"),
    "a storm": ([FAULT("status:529")] * 11, "retry-storm: made 11 attempts within "),
    "a storm of few": ([FAULT("status:529")] * 4, "retry-storm: made 4 attempts whose pauses do not grow: "),
}
RIGHT = {
    "no retry": [SOON],
    "a retry that nobody asked to wait": [FAULT("status:529,on=1")] * 2,
    "a retry after a part": [FAULT("reset@event:20,on=1")] * 2,
    "the same question again": ["/~session=t1/v1/messages"] * 12,
    "two clients": [SOON, SOON.replace("t1", "t2")],
}


@pytest.mark.parametrize("name", CASES)
def test_under_a_command_what_did_nothing_is_a_failure(tapedeck, name):
    paths, said = CASES[name]
    done = wrapped(tapedeck, paths)
    assert done.returncode == 1 and done.stdout == ""
    assert all(text in done.stderr for text in said), done.stderr
    assert wrapped(tapedeck, paths, "--fail-on", "none").returncode == 0


@pytest.mark.parametrize("name", CONDUCT)
def test_wrong_conduct_fails_a_run_that_asks_for_it(tapedeck, name):
    paths, said = CONDUCT[name]
    done = wrapped(tapedeck, paths, "--fail-on", "conduct")
    assert done.returncode == 1, done.stderr
    head, line = done.stderr.splitlines()
    assert head == "tapedeck: 1 request was made with wrong conduct:"
    assert line.startswith(f"tapedeck:   session t1: POST /v1/messages: {said}"), line
    assert wrapped(tapedeck, paths).returncode == 0, "nobody asked for it"


@pytest.mark.parametrize("name", RIGHT)
def test_right_conduct_does_not(tapedeck, name):
    done = wrapped(tapedeck, RIGHT[name], "--fail-on", "conduct")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_fires_on_any_attempt_of_the_run_has_fired(tapedeck):
    retried = [FAULT("status:529,on=2")] * 2 + [FAULT("reset@event:3,on=1")] * 2
    done = wrapped(tapedeck, retried)
    assert (done.returncode, done.stderr) == (1, done.stderr), "attempts are counted by request"
    assert "reset@event:3,on=1" in done.stderr and "status:529" not in done.stderr
    assert wrapped(tapedeck, [FAULT("status:529,on=2")] * 2).returncode == 0
    assert wrapped(tapedeck, ["/v1/messages"] * 2, "--fault", "status:529,on=2").returncode == 0
    assert wrapped(tapedeck, ["/~fault=chaos:0/v1/messages"]).returncode == 0


def test_a_fault_of_the_decks_own_is_one_however_many_sessions_ask(tapedeck):
    paths = [f"/~session={name}/v1/messages" for name in "abc"]
    done = wrapped(tapedeck, paths, "--fault", "reset@event:3,on=2")
    assert done.returncode == 1
    assert "1 fault never fired:\ntapedeck:   reset@event:3,on=2: " in done.stderr
    done = wrapped(tapedeck, [], "--fault", "reset")
    assert done.returncode == 1 and "reset: there was no request" in done.stderr


def test_a_list_says_exactly_what_counts_and_an_old_flag_adds_to_it(tapedeck):
    paths = ["/v1/none", FAULT("eror")]
    assert wrapped(tapedeck, paths, "--fail-on", "unfired,loose").returncode == 0
    only = wrapped(tapedeck, paths, "--fail-on", "loose", "--fail-on", "refused")
    assert only.returncode == 1 and "refused" in only.stderr and "matched no" not in only.stderr
    both = wrapped(tapedeck, paths, "--fail-on", "refused", "--fail-on-miss")
    assert "refused" in both.stderr and "matched no" in both.stderr
    assert wrapped(tapedeck, ["/v1/messages"], "--fail-on-unplayed").returncode == 0
    assert wrapped(tapedeck, [], "--fail-on-unplayed").returncode == 1


def test_the_layers_below_the_command_line_say_it_too(tapedeck, tmp_path):
    paths = ["/v1/none"]
    none = {"TAPEDECK_FAIL_ON": "none"}
    assert wrapped(tapedeck, paths, env=none).returncode == 0
    assert wrapped(tapedeck, paths, "--fail-on=miss", env=none).returncode == 1
    for value in ("none", ["unfired", "refused"]):
        (tmp_path / "tapedeck.json").write_text(json.dumps({"serve": {"fail-on": value}}))
        assert wrapped(tapedeck, paths, cwd=tmp_path).returncode == 0
    (tmp_path / "tapedeck.json").write_text('{"serve": {"fail-on": ["unfired,miss"]}}')
    assert wrapped(tapedeck, paths, cwd=tmp_path).returncode == 1


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("typo", "'typo' is not a kind of failure"),
        ("", "'' is not a kind of failure"),
        ("miss,", "'' is not a kind of failure"),
        ("none,miss", "'none' cannot be combined with others"),
    ],
)
def test_what_cannot_fail_a_run_is_a_usage_error(tapedeck, value, said):
    done = wrapped(tapedeck, [], "--fail-on", value)
    assert done.returncode == 64 and said in done.stderr and done.stderr.count("\n") == 1
    assert "refused, unfired, miss, loose, unplayed, lost, conduct, joined by commas" in done.stderr


def test_the_commands_own_failure_is_the_exit_code(tapedeck):
    command = [tapedeck, "serve", CASSETTES, "--fault", "reset", "--", "sh", "-c", "exit 3"]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 3 and "1 fault never fired" in done.stderr


def test_without_a_command_nothing_fails_that_nobody_asked_for(tapedeck, tmp_path):
    for flags, code in [([], 0), (["--fail-on", "miss,refused"], 1)]:
        port = tmp_path / f"port{code}"
        with running([tapedeck, "serve", CASSETTES, *flags], port) as process:
            base = f"http://127.0.0.1:{int(port.read_text())}"
            for path in ("/v1/none", "/~fault=eror/v1/messages"):
                raw_wire.ask(base + path, headers=[("connection", "close")])
        assert process.returncode == code


def test_the_session_page_has_each_as_a_key(deck_of):
    with deck_of(CASSETTES) as base:
        close = [("connection", "close")]
        for path in ("~fault=eror/v1/messages", "~sed=2/v1/messages", "~fault=reset,on=2/v1/none"):
            raw_wire.ask(f"{base}/~session=a/{path}", headers=close)
        raw_wire.ask(f"{base}/~session=a/~fault=chaos:0/v1/messages", headers=close)
        heard = raw_wire.ask(f"{base}/~/api/sessions/a", method="GET", body=b"", headers=close)
        page = json.loads(heard.data.partition(b"\r\n\r\n")[2])
    assert page["refused"] == 2 and page["unfired"] == ["reset,on=2"]
    assert (page["miss"], page["misses"], page["lost"]) == (1, 1, 0)
    assert page["loose"] == 1 and isinstance(page["unplayed"], list)
