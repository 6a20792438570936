"""Where a secret might stand, and all that a recording writes."""

import json
import zlib

from conftest import run
from secrets_kinds import KINDS, NAMELESS

ALL = KINDS + NAMELESS


def inflated(path):
    """What a file holds, also where it is a gzip file that was never finished."""
    packed = path.read_bytes()
    content = b""
    while packed.startswith(b"\x1f\x8b"):
        inflater = zlib.decompressobj(wbits=31)
        content += inflater.decompress(packed)
        packed = inflater.unused_data
    return content + packed


def body_of(path):
    """The body as far as it stands in a file that may have been cut anywhere."""
    lines = [json.loads(line) for line in inflated(path).split(b"\n")[1:-1]]
    return b"".join(line[2].encode() for line in lines if line[1] == "d")


def all_that_is_written(folder, tapedeck):
    """All files of a folder, and what the verbs say of its cassettes."""
    content = b"".join(inflated(path) for path in folder.iterdir())
    for path in [*folder.glob("*.tape")]:
        for verb in (["show"], ["show", "--events"], ["show", "--json"], ["show", "--text"], ["check"], ["plan"]):
            done = run(tapedeck, *verb, path)
            content += done.stdout + done.stderr
    return content


def event(text):
    """An event as a provider sends it, the text in a string."""
    return b'data: {"type":"delta","text":"key: ' + text.encode() + b' end"}\n\n'


def head_value(kind):
    """A secret as it can stand in a header."""
    return kind.value.replace("\n", " ")
