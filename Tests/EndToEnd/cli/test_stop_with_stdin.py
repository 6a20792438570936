"""`serve --stop-with-stdin`: a deck that ends with the program that started it, however that ends."""

import os
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from urllib.request import urlopen

import pytest

from conftest import CASSETTES, run

# Starts a deck as a library does, says who it is and where, and waits for its own end.
PARENT = """
import subprocess, sys, time
deck = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(deck.pid, deck.stdout.readline(), end="", flush=True)
time.sleep(600)
"""


def command(tapedeck):
    return [str(tapedeck), "serve", str(CASSETTES), "--port", "0", "--stop-with-stdin"]


@contextmanager
def deck_with_input(tapedeck, stdin):
    with subprocess.Popen(command(tapedeck), stdin=stdin, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def is_healthy(base):
    with urlopen(f"{base}/~/health", timeout=10) as answer:
        return answer.status == 200


def test_the_first_line_is_the_base_url_and_the_deck_serves_until_its_input_ends(tapedeck):
    with deck_with_input(tapedeck, subprocess.PIPE) as process:
        base = process.stdout.readline().strip()
        assert is_healthy(base)
        process.stdin.write("what comes is not looked at\n")
        process.stdin.flush()
        assert is_healthy(base)
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_the_deck_ends_with_a_parent_that_is_killed(tapedeck):
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, *command(tapedeck)], stdout=subprocess.PIPE, text=True
    ) as parent:
        try:
            pid, base = parent.stdout.readline().split()
            deck = os.pidfd_open(int(pid))
            assert is_healthy(base)
        finally:
            parent.kill()
    with os.fdopen(deck):
        # A pidfd is readable once its process has ended.
        assert select.select([deck], [], [], 10)[0], "the deck outlived its parent"


@pytest.mark.parametrize("kind", ["nothing", "file", "ended"])
def test_an_input_that_is_at_its_end_already_ends_the_deck_at_once(tapedeck, tmp_path, kind):
    path = {"nothing": os.devnull}.get(kind, tmp_path / "input")
    if kind == "file":
        path.write_bytes(bytes(100_000))
    if kind == "ended":
        path.touch()
    with open(path, "rb") as file, deck_with_input(tapedeck, file) as process:
        assert process.wait(timeout=10) == 0


def test_an_input_that_does_not_block_is_waited_for(tapedeck):
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    with os.fdopen(writer, "wb") as end, deck_with_input(tapedeck, reader) as process:
        os.close(reader)
        base = process.stdout.readline().strip()
        assert is_healthy(base)
        end.close()
        assert process.wait(timeout=10) == 0


def test_a_signal_ends_the_deck_all_the_same(tapedeck):
    with deck_with_input(tapedeck, subprocess.PIPE) as process:
        assert process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_command_has_standard_input_to_itself(tapedeck):
    done = run(*command(tapedeck), "--", "true")
    assert done.returncode == 64
    assert done.stderr == (b"tapedeck: --stop-with-stdin is for a deck without a command, which reads standard input\n")
