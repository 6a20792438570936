"""The npm tarballs hold what `npm pack` would put in, and their manifests have the version of the program."""

import json
import re
import shutil
import subprocess
import tarfile

import pytest

from conftest import ROOT
from outside import made

VERSION = re.search(r'current = "(.*)"', (ROOT / "Sources/Cassettes/TapedeckVersion.swift").read_text())[1]
PATTERNS = ["tapedeck-[0-9]*.tgz", "tapedeck-cli-*.tgz"]


@pytest.fixture(params=PATTERNS)
def tarball(request, dist):
    return made(dist, request.param)


def manifest(tarball):
    with tarfile.open(tarball) as archive:
        return json.load(archive.extractfile("package/package.json"))


def test_it_holds_what_npm_packs(tarball, tmp_path):
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    with tarfile.open(tarball) as archive:
        archive.extractall(tmp_path, filter="data")
        ours = sorted(member.name.removeprefix("package/") for member in archive.getmembers())
    done = subprocess.run(
        ["npm", "pack", "--dry-run", "--json", "--offline"],
        cwd=tmp_path / "package",
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    (packed,) = json.loads(done.stdout)
    assert packed["filename"] == tarball.name
    assert sorted(file["path"] for file in packed["files"]) == ours


def test_programs_can_be_executed_and_nothing_else(tarball):
    programs = {"package/bin/tapedeck", "package/bin/tapedeck.js"}
    with tarfile.open(tarball) as archive:
        for member in archive:
            assert member.mode == (0o755 if member.name in programs else 0o644), member.name


def test_the_program_is_asked_for_in_the_version_that_comes_with_it(dist):
    library, cli = (manifest(made(dist, pattern)) for pattern in PATTERNS)
    assert library["version"] == cli["version"] == VERSION
    assert library["optionalDependencies"][cli["name"]] == VERSION
    assert set(library["optionalDependencies"].values()) == {VERSION}


def test_the_program_is_for_one_platform(dist):
    tarball = made(dist, "tapedeck-cli-*.tgz")
    cli = manifest(tarball)
    assert [cli["name"], cli["os"], cli["cpu"]] == ["@tapedeck/cli-linux-x64", ["linux"], ["x64"]]
    assert cli["libc"] == ["glibc"]
    with tarfile.open(tarball) as archive:
        assert "package/THIRD-PARTY-NOTICES" in archive.getnames()
