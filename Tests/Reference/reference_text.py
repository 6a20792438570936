"""Event blocks as lines: what the faults that change an event do to its bytes."""

import re
from dataclasses import dataclass

import event_stream
from reference_dialects import parsed

LINE = re.compile(rb"([^\r\n]*)(\r\n|\r|\n|$)")


@dataclass
class Line:
    """A line and its end; `lead` is the byte order mark that a body may begin with."""

    lead: bytes
    text: bytes
    end: bytes

    def __bytes__(self):
        return self.lead + self.text + self.end


def lines(block, is_first):
    lead = event_stream.BOM if is_first and block.startswith(event_stream.BOM) else b""
    found = [Line(b"", *line.groups()) for line in LINE.finditer(block, len(lead)) if line[0]]
    if lead:
        found = found or [Line(b"", b"", b"")]
        found[0].lead = lead
    return found


def joined(found):
    return b"".join(map(bytes, found))


def field_parts(line):
    """A line as name with colon and space, and value."""
    name, colon, value = line.text.partition(b":")
    space = b" " if value.startswith(b" ") else b""
    return name + colon + space, value.removeprefix(b" ")


def is_data(line):
    return line.text == b"data" or line.text.startswith(b"data:")


def data_of(found):
    return b"\n".join(field_parts(line)[1] for line in found if is_data(line))


def bad_json(found):
    if not data_of(found):
        return None
    first = next(line for line in found if is_data(line))
    prefix, value = field_parts(first)
    first.text = (prefix if b":" in prefix else b"data: ") + b"{" + value
    return found


def cut_json(found):
    data = data_of(found)
    if not data:
        return None
    keep = max(1, len(data) // 2)
    kept = []
    for line in found:
        if not is_data(line):
            kept.append(line)
        elif keep >= 0:
            prefix, value = field_parts(line)
            line.text = prefix + value[:keep]
            keep -= len(value) + 1
            kept.append(line)
    return kept


def bad_utf8(found):
    if not data_of(found):
        return None
    middle = len(data_of(found)) // 2
    for line in filter(is_data, found):
        prefix, value = field_parts(line)
        if middle <= len(value):
            prefix = prefix if b":" in prefix else b"data: "
            line.text = prefix + value[:middle] + b"\xff" + value[middle:]
            return found
        middle -= len(value) + 1
    return found


def empty_data(found):
    if not data_of(found):
        return None
    first = next(line for line in found if is_data(line))
    first.text = b"data: "
    return [line for line in found if line is first or not is_data(line)]


def no_space(found):
    is_changed = False
    for line in found:
        name, colon, value = line.text.partition(b":")
        if name and value.startswith(b" ") and not value.startswith(b"  "):
            line.text = name + colon + value[1:]
            is_changed = True
    return found if is_changed else None


def split_data(found):
    if not isinstance(parsed(data_of(found)), (dict, list)):
        return None
    first = next(line for line in found if is_data(line))
    prefix, value = field_parts(first)
    if not value:
        return None
    split = Line(b"", b"data: " + value[1:], first.end)
    first.text = prefix + value[:1]
    at = found.index(first) + 1
    return found[:at] + [split] + found[at:]


def new_line_ends(found, style, first_number, before):
    """The lines with other ends, and the last of these; `before` is the end of the line before."""
    for number, line in enumerate(found, first_number):
        if not line.end:
            continue
        if style == "mixed":
            end = (b"\n", b"\r\n", b"\r")[number % 3]
            is_swallowed = not line.text and not line.lead and before == b"\r" and end == b"\n"
            line.end = b"\r\n" if is_swallowed else end
        else:
            line.end = {"crlf": b"\r\n", "cr": b"\r"}[style]
        before = line.end
    return found, before
