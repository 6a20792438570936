"""Faults that are asked for wrongly: where and why is said, and memory stays bounded."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

import raw_wire
import wire
from bad_faults import CONTRADICTIONS, INAPPLICABLE, UNFIT, UNPARSABLE
from conftest import CASSETTES, request_bytes, run, running
from refusals import error_of

NAME = "anthropic-text"
CASSETTE = CASSETTES / f"{NAME}.tape"
PATH = f"/~cassette={NAME}/~pace=instant"
BAD = UNPARSABLE | UNFIT | INAPPLICABLE
LARGE_MIB = 16
# The plans that are kept, and what two event loops take to make one of such a body at the same time.
HEADROOM_MIB = 256 + 10 * LARGE_MIB


def in_url(fault):
    """A fault as a segment of a path, where a slash or a space would end it."""
    return fault.replace("/", "%2F").replace(" ", "%20")


def post(base, segments, headers=()):
    return wire.post(f"{base}{segments}/v1/messages", request_bytes(NAME), headers)


def named(fault):
    """The fault that an error is about: the one that is drawn from, where that is none."""
    return fault.split("from=")[-1] if "nonesuch" in fault and "from=" in fault else re.match("[a-z-]*", fault)[0]


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_fault_in_the_base_url_is_a_400_that_says_where_and_why(deck, fault):
    message = error_of(post(deck, f"{PATH}/~fault={in_url(fault)}"))
    assert BAD[fault] in message
    if fault in UNPARSABLE:
        assert "path segment 3" in message
    assert named(fault) in message


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_fault_in_the_header_is_a_400_that_says_where_and_why(deck, fault):
    headers = [("tapedeck", f"pace=instant; fault={fault}")]
    message = error_of(post(deck, f"/~cassette={NAME}", headers))
    assert BAD[fault] in message
    if fault in UNPARSABLE:
        assert "header tapedeck, directive 2" in message


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_fault_on_the_command_line_is_a_usage_error_in_one_line(tapedeck, fault):
    done = run(tapedeck, "plan", CASSETTE, "--fault", fault)
    assert done.returncode == 64
    said = done.stderr.decode()
    assert said.startswith("tapedeck: ") and said.count("\n") == 1
    assert BAD[fault] in said
    assert named(fault) in said.removeprefix("tapedeck: ")


@pytest.mark.parametrize("fault", UNPARSABLE | UNFIT)
def test_a_deck_does_not_begin_to_serve_with_a_bad_fault(tapedeck, fault):
    done = run(tapedeck, "serve", CASSETTE, "--port", "0", "--fault", fault)
    assert done.returncode == 64
    assert (UNPARSABLE | UNFIT)[fault] in done.stderr.decode()


@pytest.mark.parametrize(("first", "second", "why"), CONTRADICTIONS)
@pytest.mark.parametrize("is_turned", [False, True])
def test_two_faults_that_contradict_each_other_are_both_named(tapedeck, deck, first, second, why, is_turned):
    faults = [second, first] if is_turned else [first, second]
    message = error_of(post(deck, PATH + "".join(f"/~fault={fault}" for fault in faults)))
    done = run(tapedeck, "plan", CASSETTE, *(f"--fault={fault}" for fault in faults))
    assert done.returncode == 64
    for said in (message, done.stderr.decode()):
        assert first in said and second in said and why in said


def test_the_table_of_contradictions_is_the_catalogues(tapedeck):
    catalogue = json.loads(run(tapedeck, "faults", "--json").stdout)["contradictions"]
    for row in catalogue:
        assert any(why in row["why"] for *_, why in CONTRADICTIONS), row


def test_faults_that_never_fire_together_do_not_contradict_each_other(deck):
    base = f"{deck}/~session=input-apart/~fault=status:529,on=1/~fault=status:500,on=2"
    statuses = [post(base, f"{PATH}/~fault=reset@event:3,on=3").status for _ in range(2)]
    assert statuses == [529, 500]


@pytest.mark.parametrize(
    ("segments", "why"),
    [
        ("/~falt=reset", "'falt' is not a directive"),
        ("/~fault=", "needs a value"),
        ("/~fault", "needs a value"),
        ("/~seed=1/~seed=2", "given twice"),
        ("/~seed=-1", "not a seed"),
        ("/~attempt=0", "'0'"),
        ("/~session=a%20b", "session"),
        (f"/~session={'x' * 129}", "session"),
        ("/~pace=instant,jitter:200%25", "percentage"),
    ],
)
def test_an_unknown_key_or_a_value_that_is_none_is_a_400_that_says_so(deck, segments, why):
    message = error_of(post(deck, segments))
    assert why in message and "path segment" in message


def test_more_faults_than_a_request_may_have_are_refused(deck):
    allowed = "/~attempt=1" + "/~fault=reset@event:3,on=2" * 64
    assert post(deck, PATH + allowed).status == 200
    assert "64" in error_of(post(deck, f"{PATH}{allowed}/~fault=reset,on=99"))
    ten_thousand = "fault=bom;" * 5000
    assert "64" in error_of(post(deck, PATH, [("tapedeck", ten_thousand)]))


@pytest.mark.parametrize("size", [100_000, 1 << 20])
def test_a_name_or_a_header_beyond_the_head_limit_is_refused_as_such(deck, size):
    for url, headers in (
        (f"{deck}/~session={'x' * size}/v1/messages", []),
        (f"{deck}/v1/messages", [("tapedeck", "session=" + "x" * size)]),
        (f"{deck}/v1/messages", [("tapedeck", "fault=bom;" * (size // 10))]),
    ):
        heard = raw_wire.ask(url, headers=headers)
        parts = raw_wire.parts_of(heard.data)
        assert parts.status == 431
        assert b"--max-head" in parts.body


@pytest.mark.parametrize(
    ("segment", "named"),
    [
        ("session=", "session"),
        ("fault=", "fault"),
        ("fault=reset:", "reset"),
        ("fault=reset@type:", "reset@type"),
        ("", "directive"),
    ],
)
def test_an_error_does_not_give_back_all_that_was_sent(deck, segment, named):
    message = error_of(post(deck, f"{PATH}/~{segment}{'x' * 50_000}"))
    assert named in message and len(message) < 2000


@contextmanager
def watched(tapedeck, folder, *arguments):
    """Runs a deck; gives its base URL, and what says the most memory it ever had, in MiB."""
    port_file = folder / "port"
    with running([tapedeck, "serve", *arguments], port_file) as process:
        yield f"http://127.0.0.1:{int(port_file.read_text())}", lambda: peak_mib(process)


def peak_mib(process):
    """The most memory that a process has ever had."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


@pytest.fixture(scope="module")
def large_deck(tapedeck, tmp_path_factory):
    """A deck with one large body, no event stream, whose characters have two bytes."""
    folder = tmp_path_factory.mktemp("large")
    path = folder / "large.tape"
    chunk = "é" * (1 << 19)
    request = {"id": "1", "at": "2026-11-22T11:00:00Z", "method": "POST", "url": "http://x/v1"}
    head = {"status": 200, "framing": "chunked", "headers": [["content-type", "text/plain"]]}
    lines = [[0, "q", request], [1, "h", head], *[[1, "d", chunk]] * LARGE_MIB]
    lines.append([1, "e", {"how": "complete"}])
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text('{"tapedeck":1}\n' + text)
    with watched(tapedeck, folder, path) as deck:
        yield deck


@pytest.mark.parametrize(
    "fault",
    [
        *("rechunk:1", "rechunk:15", "rechunk:utf8", "trickle:10B%2Fs", "trickle:1B%2Fs@frac:0.5"),
        *("big:10GiB", "big:65MiB", "trailing:10GiB"),
        *("hold:1B@byte:999999999", "reset@byte:999999999", "reset@time:9999s"),
    ],
)
def test_what_would_be_huge_is_refused_soon_and_costs_little_memory(large_deck, fault):
    base, peak = large_deck
    before = peak()
    message = error_of(post(base, f"/~exchange=1/~pace=instant/~fault={fault}"))
    assert named(fault) in message
    assert peak() - before < HEADROOM_MIB
    assert wire.send("GET", f"{base}/~/health").status == 200


def test_plans_of_a_large_recording_do_not_pile_up(large_deck):
    base, peak = large_deck
    before = peak()
    # Together they are twice what is kept.
    for missing in range(1, 33):
        count = (LARGE_MIB << 20) - missing
        fault = f"end@byte:{count + 1}"
        heard = raw_wire.ask(f"{base}/~exchange=1/~pace=instant/~fault={fault}/v1", headers=[("connection", "close")])
        parts = raw_wire.parts_of(heard.data)
        assert (parts.status, len(parts.body)) == (200, count)
    assert peak() - before < HEADROOM_MIB


def test_sessions_beyond_the_limit_are_refused_and_the_rest_costs_little(tapedeck, tmp_path):
    with watched(tapedeck, tmp_path, CASSETTE, "--max-sessions", "20000") as (base, peak):
        before = peak()
        fault = "pace=instant/~fault=status:529,retry-after=1s"

        def some(number):
            asked = [
                raw_wire.request_bytes(f"{base}/~session=many-{place}/~{fault}/v1/messages", body=b"{}")
                for place in range(number, 20_000, 20)
            ]
            with wire.connected(base) as connection, connection.makefile("rb") as stream:
                statuses = set()
                for request in asked:
                    connection.sendall(request)
                    statuses.add(wire.received(stream, "POST", lambda: 0).status)
            return statuses

        with ThreadPoolExecutor(8) as pool:
            assert set().union(*pool.map(some, range(20))) == {529}
        assert "--max-sessions" in error_of(post(base, "/~session=one-too-many"), 503)
        assert post(base, f"/~session=many-7/~{fault},on=9").status == 200
        assert (peak() - before) * 1024 / 20_000 < 4
