"""A run of tests: its deck, the session of each test, and what fails the test that caused it."""

from __future__ import annotations

import os
import re
import shlex
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from ._deck import Deck
from ._errors import DeckError
from ._journal import Entry, Problem
from ._pages import Pages
from ._problems import problems
from ._pytest_marker import Marked, marked
from ._pytest_names import session_name
from ._pytest_settings import Settings, settings
from ._session import Session
from ._words import encoded, with_keys

if TYPE_CHECKING:
    from typing_extensions import Self

_UPSTREAM = re.compile(r"--upstream '?([^' ]+)'?")
RECORD_IT = "; record it with: "


@dataclass
class _Asked:
    """What a test asked for, whichever of its session's base URLs it took."""

    faults: list[str] = field(default_factory=list)


class TestSession(Session):
    """The session of a test. While answers are recorded it gives base URLs without faults, which would do nothing."""

    __test__ = False

    def __init__(self, pages: Pages, name: str, directives: Sequence[tuple[str, str]], plays: bool) -> None:
        super().__init__(pages, name, directives, gives_keys=plays)
        self._asked = _Asked()
        self._plays = plays

    @property
    def asked(self) -> list[str]:
        """The faults that the test asked for, with whichever of its session's base URLs."""
        return self._asked.faults

    def with_fault(self, *faults: str, on: int | str | None = None) -> Self:
        self._asked.faults += [with_keys(fault, on) for fault in faults]
        return super().with_fault(*faults, on=on) if self._plays else self


@dataclass
class Trial:
    """A test that runs, and when it began."""

    item: pytest.Item
    marked: Marked
    session: TestSession
    began: str


class Run:
    """The deck of a process that runs tests, and what it has told so far."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.settings: Settings = settings(config)
        self._deck: Deck | None = None
        self._failure: str | None = None
        self._seen = 0
        self._pages: Pages | None = None
        self._tests: dict[str, str] = {}
        self.said = ""

    # The deck

    def deck(self) -> Deck:
        """The deck of this process, which is started when it is first needed."""
        if self.settings.running is not None:
            pytest.fail("there is no deck of this process: TAPEDECK_URL names one that runs already", pytrace=False)
        if self._failure is not None:
            pytest.fail("the deck did not start: an earlier test has its words", pytrace=False)
        if self._deck is None:
            self._deck = self.settings.deck()
        if not self._deck.is_running:
            try:
                self._deck.stop()
                self._deck.start()
            except DeckError as error:
                self._failure = str(error)
                raise pytest.fail.Exception(f"the deck did not start: {error}", pytrace=False) from None
            self._seen = 0
        return self._deck

    def pages(self) -> Pages:
        """The pages of the deck that the tests use."""
        if self.settings.running is None:
            return self.deck().pages
        if self._pages is None:
            self._pages = Pages(self.settings.running)
        return self._pages

    def stop(self) -> int:
        """Ends the deck; gives its exit code, 0 where there was none."""
        if self._deck is None:
            return 0
        code = self._deck.stop()
        self.said = self._deck.said
        return code or 0

    def death(self) -> str | None:
        """How this process's deck has died, in its own words too; nothing where it runs, or belongs to another."""
        if self._deck is None or self._deck.is_running:
            return None
        code = self._deck.stop() or 0
        end = f"was ended by {_signal_name(-code)}" if code < 0 else f"ended with exit code {code}"
        said = f":\n{self._deck.said}" if self._deck.said else ", and said nothing"
        return f"the deck died while the test ran: it {end}{said}"

    # A test

    def begin(self, item: pytest.Item) -> Trial:
        """Gives a test a session that nothing was asked in."""
        found = marked(item)
        pages = self.pages()
        name = session_name(item.nodeid)
        directives: list[tuple[str, str]] = []
        if found.cassette is not None:
            if self.settings.plays:
                directives.append(("cassette", found.cassette))
            else:
                name = self._recorded_as(found.cassette)
        if name in self._tests:
            pages.forget(name)
        self._tests[name] = item.nodeid
        session = TestSession(pages, name, directives, plays=self.settings.plays)
        session = session.with_fault(*found.faults).directive(**found.directives)
        return Trial(item, found, session, datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))

    def _recorded_as(self, cassette: str) -> str:
        """The session whose recording has the name that a marker gives it."""
        if self.settings.is_folder:
            return cassette
        if self.settings.target.stem == cassette:
            return session_name(cassette)
        pytest.fail(
            f"the marker names the cassette '{cassette}', and all recordings go to {self.settings.record_to}: "
            "let them go to a folder, or leave the name out",
            pytrace=False,
        )

    def entries(self, trial: Trial) -> list[Entry]:
        """What was asked since the test before: by this test, and by none."""
        if self.settings.running is not None:
            return self.pages().journal(trial.session.name)
        assert self._deck is not None
        found = self._deck.pages.journal(after=self._seen)
        self._seen = found[-1].id if found else self._seen
        return found

    def problems(self, trial: Trial, entries: Sequence[Entry]) -> list[Problem]:
        """What fails a test."""
        name = trial.session.name
        wanted = self.settings.fail_on if trial.marked.fail_on is None else trial.marked.fail_on
        mine = [entry for entry in entries if entry.session == name]
        page: dict[str, Any] = trial.session.page() if mine else {}
        found = problems(mine, page, wanted)
        if "refused" in wanted:
            found += [Problem("refused", text, entry) for entry, text in self._strays(trial, entries)]
        if "unfired" in wanted:
            found += [Problem("unfired", text) for text in _unasked(trial.session.asked, mine)]
        # That nothing fired in an answer which was not given needs no words of its own.
        is_unanswered = any(problem.kind in ("refused", "miss") for problem in found)
        return [problem for problem in found if not (is_unanswered and problem.kind == "unfired")]

    def _strays(self, trial: Trial, entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
        """Requests of this test that came in no session, or in that of a test that is over."""
        found = []
        for entry in entries:
            if entry.at < trial.began or entry.session == trial.session.name:
                continue
            asked = f"{entry.method} {entry.path}"
            if entry.session is None:
                found.append((entry, f"{asked} came without a session: {entry.miss}"))
            elif entry.session in self._tests:
                test = self._tests[entry.session]
                reason = "its client was made there; make one for each test"
                found.append((entry, f"{asked} came in the session of {test}, which is over: {reason}"))
        return found

    # Words

    def words(self, trial: Trial, problem: Problem) -> str:
        """What is wrong, and for a request that is not recorded, the command that records it."""
        text, entry = problem.text, problem.entry
        if entry is None or self.settings.mode not in ("replay", "once"):
            return text
        is_unknown = problem.kind == "refused" and (entry.miss or "").startswith("there is no cassette")
        is_unrecorded = problem.kind == "miss" and text.startswith("no exchange matches")
        if not is_unrecorded and not is_unknown:
            return text
        said, _, command = text.partition(RECORD_IT)
        return f"{said}\nrecord it with: {self._command(trial, entry, command)}"

    def _command(self, trial: Trial, entry: Entry, said: str) -> str:
        name = trial.marked.cassette or trial.session.name
        mode = "new_episodes" if self.settings.cassette(name).exists() else "once"
        words = ["pytest", f"--tapedeck-mode={mode}"]
        if not self.settings.upstream:
            known = _UPSTREAM.search(said)
            words.append(f"--tapedeck-upstream={known[1] if known else _upstream_of(entry.path)}")
        path, colons, test = trial.item.nodeid.partition("::")
        where = os.path.relpath(self.settings.root / path, self.config.invocation_params.dir)
        return shlex.join([*words, where + colons + test])


def _unasked(faults: Sequence[str], mine: Sequence[Entry]) -> list[str]:
    """What to say of faults with which no request came."""
    came = {unquote(each) for entry in mine for each in entry.directives}
    missing = [fault for fault in dict.fromkeys(faults) if unquote(f"fault={encoded('fault', fault)}") not in came]
    reason = "no request came with it" if mine else "no request came; does the client read its base URL in the test?"
    return [f"the fault {fault} never fired: {reason}" for fault in missing]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _upstream_of(path: str) -> str:
    if path.startswith("/v1/messages"):
        return "https://api.anthropic.com"
    return "https://api.openai.com" if path.startswith("/v1/") else "https://generativelanguage.googleapis.com"
