"""Puts the program into the wheel, and gives the wheel the tag of the machines on which the program runs."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramHook(BuildHookInterface):
    """PACKAGE_PROGRAM names the program's file, PACKAGE_TAG the wheel's tag; without them the wheel is pure Python."""

    def initialize(self, version, build_data):
        program = os.environ.get("PACKAGE_PROGRAM")
        if not program:
            return
        build_data["pure_python"] = False
        build_data["tag"] = os.environ["PACKAGE_TAG"]
        build_data["shared_scripts"][program] = "tapedeck"
