"""Runs `tapedeck load`, and holds what it reports against what a server of known times did."""

import contextlib
import gzip
import json
import math
import subprocess
import sys

from conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))

from known import gaps_us as gaps_us
from known import known
from known import ttfb_us as ttfb_us
from known import ttft_us as ttft_us
from waiting import targets, until

WITHIN_S = 40
POST = ["-X", "POST", "-H", "content-type: application/json", "-d", '{"model":"known","stream":true}']


class Loaded:
    """What one run said."""

    def __init__(self, code, out, said):
        self.code = code
        self.out = out
        self.said = said

    @property
    def report(self):
        return json.loads(self.out)


def load(tapedeck, *arguments, **options):
    """Runs `tapedeck load` to its end."""
    command = [tapedeck, "load", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False, **options)
    return Loaded(done.returncode, done.stdout, done.stderr)


def load_json(tapedeck, *arguments, **options):
    """Runs it to a good end; gives the report as JSON."""
    done = load(tapedeck, *arguments, "--json", **options)
    assert done.code == 0, done.said
    return done.report


@contextlib.contextmanager
def started(tapedeck, *arguments):
    """A run under way, which is ended with the block."""
    command = [tapedeck, "load", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@contextlib.contextmanager
def server(folder, streams, *options):
    """A server of known times in a folder of its own."""
    folder.mkdir(exist_ok=True)
    with known(folder, streams, *options) as made:
        yield made


def until_it_asks(process):
    """Waits until a run has a connection."""
    place = f"/proc/{process.pid}/fd"
    until(lambda: any(target.startswith("socket:") for _, target in targets(place)))


def quantile(values, share):
    """The smallest value that so large a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def records(path):
    """The lines of a file of one stream a line."""
    data = path.read_bytes()
    text = gzip.decompress(data) if path.suffix == ".gz" else data
    return [json.loads(line) for line in text.splitlines()]


def words(count):
    """A message of so many words in the form of chat completions, each of them another."""
    frame = '{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,'
    said = [f'data: {frame}"delta":{{"content":"w{n} "}},"finish_reason":null}}]}}\n\n' for n in range(count)]
    return [*said, f'data: {frame}"delta":{{}},"finish_reason":"stop"}}]}}\n\n', "data: [DONE]\n\n"]
