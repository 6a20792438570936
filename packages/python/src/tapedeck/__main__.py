"""`python -m tapedeck ARGUMENTS…` is the program `tapedeck`."""

import os
import sys

from ._errors import DeckError
from ._program import program


def main() -> None:
    try:
        path = program()
    except DeckError as error:
        sys.exit(f"tapedeck: {error}")
    os.execv(path, [path, *sys.argv[1:]])


if __name__ == "__main__":
    main()
