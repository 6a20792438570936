"""What becomes of a test once its body is over: the deck's side of the story."""

from __future__ import annotations

from typing import Any

import pytest

from ._errors import DeckError
from ._journal import Entry
from ._pytest_run import RECORD_IT, Run, Trial

_NOT_RECORDED = (
    "a fault does nothing to an answer that is forwarded: the answers were recorded, "
    "and the test runs without --tapedeck-mode"
)


def judged(run: Run, trial: Trial, error: BaseException | None, section: pytest.StashKey[str]) -> None:
    """Fails a test that passed and should not have; adds to the report of one that failed.

    Raises:
        pytest.fail.Exception: With what the deck saw.
        pytest.skip.Exception: The test is about a fault, and faults do nothing while answers are recorded.
    """
    if isinstance(error, (KeyboardInterrupt, SystemExit, pytest.exit.Exception, pytest.skip.Exception)):
        return
    if trial.session.asked and not run.settings.plays:
        _own_failure(trial, error)
        raise pytest.skip.Exception(_NOT_RECORDED, _use_item_location=True)
    try:
        entries = run.entries(trial)
        problems = run.problems(trial, entries)
    except DeckError as lost:
        own = _own_failure(trial, error)
        if own is not None:
            trial.item.stash[section] = f"the test itself failed with {type(own).__name__}: {own}"
        # What a test makes of a deck that is gone is no failure of its own.
        raise pytest.fail.Exception(f"tapedeck: {run.death() or lost}", pytrace=False) from None
    words = [run.words(trial, problem) for problem in problems]
    has_failed = error is not None or bool(getattr(trial.item, "_excinfo", None))
    if has_failed or problems:
        journal = _journal(trial, entries, "\n".join(words))
        trial.item.stash[section] = "\n".join([*words, *journal] if has_failed else journal)
    if problems and not has_failed:
        pytest.fail(_message(words), pytrace=False)


def _own_failure(trial: Trial, error: BaseException | None) -> BaseException | None:
    """The failure of a test that gets another one, which must not be reported in front of it."""
    # unittest keeps its failures there, and reports them before the exception that comes through.
    case: Any = trial.item
    kept = getattr(case, "_excinfo", None)
    if not kept:
        return error
    case._excinfo = None
    own: BaseException = kept[0].value
    return own


def _message(words: list[str]) -> str:
    """What is wrong. pytest's summary shows the first line alone."""
    return "\n".join([f"tapedeck: {words[0]}", *(f"also: {text}" for text in words[1:])])


def _journal(trial: Trial, entries: list[Entry], said: str) -> list[str]:
    """What the journal says of the test, and has not been said: each request, with what plays its answer again."""
    shown = [entry for entry in entries if entry.session == trial.session.name or entry.at >= trial.began]
    lines = [f"session {trial.session.name}" + ("" if shown else ": no request came")]
    for entry in shown:
        miss = (entry.miss or "").partition(RECORD_IT)[0]
        lines.append(f"  {entry}" if miss in said else f"  {entry}: {miss}")
        lines += [f"    note: {note}" for note in entry.notes]
        lines += [f"    reproduce: {entry.reproduce}"] if entry.reproduce else []
    return lines
