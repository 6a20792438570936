"""HAProxy and several decks as child processes on loopback, each of which can be drained, ended and looked at."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

CONFIGURATION = Path(__file__).with_name("haproxy.cfg")
NAMES = ("deck1", "deck2", "deck3")
WITHIN_S = 20


class Fleet:
    """Decks behind HAProxy."""

    def __init__(self, base, folder, decks, proxy):
        self.base = base
        self.decks = decks
        self.proxy = proxy
        self.folder = folder

    @property
    def urls(self):
        """The decks' own base URLs by their names, also of those that have ended."""
        return {name: f"http://127.0.0.1:{int((self.folder / name).read_text())}" for name in NAMES}

    def end(self, name, by):
        """Sends a deck a signal; SIGTERM lets it drain."""
        self.decks[name].send_signal(by)

    def command(self, words):
        """Has HAProxy do something, by its admin socket; gives what it says."""
        with socket.socket(socket.AF_UNIX) as admin:
            admin.connect(str(self.folder / "admin"))
            admin.sendall(words.encode() + b"\n")
            with admin.makefile() as said:
                return said.read().strip()

    def set_state(self, name, state):
        """Sends a deck no more requests (`drain`), or lets it have them again (`ready`)."""
        backends = ("sessions", "requests")
        said = self.command("; ".join(f"set server {backend}/{name} state {state}" for backend in backends))
        if said:
            raise RuntimeError(said)

    def answers(self, expected):
        """What HAProxy says of each answer that has ended: which deck gave it, and how it ended.

        A line is written a moment after a client has its last byte, so as many are awaited as there should be.
        """
        deadline = time.monotonic() + WITHIN_S
        while True:
            lines = (self.folder / "haproxy.log").read_text(encoding="utf-8").splitlines()
            found = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
            if len(found) >= expected or time.monotonic() > deadline:
                return found
            time.sleep(0.02)

    def metrics(self, name):
        """A deck's metrics."""
        return metrics(self.urls[name])


def metrics(base):
    """A deck's metrics, by their names with labels."""
    with urllib.request.urlopen(base + "/~/metrics", timeout=WITHIN_S) as page:
        lines = page.read().decode().splitlines()
    return {key: float(value) for key, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


def answers_of(metrics):
    """How many answers a deck counted, by how they ended."""
    found = {re.fullmatch(r'tapedeck_answers_total\{ended="(.*)"\}', key): value for key, value in metrics.items()}
    return {match[1]: int(value) for match, value in found.items() if match and value}


@contextmanager
def fleet(tapedeck, folder, *arguments):
    """Runs HAProxy and three decks until the block ends.

    What they say stands in `folder`. The arguments are those of `tapedeck serve`.
    """
    with ExitStack() as stack:
        # The port is known before HAProxy runs, since the decks must be told which host to answer for.
        entrance = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1024))
        host = f"127.0.0.1:{entrance.getsockname()[1]}"
        decks = {}
        for name in NAMES:
            words = [tapedeck, "serve", *arguments, "--port", "0", "--port-file", folder / name, "--allow-host", host]
            decks[name] = stack.enter_context(child(words, folder / f"{name}.log"))
        ports = {name: port_of(folder / name, decks[name]) for name in NAMES}
        setting = {f"DECK{number}": f"127.0.0.1:{ports[name]}" for number, name in enumerate(NAMES, 1)}
        setting |= {"LISTEN": f"fd@{entrance.fileno()}", "ADMIN_SOCKET": str(folder / "admin")}
        proxy = stack.enter_context(
            child(
                ["haproxy", "-f", CONFIGURATION],
                folder / "haproxy.log",
                env=os.environ | setting,
                pass_fds=[entrance.fileno()],
            )
        )
        with urllib.request.urlopen(f"http://{host}/~/health", timeout=WITHIN_S):
            yield Fleet(f"http://{host}", folder, decks, proxy)


@contextmanager
def child(words, log, **options):
    """Runs a program until the block ends; what it says goes to a file, and what it complains of to one beside that."""
    with log.open("wb") as said, log.with_suffix(".err").open("wb") as complained:
        process = subprocess.Popen([*map(str, words)], stdout=said, stderr=complained, **options)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def port_of(file, process):
    """The port that a deck has written, once it has."""
    deadline = time.monotonic() + WITHIN_S
    while not file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args} was not ready: {file.with_suffix('.err').read_text()}")
        time.sleep(0.01)
    return int(file.read_text())
