"""A replay while it is made: bytes, each with its recorded offset, its due time and its chunk.

Nothing is clever here. Whatever a fault does to a stream, a place is found again by looking for
the byte that was recorded there.
"""

from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple


class Cell(NamedTuple):
    """One byte of the body."""

    byte: int
    offset: int | None
    """Where it was recorded; what was inserted was not."""
    due_us: int
    chunk: int
    block: int
    """The number of its recorded event, or of what was inserted, which has one below zero."""


class Chunk(NamedTuple):
    """A run of cells that are sent at once."""

    due_us: int
    cells: list[Cell]


@dataclass
class Draft:
    """The bytes of a body and the times around them."""

    cells: list[Cell]
    head_at_us: int | None
    end_at_us: int
    ending: str
    status: int | None = None
    heads: list[int] = field(default_factory=list)
    """When the head is due, or its halves where it was cut in two."""
    last_name: int = 0

    ranges: dict = field(default_factory=dict)
    """Where each recorded block starts, and how long it is."""

    def __post_init__(self):
        self.heads = [] if self.head_at_us is None else [self.head_at_us]
        for number, cells in groupby(self.cells, key=lambda cell: cell.block):
            offsets = [cell.offset for cell in cells]
            self.ranges[number] = (offsets[0], len(offsets))

    @property
    def body(self):
        return bytes_of(self.cells)

    @property
    def chunks(self):
        grouped = groupby(self.cells, key=lambda cell: (cell.chunk, cell.due_us))
        return [Chunk(key[1], list(cells)) for key, cells in grouped]

    @chunks.setter
    def chunks(self, chunks):
        cells = []
        for chunk in chunks:
            name = self.new_name()
            cells += [cell._replace(due_us=chunk.due_us, chunk=name) for cell in chunk.cells]
        self.cells = cells

    def new_name(self):
        """A number that no chunk and no recorded block has."""
        self.last_name -= 1
        return self.last_name

    def before(self, offset):
        """The index of the first byte that was recorded there or later."""
        for index, cell in enumerate(self.cells):
            if cell.offset is not None and cell.offset >= offset:
                return index
        return len(self.cells)

    def behind(self, offset):
        """The index behind the last byte that was recorded before it."""
        for index in range(len(self.cells), 0, -1):
            cell = self.cells[index - 1]
            if cell.offset is not None and cell.offset < offset:
                return index
        return 0

    def due_us(self, index):
        """When the byte at an index is due; at the end, when the body ends."""
        return self.cells[index].due_us if index < len(self.cells) else self.end_at_us

    def split(self, index):
        """Makes the byte at an index the first of its chunk."""
        if 0 < index < len(self.cells) and self.cells[index - 1].chunk == self.cells[index].chunk:
            old, new = self.cells[index].chunk, self.new_name()
            while index < len(self.cells) and self.cells[index].chunk == old:
                self.cells[index] = self.cells[index]._replace(chunk=new)
                index += 1

    def insert(self, index, data):
        """Puts new bytes before an index: a chunk of their own, due with the byte there."""
        due_us, chunk, block = self.due_us(index), self.new_name(), self.new_name()
        self.cells[index:index] = [Cell(byte, None, due_us, chunk, block) for byte in data]

    def blocks(self):
        """The recorded events and what was inserted, in the order they have now."""
        return [list(cells) for _, cells in groupby(self.cells, key=lambda cell: cell.block)]

    def changed(self, cells, data):
        """A block with other bytes: due with its last byte, its offsets kept in proportion."""
        if bytes_of(cells) == data:
            return cells
        start, length = self.ranges.get(cells[0].block, (None, 0))
        return [
            cells[-1]._replace(byte=byte, offset=None if start is None else start + index * length // len(data))
            for index, byte in enumerate(data)
        ]

    def block(self, number):
        """The range of indices that a recorded event has now, or none."""
        indices = [index for index, cell in enumerate(self.cells) if cell.block == number]
        return (indices[0], indices[-1] + 1) if indices else None


def bytes_of(cells):
    return bytes([cell.byte for cell in cells])
