"""What `tapedeck init` begins a project with passes at once, with what scripts/package made and nothing else."""

import re
import shutil
from pathlib import Path

import pytest

from node_project import NODE
from outside import venv_with_wheel

STAND_IN = Path(__file__).parent / "support" / "vitest-stand-in"


@pytest.fixture(scope="module")
def venv(dist, outside, tmp_path_factory):
    """A virtual environment with the wheel, pytest and the SDKs."""
    return venv_with_wheel(tmp_path_factory.mktemp("init") / "venv", dist, outside, with_test_packages=True)


@pytest.fixture
def begun(venv, tmp_path):
    """Makes a project of files and options of `init`; gives its folder."""

    def begin(files, *options):
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        done = venv.run(venv.tapedeck, "init", *options, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return tmp_path

    return begin


def outcomes(venv, folder):
    """How many tests of a project came out how, as the command says that `init` prints."""
    done = venv.run(venv.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", cwd=folder)
    counts = {word: int(count) for count, word in re.findall(r"(\d+) (passed|failed|xfailed|error)", done.stdout)}
    return counts, done.stdout + done.stderr


@pytest.mark.parametrize("package", ["anthropic", "openai", "google-genai"])
def test_the_tests_of_an_sdk_pass_and_show_its_mistake(begun, venv, package):
    folder = begun({"requirements.txt": f"{package}\n"})
    counts, said = outcomes(venv, folder)
    assert counts == {"passed": 2, "xfailed": 1}, said
    assert "the SDK takes half of an answer for the whole" in said


def test_a_client_that_is_mended_is_told_to_take_the_mark_off(begun, venv):
    folder = begun({"requirements.txt": "anthropic\n"})
    file = folder / "tests" / "test_tapedeck_anthropic.py"
    check = "    if message.stop_reason is None:\n        raise RuntimeError('the answer broke off')\n"
    text = file.read_text()
    file.write_text(text.replace("    return message", f"{check}    return message"))
    counts, said = outcomes(venv, folder)
    assert counts == {"passed": 2, "failed": 1} and "[XPASS(strict)]" in said
    unmarked = re.sub(r"(?s)@pytest\.mark\.xfail\(.*?\n\)\n", "", file.read_text())
    file.write_text(unmarked)
    counts, said = outcomes(venv, folder)
    assert counts == {"passed": 3}, said


@pytest.mark.parametrize("host", ["api.anthropic.com", "api.openai.com", "generativelanguage.googleapis.com"])
def test_the_tests_of_a_project_without_an_sdk_pass(begun, venv, host):
    folder = begun({"client.py": "import urllib.request\n"}, "--upstream", f"https://{host}")
    counts, said = outcomes(venv, folder)
    assert counts == {"passed": 3}, said


def test_a_shell_script_passes(begun, venv):
    folder = begun({})
    command = ["tapedeck", "serve", "--port", "0", "--", "./test-tapedeck.sh"]
    done = venv.run(*command, cwd=folder)
    assert (done.returncode, done.stdout.count("ok: ")) == (0, 3), done.stderr


MANIFESTS = {
    "node:test": '{"private": true, "dependencies": {"openai": "*"}}',
    "jest": '{"private": true, "devDependencies": {"jest": "*"}, "jest": {"testEnvironment": "node"}}',
    "jest, as modules": '{"type": "module", "devDependencies": {"jest": "*"}, "jest": {"testEnvironment": "node"}}',
    "vitest": '{"private": true, "devDependencies": {"vitest": "*"}}',
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_tests_for_javascript_pass(node_modules, node_project, name):
    project = node_project()
    for file in project.folder.glob("*.*"):
        file.unlink()
    project.write("package.json", MANIFESTS[name])
    begun = project.run(NODE, "node_modules/tapedeck/bin/tapedeck.js", "init")
    assert begun.code == 0 and f"found  {name.partition(',')[0]}: " in begun.said, begun.said
    assert "next   npm install --save-dev tapedeck\n" in begun.said
    file = next((project.folder / "test").iterdir())
    if name == "vitest":
        done = with_stand_in(project, node_modules, file)
    elif name == "node:test":
        done = project.run("sh", "-c", begun.said.splitlines()[-1].strip())
    else:
        if not (jest := shutil.which("jest")):
            pytest.skip("there is no jest in PATH")
        variables = {"NODE_OPTIONS": "--experimental-vm-modules"} if "modules" in name else {}
        assert begun.said.endswith("npx jest tapedeck\n") and (("NODE_OPTIONS=" in begun.said) == bool(variables))
        done = project.run(jest, "tapedeck", **variables)
    assert done.code == 0, done.said
    assert re.search(r"# pass 3\b|3 passed, 3 total|(\"status\":\"passed\".*){3}", done.said), done.said


def with_stand_in(project, node_modules, file):
    """Runs a file of tests for vitest, which is not to be had everywhere."""
    modules = project.folder / "node_modules"
    modules.unlink()
    modules.mkdir()
    for package in node_modules.iterdir():
        shutil.copytree(package, modules / package.name, symlinks=True)
    (modules / "vitest").symlink_to(STAND_IN)
    return project.run(NODE, STAND_IN / "run.mjs", file)
