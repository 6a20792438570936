"""The Debian package, which packages/debian/build makes."""

import os
import subprocess

from packing.commit import ROOT, PackError
from packing.installed import laid_out
from packing.program import WORK

BUILD = ROOT / "packages" / "debian" / "build"


def debian(packing):
    """Lets it be made of what is installed below a prefix: `build TREE VERSION FOLDER`, where it goes into the folder."""
    folder = WORK / "debian"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.deb"):
        old.unlink()
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(packing.epoch)}
    command = [BUILD, laid_out(packing), packing.version, folder]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise PackError(f"packages/debian/build: {done.stderr.strip() or f'exit code {done.returncode}'}")
    made = next(folder.glob("*.deb"), None)
    if made is None:
        raise PackError("packages/debian/build made no .deb")
    return packing.write(made.name, made.read_bytes())
