"""What docs/ci.md shows is what `tapedeck init` writes and says."""

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, run

EXAMPLES = ROOT / "docs" / "examples" / "ci"


@pytest.fixture
def project(tmp_path):
    """The project of the page: tests with pytest of a client that uses the anthropic SDK."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (tmp_path / "requirements.txt").write_text("anthropic\n")
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_the_page_shows_what_init_writes(tapedeck, project):
    (project / ".github").mkdir()
    done = run(tapedeck, "init", cwd=project)
    assert done.returncode == 0, done.stderr
    page = (ROOT / "docs" / "ci.md").read_text()
    assert f"```text\n$ tapedeck init\n{done.stdout.decode()}```" in page
    assert (EXAMPLES / "github.yml").read_text() == (project / ".github/workflows/tapedeck.yml").read_text()
    assert (EXAMPLES / "gitattributes.txt").read_text() == (project / ".gitattributes").read_text()
    assert run(tapedeck, "init", "--ci", "gitlab", cwd=project).returncode == 0
    assert (EXAMPLES / "gitlab.yml").read_text() == (project / ".gitlab-ci.yml").read_text()


SCHEMAS = {"github": (".github/workflows/tapedeck.yml", "github-workflows"), "gitlab": (".gitlab-ci.yml", "gitlab-ci")}


@pytest.mark.parametrize("language", ["python", "node", "jest", "vitest", "swift", "shell", "all"])
@pytest.mark.parametrize("service", SCHEMAS)
def test_every_job_keeps_to_the_schema_of_its_service(tapedeck, project, service, language):
    names = ["python", "jest", "swift", "shell"] if language == "all" else [language]
    chosen = [word for name in names for word in ("--language", name)]
    done = run(tapedeck, "init", "--ci", service, *chosen, cwd=project)
    assert done.returncode == 0, done.stderr
    file, schema = SCHEMAS[service]
    program = Path(sys.executable).parent / "check-jsonschema"
    words = [program, "--builtin-schema", f"vendor.{schema}", project / file]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
