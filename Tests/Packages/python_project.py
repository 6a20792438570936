"""A Python project of a user: a folder outside the repository, the package installed, no Swift in the PATH."""

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import ROOT, serving

PACKAGE = ROOT / "packages" / "python"
EXAMPLE = ROOT / "docs" / "examples" / "pytest"
WITHIN_S = 240


@dataclass
class Done:
    """What a command said, and its exit code."""

    code: int
    out: str

    def report_of(self, test):
        """What pytest reports of a failed test."""
        _, mark, rest = self.out.partition(f" {test} _")
        assert mark, f"there is no report of {test}:\n{self.out}"
        lines = rest.split("\n")[1:]
        end = next((place for place, line in enumerate(lines) if line.startswith(("____", "===="))), len(lines))
        return "\n".join(lines[:end])


@dataclass
class Environment:
    """A virtual environment with the package."""

    folder: Path
    variables: dict

    def run(self, *command, cwd, **variables):
        """Runs a program of the environment."""
        program, *words = map(str, command)
        options = {"capture_output": True, "text": True, "check": False, "timeout": WITHIN_S}
        environment = self.variables | {name: str(value) for name, value in variables.items()}
        done = subprocess.run([self.folder / "bin" / program, *words], cwd=cwd, env=environment, **options)
        return Done(done.returncode, done.stdout + done.stderr)

    def pytest(self, *words, cwd, **variables):
        """Runs pytest."""
        return self.run("python", "-m", "pytest", "-p", "no:cacheprovider", *words, cwd=cwd, **variables)


def wheel(folder):
    """The wheel that TAPEDECK_DIST has, or one made here, which finds the program in TAPEDECK."""
    if "TAPEDECK_DIST" in os.environ:
        return next(Path(os.environ["TAPEDECK_DIST"]).glob("tapedeck-*.whl"))
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "-w", folder, PACKAGE]
    subprocess.run(command, check=True, timeout=WITHIN_S)
    return next(folder.glob("tapedeck-*.whl"))


@pytest.fixture(scope="session")
def python(tmp_path_factory):
    """The environment. What the package is tested with comes from the one that runs these tests."""
    folder = tmp_path_factory.mktemp("python")
    environment = folder / "venv"
    # As a link, a program would find this environment's own folder through it.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True, timeout=WITHIN_S)
    pip = [sys.executable, "-m", "pip", "--python", environment / "bin" / "python"]
    install = ["install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check", wheel(folder)]
    subprocess.run([*pip, *install], check=True, timeout=WITHIN_S)
    site = next((environment / "lib").glob("python*")) / "site-packages"
    (site / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    own = {} if "TAPEDECK_DIST" in os.environ else {"TAPEDECK": os.environ["TAPEDECK"]}
    return Environment(environment, kept | own | {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"})


@pytest.fixture(scope="session")
def recorded(python, tmp_path_factory):
    """The example project after it has recorded its answers, from a server that is gone now."""
    folder = tmp_path_factory.mktemp("recorded") / "project"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    keys = {"ANTHROPIC_API_KEY": "sk-ant-any", "OPENAI_API_KEY": "sk-any"}
    port_file = folder.parent / "port"
    with serving([ROOT / "scripts" / "live-server"], port_file) as upstream:
        options = ("-rs", "--tapedeck-mode=once", f"--tapedeck-upstream={upstream}")
        done = python.pytest(*options, cwd=folder, **keys)
    return folder, done


@pytest.fixture
def project(recorded, tmp_path):
    """The example project, ready to play what it recorded."""
    folder = tmp_path / "project"
    shutil.copytree(recorded[0], folder)
    return folder
