"""The platform of a program, as its own first bytes say, and what the package managers call it."""

import re
import struct
from dataclasses import dataclass

from packing.commit import PackError

ELF_MACHINES = {0x3E: "x86_64", 0xB7: "aarch64"}
ELF_HEADER_BYTES = 64
MACH_O_ARM64 = 0x0100000C
# The oldest macOS that Package.swift names.
MACOS_TAG = "macosx_15_0_arm64"


@dataclass(frozen=True)
class Platform:
    """Where a program runs."""

    name: str  # of the archive, like linux-x86_64
    npm: str  # of the npm package, like linux-x64
    wheel: str  # the wheel's platform tag

    @property
    def is_linux(self):
        return self.name.startswith("linux")


def platform(program):
    """The platform of a program."""
    try:
        data = program.read_bytes()
    except OSError as error:
        raise PackError(f"{program}: expected a program: {error.strerror}") from error
    if data[:6] == b"\x7fELF\x02\x01" and len(data) >= ELF_HEADER_BYTES:
        machine = ELF_MACHINES.get(struct.unpack_from("<H", data, 18)[0])
        if machine and (libc := newest_glibc(data)):
            ours = machine.replace("aarch64", "arm64")
            return Platform(f"linux-{ours}", f"linux-{ours.replace('x86_64', 'x64')}", f"manylinux_2_{libc}_{machine}")
    if data[:8] == struct.pack("<II", 0xFEEDFACF, MACH_O_ARM64):
        return Platform("macos-arm64", "darwin-arm64", MACOS_TAG)
    raise PackError(f"{program}: expected a program for Linux with glibc (x86_64, arm64) or macOS (arm64)")


def newest_glibc(data):
    """N where the program needs glibc 2.N: the newest of the versions that its symbols name; None without any."""
    return max((int(number) for number in re.findall(rb"\0GLIBC_2\.(\d+)(?=[.\0])", data)), default=None)
