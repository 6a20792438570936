"""A project of a user of the npm package, outside the repository, with the package in its node_modules."""

import os
import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conftest import ROOT

EXAMPLE = ROOT / "docs" / "examples" / "node-project"
NODE = shutil.which("node")


def tarballs(dist):
    """What npm would install: the package, and the program for this machine."""
    library = [path for path in Path(dist).glob("tapedeck-*.tgz") if re.fullmatch(r"tapedeck-\d[^-]*\.tgz", path.name)]
    program = list(Path(dist).glob("tapedeck-cli-linux-*.tgz"))
    assert len(library) == 1 and len(program) == 1, f"{dist} holds {sorted(os.listdir(dist))}"
    return library[0], program[0]


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
    """The folder of a project, and the environment of its user: no Swift, no keys, nothing of ours."""

    folder: Path
    extra: dict = field(default_factory=dict)

    @property
    def environment(self):
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        path = ":".join(dict.fromkeys([str(Path(NODE).parent), "/usr/bin", "/bin"]))
        return kept | {"PATH": path, "NO_COLOR": "1"} | self.extra

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


def made(node_modules, folder, *files):
    """A project with files of the example."""
    if NODE is None:
        pytest.skip("there is no node")
    folder.mkdir()
    for name in ("package.json", "client.mjs", *files):
        shutil.copy(EXAMPLE / name, folder)
    (folder / "node_modules").symlink_to(node_modules)
    return NodeProject(folder)
