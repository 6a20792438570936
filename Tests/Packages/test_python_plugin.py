"""The pytest plugin as a user has it: what it records, plays and breaks, and what the report of a failed test says."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conftest import CASSETTES, ROOT, serving
from failing_tests import REPORTS, TESTS

pytest_plugins = ("python_project",)

FAULTY = 4  # tests of the example that ask for a fault
PLAIN = 2  # those that do not
SOME = 1  # of the cases of its torture


@pytest.fixture(scope="module")
def failures(python, tmp_path_factory):
    """A run of tests that fail each for a reason of its own."""
    folder = written(tmp_path_factory.mktemp("failures"), TESTS)
    return python.pytest("-rA", "--strict-markers", cwd=folder, ANTHROPIC_API_KEY="mine", NO_PROXY="example.com")


def written(folder, text, *lines, cassettes=CASSETTES):
    """A project of one file of tests, and its configuration."""
    (folder / "pytest.ini").write_text("\n".join(["[pytest]", f"tapedeck_cassettes = {cassettes}", *lines]))
    (folder / "test_it.py").write_text(text)
    return folder


def decks_of(folder):
    """The numbers of the processes that run in a folder and are decks."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.joinpath("cwd").readlink() == folder and b"serve" in process.joinpath("cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def no_deck_is_left_in(folder):
    for _ in range(500):
        if not decks_of(folder.resolve()):
            return
        time.sleep(0.02)
    pytest.fail(f"decks are left: {decks_of(folder.resolve())}")


def test_the_example_records_once_and_tests_of_faults_say_why_they_are_skipped(recorded):
    folder, done = recorded
    assert done.code == 0, done.out
    assert f"{PLAIN} passed, {FAULTY + 1} skipped" in done.out
    assert "tapedeck: mode once, recordings go to cassettes" in done.out
    assert "a fault does nothing to an answer that is forwarded" in done.out
    names = {path.name for path in (folder / "cassettes").iterdir()}
    assert {"test_client-test_claude_answers.tape", "test_client-test_a_refusal_is_tried_again-429.tape"} <= names
    assert len(names) == PLAIN + FAULTY, "a cassette for each test, and nothing beside them"


def test_the_example_plays_offline_and_under_xdist(python, project):
    done = python.pytest("-q", "-k", "not whole or in-event-23", cwd=project)
    assert done.code == 0 and f"{PLAIN + FAULTY + SOME} passed" in done.out, done.out
    done = python.pytest("-q", "-n", "4", "test_client.py", cwd=project)
    assert done.code == 0 and f"{PLAIN + FAULTY} passed" in done.out, done.out
    no_deck_is_left_in(project)


def test_the_first_run_without_a_recording_fails_with_the_command_that_makes_it(python, project):
    for tape in (project / "cassettes").iterdir():
        tape.unlink()
    (project / "cassettes").rmdir()
    done = python.pytest("-q", "-k", "answers", "test_client.py", cwd=project)
    assert done.code == 1
    said = done.report_of("test_claude_answers")
    assert "no exchange matches POST /v1/messages: the deck serves no exchange at all\nrecord it with: " in said
    command = "pytest --tapedeck-mode=once --tapedeck-upstream={} test_client.py::{}"
    assert command.format("https://api.anthropic.com", "test_claude_answers\n") in said
    said = done.report_of("test_gpt_answers")
    assert command.format("https://api.openai.com", "test_gpt_answers\n") in said


@pytest.mark.parametrize("test", REPORTS)
def test_a_failure_that_only_the_deck_sees_fails_its_test_in_these_words(failures, test):
    said, place = failures.report_of(test), 0
    for words in REPORTS[test]:
        found = said.find(words, place)
        assert found >= 0, f"{words!r} is not in\n{said}"
        place = found
    outcome = "ERROR" if "@pytest.mark.tapedeck: " in said else "FAILED"
    assert f"{outcome} test_it.py::{test.replace('.', '::')}" in failures.out


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("test_contradiction", "record it with"),
        ("test_misses_with_fault", "never fired"),
        ("test_refused", "never fired"),
        ("test_fails_on_a_dead_deck", "urllib/request.py"),
    ],
)
def test_what_does_not_help_is_not_said(failures, test, words):
    assert words not in failures.report_of(test)


def test_what_is_well_passes(failures):
    passed = {line.split("::", 1)[1] for line in failures.out.splitlines() if line.startswith("PASSED ")}
    assert passed == {
        "test_passes",
        "test_marker_alone",
        "test_conduct_is_not_asked",
        "test_misses_on_purpose",
        "TestMarked::test_class_fault",
        "TestMarked::test_closest_fault",
        "TestMarked::test_no_fault",
        "test_has_another_deck",
        "CaseTests::test_fires",
        "test_environment",
        "test_environment_is_put_back",
    }
    assert "XFAIL test_it.py::test_expected_to_miss" in failures.out
    assert "1 skipped" in failures.out


@pytest.mark.parametrize("place", ["shared.tape", "tapes"])
def test_four_workers_record_into_one_place_and_lose_nothing(python, tapedeck, tmp_path, place):
    count = 8
    text = f"""
import json, os, urllib.request
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_answer(tapedeck, number):
    question = [{{"role": "user", "content": f"text: number {{number}}?"}}]
    body = {{"model": "m", "max_tokens": 9, "stream": True, "messages": question}}
    headers = {{"x-api-key": "any", "content-type": "application/json"}}
    request = urllib.request.Request(tapedeck.url + "/v1/messages", json.dumps(body).encode(), headers)
    assert b"message_stop" in urllib.request.urlopen(request).read()
"""
    folder = written(tmp_path, text, cassettes=place)
    with serving([ROOT / "scripts" / "live-server"], tmp_path / "port") as upstream:
        words = ("-n", "4", "--tapedeck-mode=once", f"--tapedeck-upstream={upstream}")
        done = python.pytest(*words, cwd=folder)
    assert done.code == 0 and f"{count} passed" in done.out, done.out
    checked = subprocess.run([tapedeck, "check", folder / place], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert not list(tmp_path.rglob("*.part")), "a recording was not finished"
    tapes = [folder / place] if place.endswith(".tape") else list((folder / place).glob("*.tape"))
    assert len(tapes) == (1 if place.endswith(".tape") else count)
    # Each is found by its body alone.
    (folder / "pytest.ini").write_text(f"[pytest]\ntapedeck_cassettes = {place}\ntapedeck_fail_on = miss,loose\n")
    done = python.pytest("-n", "4", cwd=folder)
    assert done.code == 0 and f"{count} passed" in done.out, done.out


def test_a_miss_while_recording_names_the_mode_that_records_it(python, tmp_path):
    text = """
import urllib.request, pytest

def test_new_question(tapedeck):
    with pytest.raises(OSError):
        urllib.request.urlopen(tapedeck.url + "/v1/messages/count_tokens", b"{}")
"""
    folder = written(tmp_path, text, "tapedeck_upstream = http://127.0.0.1:9", cassettes="shared.tape")
    shutil.copy(CASSETTES / "anthropic-text.tape", folder / "shared.tape")
    done = python.pytest("--tapedeck-mode=once", cwd=folder)
    said = done.report_of("test_new_question")
    assert "record it with: pytest --tapedeck-mode=new_episodes test_it.py::test_new_question\n" in said


def test_two_runs_at_once_record_into_one_cassette(python, tapedeck, tmp_path):
    text = """
import json, urllib.request
import pytest

@pytest.mark.parametrize("number", range(8))
def test_answer(tapedeck, number):
    question = [{"role": "user", "content": f"text: number {number}?"}]
    body = {"model": "m", "max_tokens": 9, "stream": True, "messages": question}
    request = urllib.request.Request(tapedeck.url + "/v1/messages", json.dumps(body).encode(), {"x-api-key": "any"})
    assert b"message_stop" in urllib.request.urlopen(request).read()
"""
    folder = written(tmp_path, text, cassettes="shared.tape")
    with serving([ROOT / "scripts" / "live-server"], tmp_path / "port") as upstream:
        options = ["--tapedeck-mode=new_episodes", f"--tapedeck-upstream={upstream}", "-p", "no:cacheprovider"]
        runs = [
            subprocess.Popen(
                [python.folder / "bin" / "python", "-m", "pytest", *options, f"test_it.py::test_answer[{first}]"]
                + [f"test_it.py::test_answer[{first + step}]" for step in (1, 2, 3)],
                cwd=folder,
                env=python.variables,
                stdout=subprocess.PIPE,
                text=True,
            )
            for first in (0, 4)
        ]
        said = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    done = python.pytest("-o", "tapedeck_fail_on=miss,loose", cwd=folder)
    assert done.code == 0 and "8 passed" in done.out, done.out


def test_what_fails_a_test_is_also_read_from_the_environment_after_the_configuration(python, tmp_path):
    text = """
import urllib.request, pytest

def test_misses(tapedeck):
    with pytest.raises(OSError):
        urllib.request.urlopen(tapedeck.url + "/v1/nothing", b"{}")
"""
    folder = written(tmp_path, text)
    assert python.pytest(cwd=folder).code == 1
    assert python.pytest(cwd=folder, TAPEDECK_FAIL_ON="loose").code == 0
    assert python.pytest("-o", "tapedeck_fail_on=miss", cwd=folder, TAPEDECK_FAIL_ON="loose").code == 1
    # The deck's own end does not fail the run for what a test may do.
    assert python.pytest("-o", "tapedeck_fail_on=loose", cwd=folder, TAPEDECK_FAIL_ON="miss").code == 0


def test_a_marker_names_the_cassette_that_is_recorded_and_played(python, tmp_path):
    text = """
import os, urllib.request, pytest
BODY = b'{"stream":true,"messages":[{"role":"user","content":"text: hello"}]}'

@pytest.mark.tapedeck("greeting")
@pytest.mark.parametrize("turn", [1, 2])
def test_greets(tapedeck, turn):
    request = urllib.request.Request(tapedeck.url + "/v1/messages", BODY, {"x-api-key": "any"})
    assert b"message_stop" in urllib.request.urlopen(request).read()
    assert {entry.exchange.cassette for entry in tapedeck.journal()} == {"greeting"}
"""
    folder = written(tmp_path, text, cassettes="tapes")
    with serving([ROOT / "scripts" / "live-server"], tmp_path / "port") as upstream:
        done = python.pytest("--tapedeck-mode=once", f"--tapedeck-upstream={upstream}", cwd=folder)
    assert done.code == 0, done.out
    assert [path.name for path in (folder / "tapes").iterdir()] == ["greeting.tape"]
    done = python.pytest(cwd=folder)
    assert done.code == 0, done.out


def test_an_option_counts_before_the_configuration_and_that_before_the_file_of_the_program(python, tmp_path):
    text = "def test_it(tapedeck, tapedeck_deck): print('WORDS', tapedeck_deck._arguments)"
    folder = written(
        tmp_path, text, "tapedeck_record_to = ini.tape", "tapedeck_mode = once", "tapedeck_upstream = http://a"
    )
    (folder / "tapedeck.json").write_text(
        json.dumps({"serve": {"pace": "2x", "record-to": "file.tape", "mode": "all"}})
    )
    done = python.pytest("-s", cwd=folder)
    assert "'--mode', 'once', '--upstream', 'http://a', '--record-to', 'ini.tape', '--port'" in done.out, done.out
    assert "--pace" not in done.out, "the file of the program says the pace"
    done = python.pytest("-s", "--tapedeck-mode=new_episodes", "--tapedeck-record-to=o.tape", cwd=folder)
    assert "'--mode', 'auto', '--upstream', 'http://a', '--record-to', 'o.tape'" in done.out, done.out
    (folder / "tapedeck.json").unlink()
    done = python.pytest("-s", "--tapedeck-mode=none", cwd=folder)
    assert "'--pace', 'instant', '--mode', 'replay'" in done.out, done.out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("tapedeck_options = --match x", "--match x: there are any, body"),
        ("tapedeck_mode = often", "there is no tapedeck_mode 'often': there are none, once, "),
        ("tapedeck_fail_on = mis", "there is no 'mis' to fail on: there are refused, miss"),
        ("tapedeck_mode = once", "--mode once needs --upstream URL"),
    ],
)
def test_a_deck_that_cannot_start_says_why_once(python, tmp_path, line, words):
    text = "def test_a(tapedeck): pass\ndef test_b(tapedeck): pass\n"
    done = python.pytest(cwd=written(tmp_path, text, line))
    assert done.code != 0 and done.out.count(words) in (1, 2), done.out  # in the report, and in its summary
    assert "Traceback" not in done.out and "another exception" not in done.out, done.out
    assert done.out.count("\n") < 40, done.out


def test_a_program_that_is_missing_is_named_with_what_to_do(python, tmp_path):
    text = "def test_a(tapedeck): pass\n"
    done = python.pytest(cwd=written(tmp_path, text), TAPEDECK="/nowhere/tapedeck")
    assert done.code == 1 and "TAPEDECK names '/nowhere/tapedeck', which is no program that can be run" in done.out


def test_a_deck_that_runs_the_tests_is_taken(python, tapedeck, tmp_path):
    text = """
import os, urllib.request
URL = os.environ["TAPEDECK_URL"]

def test_it(tapedeck):
    assert tapedeck.url.startswith(URL + "/~session=")
    urllib.request.urlopen(tapedeck.url + "/v1/messages", b'{"stream":true}').read()
    tapedeck.expect(requests=1)
"""
    folder = written(tmp_path, text)
    with serving([tapedeck, "serve", CASSETTES], tmp_path / "port") as url:
        done = python.pytest(cwd=folder, TAPEDECK_URL=url)
    assert done.code == 0, done.out


def test_a_test_that_runs_again_begins_with_its_first_attempt(python, tmp_path):
    text = """
import urllib.request, pytest

@pytest.mark.tapedeck("anthropic-text", fault="status:529,retry-after=0s", on=1)
def test_again(tapedeck):
    with pytest.raises(OSError):
        urllib.request.urlopen(tapedeck.url + "/v1/messages", b'{"stream":true}')
    tapedeck.expect(attempts=1, fired="status")
"""
    folder = written(tmp_path, text)
    done = python.pytest("--keep-duplicates", "test_it.py", "test_it.py", cwd=folder)
    assert done.code == 0 and "2 passed" in done.out, done.out


@pytest.mark.parametrize(
    "end", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(3)", "os.kill(os.getpid(), signal.SIGINT)"]
)
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_no_deck_is_left_behind(python, tmp_path, end, workers):
    text = f"""
import os, signal, time

def test_ends(tapedeck):
    {end}
    time.sleep(5)
"""
    folder = written(tmp_path, text)
    done = python.pytest(*workers, cwd=folder)
    assert done.code != 0
    no_deck_is_left_in(folder)


def test_a_session_is_interrupted_from_the_terminal_and_ends_its_deck(python, tmp_path):
    text = """
import time
from pathlib import Path

def test_waits(tapedeck):
    Path("waiting").touch()
    time.sleep(60)
"""
    folder = written(tmp_path, text)
    command = [python.folder / "bin" / "python", "-m", "pytest", "-p", "no:cacheprovider"]
    options = {"cwd": folder, "env": python.variables, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, start_new_session=True, **options) as process:
        for _ in range(1000):
            if (folder / "waiting").exists():
                break
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 2 and "KeyboardInterrupt" in said, said
    assert "does not answer" not in said
    no_deck_is_left_in(folder)
