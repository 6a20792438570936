"""Builds what the benchmarks run."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).parent
TOOLS = ROOT / ".build-bench"
SWIFT_BUILD = ["swift", "build", "-c", "release", "--static-swift-stdlib"]
BUILD_LIMIT_S = 1800


def c_tools():
    """Compiles the C programs beside this file."""
    for source in sorted(HERE.glob("*.c")):
        c_tool(source.stem)


def c_tool(name):
    """The path of one of the C programs beside this file, compiled where it or a header has changed."""
    TOOLS.mkdir(exist_ok=True)
    source, target = HERE / f"{name}.c", TOOLS / name
    changed = max(path.stat().st_mtime for path in [source, *HERE.glob("*.h")])
    if not target.exists() or target.stat().st_mtime < changed:
        # Others may compile it at the same time, or run it.
        with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
            made = pathlib.Path(folder) / name
            compiler = shutil.which("cc") or "clang"
            subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-o", made, source], check=True, timeout=120)
            os.replace(made, target)
    return target


def product(name, build=True):
    """The path of a Swift product's release build, made now unless told otherwise."""
    if build:
        subprocess.run(
            [*SWIFT_BUILD, "--product", name], cwd=ROOT, check=True, timeout=BUILD_LIMIT_S, stdout=sys.stderr
        )
    shown = subprocess.run(
        [*SWIFT_BUILD, "--show-bin-path"], cwd=ROOT, check=True, timeout=120, capture_output=True, text=True
    )
    path = pathlib.Path(shown.stdout.strip()) / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: build it, or leave out --no-build")
    return path
