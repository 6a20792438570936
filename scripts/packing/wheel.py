"""The Python wheel: the package of packages/python and the program, for one platform."""

import os
import re
import subprocess
import sys

from packing.archives import recompressed
from packing.commit import ROOT, PackError, copied


def wheel(packing):
    """Writes the wheel."""
    source = copied(ROOT / "packages" / "python", packing.work / "python")
    stamp(source / "pyproject.toml", "version", packing.version)
    stamp(source / "src" / "tapedeck" / "__init__.py", "__version__", packing.version)
    (source / "LICENSE").write_bytes((ROOT / "LICENSE").read_bytes())
    (source / "THIRD-PARTY-NOTICES").write_text(packing.notices, encoding="utf-8")
    (source / "src" / "tapedeck" / "llms.txt").write_bytes((ROOT / "llms.txt").read_bytes())
    made = built(source, packing)
    return packing.write(made.name, recompressed(made))


def stamp(path, name, version):
    """Writes the version into a file that has one."""
    text, count = re.subn(rf'(?m)^{name} = ".*"$', lambda _: f'{name} = "{version}"', path.read_text(encoding="utf-8"))
    if count != 1:
        raise PackError(f"{path}: expected one line '{name} = \"...\"', found {count}")
    path.write_text(text, encoding="utf-8")


def built(source, packing):
    """Lets the package's own build backend make a wheel; gives its file."""
    environment = os.environ | {
        "PACKAGE_PROGRAM": str(packing.program),
        "PACKAGE_TAG": f"py3-none-{packing.platform.wheel}",
        "SOURCE_DATE_EPOCH": str(packing.epoch),
    }
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    done = subprocess.run(command, cwd=source, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise PackError(f"hatchling in {source}: {done.stderr.strip() or done.stdout.strip()}")
    return next((source / "dist").glob("*.whl"))
