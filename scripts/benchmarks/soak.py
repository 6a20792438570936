"""A deck under streams that come and go for as long as one likes, and what its memory does meanwhile."""

import pathlib
import random
import socket
import time

import gen
from processes import deck

CONNECTIONS = 200
SAMPLE_S = 1.0


def soak(tapedeck, folder, seconds):
    """Streams that end, that are left and that reset, for some seconds; RSS in KiB, a sample a second."""
    gen.make(folder, gap_us=2_000)
    body = (pathlib.Path(folder) / "body.json").read_bytes()
    chance = random.Random(1)
    with deck(tapedeck, pathlib.Path(folder) / "stream.tape") as (server, port):
        clients, samples = [], []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            now = time.monotonic()
            while clients and clients[0][0] <= now:
                clients.pop(0)[1].close()
            for _ in range(20):
                # Most read nothing: what the kernel does not take stays with the deck, which waits.
                clients.append((now + chance.uniform(0, 1.0), ask(port, body)))
            clients.sort(key=lambda client: client[0])
            leave_some(clients)
            if len(samples) * SAMPLE_S <= seconds - (end - now):
                samples.append(rss_kib(server.pid))
            time.sleep(0.05)
        for _, client in clients:
            client.close()
        return samples


def ask(port, body):
    """A stream under way, of which nothing is read."""
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.sendall(
        b"POST /v1/messages HTTP/1.1\r\nhost: localhost:%d\r\n" % port
        + b"content-length: %d\r\n\r\n" % len(body)
        + body
    )
    return client


def leave_some(clients):
    """Leaves those that would be first, where there are too many."""
    for _, client in clients[:-CONNECTIONS]:
        client.close()
    del clients[:-CONNECTIONS]


def rss_kib(pid):
    """The resident memory of a process."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def growth_kib(samples):
    """How much larger the second half is than the second quarter: the first is warming up."""
    quarter = len(samples) // 4
    before = sorted(samples[quarter : 2 * quarter])[quarter // 2]
    after = sorted(samples[2 * quarter :])[len(samples[2 * quarter :]) // 2]
    return after - before
