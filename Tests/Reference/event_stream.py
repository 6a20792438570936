"""The WHATWG event stream rules, whole bodies at once: no incremental state that could go wrong."""

import re
from dataclasses import dataclass

BOM = b"\xef\xbb\xbf"
LINE = re.compile(rb"([^\r\n]*)(\r\n|\r|\n)")


@dataclass(frozen=True)
class Event:
    """A dispatched event, and where it lies in the body."""

    type: str
    data: str
    last_id: str
    block_end: int
    """Behind the whole line end of its blank line: the next block starts here."""
    completed_by: int
    """The offset of the byte that dispatched it: a CR ends its line without what follows."""


def parse(body):
    """All events of a body, in order; what no blank line ends is dropped."""
    events = []
    block = Block()
    last_id = ""
    for line in LINE.finditer(body, len(BOM) if body.startswith(BOM) else 0):
        if line[1]:
            block.take(line[1])
            continue
        last_id = last_id if block.id is None else block.id
        if block.data:
            data = "\n".join(block.data)
            events.append(Event(block.type or "message", data, last_id, line.end(), line.end(1)))
        block = Block()
    return events


class Block:
    """The fields between two blank lines; comments, `retry` and unknown names leave no trace."""

    def __init__(self):
        self.type = ""
        self.data = []
        self.id = None

    def take(self, line):
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ").decode("utf-8", "replace")
        match name:
            case b"event":
                self.type = value
            case b"data":
                self.data.append(value)
            case b"id" if "\0" not in value:
                self.id = value
