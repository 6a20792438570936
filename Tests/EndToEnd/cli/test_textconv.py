"""`show --textconv` is what `git diff` shows of cassettes."""

import gzip
import os
import shlex
import shutil
import subprocess

import pytest

import hand_tape
from conftest import CASSETTES, ROOT, run

IDENTITY = {f"GIT_{who}_{what}": "tape@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
CLEAN = IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.fixture
def repository(tapedeck, tmp_path):
    """Runs git in a new repository that shows cassettes by textconv; gives what it says."""

    def git(*words):
        done = subprocess.run(
            ["git", *words], cwd=tmp_path, capture_output=True, check=False, timeout=60, env=os.environ | CLEAN
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    git("init", "-q")
    git("config", "diff.tapedeck.textconv", f"{shlex.quote(str(tapedeck))} show --textconv")
    (tmp_path / ".gitattributes").write_text("*.tape -text diff=tapedeck\n")
    return git


def changed(text, sign):
    """The lines that a diff adds or takes away."""
    return [line[1:] for line in text.splitlines() if line.startswith(sign) and not line.startswith(sign * 3)]


def test_a_diff_shows_the_request_and_the_events_that_changed(repository, tmp_path):
    file = tmp_path / "a.tape"
    hand_tape.cassette(file, hand_tape.exchange(1, '{"model":"m","messages":["one\\ntwo"]}', says='{"n": 1}'))
    repository("add", "-A")
    repository("commit", "-qm", "one")
    hand_tape.cassette(file, hand_tape.exchange(2, '{"model":"m","messages":["one\\n2"]}', says='{"n":2}'))
    said = repository("diff")
    assert changed(said, "-") == ['      "two"', 'message  {"n":1}']
    assert changed(said, "+") == ['      "2"', 'message  {"n":2}']


def test_a_recording_that_is_appended_adds_its_lines_alone(repository, tapedeck, live, tmp_path):
    file = tmp_path / "a.tape"
    shutil.copy(CASSETTES / "anthropic-text.tape", file)
    repository("add", "-A")
    repository("commit", "-qm", "one")
    body = '{"model":"m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"text: Hi"}]}'
    done = run(tapedeck, "record", f"{live}/v1/messages", "-H", "x-api-key: k", "-d", body, "-o", file, "--append")
    assert done.returncode == 0, done.stderr
    said = repository("diff")
    assert changed(said, "-") == []
    added = changed(said, "+")
    assert added[0] == "" and added[1] == f"POST {live}/v1/messages"
    assert "status 200" in added and added[-1].startswith("ended complete")


def test_a_recording_made_again_differs_in_no_time(tapedeck, live, tmp_path):
    texts = []
    for number in range(2):
        file = tmp_path / f"{number}.tape"
        request = ROOT / "scripts" / "requests" / "anthropic-text.json"
        done = run(tapedeck, "record", f"{live}/v1/messages", "-H", "x-api-key: k", "-d", f"@{request}", "-o", file)
        assert done.returncode == 0, done.stderr
        texts.append(run(tapedeck, "show", "--textconv", file).stdout)
    assert texts[0] == texts[1] and texts[0].count(b"\n") > 40


def test_the_log_shows_new_empty_and_broken_versions(repository, tmp_path):
    file = tmp_path / "a.tape"
    whole = (CASSETTES / "anthropic-text.tape").read_bytes()
    versions = [b"", whole, whole[:400], b"version https://git-lfs.github.com/spec/v1\n", gzip.compress(b"\0\1")]
    for number, version in enumerate(versions):
        file.write_bytes(version)
        repository("add", "-A")
        repository("commit", "-qm", f"version {number}")
    file.unlink()
    repository("commit", "-qam", "gone")
    said = repository("log", "-p", "--reverse")
    assert said.count("version ") >= len(versions)
    assert "+ended complete; the message is whole: end_turn" in said
    assert "+not a cassette: line " in said and "'tapedeck check --repair FILE'" in said
    assert "+  version https://git-lfs.github.com/spec/v1" in said


def test_two_versions_of_what_cannot_be_read_differ(tapedeck, tmp_path):
    texts = []
    for end in (b"\1", b"\2"):
        encrypted = tmp_path / "encrypted.tape"
        encrypted.write_bytes(b"\0GITCRYPT\0" + bytes(range(255)) + end)
        done = run(tapedeck, "show", "--textconv", encrypted)
        assert done.returncode == 0
        texts.append(done.stdout)
    assert texts[0] != texts[1]
    assert b"  266 bytes that are no text, with CRC-32 " in texts[0]


@pytest.mark.parametrize("name", sorted(path.name for path in CASSETTES.glob("*.tape")))
def test_the_text_is_the_same_for_a_copy_of_another_name(tapedeck, tmp_path, name):
    copy = tmp_path / "XtEmP_a"
    shutil.copy(CASSETTES / name, copy)
    done = run(tapedeck, "show", "--textconv", copy)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == run(tapedeck, "show", "--textconv", CASSETTES / name).stdout
    assert done.stdout.startswith(b"POST ")


def test_what_drives_a_terminal_is_escaped(tapedeck, tmp_path):
    tape = hand_tape.exchange(1, '"\\u202e"', says="\x1b]0;x\x07")
    done = run(tapedeck, "show", "--textconv", hand_tape.cassette(tmp_path / "a.tape", tape))
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout and "\u202e" not in done.stdout.decode()
    assert b"\\u{1b}]0;x\\u{7}" in done.stdout


def test_no_file_is_an_error(tapedeck, tmp_path):
    done = run(tapedeck, "show", "--textconv", tmp_path / "none.tape")
    assert done.returncode == 66 and b"none.tape: cannot be opened" in done.stderr
    assert run(tapedeck, "show", "--textconv", "--json", tmp_path / "none.tape").returncode == 64
