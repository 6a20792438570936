"""What docs/install.md and CONTRIBUTING tell people to write keeps to the schemas, and does what they say."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import wire
from actions_job import ACTION, Job

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
WORKFLOW = ROOT / "docs" / "examples" / "ci" / "workflow.yml"
COMPOSE = ROOT / "docs" / "examples" / "container" / "compose.yml"


VERSION_FILE = ROOT / "Sources" / "Cassettes" / "TapedeckVersion.swift"


def steps(job):
    return YAML(typ="safe").load(WORKFLOW)["jobs"][job]["steps"]


@pytest.fixture
def job(dist, tmp_path):
    made = Job(tmp_path, dist)
    (tmp_path / "cassettes").mkdir()
    shutil.copy(ROOT / "cassettes" / "anthropic-text.tape", tmp_path / "cassettes")
    yield made
    if made.runs_a_deck():
        made.ends()


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-actions", [ROOT / "action.yml"]),
        ("github-workflows", [*(ROOT / ".github" / "workflows").glob("*.yml"), WORKFLOW]),
        ("compose-spec", [COMPOSE]),
    ],
)
def test_what_others_read_keeps_to_their_schemas(schema, files):
    checker = Path(sys.executable).parent / "check-jsonschema"
    words = [checker, "--builtin-schema", f"vendor.{schema}", *files]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_people_copy_names_the_version_of_the_program():
    version = re.search(r'current = "([^"]+)"', VERSION_FILE.read_text(encoding="utf-8"))[1]
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "install.md", WORKFLOW, COMPOSE)}
    named = {name: set(re.findall(r"tapedeck[@:_-]v?(\d+\.\d+\.\d+)", text)) for name, text in texts.items()}
    assert named == {name: {version} for name in texts}


def test_the_page_lists_the_inputs_and_outputs_of_the_action():
    table = PAGE.partition("| input | what it is |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    assert sorted(re.findall("`([^`]+)`", " ".join(rows))) == sorted(ACTION["inputs"])
    outputs = re.search(r"The outputs are ([^.]+)\.", PAGE)[1]
    assert re.findall("`([^`]+)`", outputs) == [*ACTION["outputs"]]


def test_the_code_reads_each_input_of_the_action_and_no_other():
    code = (ROOT / ACTION["runs"]["main"]).read_text(encoding="utf-8")
    names = set(re.findall(r"input(?:Lines|Words)?\('([\w-]+)'\)", code))
    looped = re.search(r"for \(const name of \[([^]]+)\]", code)[1]
    assert names | set(re.findall(r"'([\w-]+)'", looped)) == ACTION["inputs"].keys()


def test_the_workflow_of_the_page_runs_commands_with_a_deck_around_them(job):
    (step,) = (step for step in steps("around") if "with" in step)
    done = job.uses(**{name.replace("-", "_"): value for name, value in step["with"].items()})
    assert done.code == 0, done.said
    assert b"message_stop" in (job.folder / "answer.sse").read_bytes()


def test_the_workflow_of_the_page_has_a_deck_for_later_steps(job):
    _, action, later = steps("beside")
    done = job.uses(**action["with"])
    assert done.code == 0, done.said
    base = job.has("ENV")["ANTHROPIC_BASE_URL"]
    said = subprocess.run(
        ["bash", "-e", "-c", later["run"]],
        env={"PATH": "/usr/bin:/bin", **job.has("ENV")},
        cwd=job.folder,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 0, said.stderr
    assert b"message_stop" in (job.folder / "answer.sse").read_bytes()
    journal = wire.send("GET", f"{base}/~/api/journal").body
    assert journal.count(b'"status":503') == 1
    ended = job.ends()
    assert ended.code == 0, ended.said
