"""The licences of what is linked into the program, from the very checkouts that it was built from."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from packing.commit import ROOT, PackError

CHECKOUTS = ROOT / ".build" / "checkouts"
LIBYAML = Path(__file__).with_name("libyaml-license.txt")
RULE = "=" * 78


def notices(program):
    """The text of THIRD-PARTY-NOTICES for a program."""
    parts = [
        "The program tapedeck holds the software below, in object form. Each part is under the licence\n"
        "that stands below its name. The licence of Tapedeck itself is in the file LICENSE.\n"
    ]
    parts += [f"{RULE}\n{title}\n{RULE}\n\n{text.strip()}\n" for title, text in linked(program)]
    return "\n".join(parts)


def linked(program):
    """The title and the licence of each part."""
    version, text = toolchain()
    yield f"Swift {version}: standard library, concurrency, Dispatch, Foundation Essentials (https://swift.org)", text
    for pin in pins():
        folder = CHECKOUTS / Path(pin["location"]).name.removesuffix(".git")
        files = sorted(path for pattern in ("LICEN[SC]E*", "NOTICE*") for path in folder.glob(pattern))
        if not any(path.name.startswith("LICEN") for path in files):
            raise PackError(f"{folder}: expected a LICENSE, found none: run 'swift package resolve'")
        text = "\n\n".join(path.read_text(encoding="utf-8").strip() for path in files)
        yield f"{pin['identity']} {pin['state'].get('version', pin['state']['revision'])} ({pin['location']})", text

    # What it says of one of its errors.
    if b"did not find expected <stream-start>" in program.read_bytes():
        yield "libyaml (https://github.com/yaml/libyaml)", LIBYAML.read_text(encoding="utf-8")


def pins():
    """The packages that the program is built from, by name."""
    resolved = ROOT / "Package.resolved"
    try:
        return sorted(json.loads(resolved.read_text(encoding="utf-8"))["pins"], key=lambda pin: pin["identity"])
    except (OSError, ValueError, KeyError) as error:
        raise PackError(f"{resolved}: expected the packages of the build: run 'swift package resolve'") from error


def toolchain():
    """The version of Swift, and its licence."""
    swift = shutil.which("swiftc")
    if swift:
        share = Path(swift).resolve().parents[1] / "share"
        for text in (share / "swift" / "LICENSE.txt", share / "doc" / "swift" / "LICENSE.txt"):
            if text.exists():
                return swift_version(swift), text.read_text(encoding="utf-8")
    raise PackError(f"expected LICENSE.txt in the Swift toolchain of {swift or 'PATH'}, and found none")


def swift_version(swift):
    said = subprocess.run([swift, "--version"], check=True, capture_output=True, text=True).stdout
    return re.search(r"Swift version (\S+)", said)[1]
