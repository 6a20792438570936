"""Upstreams over TLS: one that is trusted, and those that are not."""

import contextlib
import socket
import threading

import pytest

import raw_wire
from answer import answer
from certificate import made_in, serving_with
from conftest import run
from errors import assert_refused
from h2_upstream import ANSWER, H2Upstream
from recording_deck import recording
from scripted_upstream import FIN, RESET, Pause, body_of, chunk, event, head, stream, upstream
from waiting import until

PATH = "/v1/messages"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate that signs itself, with its key."""
    return made_in(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls(certificate):
    return serving_with(certificate)


def ask(base):
    return answer(raw_wire.ask(base + PATH, headers=[("connection", "close")]))


@pytest.mark.parametrize("flag", ["--cacert", "--insecure"])
def test_a_trusted_upstream_is_asked_over_tls(tapedeck, tmp_path, certificate, tls, flag):
    flags = [flag] + ([certificate / "cert.pem"] if flag == "--cacert" else [])
    with upstream(stream(), tls) as server, recording(tapedeck, tmp_path, *flags, upstream=server.url) as deck:
        assert ask(deck.base).body == body_of()
    assert deck.exchanges[0].request["url"] == server.url + PATH


def test_a_certificate_that_nobody_vouches_for_is_a_502(tapedeck, tmp_path, tls):
    with upstream(stream(), tls) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        assert_refused(ask(deck.base), 502, "certificate")
        assert server.requests == []
    assert (deck.exchanges[0].how, deck.exchanges[0].ending["stage"]) == ("unreachable", "tls")


def test_plain_http_where_tls_is_expected_is_a_502(tapedeck, tmp_path):
    with upstream([b"HTTP/1.1 400 Bad Request\r\n\r\n", FIN]) as server:
        url = server.url.replace("http:", "https:")
        with recording(tapedeck, tmp_path, "--connect-timeout", "2s", upstream=url) as deck:
            assert_refused(ask(deck.base), 502, "the upstream gave no answer")
    assert (deck.exchanges[0].how, deck.exchanges[0].ending["stage"]) == ("unreachable", "tls")


def test_an_upstream_that_speaks_tls_and_merely_closes_is_told_from_one_that_is_down(tapedeck, tmp_path, tls):
    with upstream(stream(), tls) as server:
        url = server.url.replace("https:", "http:")
        with recording(tapedeck, tmp_path, upstream=url) as deck:
            assert ask(deck.base).body == b""
            note = f"{url} gave no answer: the server speaks TLS: use https://"
            until(lambda: note in deck.warnings)
            until(lambda: deck.journal()[0]["notes"] == [note])
            ask(deck.base)
            until(lambda: deck.journal()[1]["notes"] == [note])
        done = run(tapedeck, "record", url + PATH, "-o", tmp_path / "r.tape")
        assert done.returncode == 69 and b"the server speaks TLS: use https://" in done.stderr, done
    assert deck.warnings.count("use https://") == 1


def test_an_upstream_that_speaks_plain_http_is_told_from_one_that_is_down(tapedeck, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve_plain, args=(listener,), daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with recording(tapedeck, tmp_path, "--connect-timeout", "5s", upstream=url) as deck:
            for _ in range(4):
                assert_refused(ask(deck.base), 502, "the upstream gave no answer")
            until(lambda: all("use http://" in str(entry["notes"]) for entry in deck.journal()))
            until(lambda: f"{url} gave no answer: the server does not speak TLS: use http://" in deck.warnings)
        done = run(tapedeck, "record", url + PATH, "-o", tmp_path / "r.tape")
        assert done.returncode == 69 and b"the server does not speak TLS: use http://" in done.stderr, done
        listener.shutdown(socket.SHUT_RDWR)


def serve_plain(listener):
    """Answers requests of HTTP, and closes on all else without a word."""
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection:
                if connection.recv(65_536)[:1].isalpha():
                    connection.sendall(b"HTTP/1.0 204 No Content\r\n\r\n")


@pytest.mark.parametrize(("end", "how"), [(FIN, "truncated"), (RESET, "reset")])
def test_a_break_inside_tls_is_the_same_break(tapedeck, tmp_path, tls, end, how):
    script = [head(), chunk(event(0)), Pause(0.05), end]
    with upstream(script, tls) as server, recording(tapedeck, tmp_path, "--insecure", upstream=server.url) as deck:
        relayed = ask(deck.base)
    assert (relayed.body, relayed.end) == (event(0), "reset" if how == "reset" else "fin")
    assert deck.exchanges[0].how == how


# A stream that is refused was not processed, and its request may be asked again. (RFC 9113, 8.7)
# libcurl does that a few times.
@pytest.mark.parametrize(("end", "most"), [("fin", 1), ("reset", 1), ("refused", 6), ("goaway", 1)])
def test_what_an_upstream_of_http2_has_read_is_sent_once(tapedeck, tmp_path, certificate, end, most):
    server = H2Upstream(certificate, answers=1, end=end)
    with recording(tapedeck, tmp_path, "--insecure", upstream=server.url, mode="record") as deck:
        first, second = (
            answer(raw_wire.ask(deck.base + PATH, body=body, headers=[("connection", "close")]))
            for body in (b'{"n":1}', b'{"n":2}')
        )
    server.close()
    assert (first.status, first.body) == (200, ANSWER)
    assert second.status != 200
    first_body, *others = server.bodies
    assert first_body == b'{"n":1}' and set(others) == {b'{"n":2}'}
    assert len(others) <= most
    one, other = deck.exchanges
    assert one.how == "complete" and not other.head
    # libcurl has one code for a connection that is given up and for one whose frames are broken.
    assert other.how == ("malformed" if end == "goaway" else "unreachable")
