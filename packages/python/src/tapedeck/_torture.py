"""Judges a client that is a callable against every way in which a stream can break."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ._callable import Answer as Answer
from ._callable import CallableServer
from ._environment import dummy_keys, environment, without_proxy
from ._errors import DeckError
from ._program import program, why_not_run
from ._words import Path, counted, listed, option_words

_WRONG = {"silent-truncation", "corrupted", "repeated", "invented", "hang", "crash", "gave-up"}
_WRONG_CONDUCT = {"retry-too-soon", "retry-storm", "retried-fatal", "left-open"}

Delivered: TypeAlias = "str | Answer | Iterator[str] | AsyncIterator[str] | Awaitable[str | Answer]"
Client: TypeAlias = "Callable[[str], Delivered]"


@dataclass(frozen=True)
class Result:
    """A case, and what the client made of it."""

    case: str
    cassette: str
    exchange: int
    title: str
    fault: str
    expect: str
    expectation: str
    clause: str
    verdict: str
    conduct: str
    attempts: int
    evidence: str
    conduct_evidence: str
    known: bool

    @property
    def id(self) -> str:
        """The case with its cassette: a `case` that chooses this one alone."""
        return f"{self.cassette}/{self.case}"

    @property
    def is_wrong(self) -> bool:
        """Whether the client did what no right client does, and nobody knew of it."""
        return not self.known and (self.verdict in _WRONG or self.conduct in _WRONG_CONDUCT)

    def check(self) -> None:
        """Asserts that the client did well.

        Raises:
            AssertionError: With what it did, and what a right client does.
        """
        __tracebackhide__ = True
        if self.is_wrong:
            raise AssertionError(str(self))

    def __str__(self) -> str:
        said = [f"{self.id}: {self.verdict}: {self.evidence}"]
        if self.conduct in _WRONG_CONDUCT:
            said.append(f"  {self.conduct}: {self.conduct_evidence}")
        return "\n".join([*said, f"  {self.title}. {self.expectation} ({self.clause})"])


@dataclass(frozen=True)
class Report:
    """What a client made of all cases; it can be iterated over."""

    results: tuple[Result, ...]
    left_out: int
    stale: tuple[str, ...]

    @property
    def wrong(self) -> tuple[Result, ...]:
        """The cases that the client got wrong."""
        return tuple(result for result in self.results if result.is_wrong)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def check(self) -> None:
        """Asserts that the client got no case wrong.

        Raises:
            AssertionError: With each case that it got wrong, and each known failure that no longer fails.
        """
        __tracebackhide__ = True
        if self.wrong or self.stale:
            raise AssertionError(str(self))

    def __str__(self) -> str:
        wrong = self.wrong
        lines = [f"{counted(len(self.results), 'case')}: {len(wrong) or 'none'} wrong", *self.stale]
        return "\n".join([*lines, *map(str, wrong)])


def torture(
    client: Client,
    *cassettes: Path,
    sample: bool = False,
    case: str | Sequence[str] = (),
    exclude: str | Sequence[str] = (),
    known: Path | None = None,
    jobs: int | None = None,
    timeout: str | None = None,
    budget: str | None = None,
    cwd: Path | None = None,
    **options: object,
) -> Report:
    """Runs a client against every way in which a stream can break, and judges it.

    Args:
        client: Is called with a base URL, asks once, and delivers the answer: as a `str` or an `Answer`, or piece by
            piece as a generator, which may return the reason for the end. One that raises has reported a failure, and
            delivered what it had yielded. It may be async. It is called from other threads, several at a time (`jobs`);
            while they run, each SDK that has no key finds a dummy in the environment.
        cassettes: Cassettes and folders of cassettes.
        sample: Use the built-in cassettes too.
        case: Only cases that match, such as `"cut/*"`.
        exclude: Leave out cases that match.
        known: A file of known failures.
        jobs: How many cases to run at once, 2 by default.
        timeout: How long one case may take, such as `"10s"`; a client that takes longer hangs.
        budget: End after this time, such as `"2m"`.
        cwd: The folder that paths are relative to.
        options: All other options of `tapedeck torture`: `read_timeout="5s"` is `--read-timeout 5s`.

    Raises:
        DeckError: There is no verdict, as when the client does not work without a fault either.
        TypeError: The client delivered what is no answer.
    """
    named: dict[str, object] = {
        "sample": sample,
        "case": listed(case),
        "exclude": listed(exclude),
        "known": known,
        "jobs": jobs,
        "timeout": timeout,
        "budget": budget,
    }
    words = [program(), "torture", *(os.fspath(path) for path in cassettes), "--keep", "--json"]
    words += option_words(named | options)
    child: subprocess.Popen[bytes] | None = None

    def end() -> None:
        if child is not None:
            child.terminate()

    server = CallableServer(client, on_flaw=end)
    try:
        child = _started([*words, "--", *server.command], cwd)
        try:
            with environment(dummy_keys() | without_proxy()):
                output, said = child.communicate()
        except BaseException:
            child.terminate()
            child.wait()
            raise
    finally:
        server.close()
    if server.flaw is not None:
        raise server.flaw
    return _report(output, said.decode("utf-8", "replace").strip(), child.returncode)


def listed_cases(cassettes: Sequence[Path], cwd: Path | None = None, **options: object) -> list[dict[str, Any]]:
    """The cases of cassettes, as `torture --list --json` prints them."""
    words = [program(), "torture", *(os.fspath(path) for path in cassettes), "--list", "--json", *option_words(options)]
    output, said = _started(words, cwd).communicate()
    try:
        found: list[dict[str, Any]] = json.loads(output)["cases"]
    except ValueError:
        raise DeckError(said.decode("utf-8", "replace").strip()) from None
    return found


def _started(words: Sequence[str], cwd: Path | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd
        )
    except OSError as error:
        raise DeckError(why_not_run(words[0], error)) from None


def _report(output: bytes, said: str, code: int) -> Report:
    try:
        page = json.loads(output)
    except ValueError:
        page = None
    if page is None or code not in (0, 1):
        raise DeckError(said or f"tapedeck torture ended with exit code {code} and said nothing")
    return Report(
        results=tuple(_result(each) for each in page["results"]),
        left_out=page["left_out"],
        stale=tuple(_stale(each) for each in page.get("stale", ())),
    )


def _stale(json: dict[str, Any]) -> str:
    return f"known failure '{json['case']}' ({json['verdict']}) no longer fails: take it out of the file"


def _result(json: dict[str, Any]) -> Result:
    return Result(
        case=json["case"],
        cassette=json["cassette"],
        exchange=json["exchange"],
        title=json["title"],
        fault=json["fault"],
        expect=json["expect"],
        expectation=json["expectation"],
        clause=json["clause"],
        verdict=json["verdict"],
        conduct=json["conduct"],
        attempts=json["attempts"],
        evidence=json["evidence"],
        conduct_evidence=json["conduct_evidence"],
        known=json.get("known", False),
    )
