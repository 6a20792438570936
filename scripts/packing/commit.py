"""What of a checkout goes into packages: the version, the time of its commit, and the files that git knows."""

import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VERSION_FILE = ROOT / "Sources" / "Cassettes" / "TapedeckVersion.swift"


class PackError(Exception):
    """What keeps a package from being made, in one line."""


def version():
    """The version that the program says; all packages have it."""
    found = re.search(r'current = "([0-9]+\.[0-9]+\.[0-9]+)"', VERSION_FILE.read_text(encoding="utf-8"))
    if not found:
        raise PackError(f"{VERSION_FILE}: expected a version like 0.1.0 in it, and found none")
    return found[1]


def epoch():
    """The time that all files in packages have: SOURCE_DATE_EPOCH where it is set, else that of the commit."""
    said = os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct")
    if not said.isdigit():
        raise PackError(f"SOURCE_DATE_EPOCH: expected seconds since 1970, found '{said}'")
    return int(said)


def copied(folder, into):
    """Copies what git knows of a folder, with the changes that are not committed yet; gives the copy.

    What a test or an editor leaves in a working tree is never packed.
    """
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", str(folder)).split("\0")
    for name in filter(None, names):
        source = ROOT / name
        if source.is_file():
            target = into / source.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            target.chmod(0o755 if os.access(source, os.X_OK) else 0o644)
    return into


def git(*words):
    done = subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackError(f"git {words[0]}: {done.stderr.strip() or 'failed'}: pack in a checkout of the repository")
    return done.stdout.strip()
