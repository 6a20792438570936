"""An import is in the cassette as a whole or not at all, and takes the memory of its largest exchange."""

import json
import os
import random
import resource
import subprocess
import sys
import time

import pytest

import tape
from conftest import run

BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def cassette(path, sizes):
    """Writes what VCR.py does: an exchange of each size, which compresses badly."""
    chance = random.Random(5)
    with path.open("w") as file:
        file.write("interactions:\n")
        for size in sizes:
            text = "".join(chance.choices(BASE64, k=1000))
            lines = "".join(f"        data: {n} {text}\n\n" for n in range(size // 1000))
            file.write(
                "- request: {method: GET, uri: 'https://api.example.com/v1', body: null, headers: {}}\n"
                f"  response:\n    body:\n      string: |+\n{lines}"
                "    headers: {content-type: [text/event-stream]}\n    status: {code: 200, message: OK}\n"
            )
        file.write("version: 1\n")
    return path


def limited(command, size):
    """Runs a command by which no file may become larger than so many bytes, as on a disk that is full."""
    return subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        # Python ignores SIGXFSZ, and so the program does: a write that is too much fails.
        restore_signals=False,
    )


@pytest.mark.parametrize("existing", ["nothing", "compressed", "plain"])
def test_a_full_disk_leaves_what_was_there(tapedeck, tmp_path, existing):
    source, target = cassette(tmp_path / "a.yaml", [40_000] * 40), tmp_path / "out" / "a.tape"
    target.parent.mkdir()
    small = cassette(tmp_path / "b.yaml", [2_000])
    before = None
    if existing != "nothing":
        assert run(tapedeck, "import", small, "-o", target).returncode == 0
        if existing == "plain":
            text = subprocess.run(["zcat", target], stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout
            target.write_bytes(text)
        before = target.read_bytes()
    whole = run(tapedeck, "import", source, "-o", tmp_path / "whole.tape")
    assert whole.returncode == 0, whole.stderr
    # Room for the draft beside it but not for both, or not even for the draft.
    enough = (tmp_path / "whole.tape").stat().st_size
    for size in [5_000, enough // 2] + ([enough + 10] if before else []):
        done = limited([tapedeck, "import", source, "-o", target, "--append"], size)
        assert done.returncode not in (0, None)
        assert done.stderr.strip().count(b"\n") <= 1, done.stderr
        assert [path.name for path in target.parent.iterdir()] == (["a.tape"] if before else [])
        assert before is None or target.read_bytes() == before
    done = run(tapedeck, "import", source, "-o", target, "--append")
    assert done.returncode == 0, done.stderr
    assert len(tape.read(target)) == 40 + (existing != "nothing")


def test_one_that_is_killed_leaves_the_cassette_as_it_was(tapedeck, tmp_path):
    source, target = cassette(tmp_path / "a.yaml", [400_000] * 20), tmp_path / "out" / "a.tape"
    target.parent.mkdir()
    assert run(tapedeck, "import", cassette(tmp_path / "b.yaml", [2_000]), "-o", target).returncode == 0
    before = target.read_bytes()
    process = subprocess.Popen([tapedeck, "import", source, "-o", target, "--append"], stdout=subprocess.DEVNULL)
    end = time.monotonic() + 30
    while not list(target.parent.glob("*.new")) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.001)
    process.kill()
    assert process.wait() != 0
    assert target.read_bytes() == before
    assert run(tapedeck, "check", target).returncode == 0


@pytest.mark.alone
@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_memory_is_that_of_the_largest_exchange(tapedeck, tmp_path, kind):
    largest = 8_000_000

    def source(name, sizes):
        path = cassette(tmp_path / f"{name}.yaml", sizes)
        if kind == "yaml":
            return path
        body = "".join(f"data: {n} {'x' * 1000}\n\n" for n in range(sizes[0] // 1000))
        request = {"method": "GET", "uri": "https://api.example.com/v1", "body": None, "headers": {}}
        response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": body}}
        other = tmp_path / f"{name}.json"
        with other.open("w") as file:
            file.write('{"version": 1, "interactions": [\n')
            file.write(",\n".join([json.dumps({"request": request, "response": response})] * len(sizes)))
            file.write("]}\n")
        return other

    base = peak(tapedeck, source("small", [1_000]), tmp_path)
    found = peak(tapedeck, source("large", [largest] * 5), tmp_path)
    assert found - base <= 3 * largest


def peak(tapedeck, source, folder):
    """The most bytes that an import has in memory."""
    process = subprocess.Popen(
        [tapedeck, "import", source, "-o", folder / "x.tape", "--append"], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
