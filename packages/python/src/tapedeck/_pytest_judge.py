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
        # unittest keeps its failures there, and reports them before the exception that comes through.
        case: Any = trial.item
        if getattr(case, "_excinfo", None):
            case._excinfo = None
        raise pytest.skip.Exception(_NOT_RECORDED, _use_item_location=True)
    try:
        entries = run.entries(trial)
        problems = run.problems(trial, entries)
    except DeckError as lost:
        said = f"{lost}\n{run.deck_said}" if run.deck_said else str(lost)
        trial.item.stash[section] = said
        if error is None:
            pytest.fail(f"tapedeck: {lost}", pytrace=False)
        return
    words = [run.words(trial, problem) for problem in problems]
    has_failed = error is not None or bool(getattr(trial.item, "_excinfo", None))
    if has_failed or problems:
        trial.item.stash[section] = "\n".join(_section(trial, entries, words if has_failed else []))
    if problems and not has_failed:
        pytest.fail(_message(words), pytrace=False)


def _message(words: list[str]) -> str:
    if len(words) == 1:
        return f"tapedeck: {words[0]}"
    lines = "\n".join(f"- {text}" for text in words)
    return f"tapedeck: {len(words)} things are wrong:\n{lines}"


def _section(trial: Trial, entries: list[Entry], words: list[str]) -> list[str]:
    """The journal of the test, each request with the line that plays its answer again."""
    shown = [entry for entry in entries if entry.session == trial.session.name or entry.at >= trial.began]
    lines = [*words, f"session {trial.session.name}" + ("" if shown else ": no request came")]
    for entry in shown:
        lines.append(f"  {entry}" if entry.miss is None else f"  {entry}: {entry.miss.partition(RECORD_IT)[0]}")
        lines += [f"    note: {note}" for note in entry.notes]
        lines += [f"    reproduce: {entry.reproduce}"] if entry.reproduce else []
    return lines
