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


def pack(*words, cwd=None, **environment):
    return subprocess.run(
        [PACKAGE, *map(str, words)],
        cwd=cwd,
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


def test_paths_are_relative_to_the_folder_of_the_caller(small_program, tmp_path):
    done = pack("--program", small_program.name, "--only", "tar", "--into", tmp_path, cwd=small_program.parent)
    assert done.returncode == 0, done.stderr
    again = pack("--program", small_program, "--only", "tar", "--into", "here", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert len([*(tmp_path / "here").glob("*.tar.gz")]) == 1


def test_only_packages_of_this_version_have_checksums(small_program, tmp_path):
    for name in ("tapedeck-0.0.9-linux-x86_64.tar.gz", "notes.txt", ".tapedeck-0.1.0.tgz.part"):
        (tmp_path / name).write_text("older")
    done = pack("--program", small_program, "--only", "tar", "--into", tmp_path)
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == 1
    assert "0.0.9" not in lines[0]


def test_what_breaks_off_leaves_the_earlier_package(small_program, tmp_path):
    def packed():
        return pack("--program", small_program, "--only", "tar", "--into", tmp_path)

    assert packed().returncode == 0
    archive = next(tmp_path.glob("*.tar.gz"))
    before = archive.read_bytes()
    # Where the new one cannot be written, as on a full disk, the old one is not half overwritten.
    (tmp_path / f".{archive.name}.part").mkdir()
    done = packed()
    assert (done.returncode, done.stderr.count("\n")) == (70, 1)
    assert f".{archive.name}.part: Is a directory" in done.stderr
    assert archive.read_bytes() == before


def test_a_file_in_the_place_of_the_folder_is_said_in_one_line(small_program, tmp_path):
    (tmp_path / "dist").write_text("no folder")
    done = pack("--program", small_program, "--into", tmp_path / "dist")
    assert (done.returncode, done.stderr) == (70, f"package: {tmp_path}/dist: File exists\n")


def test_the_beginning_of_a_program_is_refused(small_program, tmp_path):
    for length in (8, 20, 4000):
        part = tmp_path / "part"
        part.write_bytes(small_program.read_bytes()[:length])
        done = pack("--program", part, "--into", tmp_path / "dist")
        assert (done.returncode, done.stderr.count("\n")) == (70, 1), done.stderr


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
