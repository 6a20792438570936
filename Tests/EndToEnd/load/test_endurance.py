"""What clients do to a deck by being slow, silent, gone or too many costs the others nothing."""

import contextlib
import pathlib
import resource
import selectors
import socket
import statistics
import sys
import time

import pytest

import wire
from conftest import ROOT, running

sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))

import gen
import soak
from waiting import targets, until

# It measures time or memory, and is run with nothing beside it.
pytestmark = pytest.mark.alone

STREAMS = 100
GAP_US = 5_000
REQUEST = b"POST /v1/messages HTTP/1.1\r\nhost: deck\r\ncontent-length: 0\r\n\r\n"
SOAK_S = 60
ROUNDS = 4
SOAK_GROWTH_KIB = 2048


@pytest.fixture
def tape(tmp_path):
    """A cassette of one stream of 206 events, 5 ms apart."""
    gen.make(tmp_path, gap_us=GAP_US)
    return tmp_path / "stream.tape"


@pytest.fixture
def large_tape(tmp_path):
    """A cassette of a stream of 8 MB, all of it due at once."""
    blocks = [gen.block("x", "y" * 100_000) for _ in range(80)]
    path = tmp_path / "large.tape"
    path.write_text(gen.HEADER + gen.exchange(blocks, 0))
    return path


@contextlib.contextmanager
def deck(tapedeck, tmp_path, *arguments):
    """A deck with its port and its process."""
    port_file = tmp_path / "port"
    port_file.unlink(missing_ok=True)
    with running([tapedeck, "serve", *arguments, "--allow-host", "deck"], port_file) as process:
        yield int(port_file.read_text()), process


def connect(port, sent=b"", receive_buffer=None):
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(20)
    client.connect(("127.0.0.1", port))
    client.sendall(sent)
    return client


def read_all(client):
    """All that comes until the end of a chunked answer, or of the connection."""
    data = b""
    while not data.endswith(b"\r\n0\r\n\r\n"):
        more = client.recv(65536)
        if not more:
            break
        data += more
    return data


def metric(port, name):
    answer = wire.send("GET", f"http://127.0.0.1:{port}/~/metrics").body.decode()
    return float(next(line.split()[1] for line in answer.splitlines() if line.split()[0] == name))


def test_a_client_that_does_not_read_costs_the_others_nothing_and_little_memory(tapedeck, tmp_path, tape, large_tape):
    with deck(tapedeck, tmp_path, tape, large_tape) as (port, process):
        large = REQUEST.replace(b"/v1", b"/~cassette=large/v1")
        small = REQUEST.replace(b"/v1", b"/~cassette=stream/v1")
        before = soak.rss_kib(process.pid)
        slow = [connect(port, large, receive_buffer=4096) for _ in range(20)]
        started = time.monotonic()
        others = [connect(port, small) for _ in range(STREAMS)]
        whole = [read_all(client) for client in others]
        took = time.monotonic() - started
        assert all(answer.count(b"event: ") == 206 for answer in whole)
        # The stream takes 1.03 s; a machine that is busy may take a little longer.
        assert 206 * GAP_US / 1e6 - 0.1 < took < 5
        # Twenty times 8 MB would be 160; one copy is the plan.
        assert soak.rss_kib(process.pid) - before < 60 << 10
        assert all(read_all(client).count(b"event: ") == 80 for client in slow)


class SlowReader:
    """A client that reads a little of a large answer all the time, so that it is served all the time."""

    def __init__(self, port):
        self.client = connect(port, REQUEST.replace(b"/v1", b"/~cassette=large/v1"), receive_buffer=4096)
        self.client.setblocking(False)
        self.taken = 0

    def read(self):
        # Not all of its 8 MB before the others have theirs.
        with contextlib.suppress(BlockingIOError):
            self.taken += len(self.client.recv(512)) if self.taken < 4_000_000 else 0

    def finish(self):
        assert self.taken > 10_000
        self.client.settimeout(20)
        assert read_all(self.client).endswith(b"\r\n0\r\n\r\n")


def play_to_crowd(port, beside=lambda: None):
    """Plays the stream to a thousand clients; by how many seconds the latest of a hundred writes is late."""
    crowd = selectors.DefaultSelector()
    for _ in range(1000):
        crowd.register(connect(port, REQUEST.replace(b"/v1", b"/~cassette=stream/v1")), selectors.EVENT_READ, [])
    end = time.monotonic() + 60
    while crowd.get_map():
        assert time.monotonic() < end
        for key, _ in crowd.select(1):
            key.data.append(key.fileobj.recv(65536))
            if key.data[-1].endswith(b"\r\n0\r\n\r\n"):
                assert b"".join(key.data).count(b"event: ") == 206
                crowd.unregister(key.fileobj)
                key.fileobj.close()
        beside()
    return metric(port, 'tapedeck_write_lateness_seconds{quantile="0.99"}')


def beside_a_slow_reader(tapedeck, tmp_path, tapes):
    """How late a crowd is alone and beside a slow reader, in seconds, and the wakes and spins of the loops."""
    with deck(tapedeck, tmp_path, *tapes) as (port, _process):
        alone_s = play_to_crowd(port)
    with deck(tapedeck, tmp_path, *tapes) as (port, _process):
        slow = SlowReader(port)
        beside_s = play_to_crowd(port, slow.read)
        slow.finish()
        return alone_s, beside_s, *(metric(port, f"tapedeck_loop_{name}_total") for name in ("wakes", "spins"))


def test_a_slow_reader_among_a_thousand_streams_makes_none_of_them_late(tapedeck, tmp_path, large_tape):
    gen.make(tmp_path, gap_us=20_000)
    lateness = []
    for _ in range(ROUNDS):
        alone_s, beside_s, wakes, spins = beside_a_slow_reader(
            tapedeck, tmp_path, (tmp_path / "stream.tape", large_tape)
        )
        # A wake for each of the 206,000 writes at the most, and some for who comes and goes.
        assert wakes < 206_000 * 1.2
        assert spins < wakes / 20
        lateness.append((alone_s, beside_s))
        # What they are late by with nothing beside them is what this machine can do. What else the machine does makes
        # one round late, and what the deck does makes all of them.
        if beside_s < 1.5 * alone_s + 0.005:
            return
    pytest.fail(f"late by p99, alone and beside a slow reader, in seconds: {lateness}")


def test_ten_thousand_clients_that_send_nothing_cost_the_others_nothing(tapedeck, tmp_path, tape):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    count = min(10_000, most - 200)
    with deck(tapedeck, tmp_path, tape) as (port, process):
        before = soak.rss_kib(process.pid)
        silent = [connect(port) for _ in range(count)]
        until(lambda: metric(port, "tapedeck_connections") == count + 1)
        assert (soak.rss_kib(process.pid) - before) / count < 4
        started = time.monotonic()
        assert read_all(connect(port, REQUEST)).count(b"event: ") == 206
        assert time.monotonic() - started < 3
        for client in silent:
            client.close()
        until(lambda: metric(port, "tapedeck_connections") == 1)


def sockets_of_loops(process):
    """How many sockets each event loop watches, fewest first."""
    place = pathlib.Path(f"/proc/{process.pid}")
    polls = [name for name, target in targets(place / "fd") if "eventpoll" in target]
    return sorted((place / "fdinfo" / name).read_text().count("tfd:") for name in polls)[-2:]


def test_connections_are_shared_by_the_loops(tapedeck, tmp_path, tape):
    with deck(tapedeck, tmp_path, tape, "--threads", "2") as (port, process):
        kept = []
        for _ in range(200):
            # One after the other, so that all would go to the loop that is asked first.
            kept.append(connect(port, b"GET /~/health HTTP/1.1\r\nhost: deck\r\n\r\n"))
            assert kept[-1].recv(4096).startswith(b"HTTP/1.1 200")
        assert sockets_of_loops(process)[0] > 70


def test_room_for_descriptors_is_made_before_clients_need_it(tapedeck, tmp_path, tape):
    with deck(tapedeck, tmp_path, tape, "--max-connections", "3000") as (_, process):
        status = pathlib.Path(f"/proc/{process.pid}/status")
        until(lambda: int(status.read_text().split("FDSize:")[1].split()[0]) >= 3000)


def test_clients_that_send_nothing_or_half_a_head_hold_up_nobody_and_are_closed(tapedeck, tmp_path, tape):
    with deck(tapedeck, tmp_path, tape, "--idle-timeout", "2s") as (port, _):
        silent = [connect(port) for _ in range(500)]
        loris = [connect(port, REQUEST[:20]) for _ in range(100)]
        assert read_all(connect(port, REQUEST)).count(b"event: ") == 206
        for client in loris:
            with contextlib.suppress(OSError):
                client.sendall(b"x")
        for client in silent + loris:
            with contextlib.suppress(ConnectionResetError):
                assert client.recv(1024) == b""
            client.close()
        until(lambda: metric(port, "tapedeck_connections") == 1)


def test_a_client_that_half_closes_gets_its_whole_answer(tapedeck, tmp_path, tape):
    with deck(tapedeck, tmp_path, tape, "--half-close", "keep") as (port, _):
        clients = [connect(port, REQUEST) for _ in range(50)]
        for client in clients:
            client.shutdown(socket.SHUT_WR)
        assert all(read_all(client).count(b"event: ") == 206 for client in clients)
        assert all(client.recv(1) == b"" for client in clients)


def test_clients_that_leave_in_the_middle_free_everything_at_once(tapedeck, tmp_path, tape):
    with deck(tapedeck, tmp_path, tape) as (port, process):
        peaks = []
        for _ in range(6):
            clients = [connect(port, REQUEST) for _ in range(400)]
            for client in clients:
                assert client.recv(64)
            peaks.append(soak.rss_kib(process.pid))
            for client in clients:
                client.close()
            until(lambda: metric(port, "tapedeck_connections") == 1)
        # What the first two rounds needed, the last ones use again.
        assert statistics.median(peaks[3:]) - peaks[1] < 2048


def test_without_descriptors_it_says_so_once_and_accepts_again_when_some_leave(tapedeck, tmp_path, tape):
    said, port_file = tmp_path / "said", tmp_path / "port"
    few = ["bash", "-c", 'ulimit -n 40; exec "$@" 2>"$0"', said, tapedeck, "serve", tape, "--allow-host", "deck"]
    with running(few, port_file):
        port = int(port_file.read_text())
        crowd = [connect(port) for _ in range(120)]
        until(lambda: b"no more clients can be accepted" in said.read_bytes())
        for client in crowd:
            client.close()
        assert read_all(connect(port, REQUEST)).count(b"event: ") == 206
        assert said.read_bytes().count(b"no more clients can be accepted") == 1


def test_memory_stays_flat_while_streams_come_and_go(tapedeck, tmp_path):
    samples = soak.soak(tapedeck, tmp_path, SOAK_S)
    assert len(samples) > SOAK_S / 2
    assert soak.growth_kib(samples) < SOAK_GROWTH_KIB
