"""What a conforming client makes of the bytes of an answer, whoever sent them. (RFC 9112)"""

import re
from dataclasses import dataclass, field

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-connection"}


@dataclass
class Answer:
    """An answer, as far as it came."""

    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    """The end-to-end fields, in order."""
    body: bytes = b""
    trailers: list[tuple[str, str]] = field(default_factory=list)
    end: str = ""
    """`complete`, `fin` (cut off), `reset`, `silence`, `malformed`."""
    framing: str = ""
    hop_by_hop: dict = field(default_factory=dict, compare=False)


def answer(heard, method="POST"):
    """Reads what was heard: the first final answer in it."""
    rest = heard.data
    while True:
        top, blank, rest = cut_head(rest)
        if not blank:
            return Answer(end=heard.end if heard.end != "complete" else "fin")
        line = re.match(rb"HTTP/1\.[01] (\d{3})(?: |$)", top.split(b"\n")[0].rstrip(b"\r"))
        if not line:
            return Answer(end="malformed")
        if int(line[1]) >= 200:
            break
    all_fields = fields(top)
    found = Answer(int(line[1]), [pair for pair in all_fields if pair[0] not in HOP_BY_HOP])
    found.hop_by_hop = {name: value for name, value in all_fields if name in HOP_BY_HOP}
    names = dict(all_fields)
    if method == "HEAD" or found.status in (204, 304):
        found.framing, found.end = "none", "complete"
        assert not rest, rest
    elif "chunked" in names.get("transfer-encoding", ""):
        found.framing = "chunked"
        read_chunked(found, rest, heard.end)
    elif "content-length" in names:
        found.framing = "length"
        if not re.fullmatch("[0-9]{1,18}", names["content-length"]):
            found.end = "malformed"
            return found
        length = int(names["content-length"])
        found.body = rest[:length]
        found.end = "complete" if len(rest) >= length else heard.end
    else:
        found.framing, found.body = "eof", rest
        found.end = "complete" if heard.end == "fin" else heard.end
    return found


def cut_head(data):
    """The head of an answer, and what follows; a line may end with LF alone. (RFC 9112, 2.2)"""
    blank = re.search(rb"\r?\n\r?\n", data)
    return (data[: blank.start()], True, data[blank.end() :]) if blank else (data, False, b"")


def fields(top):
    lines = [line.rstrip("\r") for line in top.decode("latin-1").split("\n")[1:]]
    pairs = [line.split(":", 1) for line in lines if ":" in line]
    return [(name.strip().lower(), value.strip(" \t")) for name, value in pairs]


def read_chunked(found, rest, end):
    """Takes the chunked coding off. (RFC 9112, 7.1)"""
    while True:
        line, newline, after = rest.partition(b"\n")
        if not newline:
            found.end = end
            return
        size = re.match(rb"0*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r]*)?\r?$", line)
        if not size:
            found.end = "malformed"
            return
        size = int(size[1], 16)
        if size == 0:
            break
        found.body += after[:size]
        behind = after[size : size + 2]
        if len(behind) < 2:
            found.end = end
            return
        if behind != b"\r\n":
            found.end = "malformed"
            return
        rest = after[size + 2 :]
    if after.startswith(b"\r\n"):
        found.end = "complete"
        return
    top, blank, _ = cut_head(b"\r\n" + after)
    found.trailers = fields(top) if blank else []
    found.end = "complete" if blank else end
