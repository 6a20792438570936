"""`serve --mode … -- CMD`: the keys it gives, what it waits for, and its exit code where something was lost."""

import json
import subprocess
import sys

import pytest

import tape
from recording_deck import ENDS_WITHIN_S
from scripted_upstream import SILENCE, body_of, chunk, event, head, stream, upstream
from wrapped import KEYS, PRINT_ENVIRONMENT

ASK = "import os, urllib.request as r; a = r.urlopen(os.environ['TAPEDECK_URL'] + '/v1/messages', b'{}');"


def wrapped(tapedeck, folder, server, mode, script, *flags, to="t.tape"):
    """Runs a client of Python's in a deck that forwards."""
    target = [] if mode == "passthrough" else ["--record-to", folder / to]
    command = [tapedeck, "serve", "--port", "0", "--mode", mode, "--upstream", server.url, *target, *flags]
    command = [*map(str, command), "--", sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, timeout=ENDS_WITHIN_S, check=False)


@pytest.mark.parametrize("mode", ["auto", "record", "once", "passthrough"])
def test_no_key_is_made_up_where_a_real_one_is_needed(tapedeck, tmp_path, monkeypatch, mode):
    for name in [*KEYS, "GOOGLE_API_KEY"]:
        monkeypatch.delenv(name, raising=False)
    with upstream(stream()) as server:
        done = wrapped(tapedeck, tmp_path, server, mode, PRINT_ENVIRONMENT)
    assert (done.returncode, done.stderr) == (0, b"")
    got = json.loads(done.stdout)
    assert got["ANTHROPIC_BASE_URL"] == got["TAPEDECK_URL"] and not {*KEYS} & {*got}


@pytest.mark.parametrize(("code", "expected"), [(0, 1), (9, 9)])
def test_a_recording_that_is_lost_fails_a_command_that_did_not_fail(tapedeck, tmp_path, code, expected):
    gone = str(tmp_path / "tapes")
    script = f"import os, shutil; shutil.rmtree({gone!r}); {ASK} a.read(); exit({code})"
    with upstream(stream()) as server:
        done = wrapped(tapedeck, tmp_path, server, "auto", script, to="tapes/")
    assert done.returncode == expected, done.stderr
    assert done.stdout == b"" and b"1 recording is lost" in done.stderr


def test_an_answer_that_the_command_left_is_recorded_whole(tapedeck, tmp_path):
    with upstream(stream(5, pause_s=0.1)) as server:
        done = wrapped(tapedeck, tmp_path, server, "record", f"{ASK} a.read(5); os._exit(0)")
    assert (done.returncode, done.stderr) == (0, b"")
    [exchange] = tape.read(tmp_path / "t.tape")
    assert (exchange.body, exchange.how) == (body_of(5), "complete")


def test_an_answer_without_end_is_kept_as_far_as_it_came(tapedeck, tmp_path):
    with upstream([head(), chunk(event(0)), SILENCE]) as server:
        done = wrapped(
            tapedeck, tmp_path, server, "record", f"{ASK} a.read(5); os._exit(3)", "--drain-timeout", "300ms"
        )
    assert (done.returncode, done.stderr) == (3, b"")
    [exchange] = tape.read(tmp_path / "t.tape")
    assert (exchange.body, exchange.how) == (event(0), "cancelled")
    assert [path.name for path in tmp_path.iterdir()] == ["t.tape"]
