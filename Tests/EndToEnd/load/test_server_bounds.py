"""What clients hold of a deck is bounded: bodies under way, pages nobody reads, places nobody uses."""

import http.client
import json
import socket
import time
from contextlib import ExitStack, closing

import pytest

from loaded_deck import PATH, deck_on, exchange, head, write_tape
from waiting import until

KIB = 1 << 10
MIB = 1 << 20


@pytest.fixture
def tape_path(tmp_path):
    return write_tape(tmp_path / "t.tape", exchange(1, ["data: a\n\n", "data: b\n\n"], gap_us=0))


def half(deck, size, of):
    """A connection on which a part of a body is sent, and no more."""
    connection = deck.open()
    connection.sendall(head(of) + b"x" * size)
    return connection


def test_bodies_under_way_have_a_sum_and_what_is_beyond_it_may_come_again(tapedeck, tmp_path, tape_path):
    with deck_on(tapedeck, tmp_path, tape_path, "--max-bodies", "1MiB") as deck:
        with closing(half(deck, 900 * KIB, MIB)):
            deck.until_metric("tapedeck_request_body_bytes", 900 * KIB)
            status, headers, body = deck.ask(body=b"y" * 500 * KIB)
            assert status == 503
            assert headers["retry-after"] == "1"
            assert headers["x-should-retry"] is None
            error = json.loads(body)
            assert error["type"] == "error"
            assert "--max-bodies" in error["error"]["message"]
            # What there is room for is answered.
            assert deck.ask(body=b"{}")[0] == 200
        deck.until_metric("tapedeck_request_body_bytes", 0, 0)
        assert deck.ask(body=b"y" * 500 * KIB)[0] == 200


def test_many_half_bodies_take_no_more_memory_than_their_sum(tapedeck, tmp_path, tape_path):
    with deck_on(tapedeck, tmp_path, tape_path, "--max-bodies", "32MiB") as deck, ExitStack() as stack:
        before = deck.rss_bytes
        for _ in range(20):
            connection = stack.enter_context(closing(deck.open()))
            try:
                connection.sendall(head(16 * MIB) + b"x" * 8 * MIB)
            except OSError:
                pass  # the deck has no room for it
        assert deck.page("health")["status"] == "ok"
        assert deck.rss_bytes - before < 96 * MIB


@pytest.mark.parametrize("kind", ["form", "chat"])
def test_the_answer_is_worded_as_the_api_that_was_asked(tapedeck, tmp_path, tape_path, kind):
    path = {"form": "/v1/messages", "chat": "/v1/chat/completions"}[kind]
    with deck_on(tapedeck, tmp_path, tape_path, "--max-bodies", "1KiB") as deck:
        status, headers, body = deck.ask(path, b"z" * 2000)
    assert (status, headers["retry-after"]) == (503, "1")
    assert ("type" in json.loads(body)) == (kind == "form")


def fill_journal(deck, count, session="s"):
    connection = http.client.HTTPConnection("127.0.0.1", deck.port, timeout=60)
    with closing(connection):
        for number in range(count):
            connection.request("POST", f"/~session={session}/{'long' * 300}/{number}", b"")
            assert connection.getresponse().read()


def test_journal_pages_that_nobody_reads_cost_a_piece_each(tapedeck, tmp_path, tape_path):
    with deck_on(tapedeck, tmp_path, tape_path) as deck, ExitStack() as stack:
        fill_journal(deck, 1500)
        page = deck.journal()
        size = len(json.dumps(page))
        assert size > 3 * MIB
        before = deck.rss_bytes
        request = f"GET /~/api/journal HTTP/1.1\r\nhost: 127.0.0.1:{deck.port}\r\n\r\n".encode()
        unread = [stack.enter_context(closing(deck.open(receive_buffer=4096))) for _ in range(60)]
        for connection in unread:
            connection.sendall(request)
        for connection in unread:
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        assert deck.page("health")["status"] == "ok"
        assert deck.journal("none") == []
        assert deck.rss_bytes - before < 40 * MIB


def test_a_session_page_that_nobody_reads_costs_a_piece_and_is_whole_for_who_reads(tapedeck, tmp_path, tape_path):
    with deck_on(tapedeck, tmp_path, tape_path) as deck, ExitStack() as stack:
        fill_journal(deck, 1500)
        deck.ask(f"/~session=s{PATH}")
        page = deck.page("api/sessions/s")
        assert len(json.dumps(page)) > MIB
        assert [one["path"].rpartition("/")[2] for one in page["attempts"][:-1]] == [str(n) for n in range(1500)]
        assert list(page) == [
            "session",
            "attempts",
            "refused",
            "unfired",
            "miss",
            "misses",
            "loose",
            "limited",
            "unplayed",
            "lost",
            "conduct",
            "outcome",
        ]
        assert (page["session"], page["miss"], page["unplayed"], page["lost"]) == ("s", 1500, [], 0)
        before = deck.rss_bytes
        request = f"GET /~/api/sessions/s HTTP/1.1\r\nhost: 127.0.0.1:{deck.port}\r\n\r\n".encode()
        unread = [stack.enter_context(closing(deck.open(receive_buffer=4096))) for _ in range(60)]
        for connection in unread:
            connection.sendall(request)
        for connection in unread:
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        assert deck.page("health")["status"] == "ok"
        assert deck.rss_bytes - before < 40 * MIB


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", range(1, 1201)),
        ("?limit=5", range(1196, 1201)),
        ("?limit=0", []),
        ("?after=1190", range(1191, 1201)),
        ("?after=3&limit=4", range(4, 8)),
        ("?after=5000", []),
        ("?session=s&limit=900", [n for n in range(300, 1201) if n != 401]),
        ("?session=t", [401]),
        ("?session=t&limit=1", [401]),
        ("?session=t&after=401", []),
    ],
)
def test_a_journal_in_pieces_is_the_journal(query, wanted, filled):
    assert [entry["id"] for entry in filled.page(f"api/journal{query}")] == list(wanted)


@pytest.fixture(scope="module")
def filled(tapedeck, tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    tape_path = write_tape(folder / "t.tape", exchange(1, ["data: a\n\n"]))
    with deck_on(tapedeck, folder, tape_path) as deck:
        fill_journal(deck, 400)
        fill_journal(deck, 1, "t")
        fill_journal(deck, 799)
        yield deck


def test_exchanges_in_pieces_are_all_exchanges(tapedeck, tmp_path):
    count = 1500
    tape_path = write_tape(tmp_path / "t.tape", *(exchange(n, ["data: a\n\n"]) for n in range(count)))
    with deck_on(tapedeck, tmp_path, tape_path) as deck:
        exchanges = deck.page("api/exchanges")
        old = http.client.HTTPConnection("127.0.0.1", deck.port, timeout=20)
        with closing(old):
            old._http_vsn, old._http_vsn_str = 10, "HTTP/1.0"
            old.request("GET", "/~/api/exchanges", headers={"host": f"127.0.0.1:{deck.port}"})
            answer = old.getresponse()
            assert answer.headers["transfer-encoding"] is None
            assert json.loads(answer.read()) == exchanges
    assert [exchange["number"] for exchange in exchanges] == list(range(1, count + 1))


def test_of_a_page_in_pieces_a_head_has_none_and_the_next_request_is_answered(filled):
    with closing(http.client.HTTPConnection("127.0.0.1", filled.port, timeout=20)) as connection:
        for method in ["HEAD", "GET", "HEAD"]:
            connection.request(method, "/~/api/journal")
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200
            assert len(body) > MIB if method == "GET" else body == b""


LARGE = f"/~session=s/~pace=instant/~fault=big:16MiB@event:2{PATH}"


def test_a_client_that_takes_nothing_is_dropped_and_the_journal_says_so(tapedeck, tmp_path, tape_path):
    with (
        deck_on(tapedeck, tmp_path, tape_path, "--write-timeout", "1s") as deck,
        closing(deck.open(receive_buffer=4096)) as connection,
    ):
        connection.sendall(head(2, LARGE) + b"{}")
        start = time.monotonic()
        entries = deck.until_journal(lambda entries: entries and entries[0]["ended"], "s")
        assert 0.9 < time.monotonic() - start < 10
        assert entries[0]["ended"] == "write-timeout"
        assert 0 < entries[0]["bytes"] < 16 * MIB
        with pytest.raises(ConnectionResetError):
            while connection.recv(MIB):
                pass


def test_a_page_that_nobody_takes_is_dropped_too(tapedeck, tmp_path, tape_path):
    with (
        deck_on(tapedeck, tmp_path, tape_path, "--write-timeout", "300ms", "--max-connections", "3") as deck,
        ExitStack() as stack,
    ):
        fill_journal(deck, 3000)
        held = [stack.enter_context(closing(deck.open(receive_buffer=4096))) for _ in range(2)]
        for connection in held:
            connection.sendall(f"GET /~/api/journal HTTP/1.1\r\nhost: 127.0.0.1:{deck.port}\r\n\r\n".encode())
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        for connection in held:
            connection.settimeout(20)
            # Nothing is read until it is over.
            wait_for_reset(connection)


def wait_for_reset(connection):
    until(lambda: connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))


def test_a_client_that_reads_slowly_gets_everything(tapedeck, tmp_path, tape_path):
    with (
        deck_on(tapedeck, tmp_path, tape_path, "--write-timeout", "1s") as deck,
        closing(deck.open(receive_buffer=64 * KIB)) as connection,
    ):
        connection.sendall(head(2, LARGE, "connection: close") + b"{}")
        got, start = 0, time.monotonic()
        while data := connection.recv(256 * KIB):
            got += len(data)
            # As much again takes 3 s, so that for most of it more waits than the kernel holds.
            time.sleep(max(0, start + 3 * got / (16 * MIB) - time.monotonic()))
        assert got > 16 * MIB
        assert deck.until_journal(lambda entries: entries[0]["ended"], "s")[0]["ended"] == "complete"


@pytest.mark.parametrize("held", ["~fault=hang@event:2", "~fault=stall:2s@event:2", "~pace=gap:2s"])
def test_what_is_held_on_purpose_is_no_client_that_takes_nothing(tapedeck, tmp_path, tape_path, held):
    with (
        deck_on(tapedeck, tmp_path, tape_path, "--write-timeout", "300ms") as deck,
        closing(deck.open()) as connection,
    ):
        connection.sendall(head(2, f"/{held}{PATH}") + b"{}")
        got = b""
        while b"data: a\n\n" not in got:
            got += connection.recv(1000)
        connection.settimeout(1.2)
        with pytest.raises(TimeoutError):
            connection.recv(1000)
        connection.settimeout(20)
        if "hang" not in held:
            assert b"data: b\n\n" in connection.recv(1000)
