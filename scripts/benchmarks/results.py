"""What a comparison saw, kept as JSON between runs."""

import dataclasses
import json

from report import median

REFERENCE = "limit"
OURS = "tapedeck"
OUT_OF_PACE_MS = 500


@dataclasses.dataclass
class Results:
    """What every round of every load saw of every server, or why it saw nothing.

    `runs[load][server]` has a dictionary of figures for each round; `why[load][server]` says why there is none;
    `servers` are rows of name, version and what it is, in the order of the tables.
    """

    machine: dict
    servers: list = dataclasses.field(default_factory=list)
    runs: dict = dataclasses.field(default_factory=dict)
    why: dict = dataclasses.field(default_factory=dict)

    def missing(self, load, server):
        """Why there is nothing of a server at a load, or None."""
        why = self.why.get(load, {}).get(server)
        return why or (None if self.runs.get(load, {}).get(server) else "not measured")

    def figure(self, load, server, key, reduce=median):
        """A server's figure, by default the median of the rounds; None where there is none."""
        values = [run[key] for run in self.runs.get(load, {}).get(server, [])]
        return reduce(values) if values else None

    def ratio(self, load, server, key):
        """The median of the rounds' ratios to the reference: what one round suffers, both sides do."""
        runs = self.runs.get(load, {})
        pairs = zip(runs.get(server, []), runs.get(REFERENCE, []), strict=False)
        ratios = [theirs[key] / least[key] for theirs, least in pairs if least[key]]
        return median(ratios) if ratios else None

    def out_of_pace(self, server, loads):
        """Why one of the others is not asked for more than it could not do at one of these loads, or None."""
        for load in loads if server not in (OURS, REFERENCE) else []:
            if self.figure(load, server, "lost", sum) or (self.figure(load, server, "p99") or 0) > OUT_OF_PACE_MS:
                return f"not run: out of pace at {load}"
        return None

    def save(self, path):
        path.write_text(json.dumps(dataclasses.asdict(self), indent=1))

    @classmethod
    def saved(cls, path):
        return cls(**json.loads(path.read_text()))
