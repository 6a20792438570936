"""What is delivered, however often and however many at once: the same bytes every time."""

import hashlib
import itertools
import json
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

import planned
import raw_wire
import wire
from conftest import CASSETTES, request_bytes, run, serving, shipped

# It measures time or memory, and is run with nothing beside it.
pytestmark = pytest.mark.alone

NAME = "anthropic-text"
PATH = "/v1/messages"
KEEP = ["--half-close", "keep"]
CLOSE = [("connection", "close")]
RESETS = 1000
# Everything but what takes seconds by default.
SWIFT_FAULTS = (
    "status+body+disconnect+reset+end+hang+rechunk+coalesce+newline+comment+split-data+error+drop"
    "+duplicate+swap+unknown+ping+bad-json+cut-json+bad-utf8+drop-terminal+trailing+gzip"
)
SESSIONS, ATTEMPTS = 250, 4


@pytest.fixture(scope="module")
def deck(tapedeck, tmp_path_factory):
    """A deck that all of this happens to; it is well at the end."""
    port_file = tmp_path_factory.mktemp("delivery") / "port"
    with serving([tapedeck, "serve", CASSETTES, *KEEP], port_file) as base:
        yield base
        health = wire.send("GET", f"{base}/~/health")
        assert (health.status, json.loads(health.body)["status"]) == (200, "ok")


def post(url):
    return raw_wire.ask(url, body=request_bytes(NAME), headers=CLOSE)


@pytest.mark.parametrize("place", ["in:event:20", "end"])
def test_a_thousand_resets_at_one_place_deliver_the_same_bytes(deck, place):
    [recorded] = shipped(NAME)
    url = planned.target(deck, f"/~cassette={NAME}{PATH}", f"reset@{place}")
    with ThreadPoolExecutor(32) as pool:
        answers = Counter((heard.end, heard.data) for heard in pool.map(post, [url] * RESETS))
    [((end, data), count)] = answers.items()
    assert (end, count) == ("reset", RESETS)
    body = raw_wire.parts_of(data).body
    assert recorded.body.startswith(body)
    assert len(body) == len(recorded.body) if place == "end" else 2000 < len(body) < 3000


def test_a_client_that_reads_slowly_gets_every_byte_before_its_reset(deck):
    faults = ("big:1MiB@event:3", "reset@end")
    url = planned.target(deck, f"/~cassette={NAME}{PATH}", *faults)
    expected = post(url)
    assert len(expected.data) > 1 << 20
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(wire.SILENCE_S)
        client.connect(("127.0.0.1", int(deck.rpartition(":")[2])))
        client.sendall(raw_wire.request_bytes(url, body=request_bytes(NAME), headers=CLOSE))
        data = bytearray()
        with pytest.raises(ConnectionResetError):
            while piece := client.recv(4096):
                data += piece
                time.sleep(0.001)
    assert bytes(data) == expected.data


def half_closing(url):
    """The digest of what comes, and how it ends."""
    heard = raw_wire.ask(url, half_closes=True, body=request_bytes(NAME))
    return hashlib.sha256(heard.data).hexdigest(), heard.end


def session_of(base, number, fault):
    """What a session gets on its attempts, one after the other."""
    url = f"{base}/~session=chaos-{number}/~cassette={NAME}/~pace=instant/~fault={fault}{PATH}"
    return [half_closing(url) for _ in range(ATTEMPTS)]


def test_chaos_gives_each_session_and_attempt_the_same_in_every_run(tapedeck, tmp_path):
    fault = f"chaos:0.5,from={SWIFT_FAULTS}"
    runs = []
    for number, parallel in enumerate([64, 64, 64, 1]):
        with (
            serving([tapedeck, "serve", CASSETTES, *KEEP], tmp_path / f"port{number}") as base,
            ThreadPoolExecutor(parallel) as pool,
        ):
            runs.append(list(pool.map(lambda session: session_of(base, session, fault), range(SESSIONS))))
    assert runs[0] == runs[1] == runs[2] == runs[3]
    answers = Counter(itertools.chain(*runs[0]))
    [(_, healthy)] = answers.most_common(1)
    assert 0.4 < healthy / (SESSIONS * ATTEMPTS) < 0.65
    assert len(answers) > 100
    assert {end for _, end in answers} == {"fin", "reset"}


def test_chaos_is_what_the_plan_of_that_session_and_attempt_says(tapedeck, deck):
    fault = f"chaos:0.9,from={SWIFT_FAULTS}"
    cassette = CASSETTES / f"{NAME}.tape"
    for number, attempt in itertools.product(range(8), (1, 2, 3)):
        flags = ["--session", f"p{number}", "--attempt", attempt, "--seed", 7, "--pace", "instant"]
        done = run(tapedeck, "plan", "--json", cassette, "--fault", fault, *flags)
        plan = json.loads(done.stdout)
        base = f"{deck}/~session=p{number}/~seed=7/~cassette={NAME}/~pace=instant/~fault={fault}"
        heard = raw_wire.ask(f"{base}{PATH}", half_closes=True, body=request_bytes(NAME))
        parts = raw_wire.parts_of(heard.data)
        planned.check_body(parts, plan)


def test_sessions_in_parallel_each_get_their_own_failures_and_then_their_answer(deck):
    def statuses(number):
        fault = "status:529,on=1-2"
        url = f"{deck}/~session=own-{number}/~cassette={NAME}/~pace=instant/~fault={fault}{PATH}"
        return [raw_wire.parts_of(post(url).data).status for _ in range(4)]

    with ThreadPoolExecutor(64) as pool:
        assert list(pool.map(statuses, range(256))) == [[529, 529, 200, 200]] * 256


def test_attempts_of_one_session_at_once_are_each_counted_once(deck):
    url = f"{deck}/~session=shared/~cassette={NAME}/~pace=instant/~fault=status:529,on=1-20{PATH}"
    with ThreadPoolExecutor(32) as pool:
        answers = pool.map(post, [url] * 100)
        statuses = Counter(raw_wire.parts_of(heard.data).status for heard in answers)
    assert statuses == {529: 20, 200: 80}


def test_a_fault_of_one_session_leaves_the_streams_beside_it_whole(deck):
    [recorded] = shipped(NAME)
    faults = ["reset@event:9", "hang", "bad-chunk", "status:500", "rechunk:1", "disconnect@head"]

    def one(number):
        fault = "" if number % 2 else f"/~fault={faults[number // 2 % len(faults)]}"
        return half_closing(f"{deck}/~session=mixed-{number}/~cassette={NAME}/~pace=50x{fault}{PATH}")

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(one, range(600)))
    assert len(set(answers[1::2])) == 1
    clean = post(f"{deck}/~session=alone/~cassette={NAME}/~pace=instant{PATH}")
    assert raw_wire.parts_of(clean.data).body == recorded.body
    for place, _ in enumerate(faults):
        assert len(set(answers[2 * place :: 2 * len(faults)])) == 1
