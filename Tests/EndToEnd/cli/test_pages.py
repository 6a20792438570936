"""What README and the pages of docs/ tell a reader to type does what they say, as it is printed.

A page's `sh` blocks must succeed; its `console` blocks are commands behind `$ `, each with what it prints, where
`...` stands for anything. All run in order in one shell, in a folder outside the repository that holds what a
reader of the page has. Ports are replaced by free ones, and the real API by the scripted one.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CASSETTES, ROOT, request_bytes

PAGES = [ROOT / "README.md", ROOT / "llms.txt", *sorted((ROOT / "docs").glob("*.md"))]
# What the page on Node shows needs its package, and the tests of that run it.
TYPED = [page for page in PAGES if page.stem != "node"]
PORTS = ("4010", "4011")
LIVE = "https://api.anthropic.com"
TIME_LIMIT_S = 120

# Building takes minutes, and whoever runs this has built; what is installed the tests of the packages make.
BUILDING = {"scripts/quickstart", "sudo install .build/release/tapedeck /usr/local/bin/"}
INSTALLING = {"pip install tapedeck~=0.1", "npm install --save-dev tapedeck"}

RUNNER = """
run() { eval "$(cat "$1")" > "$1.out" 2>&1 < /dev/null; echo $? > "$1.code"; }
trap 'kill $(jobs -p) 2> /dev/null' EXIT
"""


class Command:
    """A command of a page, and what the page says that it prints, or None where it says nothing."""

    def __init__(self, text, printed=None):
        self.text = text
        self.printed = printed

    def check(self, code, said):
        if self.printed is None:
            assert code == 0, f"{self.text}\nended with {code}: {said}"
            return
        assert re.fullmatch(pattern(self.printed), squeezed(said)), f"{self.text}\nprinted:\n{said}"


def squeezed(text):
    """Text in which the width of columns plays no part; each line has an end."""
    return "".join(re.sub(" +", " ", line).strip() + "\n" for line in text.splitlines())


def pattern(printed):
    """What a page says that a command prints; `...` stands for anything, other lines too."""
    return "(?s:.*?)".join(re.escape(part) for part in squeezed(printed).split("..."))


def blocks(page):
    """The fenced blocks of a page, in order: what stands behind the fence, and the text."""
    return re.findall(r"(?ms)^```(\S*)\n(.*?)^```$", page.read_text(encoding="utf-8"))


def commands(page):
    found = []
    for kind, text in blocks(page):
        if kind == "sh":
            found += [Command(command) for command in whole_lines(text) if command not in BUILDING | INSTALLING]
        elif kind == "console":
            for part in re.split(r"(?m)^\$ ", text)[1:]:
                command, _, printed = part.partition("\n")
                found.append(Command(command, printed))
    return found


def whole_lines(text):
    """The commands of a block; a line that ends with a backslash goes on in the next."""
    return [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line.strip()]


def quoted_files(page):
    return [ROOT / name for name in re.findall(r"<!-- file: (\S+) -->", page.read_text(encoding="utf-8"))]


@pytest.fixture
def folder(tmp_path):
    """What a reader has: the shipped cassettes, a request, a client of his own and its tests, a capture."""
    shutil.copytree(CASSETTES, tmp_path / "cassettes")
    (tmp_path / "request.json").write_bytes(request_bytes("anthropic-text"))
    reader = ROOT / "Tests" / "Clients" / "reader"
    shutil.copy(reader / "client.py", tmp_path)
    shutil.copy(reader / "whole_answer.py", tmp_path / "test_client.py")
    shutil.copy(ROOT / "docs" / "examples" / "capture" / "capture.txt", tmp_path)
    return tmp_path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def bin_folder(tapedeck, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bin")
    (folder / "tapedeck").symlink_to(os.path.abspath(tapedeck))
    return folder


def ran(page_commands, folder, environment):
    """Runs commands one after the other in one shell; gives the exit code and the output of each."""
    steps = folder.with_name(folder.name + "-steps")
    steps.mkdir()
    script = RUNNER
    for number, command in enumerate(page_commands):
        (steps / str(number)).write_text(command, encoding="utf-8")
        script += f"run {steps}/{number}\n"
    subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", script], cwd=folder, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        timeout=TIME_LIMIT_S, check=False, start_new_session=True,
    )  # fmt: skip
    return [
        (int(Path(f"{steps}/{number}.code").read_text()), Path(f"{steps}/{number}.out").read_text(errors="replace"))
        for number in range(len(page_commands))
    ]


@pytest.mark.parametrize("page", [page for page in TYPED if commands(page)], ids=lambda page: page.stem)
def test_the_commands_of_a_page(page, tapedeck, live, folder, tmp_path_factory):
    if page.stem == "import":
        shutil.copytree(ROOT / "docs" / "examples" / "import", folder, dirs_exist_ok=True)
    for file in quoted_files(page):
        shutil.copy(file, folder / file.name)
    path = f"{bin_folder(tapedeck, tmp_path_factory)}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TAPEDECK")}
    environment |= {"PATH": path, "ANTHROPIC_API_KEY": "dummy", "PYTHONDONTWRITEBYTECODE": "1"}
    ports = {port: str(free_port()) for port in PORTS}
    typed = []
    for command in commands(page):
        text = command.text.replace(LIVE, live)
        for port, free in ports.items():
            text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{free}").replace(f"--port {port}", f"--port {free}")
        typed.append(text)
    for command, (code, said) in zip(commands(page), ran(typed, folder, environment), strict=True):
        command.check(code, said)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_typed_stands_in_a_block_that_is_run(page):
    typed = re.compile(r"(?m)^(\$ |curl |zcat |pip |npm |node |tapedeck (?!\w+ [A-Z]))")
    stray = [text for kind, text in blocks(page) if kind == "" and typed.search(text)]
    assert stray == []


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"], ids=lambda page: page.stem
)
def test_the_links_of_a_page_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    gone = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert gone == []


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_the_picture_is_what_the_program_says():
    done = subprocess.run([ROOT / "scripts" / "make-picture", "--check"], capture_output=True, check=False)
    assert done.returncode == 0, f"run scripts/make-picture: {done.stdout.decode()}"
