"""Whether large requests and long recordings cost the streams beside them their time."""

import concurrent.futures
import contextlib
import http.client
import json
import threading
import time

import gen
from live import STREAMS
from processes import deck, ssebench
from report import Row, median, quantile

ROUNDS = 5
PER_S = 20
LOAD_S = 5
LONG_EVENTS = 20_000
LATE_MS = 20
RATIO = 2
INSTANT = "/~pace=instant/v1/messages"
LONG = "/v1/long"


def large(tapedeck, folder):
    """The lateness of timed streams, and how soon health comes, beside what costs time in proportion."""
    count = len(gen.make(folder))
    cassette = folder / "large.tape"
    block = "".join(gen.block("tick", {"n": number}) for number in range(LONG_EVENTS))
    cassette.write_text(
        (folder / "stream.tape").read_text() + gen.exchange([block], 0, 1).replace("/v1/messages", LONG)
    )
    beside = {
        "1 KB x 20/s": lambda port: post_steadily(port, body(1 << 10)),
        "1 MB x 20/s": lambda port: post_steadily(port, body(1 << 20)),
        "one POST of 30 MB": lambda port: post_once(port, body(30 << 20)),
        f"plans of {LONG_EVENTS} events": compile_plans,
    }
    seen = {name: [] for name in beside}
    for _ in range(ROUNDS):
        for name, work in beside.items():
            with deck(tapedeck, cassette) as (_, port):
                seen[name].append(load(port, folder, count, work))
    return rows(seen)


def rows(seen):
    errors = sum(run["errors"]["total"] + run["abandoned"] for runs in seen.values() for run, _ in runs)
    found = [
        Row(
            f"{STREAMS} streams beside large requests, errors in {len(seen) * ROUNDS} runs",
            f"{errors}",
            "0",
            errors == 0,
        )
    ]
    small, heavy, *singles = seen
    p99 = {name: [run["late_us"]["p99"] / 1000 for run, _ in seen[name]] for name in (small, heavy)}
    ratios = sorted(b / a for a, b in zip(p99[small], p99[heavy], strict=True))
    ratio = median(ratios)
    spread = f"{ratio:.2f}, {ratios[0]:.2f} to {ratios[-1]:.2f}"
    found.append(
        Row(
            f"lateness p99, beside {heavy} / {small}",
            f"{spread} ({median(p99[heavy]):.2f} of {median(p99[small]):.2f} ms)",
            f"<= {RATIO}",
            ratio <= RATIO,
        )
    )
    for name in singles:
        worst = median([run["late_us"]["max"] / 1000 for run, _ in seen[name]])
        found.append(Row(f"latest event, beside {name}", f"{worst:.2f} ms", f"<= {LATE_MS} ms", worst <= LATE_MS))
    for name, runs in seen.items():
        p99_ms = median([quantile(health, 0.99) * 1000 for _, health in runs])
        found.append(Row(f"/~/health p99, beside {name}", f"{p99_ms:.2f} ms", f"<= {LATE_MS} ms", p99_ms <= LATE_MS))
    return found


def load(port, folder, count, work):
    """What the streams saw, and how long health took, while something else went on."""
    health, over = [], threading.Event()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        asked = pool.submit(ask_health, port, health, over)
        busy = pool.submit(work, port)
        try:
            run = ssebench(
                port,
                folder,
                "-c",
                STREAMS,
                "-n",
                STREAMS,
                "--ramp",
                1,
                "--sched",
                folder / "sched.txt",
                "--sched-from",
                "request",
                "--kernel-ts",
                "--expect",
                count,
            )
            busy.result()
        finally:
            over.set()
        asked.result()
    return run, health


def ask_health(port, seconds, over):
    with connected(port) as connection:
        while not over.wait(0.02):
            start = time.perf_counter()
            answer(connection, "GET", "/~/health")
            seconds.append(time.perf_counter() - start)


def body(size):
    """A request of about so many bytes."""
    words = " ".join(gen.WORDS)
    content = (words * (size // len(words) + 1))[: max(1, size - 100)]
    turns = [{"role": "user", "content": content[i : i + 4000]} for i in range(0, len(content), 4000)]
    return json.dumps({"model": gen.MODEL, "stream": True, "messages": turns}).encode()


def post_steadily(port, data):
    with connected(port) as connection:
        start = time.perf_counter()
        for number in range(PER_S * LOAD_S):
            time.sleep(max(0, start + number / PER_S - time.perf_counter()))
            answer(connection, "POST", INSTANT, data)


def post_once(port, data):
    time.sleep(2)  # all streams are under way
    with connected(port) as connection:
        answer(connection, "POST", INSTANT, data)


def compile_plans(port):
    """Asks for plans that nobody has asked for: each pace is one."""
    time.sleep(2)
    for gap_ms in range(1, 6):
        with connected(port) as connection:
            connection.request("POST", f"/~pace=gap:{gap_ms}ms{LONG}", b"{}")
            connection.getresponse().read(1)


@contextlib.contextmanager
def connected(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        yield connection


def answer(connection, method, path, data=None):
    connection.request(method, path, data)
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} was answered with {response.status}")
