"""Upstreams over TLS: one that is trusted, and those that are not."""

import pytest

import raw_wire
from answer import answer
from certificate import made_in, serving_with
from errors import assert_refused
from h2_upstream import ANSWER, H2Upstream
from recording_deck import recording
from scripted_upstream import FIN, RESET, Pause, body_of, chunk, event, head, stream, upstream

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


@pytest.mark.parametrize(("end", "how"), [(FIN, "truncated"), (RESET, "reset")])
def test_a_break_inside_tls_is_the_same_break(tapedeck, tmp_path, tls, end, how):
    script = [head(), chunk(event(0)), Pause(0.05), end]
    with upstream(script, tls) as server, recording(tapedeck, tmp_path, "--insecure", upstream=server.url) as deck:
        relayed = ask(deck.base)
    assert (relayed.body, relayed.end) == (event(0), "reset" if how == "reset" else "fin")
    assert deck.exchanges[0].how == how


# A stream that is refused was not processed, and its request may be asked again. (RFC 9113, 8.7)
@pytest.mark.parametrize(("end", "times"), [("fin", 1), ("reset", 1), ("refused", 2), ("goaway", 1)])
def test_what_an_upstream_of_http2_has_read_is_sent_once(tapedeck, tmp_path, certificate, end, times):
    server = H2Upstream(certificate, answers=1, end=end)
    with recording(tapedeck, tmp_path, "--insecure", upstream=server.url, mode="record") as deck:
        first, second = (
            answer(raw_wire.ask(deck.base + PATH, body=body, headers=[("connection", "close")]))
            for body in (b'{"n":1}', b'{"n":2}')
        )
    server.close()
    assert (first.status, first.body) == (200, ANSWER)
    assert second.status != 200
    assert server.bodies == [b'{"n":1}', *[b'{"n":2}'] * times]
    one, other = deck.exchanges
    assert one.how == "complete" and not other.head
    # libcurl has one code for a connection that is given up and for one whose frames are broken.
    assert other.how == ("malformed" if end == "goaway" else "unreachable")
