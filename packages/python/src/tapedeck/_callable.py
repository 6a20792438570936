"""Runs a client that is a callable: for each base URL, what it delivered."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

_RELAY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_relay.py")


@dataclass(frozen=True)
class Answer:
    """What a client delivered.

    Args:
        text: The text that its caller got.
        error: What it reported, or nothing where it takes the text for the whole answer.
        finish: The reason for the end of the answer that it gave its caller, such as `end_turn`.
    """

    text: str
    error: str | None = None
    finish: str | None = None


def answer_of(client: Callable[[str], Any], base_url: str) -> Answer:
    """What a client delivers from a base URL. One that raises delivered what it had yielded, and reported a failure.

    Raises:
        TypeError: The client returned what is no answer.
    """
    pieces: list[str] = []
    try:
        found = client(base_url)
        if isinstance(found, (Awaitable, AsyncIterator)):
            found = asyncio.run(_awaited(found, pieces))
        elif isinstance(found, Iterator):
            found = _exhausted(found, pieces)
    except _NotText:
        raise
    except BaseException as error:
        return Answer("".join(pieces), error=f"{type(error).__name__}: {error}")
    if isinstance(found, Answer):
        return found
    if isinstance(found, str):
        return Answer(found)
    raise TypeError(f"the client returned {found!r}: expected a str, a tapedeck.Answer, or a generator of text")


class _NotText(TypeError):
    """A client yielded what is no text."""


def _exhausted(pieces: Iterator[Any], taken: list[str]) -> Answer:
    while True:
        try:
            piece = next(pieces)
        except StopIteration as end:
            return _ended(taken, end.value)
        _take(piece, taken)


def _ended(taken: list[str], value: Any) -> Answer:
    """What a generator comes to, which may return the reason for the end, or an answer without its text."""
    if isinstance(value, Answer):
        return Answer(value.text or "".join(taken), value.error, value.finish)
    return Answer("".join(taken), finish=None if value is None else str(value))


async def _awaited(found: Any, taken: list[str]) -> Any:
    if not isinstance(found, AsyncIterator):
        return await found
    async for piece in found:
        _take(piece, taken)
    return Answer("".join(taken))


def _take(piece: Any, taken: list[str]) -> None:
    if not isinstance(piece, str):
        raise _NotText(f"the client yielded {piece!r}: expected pieces of text")
    taken.append(piece)


class CallableServer:
    """Runs a callable for relays, each in a thread of its own.

    A callable that hangs keeps its thread: the relay is ended by `torture`, and the next one has another thread.
    """

    def __init__(self, client: Callable[[str], Any], on_flaw: Callable[[], None]) -> None:
        self._client = client
        self._on_flaw = on_flaw
        self.flaw: TypeError | None = None
        self._folder = tempfile.mkdtemp(prefix="tapedeck-")
        self._path = os.path.join(self._folder, "s")
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self._path)
        self._socket.listen(64)
        threading.Thread(target=self._accept, name="tapedeck-torture", daemon=True).start()

    @property
    def command(self) -> list[str]:
        """The command that `torture` is to run as the client."""
        return [sys.executable, "-I", "-S", _RELAY, self._path]

    def close(self) -> None:
        """Takes no more relays; callables that hang are left to themselves."""
        try:
            # A socket that is only closed would leave the thread waiting for relays.
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(link,), name="tapedeck-client", daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        try:
            with link, link.makefile("rwb") as far:
                for line in far:
                    answer = answer_of(self._client, line.decode().strip())
                    said = {"text": answer.text, "error": answer.error, "finish": answer.finish}
                    far.write(json.dumps(said).encode() + b"\n")
                    far.flush()
        except TypeError as flaw:
            self.flaw = flaw
            self._on_flaw()
        except OSError:
            pass
