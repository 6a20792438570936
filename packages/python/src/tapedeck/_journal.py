"""What the deck says of what happened, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Exchange:
    """A recorded request with its answer: the cassette it is on, and its number there, from 1."""

    cassette: str
    number: int
    id: str

    def __str__(self) -> str:
        return f"exchange {self.number} of {self.cassette}"


@dataclass(frozen=True)
class FiredFault:
    """A fault that fired, and the recorded byte before which it did, counted from 1."""

    fault: str
    byte: int | None

    @property
    def name(self) -> str:
        """Its name, without arguments, place and attempts: `reset`."""
        return fault_name(self.fault)


@dataclass(frozen=True)
class Entry:
    """A request and what came of it, as the deck's journal has it; `raw` is all that the journal says."""

    id: int
    at: str
    session: str | None
    attempt: int | None
    method: str
    path: str
    status: int | None
    exchange: Exchange | None
    match: str | None
    miss: str | None
    directives: tuple[str, ...]
    faults: tuple[FiredFault, ...]
    notes: tuple[str, ...]
    bytes: int
    events: int
    ended: str | None
    asked_ms: int | None
    waited_ms: int | None
    conduct: str | None
    reproduce: str | None
    upstream: str | None
    raw: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, json: Mapping[str, Any]) -> Entry:
        """The entry that an element of the journal's page says."""
        exchange = json.get("exchange")
        return cls(
            id=json["id"],
            at=json["at"],
            session=json.get("session"),
            attempt=json.get("attempt"),
            method=json["method"],
            path=json["path"],
            status=json.get("status"),
            exchange=Exchange(exchange["cassette"], exchange["number"], exchange["id"]) if exchange else None,
            match=json.get("match"),
            miss=json.get("miss"),
            directives=tuple(json.get("directives") or ()),
            faults=tuple(FiredFault(each["fault"], each.get("byte")) for each in json.get("faults") or ()),
            notes=tuple(json.get("notes") or ()),
            bytes=json.get("bytes") or 0,
            events=json.get("events") or 0,
            ended=json.get("ended"),
            asked_ms=json.get("asked_ms"),
            waited_ms=json.get("waited_ms"),
            conduct=json.get("conduct"),
            reproduce=json.get("reproduce"),
            upstream=json.get("upstream"),
            raw=json,
        )

    @property
    def is_refused(self) -> bool:
        """Whether its directives are wrong: they do not parse, name what is not there, or contradict each other."""
        if self.miss is None or self.attempt is None:
            return self.miss is not None
        return self.status == 400 and self.raw.get("miss_detail") is None

    @property
    def is_miss(self) -> bool:
        """Whether no recording answers it."""
        return self.miss is not None and not self.is_refused

    def __str__(self) -> str:
        """One line: what was asked, what came of it, and what fired."""
        asked = f"{self.method} {self.path}" + (f", attempt {self.attempt}" if self.attempt else "")
        told = [str(self.status)] if self.status else []
        if self.exchange:
            told.append(f"{self.exchange} (loose)" if self.match == "loose" else str(self.exchange))
        told += [f"{self.events} events"] if self.events else []
        told.append(self.ended or "still under way")
        told += [f"fired {each.fault}" for each in self.faults]
        told += [self.conduct] if self.conduct not in (None, "ok") else []
        return f"{asked}: {', '.join(told)}"


@dataclass(frozen=True)
class Problem:
    """What is wrong with what happened in a session: its kind, as `--fail-on` names it, and the deck's words."""

    kind: str
    text: str
    entry: Entry | None = None

    def __str__(self) -> str:
        return self.text


def fault_name(fault: str) -> str:
    """The name that a fault begins with."""
    end = min((place for place in map(fault.find, ":@,") if place >= 0), default=len(fault))
    return fault[:end]
