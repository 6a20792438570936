"""Waiting for what another process does, without hoping: asked again, in short steps and not for ever."""

import contextlib
import os
import time

WITHIN_S = 20


def until(holds, within_s=WITHIN_S, step_s=0.01):
    """Waits until something holds, and gives what it was. A step of 0 is for what is soon over."""
    deadline = time.monotonic() + within_s
    while not (last := holds()):
        assert time.monotonic() < deadline, f"it did not come to that in {within_s} s"
        time.sleep(step_s)
    return last


def while_there(names, read):
    """What is read of each of some files, without those that another process has moved or removed since
    they were listed."""
    for name in [*names]:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            yield read(name)


def targets(folder):
    """What the descriptors of a process lead to: (number, target) of each that is open still."""
    return [*while_there(os.listdir(folder), lambda name: (name, os.readlink(f"{folder}/{name}")))]
