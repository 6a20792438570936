"""The deck and the live server as child processes, and what the shipped requests ask."""

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.dont_write_bytecode = True
for folder in ("scripts", "Tests/Clients", "Tests/Reference", "Tests/EndToEnd/support", "Tests/Packages/support"):
    sys.path.insert(0, str(ROOT / folder))

import random_tape
import tape
import wire

pytest_plugins = ["outside", "node_project"]

CASSETTES = ROOT / "cassettes"
REQUESTS = ROOT / "scripts" / "requests"
READY_WITHIN_S = 20
# A folder of recorded streams, or nothing.
CORPUS = os.environ.get("TAPEDECK_CORPUS")
# What scripts/package made, or nothing.
DIST = os.environ.get("TAPEDECK_DIST")


def pytest_configure(config):
    if not os.access(os.environ.get("TAPEDECK", ""), os.X_OK):
        raise pytest.UsageError("TAPEDECK must name the built tapedeck; scripts/test does that")
    if not config.getoption("numprocesses", None):
        # The program would take them for misspelt ones of its own; workers still have to find them.
        for name in ("TAPEDECK_CORPUS", "TAPEDECK_DIST"):
            os.environ.pop(name, None)
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = "127.0.0.1"
    providers = ("ANTHROPIC_", "OPENAI_", "GOOGLE_", "GEMINI_")
    for name in [name for name in os.environ if name.startswith(providers)]:
        del os.environ[name]


def run(*command, cwd=None):
    """Runs a command to its end; gives its exit code and what it said, as bytes."""
    return subprocess.run([*map(str, command)], capture_output=True, check=False, timeout=60, cwd=cwd)


@contextmanager
def running(command, port_file):
    """Runs a server until the block ends, from when its port file is there; gives the process.

    What it says goes to a file beside the port file, with the suffix `.out`.
    """
    command = [*map(str, command), "--port", "0", "--port-file", str(port_file)]
    with (
        port_file.with_suffix(".out").open("wb") as said,
        subprocess.Popen(command, stdout=said) as process,
    ):
        try:
            wait_until_ready(process, port_file)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until_ready(process, port_file):
    for _ in range(READY_WITHIN_S * 50):
        if port_file.exists():
            return
        try:
            code = process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"{process.args} ended with {code} before it was ready")
    pytest.fail(f"{process.args} was not ready within {READY_WITHIN_S} s")


@contextmanager
def serving(command, port_file):
    """Runs a server until the block ends; gives its base URL."""
    with running(command, port_file):
        yield f"http://127.0.0.1:{int(port_file.read_text())}"


@pytest.fixture(scope="session")
def tapedeck():
    """The binary under test."""
    return os.environ["TAPEDECK"]


@pytest.fixture(scope="session")
def deck(tapedeck, tmp_path_factory):
    """The base URL of a deck that serves the shipped cassettes."""
    port_file = tmp_path_factory.mktemp("deck") / "port"
    with serving([tapedeck, "serve", CASSETTES], port_file) as base:
        yield base


@pytest.fixture(scope="session")
def corpus_path(tmp_path_factory):
    """A cassette of all recorded streams in the folder that TAPEDECK_CORPUS names, cut anywhere."""
    if not CORPUS:
        pytest.skip("TAPEDECK_CORPUS is not set")
    chance = random.Random(1)
    files = sorted(Path(CORPUS).rglob("*.sse"))
    bodies = [random_tape.pieces(chance, file.read_bytes()) for file in files]
    path = tmp_path_factory.mktemp("corpus") / "corpus.tape"
    path.write_text(random_tape.of_bodies(bodies))
    return path


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """The folder in which the pictures of pages are kept: REPORT_PICTURES, or where pytest keeps its files."""
    folder = os.environ.get("REPORT_PICTURES")
    if not folder:
        return tmp_path_factory.mktemp("pictures")
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)


@pytest.fixture
def deck_of(tapedeck, tmp_path):
    """Starts a deck of one's own: `with deck_of(PATH, FLAG...) as base`."""
    return lambda *arguments: serving([tapedeck, "serve", *arguments], tmp_path / "deck-port")


@pytest.fixture(scope="session")
def live(tmp_path_factory):
    """The base URL of the scripted live server."""
    port_file = tmp_path_factory.mktemp("live") / "port"
    with serving([ROOT / "scripts" / "live-server"], port_file) as base:
        yield base


@pytest.fixture(scope="session")
def live_answers(live):
    """What the live server answers over a raw socket: a list for each shipped cassette."""

    def fetch(name):
        headers = [("authorization", "Bearer dummy")]
        return [wire.post(live + recorded.path, request_bytes(name), headers) for recorded in shipped(name)]

    names = shipped_names()
    with ThreadPoolExecutor(len(names)) as pool:
        return dict(zip(names, pool.map(fetch, names), strict=True))


def shipped_names():
    """The names of the shipped cassettes: there must be one for each request."""
    return sorted(path.stem for path in REQUESTS.glob("*.json"))


def shipped(name):
    """The exchanges of a shipped cassette."""
    return tape.read(CASSETTES / f"{name}.tape")


def request_bytes(name):
    """The body that a cassette was recorded with."""
    return (REQUESTS / f"{name}.json").read_bytes()


def request_body(name, stream=True):
    """The same as arguments for an SDK; the stream helpers want it without `stream`."""
    body = json.loads(request_bytes(name))
    return body if stream else {key: value for key, value in body.items() if key != "stream"}
