"""The deck as a child process, which ends with its parent however that ends."""

from __future__ import annotations

import os
import select
import subprocess
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from typing import IO

from ._errors import DeckError
from ._program import why_not_run

_SAID_BYTES = 64 * 1024
_STOP_WITHIN_S = 20

_running: weakref.WeakSet[DeckProcess] = weakref.WeakSet()


def _let_go_in_child() -> None:
    """A forked child has a copy of each pipe: with that of the standard input it would keep the deck alive."""
    for process in list(_running):
        process.let_go()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go_in_child)


class DeckProcess:
    """A deck that runs. It ends when its standard input is closed, a pipe that only this process holds."""

    def __init__(self, command: Sequence[str], cwd: str | None, env: Mapping[str, str] | None, within_s: float) -> None:
        self._owner = os.getpid()
        self._said = bytearray()
        self._name = command[0]
        try:
            # In a session of its own: Ctrl-C is for the tests, which still ask the deck what happened.
            self._child = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=cwd,
                env=env,
                start_new_session=True,
            )
        except OSError as error:
            raise DeckError(why_not_run(command[0], error)) from None
        _running.add(self)
        self._reader = threading.Thread(target=self._read, name="tapedeck-stderr", daemon=True)
        self._reader.start()
        self.url = self._first_line(time.monotonic() + within_s)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._child.pid

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended; of another's child nothing is known, and it counts as running."""
        return self._owner != os.getpid() or self._child.poll() is None

    @property
    def said(self) -> str:
        """The end of what the deck said on its standard error, at most 64 KiB."""
        return bytes(self._said).decode("utf-8", "replace").strip()

    def stop(self) -> int | None:
        """Ends the deck, which finishes what it records; gives its exit code, or nothing in a forked child."""
        if self._owner != os.getpid():
            return None
        self._close(self._child.stdin)
        try:
            code = self._child.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            code = self._child.wait()
        self._reader.join(_STOP_WITHIN_S)
        self._close(self._child.stdout)
        self._close(self._child.stderr)
        _running.discard(self)
        return code

    def let_go(self) -> None:
        """Closes the pipes in a child that was forked."""
        for stream in (self._child.stdin, self._child.stdout, self._child.stderr):
            self._close(stream)

    @staticmethod
    def _close(stream: IO[bytes] | None) -> None:
        try:
            if stream is not None:
                stream.close()
        except OSError:
            pass

    def _first_line(self, deadline: float) -> str:
        """The base URL, which the deck says when it is ready."""
        output = self._child.stdout
        assert output is not None
        # A poll, since select refuses the high descriptors of a process that has many files open.
        readable = select.poll()
        readable.register(output, select.POLLIN)
        line = b""
        while not line.endswith(b"\n"):
            if not readable.poll(max(0, deadline - time.monotonic()) * 1000):
                self.stop()
                raise DeckError(f"the deck was not ready in time: {self.said or 'it said nothing'}")
            piece = output.read(1)
            if not piece:
                code = self.stop()
                raise DeckError(self.said or f"{self._name} ended with exit code {code} and said nothing")
            line += piece
        return line.decode().strip()

    def _read(self) -> None:
        stream = self._child.stderr
        assert stream is not None
        try:
            while piece := stream.read(4096):
                self._said += piece
                del self._said[:-_SAID_BYTES]
        except (OSError, ValueError):
            pass
