"""`tapedeck redact`: in place and at once; nothing is lost, nothing is half written, no secret is left anywhere."""

import contextlib
import gzip
import json
import os
import resource
import signal
import subprocess
import tempfile
import threading
import zlib
from pathlib import Path

import pytest

import tape
import wire
from conftest import run
from secrets_kinds import KINDS, leaks
from upstream import streaming
from waiting import until

KEY = "sk-ant-api03-" + "q7Rw2k9" * 5
HIDDEN = KEY[20:]
NOBODY = 65534


def event(text, index=0):
    return "data: " + json.dumps({"index": index, "delta": {"text": text}}) + "\n\n"


def exchange(number, *texts, type="text/event-stream", body="", target="/v1/messages", headers=()):
    """The lines of an exchange whose events have these texts, each a chunk."""
    request = {
        "id": f"{number:016x}",
        "at": f"2026-11-22T11:00:{number % 60:02}.000000Z",
        "timing": "recorded",
        "method": "POST",
        "url": f"https://api.example.com{target}",
        "headers": [["content-type", "application/json"], *headers],
        "body": body,
    }
    head = {"status": 200, "http": "1.1", "framing": "chunked", "headers": [["content-type", type]]}
    lines = [[0, "q", request], [5, "h", head], *([7, "d", event(text)] for text in texts)]
    lines.append([9, "e", {"how": "complete"}])
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)


def member(text):
    deflater = zlib.compressobj(9, wbits=31)
    return deflater.compress(text.encode()) + deflater.flush()


def written(path, *exchanges, plain=False):
    parts = ['{"tapedeck":1}\n', *exchanges]
    path.write_bytes("".join(parts).encode() if plain else b"".join(map(member, parts)))
    return path


def text_of(path):
    content = path.read_bytes()
    return (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode()


def clean(number=1):
    return exchange(number, "nothing", " to see")


def spread(number=2):
    return exchange(number, "key: " + KEY[:9], KEY[9:20], KEY[20:] + " ok", headers=[["x-api-key", KEY]])


@pytest.mark.parametrize("plain", [False, True], ids=["compressed", "plain"])
def test_only_what_holds_a_secret_changes_and_check_is_content(tapedeck, tmp_path, plain):
    path = written(tmp_path / "a.tape", clean(1), spread(2), clean(3), plain=plain)
    path.chmod(0o640)
    before = path.read_bytes()
    reported = run(tapedeck, "check", path)
    assert reported.returncode == 1
    secrets = [line for line in reported.stdout.decode().splitlines() if "  secret: " in line]
    assert len(secrets) == 2 and all(f"tapedeck redact {path}" in line for line in secrets)
    done = run(tapedeck, "redact", path)
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode()
    assert "covered 2 secrets in 1 of 3 exchanges" in said
    assert "events 1 to 3 joined" in said and "x-api-key" in said and HIDDEN[:8] not in said
    assert HIDDEN[:8] not in text_of(path) and KEY[9:20] not in text_of(path)
    after = path.read_bytes()
    first = ('{"tapedeck":1}\n', clean(1), clean(3))
    kept = [part.encode() if plain else member(part) for part in first]
    assert after.startswith(kept[0] + kept[1]) and after.endswith(kept[2])
    assert path.stat().st_mode & 0o777 == 0o640
    assert [name.name for name in tmp_path.iterdir()] == ["a.tape"]
    [_, old, _], [_, new, _] = (tape.read(written(tmp_path / "b.tape", clean(1), spread(2), clean(3)))), tape.read(path)
    assert [(at, len(data)) for at, data in new.chunks] == [(at, len(data)) for at, data in old.chunks]
    assert new.request["id"] == old.request["id"] and new.ending == old.ending
    assert run(tapedeck, "check", path).returncode == 0
    assert run(tapedeck, "redact", path).returncode == 0
    assert path.read_bytes() == after != before


def test_a_trial_changes_nothing_and_says_that_there_is_something_to_cover(tapedeck, tmp_path):
    path = written(tmp_path / "a.tape", clean(1), spread(2))
    before = path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino
    done = run(tapedeck, "redact", "--dry-run", "--json", path)
    assert done.returncode == 1
    page = json.loads(done.stdout)
    assert (page["path"], page["changed"], page["exchanges"]) == (str(path), False, 2)
    assert page["covered"] == [
        {"exchange": 2, "kind": "credentialHeader", "place": "request header x-api-key", "count": 1},
        {
            "exchange": 2,
            "kind": "anthropicKey",
            "place": "response body, events 1 to 3 joined, delta.text",
            "count": 1,
        },
    ]
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == before
    assert run(tapedeck, "redact", path).returncode == 0
    again = run(tapedeck, "redact", "--dry-run", path)
    assert again.returncode == 0 and b"nothing to cover in 2 exchanges" in again.stdout


def test_folders_are_redacted_and_one_bad_file_stops_no_other(tapedeck, tmp_path):
    written(tmp_path / "a.tape", spread())
    cut = written(tmp_path / "b.tape", spread())
    cut.write_bytes(cut.read_bytes()[:-9])
    before = cut.read_bytes()
    written(tmp_path / "c.tape", spread(), plain=True)
    done = run(tapedeck, "redact", tmp_path, tmp_path / "none.tape")
    assert done.returncode == 65
    damaged, missing = done.stderr.decode().splitlines()
    assert f"tapedeck check --repair {cut}" in damaged and "none.tape" in missing
    assert cut.read_bytes() == before
    assert all(HIDDEN[:8] not in text_of(tmp_path / name) for name in ("a.tape", "c.tape"))
    assert run(tapedeck, "redact", tmp_path / "none.tape").returncode == 66


def test_links_stay_links(tapedeck, tmp_path):
    path = written(tmp_path / "a.tape", spread())
    link = tmp_path / "link.tape"
    link.symlink_to("a.tape")
    assert run(tapedeck, "redact", link).returncode == 0
    assert link.is_symlink() and HIDDEN[:8] not in text_of(path)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_secrets_of_every_kind_in_every_place(tapedeck, tmp_path, kind):
    """Nothing is left of them in the file, and a check finds none."""
    value = kind.value.replace("\\n", "\n")
    halves = [f"see {value[:7]}", value[7:30], value[30:] + " end"]
    body = json.dumps({"text": f"a\n{value}\nb", "api_key": value, "deep": json.dumps({"a": [value]})})
    hidden = body.replace("-", "\\u002d").replace("_", "\\u005f")
    one = exchange(1, f"all: {value} end", body=body, headers=[["x-note", f"see {kind.value} ok"]])
    two = exchange(2, *halves, body=hidden)
    lines = "".join(json.dumps({"message": {"content": text}}) + "\n" for text in halves)
    array = "[" + ",\r\n".join(json.dumps({"candidates": [{"text": text}]}) for text in halves) + "]"
    answers = [
        exchange(number, type="application/json").replace(
            '[9,"e"', json.dumps([7, "d", answer], separators=(",", ":")) + '\n[9,"e"', 1
        )
        for number, answer in ((3, lines), (4, array))
    ]
    path = written(tmp_path / "a.tape", one, two, *answers)
    done = run(tapedeck, "redact", path)
    assert done.returncode == 0
    assert leaks(done.stdout + done.stderr, [kind]) == []
    assert leaks(text_of(path), [kind]) == []
    for exchange_ in tape.read(path)[1:]:
        body = exchange_.body.decode()
        texts = [line.removeprefix("data: ").strip(",[]\r") for line in body.splitlines() if line]
        joined = json.dumps([json.loads(text) for text in texts])
        assert leaks(joined, [kind]) == []
        assert " end" in joined
    found = run(tapedeck, "check", path).stdout.decode()
    assert "secret:" not in found


def test_a_recorder_names_the_verb_and_that_cleans_what_it_recorded(tapedeck, tmp_path):
    path = tmp_path / "a.tape"
    events = [event(text).encode() for text in ("key: " + KEY[:9], KEY[9:20], KEY[20:] + " ok")]
    with streaming(events) as (base, _):
        done = run(tapedeck, "record", f"{base}/v1/messages", "-o", path)
    assert f"tapedeck redact {path}" in done.stderr.decode()
    assert run(tapedeck, "check", path).returncode == 1
    assert run(tapedeck, "redact", path).returncode == 0
    assert run(tapedeck, "check", path).returncode == 0
    assert HIDDEN[:8] not in text_of(path)


def test_the_end_of_a_key_whose_beginning_a_recorder_covered_goes_too(tapedeck, tmp_path):
    path = tmp_path / "a.tape"
    key = "sk-ant-api03-" + "Zx9Kp4Qw" * 9
    events = [event(text).encode() for text in ("key: " + key[:50], key[50:60], key[60:], " ok")]
    with streaming(events) as (base, _):
        assert run(tapedeck, "record", f"{base}/v1/messages", "-o", path).returncode == 0
    assert "Kp4Qw" in text_of(path)
    assert run(tapedeck, "check", path).returncode == 1
    assert run(tapedeck, "redact", path).returncode == 0
    assert not any(key[start : start + 4] in text_of(path) for start in range(13, len(key) - 4))
    assert "ok" in text_of(path)


@pytest.mark.parametrize("rules", [[], ["--redact", "user-[0-9]+"]], ids=["built in", "own"])
def test_a_redacted_cassette_still_answers_its_client(tapedeck, tmp_path, deck_of, rules):
    """Both sides are compared after redaction, by the same rules."""
    name = "user-4711" if rules else "nobody"
    body = json.dumps({"api_key": KEY, "user": name, "text": KEY}).replace("ant-", "ant\\u002d")
    asked = exchange(1, "one", body=body, target=f"/v1/messages?key={KEY}")
    other = exchange(2, "two", body=json.dumps({"api_key": KEY, "user": "another", "text": ""}))
    path = written(tmp_path / "a.tape", asked, other)
    assert run(tapedeck, "redact", *rules, path).returncode == 0
    assert HIDDEN[:8] not in text_of(path) and (name == "nobody" or name not in text_of(path))
    with deck_of(path, "--match", "body", "--pace", "instant", *rules) as base:
        answer = wire.post(f"{base}/v1/messages?key={KEY}", body.encode())
    assert b"one" in answer.body


# What goes wrong.


def large(path, count):
    """A cassette that takes a while to redact."""
    words = [f"word {place} " for place in range(200)]
    return written(path, *(exchange(number, *words, KEY[:9], KEY[9:]) for number in range(count)))


def test_a_kill_in_the_middle_leaves_the_old_file_or_the_new_one(tapedeck, tmp_path):
    path = large(tmp_path / "a.tape", 40)
    old = path.read_bytes()
    found = set()
    for wait in (0.02, 0.1, 0.3, 0.6, 1.2):
        path.write_bytes(old)
        with subprocess.Popen([tapedeck, "redact", path], stdout=subprocess.DEVNULL) as process:
            try:
                process.wait(timeout=wait)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        is_old = path.read_bytes() == old
        found.add(is_old)
        assert is_old or HIDDEN[:8] not in text_of(path)
        assert len(tape.read(path)) == 40
    assert True in found
    # What a killed one left beside it goes with the next.
    assert run(tapedeck, "redact", path).returncode == 0
    assert [name.name for name in tmp_path.iterdir()] == ["a.tape"]


def test_who_adds_to_the_cassette_meanwhile_loses_nothing(tapedeck, tmp_path):
    path = large(tmp_path / "a.tape", 12)
    events = [event("added").encode()]
    failures = []

    def record():
        for _ in range(4):
            with streaming(events) as (base, _):
                done = run(tapedeck, "record", f"{base}/v1/messages", "-o", path, "--append")
            if done.returncode:
                failures.append(done.stderr)

    threads = [threading.Thread(target=record) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        done = run(tapedeck, "redact", path)
        assert done.returncode == 0, done.stderr
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    exchanges = tape.read(path)
    assert len(exchanges) == 20
    assert sum(b"added" in exchange.body for exchange in exchanges) == 8
    assert run(tapedeck, "redact", path).returncode == 0
    assert HIDDEN[:8] not in text_of(path)
    assert [name.name for name in tmp_path.iterdir()] == ["a.tape"]


def limited(command, **limits):
    return subprocess.run([*map(str, command)], capture_output=True, check=False, timeout=60, **limits)


def test_a_full_disk_leaves_the_file_as_it_was(tapedeck, tmp_path):
    path = written(tmp_path / "a.tape", spread(), *(clean(number) for number in range(9)))
    before = path.read_bytes()

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = limited([tapedeck, "redact", path], preexec_fn=little_room)
    assert done.returncode == 1
    [line] = done.stderr.decode().splitlines()
    assert str(path) in line and "as it was" in line
    assert path.read_bytes() == before and [name.name for name in tmp_path.iterdir()] == ["a.tape"]


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_must_not_be_written_is_as_it_was(tapedeck, what):
    # The folders of pytest are for its own user alone, and nothing is forbidden to root.
    user = {"user": NOBODY} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = written(folder / "a.tape", spread())
        before = path.read_bytes()
        path.chmod(0o666 if what == "folder" else 0o444)
        folder.chmod(0o555 if what == "folder" else 0o777)
        try:
            done = limited([tapedeck, "redact", path], **user)
        finally:
            folder.chmod(0o755)
        assert done.returncode == 1
        [line] = done.stderr.decode().splitlines()
        assert str(path) in line and "ermission denied" in line
        assert path.read_bytes() == before and [one.name for one in folder.iterdir()] == ["a.tape"]


def test_what_stands_beside_the_cassette_is_told_of(tapedeck, tmp_path):
    path = written(tmp_path / "a.tape", spread())
    (tmp_path / "a.tape.orig").write_bytes(b"x")
    (tmp_path / "a.tape.lost").write_bytes(b"x")
    done = run(tapedeck, "redact", path)
    assert done.returncode == 0
    assert sorted("a.tape.lost" in line for line in done.stderr.decode().splitlines()) == [False, True]


def holds(path, what):
    """What is recorded stands in its file as it came; another file may be gone again."""
    with contextlib.suppress(FileNotFoundError):
        return what in path.read_bytes()
    return False


def test_a_recording_under_way_is_waited_for_by_nobody(tapedeck, tmp_path):
    """A spool belongs to its recorder; the cassette beside it can be redacted all the same."""
    path = written(tmp_path / "a.tape", spread())
    go_on = threading.Event()

    def pieces():
        yield event("begun").encode()
        go_on.wait(20)
        yield event("ended").encode()

    with streaming(pieces()) as (base, _):
        command = [tapedeck, "record", f"{base}/v1/messages", "-o", path, "--append"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                [spool] = until(lambda: [spool for spool in tmp_path.glob("*.part") if holds(spool, b"begun")])
                refused = run(tapedeck, "redact", spool)
                redacted = run(tapedeck, "redact", path)
            finally:
                go_on.set()
            assert process.wait(timeout=20) == 0
    assert refused.returncode == 1 and b"still being recorded" in refused.stderr
    assert redacted.returncode == 0
    assert [exchange.how for exchange in tape.read(path)] == ["complete", "complete"]
