"""Every case with every client, several at once, against a deck of the shipped cassettes."""

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote

from clienttable.calls import CALLS
from clienttable.cases import CASSETTES, Case, cases, name_of
from clienttable.outcomes import Outcome, judged, streamed

CLIENTS_AT_ONCE = 8
PLANS_AT_ONCE = 2
MOST_ATTEMPTS = 3
PACE = "instant"


@dataclass(frozen=True)
class Row:
    """A case, the expected outcome of each attempt, and what each client did, by call."""

    case: Case
    kind: str
    expected: tuple[str, ...]
    outcomes: dict[str, Outcome]

    def cells(self):
        return (self.kind, self.case.name, self.expectation, *map(str, self.outcomes.values()))

    @property
    def expectation(self):
        """The expected outcomes, each with the attempt from which on it holds."""
        words = []
        for attempt, outcome in enumerate(self.expected, 1):
            if attempt == 1:
                words.append(outcome)
            elif outcome != self.expected[attempt - 2]:
                words.append(f"{outcome} from attempt {attempt}")
        return ", ".join(words)


class Matrix:
    """A deck, by its program and its base URL, and the cases to try on it."""

    def __init__(self, tapedeck, base):
        self.tapedeck, self.base = tapedeck, base
        [said] = self.ask("faults", "--json")
        self.kinds = {fault["name"]: fault["kind"] for fault in said["faults"]}
        self.cases = cases(list(self.kinds))
        self.round = 0

    def ask(self, *command):
        """What the program prints as JSON, a value a line."""
        words = [self.tapedeck, *map(str, command)]
        done = subprocess.run(words, capture_output=True, check=False, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.decode()}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def rows(self, chosen=None):
        """A row for each case, or for those chosen."""
        chosen = self.cases if chosen is None else chosen
        self.round += 1
        with (
            ThreadPoolExecutor(CLIENTS_AT_ONCE) as clients,
            ThreadPoolExecutor(PLANS_AT_ONCE) as planners,
        ):
            planned = [planners.submit(self.plans, case) for case in chosen]
            tried = [{call: clients.submit(self.stream, case, call) for call in CALLS[case.api.key]} for case in chosen]
            return [
                self.row(case, plans.result(), {call: one.result() for call, one in calls.items()})
                for case, plans, calls in zip(chosen, planned, tried, strict=True)
            ]

    def row(self, case, plans, results):
        kind = self.kinds[name_of(case.faults[0])] if case.faults else "none"
        expected = tuple(plan["expect"]["outcome"] for plan in plans)
        outcomes = {call: judged(case, plans, *result) for call, result in results.items()}
        return Row(case, kind, expected, outcomes)

    def plans(self, case):
        """The plan of each attempt that differs; of several exchanges, the attempt selects one."""
        options = ["--json", "--pace", PACE]
        options += [part for fault in case.faults for part in ("--fault", fault)]
        path = CASSETTES / f"{case.cassette}.tape"
        alike = case.faults and not any("on=" in fault for fault in case.faults)
        attempts = range(1, 2 if alike else MOST_ATTEMPTS + 1)
        printed = [self.ask("plan", path, *options, "--attempt", attempt) for attempt in attempts]
        return [lines[min(n, len(lines)) - 1] for n, lines in zip(attempts, printed, strict=True)]

    def stream(self, case, call):
        """Streams once, in a session of its own, as a session counts the attempts of all in it."""
        name = f"{self.round}:{call}:{case.cassette}:{'+'.join(case.faults)}"
        session = re.sub("[^A-Za-z0-9_:-]", ".", name)
        faults = "".join(f"/~fault={quote(fault, safe=':@,=%+')}" for fault in case.faults)
        directives = f"/~session={session}/~cassette={case.cassette}/~pace={PACE}{faults}"
        return streamed(self.base + directives, case, call)
