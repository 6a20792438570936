"""Small Debian systems to install into: made once with mmdebstrap, and unpacked for each use."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from waiting import while_there

ROOT = Path(__file__).resolve().parents[3]
SUITE = "bookworm"
ARCHIVE = ROOT / ".build" / "chroot" / f"{SUITE}.tar"
# What tests install: kept in the system's cache, so that installing it needs no network.
DOWNLOADED = "libcurl4 ca-certificates"
FREE_BYTES = 2 << 30
WITHIN_S = 120
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@cache
def why_not():
    """Why no system can be made here, in one line; None where it can."""
    if os.geteuid() != 0:
        return "only root can change to another root folder"
    for tool in ("mmdebstrap", "unshare", "chroot"):
        if not shutil.which(tool):
            return f"{tool} is not installed"
    if subprocess.run(["unshare", "--pid", "--mount", "--fork", "true"], capture_output=True).returncode:
        return "namespaces are not allowed here: run the container with --privileged"
    return None


class System:
    """A Debian system in a folder, which shares the network with its host."""

    def __init__(self, root):
        self.root = root

    def words(self, command, user="root", env=None, folder="/"):
        """The command line that runs a command in the system, as the first process of its own."""
        variables = {"PATH": PATH, "DEBIAN_FRONTEND": "noninteractive", **(env or {})}
        inside = ["env", "-i", f"--chdir={folder}", *(f"{name}={value}" for name, value in variables.items())]
        entered = ["chroot", f"--userspec={user}", self.root, *inside, *command]
        # Swift takes the arguments of a program from /proc.
        apart = ["unshare", "--pid", "--fork", "--kill-child", "--mount", f"--mount-proc={self.root}/proc"]
        return [*map(str, [*apart, *entered])]

    def run(self, *command, **how):
        """Runs a command to its end; gives its exit code and what it said, as text."""
        words = self.words(command, **how)
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=WITHIN_S)

    def does(self, *command, **how):
        """What a command prints that must succeed."""
        done = self.run(*command, **how)
        assert done.returncode == 0, f"{command} exited with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def running(self, *command, **how):
        """Runs a server until the block ends; gives its base URL, which it prints first, and the process."""
        with subprocess.Popen(
            self.words(command, **how), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                base = process.stdout.readline().strip()
                assert base, f"it ended before it was ready: {process.stderr.read()}"
                yield base, process
            finally:
                # With its first process a system's others end, and unshare with it.
                signalled(process, signal.SIGKILL)

    def processes(self):
        """The numbers of the processes that run in it."""
        roots = while_there(Path("/proc").glob("[0-9]*/root"), lambda link: (link.parent.name, os.readlink(link)))
        return [int(number) for number, root in roots if root == str(self.root)]

    def files(self):
        """The files of the system, without what the package manager writes down for itself."""
        own = ("var/lib/dpkg/", "var/lib/apt/", "var/cache/", "var/log/", "tmp/", "etc/ld.so.cache")
        names = (str(path.relative_to(self.root)) for path in self.root.rglob("*"))
        return {name for name in names if not name.startswith(own)}


def signalled(process, number):
    """Sends a signal to the first process of a system, where it still runs.

    unshare passes none on, and a process that has changed its user is not killed with its parent.
    """
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), number)


@contextmanager
def system(tmp_path):
    """Unpacks a system of its own; it is gone when the block ends."""
    with tempfile.TemporaryDirectory(dir=_fast_folder() or tmp_path) as folder:
        root = Path(folder) / "root"
        root.mkdir()
        subprocess.run(["tar", "--extract", "--numeric-owner", "-C", root, "-f", _archive()], check=True)
        made = System(root)
        yield made
        assert not made.processes(), "something still runs in the system"


def _archive():
    """The archive of the system; one process at a time makes it."""
    ARCHIVE.parent.mkdir(parents=True, exist_ok=True)
    with ARCHIVE.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ARCHIVE.exists():
            partial = ARCHIVE.with_suffix(".part.tar")
            hook = f'chroot "$1" apt-get install -qq --download-only --no-install-recommends {DOWNLOADED}'
            options = ["--variant=minbase", "--skip=cleanup/apt", "--dpkgopt=force-unsafe-io"]
            done = subprocess.run(
                ["mmdebstrap", *options, f"--customize-hook={hook}", SUITE, partial],
                capture_output=True,
                text=True,
                env={**os.environ, "TMPDIR": str(_fast_folder() or tempfile.gettempdir())},
                check=False,
            )
            assert done.returncode == 0, f"no {SUITE} system could be made:\n{done.stderr[-2000:]}"
            partial.rename(ARCHIVE)
    return ARCHIVE


@cache
def _fast_folder():
    """The shared memory of the machine, where it holds a whole system: a package manager waits for each write."""
    memory = "/dev/shm"
    try:
        facts = os.statvfs(memory)
    except OSError:
        return None
    usable = not facts.f_flag & (os.ST_NOEXEC | os.ST_NODEV)
    return memory if usable and facts.f_bavail * facts.f_frsize > FREE_BYTES else None
