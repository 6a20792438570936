"""Writes the generated part of a page anew, inside `tapedeck serve CASSETTES -- …`.

    python -m clienttable PAGE

TAPEDECK names the program; the deck's base URL is where the deck that runs this says.
"""

import os
import sys
from pathlib import Path

from clienttable.matrix import Matrix
from clienttable.page import with_generated


def main():
    page = Path(sys.argv[1])
    rows = Matrix(os.environ["TAPEDECK"], os.environ["ANTHROPIC_BASE_URL"]).rows()
    page.write_text(with_generated(page.read_text(encoding="utf-8"), rows), encoding="utf-8")


main()
