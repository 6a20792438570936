"""Environments of Python for the benchmarks, each made of one file of pins."""

import pathlib
import re
import subprocess
import sys

from building import TOOLS

PINS = pathlib.Path(__file__).parent / "peers"
INSTALL_LIMIT_S = 600


def environment(pins_name):
    """The folder of an environment's programs; it is made anew where its pins have changed."""
    pins = PINS / pins_name
    place = TOOLS / f"venv-{pins.stem}"
    installed = place / "installed.txt"
    if not installed.exists() or installed.read_text() != pins.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True, timeout=120)
        # Not what the pins need besides: guidellm would bring torch.
        command = [place / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", pins]
        done = subprocess.run(command, timeout=INSTALL_LIMIT_S, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"pip: {done.stderr.strip().splitlines()[-1]}")
        installed.write_text(pins.read_text())
    return place / "bin"


def pinned(pins_name, package):
    """The version of a package that a file of pins names."""
    return re.search(rf"(?m)^{package}==(.+)$", (PINS / pins_name).read_text())[1]
