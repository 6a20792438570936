"""What directives, sessions and expectations mean to a deck that forwards."""

import pytest

import raw_wire
import wire
from answer import answer
from asking import CLOSE, PATH, ask, numbered
from conftest import serving
from recording_deck import recording
from scripted_upstream import body_of, plain, stream, upstream


def directives(line):
    """A line of directives as the prefix of a path."""
    return "".join(f"/~{part.strip()}" for part in line.split(";"))


@pytest.mark.parametrize("mode", ["auto", "once", "record"])
@pytest.mark.parametrize("to", ["t.tape", "tapes/"])
def test_the_line_in_the_journal_replays_what_was_recorded_here_and_in_the_next_deck(tapedeck, tmp_path, mode, to):
    with upstream(numbered) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode=mode, to=to) as deck:
            for body in (b"1", b"2", b"3"):
                assert ask(f"{deck.base}/~session=a%2Fb", body).body == b"answer to " + body
            lines = [entry["reproduce"] for entry in deck.journal()]
            found = [ask(deck.base + directives(line), b"another").body for line in lines]
            assert found == [b"answer to 1", b"answer to 2", b"answer to 3"]
        assert len(server.requests) == 3
    with serving([tapedeck, "serve", deck.tape], tmp_path / "next-port") as base:
        assert [ask(base + directives(line), b"another").body for line in lines] == found


@pytest.mark.parametrize("mode", ["auto", "record", "passthrough"])
def test_a_fault_and_a_pace_that_cannot_count_are_noted(tapedeck, tmp_path, mode):
    to = None if mode == "passthrough" else "t.tape"
    with upstream(stream()) as server, recording(tapedeck, tmp_path, upstream=server.url, mode=mode, to=to) as deck:
        assert ask(f"{deck.base}/~fault=reset@event:1/~pace=2x").body == body_of()
        assert ask(deck.base, b"2").body == body_of()
        faulty, plain_one = deck.journal()
    assert [note.split(":")[0] for note in faulty["notes"]] == ["fault reset@event", "pace 2x had no effect"]
    assert "did not fire" in faulty["notes"][0] and plain_one["notes"] == []


def test_a_fault_counts_where_a_recording_answers(tapedeck, tmp_path):
    with upstream(stream()) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        ask(deck.base)
        cut = answer(raw_wire.ask(f"{deck.base}/~fault=reset@event:2{PATH}", headers=CLOSE))
        assert (cut.body, cut.end) == (body_of(2)[: len(cut.body)], "reset")
        assert deck.journal()[1]["notes"] == []
        assert len(server.requests) == 1


@pytest.mark.parametrize("mode", ["auto", "record", "passthrough"])
def test_options_go_upstream_and_a_preflight_does_not(tapedeck, tmp_path, mode):
    to = None if mode == "passthrough" else "t.tape"
    script = plain(b"", "200 OK", "allow: POST, PUT")
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url, mode=mode, to=to) as deck:
        asked = raw_wire.ask(deck.base + PATH, method="OPTIONS", body=b"", headers=CLOSE)
        assert dict(answer(asked).headers)["allow"] == "POST, PUT"
        assert len(server.requests) == 1
        page = [*CLOSE, ("origin", "http://localhost:3000"), ("access-control-request-method", "POST")]
        preflight = answer(raw_wire.ask(deck.base + PATH, method="OPTIONS", body=b"", headers=page))
        assert preflight.status == 204 and len(server.requests) == 1


def test_a_redirect_to_an_upstream_with_a_password_leads_to_the_deck(tapedeck, tmp_path):
    with upstream(lambda _: plain(b"", "307 Temporary", f"location: {server.url}/elsewhere")) as server:
        url = server.url.replace("//", "//me:secret@")
        with recording(tapedeck, tmp_path, upstream=url) as deck:
            assert dict(ask(deck.base).headers)["location"] == "/elsewhere"
            assert dict(ask(deck.base).headers)["location"] == "/elsewhere"
        assert len(server.requests) == 1
    with serving([tapedeck, "serve", deck.tape], tmp_path / "next-port") as base:
        assert dict(ask(f"{base}/~session=s").headers)["location"] == "/~session=s/elsewhere"


def test_once_is_decided_for_each_sessions_cassette(tapedeck, tmp_path):
    with upstream(numbered) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode="once", to="tapes/") as deck:
            assert [ask(f"{deck.base}/~session=old", body).status for body in (b"1", b"2")] == [200, 200]
        flags = ["--fail-on-miss"]
        with recording(tapedeck, tmp_path, *flags, upstream=server.url, mode="once", to="tapes/") as deck:
            assert ask(f"{deck.base}/~session=old", b"1").body == b"answer to 1"
            missed = ask(f"{deck.base}/~session=old", b"3")
            assert missed.status == 404 and b"nearest" in missed.body
            assert [ask(f"{deck.base}/~session=new", body).status for body in (b"1", b"2")] == [200, 200]
            page = wire.send("GET", f"{deck.base}/~/api/sessions/old").body
        assert len(server.requests) == 4
    assert b'"misses":1' in page
    assert deck.exit_code == 1
    assert "1 request matched no exchange" in deck.warnings and "session old: " in deck.warnings


def test_a_client_that_lost_its_session_is_not_forwarded(tapedeck, tmp_path):
    with upstream(stream()) as server:
        with recording(tapedeck, tmp_path, "--require-session", upstream=server.url, mode="record") as deck:
            assert ask(deck.base).status == 400
            assert ask(f"{deck.base}/~session=s").status == 200
        assert len(server.requests) == 1
    assert len(deck.exchanges) == 1


def test_without_directives_what_looks_like_them_goes_upstream_as_it_is(tapedeck, tmp_path):
    with upstream(stream()) as server:
        with recording(tapedeck, tmp_path, "--no-directives", upstream=server.url, mode="record") as deck:
            header = [*CLOSE, ("tapedeck", "session=s")]
            assert answer(raw_wire.ask(f"{deck.base}/~session=s{PATH}", headers=header)).status == 200
        [request] = server.requests
    assert request.startswith(f"POST /~session=s{PATH} ".encode())
    assert b"\r\ntapedeck: session=s\r\n" in request
    assert deck.exchanges[0].path == f"/~session=s{PATH}"


def test_a_header_can_take_part_in_matching(tapedeck, tmp_path):
    def asked(deck, tenant):
        headers = [*CLOSE, ("x-tenant", tenant)]
        return answer(raw_wire.ask(deck.base + PATH, headers=headers)).status

    with upstream(stream()) as server:
        with recording(tapedeck, tmp_path, "--match-header", "x-tenant", upstream=server.url) as deck:
            assert [asked(deck, tenant) for tenant in ("a", "b", "a", "b")] == [200] * 4
        assert len(server.requests) == 2


def test_what_was_recorded_at_once_comes_back_in_the_order_in_which_it_ended(tapedeck, tmp_path):
    slow = [*stream(1)[:1], *stream(2, pause_s=0.3)[1:]]
    with upstream([slow, stream(1)]) as server:
        with recording(tapedeck, tmp_path, upstream=server.url, mode="record") as deck:
            with raw_wire.wire.connected(deck.base) as first:
                first.sendall(raw_wire.request_bytes(deck.base + PATH, headers=CLOSE))
                assert first.recv(9)
                assert ask(deck.base).body == body_of(1)
                while first.recv(65536):
                    pass
    # The second ended first, and so it stands first and is replayed first.
    assert [exchange.body for exchange in deck.exchanges] == [body_of(1), body_of(2)]
    with serving([tapedeck, "serve", deck.tape], tmp_path / "next-port") as base:
        assert [ask(f"{base}/~session=s").body for _ in range(2)] == [body_of(1), body_of(2)]
