"""What the pytest plugin costs a run of tests, and how long a first test takes from `pip install`."""

import subprocess
import sys
import time
import venv

from building import ROOT
from report import Row, median

ROUNDS = 7
TESTS = 200
PLUGIN_MS = 60
IDLE_MS = 5
TEST_MS = 2
FIRST_GREEN_S = 10
FIRST_TEST = """
import os, urllib.request, pytest

@pytest.mark.tapedeck(fault="stall:1ms@event:3")
def test_first():
    assert b"message_stop" in urllib.request.urlopen(os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages", b'{}').read()
"""


def python_package(_, folder):
    """The rows: the plugin in a run that does not use it, in one that does, for each test, and the first minute."""
    wheels = sorted((ROOT / "dist").glob("tapedeck-*.whl"))
    if not wheels:
        raise FileNotFoundError("dist has no wheel: run scripts/package first")
    first_s = first_green(folder, wheels[-1])
    measured = {name: [] for name in RUNS}
    for _ in range(ROUNDS):
        for name in RUNS:
            measured[name].append(run(folder, name))
    ms = {name: median(values) * 1000 for name, values in measured.items()}
    idle, plugin = ms["plain"] - ms["without"], ms["one"] - ms["without"]
    each = (ms["many"] - ms["one"] - (ms["many-plain"] - ms["plain"])) / TESTS
    return [
        Row("pip install to the first green test", f"{first_s:.1f} s", f"< {FIRST_GREEN_S} s", first_s < FIRST_GREEN_S),
        Row("pytest, the plugin unused", f"{idle:.1f} ms", f"< {IDLE_MS} ms", idle < IDLE_MS),
        Row("pytest, the plugin and its deck", f"{plugin:.0f} ms", f"< {PLUGIN_MS} ms", plugin < PLUGIN_MS),
        Row("pytest, each test with the fixture", f"{each:.2f} ms", f"< {TEST_MS} ms", each < TEST_MS),
    ]


# For each run, the words for pytest.
RUNS = {
    "without": ["-p", "no:tapedeck", "test_plain.py", "-k", "plain[0]"],
    "plain": ["test_plain.py", "-k", "plain[0]"],
    "one": ["test_taped.py", "-k", "taped[0]"],
    "many-plain": ["test_plain.py"],
    "many": ["test_taped.py"],
}


def first_green(folder, wheel):
    """Seconds from `pip install` in a new environment to the end of a first test."""
    venv.create(folder / "venv", with_pip=True)
    (folder / "pytest.ini").write_text("[pytest]\ntapedeck_options = --sample\n")
    (folder / "test_first.py").write_text(FIRST_TEST)
    for name, fixture in {"plain": "", "taped": ", tapedeck"}.items():
        text = f"import pytest\n@pytest.mark.parametrize('n', range({TESTS + 1}))\ndef test_{name}(n{fixture}): pass\n"
        (folder / f"test_{name}.py").write_text(text)
    python, began = folder / "venv" / "bin" / "python", time.perf_counter()
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", wheel, "pytest"]
    subprocess.run(install, check=True, timeout=120)
    done = subprocess.run([python, "-m", "pytest", "-q", "test_first.py"], cwd=folder, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(done.stdout.decode())
    return time.perf_counter() - began


def run(folder, name):
    """Seconds that one run takes."""
    command = [folder / "venv" / "bin" / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *RUNS[name]]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=sys.stderr, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"pytest ended with {done.returncode}")
    return time.perf_counter() - began
