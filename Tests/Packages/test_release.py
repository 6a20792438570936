"""What the release workflow asks of scripts/release, and that the workflow names what is there."""

import hashlib
import importlib.machinery
import importlib.util
import re
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
PROGRAM = 'package static let current = "0.2.0"'
CHANGES = """# Changelog

## Unreleased

- not yet

## 0.2.0 - 2026-12-01

- new

### Fixed

- mended

## 0.1.0 - 2026-11-01

- first
"""


def loaded():
    """scripts/release as a module: its name has no suffix."""
    loader = importlib.machinery.SourceFileLoader("release", str(ROOT / "scripts" / "release"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("release", loader))
    loader.exec_module(module)
    return module


release = loaded()


def machine(folder, name, **files):
    """The folder of a machine, with its files and their checksums; underscores in names are dots."""
    place = folder / name
    place.mkdir(parents=True)
    sums = []
    for key, text in files.items():
        file = place / key.replace("_", ".")
        file.write_text(text)
        sums.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {file.name}\n")
    (place / "SHA256SUMS").write_text("".join(sums))
    return place


def test_a_release_is_announced_with_its_section_alone():
    assert release.notes("v0.2.0", PROGRAM, CHANGES) == "- new\n\n### Fixed\n\n- mended"
    assert release.notes("v0.2.0", PROGRAM, CHANGES.replace("## 0.2.0", "## [0.2.0]")).startswith("- new")


@pytest.mark.parametrize(
    ("tag", "changes", "words"),
    [
        ("v0.3.0", CHANGES, "expected the tag v0.2.0, since the program says 0.2.0; found v0.3.0"),
        ("0.2.0", CHANGES, "expected the tag v0.2.0"),
        ("v0.2.0", CHANGES.replace("## 0.2.0", "## 0.2.01"), "expected a section '## 0.2.0', and found none"),
        ("v0.2.0", "## 0.2.0\n\n## 0.1.0\n\n- first\n", "the section '## 0.2.0' is empty"),
    ],
)
def test_a_tag_that_does_not_fit_is_refused(tag, changes, words):
    with pytest.raises(release.ReleaseError, match=re.escape(words)):
        release.notes(tag, PROGRAM, changes)


def test_the_files_of_all_machines_are_joined_with_their_checksums(tmp_path):
    machine(tmp_path / "in", "linux-x86_64", one_whl="x86", npm_tgz="same")
    machine(tmp_path / "in", "linux-arm64", two_whl="arm", npm_tgz="same")
    out = tmp_path / "out"
    assert sorted(release.gather(tmp_path / "in", out)) == ["npm.tgz", "one.whl", "two.whl"]
    assert sorted(path.name for path in out.iterdir()) == ["SHA256SUMS", "npm.tgz", "one.whl", "two.whl"]
    for line in (out / "SHA256SUMS").read_text().splitlines():
        expected, name = line.split()
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == expected


def test_two_machines_that_disagree_about_a_file_are_noticed(tmp_path):
    machine(tmp_path, "linux-x86_64", npm_tgz="same")
    machine(tmp_path, "linux-arm64", npm_tgz="other")
    with pytest.raises(release.ReleaseError, match=r"npm\.tgz: two machines made different files"):
        release.gather(tmp_path, tmp_path / "out")


def test_a_file_that_changed_or_went_missing_is_noticed(tmp_path):
    place = machine(tmp_path, "linux-x86_64", one_whl="x86")
    (place / "one.whl").write_text("changed")
    with pytest.raises(release.ReleaseError, match="expected the checksum"):
        release.gather(tmp_path, tmp_path / "out")
    (place / "one.whl").unlink()
    with pytest.raises(release.ReleaseError, match="found missing"):
        release.gather(tmp_path, tmp_path / "out")
    shutil.rmtree(place)
    with pytest.raises(release.ReleaseError, match="found none"):
        release.gather(tmp_path, tmp_path / "out")


def test_the_workflow_runs_what_is_there_and_publishes_only_what_was_tested():
    workflow = YAML(typ="safe").load(WORKFLOW)
    jobs = workflow["jobs"]
    # A run by hand publishes nothing, on a tag neither: only tags are pushed to it.
    assert workflow["on"] == {"push": {"tags": ["v*"]}, "workflow_dispatch": None}
    steps = [step for job in jobs.values() for step in job["steps"]]
    scripts = {word for step in steps for word in re.findall(r"(?m)(?:^|\s)(scripts/\w+)", step.get("run", ""))}
    assert scripts == {"scripts/test", "scripts/release"}
    for script in scripts:
        assert (ROOT / script).exists(), script
    # Each job that publishes waits for all machines, through the job that gathers.
    assert set(jobs["gather"]["needs"]) == {"check", "linux", "macos"}
    publishing = {name for name, job in jobs.items() if "write" in job.get("permissions", {}).values()} - {"gather"}
    assert publishing == {"pypi", "npm", "image", "announce"}
    for name in publishing:
        assert "gather" in jobs[name]["needs"], name
        assert jobs[name]["if"] == "github.event_name == 'push'", name
    assert set(jobs["announce"]["needs"]) == {"gather", "pypi", "npm", "image"}
