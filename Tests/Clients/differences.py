"""The lists of what an SDK adds to a message, or drops or changes of it, by itself.

Each line of `differences_PROVIDER.tsv` is a JSON path, what the SDK does there, and why. A path is keys
joined by dots, with `[*]` for any element of a list and `*` for any key:

    added     the SDK's message has something there, and ours has nothing
    dropped   ours has something there, and the SDK's has nothing
    changed   both have something there, and it differs
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
NOTHING = object()


@dataclass(frozen=True)
class Difference:
    """One place where two messages differ; in a list, all such places."""

    path: str
    kind: str
    why: str = ""

    def covers(self, other):
        pattern = re.escape(self.path).replace(r"\[\*\]", r"\[\d+\]").replace(r"\*", r"[^.\[]+")
        return self.kind == other.kind and re.fullmatch(pattern, other.path) is not None


def known(provider):
    """The list of a provider."""
    with (HERE / f"differences_{provider}.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
    entries = [Difference(*row) for row in rows]
    assert all(one.kind in ("added", "dropped", "changed") and one.why for one in entries)
    assert len({(one.path, one.kind) for one in entries}) == len(entries)
    return entries


def between(ours, theirs, path=""):
    """All places in which two messages differ."""
    if ours is NOTHING or theirs is NOTHING:
        yield Difference(path, "added" if ours is NOTHING else "dropped")
    elif isinstance(ours, dict) and isinstance(theirs, dict):
        for key in [*ours, *(key for key in theirs if key not in ours)]:
            place = f"{path}.{key}" if path else key
            yield from between(ours.get(key, NOTHING), theirs.get(key, NOTHING), place)
    elif isinstance(ours, list) and isinstance(theirs, list):
        for index in range(max(len(ours), len(theirs))):
            pair = [one[index] if index < len(one) else NOTHING for one in (ours, theirs)]
            yield from between(*pair, f"{path}[{index}]")
    elif ours != theirs or isinstance(ours, bool) != isinstance(theirs, bool):
        yield Difference(path, "changed")


def explained(entries, ours, theirs):
    """The entries that two messages need, and the places in which they differ without one."""
    used, unknown = set(), []
    for place in between(ours, theirs):
        covering = [entry for entry in entries if entry.covers(place)]
        used.update(covering[:1])
        if not covering:
            unknown.append(place)
    return used, unknown
