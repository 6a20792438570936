"""A Python project of a user: a folder outside the repository, the package installed, no Swift in the PATH."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import DIST, ROOT, serving
from outside import venv_with_wheel

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


@pytest.fixture(scope="session")
def python(outside, tmp_path_factory):
    """An environment with the wheel of scripts/package, or with one made here, which finds the program in TAPEDECK."""
    folder = tmp_path_factory.mktemp("python")
    dist, own = Path(DIST or folder).resolve(), {"PYTHONDONTWRITEBYTECODE": "1"}
    if not DIST:
        command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "-w", dist, PACKAGE]
        subprocess.run(command, check=True, timeout=WITHIN_S)
        own["TAPEDECK"] = os.environ["TAPEDECK"]
    venv = venv_with_wheel(folder / "venv", dist, outside, with_test_packages=True)
    return Environment(folder / "venv", venv.environment | own)


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
