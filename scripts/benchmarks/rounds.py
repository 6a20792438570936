"""Runs the servers in turn, again and again, and keeps what each round saw."""
import sys

from results import OURS, REFERENCE
from servers import first_byte_s, started

OUT_OF_PACE_MS = 500


class Rounds:
    """The turns of all servers; what they saw goes into `results`."""

    def __init__(self, servers, results):
        self.servers = servers
        self.results = results
        self.absent = {}
        self.out_of_pace = {}
        for server in servers:
            try:
                server.prepare()
            except Exception as error:
                self.absent[server.name] = f"not to be had: {error}"
            results.servers.append([server.name, server.version, server.about])

    def play(self, load, play, rounds):
        """Each server in turn plays the load, for so many rounds."""
        def once(server):
            with started(server, play) as (process, port):
                return load.run(server, process, port, play)

        out_of_pace = dict(self.out_of_pace) if load.gap_ms else {}
        self.take_turns(load.name, rounds, once, lambda server: (
            load.impossible() or server.cannot(load.gap_ms) or out_of_pace.get(server.name)))

    def start(self, name, timed, untimed, rounds):
        """Each server in turn is started, and asked once."""
        def once(server):
            return {"ms": 1000 * first_byte_s(server, untimed if server.cannot(timed.gap_ms) else timed)}

        self.take_turns(name, rounds, once, lambda server: None)

    def take_turns(self, name, rounds, once, cannot):
        self.results.runs[name] = {server.name: [] for server in self.servers}
        reasons = ((server.name, self.absent.get(server.name) or cannot(server)) for server in self.servers)
        self.results.why[name] = {server: why for server, why in reasons if why}
        for number in range(rounds):
            for server in self.servers:
                if server.name not in self.results.why[name]:
                    self.take(name, server, once)
            print(f"{name}: round {number + 1} of {rounds}", file=sys.stderr, flush=True)

    def take(self, name, server, once):
        """One server's turn; what goes wrong is its result, and leaves the others theirs."""
        try:
            seen = once(server)
        except Exception as error:
            self.results.why[name][server.name] = f"failed: {error}"
            return
        self.results.runs[name][server.name].append(seen)
        lost = seen["whole"] < seen["streams"] if "whole" in seen else False
        if server.name not in (OURS, REFERENCE) and (lost or seen.get("p99", 0) > OUT_OF_PACE_MS):
            # It ends these rounds, and is then not asked for more than what it could not do.
            self.out_of_pace.setdefault(server.name, f"not run: out of pace at {name}")
