"""What a first build costs: of a fresh clone, with the packages that it needs fetched already."""

import pathlib
import resource
import subprocess
import sys
import time

from building import BUILD_LIMIT_S, ROOT, SWIFT_BUILD
from report import Row

# On two quiet cores. They are goals of the build that scripts/quickstart makes.
WALL_S = 180
CPU_S = 240
STRIPPED_MB = 14


def cold_build(_, folder):
    """Wall time and CPU of a debug build of the program and of quickstart's, and how large the program is then."""
    clone = folder / "tapedeck"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, clone], check=True, timeout=120)
    subprocess.run(["swift", "package", "resolve"], cwd=clone, check=True, timeout=600, stdout=sys.stderr)
    debug_s, debug_cpu_s = built(clone, "swift", "build", "--product", "tapedeck")
    wall_s, cpu_s = built(clone, *SWIFT_BUILD, "--product", "tapedeck")
    size_mb = stripped_mb(clone, folder)
    return [
        Row("first build of the program, debug", f"{debug_s:.0f} s, {debug_cpu_s:.0f} s of CPU"),
        Row("first build by scripts/quickstart", f"{wall_s:.0f} s", f"< {WALL_S} s", wall_s < WALL_S),
        Row("CPU of that build", f"{cpu_s:.0f} s", f"< {CPU_S} s", cpu_s < CPU_S),
        Row("the program, stripped", f"{size_mb:.1f} MB", f"<= {STRIPPED_MB} MB", size_mb <= STRIPPED_MB),
    ]


def built(clone, *command):
    """The seconds that a build takes, and the seconds of CPU of all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run(command, cwd=clone, check=True, timeout=BUILD_LIMIT_S, stdout=sys.stderr)
    wall_s = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall_s, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def stripped_mb(clone, folder):
    """The size in millions of bytes of the program that quickstart builds, without its symbols."""
    shown = subprocess.run(
        [*SWIFT_BUILD, "--show-bin-path"], cwd=clone, check=True, timeout=120, capture_output=True, text=True
    )
    program = folder / "stripped"
    subprocess.run(["strip", "-o", program, pathlib.Path(shown.stdout.strip()) / "tapedeck"], check=True, timeout=60)
    return program.stat().st_size / 1e6
