"""Recordings that failed, replayed with their failure, and with further faults like any other."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

import planned
import raw_wire
import tape
from conftest import run, serving

PATH = "/v1/messages"
EVENTS = [
    'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message",'
    '"role":"assistant","model":"x","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}\n\n',
    'event: ping\ndata: {"type": "ping"}\n\n',
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,'
    '"content_block":{"type":"text","text":""}}\n\n',
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
    '"delta":{"type":"text_delta","text":"Zürich"}}\n\n',
    "event: content_block_delta\ndata: {",
]
ENDS = {
    **dict.fromkeys(("truncated", "malformed", "cancelled", "interrupted"), "fin"),
    "reset": "reset",
    "unreachable": "reset",
    "timeout": "silence",
}
FRAMINGS = ["chunked", "length", "eof"]
WITH_A_HEAD = [
    *((how, framing) for how in ("truncated", "reset", "timeout") for framing in FRAMINGS),
    *((how, "chunked") for how in ("malformed", "cancelled", "interrupted")),
    ("malformed", "length"),
]
HEADLESS = ("unreachable", "none")
RECORDINGS = [*WITH_A_HEAD, HEADLESS]
# What changes what is sent, and leaves the end to the recording.
EDITS = [
    *("rechunk:3", "rechunk:utf8", "coalesce:2", "gzip", "newline:crlf", "bom", "comment", "fields"),
    *("no-space", "split-data", "big:1KiB@event:2", "drop@event:2", "duplicate@event:2", "hold:1KiB"),
    *("swap@event:2", "unknown@event:2", "ping@event:2", "bad-json@event:2", "trickle:9KiB%2Fs"),
    *("stall:50ms@event:2", "header:x-made=up", "interim", "framing:eof", "trailing:10B"),
]
# What ends the answer itself, and how.
CUTS = {
    "reset@event:3": "reset",
    "disconnect@event:3": "fin",
    "end@event:3": "next",
    "hang@event:3": "silence",
    "hang:50ms@event:3": "fin",
    "bad-chunk@event:3": "fin",
    "error@event:3": "next",
    "status:529": "next",
    "body:html": "next",
    "linger": "silence",
    "reset@head": "reset",
    "hang@head": "silence",
}


def lines(number, how, framing):
    """One exchange, whose last event is cut short."""
    request = {"id": f"{number:016x}", "at": "2026-11-22T11:00:00Z", "method": "POST"}
    yield [0, "q", request | {"url": f"http://x{PATH}", "headers": [], "body": "{}"}]
    if framing != "none":
        headers = [["content-type", "text/event-stream"], ["request-id", "r"]]
        head = {"status": 200, "http": "1.1", "framing": framing, "headers": headers}
        yield [1000, "h", head | ({"length": 5000} if framing == "length" else {})]
        yield from ([1000, "d", text] for text in EVENTS)
    yield [1000, "e", {"how": how} | ({"stage": "connect"} if how == "unreachable" else {})]


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """A cassette for each recording."""
    folder = tmp_path_factory.mktemp("failed")
    for number, (how, framing) in enumerate(RECORDINGS, 1):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines(number, how, framing))
        (folder / f"{how}-{framing}.tape").write_text('{"tapedeck":1}\n' + text)
    return folder


@pytest.fixture(scope="module")
def deck(tapedeck, paths, tmp_path_factory):
    port_file = tmp_path_factory.mktemp("failed-deck") / "port"
    with serving([tapedeck, "serve", paths, "--half-close", "keep"], port_file) as base:
        yield base


@pytest.fixture
def check_all(tapedeck, deck, paths):
    """Checks a fault on every recording that has a head, all at once; gives what came of each."""

    def run_all(fault, end_of):
        def one(recording):
            return check(tapedeck, deck, paths, recording, fault, end_of(recording[0]))

        with ThreadPoolExecutor(len(WITH_A_HEAD)) as pool:
            return dict(zip(WITH_A_HEAD, pool.map(one, WITH_A_HEAD), strict=True))

    return run_all


def check(tapedeck, deck, paths, recording, fault, end):
    """Holds an answer against its plan and this end."""
    name = "-".join(recording)
    path = paths / f"{name}.tape"
    faults = [fault] if fault else []
    plan = planned.plan(tapedeck, path, *faults)
    url = planned.target(deck, f"/~cassette={name}{PATH}", *faults)
    # How it is framed, and so what is to come, is seen when it has come: first as a client that ends.
    parts = raw_wire.parts_of(raw_wire.ask(url, half_closes=True).data)
    if end == "next" and parts.framing == "eof":
        end = "fin"
    sent = max((stop for *_, stop in planned.spans(plan, parts.framing)), default=0)
    until = sent + len(parts.tail) if end in ("next", "silence") else None
    heard = planned.check_end(deck, raw_wire.request_bytes(url), end, until)
    parts = raw_wire.parts_of(heard.data)
    planned.check_body(parts, plan)
    assert parts.status == plan["status"]
    return parts


@pytest.mark.parametrize("recording", RECORDINGS, ids="-".join)
def test_a_recording_that_failed_fails_again_in_its_framing(tapedeck, deck, paths, recording):
    how, framing = recording
    parts = check(tapedeck, deck, paths, recording, "", ENDS[how])
    [recorded] = tape.read(paths / f"{how}-{framing}.tape")
    assert parts.body == recorded.body
    assert parts.framing == ("chunked" if how == "malformed" else framing)
    assert parts.tail == (b"zz\r\n" if how == "malformed" else b"")
    if framing == "length" and how != "malformed":
        assert int(parts.headers["content-length"]) == 5000


@pytest.mark.parametrize("fault", EDITS)
def test_a_fault_that_ends_nothing_leaves_the_recorded_end(check_all, fault):
    for (how, _), parts in check_all(fault, ENDS.get).items():
        is_broken = how == "malformed" and fault != "framing:eof"
        assert parts.tail == (b"zz\r\n" if is_broken else b"")
        assert parts.body.endswith(b"x" * 10) == (fault == "trailing:10B")


@pytest.mark.parametrize("fault", CUTS)
def test_a_fault_that_ends_the_answer_takes_the_place_of_the_recorded_end(check_all, fault):
    for parts in check_all(fault, lambda _: CUTS[fault]).values():
        if fault.startswith("bad-chunk"):
            assert parts.tail == b"zz\r\n"
        else:
            is_ended = CUTS[fault] == "next" and parts.framing == "chunked"
            assert parts.tail == (b"0\r\n\r\n" if is_ended else b"")


@pytest.mark.parametrize("fault", ["status:529", "body:json", "hang@head", "disconnect@head"])
def test_what_never_came_can_be_answered_or_fail_otherwise(tapedeck, deck, paths, fault):
    ends = {"status:529": "next", "body:json": "next", "hang@head": "silence"}
    parts = check(tapedeck, deck, paths, HEADLESS, fault, ends.get(fault, "fin"))
    assert parts.framing == ("length" if parts.status else "none")


@pytest.mark.parametrize("fault", ["reset@event:3", "bad-chunk", "rechunk:utf8", "drop@event:1"])
def test_what_has_no_body_to_fail_in_is_refused_alike_by_the_plan_and_the_deck(tapedeck, deck, paths, fault):
    name = "-".join(HEADLESS)
    done = run(tapedeck, "plan", "--json", paths / f"{name}.tape", "--fault", fault)
    heard = raw_wire.ask(planned.target(deck, f"/~cassette={name}{PATH}", fault), half_closes=True)
    if "event" in fault:
        # Asked for by name in the base URL it is refused; a plan notes that it does not fire.
        assert done.returncode == 0
        assert raw_wire.parts_of(heard.data).status == 400
    elif done.returncode == 0:
        assert heard.end == "reset"
    else:
        assert done.returncode == 64
        assert raw_wire.parts_of(heard.data).status == 400
