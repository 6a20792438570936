"""Who is answered: the flags that let others in, clients that speak something else, clients that leave."""

import itertools
import socket
import ssl
import time
import urllib.request

import pytest

import raw_wire
import wire
from conftest import CASSETTES, run
from recording_deck import recording
from scripted_upstream import SILENCE, chunk, event, head, upstream
from waiting import until

TAPE = CASSETTES / "anthropic-text.tape"
PATH = "/v1/messages"
CLOSE = [("connection", "close")]


def status(base, host=None, headers=()):
    """The status of an answer to a request that names a host."""
    port = base.rpartition(":")[2]
    fields = [("host", (host or "127.0.0.1:{}").format(port)), *headers, *CLOSE]
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    with wire.connected(base) as connection:
        heard = raw_wire.hear(connection, f"GET /none HTTP/1.1\r\n{lines}\r\n".encode())
    return int(heard.data.split()[1])


def own_address():
    """An address of this machine that is not loopback, or None; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return probe.getsockname()[0]


def test_flags_let_names_and_origins_in(deck_of):
    flags = ["--allow-host", "deck", "--allow-host", "localhost:8080", "--allow-origin", "https://App.example:443/"]
    with deck_of(TAPE, "--pace", "instant", *flags, "--allow-origin", "null") as base:
        for host in ("deck", "deck:4010", "localhost:8080", "localhost:{}"):
            assert status(base, host) == 404, host
        for host in ("deck.example", "localhost:8081", "evil.example:{}"):
            assert status(base, host) == 403, host
        for origin in ("https://app.example", "null", "http://localhost:3000"):
            assert status(base, headers=[("origin", origin)]) == 404, origin
        for origin in ("https://app.example:8443", "http://app.example", "http://deck"):
            assert status(base, headers=[("origin", origin)]) == 403, origin


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--allow-host", "http://deck"),
        ("--allow-host", "deck/x"),
        ("--allow-host", ""),
        ("--allow-origin", "app.example"),
        ("--allow-origin", "https://app.example/x"),
        ("--allow-origin", "*"),
        ("--half-close", "yes"),
    ],
)
def test_what_would_let_nobody_in_is_a_usage_error(tapedeck, flag, value):
    done = run(tapedeck, "serve", TAPE, f"{flag}={value}")
    assert done.returncode == 64 and flag.encode() in done.stderr and done.stderr.count(b"\n") == 1


def test_a_deck_that_listens_everywhere_is_asked_by_any_address_of_the_machine(deck_of):
    address = own_address()
    with deck_of(TAPE, "--host", "0.0.0.0") as base:
        assert status(base) == 404
        assert status(base, "203.0.113.9:{}") == 403
        if address:
            assert status(base, address + ":{}") == 404


def test_a_client_that_speaks_tls_is_told_so_at_once(tapedeck, tmp_path):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with recording(tapedeck, tmp_path, TAPE, mode=None, to=None) as deck:
        started = time.monotonic()
        with wire.connected(deck.base) as connection, pytest.raises((ssl.SSLError, OSError)):
            context.wrap_socket(connection)
        assert time.monotonic() - started < 5
        [entry] = deck.journal()
    assert entry["miss"].startswith("a client spoke TLS: use http://") and entry["ended"] == "disconnect"
    assert deck.warnings.startswith("tapedeck: a client spoke TLS: use http://")


def test_a_read_timeout_costs_nothing_at_the_end_of_the_run(tapedeck, tmp_path):
    with recording(tapedeck, tmp_path, TAPE, mode=None, to=None) as deck:
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(f"{deck.base}/~fault=stall:60s@event:3{PATH}", b"{}", timeout=0.3).read()
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(f"{deck.base}/~fault=stall:60s@head{PATH}", b"{}", timeout=0.3).read()
        until(lambda: all(entry["ended"] for entry in deck.journal()))
        assert [entry["ended"] for entry in deck.journal()] == ["client", "client"]
        started = time.monotonic()
        assert deck.end().exit_code == 0
        assert time.monotonic() - started < 2


def test_a_forwarded_answer_ends_with_its_client_though_the_upstream_is_silent(tapedeck, tmp_path):
    script = [head(), chunk(event(0)), SILENCE]
    with (
        upstream(script) as server,
        recording(tapedeck, tmp_path, upstream=server.url, mode="passthrough", to=None) as deck,
    ):
        with wire.connected(deck.base) as connection:
            raw_wire.hear(connection, raw_wire.request_bytes(deck.base + PATH), until=event(0), quiet_s=0)
        until(lambda: [entry["ended"] for entry in deck.journal()] == ["client"])


def test_counters_never_sink_while_forwarding_fails(tapedeck, tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with recording(tapedeck, tmp_path, upstream=url, mode="passthrough", to=None) as deck:
            seen = []
            for _ in range(20):
                raw_wire.ask(deck.base + PATH, headers=CLOSE)
                text = wire.send("GET", f"{deck.base}/~/metrics").body.decode()
                seen.append({line.split()[0]: float(line.split()[1]) for line in text.splitlines() if line[0] != "#"})
    for before, after in itertools.pairwise(seen):
        assert all(after[name] >= value for name, value in before.items() if name.endswith("_total"))
    # Each with the page before it.
    assert seen[-1]["tapedeck_requests_total"] == 39 and seen[-1]["tapedeck_refused_total"] == 20
