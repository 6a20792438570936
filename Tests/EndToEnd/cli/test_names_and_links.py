"""Long names lose no recording, links make no second cassette, and one bad file stops no check."""

import json
import os

import pytest

import child
import tape
import waiting
import wire
from conftest import CASSETTES, request_bytes, running

BODY = request_bytes("anthropic-text")
KEY = [("x-api-key", "dummy")]
GOOD = (CASSETTES / "anthropic-text.tape").read_bytes()


def test_a_repair_goes_on_behind_a_file_that_it_cannot_mend(tapedeck, tmp_path):
    (tmp_path / "a.tape").write_bytes(b"no cassette at all\n")
    (tmp_path / "b.tape").write_bytes(GOOD[:-20])
    (tmp_path / "c.tape").write_bytes(b'{"tapedeck":2}\n')
    (tmp_path / "d.tape").write_bytes(GOOD[:-30])
    (tmp_path / "e.tape").symlink_to("nowhere")
    ended = child.run(tapedeck, "check", "--repair", tmp_path)
    assert ended.returncode == 65
    assert (tmp_path / "b.tape.orig").exists() and (tmp_path / "d.tape.orig").exists()
    assert (tmp_path / "a.tape").read_bytes() == b"no cassette at all\n"
    said = ended.stderr.decode()
    assert "a.tape" in said and "c.tape" in said and "e.tape" in said
    assert "b.tape" not in said


def test_a_check_goes_on_behind_a_path_that_is_not_there(tapedeck, tmp_path):
    (tmp_path / "b.tape").write_bytes(GOOD)
    ended = child.run(tapedeck, "check", tmp_path / "none.tape", tmp_path / "b.tape")
    assert ended.returncode == 66
    assert b"b.tape: good" in ended.stdout
    assert len(ended.lines) == 1


@pytest.mark.parametrize("length", [200, 223, 224, 250, 255])
@pytest.mark.parametrize("letter", ["a", "\u00e9", "\u20ac"])
def test_a_long_target_name_keeps_the_recording(tapedeck, tmp_path, live, length, letter):
    stem = letter * ((length - 5) // len(letter.encode()))
    path = tmp_path / f"{stem}.tape"
    command = [tapedeck, "record", f"{live}/v1/messages", "-d", BODY.decode(), "-o", path]
    assert child.run(*command).returncode == 0
    assert child.run(*command, "--append").returncode == 0
    assert len(tape.read(path)) == 2
    assert os.listdir(tmp_path) == [path.name]
    path.write_bytes(path.read_bytes()[:-30])
    ended = child.run(tapedeck, "check", "--repair", path)
    assert ended.returncode == 1, ended
    assert len(tape.read(path)) == 2


@pytest.mark.parametrize("length", [20, 223, 224, 250])
def test_an_orphan_of_a_long_name_goes_to_its_cassette(tapedeck, tmp_path, live, length):
    path = tmp_path / ("a" * (length - 5) + ".tape")
    # A recorder that is killed leaves such a one; a name that is too long is cut in its.
    spool = tmp_path / f"{fitting(path.name)}.999999-1.part"
    for target in (path, tmp_path / "other.tape"):
        command = [tapedeck, "record", f"{live}/v1/messages", "-d", BODY.decode(), "-o", target]
        assert child.run(*command).returncode == 0
    (tmp_path / "other.tape").rename(spool)
    ended = child.run(tapedeck, "check", "--repair", tmp_path)
    assert ended.returncode in (0, 1), ended
    assert os.listdir(tmp_path) == [path.name]
    assert len(tape.read(path)) == 2


def fitting(name):
    """The name by which files beside a cassette go: a long one is cut, with a hash of it (FNV-1a)."""
    if len(name) <= 223:
        return name
    number = 0xCBF29CE484222325
    for byte in name.encode():
        number = (number ^ byte) * 0x100000001B3 % (1 << 64)
    return f"{name[: 223 - 5 - 17]}~{number:016x}.tape"


def test_a_target_name_that_no_file_can_have_is_refused_before_anything_is_sent(tapedeck, tmp_path):
    ended = child.run(tapedeck, "record", "http://127.0.0.1:9/x", "-o", tmp_path / ("a" * 251 + ".tape"))
    assert ended.returncode == 66
    assert "at most 255" in ended.lines[0]
    assert os.listdir(tmp_path) == []


def test_a_session_of_128_specials_is_recorded_and_replayed(tapedeck, tmp_path, live):
    folder = tmp_path / "recordings"
    sessions = [":" * 128, ":" * 127 + ".", "a" * 128]
    for turn in ("record", "replay"):
        port_file = tmp_path / turn
        command = [tapedeck, "serve", "--mode", "auto", "--upstream", live, "--record-to", folder]
        with running(command, port_file):
            base = f"http://127.0.0.1:{int(port_file.read_text())}"
            for session in sessions:
                answer = wire.post(f"{base}/~session={session}/v1/messages", BODY, KEY)
                assert answer.status == 200
        names = sorted(os.listdir(folder))
        assert len(names) == 3
        assert all(len(name) <= 255 and name.endswith(".tape") for name in names)
        assert [len(tape.read(folder / name)) for name in names] == [1, 1, 1]


@pytest.mark.parametrize("target", ["recordings", "recordings/s.tape"])
def test_a_link_that_leads_nowhere_yet_is_one_cassette(tapedeck, tmp_path, live, target):
    folder = tmp_path / "recordings"
    folder.mkdir()
    if target.endswith(".tape"):
        (folder / "s.tape").symlink_to("../elsewhere.tape")
    port_file = tmp_path / "port"
    command = [tapedeck, "serve", "--mode", "record", "--upstream", live]
    with running([*command, "--record-to", tmp_path / target], port_file):
        if not target.endswith(".tape"):
            (folder / "s.tape").symlink_to("../elsewhere.tape")
        base = f"http://127.0.0.1:{int(port_file.read_text())}"
        for _ in range(3):
            answer = wire.post(f"{base}/~session=s/v1/messages", BODY, KEY)
            assert answer.status == 200

        def listed():
            return json.loads(wire.send("GET", f"{base}/~/api/exchanges").body)

        # An answer may end before its recording is on the cassette.
        waiting.until(lambda: len(listed()) == 3)
        assert {one["cassette"] for one in listed()} == {"s"}
        assert [one["number"] for one in listed()] == [1, 2, 3]
    assert len(tape.read(tmp_path / "elsewhere.tape")) == 3
    assert sorted(os.listdir(folder)) == ["s.tape"]


def test_links_are_followed_once_and_not_to_what_holds_the_folder(tapedeck, tmp_path):
    folder, other = tmp_path / "cassettes", tmp_path / "other"
    (folder / "inner").mkdir(parents=True)
    other.mkdir()
    (folder / "inner" / "a.tape").write_bytes(GOOD)
    (other / "b.tape").write_bytes(GOOD)
    (folder / "root").symlink_to("/")
    (folder / "up").symlink_to("..")
    (folder / "self").symlink_to(".")
    (folder / "again").symlink_to("inner")
    (folder / "other").symlink_to("../other")
    (other / "back").symlink_to("../cassettes")
    (other / "again").symlink_to("../other")
    ended = child.run(tapedeck, "check", folder, within_s=10)
    assert ended.returncode == 0
    said = ended.stdout.decode().splitlines()
    assert [line.split(":")[0] for line in said if ".tape: " in line] == [
        f"{folder}/inner/a.tape",
        f"{folder}/other/b.tape",
    ]
    assert {line.split(" is a link")[0].split("/")[-1] for line in ended.lines} == {"root", "up"}
