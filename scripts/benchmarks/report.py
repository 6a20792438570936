"""Rows of the table that a run prints."""

import dataclasses
import statistics

median = statistics.median


def quantile(values, share):
    """The smallest value that so large a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


@dataclasses.dataclass
class Row:
    """One measured value, and what it should be."""

    measure: str
    value: str
    goal: str = ""
    held: bool | None = None


def table(rows):
    """The rows as text in columns."""
    cells = [("measure", "value", "goal", "")]
    cells += [(r.measure, r.value, r.goal, {None: "", True: "ok", False: "MISSED"}[r.held]) for r in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(4)]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells)
