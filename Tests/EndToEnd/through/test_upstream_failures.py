"""Every way in which an upstream can go wrong: what the client gets, what is recorded, what is replayed."""

import pytest

import raw_wire
import waiting
from answer import Answer, answer
from errors import assert_refused
from recording_deck import recording
from scripted_upstream import (
    FIN,
    LAST_CHUNK,
    RESET,
    SILENCE,
    Flood,
    Pause,
    body_of,
    chunk,
    closed_port,
    event,
    head,
    stream,
    upstream,
)

PATH = "/v1/messages"
CLOSE = [("connection", "close")]
LENGTH = head(framing="content-length: 100")
UNFRAMED = head(framing="")
FILLER = Flood(b"x-filler: " + b"f" * 4000 + b"\r\n", 600)

# What the upstream does, how the recording ends, and how the client's answer ends.
PASSED_ON = {
    "reset before the head": ([RESET], "unreachable", "reset"),
    "reset inside the head": ([head()[:40], RESET], "unreachable", "reset"),
    "reset after the head": ([head(), Pause(0.05), RESET], "reset", "reset"),
    "reset between chunks": ([head(), chunk(event(0)), Pause(0.05), RESET], "reset", "reset"),
    "reset inside a chunk": ([head(), chunk(event(0))[:20], Pause(0.05), RESET], "reset", "reset"),
    "reset inside a length": ([LENGTH + event(0), Pause(0.05), RESET], "reset", "reset"),
    "reset in an unframed body": ([UNFRAMED + event(0), Pause(0.05), RESET], "reset", "reset"),
    "reset after the end": ([*stream(), RESET], "complete", "complete"),
    "fin before the head": ([FIN], "unreachable", "fin"),
    "fin inside the head": ([head()[:40], FIN], "unreachable", "fin"),
    "fin after the head": ([head(), FIN], "truncated", "fin"),
    "fin between chunks": ([head(), chunk(event(0)), FIN], "truncated", "fin"),
    "fin inside a chunk": ([head(), chunk(event(0)), chunk(event(1))[:20], FIN], "truncated", "fin"),
    "fin inside a size line": ([head(), chunk(event(0)), b"1", FIN], "truncated", "fin"),
    "fin before the last blank line": ([head(), chunk(event(0)), b"0\r\n", FIN], "truncated", "fin"),
    "fin inside a length": ([LENGTH + event(0), FIN], "truncated", "fin"),
    "fin after the end": ([*stream(), FIN], "complete", "complete"),
    "an unframed body": ([UNFRAMED + body_of(), FIN], "complete", "complete"),
    "an unframed body of no byte": ([UNFRAMED, FIN], "complete", "complete"),
    "a wrong size line": ([head(), chunk(event(0)), b"xyz\r\n", FIN], "malformed", "malformed"),
    "a size too large": ([head(), chunk(event(0)), b"f" * 17 + b"\r\n", FIN], "malformed", "malformed"),
    "a chunk longer than its size": ([head(), b"3\r\nabcdef\r\n", FIN], "malformed", "malformed"),
    "more than the length": ([head(framing="content-length: 5") + b"abcdefgh", FIN], "complete", "complete"),
}

# What the upstream does, how the recording ends, and the words that the deck has for it.
REFUSED = {
    "garbage": ([b"\x00\xff\x17 this is no HTTP\r\n\r\n", FIN], "malformed", "HTTP/0.9"),
    "HTTP/0.9": ([b"<html>an answer without a head</html>", FIN], "malformed", "HTTP/0.9"),
    "a length below 0": ([head(framing="content-length: -5"), FIN], "malformed", "Content-Length"),
    "a length of letters": ([head(framing="content-length: five"), FIN], "malformed", "Content-Length"),
    "a header line of 120 KiB": ([head("200 OK", "x: " + "v" * 120_000), LAST_CHUNK], "unreachable", "too long"),
    "another protocol": ([b"HTTP/1.1 101 Switch\r\nupgrade: x\r\n\r\n", FIN], "malformed", "protocol"),
    "a line that is no field": ([head("200 OK", "no field"), LAST_CHUNK], "malformed", "colon"),
}


def ask(base):
    return answer(raw_wire.ask(base + PATH, headers=CLOSE))


@pytest.mark.parametrize("name", PASSED_ON)
def test_the_client_gets_what_a_direct_connection_gives(tapedeck, tmp_path, name):
    script, how, end = PASSED_ON[name]
    with upstream(script) as server:
        direct = ask(server.url)
        assert direct.end == end
        with recording(tapedeck, tmp_path, upstream=server.url) as deck:
            assert ask(deck.base) == direct
    assert deck.exit_code == 0 and deck.warnings == ""
    [exchange] = deck.exchanges
    assert (exchange.how, exchange.body) == (how, direct.body)
    with recording(tapedeck, tmp_path, mode="replay", name="replay") as again:
        replayed = ask(again.base)
    # A recording has no word for a FIN in place of a head: it is replayed as a reset.
    assert replayed.end == ("reset" if how == "unreachable" else direct.end)
    assert (replayed.status, replayed.body) == (direct.status, direct.body)


@pytest.mark.parametrize("name", REFUSED)
def test_where_there_is_nothing_to_pass_on_the_deck_says_why(tapedeck, tmp_path, name):
    script, how, words = REFUSED[name]
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        refused = ask(deck.base)
        assert_refused(refused, 502, words)
        [entry] = deck.journal()
        assert entry["status"] == 502
        waiting.until(lambda: deck.journal()[0]["exchange"] is not None)
    assert deck.exit_code == 0
    [exchange] = deck.exchanges
    assert (exchange.how, exchange.head, exchange.body) == (how, {}, b"")
    with recording(tapedeck, tmp_path, mode="replay", name="replay") as again:
        assert ask(again.base) == Answer(end="reset" if how == "unreachable" else "fin")


def test_a_port_that_nobody_listens_on_is_a_502(tapedeck, tmp_path):
    url = f"http://127.0.0.1:{closed_port()}"
    with recording(tapedeck, tmp_path, upstream=url) as deck:
        assert_refused(ask(deck.base), 502, "onnect")
    [exchange] = deck.exchanges
    assert (exchange.how, exchange.ending["stage"]) == ("unreachable", "connect")


def test_a_name_that_does_not_exist_is_a_502(tapedeck, tmp_path):
    with recording(tapedeck, tmp_path, upstream="http://nobody.invalid") as deck:
        assert_refused(ask(deck.base), 502, "nobody.invalid")
    [exchange] = deck.exchanges
    assert (exchange.how, exchange.ending["stage"]) == ("unreachable", "dns")


def test_an_upstream_that_never_answers_is_a_504(tapedeck, tmp_path):
    flag = ["--first-byte-timeout", "300ms"]
    with upstream([SILENCE]) as server, recording(tapedeck, tmp_path, *flag, upstream=server.url) as deck:
        assert_refused(ask(deck.base), 504, "no response head")
    [exchange] = deck.exchanges
    assert exchange.how == "timeout"


def test_an_upstream_that_falls_silent_is_cut_off(tapedeck, tmp_path):
    script = [head(), chunk(event(0)), SILENCE]
    flag = ["--upstream-idle-timeout", "300ms"]
    with upstream(script) as server, recording(tapedeck, tmp_path, *flag, upstream=server.url) as deck:
        relayed = ask(deck.base)
    assert (relayed.status, relayed.body, relayed.end) == (200, event(0), "fin")
    [exchange] = deck.exchanges
    assert (exchange.how, exchange.body) == ("timeout", event(0))


def test_two_lengths_do_not_put_the_next_answer_out_of_step(tapedeck, tmp_path):
    script = [head("200 OK", "content-length: 5", framing="content-length: 8") + b"abcdefgh", FIN]
    with upstream([script, stream()]) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        first, second = (raw_wire.request_bytes(deck.base + path) for path in ("/a", "/b"))
        with raw_wire.wire.connected(deck.base) as connection:
            heard = raw_wire.hear(connection, first + second, until=LAST_CHUNK)
    # Whatever is made of the first, what follows it is an answer.
    lengths = answer(heard)
    rest = heard.data.partition(b"\r\n\r\n")[2][len(lengths.body) :]
    assert rest == b"" or rest.startswith(b"HTTP/1.1 200 OK\r\n"), rest[:80]
