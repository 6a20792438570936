"""The deck's own pages, over one connection that stays open."""

from __future__ import annotations

import json
import os
import socket
import threading
from typing import IO, Any
from urllib.parse import quote, urlsplit

from ._errors import DeckError
from ._journal import Entry

_TIMEOUT_S = 30


class Pages:
    """Asks a deck what happened. Threads may share it; a forked child gets a connection of its own."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._lock = threading.Lock()
        self._connection: _Connection | None = None
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
            # An idle connection is closed by the deck after a while, which shows only when it is used.
            if self._connection is not None:
                try:
                    return self._connection.asked(method, target)
                except OSError:
                    self._connection.close()
            try:
                self._connection = _Connection(self.base)
                return self._connection.asked(method, target)
            except OSError as error:
                self._connection = None
                raise DeckError(f"the deck at {self.base} does not answer: {error}") from None


class _Connection:
    """The little of HTTP that the deck's pages need: `http.client` takes longer to load than a deck to start."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._host = parts.netloc
        self._socket = socket.create_connection(address, _TIMEOUT_S)
        self._answers: IO[bytes] = self._socket.makefile("rb")

    def asked(self, method: str, target: str) -> tuple[int, bytes]:
        """The status and the body of the answer to a request."""
        self._socket.sendall(f"{method} {target} HTTP/1.1\r\nhost: {self._host}\r\n\r\n".encode("ascii"))
        words = self._line().split(None, 2)
        if len(words) < 2 or not words[1].isdigit():
            raise ConnectionError("the answer is no HTTP")
        headers: dict[bytes, bytes] = {}
        while line := self._line():
            name, _, value = line.partition(b":")
            headers[name.strip().lower()] = value.strip().lower()
        if headers.get(b"transfer-encoding") == b"chunked":
            return int(words[1]), self._chunks()
        return int(words[1]), self._bytes(int(headers.get(b"content-length", b"0")))

    def close(self) -> None:
        """Closes it."""
        self._answers.close()
        self._socket.close()

    def _line(self) -> bytes:
        line = self._answers.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("the connection was closed")
        return line.rstrip(b"\r\n")

    def _bytes(self, count: int) -> bytes:
        found = self._answers.read(count)
        if len(found) < count:
            raise ConnectionError("the connection was closed in the middle of an answer")
        return found

    def _chunks(self) -> bytes:
        body = b""
        while count := int(self._line().partition(b";")[0], 16):
            body += self._bytes(count)
            self._line()
        while self._line():
            pass
        return body
