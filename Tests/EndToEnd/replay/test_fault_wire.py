"""Every fault on a raw socket: which bytes, how framed, when at the earliest, and how it ends."""

import gzip
import json
import socket
import zlib

import pytest

import event_stream
import planned
import raw_wire
import wire
from conftest import CASSETTES, request_bytes, run, shipped
from fault_cases import CASES, NAME, PATH

CASSETTE = CASSETTES / f"{NAME}.tape"


def faults_of(case):
    return case.fault.split(";")


def url(deck, fault, pace="instant"):
    """Where a fault is asked for, or several with `;` between."""
    return planned.target(deck, f"/~cassette={NAME}{PATH}", *fault.split(";"), pace=pace)


def heard(deck, case, plan, pace="instant"):
    """What comes of a case, once its end was seen."""
    request = raw_wire.request_bytes(url(deck, case.fault, pace))
    sent = max((end for _, _, end in planned.spans(plan, case.framing)), default=0)
    until = sent + len(case.tail) if case.end in ("next", "silence") else None
    return planned.check_end(deck, request, case.end, until)


def test_the_table_leaves_no_fault_out(tapedeck):
    catalogue = json.loads(run(tapedeck, "faults", "--json").stdout)["faults"]
    assert {page["name"] for page in catalogue} == {case.name for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_bytes_the_framing_and_the_end_are_those_of_the_table_and_the_plan(tapedeck, deck, case):
    plan = planned.plan(tapedeck, CASSETTE, *faults_of(case))
    parts = raw_wire.parts_of(heard(deck, case, plan).data)
    assert (parts.status, parts.framing) == (case.status, case.framing)
    assert (plan["status"], plan["ending"]) == (case.status, case.ending)
    assert parts.tail == case.tail + (parts.broken_chunk or b"")
    planned.check_body(parts, plan)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_planned_send_is_one_chunk_and_nothing_comes_before_its_time(tapedeck, deck, case):
    plan = planned.plan(tapedeck, CASSETTE, *faults_of(case), pace="10x")
    first = heard(deck, case, plan, "10x")
    parts = raw_wire.parts_of(first.data)
    sends = [action["bytes"] for action in plan["actions"] if action["do"] == "send"]
    if case.framing == "chunked":
        broken = [] if parts.broken_chunk in (None, b"") else [parts.broken_chunk]
        assert [len(chunk) for chunk in [*parts.chunks, *broken]] == sends
    for due_us, start, _ in planned.spans(plan, case.framing):
        assert first.earliest_us(start) >= due_us
    if case.end in ("fin", "reset"):
        assert first.ended_at_us >= plan["actions"][-1]["at_us"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_over_http_1_0_there_is_no_chunked_coding_and_the_connection_ends(tapedeck, deck, case):
    plan = planned.plan(tapedeck, CASSETTE, *faults_of(case))
    end = "fin" if case.end == "next" else case.end
    request = raw_wire.request_bytes(url(deck, case.fault), version="1.0")
    # Its head is not the planned one: silence is what follows what has come.
    until = case.framing != "none" or "in:" in case.fault
    until = until if end == "silence" else None
    parts = raw_wire.parts_of(planned.check_end(deck, request, end, until).data)
    assert (parts.status, parts.interims) == (case.status, [])
    assert "transfer-encoding" not in parts.headers
    assert parts.framing == ("eof" if case.framing == "chunked" else case.framing)
    planned.check_body(parts, plan)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_head_request_gets_the_head_and_no_byte_of_a_body(tapedeck, deck, case):
    end = "next" if case.ending == "complete" else case.end
    request = raw_wire.request_bytes(url(deck, case.fault), "HEAD", b"")
    until = 0 if case.framing == "none" else b"\r\n\r\n"
    until = until if end in ("next", "silence") else None
    parts = raw_wire.parts_of(planned.check_end(deck, request, end, until).data, "HEAD")
    assert (parts.status, parts.tail) == (case.status, b"")


@pytest.fixture(scope="module")
def recorded():
    [exchange] = shipped(NAME)
    return exchange


def body_of(deck, fault, **request):
    """The body of what ends with the connection."""
    headers = [("connection", "close")]
    return raw_wire.parts_of(raw_wire.ask(url(deck, fault), headers=headers, **request).data)


@pytest.mark.parametrize("fault", ["disconnect", "reset", "end", "bad-chunk", "hang:1ms"])
@pytest.mark.parametrize("count", [1, 100, 101, 648, 649, 4606])
def test_a_cut_before_a_byte_delivers_all_bytes_before_it(deck, recorded, fault, count):
    body = body_of(deck, f"{fault}@byte:{count + 1}").body
    assert body == recorded.body[:count]


@pytest.mark.parametrize("number", [1, 2, 5, 24])
def test_a_cut_before_an_event_delivers_the_whole_events_before_it(deck, recorded, number):
    ends = [0, *(event.block_end for event in event_stream.parse(recorded.body))]
    assert body_of(deck, f"disconnect@event:{number}").body == recorded.body[: ends[number - 1]]
    assert body_of(deck, f"reset@after:event:{number}").body == recorded.body[: ends[number]]


def test_compressed_chunks_can_each_be_read_at_once(deck, recorded):
    parts = body_of(deck, "gzip")
    assert parts.headers["content-encoding"] == "gzip"
    assert gzip.decompress(parts.body) == recorded.body
    inflater = zlib.decompressobj(wbits=31)
    seen = [len(inflater.decompress(chunk)) for chunk in parts.chunks]
    assert seen[: len(recorded.chunks)] == [len(chunk) for _, chunk in recorded.chunks]


def test_interim_answers_come_before_the_head(deck, recorded):
    parts = body_of(deck, "interim")
    assert [head.split(b"\r\n")[0] for head in parts.interims] == [
        b"HTTP/1.1 100 Continue",
        b"HTTP/1.1 103 Early Hints",
    ]
    assert parts.body == recorded.body


def test_headers_are_set_and_left_out(deck, recorded):
    parts = body_of(deck, "header:x-made=up%2C%20twice;header:-request-id")
    assert parts.headers["x-made"] == "up, twice"
    assert "request-id" not in parts.headers
    assert parts.body == recorded.body


def test_an_answer_says_when_to_try_again_in_seconds_and_exactly(deck):
    parts = body_of(deck, "status:429,retry-after=1500ms")
    assert (parts.headers["retry-after"], parts.headers["retry-after-ms"]) == ("2", "1500")
    assert json.loads(parts.body)["error"]["type"] == "rate_limit_error"
    assert parts.headers["content-length"] == str(len(parts.body))
    assert parts.headers["content-type"] == "application/json"


@pytest.mark.parametrize(("fault", "missing"), [("framing:length-short", 1), ("framing:length", 0)])
def test_a_length_is_declared_of_which_one_byte_may_never_come(deck, recorded, fault, missing):
    parts = body_of(deck, fault)
    assert int(parts.headers["content-length"]) == len(recorded.body) + missing
    assert parts.body == recorded.body


def test_what_is_silent_ends_when_the_client_does(deck):
    for fault in ("hang", "hang@head", "linger"):
        with wire.connected(deck) as connection:
            request = raw_wire.request_bytes(url(deck, fault))
            assert raw_wire.hear(connection, request, until=0).end == "silence"
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b""


@pytest.mark.parametrize("fault", ["reset@event:5", "trickle:40KiB/s", "header:x-a=%2C%3B%25"])
def test_the_header_and_the_base_url_say_the_same(deck, fault):
    target = f"{deck}/~cassette={NAME}/~exchange=1/~attempt=1{PATH}"
    directives = [("tapedeck", f"pace=instant; fault={fault}"), ("connection", "close")]
    by_header = raw_wire.ask(target, headers=directives)
    by_url = raw_wire.ask(url(deck, fault.replace("/", "%2F")), headers=[("connection", "close")])
    assert (by_header.data, by_header.end) == (by_url.data, by_url.end)
    assert len(by_url.data) > 500


def test_a_fault_fires_on_its_attempts_only(deck, recorded):
    base = f"{deck}/~session=wire-on/~cassette={NAME}/~pace=instant/~fault=reset@event:5,on=2-3"
    ends = [
        raw_wire.ask(f"{base}{PATH}", headers=[("connection", "close")], body=request_bytes(NAME)) for _ in range(5)
    ]
    assert [heard.end for heard in ends] == ["fin", "reset", "reset", "fin", "fin"]
    assert raw_wire.parts_of(ends[4].data).body == recorded.body
