"""The measurements that need one program and no server: grammar, dialects, reader, start-up, size."""

import gzip
import json
import pathlib
import re
import subprocess
import tempfile
import time
import zlib

import gen
from building import ROOT
from processes import running, wait_for
from report import Row, median

STARTS = 20
READER_BYTES = 64 << 20
ACCUMULATING_RATIO = 0.5
DIRECTIVE_US = 20
PLAN_US = 1000
PATTERN_NS = 300
LIMITS_NS = 2000
TENFOLD_GROWTH = 12  # ten, and what it costs to touch new memory instead of used


def last_json(command):
    """Runs a benchmark of the Swift executable; its last line is JSON."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def grammar(benchmarks, folder):
    """The parser's throughput over that of memchr, on the same bytes, in turn."""
    seen = last_json([benchmarks, "grammar"])
    return [
        Row(
            "grammar, parser / memchr",
            f"{seen['ratio']:.3f} ({seen['parser_mb_per_s']:.0f} of {seen['memchr_mb_per_s']:.0f} MB/s)",
        )
    ]


def dialects(benchmarks, folder):
    """For each dialect: accumulating beside parsing the same JSON, and a million events beside a tenth of them."""
    rows = []
    for seen in last_json([benchmarks, "dialects"]):
        ratio, growth = seen["ratio"], seen["growth"]
        rows.append(
            Row(
                f"{seen['dialect']}, accumulating / parsing",
                f"{ratio:.2f} ({seen['accumulate_mb_per_s']:.0f} of {seen['parse_mb_per_s']:.0f} MB/s)",
                f">= {ACCUMULATING_RATIO}",
                ratio >= ACCUMULATING_RATIO,
            )
        )
        rows.append(
            Row(
                f"{seen['dialect']}, 1,000,000 / 100,000 events",
                f"{growth:.2f}",
                f"<= {TENFOLD_GROWTH}",
                growth <= TENFOLD_GROWTH,
            )
        )
    return rows


def reader(benchmarks, folder):
    """Inflated megabytes a second that one core reads from a cassette."""
    cassette = folder / "large.tape"
    text = gen.exchange(gen.stream(texts=20_000), 20_000)
    parts = [gzip.compress(gen.HEADER.encode(), 9, mtime=0)]
    parts += [gzip.compress(text.encode(), 9, mtime=0)] * max(1, READER_BYTES // len(text))
    cassette.write_bytes(b"".join(parts))
    data = cassette.read_bytes()
    size = sum(len(text) for _, text in members(data))
    ours = size / 1e6 / last_json([benchmarks, "reader", cassette])["seconds"]
    alone = size / 1e6 / median([inflate_seconds(data) for _ in range(3)])
    return [
        Row("reading a cassette, inflated", f"{ours:.0f} MB/s"),
        Row("reading / inflating alone", f"{ours / alone:.2f} (zlib {alone:.0f} MB/s)"),
    ]


def faults(benchmarks, folder):
    """The slowest directive to parse and the slowest plan to compile, of a table of each, on 206 events."""
    gen.make(folder)
    seen = last_json([benchmarks, "faults", folder / "stream.tape"])
    parse_us, plan_us = seen["parse_us"], seen["plan_us"]
    return [
        Row("a directive, parsed", f"{parse_us:.1f} us", f"< {DIRECTIVE_US} us", parse_us < DIRECTIVE_US),
        Row(
            "a plan of 206 events, compiled",
            f"{plan_us:.0f} us ({seen['slowest_plan']})",
            f"< {PLAN_US} us",
            plan_us < PLAN_US,
        ),
    ]


def patterns(benchmarks, folder):
    """The dearest of a table of patterns to redact, of which many cost a search by trial minutes."""
    seen = last_json([benchmarks, "patterns"])
    dearest = max(seen)
    return [
        Row(
            f"a pattern to redact, the dearest of {len(seen)}",
            f"{dearest:.0f} ns a byte",
            f"<= {PATTERN_NS} ns",
            dearest <= PATTERN_NS,
        )
    ]


def limits(benchmarks, folder):
    """What four limits of a provider cost a request: asking, Anthropic's twelve headers, and settling."""
    seen = last_json([benchmarks, "limits"])
    return [
        Row(
            "limits of a provider, a request",
            f"{seen['all_ns']} ns ({seen['requests_ns']} ns with one limit)",
            f"<= {LIMITS_NS} ns",
            seen["all_ns"] <= LIMITS_NS,
        )
    ]


def inflate_seconds(data):
    """What zlib alone takes for the same file."""
    start = time.perf_counter()
    for _ in members(data):
        pass
    return time.perf_counter() - start


def members(data):
    """Each gzip member of a file: its bytes, and what they inflate to."""
    while data:
        inflater = zlib.decompressobj(wbits=31)
        text = inflater.decompress(data)
        if not inflater.eof:
            raise ValueError("the last gzip member is cut short")
        rest = inflater.unused_data
        yield data[: len(data) - len(rest)], text
        data = rest


def startup(tapedeck, folder):
    """From exec to the port file, and the same for a program that does nothing."""
    gen.make(folder)
    times, nothing = [], []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as place:
            port_file = pathlib.Path(place) / "port"
            command = [tapedeck, "serve", folder / "stream.tape", "--port", "0", "--port-file", port_file]
            start = time.perf_counter()
            with running(command, stdout=subprocess.DEVNULL) as process:
                wait_for(port_file, process)
                times.append(time.perf_counter() - start)
        start = time.perf_counter()
        subprocess.run(["true"], check=True)
        nothing.append(time.perf_counter() - start)
    took = median(times) * 1000
    return [
        Row(
            "start-up, exec to port file",
            f"{took:.1f} ms (`true`: {median(nothing) * 1000:.1f} ms)",
            "< 30 ms",
            took < 30,
        )
    ]


def events(text):
    """How many blank lines the chunks of an exchange's lines hold together."""
    lines = (json.loads(line) for line in text.splitlines())
    body = "".join(line[2] for line in lines if isinstance(line, list) and line[1] == "d")
    return len(re.findall(r"\r\n\r\n|\n\n|\r\r", body))


def size(_, folder):
    """Each exchange's gzip member beside what `gzip -9` makes of the same lines."""
    ratios = []
    for cassette in sorted((ROOT / "cassettes").rglob("*.tape")):
        data = cassette.read_bytes()
        if data[:2] != b"\x1f\x8b":
            continue
        for member, text in list(members(data))[1:]:
            if events(text) < 20:
                continue
            packed = subprocess.run(["gzip", "-9nc"], input=text, capture_output=True, check=True, timeout=60)
            ratios.append((len(member) / len(packed.stdout), str(cassette.relative_to(ROOT))))
    if not ratios:
        return [Row("member / gzip -9", "no cassette with 20 events in cassettes/", "<= 1.05", False)]
    worst, name = max(ratios)
    return [
        Row(
            f"member / gzip -9, {len(ratios)} exchanges",
            f"median {median([r for r, _ in ratios]):.4f}, worst {worst:.4f} ({name})",
            "<= 1.05",
            worst <= 1.05,
        )
    ]
