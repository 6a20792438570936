"""A deck that forwards and records, and what is left of it: its cassette, its words, its exit code."""

import json
import os
import resource
import signal
import subprocess
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tape
from conftest import wait_until_ready

ENDS_WITHIN_S = 20


@dataclass
class Deck:
    """A deck under way."""

    process: subprocess.Popen
    base: str
    tape: Path
    """What it records to."""
    said: Path
    """What it says on standard error."""
    exit_code: int | None = None

    @property
    def exchanges(self):
        """What is on the cassette."""
        return tape.read(self.tape)

    @property
    def warnings(self):
        return self.said.read_text()

    @property
    def rss_bytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def journal(self):
        with urllib.request.urlopen(f"{self.base}/~/api/journal", timeout=20) as page:
            return json.load(page)

    def end(self, how=signal.SIGTERM):
        """Ends the deck, and takes note of its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.exit_code = self.process.wait(timeout=ENDS_WITHIN_S)
        return self


@contextmanager
def recording(
    tapedeck, folder, *flags, upstream=None, mode="auto", to="t.tape", name="deck", environment=None, file_bytes=None
):
    """Runs `tapedeck serve --mode MODE --upstream URL --record-to FOLDER/TO` until the block ends.

    No file may become larger than so many bytes, where that is given: as on a disk that is full.
    """
    port_file, said, target = folder / f"{name}-port", folder / f"{name}-said", folder / (to or "t.tape")
    port_file.unlink(missing_ok=True)
    command = [tapedeck, "serve", "--port", "0", "--port-file", port_file, *flags]
    command += ["--mode", mode] if mode else []
    command += ["--upstream", upstream] if upstream else []
    command += ["--record-to", target] if to else []
    with said.open("wb") as errors:
        process = subprocess.Popen(
            [*map(str, command)],
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=os.environ | (environment or {}),
            preexec_fn=None if file_bytes is None else lambda: limit_files(file_bytes),
            # Python ignores SIGXFSZ, and so the deck does: a write that is too much fails.
            restore_signals=file_bytes is None,
        )
    try:
        wait_until_ready(process, port_file)
        deck = Deck(process, f"http://127.0.0.1:{int(port_file.read_text())}", target, said)
        yield deck
        if process.poll() is None:
            deck.end()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def limit_files(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
