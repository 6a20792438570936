"""Where the program `tapedeck` is, and why it cannot be run."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator

from ._errors import DeckError

_NAME = "tapedeck"


def program() -> str:
    """The path of the program: what TAPEDECK names, else the one that came with this package, else that in the PATH.

    Raises:
        DeckError: There is none, with what to do about it.
    """
    named = os.environ.get("TAPEDECK")
    if named:
        found = shutil.which(named)
        if found is None:
            raise DeckError(f"TAPEDECK names '{named}', which is no program that can be run: name the program tapedeck")
        return os.path.abspath(found)
    for folder in _package_folders():
        path = os.path.join(folder, _NAME)
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    found = shutil.which(_NAME)
    if found is not None:
        return os.path.abspath(found)
    raise DeckError(_nowhere())


def why_not_run(path: str, error: OSError) -> str:
    """Why the system did not run a program that is there, in one line."""
    if isinstance(error, FileNotFoundError) and os.path.exists(path):
        return (
            f"{path} needs glibc, and this system has another C library (musl, as in Alpine): "
            "use an image with glibc, such as python:3.12-slim"
        )
    return f"{path} cannot be run here: {error.strerror}"


def _package_folders() -> Iterator[str]:
    """Where an installer puts the program of this package, the likeliest first."""
    yield os.path.dirname(sys.executable)
    # Imported here, since it takes a few milliseconds and is needed outside virtual environments only.
    import sysconfig

    yield sysconfig.get_path("scripts")
    scheme = sysconfig.get_preferred_scheme("user")
    if scheme in sysconfig.get_scheme_names():
        yield sysconfig.get_path("scripts", scheme)
    # pip install --target FOLDER
    yield os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin")


def _nowhere() -> str:
    if sys.platform == "win32":
        return "there is no tapedeck for Windows: run the tests in WSL, or on Linux or macOS"
    return (
        "there is no program tapedeck: this package was installed without it, as from source; install a wheel, "
        "put the program in the PATH, or name its path in the variable TAPEDECK"
    )
