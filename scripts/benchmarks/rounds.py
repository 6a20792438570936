"""Runs the servers in turn, again and again, and keeps what each round saw."""

import sys

from servers import first_byte_s, started
from surroundings import Others, await_calm


class Rounds:
    """The turns of all servers; what they saw goes into `results`.

    So long as there is patience left, a turn does not begin while others use the machine.
    """

    def __init__(self, servers, results, patience_s=0):
        self.servers = servers
        self.results = results
        self.patience_s = patience_s
        self.absent = {}
        for server in servers:
            try:
                server.prepare()
            except Exception as error:
                self.absent[server.name] = f"not to be had: {error}"
        results.servers = [[server.name, server.version, server.about] for server in servers]

    def play(self, load, play, rounds):
        """Each server in turn plays the load, for so many rounds."""

        def once(server):
            with started(server, play) as (process, port):
                return load.run(server, process, port, play)

        self.take_turns(
            load.name,
            rounds,
            once,
            lambda server: (
                load.impossible() or server.cannot(load.gap_ms) or self.results.out_of_pace(server.name, load.smaller)
            ),
        )

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
        self.patience_s = await_calm(self.patience_s)
        others = Others()
        try:
            seen = once(server)
        except Exception as error:
            self.results.why[name][server.name] = f"failed: {error}"
            return
        self.results.runs[name][server.name].append({**seen, "others": others.cores()})
