"""What the deck adds to a live stream that passes through it, and what many recordings at once cost."""

import contextlib
import json
import pathlib
import tempfile

import beside
import gen
from measures import members
from processes import limit, running, ssebench, wait_for
from report import Row, median

ROUNDS = 5
STREAMS = 100
RECORDINGS = 1000
P50_MS, P99_MS = 0.2, 1
# In 2 s, one stream would begin each 20 ms, and all would send at the same moments ever after: then the wait is
# that for the others' sends. So they begin a little further apart, and their chunks come one after the other.
SPREAD_S = 2.018
# All send at the same moments, so that a chunk also waits for those of the streams before it.
IN_STEP_S = 2.0
IN_STEP_P50_MS, IN_STEP_P99_MS = 0.3, 2
BYTES_EACH = 32 << 10


def relay(tapedeck, folder):
    """How long chunks are on their way, directly and through the deck, in turn; then 1,000 recordings at once."""
    beside.raise_descriptor_limit()
    count = len(gen.make(folder))
    stamp(folder / "stream.sse")
    seen = {"direct": [], "passthrough": [], "record": []}
    with limit(folder / "stream.sse", "timed", folder / "sched.txt") as (_, upstream):
        for _ in range(ROUNDS):
            seen["direct"].append(load(upstream, folder, count, STREAMS, SPREAD_S))
            for mode in ("passthrough", "record"):
                with recording_deck(tapedeck, upstream, mode) as (_, port, _):
                    seen[mode].append(load(port, folder, count, STREAMS, SPREAD_S))
        rows = [
            row(seen, mode, share, goal)
            for mode in ("passthrough", "record")
            for share, goal in (("p50", P50_MS), ("p99", P99_MS))
        ]
        rows += in_step(tapedeck, upstream, folder, count)
        return rows + recordings(tapedeck, upstream, folder, count)


def in_step(tapedeck, upstream, folder, count):
    """The same in mode record, where all streams send at the same moments."""
    seen = {"direct": [], "record": []}
    for _ in range(ROUNDS):
        seen["direct"].append(load(upstream, folder, count, STREAMS, IN_STEP_S))
        with recording_deck(tapedeck, upstream, "record") as (_, port, _):
            seen["record"].append(load(port, folder, count, STREAMS, IN_STEP_S))
    return [
        row(seen, "record", share, goal, " in step")
        for share, goal in (("p50", IN_STEP_P50_MS), ("p99", IN_STEP_P99_MS))
    ]


def stamp(stream):
    """Lets each text say when it is sent, so that its way is measured whatever was before it."""
    text = stream.read_text().replace('"delta":{', '"ns":"' + "0" * 19 + '","delta":{')
    stream.write_text(text)


@contextlib.contextmanager
def recording_deck(tapedeck, upstream, mode):
    """A deck in front of an upstream: the process, the port, and the cassette."""
    with tempfile.TemporaryDirectory() as place:
        port_file, cassette = pathlib.Path(place) / "port", pathlib.Path(place) / "t.tape"
        command = [
            tapedeck,
            "serve",
            "--mode",
            mode,
            "--upstream",
            f"http://127.0.0.1:{upstream}",
            "--port",
            0,
            "--port-file",
            port_file,
            *([] if mode == "passthrough" else ["--record-to", cassette]),
        ]
        with open("/dev/null", "w") as nothing, running(command, stdout=nothing) as process:
            wait_for(port_file, process)
            yield process, int(port_file.read_text()), cassette


def load(port, folder, count, streams, ramp_s=2):
    """What the streams' client saw, each event by the kernel's receive time stamp."""
    seen = ssebench(
        port,
        folder,
        "-c",
        streams,
        "-n",
        streams,
        "--ramp",
        ramp_s,
        "--sched",
        folder / "sched.txt",
        "--sched-from",
        "request",
        "--kernel-ts",
        "--expect",
        count,
    )
    if seen["errors"]["total"] or seen["abandoned"]:
        raise RuntimeError(f"streams were not whole: {seen['errors']}")
    return seen


def row(seen, mode, share, goal, how=""):
    """The median over the rounds: how much longer a chunk is on its way than in the same round without a deck."""

    def read(run):
        return run["way_us"][share] / 1000

    added = median([read(ours) - read(direct) for ours, direct in zip(seen[mode], seen["direct"], strict=True)])
    value = f"{added:.3f} ms ({median([*map(read, seen[mode])]):.3f} of {median([*map(read, seen['direct'])]):.3f})"
    return Row(f"added to a chunk, {mode}, {STREAMS} streams{how}, {share}", value, f"< {goal} ms", added < goal)


def recordings(tapedeck, upstream, folder, count):
    """Many recordings at once: whether all are whole, and the memory beyond the bytes that are kept."""
    with recording_deck(tapedeck, upstream, "record") as (process, port, cassette):
        before = rss(process)
        load(port, folder, count, RECORDINGS)
        peak = rss(process, "VmHWM")
        process.terminate()
        process.wait(timeout=60)
        whole, kept = bodies(cassette)
    each = (peak - before - kept) / RECORDINGS
    return [
        Row(f"{RECORDINGS} recordings at once, whole", f"{whole}", f"{RECORDINGS}", whole == RECORDINGS),
        Row(
            "memory each, beyond the bytes kept",
            f"{each / 1024:.1f} KiB",
            f"< {BYTES_EACH >> 10} KiB",
            each < BYTES_EACH,
        ),
    ]


def rss(process, which="VmRSS"):
    """What a process holds in memory now, or held at most."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split(f"{which}:")[1].split()[0]) * 1024


def bodies(cassette):
    """How many exchanges ended well, and the bytes of all bodies."""
    whole = kept = 0
    for _, text in members(cassette.read_bytes()):
        for line in map(json.loads, text.splitlines()):
            if not isinstance(line, list):
                continue
            kept += len(line[2].encode()) if line[1] == "d" else 0
            whole += line[1] == "e" and line[2]["how"] == "complete"
    return whole, kept
