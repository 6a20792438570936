"""The measurements of time: how true a recording is, and how punctual a replay."""

import base64
import bisect
import gzip
import itertools
import json
import subprocess

import gen
from building import TOOLS
from processes import deck, limit, printing_port, ssebench
from report import Row, median, quantile

RECORDINGS = 3
ROUNDS = 3
STREAMS = 100


def gaps(tapedeck, folder):
    """The gaps between recorded chunks, held against the kernel's times of the same bytes."""
    gen.make(folder)
    arrived, handed_on = [], []
    for number in range(RECORDINGS):
        stamps = record_through_relay(tapedeck, folder, number)
        recorded = recorded_times(folder / f"recorded{number}.tape")
        segments = [segment_of(place, stamps) for place in chunk_places(folder / f"raw{number}", recorded)]
        arrived += gap_errors([at for _, at in recorded], [s[0] for s in segments])
        handed_on += gap_errors([at for _, at in recorded], [s[3] for s in segments])
    p50, p99 = (quantile(arrived, share) / 1e6 for share in (0.5, 0.99))
    own = quantile(handed_on, 0.99) / 1e6
    return [
        Row(
            f"recorded gaps, error, {len(arrived)} gaps",
            f"p50 {p50:.3f} ms, p99 {p99:.3f} ms (against the time handed on: p99 {own:.3f} ms)",
            "p99 <= 1 ms",
            p99 <= 1,
        )
    ]


def record_through_relay(tapedeck, folder, number):
    """Records one timed stream through the relay; its log: (ns, offset, length, handed on ns)."""
    log, raw = folder / f"relay{number}.log", folder / f"raw{number}"
    target = folder / f"recorded{number}.tape"
    target.unlink(missing_ok=True)
    with (
        limit(folder / "stream.sse", "timed", folder / "sched.txt") as (_, upstream),
        printing_port([TOOLS / "relay", upstream, log, "--dump", raw]) as (relay, port),
    ):
        command = [
            tapedeck,
            "record",
            f"http://127.0.0.1:{port}/v1/messages",
            "-X",
            "POST",
            "-H",
            "content-type: application/json",
            "-d",
            f"@{folder / 'body.json'}",
            "-o",
            target,
        ]
        subprocess.run([str(part) for part in command], check=True, timeout=60, stdout=subprocess.DEVNULL)
        relay.wait(timeout=30)
    return [tuple(map(int, line.split())) for line in log.read_text().splitlines()]


def recorded_times(cassette):
    """(bytes, ns) of each recorded chunk; the times are sums of intervals."""
    at_us, chunks = 0, []
    for line in gzip.decompress(cassette.read_bytes()).splitlines():
        line = json.loads(line)
        if not isinstance(line, list):
            continue
        at_us += line[0]
        if line[1] in "db":
            data = line[2].encode() if line[1] == "d" else base64.b64decode(line[2])
            chunks.append((data, at_us * 1000))
    return chunks


def chunk_places(raw, recorded):
    """Where the last byte of each recorded chunk stood in the chunked answer as it was sent."""
    answer = raw.read_bytes()
    place = answer.index(b"\r\n\r\n") + 4
    places, body = [], bytearray()
    while (end := answer.index(b"\r\n", place)) and (size := int(answer[place:end], 16)):
        body += answer[end + 2 : end + 2 + size]
        places += range(end + 2, end + 2 + size)
        place = end + 2 + size + 2
    if bytes(body) != b"".join(data for data, _ in recorded):
        raise ValueError("the cassette does not hold the bytes that were sent")
    ends, total = [], 0
    for data, _ in recorded:
        total += len(data)
        ends.append(places[total - 1])
    return ends


def segment_of(place, stamps):
    """The received segment that holds a byte."""
    return stamps[bisect.bisect_right([offset for _, offset, _, _ in stamps], place) - 1]


def gap_errors(recorded, stamps):
    """How far each recorded gap is from the one it stands for, in ns."""
    pairs = zip(itertools.pairwise(recorded), itertools.pairwise(stamps), strict=False)
    return [abs((b - a) - (d - c)) for (a, b), (c, d) in pairs]


def lateness(tapedeck, folder):
    """The deck and the least a server can do, in turn, on the same schedule."""
    count = len(gen.make(folder))
    seen = {"deck": [], "limit": []}
    for _ in range(ROUNDS):
        with limit(folder / "stream.sse", "timed", folder / "sched.txt") as (server, port):
            seen["limit"].append(load(server, port, folder, count))
        with deck(tapedeck, folder / "stream.tape") as (server, port):
            seen["deck"].append(load(server, port, folder, count))
    errors = sum(run["errors"]["total"] + run["abandoned"] for run in seen["deck"])
    early = sum(run["early_over_1ms"] for run in seen["deck"])
    earliest = min(run["earliest_us"] for run in seen["deck"])
    p99 = median([run["late_us"]["p99"] for run in seen["deck"]]) / 1000
    rows = [
        Row(f"replay, {STREAMS} streams x 20 ms, errors", f"{errors}", "0", errors == 0),
        Row(
            "replay, earliest event", f"{earliest:.1f} us (more than 1 ms early: {early})", "never early", earliest >= 0
        ),
        Row(f"replay, lateness p99, median of {ROUNDS} runs", f"{p99:.2f} ms", "< 2 ms", p99 < 2),
    ]
    return rows + [
        ratio(seen, name, read)
        for name, read in (
            ("lateness p50", lambda run: run["late_us"]["p50"] / 1000),
            ("lateness p99", lambda run: run["late_us"]["p99"] / 1000),
            ("CPU us/event", lambda run: run["server"]["cpu_us_per_event"]),
            ("memory KiB/stream", lambda run: run["server"]["rss_per_stream_kb"]),
        )
    ]


def load(server, port, folder, count):
    return ssebench(
        port,
        folder,
        "-c",
        STREAMS,
        "-n",
        STREAMS * 3 // 2,
        "--ramp",
        2,
        "--sched",
        folder / "sched.txt",
        "--sched-from",
        "request",
        "--kernel-ts",
        "--expect",
        count,
        "--pid",
        server.pid,
    )


def ratio(seen, name, read):
    ours, least = (median([read(run) for run in seen[who]]) for who in ("deck", "limit"))
    share = f"{ours / least:.2f}" if least else "-"
    return Row(f"{name}, deck / limit", f"{share} ({ours:.2f} of {least:.2f})")
