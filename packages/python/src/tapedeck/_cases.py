"""Cases of torture as tests: one for each, with the case's id."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from ._errors import DeckError
from ._torture import Client, listed_cases, torture
from ._words import Path, value_text

if TYPE_CHECKING:
    import pytest

Test = TypeVar("Test", bound=Callable[..., Any])

# What chooses cases. The rest says how they are run.
_CHOICE = ("sample", "case", "exclude", "fault", "places", "read_timeout", "time_scale")


@dataclass(frozen=True)
class Case:
    """One recording with one fault at one place, and what a right client does with it."""

    id: str
    title: str
    fault: str
    expect: str
    expectation: str
    clause: str
    cassettes: tuple[str, ...] = field(repr=False)
    cwd: str = field(repr=False)
    options: dict[str, object] = field(repr=False, compare=False)
    flaw: str | None = field(default=None, repr=False)

    def check(self, client: Client) -> None:
        """Runs a client against the case, after one run without any fault.

        Raises:
            AssertionError: The client did what no right client does.
            DeckError: There is no verdict, as when the client does not work without a fault either.
        """
        __tracebackhide__ = True
        if self.flaw is not None:
            raise DeckError(self.flaw)
        options: dict[str, Any] = self.options | ({} if "fault" in self.options else {"case": self.id})
        torture(client, *self.cassettes, cwd=self.cwd, **options).check()

    def __str__(self) -> str:
        return self.id


def cases(*cassettes: Path, **options: object) -> Callable[[Test], Test]:
    """Runs a test once for each case, which it gets as the argument `case`: `case.check(client)`.

    Args:
        cassettes: Cassettes and folders of cassettes, relative to pytest's root folder; those of the configuration
            where none is named.
        options: Which cases, such as `case="cut/*"`, and how they are run: as for `tapedeck.torture`.
    """
    import pytest

    mark: Callable[[Test], Test] = pytest.mark.tapedeck_cases(*[os.fspath(path) for path in cassettes], **options)
    return mark


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Gives a test that is marked so its cases."""

    mark = metafunc.definition.get_closest_marker("tapedeck_cases")
    assert mark is not None
    options = dict(mark.kwargs)
    cassettes = tuple(mark.args) or _configured(metafunc.config, options)
    root = str(metafunc.config.rootpath)
    try:
        found = listed_cases(cassettes, root, **{key: options[key] for key in _CHOICE if key in options})
    except DeckError as error:
        return metafunc.parametrize("case", [_no_case(str(error), metafunc.config)])
    kept = {key: value for key, value in options.items() if key not in ("case", "exclude")}
    several = len({(each["cassette"], each["exchange"]) for each in found}) > 1
    made = [_case(each, cassettes, root, kept) for each in found]
    names = [case.id if several else str(each["case"]) for case, each in zip(made, found, strict=True)]
    return metafunc.parametrize("case", made, ids=names)


def _case(listed: dict[str, Any], cassettes: Sequence[str], root: str, options: dict[str, object]) -> Case:
    return Case(
        id=f"{listed['cassette']}#{listed['exchange']}/{listed['case']}",
        title=listed["title"],
        fault=listed["fault"],
        expect=listed["expect"],
        expectation=listed["expectation"],
        clause=listed["clause"],
        cassettes=tuple(cassettes),
        cwd=root,
        options=options,
    )


def _no_case(flaw: str, config: pytest.Config) -> Any:
    """What stands for cases that cannot be listed: it fails the test, or is skipped while answers are recorded."""
    import pytest

    case = Case("none", "", "", "", "", "", (), "", {}, flaw=flaw)
    records = config.getoption("tapedeck_mode") not in (None, "none", "replay")
    return pytest.param(case, id="none", marks=[pytest.mark.skip(reason=flaw)] if records else [])


def _configured(config: pytest.Config, options: dict[str, object]) -> tuple[str, ...]:
    if options.get("sample"):
        return ()
    found = [value_text(path) for path in config.getini("tapedeck_cassettes")]
    return tuple(found or ["cassettes"])
