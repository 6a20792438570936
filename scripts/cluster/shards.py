"""A load split over several processes: each has a part of the same schedule, and their reports add up."""

import json
import subprocess
from contextlib import ExitStack, contextmanager

from cluster.fleet import WITHIN_S, child

COUNT = 4


class Shards:
    """Processes that load, each with a file for its report."""

    def __init__(self, tapedeck, processes):
        self.tapedeck = tapedeck
        self.processes = processes
        """By their files."""

    def merged(self):
        """Waits for all, and gives their reports as one."""
        for file, process in self.processes.items():
            if process.wait(timeout=WITHIN_S) != 0:
                raise RuntimeError(f"{process.args} ended: {file.with_suffix('.err').read_text()}")
        words = [self.tapedeck, "load", "--merge", *self.processes, "--json"]
        done = subprocess.run(words, capture_output=True, check=True, timeout=WITHIN_S)
        return json.loads(done.stdout)


@contextmanager
def running(tapedeck, folder, base, cassette, *, rate, count):
    """Runs the shards until the block ends.

    Each stream has a connection of its own. Where a deck dies in front of an answer, HAProxy closes one that was used
    before without an answer and without a line in its log.
    """
    schedule = ["--arrivals", f"constant:{rate}/s", "--count", count, "--seed", 1, "--no-keep-alive", "--json"]
    with ExitStack() as stack:
        processes = {}
        for number in range(1, COUNT + 1):
            file = folder / f"part{number}.json"
            words = [tapedeck, "load", base, cassette, *schedule, "--shard", f"{number}/{COUNT}"]
            processes[file] = stack.enter_context(child(words, file))
        yield Shards(tapedeck, processes)
