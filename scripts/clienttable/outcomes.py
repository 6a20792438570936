"""What each client did with each case, and whether that was right."""

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote

from clienttable.calls import CALLS, READ_TIMEOUT_S, Heard
from clienttable.cases import CASSETTES, cases, name_of

AT_ONCE = 8
MOST_ATTEMPTS = 3
PACE = "instant"
LONGEST_MESSAGE = 160
WRONG = ("silent", "refuses")


@dataclass(frozen=True)
class Outcome:
    """What one client did with one case."""

    verdict: str
    """`right`, `silent`, `refuses` or `unknowable`; the page's legend says what they mean."""
    text: str
    """What of the text it delivered: `none`, `part`, `whole` or `other`."""
    error: str | None
    message: str
    requests: int
    stopped: bool
    told: bool
    """Whether it handed an error event to its caller as any other event."""

    def __str__(self):
        said = [f"{self.text} text" if self.text in ("none", "other") else self.text]
        if self.error:
            said.append(f"`{self.error}`")
        elif self.text != "none" and not self.stopped:
            said.append("no stop reason")
        if self.told:
            said.append("yields the error event")
        if self.requests != 1:
            said.append(f"{self.requests} requests")
        mark = f"**{self.verdict}:** " if self.verdict in WRONG else ""
        return mark + ", ".join(said)


@dataclass(frozen=True)
class Row:
    """A case, its expected outcomes by attempt, and what each client did with it, by call."""

    case: object
    kind: str
    expected: tuple[str, ...]
    outcomes: dict[str, Outcome]

    @property
    def expectation(self):
        """The expected outcomes in words: each once where it does not change any more."""
        changes = [
            (attempt, outcome)
            for attempt, outcome in enumerate(self.expected)
            if attempt == 0 or self.expected[attempt - 1] != outcome
        ]
        return ", ".join(f"{one} from {n + 1}" if n else one for n, one in changes)

    def cells(self):
        return (self.kind, self.case.name, self.expectation, *map(str, self.outcomes.values()))


class Observatory:
    """A deck's program and its base URL, and the clients that are tried on them."""

    def __init__(self, tapedeck, base):
        self.tapedeck, self.base = tapedeck, base
        self.catalogue = self.ask("faults", "--json")[0]["faults"]
        self.kinds = {fault["name"]: fault["kind"] for fault in self.catalogue}
        self.cases = cases(self.catalogue)
        self.texts = {case.cassette: self.text_of(case.cassette) for case in self.cases}

    def ask(self, *command):
        """What the program prints as JSON, a value a line."""
        done = subprocess.run(
            [self.tapedeck, *map(str, command)], capture_output=True, check=False, timeout=60
        )
        if done.returncode != 0:
            raise RuntimeError(f"tapedeck {' '.join(map(str, command))}: {done.stderr.decode()}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def text_of(self, cassette):
        """The whole text of a cassette, as its last exchange would have it."""
        path = CASSETTES / f"{cassette}.tape"
        return self.ask("plan", path, "--json")[-1]["expect"]["text"]

    def rows(self, chosen=None):
        """A row for each case, or for those chosen; several are tried at once."""
        chosen = self.cases if chosen is None else chosen
        with ThreadPoolExecutor(AT_ONCE) as pool:
            plans = list(pool.map(self.plans, chosen))
            tried = [
                [pool.submit(self.outcome, case, call, plan) for call in CALLS[case.api.key]]
                for case, plan in zip(chosen, plans, strict=True)
            ]
            return [
                self.row(case, plan, [one.result() for one in outcomes])
                for case, plan, outcomes in zip(chosen, plans, tried, strict=True)
            ]

    def row(self, case, plans, outcomes):
        kind = self.kinds[name_of(case.faults[0])] if case.faults else "none"
        expected = tuple(plan["expect"]["outcome"] for plan in plans)
        return Row(case, kind, expected, dict(zip(CALLS[case.api.key], outcomes, strict=True)))

    def plans(self, case):
        """The plan of each attempt; where the cassette has several exchanges, the attempt selects."""
        options = ["--json", "--pace", PACE]
        options += [part for fault in case.faults for part in ("--fault", fault)]
        path = CASSETTES / f"{case.cassette}.tape"
        same = case.faults and not any("on=" in fault for fault in case.faults)
        attempts = range(1, 2 if same else MOST_ATTEMPTS + 1)
        printed = [self.ask("plan", path, *options, "--attempt", n) for n in attempts]
        return [lines[min(n, len(lines)) - 1] for n, lines in zip(attempts, printed, strict=True)]

    def outcome(self, case, call, plans):
        """Streams once, in a session of its own."""
        heard, raised = Heard(), None
        session = re.sub("[^A-Za-z0-9_:-]", ".", f"{call}:{case.cassette}:{'+'.join(case.faults)}")
        faults = "".join(f"/~fault={quote(fault, safe=':@,=%+')}" for fault in case.faults)
        directives = f"/~session={session}/~cassette={case.cassette}/~pace={PACE}{faults}"
        try:
            CALLS[case.api.key][call](self.base + directives, case, heard)
        except Exception as error:
            raised = error
        text = compared(heard.text, self.texts[case.cassette])
        plan = plans[min(heard.requests, len(plans)) - 1]
        return Outcome(
            verdict(plan, text, heard, raised),
            text,
            raised and type(raised).__name__,
            message_of(raised),
            heard.requests,
            heard.stopped,
            bool(heard.errors),
        )


def compared(text, whole):
    """What of the whole text this is."""
    if not text:
        return "none"
    if text == whole:
        return "whole"
    return "part" if whole.startswith(text) else "other"


def verdict(plan, text, heard, raised):
    """Whether a client did right, by what the deck expects of one that conforms."""
    expected = plan["expect"]["outcome"]
    if expected == "undetectable":
        return "unknowable"
    if expected == "breaking":
        return "right" if raised or heard.errors or text == "whole" else "silent"
    if raised:
        gave_up = "Timeout" in type(raised).__name__ and longest_silence_s(plan) > READ_TIMEOUT_S
        return "right" if gave_up else "refuses"
    return "right" if text == "whole" and heard.stopped else "silent"


def longest_silence_s(plan):
    """The longest time in which the plan does nothing, from the request on."""
    times_us = [0, *(action["at_us"] for action in plan["actions"])]
    return max(b - a for a, b in pairwise(times_us)) / 1e6


def message_of(raised):
    """The first line of what an exception says, without what differs from run to run."""
    line = (str(raised or "").splitlines() or [""])[0]
    line = re.sub(r"0x[0-9a-f]+", "0x…", line)
    return line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1] + "…"
