"""The program as it is packed: built for release, and without what only a debugger reads."""

import shutil
import subprocess
import sys
from pathlib import Path

from packing.commit import ROOT, PackError

BUILD = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "tapedeck"]
# Nothing looks up a symbol of the program by name, and nothing unwinds its stack: Swift throws by returning. Debuggers
# follow frame pointers, which are kept.
LINUX_LINKING = ["-Xlinker", "--no-export-dynamic", "-Xlinker", "--no-eh-frame-hdr"]
# Few machines have libyaml, which is then a part of the program: `CYAML` has weak references to it, for which nothing
# is taken out of an archive unless it is named.
YAML_FUNCTIONS = [
    *["yaml_parser_initialize", "yaml_parser_delete", "yaml_parser_set_input", "yaml_parser_parse"],
    "yaml_event_delete",
]
LINUX_LIBRARIES = [
    *[word for name in YAML_FUNCTIONS for word in ("-Xlinker", f"--undefined={name}")],
    *["-Xlinker", "-l:libyaml.a"],
]
LINUX_STRIPPING = ["--strip-all", "--remove-section=.comment"]
# Tables for unwinding, and digests of how it was built. Swift's own tool leaves the rest of the layout as it is; that
# of binutils would take the protection of relocated data along with them.
LINUX_DROPPED = [f"--remove-section={name}" for name in (".eh_frame", ".swift_modhash", ".note.gnu.build-id")]


def built():
    """Builds the program; gives its file."""
    command = [*BUILD, *(LINUX_LINKING + LINUX_LIBRARIES if sys.platform == "linux" else [])]
    if subprocess.run(command, cwd=ROOT, check=False, stdout=sys.stderr).returncode:
        raise PackError(f"'{' '.join(command)}' failed: see above")
    shown = subprocess.run([*command, "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return Path(shown.stdout.strip()) / "tapedeck"


def stripped(program, folder):
    """A copy of a program in a folder, without what it does not need to run."""
    command = stripping()
    copy = folder / "tapedeck"
    shutil.copyfile(program, copy)
    copy.chmod(0o755)
    done = subprocess.run([*command, copy], check=False, capture_output=True, text=True)
    if done.returncode:
        raise PackError(f"{command[0]}: {done.stderr.strip()}")
    return copy


def stripping():
    """The command that strips a file."""
    if sys.platform == "linux":
        swift = shutil.which("swiftc")
        ours = Path(swift).resolve().with_name("llvm-objcopy") if swift else None
        if ours and ours.exists():
            return [ours, *LINUX_STRIPPING, *LINUX_DROPPED]
    tool = shutil.which("strip")
    if not tool:
        raise PackError("strip is not in PATH: install binutils")
    return [tool, *(LINUX_STRIPPING if sys.platform == "linux" else ["-x"])]


def said(program, *words):
    """What the program prints; packing asks it for the pages and scripts that come with it."""
    try:
        done = subprocess.run([program, *words], check=True, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise PackError(f"{program} does not run here, and its manual is made of what it says: {error}") from error
    return done.stdout
