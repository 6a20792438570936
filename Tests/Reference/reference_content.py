"""The faults of content and grammar: they change the bytes of a draft."""

import event_stream
import reference_dialects
import reference_text
from reference_draft import bytes_of
from reference_places import CannotApplyError
from reference_units import size

COMMENT = b": tapedeck\n\n"


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


def drop(draft, _, number, _scene):
    start, end = recorded_block(draft, number)
    del draft.cells[start:end]


def drop_terminal(draft, _, _number, scene):
    terminals = [
        number for number, event in enumerate(scene.events) if reference_dialects.is_terminal(scene.dialect, event)
    ]
    if not terminals:
        raise CannotApplyError("there is no terminal event")
    for number in terminals:
        drop(draft, None, number, scene)


def duplicate(draft, _, number, _scene):
    start, end = recorded_block(draft, number)
    draft.insert(end, bytes_of(draft.cells[start:end]))


def swap(draft, _, number, scene):
    if number + 1 == len(scene.events):
        raise CannotApplyError("there is no next event")
    start, middle = recorded_block(draft, number)
    second, end = recorded_block(draft, number + 1)
    first_bytes = bytes_of(draft.cells[start:middle])
    second_bytes = bytes_of(draft.cells[second:end])
    draft.cells[second:end] = draft.changed(draft.cells[second:end], first_bytes)
    draft.cells[start:middle] = draft.changed(draft.cells[start:middle], second_bytes)


def change(draft, number, edit):
    """Changes the lines of one event; an edit that finds nothing to do cannot apply."""
    start, end = recorded_block(draft, number)
    cells = draft.cells[start:end]
    found = edit(reference_text.lines(bytes_of(cells), start == 0))
    if found is None:
        raise CannotApplyError(f"event {number + 1} has nothing to change")
    draft.cells[start:end] = draft.changed(cells, reference_text.joined(found))


def change_each(draft, scene, edit):
    """Changes the lines of each recorded event, as far as there is something to change."""
    result = []
    for cells in draft.blocks():
        number = cells[0].block
        if 0 <= number < len(scene.events):
            found = edit(reference_text.lines(bytes_of(cells), not result), number)
            cells = draft.changed(cells, reference_text.joined(found)) if found else cells
        result += cells
    draft.cells = result


def bad_json(draft, _, number, _scene):
    change(draft, number, reference_text.bad_json)


def cut_json(draft, _, number, _scene):
    change(draft, number, reference_text.cut_json)


def bad_utf8(draft, _, number, _scene):
    change(draft, number, reference_text.bad_utf8)


def empty_data(draft, _, number, _scene):
    change(draft, number, reference_text.empty_data)


def change_one_or_each(draft, number, scene, edit):
    if number is None:
        change_each(draft, scene, edit)
    else:
        change(draft, number, lambda found: edit(found, number))


def no_space(draft, _, number, scene):
    change_one_or_each(draft, number, scene, lambda found, _: reference_text.no_space(found))


def split_data(draft, _, number, scene):
    change_one_or_each(draft, number, scene, lambda found, _: reference_text.split_data(found))


def comment(draft, _, number, scene):
    change_one_or_each(draft, number, scene, lambda found, _: put_in_front(COMMENT, found))


def fields(draft, _, number, scene):
    def edit(found, number):
        return put_in_front(b"id: %d\nretry: 3000\nx-tapedeck: 1\n" % (number + 1), found)

    change_one_or_each(draft, number, scene, edit)


def big(draft, fault, number, _):
    line = b":" + b" " * (size(fault.argument) - 2) + b"\n"
    change(draft, number, lambda found: put_in_front(line, found))


def put_in_front(data, found):
    """Behind a byte order mark, which is one only in front of all."""
    lead = found[0].lead if found else b""
    if lead:
        found[0].lead = b""
    return [reference_text.Line(lead, data, b""), *found]


def newline(draft, fault, *_):
    number, before = 0, b""
    result = []
    for cells in draft.blocks():
        found = reference_text.lines(bytes_of(cells), not result)
        found, before = reference_text.new_line_ends(found, fault.argument, number, before)
        number += len(found)
        result += draft.changed(cells, reference_text.joined(found))
    draft.cells = result


def bom(draft, *_):
    if not draft.cells:
        raise CannotApplyError("there is no body")
    first = draft.blocks()[0]
    draft.cells[: len(first)] = draft.changed(first, event_stream.BOM + bytes_of(first))


def no_final_blank(draft, _, _place, scene):
    if not scene.events:
        raise CannotApplyError("there is no event")
    blocks = draft.blocks()
    for at in range(len(blocks) - 1, -1, -1):
        found = reference_text.lines(bytes_of(blocks[at]), at == 0)
        for line in reversed(found):
            if line.end and not line.text and not line.lead:
                line.end = b""
                blocks[at] = draft.changed(blocks[at], reference_text.joined(found))
                draft.cells = [cell for cells in blocks for cell in cells]
                return
    raise CannotApplyError("there is no blank line")
