"""The command line of scripts/package."""

import argparse
import hashlib
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from packing import notices
from packing.commit import ROOT, PackError, epoch, version
from packing.debian import debian
from packing.installed import archive, laid_out
from packing.npm import npm
from packing.platforms import Platform, platform
from packing.program import built, stripped
from packing.wheel import wheel

MAKERS = {"tar": archive, "wheel": wheel, "npm": npm, "deb": debian}
EXIT_USAGE = 64
EXIT_FAILED = 70


@dataclass
class Packing:
    """What all packages share, and where they go."""

    program: Path
    platform: Platform
    version: str
    epoch: int
    folder: Path
    work: Path

    @cached_property
    def installed(self) -> Path:
        return laid_out(self)

    @cached_property
    def notices(self) -> str:
        return notices.notices(self.program)

    def write(self, name, data):
        """Writes a package, whole or not at all, and gives its file."""
        path = self.folder / name
        part = self.folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(path)
        return path


def arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/package", allow_abbrev=False, description="Builds the packages of Tapedeck."
    )
    parser.add_argument("--only", metavar="KINDS", help=f"these kinds: {','.join(MAKERS)}; all by default")
    parser.add_argument("--program", type=Path, metavar="FILE", help="pack this program instead of building it")
    parser.add_argument("--into", type=Path, default=ROOT / "dist", metavar="FOLDER", help="dist by default")
    return parser.parse_args()


def chosen(only):
    """The kinds that are asked for; None where they are those that the platform has."""
    if only is None:
        return None
    kinds = only.split(",")
    for kind in kinds:
        if kind not in MAKERS:
            raise PackError(f"--only: expected some of {', '.join(MAKERS)}, joined by commas; found '{kind}'")
    return kinds


def main():
    options = arguments()
    try:
        kinds = chosen(options.only)
    except PackError as error:
        print(f"package: {error}", file=sys.stderr)
        return EXIT_USAGE
    try:
        program = options.program or built()
        with tempfile.TemporaryDirectory() as work:
            show(pack(program, kinds, options.into, Path(work)))
    except PackError as error:
        print(f"package: {error}", file=sys.stderr)
        return EXIT_FAILED
    except OSError as error:
        print(f"package: {error.filename}: {error.strerror}", file=sys.stderr)
        return EXIT_FAILED
    return 0


def pack(program, kinds, folder, work):
    """Makes packages of a program; gives what they share."""
    where = platform(program)
    packing = Packing(stripped(program, work), where, version(), epoch(), folder, work)
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds or [kind for kind in MAKERS if kind != "deb" or where.is_linux]:
        MAKERS[kind](packing)
    return packing


def show(packing):
    """Prints the packages of this version that are there, and writes their checksums."""
    packages = sorted(packing.folder.glob(f"tapedeck*{packing.version}*"))
    sums = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in packages}
    packing.write("SHA256SUMS", "".join(f"{sums[path]}  {path.name}\n" for path in packages).encode())
    width = max(len(path.name) for path in packages)
    for path in packages:
        print(f"{path.name:{width}}  {path.stat().st_size:>10,}  {sums[path]}")


if __name__ == "__main__":
    sys.exit(main())
