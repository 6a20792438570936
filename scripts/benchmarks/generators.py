"""What asks a server for streams: ours, the C client, and the load generators that PyPI has.

Each is told to have so many streams under way, and so many in all, and ends by itself.
"""

import csv
import dataclasses
import json
import os
import pathlib
import subprocess
import threading
import time

from building import TOOLS
from environments import PINS, environment, pinned
from servers import said_by

PATH = "/v1/chat/completions"
OURS, REFERENCE = "tapedeck", "ssebench"
MOST_S = 180
WATCH_S = 0.05


class Generator:
    """A program that loads a server on a port of this machine."""

    name = ""
    version = ""
    about = ""
    settings = ()

    def prepare(self):
        """Installs what it needs; raises where it cannot be had."""

    def command(self, port, folder, load):
        raise NotImplementedError

    def events(self, folder, load, spent):
        """How many events its last run saw."""
        return load.streams * len((folder / "sched.txt").read_text().split())


@dataclasses.dataclass(frozen=True)
class Load:
    """So many streams, begun one after another within `ramp_s`; `places` are under way at a time at the most."""

    streams: int
    ramp_s: float
    places: int


class Ours(Generator):
    name = OURS
    about = "`tapedeck load`, one process, default settings"

    def __init__(self, program):
        self.program = program
        self.version = said_by([program, "--version"])

    def command(self, port, folder, load):
        rate = load.streams / load.ramp_s
        arrivals = ["--arrivals", f"constant:{rate:g}/s", "--count", load.streams]
        return [*self.asking(port, folder), *arrivals, "--json"]

    def events(self, folder, load, spent):
        if spent.said["completed"] != load.streams:
            raise RuntimeError(f"{spent.said['completed']} of {load.streams} streams were whole")
        return super().events(folder, load, spent)

    def asking(self, port, folder):
        url = f"http://127.0.0.1:{port}{PATH}"
        request = ["-X", "POST", "-H", "content-type: application/json", "-d", f"@{folder / 'body.json'}"]
        return [self.program, "load", url, *request]


class Ssebench(Generator):
    name = REFERENCE
    about = "the least a client can do: C, epoll, one thread, no JSON (`scripts/benchmarks/ssebench.c`)"

    def command(self, port, folder, load):
        asked = ["--port", port, "--path", PATH, "--body", folder / "body.json", "-H", "content-type: application/json"]
        return [TOOLS / "ssebench", *asked, "-c", load.places, "-n", load.streams, "--ramp", load.ramp_s]

    def events(self, folder, load, spent):
        if spent.said["errors"]["total"]:
            raise RuntimeError(f"ssebench: {spent.said['errors']}")
        return spent.said["events"]


class InPython(Generator):
    """A generator from PyPI, in an environment of its own."""

    def prepare(self):
        pins = f"{self.name}.txt"
        self.programs = environment(pins)
        self.version = pinned(pins, self.name)


class Locust(InPython):
    name = "locust"
    about = "with a user written by hand that reads the stream and notes each event (`peers/locust_streams.py`)"

    def command(self, port, folder, load):
        """It ends by time, so it gets that in which the streams are whole."""
        seconds = round(load.streams / load.places * stream_s(folder)) + 1
        users = ["-u", load.places, "-r", load.places, "-t", f"{seconds}s"]
        file = PINS / "locust_streams.py"
        where = ["--host", f"http://127.0.0.1:{port}", "--csv", folder / "locust"]
        return [self.programs / "locust", "-f", file, "--headless", "--only-summary", *users, *where]

    def events(self, folder, load, spent):
        with (folder / "locust_stats.csv").open(newline="") as file:
            return sum(int(row["Request Count"]) for row in csv.DictReader(file) if row["Type"] == "SSE")


class Guidellm(InPython):
    name = "guidellm"
    about = "`guidellm run`, concurrent"
    settings = (("PYTHONPATH", PINS / "without_torch"), ("USE_TORCH", 0))

    def command(self, port, folder, load):
        backend = f"kind=openai_http,target=http://127.0.0.1:{port},model=known,request_format={PATH}"
        tokenizer = made_tokenizer(self.programs, folder)
        return [
            self.programs / "guidellm",
            "run",
            *["--backend", f"{backend},validate_backend=false,http2=false"],
            *["--profile", f"kind=concurrent,streams={load.places}"],
            *["--constraint", f"kind=max_requests,count={load.streams}"],
            *["--tokenizer", f"kind=huggingface_auto,model={tokenizer}"],
            *["--data", "kind=synthetic_text,prompt_tokens=10,output_tokens=200"],
            *["--output", f"kind=json,path={folder / 'guidellm.json'}", "--disable-console"],
        ]


class Aiperf(InPython):
    name = "aiperf"
    about = "`aiperf profile`, concurrency, tokens as the server counts them"

    def command(self, port, folder, load):
        where = ["-m", "known", "--url", f"http://127.0.0.1:{port}", "--endpoint-type", "chat", "--streaming"]
        return [
            self.programs / "aiperf",
            "profile",
            *where,
            *["--tokenizer", made_tokenizer(self.programs, folder), "--isl", 10, "--osl", 200],
            *["--concurrency", load.places, "--request-count", load.streams, "--use-server-token-count"],
            *["--ui", "none", "--artifact-dir", folder / "aiperf", "--no-auto-plot"],
        ]


TOKENIZER = """
import json, pathlib, sys
from tokenizers import Tokenizer, models, pre_tokenizers
words = ["[UNK]", *"the of and a to in is you that it he was for on are as with his they at be".split()]
made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
made.pre_tokenizer = pre_tokenizers.Whitespace()
folder = pathlib.Path(sys.argv[1])
folder.mkdir()
made.save(str(folder / "tokenizer.json"))
config = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "[UNK]", "model_max_length": 100000}
(folder / "tokenizer_config.json").write_text(json.dumps(config))
"""


def made_tokenizer(programs, folder):
    """A tokenizer of a few words: both want one to make prompts with, and no hub is asked for another."""
    place = folder / "tokenizer"
    if not place.exists():
        subprocess.run([programs / "python", "-c", TOKENIZER, place], check=True, timeout=120, capture_output=True)
    return place


def stream_s(folder):
    """How long the stream of a folder takes."""
    return int((folder / "sched.txt").read_text().split()[-1]) / 1e6


@dataclasses.dataclass
class Spent:
    """What a generator's run cost, with all processes that it started, and what it said."""

    cpu_s: float
    peak_mib: float
    descriptors: int
    said: dict


def run(generator, port, folder, load, command=None):
    """Runs a generator to its end."""
    command = [str(part) for part in command or generator.command(port, folder, load)]
    out = folder / f"{generator.name}.out"
    error = folder / f"{generator.name}.err"
    given = os.environ | {name: str(value) for name, value in generator.settings}
    with out.open("wb") as said, error.open("wb") as errors:
        process = subprocess.Popen(command, stdout=said, stderr=errors, env=given, cwd=folder)
        watch = Watch(process.pid)
        watch.start()
        try:
            # What its ended children used counts too, and is known only to who waits for it.
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            if process.returncode is None:
                process.kill()
                process.wait()
        watch.join()
    if process.returncode and generator.name != REFERENCE:
        last = error.read_text(errors="replace").strip().splitlines()[-1:]
        raise RuntimeError(f"{generator.name} ended with {process.returncode}: {' '.join(last)}")
    text = out.read_text(errors="replace")
    said = json.loads(text) if text.startswith("{") else {}
    return Spent(usage.ru_utime + usage.ru_stime, watch.peak_mib, watch.descriptors, said)


class Watch(threading.Thread):
    """Looks at a process now and then: its largest memory and number of descriptors; one that is late is killed.

    How many descriptors it has, its folder says as a size, from Linux 6.2 on; before, that is 0.
    """

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.place = pathlib.Path(f"/proc/{pid}")
        self.pid = pid
        self.peak_mib = 0.0
        self.descriptors = 0

    def run(self):
        end = time.monotonic() + MOST_S
        while True:
            try:
                status = (self.place / "status").read_text()
                if "VmHWM:" not in status:
                    return  # it has ended
                self.peak_mib = max(self.peak_mib, int(status.split("VmHWM:")[1].split()[0]) / 1024)
                self.descriptors = max(self.descriptors, (self.place / "fd").stat().st_size)
            except OSError:
                return
            if time.monotonic() > end:
                os.kill(self.pid, 9)
            time.sleep(WATCH_S)
