"""JSON that nests as deeply as is allowed is read with a small stack, wherever JSON is read."""

import json
import resource
import subprocess

import pytest

import wire
from conftest import run, running
from lines import END, HEAD, HEADER, REQUEST
from scripted_upstream import LAST_CHUNK, chunk, head, upstream

DEEPEST = 1000
LITTLE_STACK = 512 << 10
DEEP = '{"a":' * DEEPEST + "1" + "}" * DEEPEST
FLAGS = ["--max-nesting", str(DEEPEST)]


def line(data):
    return f'[1,"d",{json.dumps(f"event: message_start{chr(10)}data: {data}{chr(10) * 2}")}]\n'


TAPES = {
    "request": HEADER + REQUEST.replace('"url"', f'"body":{json.dumps(DEEP)},"url"') + HEAD + line("{}") + END,
    "event": HEADER + REQUEST + HEAD + line(DEEP) + END,
    # The array of the line is a level too.
    "line": HEADER + REQUEST + HEAD + '[1,"m",' + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1) + "]\n" + line("{}") + END,
}


@pytest.fixture
def little_stack(tapedeck, tmp_path):
    """The program with the stack that the threads of some systems have."""
    script = tmp_path / "tapedeck"
    script.write_text(f'#!/bin/sh\nulimit -s {LITTLE_STACK >> 10}\nexec "{tapedeck}" "$@"\n')
    script.chmod(0o755)
    return script


@pytest.fixture(params=TAPES)
def path(request, tmp_path):
    path = tmp_path / f"{request.param}.tape"
    path.write_text(TAPES[request.param])
    return path


@pytest.mark.parametrize(
    "verb",
    [
        ["check"], ["show"], ["show", "--message"], ["show", "--json"], ["show", "--events"], ["plan"],
        ["plan", "--fault", "drop@event:1"], ["plan", "--fault", "split-data"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_the_deepest_cassette_is_read(little_stack, path, verb):
    done = run(little_stack, verb[0], path, *verb[1:], *FLAGS)
    # What nests too deeply to be split is an error of usage, and what is no right stream does not hold.
    assert done.returncode in (0, 1, 64), done
    assert done.stderr.count(b"\n") <= 3, done.stderr


def test_one_level_more_is_refused_by_name(tapedeck, tmp_path):
    path = tmp_path / "deeper.tape"
    path.write_text(TAPES["line"].replace('"m",[', '"m",[['))
    done = run(tapedeck, "show", path, *FLAGS)
    assert done.returncode == 65 and b"--max-nesting" in done.stderr, done


@pytest.mark.parametrize("flags", [[], ["--match", "body"], ["--match-normalize", "uuid"]], ids=" ".join)
def test_a_deck_compares_the_deepest_bodies(little_stack, tmp_path, path, flags):
    deeper = DEEP.replace("1", "2").encode()
    port_file = tmp_path / "port"
    with running([little_stack, "serve", path, *flags, *FLAGS], port_file):
        base = f"http://127.0.0.1:{int(port_file.read_text())}"
        for body in (DEEP.encode(), deeper, b"[" * DEEPEST + b"]" * DEEPEST):
            assert wire.post(f"{base}/v1", body).status in (200, 404)
            assert wire.post(f"{base}/other", body).status == 404
        assert wire.send("GET", f"{base}/~/api/journal").status == 200


@pytest.mark.parametrize("flags", [[], ["--redact-json", "/a/a"], ["--json"]], ids=" ".join)
def test_the_deepest_request_and_answer_are_recorded(little_stack, tmp_path, flags):
    answer = [head(), chunk(f"event: message_start\ndata: {DEEP}\n\n".encode()), LAST_CHUNK]
    tape_path = tmp_path / "t.tape"
    with upstream(answer) as server:
        command = [little_stack, "record", f"{server.url}/v1/messages", "-d", "@-", "-o", tape_path, *flags]
        done = subprocess.run(command, input=DEEP.encode(), capture_output=True, timeout=60)
    assert done.returncode == 0, done
    assert run(little_stack, "show", tape_path, "--message").returncode in (0, 1)


def test_the_stack_is_little():
    soft, _ = resource.getrlimit(resource.RLIMIT_STACK)
    assert soft == resource.RLIM_INFINITY or soft > LITTLE_STACK
