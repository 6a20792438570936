"""The wheel is small, says rightly on which machines it runs, and installs without the network."""

import base64
import csv
import hashlib
import re
import subprocess
import sys
import zipfile

import pytest

from conftest import ROOT
from outside import made, venv_with_wheel

SIZE_GOAL_BYTES = 9_000_000
VERSION = re.search(r'current = "(.*)"', (ROOT / "Sources/Cassettes/TapedeckVersion.swift").read_text())[1]


@pytest.fixture(scope="module")
def wheel(dist):
    return made(dist, "tapedeck-*.whl")


def test_it_is_small(wheel):
    assert wheel.stat().st_size <= SIZE_GOAL_BYTES


def test_its_name_has_the_version_and_the_tag(wheel):
    assert re.fullmatch(rf"tapedeck-{re.escape(VERSION)}-py3-none-manylinux_2_\d+_(x86_64|aarch64)\.whl", wheel.name)


@pytest.mark.parametrize("name", ["pyproject.toml", "src/tapedeck/__init__.py"])
def test_the_sources_say_the_version_too(name):
    text = (ROOT / "packages" / "python" / name).read_text()
    assert re.findall(r'(?m)^(?:version|__version__) = "(.*)"$', text) == [VERSION]


def test_auditwheel_agrees_with_the_tag(wheel):
    done = subprocess.run(
        [sys.executable, "-m", "auditwheel", "show", wheel], capture_output=True, text=True, check=True
    )
    tag = wheel.stem.rpartition("-")[2]
    assert f'consistent with the following platform tag: "{tag}"' in " ".join(done.stdout.split())


def test_its_metadata_is_of_a_version_that_is_known_everywhere(wheel):
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"tapedeck-{VERSION}.dist-info/METADATA").decode()
    assert text.startswith("Metadata-Version: 2.4\n")
    assert "\nLicense-Expression: MIT\n" in text


def test_its_record_lists_every_file_with_its_digest(wheel):
    with zipfile.ZipFile(wheel) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        info = next(name for name in names if name.endswith(".dist-info/RECORD"))
        rows = list(csv.reader(archive.read(info).decode().splitlines()))
        assert sorted(row[0] for row in rows) == sorted(names)
        for name, digest, size in rows:
            if name == info:
                continue
            data = archive.read(name)
            assert int(size) == len(data)
            assert digest == "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def test_the_program_can_be_executed_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
    assert modes.pop(f"tapedeck-{VERSION}.data/scripts/tapedeck") == 0o755
    assert set(modes.values()) == {0o644}


def test_it_holds_the_typed_package_and_the_licences(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    licences = f"tapedeck-{VERSION}.dist-info/licenses"
    assert {"tapedeck/__init__.py", "tapedeck/py.typed", "tapedeck/llms.txt", f"{licences}/LICENSE"} <= names
    assert f"{licences}/THIRD-PARTY-NOTICES" in names


def test_it_installs_offline_and_runs(wheel_venv):
    said = wheel_venv.run("tapedeck", "--version")
    assert (said.returncode, said.stdout) == (0, f"{VERSION}\n")
    version = wheel_venv.run("python", "-c", "import tapedeck; print(tapedeck.__version__)")
    assert version.stdout == f"{VERSION}\n"
    assert re.search(r"(?m)^Requires: *$", wheel_venv.pip("show", "tapedeck").stdout)


def test_there_is_no_swift_outside(wheel_venv):
    found = wheel_venv.run("sh", "-c", "command -v swift swiftc; command -v tapedeck")
    assert found.stdout == f"{wheel_venv.tapedeck}\n"


def test_uninstalling_leaves_nothing(dist, outside, tmp_path):
    venv = venv_with_wheel(tmp_path / "venv", dist, outside)
    done = venv.pip("uninstall", "--yes", "tapedeck")
    assert done.returncode == 0, done.stderr
    left = [path for path in (tmp_path / "venv").rglob("*") if "tapedeck" in path.name]
    assert left == []


@pytest.mark.parametrize("platform", ["manylinux_2_31_x86_64", "musllinux_1_2_x86_64", "win_amd64"])
def test_pip_refuses_machines_on_which_it_does_not_run(dist, wheel_venv, platform, tmp_path):
    where = ["--platform", platform, "--only-binary", ":all:", "--target", tmp_path]
    done = wheel_venv.pip("install", "--no-index", "--find-links", dist, *where, "tapedeck")
    assert done.returncode == 1
    assert "No matching distribution found for tapedeck" in done.stderr
