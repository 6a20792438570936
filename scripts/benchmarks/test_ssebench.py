#!/usr/bin/env python3
"""Checks ssebench against servers of known timing: raw sockets, one thread a connection.

scripts/benchmarks/test_ssebench.py
"""

import json
import pathlib
import socket
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True

import building  # noqa: E402
import processes  # noqa: E402

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def serve(answer):
    """Answers every request on a port of its own, for as long as this program runs."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=converse, args=(connection, answer), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def converse(connection, answer):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        try:
            while read_request(connection):
                answer(connection)
        except OSError:
            pass


def read_request(connection):
    """Whether a whole request came."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return False
        data += piece
    head, rest = data.split(b"\r\n\r\n", 1)
    lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    while lengths and len(rest) < lengths[0]:
        rest += connection.recv(65536)
    return True


def chunk(data):
    return b"%x;x=y\r\n%s\r\n" % (len(data), data)


def wait_until(moment):
    time.sleep(max(0, moment - time.monotonic()))


def timed(connection):
    """Events at 0, 50, 100 (7 late), 150 and 200 ms; the second in two chunks and three writes."""
    start = time.monotonic()
    connection.sendall(CHUNKED + chunk(b"data: a\n\n"))
    wait_until(start + 0.020)
    connection.sendall(chunk(b"event: x\r\ndata: b"))
    wait_until(start + 0.050)
    end = chunk(b"\r\n\r\n")
    connection.sendall(end[:9])
    connection.sendall(end[9:])
    wait_until(start + 0.107)
    connection.sendall(chunk(b"data: c\n\n"))
    wait_until(start + 0.150)
    connection.sendall(chunk(b"data: d\n\n"))
    wait_until(start + 0.200)
    connection.sendall(chunk(b"data: e\n\n") + b"0\r\nX-T: 1\r\n\r\n")


def by_length(connection):
    body = b"".join(b"data: %d\n\n" % i for i in range(1000))
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body))
    connection.sendall(body)


def until_close(connection):
    connection.sendall(HEAD + b"\r\n" + b"".join(b"event: e\r\ndata: %d\r\n\r\n" % i for i in range(1000)))
    connection.shutdown(socket.SHUT_WR)
    connection.close()


def bytewise(connection):
    message = CHUNKED + chunk(b"data: a\n\n") + chunk(b": c\n\ndata: b\n\n\n\n") + b"0\r\n\r\n"
    for i in range(len(message)):
        connection.sendall(message[i : i + 1])


def truncated(connection):
    connection.sendall(CHUNKED + chunk(b"data: a\n\n"))
    connection.close()


def refused(connection):
    connection.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")


class Checks:
    """Runs the load client and counts what it got wrong."""

    def __init__(self, folder):
        self.folder = folder
        self.failed = 0
        (folder / "body.json").write_text("{}")
        (folder / "sched.txt").write_text("0\n50000\n100000\n150000\n200000\n")

    def run(self, port, *options):
        return processes.ssebench(port, self.folder, "--timeout", 5, *options, max_time_s=15)

    def check(self, name, holds, seen):
        print(("ok   " if holds else "FAIL ") + name)
        if not holds:
            self.failed += 1
            print(json.dumps(seen))

    def check_times(self, *clock):
        port = serve(timed)
        schedule = ("--sched", self.folder / "sched.txt", *clock)
        seen = self.run(port, "-c", 1, "-n", 10, "--sched-from", "first", "--expect", 5, *schedule)
        self.check(
            f"lateness and gaps of one stream {clock}",
            (seen["streams"], seen["events"], seen["errors"]["total"]) == (10, 50, 0)
            and abs(seen["late_us"]["p90"] - 7300) < 2000
            and seen["late_us"]["p50"] < 2000
            and abs(seen["gap_us"]["p50"] - 50000) < 2000
            and 56000 < seen["gap_us"]["max"] < 75000,
            seen,
        )
        seen = self.run(port, "-c", 20, "-n", 60, "--ramp", 0.1, "--sched-from", "request", *schedule)
        self.check(
            f"lateness from the request, 20 streams at once {clock}",
            (seen["streams"], seen["events"]) == (60, 300) and abs(seen["late_us"]["p90"] - 7500) < 1500,
            seen,
        )
        seen = self.run(port, "-c", 5, "-n", 10, "--new-conn", "--expect", 4, *clock)
        self.check(f"another number of events is an error {clock}", seen["errors"]["event_count"] == 10, seen)

    def check_framings(self):
        for name, answer, events in (("length", by_length, 1000), ("close", until_close, 1000), ("bytes", bytewise, 3)):
            seen = self.run(serve(answer), "-c", 3, "-n", 30, "--expect", events)
            self.check(f"framing by {name}", (seen["events"], seen["errors"]["total"]) == (30 * events, 0), seen)

    def check_errors(self):
        seen = self.run(serve(truncated), "-c", 1, "-n", 5)
        self.check("a truncated stream is an error", seen["errors"]["io"] == 5, seen)
        seen = self.run(serve(refused), "-c", 1, "-n", 5)
        self.check(
            "status 500 is an error", (seen["errors"]["http"], seen["errors"]["first_bad_status"]) == (5, 500), seen
        )
        seen = self.run(1, "-c", 2, "-n", 4)
        self.check("a refused connection is an error", seen["errors"]["connect"] == 4, seen)


def main():
    building.c_tools()
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(pathlib.Path(folder))
        checks.check_times()
        checks.check_times("--kernel-ts")
        checks.check_framings()
        checks.check_errors()
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
