"""A failure is never a fixture by accident: what was never answered is asked again, and what comes takes its place."""

import gzip
import json
import random
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

import raw_wire
import tape
from answer import answer
from conftest import run
from recording_deck import recording
from scripted_upstream import RESET, chunk, closed_port, event, head, plain, stream, upstream
from waiting import until

PATH = "/v1/messages"
CLOSE = [("connection", "close")]
BUSY = plain(b'{"type":"error"}', "529 Overloaded")
WRONG_KEY = plain(b'{"type":"error"}', "401 Unauthorized")
CUT = [head(), chunk(event(0)), RESET]
WELL = plain(b"well")
AGAIN = "asked again"


def ask(base, body=b"{}", path=PATH, headers=()):
    return answer(raw_wire.ask(base + path, body=body, headers=[*CLOSE, *headers]))


def statuses(deck):
    return [exchange.head.get("status") for exchange in deck.exchanges]


def by_key(request):
    """A script that wants the right key."""
    return WELL if b"x-api-key: right" in request.lower() else WRONG_KEY


@pytest.mark.parametrize("mode", ["auto", "once"])
@pytest.mark.parametrize("failure", [WRONG_KEY, BUSY, CUT, plain(b"", "500 Oops"), plain(b"?", "404 None")])
def test_a_failure_of_an_earlier_run_makes_room_for_what_comes(tapedeck, tmp_path, mode, failure):
    with upstream([failure, WELL]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode=mode) as deck:
            assert b"well" not in raw_wire.ask(deck.base + PATH, body=b"{}", headers=CLOSE).data
        assert len(deck.exchanges) == 1
        with recording(tapedeck, tmp_path, upstream=server.url, mode=mode, name="next") as deck:
            assert [ask(deck.base).body for _ in range(3)] == [b"well"] * 3
            notes = [entry["notes"] for entry in deck.journal()]
        assert len(server.requests) == 2
        assert statuses(deck) == [200]
        assert "asked again" in notes[0][0] and notes[1:] == [[], []]
        assert "1 request was asked again" in deck.warnings
        with recording(tapedeck, tmp_path, upstream=server.url, mode=mode, name="last") as deck:
            assert ask(deck.base).body == b"well"
        assert len(server.requests) == 2
        assert AGAIN not in deck.warnings


@pytest.mark.parametrize("mode", ["auto", "once"])
@pytest.mark.parametrize("restarts", [True, False])
@pytest.mark.parametrize("session", ["", "/~session=s", "/~session=%s"])
def test_a_wrong_key_is_no_answer_to_the_right_one(tapedeck, tmp_path, mode, restarts, session):
    def asked(deck, key, number):
        prefix = session % number if "%s" in session else session
        status = ask(deck.base + prefix, headers=[("x-api-key", key)]).status
        # A client does not wait for long for a disk that takes its time.
        until(lambda: status in statuses(deck))
        return status

    with upstream(by_key) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode=mode) as deck:
            assert asked(deck, "wrong", 1) == 401
            if not restarts:
                assert [asked(deck, "right", number) for number in (2, 3)] == [200, 200]
        with recording(tapedeck, tmp_path, upstream=server.url, mode=mode, name="next") as deck:
            if restarts:
                assert [asked(deck, "right", number) for number in (4, 5)] == [200, 200]
        assert len(server.requests) == 2
        # One named session is one client: what it had is kept in its order.
        keeps = not restarts and session == "/~session=s"
        assert statuses(deck) == ([401, 200] if keeps else [200])


def test_an_upstream_that_was_down_is_no_fixture(tapedeck, tmp_path):
    down = f"http://127.0.0.1:{closed_port()}"
    with recording(tapedeck, tmp_path, upstream=down, mode="once") as deck:
        assert [ask(deck.base, body).status for body in (b"1", b"1", b"2")] == [502, 502, 502]
    assert [exchange.how for exchange in deck.exchanges] == ["unreachable", "unreachable"]
    with upstream(WELL) as server:
        # A cassette without a single answer is as good as none: what was never asked is recorded too.
        with recording(tapedeck, tmp_path, upstream=server.url, mode="once", name="next") as deck:
            assert [ask(deck.base, body).body for body in (b"1", b"2", b"3", b"1")] == [b"well"] * 4
        assert "2 requests were asked again" in deck.warnings
        assert [exchange.request["body"] for exchange in deck.exchanges] == ["1", "2", "3"]
        with recording(tapedeck, tmp_path, mode="replay", name="last") as deck:
            assert [ask(deck.base, body).body for body in (b"1", b"2", b"3")] == [b"well"] * 3
        assert len(server.requests) == 3


@pytest.mark.parametrize("session", ["", "/~session=s"])
def test_what_fails_again_takes_the_place_and_its_retry_stands_behind_it(tapedeck, tmp_path, session):
    with upstream([WRONG_KEY, BUSY, BUSY, stream()]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url) as deck:
            assert ask(deck.base + session).status == 401
        with recording(tapedeck, tmp_path, upstream=server.url, name="next") as deck:
            assert [ask(deck.base + session).status for _ in range(4)] == [529, 529, 200, 200]
        assert statuses(deck) == [529, 529, 200]
        assert "1 request was asked again" in deck.warnings
        with recording(tapedeck, tmp_path, upstream=server.url, name="last") as deck:
            assert [ask(deck.base + session).status for _ in range(4)] == [529, 529, 200, 200]
        assert len(server.requests) == 4


def test_an_upstream_that_is_always_busy_is_asked_each_time_and_the_tape_does_not_grow(tapedeck, tmp_path):
    with upstream(BUSY) as server:
        for run_number in range(3):
            with recording(tapedeck, tmp_path, upstream=server.url, name=f"deck-{run_number}") as deck:
                for retry in ("0", "1", "2"):
                    assert ask(deck.base, headers=[("x-stainless-retry-count", retry)]).status == 529
            assert statuses(deck) == [529] * 3
        assert len(server.requests) == 9


def test_a_client_that_begins_anew_leaves_nothing_of_its_failure(tapedeck, tmp_path):
    with upstream([BUSY, stream()]) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        first = [("x-stainless-retry-count", "0")]
        assert [ask(deck.base, headers=first).status for _ in range(3)] == [529, 200, 200]
        assert len(server.requests) == 2
    assert statuses(deck) == [200]


def test_other_exchanges_keep_their_bytes_and_their_places(tapedeck, tmp_path):
    def script(request):
        body = request.partition(b"\r\n\r\n")[2]
        return BUSY if body == b"2" and b"now" not in request else plain(b"answer to " + body)

    with upstream(script) as server:
        with recording(tapedeck, tmp_path, upstream=server.url) as deck:
            for body in (b"1", b"2", b"3", b"2"):
                ask(deck.base, body)
        before = members(deck.tape)
        with recording(tapedeck, tmp_path, upstream=server.url, name="next") as deck:
            assert ask(deck.base, b"2", headers=[("x-when", "now")]).body == b"answer to 2"
            entry = deck.journal()[0]
            assert entry["exchange"]["number"] == 2
        after = members(deck.tape)
    assert [json.loads(lines[0])[2]["body"] for lines in before[1:]] == ["1", "2", "3", "2"]
    assert [json.loads(lines[0])[2]["body"] for lines in after[1:]] == ["1", "2", "3"]
    assert (after[1], after[3]) == (before[1], before[3])
    assert deck.tape.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("t.tape*")] == ["t.tape"]


def members(path):
    """The lines of each gzip member."""
    found, data = [], path.read_bytes()
    while data:
        inflater = zlib.decompressobj(31)
        found.append(inflater.decompress(data).splitlines())
        data = inflater.unused_data
    return found


@pytest.mark.parametrize("form", ["plain", "one member", "cut"])
def test_a_cassette_of_any_form_is_mended(tapedeck, tmp_path, form):
    with upstream([WELL, WRONG_KEY, WELL, plain(b"new")]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url) as deck:
            for body in (b"1", b"2", b"3"):
                ask(deck.base, body)
        text = gzip.decompress(deck.tape.read_bytes())
        if form == "plain":
            deck.tape.write_bytes(text)
        elif form == "one member":
            deck.tape.write_bytes(gzip.compress(text))
        with recording(tapedeck, tmp_path, upstream=server.url, name="next") as deck:
            if form == "cut":
                with deck.tape.open("ab") as file:
                    file.write(gzip.compress(b'[0,"q",{"met')[:20])
            assert ask(deck.base, b"2").body == b"new"
        assert [exchange.body for exchange in deck.exchanges] == [b"well", b"new", b"well"]
        assert run(tapedeck, "check", deck.tape).returncode == 0


def test_a_cassette_that_record_made_is_asked_again(tapedeck, tmp_path):
    target = tmp_path / "t.tape"
    with upstream([WRONG_KEY, WELL]) as server:
        done = run(tapedeck, "record", server.url + PATH, "-X", "POST", "-d", "{}", "-o", target)
        assert done.returncode == 0
        with recording(tapedeck, tmp_path, upstream=server.url) as deck:
            assert [ask(deck.base).body for _ in range(2)] == [b"well", b"well"]
    assert statuses(deck) == [200]


def test_each_session_of_a_folder_is_mended_for_itself(tapedeck, tmp_path):
    with upstream(by_key) as server:
        for key in ("wrong", "right"):
            with recording(tapedeck, tmp_path, upstream=server.url, to="folder/", mode="once", name=key) as deck:
                for session in ("/~session=a", "/~session=b", ""):
                    wanted = "right" if session.endswith("b") else key
                    # Who names no session chooses from all of them, so it has another body.
                    ask(deck.base + session, b"[]" if session else b"{}", headers=[("x-api-key", wanted)])
        assert len(server.requests) == 5
        assert "2 requests were asked again" in deck.warnings
        for name in ("a", "b", "default"):
            assert [exchange.head.get("status") for exchange in tape.read(deck.tape / f"{name}.tape")] == [200]


def test_failures_of_a_cassette_that_is_only_served_stay_there(tapedeck, tmp_path):
    busy = tmp_path / "busy.tape"
    with upstream([BUSY, WELL]) as server:
        run(tapedeck, "record", server.url + PATH, "-X", "POST", "-d", "{}", "-o", busy)
        kept = busy.read_bytes()
        for name in ("first", "next"):
            with recording(tapedeck, tmp_path, busy, upstream=server.url, name=name) as deck:
                # Who names it asks for what is on it.
                assert ask(deck.base + "/~cassette=busy/~session=n").status == 529
                assert [ask(deck.base + "/~session=s").body for _ in range(2)] == [b"well"] * 2
        assert len(server.requests) == 2
    assert busy.read_bytes() == kept
    assert statuses(deck) == [200]


def test_once_says_a_miss_where_a_request_was_never_recorded(tapedeck, tmp_path):
    def script(request):
        return BUSY if request.endswith(b"2") and len(server.requests) < 3 else WELL

    with upstream(script) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode="once") as deck:
            assert [ask(deck.base, body).status for body in (b"1", b"2")] == [200, 529]
        with recording(tapedeck, tmp_path, upstream=server.url, mode="once", name="next") as deck:
            assert [ask(deck.base, body).status for body in (b"1", b"2", b"3")] == [200, 200, 404]
        assert len(server.requests) == 3
    assert statuses(deck) == [200, 200]


def test_several_decks_at_once_lose_nothing_and_leave_no_failure(tapedeck, tmp_path):
    bodies = [b"%d" % number for number in range(8)]
    with upstream(by_key) as server:
        with recording(tapedeck, tmp_path, upstream=server.url) as deck:
            for body in bodies:
                assert ask(deck.base, body).status == 401
        options = {"upstream": server.url}
        with (
            recording(tapedeck, tmp_path, name="a", **options) as one,
            recording(tapedeck, tmp_path, name="b", **options) as other,
        ):

            def both(body):
                return [ask(deck.base, body, headers=[("x-api-key", "right")]).status for deck in (one, other)]

            with ThreadPoolExecutor(8) as pool:
                assert list(pool.map(both, bodies)) == [[200, 200]] * 8
    assert sorted(exchange.request["body"] for exchange in one.exchanges) == sorted(
        [body.decode() for body in bodies] * 2
    )
    assert statuses(one) == [200] * 16


def large_member():
    """An exchange that makes a cassette take a while to read and to write anew."""
    noise = random.Random(1).randbytes(100_000).hex()
    lines = [
        [0, "q", {"id": "0" * 16, "at": "2026-11-22T11:00:00.000000Z", "method": "POST", "path": "/other", "body": ""}],
        [0, "h", {"status": 200, "framing": "chunked", "headers": []}],
        *([0, "d", noise[place : place + 1000]] for place in range(0, len(noise), 1000)),
        [0, "e", {"how": "complete"}],
    ]
    return gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode())


def test_a_kill_leaves_the_old_or_the_new(tapedeck, tmp_path):
    with upstream([WRONG_KEY, *[stream()] * 20]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url) as deck:
            ask(deck.base)
        before, left = deck.tape.read_bytes() + large_member(), []
        for number in range(6):
            for path in tmp_path.glob("t.tape*"):
                path.unlink()
            deck.tape.write_bytes(before)
            old = deck.tape.stat().st_ino
            with recording(tapedeck, tmp_path, upstream=server.url, name=f"next-{number}") as deck:
                with raw_wire.wire.connected(deck.base) as connection:
                    connection.sendall(raw_wire.request_bytes(deck.base + PATH, body=b"{}"))
                    # From the first byte on disk to after the last: 0 to 160 ms later.
                    until(lambda old=old: [*tmp_path.glob("t.tape.*")] or deck.tape.stat().st_ino != old, step_s=0)
                    time.sleep(number and 0.005 * 2**number)
                    deck.process.kill()
                    deck.process.wait()
            left.append(len([*tmp_path.glob("t.tape.*")]))
            assert statuses(deck) in ([401, 200], [200, 200])
            assert len(deck.exchanges[1].body) == 200_000
            assert run(tapedeck, "check", deck.tape).returncode in (0, 1)
        assert any(left), "no kill came while something was written"


def test_check_notes_what_was_never_answered_and_its_exit_code_stays(tapedeck, tmp_path):
    with upstream([BUSY, BUSY, WELL, WRONG_KEY]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode="record") as deck:
            for body in (b'{"a":1}', b'{"a":1.0}', b"2", b"3"):
                ask(deck.base, body)
        done = run(tapedeck, "check", deck.tape)
        assert done.returncode == 0
        lines = done.stdout.decode().splitlines()
        assert lines[0].endswith("good, 4 exchanges")
        assert [line for line in lines if "unanswered" in line] == [
            "  unanswered: exchange 1: POST /v1/messages has no answer, only 529, 529: "
            "--mode auto and --mode once request it again",
            "  unanswered: exchange 4: POST /v1/messages has no answer, only 401: "
            "--mode auto and --mode once request it again",
        ]
        found = json.loads(run(tapedeck, "check", "--json", deck.tape).stdout)
        assert found["good"] is True
        assert [finding["exchange"] for finding in found["findings"] if finding["kind"] == "unanswered"] == [1, 4]
