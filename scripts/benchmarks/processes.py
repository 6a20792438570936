"""Starts the programs that a measurement needs, and ends them, and only them."""

import contextlib
import json
import pathlib
import select
import subprocess
import tempfile
import time

from building import TOOLS


@contextlib.contextmanager
def running(command, **options):
    """A process that is ended, by its own number, when the block is left."""
    process = subprocess.Popen([str(part) for part in command], **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)
        if process.stdout:
            process.stdout.close()


@contextlib.contextmanager
def printing_port(command):
    """A program that prints "port N" once it listens: the process and the port."""
    with running(command, stdout=subprocess.PIPE, text=True) as process:
        ready, _, _ = select.select([process.stdout], [], [], 10)
        line = process.stdout.readline() if ready else ""
        if not line.startswith("port "):
            raise RuntimeError(f"{command[0]} did not begin to listen")
        yield process, int(line.split()[1])


def limit(stream, *mode):
    """The least a server can do, playing `stream`."""
    return printing_port([TOOLS / "limit", 0, stream, *mode])


def wait_for(path, process, seconds=10):
    """Waits, in short steps, until a file is there; the time it took since the call."""
    start = time.perf_counter()
    while not path.exists():
        if process.poll() is not None or time.perf_counter() - start > seconds:
            raise RuntimeError(f"{process.args[0]} wrote no {path.name}; exit code {process.returncode}")
        time.sleep(0.0001)
    return time.perf_counter() - start


@contextlib.contextmanager
def deck(tapedeck, cassette, *flags):
    """`tapedeck serve` of one cassette: the process and the port."""
    with tempfile.TemporaryDirectory() as folder:
        port_file = pathlib.Path(folder) / "port"
        command = [tapedeck, "serve", cassette, *flags, "--port", 0, "--port-file", port_file]
        with running(command, stdout=subprocess.DEVNULL) as process:
            wait_for(port_file, process)
            yield process, int(port_file.read_text())


def ssebench(port, folder, *options, max_time_s=60):
    """What the load client saw, as a dictionary."""
    command = [
        TOOLS / "ssebench",
        "--port",
        port,
        "--path",
        "/v1/messages",
        "--body",
        folder / "body.json",
        "-H",
        "content-type: application/json",
        "--max-time",
        max_time_s,
        *options,
    ]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=max_time_s + 30)
    if not done.stdout:
        raise RuntimeError(f"ssebench: {done.stderr.strip()}")
    return json.loads(done.stdout)
