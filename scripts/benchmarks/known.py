"""What the server of known times did, and what a client should have seen of it."""

import contextlib
import itertools
import json

from building import c_tool
from processes import printing_port


class Known:
    """A server of known times: its port while it runs, and what it sent and when once it has ended."""

    def __init__(self, port, record):
        self.port = port
        self._record = record

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1/chat/completions"

    @property
    def streams(self):
        """A dictionary for each request that came, by when it came."""
        lines = self._record.read_text().splitlines()
        return sorted(map(json.loads, lines), key=lambda stream: stream["arrived_us"])


@contextlib.contextmanager
def known(folder, streams, *options):
    """Serves streams, each a list of microseconds: from the request to the first content, then each gap."""
    times, record = folder / "known.times", folder / "known.record"
    times.write_text("".join(" ".join(map(str, stream)) + "\n" for stream in streams))
    with printing_port([c_tool("known_times"), times, record, *options]) as (_, port):
        server = Known(port, record)
        yield server
    # What is left of the block is not wanted where the server could not write what it did.
    if not record.exists():
        raise RuntimeError("the server of known times wrote no record")


def ttft_us(streams):
    """From the request's arrival to the first content, of each stream that had some."""
    return [
        stream["sent_us"][stream["content"][0]] - stream["arrived_us"]
        for stream in streams
        if len(stream["sent_us"]) > stream["content"][0]
    ]


def ttfb_us(streams):
    """From the request's arrival to the first byte, of each stream that was begun."""
    return [stream["sent_us"][0] - stream["arrived_us"] for stream in streams if stream["sent_us"]]


def gaps_us(streams):
    """All times between two events of a stream."""
    return [b - a for stream in streams for a, b in itertools.pairwise(stream["sent_us"])]
