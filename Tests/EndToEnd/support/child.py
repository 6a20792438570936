"""Runs a program under limits of the system's, and says what it took."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

WITHIN_S = 60


@dataclass
class Ended:
    """How a program ended; output is bytes, memory the most that was resident."""

    returncode: int
    stdout: bytes
    stderr: bytes
    memory_bytes: int
    seconds: float

    @property
    def lines(self):
        """What it said on standard error."""
        return self.stderr.decode().splitlines()


# What a process held before it became another program counts as its own, so the program is forked off a small one,
# which says its status and memory on the descriptor of its first argument.
LAUNCHER = """
import os, resource, sys
said, limits = int(sys.argv[1]), sys.argv[2]
child = os.fork()
if child == 0:
    os.close(said)
    for pair in limits.split(","):
        kind, value = map(int, pair.split("="))
        resource.setrlimit(kind, (value, value))
    try:
        os.execvp(sys.argv[3], sys.argv[3:])
    finally:
        os._exit(127)
_, status, usage = os.wait4(child, 0)
os.write(said, b"%d %d" % (status, usage.ru_maxrss))
"""


def run(*command, limits=None, within_s=WITHIN_S):
    """Runs a command to its end, under `limits`, a dict of resource to value; one that is late is killed."""
    limits = {resource.RLIMIT_CORE: 0} | (limits or {})
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, open(reading, "rb") as said:
        start = time.monotonic()
        process = subprocess.Popen(
            [
                sys.executable,
                "-S",
                "-c",
                LAUNCHER,
                str(writing),
                ",".join(f"{k}={v}" for k, v in limits.items()),
                *map(str, command),
            ],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            pass_fds=[writing],
            start_new_session=True,
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
        )
        os.close(writing)
        try:
            process.wait(timeout=within_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        taken = time.monotonic() - start
        status, memory_kib = map(int, (said.read() or b"%d 0" % signal.SIGKILL).split())
        out.seek(0)
        err.seek(0)
        return Ended(os.waitstatus_to_exitcode(status), out.read(), err.read(), memory_kib * 1024, taken)
