"""What each mode forwards, replays and records."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

import raw_wire
import tape
from answer import answer
from asking import PATH, ask, numbered
from recording_deck import recording
from scripted_upstream import LAST_CHUNK, Pause, body_of, chunk, head, plain, stream, upstream

BUSY = plain(b'{"type":"error"}', "529 Overloaded")


def test_replay_opens_no_connection(tapedeck, tmp_path):
    with upstream(stream()) as server:
        with recording(tapedeck, tmp_path, upstream=server.url):
            pass
        with recording(tapedeck, tmp_path, upstream=server.url, name="first") as deck:
            ask(deck.base)
        assert server.connections == 1
        with recording(tapedeck, tmp_path, upstream=server.url, mode="replay", name="replay") as deck:
            assert ask(deck.base).body == body_of()
            assert ask(deck.base, path="/v1/other").status == 404
        assert server.connections == 1


def test_auto_asks_once_and_replays_after_that(tapedeck, tmp_path):
    with upstream(numbered) as server:
        with recording(tapedeck, tmp_path, upstream=server.url) as deck:
            bodies = [ask(deck.base, b"1").body for _ in range(3)]
            assert ask(deck.base, b"2").body == b"answer to 2"
            assert bodies == [b"answer to 1"] * 3
            assert len(server.requests) == 2
        with recording(tapedeck, tmp_path, upstream=server.url, name="next") as deck:
            assert ask(deck.base, b"2").body == b"answer to 2"
            assert ask(deck.base, b"3").body == b"answer to 3"
        assert len(server.requests) == 3
    assert [exchange.body for exchange in deck.exchanges] == [b"answer to 1", b"answer to 2", b"answer to 3"]


@pytest.mark.parametrize("session", ["", "/~session=s"])
def test_a_failure_and_its_retry_come_back_in_their_order(tapedeck, tmp_path, session):
    with upstream([BUSY, BUSY, stream()]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url) as deck:
            assert [ask(deck.base + session).status for _ in range(4)] == [529, 529, 200, 200]
        assert len(server.requests) == 3
        with recording(tapedeck, tmp_path, upstream=server.url, name="next") as deck:
            assert [ask(deck.base + session).status for _ in range(4)] == [529, 529, 200, 200]
        assert len(server.requests) == 3


def test_what_was_recorded_is_matched_as_soon_as_a_client_has_it(tapedeck, tmp_path):
    with upstream(numbered) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        for number in range(50):
            body = b"%d" % number
            request = raw_wire.request_bytes(deck.base + PATH, body=body)
            wanted = b"answer to " + body
            with raw_wire.wire.connected(deck.base) as one, raw_wire.wire.connected(deck.base) as other:
                for connection in (one, one, other):
                    heard = raw_wire.hear(connection, request, until=wanted, quiet_s=0)
                    assert answer(heard).body == wanted
        assert len(server.requests) == 50


def test_a_stream_too_is_matched_as_soon_as_a_client_has_it(tapedeck, tmp_path):
    with upstream(lambda _: stream(3)) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        for number in range(50):
            request = raw_wire.request_bytes(f"{deck.base}/~pace=instant/{number}")
            with raw_wire.wire.connected(deck.base) as one, raw_wire.wire.connected(deck.base) as other:
                for connection in (one, other):
                    raw_wire.hear(connection, request, until=LAST_CHUNK, quiet_s=0)
        assert len(server.requests) == 50


def test_record_always_asks_and_adds(tapedeck, tmp_path):
    with upstream([stream(1), stream(2), stream(3)]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode="record") as deck:
            assert [ask(deck.base).body for _ in range(2)] == [body_of(1), body_of(2)]
        with recording(tapedeck, tmp_path, upstream=server.url, mode="all", name="next") as deck:
            assert ask(deck.base).body == body_of(3)
    assert [exchange.body for exchange in deck.exchanges] == [body_of(n) for n in (1, 2, 3)]
    at = [exchange.request["at"] for exchange in deck.exchanges]
    assert at == sorted(at) and len(set(at)) == 3


def test_once_records_a_new_cassette_and_then_only_replays(tapedeck, tmp_path):
    with upstream(numbered) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode="once") as deck:
            assert [ask(deck.base, body).body for body in (b"1", b"2")] == [b"answer to 1", b"answer to 2"]
        with recording(tapedeck, tmp_path, upstream=server.url, mode="once", name="next") as deck:
            assert ask(deck.base, b"1").body == b"answer to 1"
            assert ask(deck.base, b"3").status == 404
        assert len(server.requests) == 2


def test_passthrough_writes_nothing(tapedeck, tmp_path):
    with upstream(stream()) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode="passthrough", to=None) as deck:
            assert [ask(deck.base).body for _ in range(2)] == [body_of()] * 2
        assert len(server.requests) == 2
    assert list(tmp_path.glob("*.tape*")) == []


@pytest.mark.parametrize(("alias", "asked"), [("none", 0), ("new_episodes", 1), ("all", 2)])
def test_the_names_of_other_tools_work(tapedeck, tmp_path, alias, asked):
    with upstream(stream()) as server:
        if alias == "none":
            with recording(tapedeck, tmp_path, upstream=server.url, name="first") as deck:
                ask(deck.base)
            server.requests.clear()
        with recording(tapedeck, tmp_path, upstream=server.url, mode=alias) as deck:
            assert [ask(deck.base).status for _ in range(2)] == [200, 200]
        assert len(server.requests) == asked


def test_the_environment_sets_the_mode(tapedeck, tmp_path):
    with upstream(stream()) as server:
        command = {"TAPEDECK_MODE": "auto", "TAPEDECK_UPSTREAM": server.url}
        with recording(tapedeck, tmp_path, mode=None, environment=command) as deck:
            assert ask(deck.base).status == 200
    assert len(deck.exchanges) == 1


def test_each_session_has_a_cassette_of_its_own(tapedeck, tmp_path):
    def script(request):
        return [
            head(),
            *(step for n in range(5) for step in (Pause(0.005), chunk(b"%d " % n + request[-4:]))),
            LAST_CHUNK,
        ]

    names = {f"tests/a[{number:02}]": f"tests%2Fa%5B{number:02}%5D" for number in range(50)}
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url, to="folder/") as deck:

        def three(number, name):
            bodies = [b"%02d.%d" % (number, place) for place in range(3)]
            return [ask(f"{deck.base}/~session={name.replace('/', '%2F')}", body).body for body in bodies]

        with ThreadPoolExecutor(50) as pool:
            found = list(pool.map(three, range(50), names))
        assert ask(deck.base, b"0000").status == 200
    files = {path.name for path in deck.tape.iterdir()}
    assert files == {f"{file}.tape" for file in names.values()} | {"default.tape"}
    for number, file in enumerate(names.values()):
        exchanges = tape.read(deck.tape / f"{file}.tape")
        wanted = [b"".join(b"%d %02d.%d" % (n, number, place) for n in range(5)) for place in range(3)]
        assert found[number] == wanted
        assert [exchange.body for exchange in exchanges] == wanted
        assert [exchange.request["body"] for exchange in exchanges] == [f"{number:02}.{place}" for place in range(3)]


URL = "http://127.0.0.1:9"
WRONG = {
    "an unknown mode": (["--mode", "sometimes", "--upstream", URL, "--record-to", "t.tape"], "sometimes"),
    "no upstream": (["--mode", "auto", "--record-to", "t.tape"], "--upstream"),
    "nowhere to record to": (["--mode", "record", "--upstream", URL], "--record-to"),
    "a target that nothing is recorded to": (
        ["--mode", "passthrough", "--upstream", URL, "--record-to", "t.tape"],
        "--record-to",
    ),
    "an upstream without a scheme": (
        ["--mode", "auto", "--upstream", "localhost:80", "--record-to", "t.tape"],
        "localhost:80",
    ),
    "an upstream of another scheme": (["--mode", "auto", "--upstream", "ftp://a", "--record-to", "t.tape"], "ftp"),
    "an upstream with a query": (["--mode", "auto", "--upstream", URL + "/?a", "--record-to", "t.tape"], "path"),
    "two upstreams for a prefix": (
        ["--mode", "auto", "--upstream", URL, "--upstream", URL, "--record-to", "t.tape"],
        "already",
    ),
    "another machine": (
        ["--mode", "auto", "--upstream", URL, "--record-to", "t.tape", "--host", "0.0.0.0"],
        "--allow-remote-record",
    ),
    "an unknown way to leave": (
        ["--mode", "auto", "--upstream", URL, "--record-to", "t.tape", "--on-client-close", "x"],
        "drain",
    ),
    "a port that is none": (
        ["--mode", "auto", "--upstream", "http://127.0.0.1:99999", "--record-to", "t.tape"],
        "99999",
    ),
    "an empty host": (["--mode", "auto", "--upstream", "http://:80", "--record-to", "t.tape"], "http://:80"),
    "a folder that is none": (["--mode", "auto", "--upstream", URL, "--record-to", "missing/deep/t.tape"], "missing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_one_clear_line(tapedeck, tmp_path, name):
    flags, words = WRONG[name]
    command = [tapedeck, "serve", "--port", "0", *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, cwd=tmp_path, check=False)
    assert done.returncode == (66 if "missing" in words else 64), done.stderr
    assert done.stdout == ""
    assert re.fullmatch(r"tapedeck: [^\n]+\n", done.stderr), done.stderr
    assert words in done.stderr
