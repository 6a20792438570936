"""What the servers are asked for: so many streams at a time, each event so long after the one before."""

import dataclasses
import resource

import gen
from processes import ssebench

CLIENT_LATE_MS = 10  # a client later than this is part of what it measures
SPARE_DESCRIPTORS = 256


@dataclasses.dataclass(frozen=True)
class Play:
    """What a server plays: the stream of `folder`, an event every `gap_ms`; 0 is as fast as it can."""

    folder: object
    gap_ms: float
    events: int

    @classmethod
    def made(cls, folder, gap_ms):
        blocks = gen.make(folder, round(gap_ms * 1000))
        return cls(folder, gap_ms, len(blocks))


@dataclasses.dataclass(frozen=True)
class Timed:
    """So many streams, opened one after another within `ramp_s`; what is not whole after `limit_s` is lost."""

    name: str
    streams: int
    gap_ms: float
    ramp_s: float
    limit_s: float
    smaller: tuple = ()  # what a server must be in pace with to be asked for this

    def run(self, server, process, port, play):
        """What the load client saw of one server."""
        schedule = play.folder / f"{server.name}.offsets"
        offsets = server.offsets_us(play)
        schedule.write_text("".join(f"{offset}\n" for offset in offsets))
        seen = ssebench(
            port,
            play.folder,
            *server.request(play),
            "-c",
            self.streams,
            "-n",
            self.streams,
            "--ramp",
            self.ramp_s,
            "--sched",
            schedule,
            "--sched-from",
            "request",
            "--kernel-ts",
            "--expect",
            len(offsets),
            "--pid",
            process.pid,
            max_time_s=self.limit_s,
        )
        if not seen["events"]:
            raise RuntimeError(f"no event came, errors: {seen['errors']}")
        late = seen["late_us"]
        return {
            "streams": self.streams,
            "lost": self.streams - seen["streams"] + seen["errors"]["event_count"],
            **{key: late[key] / 1000 for key in ("p50", "p99", "p999", "max")},
            "early": seen["early"],
            "earliest_us": seen["earliest_us"],
            "cpu_us": seen["server"]["cpu_us_per_event"],
            "stream_kib": seen["server"]["rss_per_stream_kb"],
            "all_mib": seen["server"]["rss_peak_kb"] / 1024,
            "lag": seen["client_lag_us"]["p99"] / 1000,
        }

    def impossible(self):
        """Why no server can be asked for this here, or None."""
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if most < self.streams + SPARE_DESCRIPTORS:
            return f"needs {self.streams + SPARE_DESCRIPTORS:,} descriptors, and `ulimit -Hn` is {most:,}"
        return None


@dataclasses.dataclass(frozen=True)
class Untimed:
    """So many connections that are kept, each asking for the next stream when it has one whole, for `seconds`."""

    name: str
    streams: int
    seconds: float
    gap_ms: float = 0
    smaller: tuple = ()

    def run(self, server, process, port, play):
        """What the load client saw of one server."""
        seen = ssebench(
            port,
            play.folder,
            *server.request(play),
            "-c",
            self.streams,
            "-d",
            self.seconds,
            "--pid",
            process.pid,
            max_time_s=self.seconds + 5,
        )
        if seen["errors"]["total"] or not seen["streams"]:
            raise RuntimeError(f"{seen['streams']} streams, errors: {seen['errors']}")
        return {
            "per_s": seen["streams_per_s"],
            "cpu_us": seen["server"]["cpu_us_per_stream"],
            "client_cores": seen["client_cpu_s"] / seen["seconds"],
        }

    def impossible(self):
        return None


HUNDRED = Timed("100 streams x 20 ms", 100, 20, ramp_s=2, limit_s=16)
THOUSAND = Timed("1,000 streams x 20 ms", 1000, 20, ramp_s=2, limit_s=16, smaller=(HUNDRED.name,))
TWO_THOUSAND = Timed(
    "2,000 streams x 20 ms", 2000, 20, ramp_s=2, limit_s=16, smaller=(*THOUSAND.smaller, THOUSAND.name)
)
TEN_THOUSAND = Timed("10,000 streams x 100 ms", 10_000, 100, ramp_s=6, limit_s=40, smaller=TWO_THOUSAND.smaller)
OVERLOAD = Timed("10,000 streams x 20 ms", 10_000, 20, ramp_s=2, limit_s=24, smaller=TWO_THOUSAND.smaller)
TIMED = [HUNDRED, THOUSAND, TWO_THOUSAND, TEN_THOUSAND, OVERLOAD]
UNTIMED = Untimed("as fast as they can, 16 connections", 16, seconds=2)
# A second or so each: shows that everything runs, and measures nothing.
QUICK_TIMED = [Timed("10 streams x 2 ms", 10, 2, ramp_s=0.1, limit_s=5)]
QUICK_UNTIMED = Untimed("as fast as they can, 2 connections", 2, seconds=0.2)
