"""The lists of what an SDK adds to a message, or drops of it, by itself.

Each line of `differences_PROVIDER.tsv` is a JSON path, what the SDK does there, and why. A path is keys
joined by dots behind `$`, with `[*]` for any element and `*` for any key. What stands there is left out
of the comparison: `added` of the SDK's message, `dropped` of ours, `changed` of both. A `dropped` entry
with `=null` behind the path is about nulls only, and so is an `added` one.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Difference:
    """One entry of a list."""

    provider: str
    path: str
    kind: str
    why: str

    @property
    def steps(self):
        path = self.path.removesuffix("=null").removeprefix("$")
        return path.replace("[*]", ".[*]").strip(".").split(".")

    @property
    def is_about_null(self):
        return self.path.endswith("=null")


def known(provider):
    """The list of a provider."""
    with (HERE / f"differences_{provider}.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
    entries = [Difference(provider, *row) for row in rows if not row[0].startswith("#")]
    assert all(one.kind in ("added", "dropped", "changed") and one.why for one in entries)
    return entries


def needed(entries, ours, theirs):
    """The entries without which two messages differ; None where they differ with all of them.

    An entry is needed where leaving just that one out makes a difference, so that two entries for one
    thing show up as not needed.
    """
    if not equal(entries, ours, theirs):
        return None
    return {
        entry for entry in entries if not equal([e for e in entries if e != entry], ours, theirs)
    }


def equal(entries, ours, theirs):
    for entry in entries:
        if entry.kind in ("added", "changed"):
            theirs = without(theirs, entry)
        if entry.kind in ("dropped", "changed"):
            ours = without(ours, entry)
    return ours == theirs


def without(value, entry):
    """A copy of a value without what an entry points at."""
    return _without(value, entry.steps, entry.is_about_null)


def _without(value, steps, only_null):
    step, *rest = steps
    if step == "[*]":
        if not isinstance(value, list):
            return value
        kept = [one for one in value if rest or (only_null and one is not None)]
        return [_without(one, rest, only_null) for one in kept] if rest else kept
    if not isinstance(value, dict):
        return value
    result = {}
    for key, one in value.items():
        if step not in ("*", key):
            result[key] = one
        elif rest:
            result[key] = _without(one, rest, only_null)
        elif only_null and one is not None:
            result[key] = one
    return result
