"""The pytest plugin: the fixture and the marker `tapedeck`, and the failures that a deck sees and a test does not.

PYTEST_DONT_REWRITE: it asserts nothing, and pytest imports it in every run.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ._deck import Deck
    from ._pytest_run import Run, Trial
    from ._session import Session

_MODES = ("none", "once", "new_episodes", "all", "replay", "auto", "record", "passthrough")
_MARKER = (
    "tapedeck(cassette, fault=None, on=None, pace=None, seed=None, exchange=None, attempt=None, fail_on=None): "
    "give the test a session of its own, in which answers are played from recordings, and broken on purpose"
)
_CASES_MARKER = "tapedeck_cases(...): run the test for each case of torture; see tapedeck.cases"

_RUN: pytest.StashKey[Run] = pytest.StashKey()
_TRIAL: pytest.StashKey[Trial] = pytest.StashKey()
_SECTION: pytest.StashKey[str] = pytest.StashKey()
_FLAW: pytest.StashKey[str] = pytest.StashKey()
_ENDS: pytest.StashKey[list[dict[str, Any]]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("tapedeck", "recorded LLM streams")
    group.addoption(
        "--tapedeck-mode",
        choices=_MODES,
        help="none (the default): play recordings only; once: record where there is no cassette yet; "
        "new_episodes: record what is not recorded; all: record everything anew",
    )
    group.addoption("--tapedeck-record-to", metavar="PATH", help="a cassette, or a folder with one for each test")
    group.addoption(
        "--tapedeck-upstream",
        action="append",
        metavar="URL",
        help="where requests go that are recorded, or /PREFIX=URL for the paths below it; may repeat",
    )
    parser.addini("tapedeck_cassettes", "cassettes and folders of cassettes; 'cassettes' by default", type="paths")
    parser.addini("tapedeck_record_to", "where recordings go; the first of tapedeck_cassettes by default")
    parser.addini("tapedeck_mode", "the mode where --tapedeck-mode does not say one")
    parser.addini("tapedeck_upstream", "where requests go that are recorded", type="linelist")
    parser.addini("tapedeck_pace", "when things are sent; 'instant' by default")
    parser.addini("tapedeck_fail_on", "what fails a test; 'refused,unfired,miss,lost' by default")
    parser.addini("tapedeck_options", "other options of 'tapedeck serve'", type="args")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)
    config.addinivalue_line("markers", _CASES_MARKER)


def pytest_report_header(config: pytest.Config) -> str | None:
    if not config.getoption("tapedeck_mode") and not config.getini("tapedeck_mode"):
        return None
    found = _run(config).settings
    if found.mode in ("replay", "passthrough"):
        return f"tapedeck: mode {found.mode}"
    return f"tapedeck: mode {found.mode}, recordings go to {found.record_to}"


# Tests


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("tapedeck_cases"):
        from ._cases import parametrize

        parametrize(metafunc)


def pytest_itemcollected(item: pytest.Item) -> None:
    """A marked test has the fixture, before its own: a client that one of them makes finds the session."""
    if item.get_closest_marker("tapedeck"):
        function: Any = item
        names = getattr(function, "fixturenames", None)
        if names is not None and "tapedeck" not in names[:1]:
            function.fixturenames = ["tapedeck", *(name for name in names if name != "tapedeck")]


@pytest.fixture
def tapedeck(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session of the test's own: its base URLs, set in the environment too, and what happened in it."""
    stash = request.config.stash
    if _FLAW in stash:
        pytest.fail("tapedeck cannot be set up: an earlier test has the reason", pytrace=False)
    try:
        trial = _run(request.config).begin(request.node)
    except pytest.UsageError as error:
        stash[_FLAW] = str(error)
        raise pytest.fail.Exception(f"tapedeck cannot be set up: {error}", pytrace=False) from None
    request.node.stash[_TRIAL] = trial
    with trial.session.environment() as session:
        yield session


@pytest.fixture(scope="session")
def tapedeck_deck(request: pytest.FixtureRequest) -> Deck:
    """The deck of this process, for clients that live longer than a test: give them sessions by name."""
    return _run(request.config).deck()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    trial = item.stash.get(_TRIAL, None)
    if trial is None:
        return (yield)
    from ._pytest_judge import judged

    try:
        result = yield
    except BaseException as error:
        judged(_run(item.config), trial, error, _SECTION)
        raise
    judged(_run(item.config), trial, None, _SECTION)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and _SECTION in item.stash:
        report.sections.append(("tapedeck", item.stash[_SECTION]))
    return report


# The end of the run


def pytest_sessionfinish(session: pytest.Session) -> None:
    config: Any = session.config
    run = config.stash.get(_RUN, None)
    ends = config.stash.setdefault(_ENDS, [])
    if run is not None:
        code = run.stop()
        ends.append({"code": code, "said": run.said})
    if hasattr(config, "workeroutput"):
        config.workeroutput["tapedeck"] = ends
    elif any(end["code"] for end in ends) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    lines = [line for end in config.stash.get(_ENDS, []) for line in end["said"].splitlines()]
    if lines:
        terminalreporter.section("tapedeck")
        for line in dict.fromkeys(lines):
            terminalreporter.line(line)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """What a worker is told: whether anything was recorded before the first of them began."""
    config = node.config
    given = (config.getoption("tapedeck_mode"), config.getini("tapedeck_mode"), os.environ.get("TAPEDECK_MODE"))
    if "once" in given or (config.rootpath / "tapedeck.json").exists():
        node.workerinput["tapedeck_mode"] = _run(config).settings.resolved_for_all()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    ends = node.config.stash.setdefault(_ENDS, [])
    ends += (getattr(node, "workeroutput", None) or {}).get("tapedeck", [])


def _run(config: pytest.Config) -> Run:
    run = config.stash.get(_RUN, None)
    if run is None:
        from ._pytest_run import Run

        run = config.stash[_RUN] = Run(config)
    return run
