"""Runs a program under limits of the system's, and says what it took."""

import os
import resource
import subprocess
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


def run(*command, limits=None, within_s=WITHIN_S):
    """Runs a command to its end, under `limits`, a dict of resource to value."""

    def confine():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for kind, value in (limits or {}).items():
            resource.setrlimit(kind, (value, value))

    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        process = subprocess.Popen(
            [*map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            preexec_fn=confine,
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
        )
        status, usage = _waited(process, start + within_s)
        taken = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Ended(
            process.returncode, out.read(), err.read(), usage.ru_maxrss * 1024, taken
        )


def _waited(process, deadline):
    """The status and usage of a process; one that is late is killed, as its status says."""
    while time.monotonic() < deadline:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            return status, usage
        time.sleep(0.005)
    process.kill()
    _, status, usage = os.wait4(process.pid, 0)
    return status, usage
