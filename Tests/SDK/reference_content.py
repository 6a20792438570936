"""The faults of content and grammar: they change the bytes of a draft."""

import event_stream
import reference_dialects
import reference_text
from reference_draft import changed
from reference_places import CannotApplyError
from reference_units import size


def recorded_block(draft, number):
    found = draft.block(number)
    if not found:
        raise CannotApplyError(f"event {number + 1} is gone")
    return found


def insert_before(draft, number, data):
    draft.insert(recorded_block(draft, number)[0], data)


def error(draft, fault, number, scene):
    start, _ = recorded_block(draft, number)
    due_us = draft.due_us(start)
    del draft.cells[start:]
    draft.end_at_us, draft.ending = due_us, "complete"
    draft.insert(start, reference_dialects.error_event(scene.dialect, fault.argument))


def unknown(draft, _, number, scene):
    insert_before(draft, number, reference_dialects.unknown_event(scene.dialect))


def ping(draft, _, number, scene):
    insert_before(draft, number, reference_dialects.ping_event(scene.dialect))


def big(draft, fault, number, _):
    insert_before(draft, number, b":" + b" " * (size(fault.argument) - 2) + b"\n")


def drop(draft, _, number, _scene):
    start, end = recorded_block(draft, number)
    del draft.cells[start:end]


def drop_terminal(draft, _, _number, scene):
    terminals = [
        number
        for number, event in enumerate(scene.events)
        if reference_dialects.is_terminal(scene.dialect, event)
    ]
    if not terminals:
        raise CannotApplyError("there is no terminal event")
    for number in terminals:
        drop(draft, None, number, scene)


def duplicate(draft, _, number, _scene):
    start, end = recorded_block(draft, number)
    draft.insert(end, bytes(cell.byte for cell in draft.cells[start:end]))


def swap(draft, _, number, scene):
    if number + 1 == len(scene.events):
        raise CannotApplyError("there is no next event")
    start, middle = recorded_block(draft, number)
    second, end = recorded_block(draft, number + 1)
    first_bytes = bytes(cell.byte for cell in draft.cells[start:middle])
    second_bytes = bytes(cell.byte for cell in draft.cells[second:end])
    draft.cells[second:end] = changed(draft.cells[second:end], first_bytes)
    draft.cells[start:middle] = changed(draft.cells[start:middle], second_bytes)


def change(draft, number, edit):
    start, end = recorded_block(draft, number)
    cells = draft.cells[start:end]
    found = edit(reference_text.lines(bytes(cell.byte for cell in cells), start == 0))
    if found is None:
        raise CannotApplyError("it has no data")
    draft.cells[start:end] = changed(cells, reference_text.joined(found))


def bad_json(draft, _, number, _scene):
    change(draft, number, reference_text.bad_json)


def cut_json(draft, _, number, _scene):
    change(draft, number, reference_text.cut_json)


def bad_utf8(draft, _, number, _scene):
    change(draft, number, reference_text.bad_utf8)


def empty_data(draft, _, number, _scene):
    change(draft, number, reference_text.empty_data)


def each_block(draft, edit):
    """Edits the lines of every block, the tail behind the last event too."""
    result = []
    for cells in draft.blocks():
        found = edit(reference_text.lines(bytes(cell.byte for cell in cells), not result))
        result += changed(cells, reference_text.joined(found))
    draft.cells = result


def no_space(draft, _, number, _scene):
    if number is None:
        each_block(draft, reference_text.no_space)
    else:
        change(draft, number, reference_text.no_space)


def split_data(draft, _, number, _scene):
    if number is None:
        each_block(draft, reference_text.split_data)
    else:
        change(draft, number, reference_text.split_data)


def is_event(cells):
    return bool(event_stream.parse(bytes(cell.byte for cell in cells)))


def comment(draft, _, number, _scene):
    if number is not None:
        insert_before(draft, number, b": tapedeck\n\n")
        return
    for start in reversed(event_starts(draft)):
        draft.insert(start, b": tapedeck\n\n")


def fields(draft, _, number, _scene):
    starts = event_starts(draft)
    if number is not None:
        start, end = recorded_block(draft, number)
        wanted = [(start, end, number + 1)]
    else:
        ends = [*starts[1:], len(draft.cells)]
        wanted = [(start, end, at) for at, (start, end) in enumerate(zip(starts, ends, strict=True), 1)]
    for start, end, at in reversed(wanted):
        block = draft.cells[start].block
        while draft.cells[end - 1].block != block:
            end -= 1
        data = bytes(cell.byte for cell in draft.cells[start:end])
        added = b"id: %d\nretry: 3000\nx-tapedeck: 1\n" % at
        draft.cells[start:end] = changed(draft.cells[start:end], added + data)


def event_starts(draft):
    starts, at = [], 0
    for cells in draft.blocks():
        if is_event(cells):
            starts.append(at)
        at += len(cells)
    return starts


def newline(draft, fault, _, scene):
    if not scene.is_stream:
        raise CannotApplyError("no event stream")
    number, before = 0, b""

    def edit(found):
        nonlocal number, before
        found, before = reference_text.new_line_ends(found, fault.argument, number, before)
        number += len(found)
        return found

    each_block(draft, edit)


def bom(draft, *_):
    draft.insert(0, event_stream.BOM)


def no_final_blank(draft, *_):
    blocks = draft.blocks()
    for at in range(len(blocks) - 1, -1, -1):
        found = reference_text.lines(bytes(cell.byte for cell in blocks[at]), at == 0)
        for line in reversed(found):
            if line.end and not line.text and not line.lead:
                line.end = b""
                blocks[at] = changed(blocks[at], reference_text.joined(found))
                draft.cells = [cell for cells in blocks for cell in cells]
                return
    raise CannotApplyError("there is no blank line")
