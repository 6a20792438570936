"""The example package in Swift builds and passes outside the repository, and its tests fail for the right reasons."""

import itertools
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import CASSETTES, ROOT, running

EXAMPLE = ROOT / "docs" / "examples" / "swift"
# What is built of Tapedeck stays for the next run.
SCRATCH = ROOT / ".build" / "swift-example"
BUILD_LIMIT_S = 900
# It is built in one place, with all processors.
pytestmark = pytest.mark.alone
WHOLE = "    guard isOver else { throw Failure.brokenOff }\n"


@dataclass
class Package:
    """A copy of the example, which is built once."""

    folder: Path

    def test(self, *arguments, **environment):
        """Runs its tests; gives the exit code, and what they said."""
        command = ["swift", "test", "--scratch-path", SCRATCH, *arguments]
        done = subprocess.run(
            [*map(str, command)],
            cwd=self.folder,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=BUILD_LIMIT_S,
        )
        return done.returncode, done.stdout + done.stderr

    @property
    def cassette(self):
        return self.folder / "Tests" / "AnswersTests" / "cassettes" / "greeting.tape"

    @property
    def client(self):
        return self.folder / "Sources" / "Answers" / "AnswerClient.swift"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    if not shutil.which("swift"):
        pytest.skip("there is no swift in PATH")
    folder = tmp_path_factory.mktemp("swift") / "answers"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".build", ".swiftpm", "Package.resolved"))
    manifest = folder / "Package.swift"
    text = manifest.read_text(encoding="utf-8")
    assert '"../../.."' in text
    manifest.write_text(text.replace('"../../.."', f'"{ROOT}"'), encoding="utf-8")
    package = Package(folder)
    code, said = package.test()
    assert code == 0 and "6 tests in 1 suite passed" in said, said
    return package


def test_it_passes_without_the_network(package):
    code, said = package.test("--skip-build")
    assert code == 0, said


def test_without_a_recording_it_says_which_command_makes_one_and_that_does(package, tmp_path):
    package.cassette.unlink()
    code, said = package.test("--skip-build", "--filter", "streamsAnAnswer")
    assert code == 1
    assert f"there is no recording {package.cassette}: make it with" in said
    assert "TAPEDECK_MODE=once swift test --filter 'AnswerClientTests/streamsAnAnswer'" in said
    command = [os.environ["TAPEDECK"], "serve", CASSETTES / "anthropic-text.tape"]
    with running(command, tmp_path / "port"):
        upstream = f"http://127.0.0.1:{(tmp_path / 'port').read_text().strip()}"
        code, said = package.test(
            "--skip-build",
            "--filter",
            "streamsAnAnswer|halfAnAnswer",
            TAPEDECK_MODE="once",
            TAPEDECK_UPSTREAM=upstream,
        )
    assert code == 0, said
    assert 'halfAnAnswerIsAnError() skipped: "no fault can happen while the cassette is recorded"' in said
    assert package.cassette.exists()
    code, said = package.test("--skip-build", "--filter", "streamsAnAnswer|halfAnAnswer")
    assert code == 0, said
    shutil.copy(EXAMPLE / "Tests" / "AnswersTests" / "cassettes" / "greeting.tape", package.cassette)


def test_a_client_that_takes_a_part_for_the_whole_is_found_out(package):
    text = package.client.read_text(encoding="utf-8")
    assert WHOLE in text
    package.client.write_text(text.replace(WHOLE, ""), encoding="utf-8")
    code, said = package.test()
    assert code == 1
    tests = (package.folder / "Tests" / "AnswersTests" / "AnswerClientTests.swift").read_text(encoding="utf-8")
    line = tests[: tests.index("try await judge(")].count("\n") + 1
    assert "halfAnAnswerIsAnError() failed" in said
    assert f"survivesEveryCut() recorded an issue at AnswerClientTests.swift:{line}:" in said
    assert "takes a part of the answer for the whole when the body ends cleanly before the message does" in said
    assert 'run it alone with cases: "greeting/cut/end/' in said


def test_the_steps_of_the_tutorial_grow_into_the_example():
    resources = ROOT / "Sources" / "TapedeckTesting" / "TapedeckTesting.docc" / "Resources"
    steps = sorted(resources.glob("*-AnswerClientTests.swift"))
    assert len(steps) > 1
    example = EXAMPLE / "Tests" / "AnswersTests" / "AnswerClientTests.swift"
    assert steps[-1].read_text(encoding="utf-8") == example.read_text(encoding="utf-8")
    assert (resources / "timeline.svg").read_bytes() == (ROOT / "docs" / "timeline.svg").read_bytes()
    for step, following in itertools.pairwise(steps):
        text = step.read_text(encoding="utf-8").removesuffix("}\n")
        assert following.read_text(encoding="utf-8").startswith(text), f"{following.name} takes back a line"
