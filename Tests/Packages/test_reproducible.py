"""The same commit gives the same bytes, whoever packs, and wrong words are refused in one line."""

import os
import shutil
import subprocess
import tarfile

import pytest

from conftest import ROOT

SMALL = r"""
#include <stdio.h>
#include <string.h>
int main(int count, char **words) {
  const char *word = count > 1 ? words[1] : "";
  if (!strcmp(word, "help")) puts("USAGE: tapedeck [<options>]\n");
  else if (strcmp(word, "--experimental-dump-help")) puts("# completions");
  else puts("{\"command\": {\"commandName\": \"tapedeck\", \"abstract\": \"Small.\","
    " \"arguments\": [], \"subcommands\": []}}");
  return 0;
}
"""
PACKAGE = ROOT / "scripts" / "package"


def pack(*words, **environment):
    return subprocess.run(
        [PACKAGE, *map(str, words)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def small_program(tmp_path_factory):
    """A program that says what packing asks, which packs in a moment."""
    path = tmp_path_factory.mktemp("small") / "tapedeck"
    compiler = shutil.which("cc") or "clang"
    subprocess.run([compiler, "-x", "c", "-", "-o", path], input=SMALL, text=True, check=True)
    return path


def test_packing_twice_gives_the_same_bytes(small_program, tmp_path):
    made = []
    for number, zone in enumerate(["UTC", "Asia/Tokyo"]):
        folder = tmp_path / str(number)
        # Neither the mask, the time zone, the home nor the time of the files has anything to do with it.
        os.utime(small_program, (number, number))
        before = os.umask((0o022, 0o077)[number])
        try:
            done = pack("--program", small_program, "--into", folder, TZ=zone, HOME=str(tmp_path))
        finally:
            os.umask(before)
        assert done.returncode == 0, done.stderr
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert set(made[0]) == set(made[1])
    assert len(made[0]) >= 3
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []


def test_the_time_is_that_of_the_environment_where_it_is_set(small_program, tmp_path):
    done = pack("--program", small_program, "--only", "tar", "--into", tmp_path, SOURCE_DATE_EPOCH="1000000000")
    assert done.returncode == 0, done.stderr
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        assert {member.mtime for member in archive} == {1_000_000_000}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ["--only", "rpm"],
            64,
            "package: --only: expected some of tar, wheel, npm, deb, joined by commas; found 'rpm'",
        ),
        (["--program", "/nowhere"], 70, "package: /nowhere: expected a program: No such file or directory"),
        (["--program", PACKAGE], 70, f"package: {PACKAGE}: expected a program for Linux with glibc"),
    ],
)
def test_what_cannot_be_packed_is_said_in_one_line(words, code, said, tmp_path):
    done = pack(*words, "--into", tmp_path)
    assert done.returncode == code
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
