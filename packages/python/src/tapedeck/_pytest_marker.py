"""What the markers of a test say: `@pytest.mark.tapedeck("cassette", fault="reset@event:12", on=1)`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn

import pytest

from ._problems import KINDS
from ._words import listed, with_keys

_DIRECTIVES = ("pace", "seed", "exchange", "attempt")
_WORDS = ("cassette", "fault", "on", "fail_on", *_DIRECTIVES)


@dataclass
class Marked:
    """What all markers of a test say together; for each word, the closest counts, and None takes the word away."""

    cassette: str | None = None
    faults: list[str] = field(default_factory=list)
    directives: dict[str, Any] = field(default_factory=dict)
    fail_on: list[str] | None = None


def marked(item: pytest.Item) -> Marked:
    """What a test is marked with.

    Raises:
        pytest.fail.Exception: A marker says what none can say.
    """
    words: dict[str, Any] = {}
    for mark in item.iter_markers("tapedeck"):
        said = _said(mark)
        if "on" in said and "fault" in words and "on" not in words:
            del said["on"]
        for key, value in said.items():
            words.setdefault(key, value)
    words = {key: value for key, value in words.items() if value is not None}
    if "on" in words and "fault" not in words:
        _refuse("'on' says on which attempts a fault fires, and there is no fault: add fault='…'")
    cassette = words.get("cassette")
    return Marked(
        cassette=None if cassette is None else str(cassette).removesuffix(".tape"),
        faults=_faults(words.get("fault", ()), words.get("on")),
        directives={key: words[key] for key in _DIRECTIVES if key in words},
        fail_on=kinds(words["fail_on"], _refuse) if "fail_on" in words else None,
    )


def kinds(value: str | list[str], refuse: Any) -> list[str]:
    """A list of what fails a test, as `--fail-on` takes it: names with commas, or `none`."""
    found = [word.strip() for each in listed(value) for word in each.split(",") if word.strip() not in ("", "none")]
    for kind in found:
        if kind not in KINDS:
            refuse(f"there is no '{kind}' to fail on: there are {', '.join(KINDS)}, and none")
    return found


def _said(mark: pytest.Mark) -> dict[str, Any]:
    said = dict(mark.kwargs)
    if len(mark.args) > 1 or (mark.args and "cassette" in said):
        _refuse(f"there is one cassette, and here are {mark.args}: name a folder's cassettes in the configuration")
    if mark.args:
        said["cassette"] = mark.args[0]
    for key in said:
        if key not in _WORDS:
            _refuse(f"it has no '{key}': it takes {', '.join(_WORDS)}")
    return said


def _faults(faults: Any, on: Any) -> list[str]:
    if not isinstance(faults, (str, list, tuple)) or not all(isinstance(fault, str) for fault in faults):
        _refuse(f"fault is {faults!r}: expected a fault such as 'reset@event:12', or a list of them")
    if not isinstance(on, (int, str, type(None))):
        _refuse(f"on is {on!r}: expected an attempt such as 1, or a range such as '1-2'")
    return [with_keys(fault, on) for fault in listed(faults)]


def _refuse(reason: str) -> NoReturn:
    pytest.fail(f"@pytest.mark.tapedeck: {reason}", pytrace=False)
