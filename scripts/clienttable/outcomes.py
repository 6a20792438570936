"""What one client did with one case, and whether that was right."""

import re
from dataclasses import dataclass
from itertools import pairwise

from clienttable.calls import CALLS, READ_TIMEOUT_S, Heard

MOST_MESSAGE_CHARACTERS = 100
NUMBERED = "position|column|line|char|received|expected|code:|status"
WRONG = ("silent", "refuses")


@dataclass(frozen=True)
class Outcome:
    """What one client did with one case; the page's legend says what the verdicts mean."""

    verdict: str
    """`right`, `silent`, `refuses` or `unknowable`."""
    text: str
    """What of the text was delivered: `none`, `part`, `whole` or `other`."""
    heard: Heard
    raised: Exception | None

    def __str__(self):
        mark = f"**{self.verdict}:** " if self.verdict in WRONG else ""
        return mark + ", ".join([self.delivery, *self.notes()])

    @property
    def delivery(self):
        """The text, and the exception that came behind it."""
        if self.raised is None:
            return {"none": "no text", "other": "another text"}.get(self.text, self.text)
        behind = {"none": "", "part": " after a part", "whole": " after the whole text"}
        return f"`{type(self.raised).__name__}`{behind.get(self.text, ' after another text')}"

    def notes(self):
        if self.raised is None and self.text != "none":
            if not self.heard.started:
                yield "no start"
            if not self.heard.stopped:
                yield "no stop reason"
        if self.heard.told:
            yield "yields the error event"
        if self.heard.requests != 1:
            yield f"{self.heard.requests} requests"

    @property
    def says(self):
        """The package that an exception is from and what it says, without what differs by case."""
        line = re.sub(r"\{.*\}", "{…}", (str(self.raised).splitlines() or [""])[0])
        line = re.sub(rf"({NUMBERED}) \d+", r"\1 N", line)
        if len(line) > MOST_MESSAGE_CHARACTERS:
            line = line[:MOST_MESSAGE_CHARACTERS] + "…"
        return type(self.raised).__module__.partition(".")[0], line


def streamed(base, case, call):
    """Streams once from this base URL; gives what was heard and the exception, if any."""
    heard = Heard()
    try:
        CALLS[case.api.key][call](base, case, heard)
    except Exception as error:
        return heard, error
    return heard, None


def judged(case, plans, heard, raised):
    """The outcome, by the plan of the last attempt that the client made."""
    text = compared(heard.text, case.text)
    plan = plans[min(heard.requests, len(plans)) - 1]
    return Outcome(verdict(plan, text, heard, raised), text, heard, raised)


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
        return "right" if raised or heard.told or text == "whole" else "silent"
    if raised:
        gave_up = "Timeout" in type(raised).__name__ and longest_silence_s(plan) > READ_TIMEOUT_S
        return "right" if gave_up else "refuses"
    return "right" if text == "whole" and heard.stopped else "silent"


def longest_silence_s(plan):
    """The longest time in which the plan does nothing, from the request on."""
    times_us = [0, *(action["at_us"] for action in plan["actions"])]
    return max(after - before for before, after in pairwise(times_us)) / 1e6
