"""Where packages are tested: outside the repository, with no Swift in PATH, from what scripts/package made."""

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import DIST

# What of the developer's machine is not there: Swift, and any Tapedeck that is installed already.
ABSENT = ("swift", "sourcekit", "tapedeck")


@pytest.fixture(scope="session")
def dist():
    """The folder with what scripts/package made."""
    if not DIST:
        pytest.skip("TAPEDECK_DIST does not name the folder that scripts/package writes; scripts/test does that")
    return Path(DIST).resolve()


@pytest.fixture(scope="session")
def outside(tmp_path_factory):
    """The environment of somebody who has no Swift: all that is in PATH but that, and no settings."""
    folder = tmp_path_factory.mktemp("outside")
    programs = folder / "bin"
    programs.mkdir()
    venv = Path(sys.prefix).resolve()
    for part in os.environ["PATH"].split(os.pathsep):
        if not os.path.isdir(part) or Path(part).resolve().is_relative_to(venv):
            continue
        for entry in os.scandir(part):
            link = programs / entry.name
            if not entry.name.startswith(ABSENT) and not link.is_symlink():
                link.symlink_to(entry.path)
    return {
        "PATH": str(programs),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


def made(dist, pattern):
    """The one package whose name matches."""
    found = sorted(dist.glob(pattern))
    assert len(found) == 1, f"expected one {pattern} in {dist}, found {[path.name for path in found]}"
    return found[0]


@dataclass
class Venv:
    """A virtual environment, and the environment variables of what runs in it."""

    python: Path
    environment: dict

    @property
    def tapedeck(self):
        return self.python.parent / "tapedeck"

    def pip(self, verb, *words):
        """Runs pip for it."""
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", self.python]
        return self.run(*pip, verb, *words)

    def run(self, *command, **options):
        """Runs a command to its end; gives its exit code and what it said, as text."""
        return subprocess.run(
            [*map(str, command)],
            **{"env": self.environment, "capture_output": True, "text": True, "timeout": 120, "check": False} | options,
        )


def venv_with_wheel(folder, dist, outside, *, with_test_packages=False):
    """A new virtual environment with the wheel, installed offline.

    With `with_test_packages` it also finds what the tests of this repository are run with (pytest, the SDKs).
    """
    # Its own pip would cost more time than all the rest; that of the tests installs into it.
    subprocess.run([base_python(), "-m", "venv", "--without-pip", folder], check=True, env=outside)
    venv = Venv(folder / "bin" / "python", outside | {"PATH": f"{folder / 'bin'}{os.pathsep}{outside['PATH']}"})
    if with_test_packages:
        site = venv.run(venv.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
        Path(site, "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
    done = venv.pip("install", "--no-index", "--find-links", dist, "tapedeck")
    assert done.returncode == 0, done.stderr
    return venv


def base_python():
    """The Python that the tests' own virtual environment was made with."""
    return getattr(sys, "_base_executable", sys.executable)


@pytest.fixture(scope="session")
def wheel_venv(dist, outside, tmp_path_factory):
    """A virtual environment with the wheel, and nothing else."""
    return venv_with_wheel(tmp_path_factory.mktemp("wheel") / "venv", dist, outside)
