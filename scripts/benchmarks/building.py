"""Builds what the benchmarks run."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".build-bench"
SWIFT_BUILD = ["swift", "build", "-c", "release", "--static-swift-stdlib"]
BUILD_LIMIT_S = 1800


def c_tools():
    """Compiles the C programs beside this file."""
    TOOLS.mkdir(exist_ok=True)
    for source in sorted(pathlib.Path(__file__).parent.glob("*.c")):
        target = TOOLS / source.stem
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-o", target, source], check=True, timeout=120)


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
