"""A job on a runner of GitHub Actions, as far as the steps of the action can see one."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[3]
ACTION = YAML(typ="safe").load(ROOT / "action.yml")
KINDS = ("OUTPUT", "ENV", "STATE", "PATH")
WITHIN_S = 60


@dataclass
class Step:
    """How a step went."""

    code: int
    said: str
    errors: list[str]
    outputs: dict[str, str]


class Job:
    """A job on a runner: what a step sets is there for the steps after it."""

    def __init__(self, folder, release):
        self.files = {kind: folder / f"github_{kind.lower()}" for kind in KINDS}
        self.temp = folder / "temp"
        self.temp.mkdir()
        self.release = release
        self.folder = folder

    def uses(self, runner=None, **inputs):
        """Runs the main step with inputs, whose names have underscores here."""
        given = {"from": str(self.release), **{name.replace("_", "-"): value for name, value in inputs.items()}}
        assert given.keys() <= ACTION["inputs"].keys()
        for name, facts in ACTION["inputs"].items():
            given.setdefault(name, facts.get("default", ""))
        variables = {f"INPUT_{name.upper()}": value for name, value in given.items()}
        return self.node(ACTION["runs"]["main"], {**variables, **(runner or {})})

    def ends(self):
        """Runs the post step."""
        states = {f"STATE_{name}": value for name, value in self.has("STATE").items()}
        return self.node(ACTION["runs"]["post"], states)

    def runs_a_deck(self):
        """Whether a step left a deck that has not ended."""
        return any(not (pid.parent / "code").exists() for pid in self.temp.glob("*/pid"))

    def node(self, script, variables):
        for path in self.files.values():
            path.touch()
        runner = {f"GITHUB_{kind}": str(path) for kind, path in self.files.items()}
        env = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(self.temp), **runner, **variables}
        done = subprocess.run(
            ["node", ROOT / script],
            env=env,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=False,
        )
        errors = [
            line.partition("::error title=Tapedeck::")[2] for line in done.stdout.splitlines() if "::error" in line
        ]
        return Step(done.returncode, done.stdout + done.stderr, errors, self.has("OUTPUT"))

    def has(self, kind):
        """What the steps set, read as the runner reads it."""
        found, lines = {}, iter(self.files[kind].read_text().splitlines())
        for line in lines:
            name, _, end = line.partition("<<")
            found[name] = "\n".join(iter(lambda end=end: next(lines), end))
        return found
