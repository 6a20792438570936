"""A deck: the server that plays cassettes, as long as a `with` block."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from types import TracebackType

from ._base_urls import BaseURLs
from ._errors import DeckError
from ._pages import Pages
from ._process import DeckProcess
from ._program import program
from ._session import Session
from ._words import Path, option_words, upstream_words

_READY_WITHIN_S = 60


class Deck(BaseURLs):
    """Serves cassettes from a program of its own, on a free port of this machine.

    `with tapedeck.Deck("cassettes") as deck:`, or `async with`. The deck ends with the block, and with this process,
    however that ends; a process that is forked off neither ends it nor keeps it alive. Where a recording was lost, or
    something else was found that `fail_on` names, the block ends with a `DeckError`.

    Args:
        cassettes: Cassettes and folders of cassettes.
        sample: Serve the built-in cassettes too.
        pace: When things are sent: `"instant"`, `"2x"`, `"gap:20ms"`; as recorded by default.
        mode: `"replay"` (the default), `"once"`, `"auto"`, `"record"` or `"passthrough"`, or VCR's names for them.
        upstream: The URL to forward requests to, several, or a mapping from the paths below which they count.
        record_to: A cassette for all recordings, or a folder with one for each session.
        fault: Faults of every answer.
        port: The port; 0 is any that is free.
        require_session: Refuse requests that name no session.
        cwd: The folder that the program runs in: it reads `tapedeck.json` there.
        env: The program's environment; this process's own by default.
        arguments: Words for the command line, as they are.
        options: All other options of `tapedeck serve`: `match_normalize=["uuid"]` is `--match-normalize uuid`.
    """

    def __init__(
        self,
        *cassettes: Path,
        sample: bool = False,
        pace: str | None = None,
        mode: str | None = None,
        upstream: str | Sequence[str] | Mapping[str, str] | None = None,
        record_to: Path | None = None,
        fault: str | Sequence[str] | None = None,
        port: int = 0,
        require_session: bool = False,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        **options: object,
    ) -> None:
        named: dict[str, object] = {
            "sample": sample,
            "pace": pace,
            "mode": mode,
            "upstream": upstream_words(upstream),
            "record_to": record_to,
            "fault": fault,
            "port": port,
            # TAPEDECK_HOST and tapedeck.json may say where a server of its own listens, which asks for a token.
            "host": "127.0.0.1",
            "require_session": require_session,
            "stop_with_stdin": True,
        }
        paths = [os.fspath(path) for path in cassettes]
        self._arguments = ["serve", *paths, *option_words(named | options), *arguments]
        self._cwd = None if cwd is None else os.fspath(cwd)
        self._env = env
        self._gives_keys = mode in (None, "replay", "none")
        self._numbers = itertools.count(1)
        self._process: DeckProcess | None = None
        self._pages: Pages | None = None

    # Its life

    def start(self) -> Deck:
        """Starts the deck; it answers when this returns.

        Raises:
            DeckError: The deck could not be started, in its own words.
        """
        if self._process is not None:
            raise DeckError(f"the deck runs already, at {self._process.url}")
        self._process = DeckProcess([program(), *self._arguments], self._cwd, self._env, _READY_WITHIN_S)
        self._pages = Pages(self._process.url)
        return self

    def stop(self) -> int | None:
        """Ends the deck when what it records is written.

        Returns:
            Its exit code: 0, or 1 where a recording was lost or something else was found that `fail_on` names. Nothing
            where the deck does not run, or belongs to the process that this one was forked from.
        """
        process, self._process = self._process, None
        if process is None:
            return None
        if self._pages is not None:
            self._pages.close()
        code = process.stop()
        self._last_words = process.said
        return code

    def __enter__(self) -> Deck:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end(error)

    async def __aenter__(self) -> Deck:
        # Imported here: it takes longer than all the rest together, and most decks need none of it.
        import asyncio

        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        import asyncio

        await asyncio.to_thread(self._end, error)

    def _end(self, error: BaseException | None) -> None:
        """Ends the deck; what it found is an error, unless the block has one of its own."""
        code = self.stop()
        if code and error is None:
            raise DeckError(self.said or f"the deck ended with exit code {code}")

    @property
    def is_running(self) -> bool:
        """Whether the deck was started and has not ended, by itself or otherwise."""
        return self._process is not None and self._process.is_running

    # What clients need

    @property
    def url(self) -> str:
        """The base URL; requests to it share the unnamed session."""
        return self.pages.base

    def session(self, name: str | None = None) -> Session:
        """A session by name, or a new one.

        Args:
            name: 1 to 128 characters out of `A-Za-z0-9._:[]/-`.
        """
        if name is None:
            name = f"session-{os.getpid()}-{next(self._numbers)}"
        return Session(self.pages, name, gives_keys=self._gives_keys)

    # What it says

    @property
    def pages(self) -> Pages:
        """The deck's own pages."""
        if self._process is None or self._pages is None:
            raise DeckError("the deck does not run: start it, as with a 'with' block")
        return self._pages

    @property
    def pid(self) -> int | None:
        """The number of the deck's process, while it runs."""
        return None if self._process is None else self._process.pid

    @property
    def said(self) -> str:
        """The end of what the deck said on its standard error: warnings, and why it ended."""
        return self._last_words if self._process is None else self._process.said

    _last_words = ""
