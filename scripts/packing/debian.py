"""The Debian package, which packages/debian/build makes."""

import os
import subprocess

from packing.commit import ROOT, PackError

BUILD = ROOT / "packages" / "debian" / "build"


def debian(packing):
    """Lets it be made of what is installed below a prefix."""
    folder = packing.work / "debian"
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(packing.epoch)}
    command = [BUILD, "--root", packing.installed, "--version", packing.version, "--out", folder]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise PackError(f"packages/debian/build: {done.stderr.strip() or f'exit code {done.returncode}'}")
    made = next(folder.glob("*.deb"), None)
    if made is None:
        raise PackError("packages/debian/build made no .deb")
    return packing.write(made.name, made.read_bytes())
