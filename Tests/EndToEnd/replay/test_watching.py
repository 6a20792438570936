"""What somebody sees who watches a deck on a terminal: one line a request."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios

import pytest

import raw_wire
from conftest import CASSETTES, wait_until_ready

KEY = "sk-ant-api03-" + "k" * 40
COLOUR = re.compile(r"\x1b\[\d+m")


def lines_of(tapedeck, tmp_path, paths, columns=100, env=None, command=()):
    """The lines on the terminal of a deck that was asked these paths."""
    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    port_file = tmp_path / "port"
    port_file.unlink(missing_ok=True)
    words = [tapedeck, "serve", CASSETTES / "anthropic-text.tape", "--pace", "instant", "--port", "0"]
    words += ["--port-file", port_file, *command]
    variables = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(
        [*map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        stdin=subprocess.DEVNULL,
        env=variables | {"TERM": "xterm"} | (env or {}),
    )
    os.close(terminal)
    said = b""
    try:
        wait_until_ready(process, port_file)
        base = f"http://127.0.0.1:{int(port_file.read_text())}"
        for path in paths:
            raw_wire.ask(base + path, headers=[("connection", "close")])
        process.terminate()
        while select.select([main], [], [], 10)[0]:
            try:
                said += os.read(main, 65536)
            except OSError:
                break
        process.wait(timeout=10)
    finally:
        process.kill()
        os.close(main)
    return [line for line in said.decode().replace("\r", "").split("\n") if line]


def test_each_request_has_a_line_with_what_became_of_it(tapedeck, tmp_path):
    paths = [
        "/~session=t1/~fault=reset@event:3,on=1/v1/messages",
        "/~session=t1/~fault=reset@event:3,on=1/v1/messages",
        "/v1/none",
        f"/~fault=eror/v1/messages?api_key={KEY}",
        "/~/health",
    ]
    lines = lines_of(tapedeck, tmp_path, paths, env={"NO_COLOR": "1"})
    asked = [line for line in lines if line.startswith("POST ")]
    assert len(asked) == 4, lines
    assert re.match(r"POST /v1/messages 200 t1#1 reset@event:3,on=1 \d+ B 2 events reset$", asked[0])
    assert re.match(r"POST /v1/messages 200 t1#2 6,001 B 45 events complete$", asked[1])
    assert re.match(r"POST /v1/none 404 #1 \d+ B complete no exchange matches", asked[2])
    assert " 400 " in asked[3] and KEY not in "".join(lines)
    assert not any("health" in line for line in lines)
    assert all("\x1b" not in line for line in lines)


@pytest.mark.parametrize("columns", [40, 72, 200])
def test_a_line_is_no_wider_than_the_terminal_and_has_colours(tapedeck, tmp_path, columns):
    path = "/v1/" + "long/" * 60
    [line] = [line for line in lines_of(tapedeck, tmp_path, [path], columns) if line.startswith("POST")]
    assert "\x1b[31m" in line
    assert len(COLOUR.sub("", line)) < columns


def test_a_command_has_the_terminal_to_itself(tapedeck, tmp_path):
    ask = 'curl -s -o /dev/null "$TAPEDECK_URL/v1/none"; exec sleep 30'
    lines = lines_of(tapedeck, tmp_path, ["/v1/none"], command=["--", "sh", "-c", ask])
    assert not [line for line in lines if line.startswith(("POST", "GET"))], lines


def test_nothing_is_printed_where_nobody_watches(deck_of, capfd):
    with deck_of(CASSETTES) as base:
        raw_wire.ask(f"{base}/v1/none", headers=[("connection", "close")])
    assert "none" not in capfd.readouterr().err
