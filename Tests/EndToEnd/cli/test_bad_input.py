"""Bad input gets one clear line and the right exit code, and never a crash."""

import base64
import gzip
import os
import pathlib
import socket
import subprocess

import pytest

import wire
from conftest import CASSETTES, run, running
from lines import END, HEAD, HEADER, REQUEST

GOOD = pathlib.Path(CASSETTES, "anthropic-text.tape").read_bytes()
FLIPPED = GOOD[:900] + bytes([GOOD[900] ^ 4]) + GOOD[901:]
NOISE = base64.b85encode(b"no cassette at all" * 200)


def text(*lines):
    return (HEADER + REQUEST + "".join(lines)).encode()


BAD = {
    "empty": b"",
    "truncated": GOOD[:700],
    "trailing": GOOD + b"garbage",
    "flipped": FLIPPED,
    "noise": NOISE,
    "gzipped noise": gzip.compress(NOISE),
    "newer": b'{"tapedeck":2}\n',
    "negative interval": text('[-5,"h",{"status":200}]\n'),
    "fractional interval": text(HEAD, '[1.5,"d","x"]\n', END),
    "overflowing interval": text(HEAD, '[99999999999999999999,"d","x"]\n', END),
    "overflowing sum": text(HEAD, *['[999999999999999,"d","x"]\n'] * 5, END),
    "header injection": text(HEAD.replace("text/event-stream", "a\\r\\nb: c"), END),
    "wrong type": text('[1,"h",{"status":"200"}]\n'),
    "nesting": text(HEAD, '[1,"m",' + "[" * 100_000 + "]" * 100_000 + "]\n", END),
    "unclosed nesting": (HEADER + '[0,"q",' + '{"a":' * 100_000).encode(),
    "unknown ending": text(HEAD, '[1,"e",{"how":"fine"}]\n'),
    "lone surrogate": text(HEAD, '[1,"d","\\ud800"]\n', END),
    "bad base64": text(HEAD, '[1,"b","w6k"]\n', END),
    "complete without a head": text(END),
    "two heads": text(HEAD, HEAD, END),
    "a chunk behind the end": text(HEAD, END, '[1,"d","x"]\n'),
    "a method that is none": (HEADER + REQUEST.replace("POST", "PO ST")).encode(),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("verb", [["show"], ["plan", "--json"], ["check"]])
def test_a_bad_cassette_is_exit_code_65_and_one_line(tapedeck, tmp_path, name, verb):
    path = tmp_path / "bad.tape"
    path.write_bytes(BAD[name])
    done = run(tapedeck, *verb, path)
    assert done.returncode == 65, done
    said = done.stdout if verb == ["check"] else done.stderr
    assert path.name in said.decode()
    if verb != ["check"]:
        assert done.stderr.count(b"\n") == 1, done.stderr


@pytest.mark.parametrize(
    ("flags", "content"),
    [
        (["--max-line", "1MiB"], b"0" * 3_000_000),
        (["--max-inflated", "1MiB"], (HEAD + '[0,"d","aaaaaaaaaaaaaaaa"]\n' * 60_000).encode()),
        (["--max-exchanges", "3"], (REQUEST * 4).encode()),
        (["--max-nesting", "8"], b'[0,"m",' + b"[" * 9 + b"]" * 9 + b"]\n"),
    ],
)
def test_what_exceeds_a_limit_is_refused_and_the_limit_named(tapedeck, tmp_path, flags, content):
    path = tmp_path / "bomb.tape"
    path.write_bytes(gzip.compress((HEADER + REQUEST).encode() + content))
    done = run(tapedeck, "show", path, *flags)
    assert done.returncode == 65, done
    assert done.stderr.count(b"\n") == 1
    assert run(tapedeck, "serve", path, *flags).returncode == 65


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show"], 64),
        (["show", "nonesuch.tape"], 66),
        (["play", "nonesuch.tape"], 66),
        (["serve", "nonesuch.tape"], 66),
        (["check", "nonesuch.tape"], 66),
        (["nonesuch"], 64),
        (["show", "--nonesuch", "x.tape"], 64),
        (["plan", f"{CASSETTES}/anthropic-text.tape", "--pace", "fast"], 64),
        (["plan", f"{CASSETTES}/anthropic-text.tape", "--pace", "gap:20"], 64),
        (["plan", f"{CASSETTES}/anthropic-text.tape", "--fault", "nonesuch"], 64),
        (["plan", f"{CASSETTES}/anthropic-text.tape", "--seed", "-1"], 64),
        (["plan", f"{CASSETTES}/anthropic-text.tape", "--attempt", "0"], 64),
        (["plan", f"{CASSETTES}/anthropic-text.tape", "--session", "a b"], 64),
        (["show", f"{CASSETTES}/anthropic-text.tape", "--exchange", "2"], 66),
        (["show", f"{CASSETTES}/anthropic-text.tape", "--exchange", "0"], 64),
        (["serve"], 64),
        (["serve", CASSETTES, "--port", "99999"], 64),
        (["serve", CASSETTES, "--mode", "nonesuch"], 64),
        (["serve", CASSETTES, "--max-body", "12"], 64),
        (["serve", CASSETTES, "--", "/nonesuch/command"], 66),
        (["record", "http://127.0.0.1:1/", "-o", "/nonesuch/x.tape"], 66),
        (["record", "ftp://127.0.0.1/", "-o", "x.tape"], 64),
        (["record", "not a url", "-o", "x.tape"], 64),
        (["record", "http://127.0.0.1:1/", "-H", "no colon", "-o", "x.tape"], 64),
        (["record", "http://127.0.0.1:1/", "-H", "a: b\r\nc: d", "-o", "x.tape"], 64),
        (["record", "http://127.0.0.1:1/", "-d", "@/nonesuch", "-o", "x.tape"], 66),
        (["record", "http://127.0.0.1:1/", "--idle-timeout", "5", "-o", "x.tape"], 64),
        (["record", "http://127.0.0.1:1/"], 64),
    ],
)
def test_a_bad_command_line_has_its_exit_code_and_one_line(tapedeck, tmp_path, arguments, code):
    done = run(tapedeck, *arguments, cwd=tmp_path)
    assert done.returncode == code, done
    assert done.stderr.startswith(b"tapedeck: ")
    assert done.stderr.count(b"\n") == 1, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_results_that_cannot_be_written_are_an_error(tapedeck):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [tapedeck, "show", f"{CASSETTES}/anthropic-text.tape"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"tapedeck: standard output cannot be written")


def test_what_authenticates_is_in_no_error_line(tapedeck, tmp_path):
    target = tmp_path / "x.tape"
    url = "http://user:hush-hush@127.0.0.1:1/x?api_key=hush-hush"
    done = run(tapedeck, "record", url, "-o", target, "-H", "x-api-key hush-hush")
    assert done.returncode == 64
    assert b"hush" not in done.stderr
    done = run(tapedeck, "record", url, "-o", target)
    assert done.returncode == 69
    assert b"hush" not in done.stderr + done.stdout


def test_an_empty_variable_is_an_unset_one(tapedeck, monkeypatch):
    monkeypatch.setenv("TAPEDECK_PACE", "")
    assert run(tapedeck, "plan", f"{CASSETTES}/anthropic-text.tape").returncode == 0


def test_a_command_takes_empty_arguments(tapedeck):
    done = run(tapedeck, "serve", CASSETTES, "--", "printf", "[%s]", "x", "", "--y")
    assert (done.returncode, done.stdout) == (0, b"[x][][--y]")
    assert run(tapedeck, "serve", CASSETTES, "--").returncode == 64


def test_a_deck_out_of_descriptors_waits_without_spinning(tapedeck, tmp_path):
    port_file = tmp_path / "port"
    starved = tmp_path / "starved"
    starved.write_text(f'#!/bin/sh\nulimit -n 64\nexec "{tapedeck}" "$@"\n')
    starved.chmod(0o700)
    with running([starved, "serve", CASSETTES], port_file) as process:
        address = ("127.0.0.1", int(port_file.read_text()))
        clients = [socket.create_connection(address, timeout=5) for _ in range(120)]
        before = cpu_seconds(process.pid)
        # A connection that never answers is the only clock here: it times out in a second.
        clients[0].settimeout(1)
        with pytest.raises(TimeoutError):
            clients[0].recv(1)
        assert cpu_seconds(process.pid) - before < 0.5
        for client in clients:
            client.close()
        assert wire.send("GET", f"http://127.0.0.1:{address[1]}/~/health").status == 200


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
