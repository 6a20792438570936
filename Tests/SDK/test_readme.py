"""What the README tells a newcomer to type does what it says, pasted whole or block by block."""

import os
import re
import shutil
import socket
import subprocess

import pytest
from conftest import ROOT, request_bytes, shipped

PORTS = ("4010", "4011")


def blocks():
    """The commands of the section, block by block, as they are printed."""
    text = (ROOT / "README.md").read_text()
    section = text.split("### The same by hand\n")[1].split("\n#")[0]
    found = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert len(found) >= 4 and section.count("```") == 2 * len(found)
    return found


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", int(port))) != 0


def at_free_ports(text):
    """The text as it is, but for ports that somebody else has."""
    for port in PORTS:
        if not is_free(port):
            with socket.socket() as other:
                other.bind(("127.0.0.1", 0))
                text = text.replace(port, str(other.getsockname()[1]))
    return text


@pytest.fixture
def checkout(tapedeck, tmp_path):
    """What the commands need of a checkout in which the release was built."""
    for name in ("scripts", "cassettes"):
        (tmp_path / name).symlink_to(ROOT / name)
    release = tmp_path / ".build" / "release"
    release.mkdir(parents=True)
    (release / "tapedeck").symlink_to(os.path.abspath(tapedeck))
    return tmp_path


def said_by_shell(checkout, text, *options):
    before = sorted(path.name for path in checkout.iterdir())
    done = subprocess.run(
        [shutil.which("bash"), "--norc", "--noprofile", *options],
        input=text.encode(), capture_output=True, check=False, timeout=60, cwd=checkout,
        env={k: v for k, v in os.environ.items() if k not in ("ENV", "BASH_ENV")} | {"PS1": ""},
        start_new_session=True,
    )
    assert sorted(path.name for path in checkout.iterdir()) == before
    return done


def assert_well(done, ports):
    [recorded] = shipped("anthropic-text")
    said = done.stdout.decode()
    lines = said.splitlines()
    assert re.fullmatch(
        r"hello\.tape: status 200, 45 events, 6,001 bytes in \d+ chunks, [\d,.]+ ms, complete",
        lines[0],
    ), done
    body = recorded.body.decode()
    rest = said.removeprefix(lines[0] + "\n")
    # Three at each pace, one that breaks, one that is whole.
    whole, _, last = rest.partition(body * 3)
    assert whole == "" and last.endswith(body), rest
    broken = last.removesuffix(body)
    assert body.startswith(broken) and broken.count("\n\n") == 11
    for port in ports:
        assert is_free(port)


@pytest.mark.parametrize("options", [[], ["-i"]], ids=["piped", "interactive"])
def test_the_blocks_by_hand_pasted_whole(checkout, options):
    text = at_free_ports("".join(blocks()))
    done = said_by_shell(checkout, text, *options)
    assert_well(done, re.findall(r"--port (\d+)", text))
    assert b"curl: (56)" in done.stderr
    stray = re.sub(rb"\[\d\] \d+\n|\[\d\][+-] .*\n|bash: .*\n|exit\n|.*Terminated.*\n", b"", done.stderr)
    assert b"rror" not in stray.replace(b"curl: (56)", b"")
    assert b"not found" not in done.stderr and b"No such" not in done.stderr


def test_the_blocks_by_hand_one_after_the_other(checkout):
    """Each block ends before the next one is typed, as a reader would do it."""
    pieces = at_free_ports("\0".join(blocks()))
    script = "".join(f"{piece}\necho block $? >&2\n" for piece in pieces.split("\0"))
    done = said_by_shell(checkout, script, "-i")
    assert_well(done, re.findall(r"--port (\d+)", pieces))
    assert re.findall(rb"block (\d+)", done.stderr)[:3] == [b"0", b"0", b"0"]


def test_the_request_is_the_one_that_was_recorded():
    assert b"text: " in request_bytes("anthropic-text")
