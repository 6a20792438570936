"""`serve … -- CMD`: what the command gets, what becomes of signals, and when the deck ends."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import CASSETTES, ROOT, run, running
from liveapi.messages import SCENARIOS
from wrapped import KEYS, PRINT_ENVIRONMENT

CLIENT = ROOT / "Tests" / "EndToEnd" / "support" / "environment_client.py"

# Says which signals come, one a line, until one of them is the word's last.
LISTENER = """
import signal, sys
def said(number, frame):
    print(signal.Signals(number).name, flush=True)
for name in sys.argv[1:]:
    signal.signal(signal.Signals[name], said)
print("ready", flush=True)
try:
    while sys.stdin.readline():
        pass
except OSError:
    pass
"""


@contextmanager
def wrapping(tapedeck, *command, **options):
    """Runs a command in the deck, with pipes for its input and output; gives the deck's process."""
    words = [tapedeck, "serve", CASSETTES, "--port", "0", "--", *command]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE} | options
    with subprocess.Popen([*map(str, words)], text=True, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def listening(tapedeck, *names, **options):
    return wrapping(tapedeck, sys.executable, "-c", LISTENER, *names, **options)


def environment_of(tapedeck, monkeypatch, **variables):
    for name in [*KEYS, "GOOGLE_API_KEY"]:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    done = run(tapedeck, "serve", CASSETTES, "--", sys.executable, "-c", PRINT_ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_sdks_need_nothing_but_the_environment(tapedeck, monkeypatch):
    """Also where a proxy is set that nobody answers at."""
    for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy", "GOOGLE_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    # What the cassette was recorded with.
    monkeypatch.setenv("GOOGLE_GENAI_API_VERSION", "beta")
    done = run(tapedeck, "serve", CASSETTES, "--pace", "instant", "--", sys.executable, CLIENT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == SCENARIOS["text"].text * 4


def test_the_command_finds_every_base_url_and_a_dummy_where_there_is_no_key(tapedeck, monkeypatch):
    got = environment_of(tapedeck, monkeypatch, OPENAI_API_KEY="mine", NO_PROXY="example.com")
    base = got["TAPEDECK_URL"]
    assert got["ANTHROPIC_BASE_URL"] == got["GOOGLE_GEMINI_BASE_URL"] == base
    assert got["OPENAI_BASE_URL"] == f"{base}/v1"
    assert [got[name] for name in KEYS] == ["tapedeck", "mine", "tapedeck"]
    assert "GOOGLE_API_KEY" not in got
    assert got["NO_PROXY"].split(",") == ["example.com", "127.0.0.1", "localhost"]
    assert "127.0.0.1" in got["no_proxy"].split(",")


def test_a_key_under_googles_other_name_is_enough(tapedeck, monkeypatch):
    assert "GEMINI_API_KEY" not in environment_of(tapedeck, monkeypatch, GOOGLE_API_KEY="mine")


def test_the_commands_outputs_and_input_are_its_own(tapedeck):
    script = "cat; echo wrong >&2; exit 3"
    with wrapping(tapedeck, "sh", "-c", script, stderr=subprocess.PIPE) as process:
        said, wrong = process.communicate("asked", timeout=20)
    assert (said, wrong, process.returncode) == ("asked", "wrong\n", 3)


def test_the_command_inherits_nothing_but_its_inputs_and_outputs(tapedeck):
    script = "import os; print(*sorted(os.listdir('/proc/self/fd')))"
    done = run(tapedeck, "serve", CASSETTES, "--", sys.executable, "-c", script)
    # The fourth is the listing's own.
    assert done.stdout.split() == [b"0", b"1", b"2", b"3"]


def test_a_command_that_is_not_there_is_no_input(tapedeck):
    done = run(tapedeck, "serve", CASSETTES, "--", "/nowhere/client", "x")
    assert done.returncode == 66
    assert done.stderr.startswith(b"tapedeck: cannot run '/nowhere/client'")
    assert done.stderr.count(b"\n") == 1 and not done.stdout


def test_the_command_never_runs_where_the_deck_cannot_be_ready(tapedeck, tmp_path):
    gone = tmp_path / "gone" / "port"
    done = run(tapedeck, "serve", CASSETTES, "--port-file", gone, "--", "echo", "ran")
    assert done.returncode == 1 and b"gone/port" in done.stderr and not done.stdout


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"])
def test_a_signal_reaches_the_command_each_time_it_comes(tapedeck, name):
    with listening(tapedeck, name) as process:
        assert process.stdout.readline() == "ready\n"
        for _ in range(2):
            process.send_signal(signal.Signals[name])
            assert process.stdout.readline() == f"{name}\n"
        # What a command does not die of does not end the deck.
        rest, _ = process.communicate("", timeout=20)
    assert (rest, process.returncode) == ("", 0)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_a_signal_that_ends_the_command_is_128_and_its_number(tapedeck, name):
    script = f"kill -{name[3:]} $$; sleep 60"
    done = run(tapedeck, "serve", CASSETTES, "--", "sh", "-c", script)
    assert done.returncode == 128 + signal.Signals[name]


def test_signals_have_their_default_action_in_the_command(tapedeck):
    """A pipeline ends by SIGPIPE, which the deck itself ignores."""
    script = "import signal; print(*(signal.getsignal(number).name for number in (1, 3, 15)))"
    done = run(tapedeck, "serve", CASSETTES, "--", sys.executable, "-c", script)
    assert done.stdout.split() == [b"SIG_DFL"] * 3
    script = "yes | head -1; echo ${PIPESTATUS[0]}"
    done = run(tapedeck, "serve", CASSETTES, "--", "bash", "-c", script)
    assert done.stdout.split() == [b"y", b"%d" % (128 + signal.SIGPIPE)]


def test_a_hangup_that_is_ignored_from_the_start_stays_so(tapedeck, tmp_path):
    with running(["nohup", tapedeck, "serve", CASSETTES], tmp_path / "port") as process:
        [ignored] = re.findall("SigIgn:\t(.*)", Path(f"/proc/{process.pid}/status").read_text())
        assert int(ignored, 16) & 1 << (signal.SIGHUP - 1)


def test_the_deck_ends_with_the_command_and_not_with_what_that_left_behind(tapedeck, tmp_path):
    left = tmp_path / "left"
    script = f"sleep 60 & echo $! >{left}; exit 5"
    try:
        with wrapping(tapedeck, "sh", "-c", script, stdout=subprocess.DEVNULL) as process:
            assert process.wait(timeout=20) == 5
        os.kill(int(left.read_text()), 0)
    finally:
        os.kill(int(left.read_text()), signal.SIGKILL)


def test_the_commands_failure_goes_before_an_expectation_and_that_before_success(tapedeck):
    asks = "import os, urllib.request as r;r.urlopen(os.environ['TAPEDECK_URL'] + '/v1/messages', b'{}').read();"
    cassette = CASSETTES / "anthropic-text.tape"
    loose = [tapedeck, "serve", cassette, "--pace", "instant", "--fail-on-loose"]
    for code, expected in ((0, 1), (9, 9)):
        done = run(*loose, "--", sys.executable, "-c", f"{asks} exit({code})")
        assert done.returncode == expected, done.stderr
        assert not done.stdout


class Terminal:
    """A terminal with the deck in its foreground group, and the command in the deck."""

    def __init__(self, tapedeck, *command):
        words = [tapedeck, "serve", str(CASSETTES), "--port", "0", "--", *command]
        self.deck, self.keys = pty.fork()
        if self.deck == 0:
            os.execv(words[0], words)

    def read_until(self, text):
        said = ""
        while text not in said:
            assert select.select([self.keys], [], [], 20)[0], f"no {text!r} in {said!r}"
            said += os.read(self.keys, 4096).decode()
        return said

    def press(self, key):
        os.write(self.keys, key)

    def end(self):
        """Ends the input; gives the exit code, and what was said until then."""
        said = ""
        try:
            while block := os.read(self.keys, 4096):
                said += block.decode()
        except OSError:
            pass  # So Linux says that nobody holds the terminal any more.
        _, status = os.waitpid(self.deck, 0)
        os.close(self.keys)
        return os.waitstatus_to_exitcode(status), said


def test_in_a_terminal_the_command_has_the_terminal(tapedeck):
    script = "import os; print(*(os.isatty(n) for n in range(3)), input('who? '))"
    terminal = Terminal(tapedeck, sys.executable, "-c", script)
    terminal.read_until("who? ")
    terminal.press(b"me\n")
    code, said = terminal.end()
    assert code == 0 and "True True True me" in said


@pytest.mark.parametrize(("key", "name"), [(b"\x03", "SIGINT"), (b"\x1c", "SIGQUIT")])
def test_a_key_in_a_terminal_reaches_the_command_once(tapedeck, key, name):
    terminal = Terminal(tapedeck, sys.executable, "-c", LISTENER, name, "SIGUSR1")
    terminal.read_until("ready")
    # Two of a kind at once are one for the kernel: the deck sees its own after the command.
    os.kill(terminal.deck, signal.SIGSTOP)
    terminal.press(key)
    first = terminal.read_until(f"{name}\r\n")
    os.kill(terminal.deck, signal.SIGCONT)
    # What the deck would have passed on must come before this, which it does pass on.
    os.kill(terminal.deck, signal.SIGUSR1)
    rest = terminal.read_until("SIGUSR1")
    terminal.press(b"\x04")
    code, said = terminal.end()
    assert (code, (first + rest + said).count(name)) == (0, 1)


def test_a_signal_by_name_is_passed_on_in_a_terminal_too(tapedeck):
    terminal = Terminal(tapedeck, sys.executable, "-c", LISTENER, "SIGINT")
    terminal.read_until("ready")
    os.kill(terminal.deck, signal.SIGINT)
    terminal.read_until("SIGINT")
    terminal.press(b"\x04")
    assert terminal.end()[0] == 0
