"""How the deck of a run of tests is set up: options before configuration, and that before tapedeck.json."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest

from ._deck import Deck
from ._pytest_marker import kinds

MODES = {
    "none": "replay",
    "once": "once",
    "new_episodes": "auto",
    "all": "record",
    "replay": "replay",
    "auto": "auto",
    "record": "record",
    "passthrough": "passthrough",
}
_FAIL_ON = "refused,unfired,miss,lost"


@dataclass
class Settings:
    """What the deck is started with, and what fails a test."""

    root: Path
    paths: list[str]
    record_to: str
    mode: str
    upstream: list[str]
    pace: str | None
    options: list[str]
    fail_on: list[str]
    running: str | None

    @property
    def plays(self) -> bool:
        """Whether everything is played, so that faults and paces count."""
        return self.mode == "replay"

    @property
    def target(self) -> Path:
        """The cassette of all recordings, or the folder in which each session has one."""
        return self.root / self.record_to

    @property
    def is_folder(self) -> bool:
        """Whether each session has a cassette of its own, by the rule of `--record-to`."""
        return self.target.is_dir() if self.target.exists() else not self.record_to.endswith(".tape")

    def cassette(self, name: str) -> Path:
        """The file to which a session is recorded."""
        return self.target / f"{name}.tape" if self.is_folder else self.target

    def deck(self) -> Deck:
        """The deck, not started yet."""
        keeps = self.mode != "passthrough"
        return Deck(
            *self.paths,
            mode=self.mode,
            upstream=self.upstream,
            record_to=self.record_to if keeps else None,
            pace=self.pace,
            require_session=True,
            # The first run has no recordings: each test that needs one fails with the command that makes it.
            allow_empty=True,
            # What a test left undone fails that test; the deck's own end is about lost recordings alone.
            fail_on="lost",
            cwd=self.root,
            arguments=self.options,
        )

    def resolved_for_all(self) -> str:
        """The mode for several decks that record at once.

        In `once`, a deck that starts later would take what another has just recorded for a recording of before.
        """
        return "auto" if self.mode == "once" and not self._has_recordings() else self.mode

    def _has_recordings(self) -> bool:
        places = [self.root / path for path in self.paths] + [self.target]
        return any(place.is_file() or next(place.rglob("*.tape"), None) is not None for place in places)


def settings(config: pytest.Config) -> Settings:
    """The settings of a run.

    Raises:
        pytest.UsageError: One of them cannot be.
    """
    root = config.rootpath
    file = _file_of_program(root)
    paths = [os.path.relpath(path, root) for path in config.getini("tapedeck_cassettes")]
    record_to = config.getoption("tapedeck_record_to") or config.getini("tapedeck_record_to")
    mode = _mode(config, file)
    if not paths and not file.get("paths"):
        paths = ["cassettes"]
    target = str(record_to or file.get("record-to") or (paths or file["paths"])[0])
    upstream = config.getoption("tapedeck_upstream") or config.getini("tapedeck_upstream")
    has_pace = "TAPEDECK_PACE" in os.environ or "pace" in file
    url = os.environ.get("TAPEDECK_URL")
    return Settings(
        root=root,
        paths=[path for path in paths if Path(path) != Path(target)],
        record_to=target,
        mode=mode,
        upstream=list(upstream or ([] if mode == "replay" else _list(file.get("upstream")))),
        pace=config.getini("tapedeck_pace") or (None if has_pace else "instant"),
        options=list(config.getini("tapedeck_options")),
        fail_on=kinds(config.getini("tapedeck_fail_on") or os.environ.get("TAPEDECK_FAIL_ON") or _FAIL_ON, _refuse),
        # One that holds directives is that of a test around this one.
        running=url.rstrip("/") if url and not urlsplit(url).path.strip("/") else None,
    )


def _mode(config: pytest.Config, file: dict[str, Any]) -> str:
    workerinput: dict[str, Any] = getattr(config, "workerinput", {})
    given = (
        workerinput.get("tapedeck_mode")
        or config.getoption("tapedeck_mode")
        or config.getini("tapedeck_mode")
        or os.environ.get("TAPEDECK_MODE")
        or file.get("mode")
        or "none"
    )
    if given not in MODES:
        _refuse(f"there is no tapedeck_mode '{given}': there are {', '.join(MODES)}")
    return MODES[given]


def _file_of_program(root: Path) -> dict[str, Any]:
    """What tapedeck.json says of `serve`; what is wrong with the file the program says best."""
    try:
        found = json.loads((root / "tapedeck.json").read_bytes())["serve"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return [] if value is None else [str(value)]


def _refuse(reason: str) -> NoReturn:
    raise pytest.UsageError(reason)
