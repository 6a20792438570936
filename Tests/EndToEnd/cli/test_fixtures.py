"""The fixtures of docs/fixtures, run as a user runs them; they fail where a request misses."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import CASSETTES, ROOT

FIXTURES = ROOT / "docs" / "fixtures"
PYTEST = [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-rA"]
MISSED = "no exchange matches POST /v1/messages/count_tokens: nearest is exchange 1 of cassette "

# The request misses, and the test itself takes the refusal calmly.
MISSES = """
from urllib.error import HTTPError
from urllib.request import urlopen
import os, pytest

def test_misses(tapedeck):
    with pytest.raises(HTTPError):
        urlopen(os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages/count_tokens", b"{}")

def test_asks_nothing(tapedeck):
    pass
"""

# Each passes by itself, since what it expects happens anyway, though not for the reason it says.
PRETENDS = """
import os
from urllib.request import urlopen
from urllib.error import HTTPError

BODY = b'{"x":1}'

def ask(base, fault):
    try:
        return urlopen(f"{base}/~fault={fault}/v1/messages", BODY).status
    except HTTPError as error:
        return error.code

def test_typo(tapedeck):
    assert ask(tapedeck, "eror") >= 400

def test_unreached(tapedeck):
    assert ask(tapedeck, "status:529,on=2") == 200

def test_fires(tapedeck):
    assert ask(tapedeck, "status:529,on=1") == 529
"""


KILLED = """
import os, signal
from pathlib import Path

def test_killed(deck):
    Path("port").write_text(deck.rpartition(":")[2])
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def environment(tapedeck):
    """That of a user, with the program in the PATH; nothing of ours is left in it."""
    ours = ("TAPEDECK", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PATH": f"{Path(tapedeck).parent}:{os.environ['PATH']}"}


def run_in(folder, environment, command):
    options = {"capture_output": True, "text": True, "check": False, "timeout": 120}
    return subprocess.run(command, cwd=folder, env=environment, **options)


def copied(tmp_path, text):
    """A folder with the fixture, and one file of tests."""
    folder = tmp_path / "pytest"
    ignored = shutil.ignore_patterns("test_*", "client*")
    shutil.copytree(FIXTURES / "pytest", folder, ignore=ignored)
    options = {"paths": [str(CASSETTES)], "pace": "instant", "require-session": True}
    (folder / "tapedeck.json").write_text(json.dumps({"serve": options}))
    (folder / "test_it.py").write_text(text)
    return folder


def test_the_fixture_starts_a_deck_of_its_own(environment):
    done = run_in(FIXTURES / "pytest", environment, PYTEST)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_the_fixture_takes_a_deck_that_runs_the_tests(environment):
    command = ["tapedeck", "serve", "--port", "0", "--", *PYTEST]
    done = run_in(FIXTURES / "pytest", environment, command)
    assert done.returncode == 0, done.stdout + done.stderr
    command.insert(2, "--fault=status:418")
    done = run_in(FIXTURES / "pytest", environment, command)
    assert done.returncode == 1 and "418" in done.stdout, "it was another deck"


def test_what_the_environment_says_of_the_deck_holds_in_the_fixture(environment):
    done = run_in(FIXTURES / "pytest", environment | {"TAPEDECK_FAULT": "status:418"}, PYTEST)
    assert done.returncode == 1
    assert "418" in done.stdout


def test_a_request_that_misses_fails_its_test_at_the_end_in_the_decks_words(environment, tmp_path):
    folder = copied(tmp_path, MISSES)
    done = run_in(folder, environment, PYTEST)
    assert done.returncode == 1
    assert "ERROR at teardown of test_misses" in done.stdout and MISSED in done.stdout
    assert "2 passed, 1 error" in done.stdout
    assert "record it with: tapedeck " in done.stdout.split(MISSED)[1]


def test_a_fault_with_a_typo_or_one_that_never_fires_fails_its_test(environment, tmp_path):
    done = run_in(copied(tmp_path, PRETENDS), environment, PYTEST)
    assert done.returncode == 1
    assert "eror" in done.stdout and "the fault status:529,on=2 never fired" in done.stdout
    assert "3 passed, 2 errors" in done.stdout, done.stdout


def test_a_request_without_a_session_fails_the_run(environment, tmp_path):
    text = """
from urllib.error import HTTPError
from urllib.request import urlopen

def test_lost_prefix(tapedeck, deck):
    try:
        urlopen(f"{deck}/v1/messages", b"{}")
    except HTTPError as error:
        assert error.code == 400
"""
    done = run_in(copied(tmp_path, text), environment, PYTEST)
    assert done.returncode == 1 and "this deck requires a session" in done.stdout


def test_a_deck_that_cannot_start_says_why(environment, tmp_path):
    folder = copied(tmp_path, MISSES)
    (folder / "tapedeck.json").write_text('{"serve": {"paces": "2x"}}')
    done = run_in(folder, environment, PYTEST)
    assert done.returncode == 1
    assert "there is no option 'paces'; did you mean 'pace'?" in done.stdout + done.stderr


def test_no_deck_is_left_behind_by_tests_that_are_killed(environment, tmp_path):
    folder = copied(tmp_path, KILLED)
    assert run_in(folder, environment, PYTEST).returncode != 0
    port = int((folder / "port").read_text())
    for _ in range(500):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.02)
    pytest.fail(f"the deck at port {port} is still there")


@pytest.mark.parametrize(
    ("test", "kept"),
    [
        ("test_a.py::test_b[1-x]", True),
        ("test_a.py::test_b[ä b]", False),
        ("test_a.py::test_b[a_b]", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("~" * 400, False),
    ],
)
def test_a_session_is_named_after_its_test_and_unlike_tests_never_share_one(environment, test, kept):
    name = safe_name(test)
    assert (name == test) is kept and 1 <= len(name) <= 128
    python = "import sys; from conftest import session_name; print(session_name(sys.argv[1]))"
    done = run_in(FIXTURES / "pytest", environment, [sys.executable, "-B", "-c", python, test])
    assert done.stdout.strip() == name, done.stderr


def safe_name(test):
    allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:[]/-"
    name = "".join(c if c in allowed else "_" for c in test)
    if name == test and len(test) <= 128:
        return test
    return name[:111] + "-" + hashlib.sha256(test.encode()).hexdigest()[:16]
