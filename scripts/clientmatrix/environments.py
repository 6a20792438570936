"""The Python environments of the drivers: one for each file of requirements, since some exclude each other."""

import re
import subprocess
import sys

from clientmatrix.catalogue import DRIVERS, ROOT

PINNED = ROOT / ".venv-clients"
NEWEST = ROOT / ".venv-clients-newest"
# The drivers without an environment: what must be in PATH, and how its version is asked.
TOOLS = {"curl": ("curl", "jq"), "node": ("node",)}


def prepared(name, newest):
    """The Python of an environment, which is made where it is missing or its requirements have changed."""
    folder = (NEWEST if newest else PINNED) / name
    wanted = (DRIVERS / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    if newest:
        wanted = re.sub(r"==\S+", "", wanted)
    python, installed = folder / "bin" / "python", folder / "installed.txt"
    if newest or not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
        print(f"Installing {name}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *wanted.split()], check=True)
        installed.write_text(wanted, encoding="utf-8")
    return python


def versions(client, python):
    """What of a client's packages is there, as `name==version`."""
    if python is None:
        return [version_of_tool(client.packages[0])]
    listed = subprocess.run([python, "-m", "pip", "freeze"], check=True, capture_output=True, text=True).stdout
    found = dict(line.split("==", 1) for line in listed.splitlines() if "==" in line)
    return [f"{name}=={found[name]}" for name in client.packages if name in found]


def version_of_tool(name):
    said = subprocess.run([name, "--version"], check=True, capture_output=True, text=True).stdout
    return f"{name}=={re.search(r'[0-9][0-9.]+', said)[0]}"
