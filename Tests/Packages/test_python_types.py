"""The package's types are sound to the strictest checkers, and a user's code finds them."""

import subprocess
import sys

import pytest

from conftest import ROOT

pytest_plugins = ("python_project",)

SOURCES = ROOT / "packages" / "python" / "src"
CHECKERS = {
    "mypy": ["mypy", "--strict", "--no-incremental", "--cache-dir=/dev/null"],
    "basedpyright": ["basedpyright", "--level", "error"],
}
USER = """
import tapedeck


def client(base_url: str) -> str:
    return base_url


async def check(session: tapedeck.Session) -> None:
    entries = session.with_fault("reset@event:12", on=1).expect(attempts=2)
    reveal_type(entries[0].faults[0].name)
    async with tapedeck.Deck("cassettes", pace="instant", match_normalize=["uuid"]) as deck:
        reveal_type(deck.session("a").journal())
    reveal_type(tapedeck.torture(client, "cassettes").wrong)


@tapedeck.cases("cassettes", case="cut/*")
def test_cut(case: tapedeck.Case) -> None:
    case.check(client)


tapedeck.Deck(pace=2)
"""


@pytest.mark.parametrize("version", ["3.10", "3.14"])
@pytest.mark.parametrize("checker", CHECKERS)
def test_a_strict_checker_finds_nothing(checker, version):
    flag = "--python-version" if checker == "mypy" else "--pythonversion"
    command = [sys.executable, "-m", *CHECKERS[checker], flag, version, SOURCES]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=SOURCES.parent)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_types_reach_a_user(python, tmp_path):
    (tmp_path / "user.py").write_text(USER)
    done = python.run("python", "-m", *CHECKERS["mypy"], "user.py", cwd=tmp_path)
    assert 'Revealed type is "str"' in done.out, done.out
    assert 'Revealed type is "list[tapedeck._journal.Entry]"' in done.out
    assert 'Revealed type is "tuple[tapedeck._torture.Result, ...]"' in done.out
    assert 'Argument "pace" to "Deck" has incompatible type "int"; expected "str | None"' in done.out
    assert "Found 1 error in 1 file" in done.out
