"""A session: the base URLs of one client's own replay state, and what happened in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ._base_urls import BaseURLs
from ._environment import base_urls, dummy_keys, environment, without_proxy
from ._journal import Entry, Problem
from ._pages import Pages
from ._problems import KINDS, problems
from ._words import Value, counted, encoded, listed, value_text, with_keys

if TYPE_CHECKING:
    from typing_extensions import Self


class Session(BaseURLs):
    """One client's own replay state, isolated from all others, and how its requests are served.

    It is a value: `with_fault` and `directive` give another one, of the same session. `str(session)` is its URL.
    """

    def __init__(
        self,
        pages: Pages,
        name: str,
        directives: Sequence[tuple[str, str]] = (),
        gives_keys: bool = True,
    ) -> None:
        self._pages = pages
        self._directives = tuple(directives)
        self._gives_keys = gives_keys
        self.name = name

    # Base URLs

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        segments = [f"/~session={encoded('session', self.name)}"]
        segments += [f"/~{key}={encoded(key, value)}" for key, value in self._directives]
        return self._pages.base + "".join(segments)

    @property
    def header(self) -> str:
        """The same as the value of the request header `tapedeck`, for a client that takes headers only."""
        parts = [("session", self.name), *self._directives]
        return "; ".join(f"{key}={encoded(key, value)}" for key, value in parts)

    def __str__(self) -> str:
        return self.url

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.url}>"

    # How requests are served

    def with_fault(self, *faults: str, on: int | str | None = None) -> Self:
        """The same session with faults beside those that it has.

        Args:
            faults: Faults as in the base URL: `"reset@event:12"`. An escape (`%2C`) counts; see `tapedeck.quote`.
            on: The attempts on which they fire, such as 1 or "1-2"; without it, on every attempt.
        """
        return self._with([*self._directives, *(("fault", with_keys(fault, on)) for fault in faults)])

    def directive(self, **values: Value) -> Self:
        """The same session with other directives: `cassette`, `exchange`, `pace`, `seed`, `attempt`.

        A value takes the place of an earlier one with the same name.
        """
        if "fault" in values or "session" in values:
            raise ValueError("a session is chosen with deck.session(name), and faults are added with with_fault(fault)")
        kept = [pair for pair in self._directives if pair[0] not in values]
        return self._with([*kept, *((key, value_text(value)) for key, value in values.items())])

    def _with(self, directives: Sequence[tuple[str, str]]) -> Self:
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._directives = tuple(directives)
        return made

    # The environment

    def env(self) -> dict[str, str]:
        """The variables by which clients find the session, and a dummy key for each SDK that has none.

        There are no dummy keys where the deck forwards requests: an invented one would hide that a real one is missing.
        """
        keys = dummy_keys() if self._gives_keys else {}
        return base_urls(self.url) | keys | without_proxy()

    @contextmanager
    def environment(self) -> Iterator[Self]:
        """Sets the variables of `env()` in this process, and puts back what was there."""
        with environment(self.env()):
            yield self

    # What happened

    def journal(self) -> list[Entry]:
        """What was asked in the session and what came of it, oldest first."""
        return self._pages.journal(self.name)

    def problems(self, kinds: str | Iterable[str] = ("refused", "unfired", "miss")) -> list[Problem]:
        """What is wrong with what happened.

        Args:
            kinds: Of `refused`, `unfired`, `miss`, `loose`, `unplayed`, `lost` and `conduct`, as for `--fail-on`.
        """
        wanted = [kind for each in listed(kinds) for kind in each.split(",") if kind != "none"]
        unknown = [kind for kind in wanted if kind not in KINDS]
        if unknown:
            raise ValueError(f"there is no kind of problem '{unknown[0]}': there are {', '.join(KINDS)}")
        return problems(self.journal(), self.page(), wanted)

    def page(self) -> dict[str, Any]:
        """What the session's page says, as JSON; nothing where the session had no request."""
        return self._pages.session(self.name)

    def forget(self) -> None:
        """Makes the deck forget the session: its next request is a first attempt."""
        self._pages.forget(self.name)

    def expect(
        self,
        *,
        requests: int | None = None,
        attempts: int | None = None,
        statuses: Sequence[int] | None = None,
        fired: str | Sequence[str] | None = None,
        ended: str | Sequence[str] | None = None,
        conduct: str | None = None,
    ) -> list[Entry]:
        """Asserts what happened in the session, and gives its journal.

        Args:
            requests: How many requests there were in all.
            attempts: How often the same request was made, at most.
            statuses: The statuses of the answers, in order.
            fired: The faults that fired, and no others, by name (`"reset"`) or in full (`"reset@event:12"`);
                `[]` is none.
            ended: How the last answer ended, or how each did, such as `"complete"` or `"client"`.
            conduct: How the client behaved with each request, such as `"ok"`.

        Raises:
            AssertionError: With what was expected, what was found, and the journal.
        """
        __tracebackhide__ = True
        entries = self.journal()
        found: Mapping[str, tuple[object, object]] = {
            "requests": (requests, len(entries)),
            "attempts": (attempts, max((entry.attempt or 0 for entry in entries), default=0)),
            "statuses": (None if statuses is None else list(statuses), [entry.status for entry in entries]),
            "ended": _endings(ended, entries),
        }
        said = [
            f"expected {name} {asked}, found {met}" for name, (asked, met) in found.items() if asked not in (None, met)
        ]
        if fired is not None:
            said += _misfired(listed(fired), entries)
        if conduct is not None:
            others = {entry.conduct for entry in entries if entry.conduct is not None} - {conduct}
            said += [f"expected conduct {conduct}, found {', '.join(sorted(others))}"] if others else []
        if said:
            lines = [f"session {self.name}: {'; '.join(said)}", f"{counted(len(entries), 'request')} in its journal:"]
            raise AssertionError("\n  ".join(lines + [str(entry) for entry in entries]))
        return entries


def _endings(ended: str | Sequence[str] | None, entries: Sequence[Entry]) -> tuple[object, object]:
    if ended is None:
        return None, None
    if isinstance(ended, str):
        return ended, entries[-1].ended if entries else "no request"
    return list(ended), [entry.ended for entry in entries]


def _misfired(expected: Sequence[str], entries: Sequence[Entry]) -> list[str]:
    """What is wrong with the faults that fired."""
    fired = [fault for entry in entries for fault in entry.faults]
    missing = [each for each in expected if not any(each in (fault.name, fault.fault) for fault in fired)]
    others = [fault.fault for fault in fired if fault.name not in expected and fault.fault not in expected]
    said = [f"expected {each} to fire, and it did not" for each in missing]
    return said + [f"{fault} fired, which was not expected" for fault in dict.fromkeys(others)]
