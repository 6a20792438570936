"""The server of known times writes down what it did, and that is what the kernel saw come."""

import itertools
import sys

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))

import building
from known import gaps_us, known, ttfb_us
from loading import quantile
from processes import ssebench

# It measures time, and is run with nothing beside it.
pytestmark = pytest.mark.alone

STREAMS = [[60_000, *[15_000] * 12, 90_000, *[15_000] * 6], [20_000, *[5000] * 30]]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What a client in C measured by the kernel's times of receipt, and what the server noted."""
    folder = tmp_path_factory.mktemp("known")
    (folder / "body.json").write_text("{}")
    building.c_tool("ssebench")
    with known(folder, STREAMS) as server:
        said = ssebench(server.port, folder, "-c", 20, "-n", 40, "--ramp", 0.5, "--kernel-ts")
    return said, server.streams


def test_its_record_is_what_the_kernel_received(seen):
    said, streams = seen
    assert said["errors"]["total"] == 0
    assert said["events"] == sum(len(stream["sent_us"]) for stream in streams)
    for name, true in (("gap_us", gaps_us(streams)), ("ttfb_us", ttfb_us(streams))):
        for share, figure in ((0.5, "p50"), (0.99, "p99")):
            # Where a client is late it takes several events for one.
            assert abs(said[name][figure] - quantile(true, share)) < max(1500, 0.02 * quantile(true, share))


def test_it_plays_what_it_was_told_and_is_never_early(seen):
    _, streams = seen
    late = []
    for stream in streams:
        wanted = STREAMS[(stream["stream"] - 1) % 2]
        assert stream["content"] == [1, 1 + len(wanted)]
        due = [0, *itertools.accumulate([*wanted, *[wanted[-1]] * 3])]
        late += [at - stream["arrived_us"] - due_us for at, due_us in zip(stream["sent_us"], due, strict=True)]
    # The kernel's time of the request comes by another clock, which is read at some distance from this one.
    assert min(late) > -200
    assert quantile(late, 0.5) < 10_000
