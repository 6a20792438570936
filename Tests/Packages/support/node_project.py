"""A project of a user of the npm package, outside the repository, with the package in its node_modules."""

import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import ROOT
from outside import made

EXAMPLE = ROOT / "docs" / "examples" / "node-project"
NODE = shutil.which("node")


def tarballs(dist):
    """What npm would install: the package, and the program for this machine."""
    return made(dist, "tapedeck-[0-9]*.tgz"), made(dist, "tapedeck-cli-linux-*.tgz")


def unpack(dist, node_modules):
    """Puts the packages where npm puts them; npm itself is not everywhere."""
    library, program = tarballs(dist)
    name = re.sub(r"^tapedeck-(cli-linux-[a-z0-9]+)-\d.*", r"@tapedeck/\1", program.name)
    for tarball, folder in ((library, "tapedeck"), (program, name)):
        with tarfile.open(tarball) as packed:
            for member in packed.getmembers():
                member.name = member.name.partition("/")[2]
                packed.extract(member, node_modules / folder, filter="tar")
    return node_modules


@dataclass
class Done:
    """A command that has ended."""

    code: int
    said: str


@dataclass
class NodeProject:
    """The folder of a project, and the environment of its user."""

    folder: Path
    environment: dict

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return name

    def run(self, *command, **extra):
        """Runs a command in the folder; a variable that is None is left out."""
        environment = {key: value for key, value in (self.environment | extra).items() if value is not None}
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "check": False}
        done = subprocess.run([*map(str, command)], cwd=self.folder, env=environment, timeout=120, **options)
        return Done(done.returncode, done.stdout)

    def test(self, *files, **extra):
        """Runs tests with node's own runner."""
        return self.run(NODE, "--test", "--test-reporter=tap", *files, **extra)


@pytest.fixture(scope="session")
def node_modules(dist, tmp_path_factory):
    """A node_modules folder with the npm package and its program."""
    return unpack(dist, tmp_path_factory.mktemp("npm") / "node_modules")


@pytest.fixture
def node_project(node_modules, outside, tmp_path):
    """Makes a project with files of the example."""
    if NODE is None:
        pytest.skip("there is no node")

    def project(*files):
        folder = tmp_path / "project"
        folder.mkdir()
        for name in ("package.json", "client.mjs", *files):
            shutil.copy(EXAMPLE / name, folder)
        (folder / "node_modules").symlink_to(node_modules)
        return NodeProject(folder, outside | {"NO_COLOR": "1"})

    return project
