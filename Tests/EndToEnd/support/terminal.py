"""The program on a terminal of its own: what it says there, and how wide that is."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata

STYLE = re.compile(r"\x1b\[[0-9;]*m")


def said_on(columns, *command, environment=None, cwd=None):
    """Runs a command with both outputs on a terminal of that width; gives its exit code and text."""
    control, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE")}
    with subprocess.Popen(
        [*map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
        cwd=cwd,
        env={**kept, "TERM": "xterm", **(environment or {})},
    ) as process:
        os.close(terminal)
        said = b""
        try:
            while piece := os.read(control, 65536):
                said += piece
        except OSError:
            # The last who wrote there is gone.
            pass
        finally:
            os.close(control)
    return process.returncode, said.decode().replace("\r\n", "\n")


def plain(text):
    """A text without colours."""
    return STYLE.sub("", text)


def width(line):
    """How many columns a terminal gives a line without colours."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
