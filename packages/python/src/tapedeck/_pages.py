"""The deck's own pages, over one connection that stays open."""

from __future__ import annotations

import json
import os
import threading
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

from ._errors import DeckError
from ._journal import Entry

_TIMEOUT_S = 30


class Pages:
    """Asks a deck what happened. Threads may share it; a forked child gets a connection of its own."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._lock = threading.Lock()
        self._connection: HTTPConnection | None = None
        self._owner = os.getpid()

    def __reduce__(self) -> tuple[type[Pages], tuple[str]]:
        return Pages, (self.base,)

    def journal(self, session: str | None = None, after: int = 0) -> list[Entry]:
        """The entries of a session, or all, of which each has a higher number than `after`."""
        query = f"after={after}" + (f"&session={quote(session, safe='')}" if session is not None else "")
        status, page = self._asked("GET", f"/~/api/journal?{query}")
        if status == 404:
            return []
        return [Entry.of(each) for each in self._well(status, page)]

    def session(self, name: str) -> dict[str, Any]:
        """What a session's page says: nothing where the session had no request."""
        status, page = self._asked("GET", f"/~/api/sessions/{quote(name, safe='')}")
        if status == 404:
            return {}
        found: dict[str, Any] = self._well(status, page)
        return found

    def forget(self, name: str) -> None:
        """Makes the deck forget a session, so that its attempts are counted from 1 again."""
        self._asked("DELETE", f"/~/api/sessions/{quote(name, safe='')}")

    def close(self) -> None:
        """Closes the connection."""
        with self._lock:
            if self._connection is not None and self._owner == os.getpid():
                self._connection.close()
            self._connection = None

    def _well(self, status: int, page: bytes) -> Any:
        if status != 200:
            said = page.decode("utf-8", "replace").strip()
            raise DeckError(f"the deck at {self.base} answered {status}: {said}")
        return json.loads(page)

    def _asked(self, method: str, target: str) -> tuple[int, bytes]:
        if self._owner != os.getpid():
            # The parent's connection and lock are its own: both may be in use there.
            self._lock, self._connection, self._owner = threading.Lock(), None, os.getpid()
        with self._lock:
            for is_last in (False, True):
                try:
                    return self._once(method, target)
                except (OSError, HTTPException) as error:
                    self._connection = None
                    # An idle connection is closed by the deck after a while, which shows only now.
                    if is_last:
                        raise DeckError(f"the deck at {self.base} does not answer: {error}") from None
        raise AssertionError("unreachable")

    def _once(self, method: str, target: str) -> tuple[int, bytes]:
        if self._connection is None:
            parts = urlsplit(self.base)
            self._connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=_TIMEOUT_S)
        self._connection.request(method, target)
        with self._connection.getresponse() as answer:
            return answer.status, answer.read()
