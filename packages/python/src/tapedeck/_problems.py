"""What fails a test, in the words of the journal and of the session's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ._journal import Entry, Problem
from ._words import counted

# These are said of a client that did nothing wrong.
_HARMLESS = {"ok", "retried-after-content"}


def problems(entries: Sequence[Entry], page: Mapping[str, Any], kinds: Sequence[str]) -> list[Problem]:
    """The problems of some kinds, in the order of the kinds that are known."""
    return [problem for kind, find in _FINDERS.items() if kind in kinds for problem in find(entries, page)]


def _refused(entries: Sequence[Entry], _: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem("refused", f"{_asked(entry)} was refused: {entry.miss}", entry) for entry in entries if entry.is_refused
    ]


def _unfired(entries: Sequence[Entry], page: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem("unfired", f"the fault {fault} never fired{_why(fault, entries)}") for fault in page.get("unfired", ())
    ]


def _why(fault: str, entries: Sequence[Entry]) -> str:
    """Why a fault did not fire, where the journal says so."""
    beginning = f"fault {fault} did not fire: "
    reasons = [note[len(beginning) :] for entry in entries for note in entry.notes if note.startswith(beginning)]
    if reasons:
        return f": {reasons[-1]}"
    last = max((entry.attempt or 0 for entry in entries), default=0)
    return f": the last request was attempt {last}" if last else ""


def _missed(entries: Sequence[Entry], _: Mapping[str, Any]) -> list[Problem]:
    return [Problem("miss", str(entry.miss), entry) for entry in entries if entry.is_miss]


def _loose(entries: Sequence[Entry], _: Mapping[str, Any]) -> list[Problem]:
    found = []
    for entry in entries:
        if entry.match == "loose":
            differences = (entry.raw.get("miss_detail") or {}).get("differences") or []
            places = ", ".join(each["at"] for each in differences)
            text = f"{_asked(entry)} was answered by {entry.exchange}, which differs: {places}"
            found.append(Problem("loose", text, entry))
    return found


def _unplayed(_: Sequence[Entry], page: Mapping[str, Any]) -> list[Problem]:
    exchanges = page.get("unplayed", ())
    return [
        Problem("unplayed", f"exchange {each['exchange']} of {each['cassette']} was not played") for each in exchanges
    ]


def _lost(_: Sequence[Entry], page: Mapping[str, Any]) -> list[Problem]:
    lost = page.get("lost", 0)
    return [Problem("lost", f"{counted(lost, 'recording')} could not be written; the deck said why")] if lost else []


def _conduct(_: Sequence[Entry], page: Mapping[str, Any]) -> list[Problem]:
    findings = [each for each in page.get("conduct", ()) if each["verdict"] not in _HARMLESS]
    return [Problem("conduct", f"{each['request']}: {each['verdict']}: {each['evidence']}") for each in findings]


def _asked(entry: Entry) -> str:
    return f"{entry.method} {entry.path}"


_FINDERS: dict[str, Callable[[Sequence[Entry], Mapping[str, Any]], list[Problem]]] = {
    "refused": _refused,
    "miss": _missed,
    "unfired": _unfired,
    "loose": _loose,
    "unplayed": _unplayed,
    "lost": _lost,
    "conduct": _conduct,
}

KINDS = tuple(_FINDERS)
