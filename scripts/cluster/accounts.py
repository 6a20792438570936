"""What four shards, HAProxy and three decks counted of the same streams, and whether that agrees."""

from collections import Counter
from dataclasses import dataclass

# HAProxy's word for an answer that came to its end.
WELL = "--"
# A deck that is killed is gone a little after the signal; HAProxy's times are in whole milliseconds.
ROUNDING_S = 0.01


@dataclass
class Run:
    """What was counted."""

    merged: dict
    """The report of all shards together."""
    lines: list[dict]
    """HAProxy's, one for each answer that has ended."""
    counted: dict[str, Counter]
    """How answers ended, by the decks' own metrics; of the killed one, a moment before."""
    in_progress: int
    """The streams of the killed deck a moment before."""
    killed: str
    gone_at_s: float
    """When the killed deck was gone."""

    def of(self, deck):
        return [line for line in self.lines if line["deck"] == deck]

    @property
    def broken(self):
        return [line for line in self.lines if line["ended"] != WELL]

    def checks(self):
        """What must hold, and whether it does."""
        failed = self.merged["streams"] - self.merged["completed"]
        yield "each stream of the shards is a line of HAProxy's", self.merged["streams"] == len(self.lines)
        yield "nothing was left unsent", self.merged["not_sent"] == 0
        for deck, counted in self.counted.items():
            lines, whole = self.of(deck), sum(line["ended"] == WELL for line in self.of(deck))
            if deck == self.killed:
                yield f"{deck} counted no more than HAProxy until then", counted["complete"] <= whole
                yield f"{deck} had no more streams than HAProxy sent", counted.total() + self.in_progress <= len(lines)
            else:
                yield f"{deck} counted what HAProxy sent it", counted == Counter(complete=len(lines))
                yield f"{deck} broke none", whole == len(lines)
        yield "streams failed", failed > 0
        yield "as many failed as were broken", failed == len(self.broken)
        yield f"all that broke were {self.killed}'s", all(line["deck"] == self.killed for line in self.broken)
        yield (
            f"all that broke had come before {self.killed} was gone",
            all(line["accepted_s"] <= self.gone_at_s + ROUNDING_S for line in self.broken),
        )
        later = [line for line in self.lines if line["accepted_s"] > self.gone_at_s + ROUNDING_S]
        yield "streams came later, and all ended well", bool(later) and all(line["ended"] == WELL for line in later)

    def table(self):
        """The counts, a row for each deck, and the sums."""
        rows = [("", "HAProxy: answers", "whole", "broken", "the deck's own count")]
        for deck, counted in self.counted.items():
            lines = self.of(deck)
            whole = sum(line["ended"] == WELL for line in lines)
            own = f"{counted.total()}"
            if deck == self.killed:
                own += f" and {self.in_progress} in progress, a moment before it was killed"
            rows.append((deck, len(lines), whole, len(lines) - whole, own))
        rows.append(("sum", len(self.lines), len(self.lines) - len(self.broken), len(self.broken), ""))
        done = self.merged["completed"]
        rows.append(("the shards", self.merged["streams"], done, self.merged["streams"] - done, ""))
        widths = [max(len(str(row[column])) for row in rows) for column in range(4)]
        for first, *numbers, last in rows:
            cells = [str(number).rjust(width) for number, width in zip(numbers, widths[1:], strict=True)]
            yield "  ".join([str(first).ljust(widths[0]), *cells, last]).rstrip()
