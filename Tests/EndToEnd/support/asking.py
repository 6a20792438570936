"""Asks on a connection of its own, and what tells one request's answer from another's."""

import raw_wire
from answer import answer
from scripted_upstream import plain

PATH = "/v1/messages"
CLOSE = [("connection", "close")]


def ask(base, body=b"{}", path=PATH):
    return answer(raw_wire.ask(base + path, body=body, headers=CLOSE))


def numbered(request):
    """A script that tells which request it answers, by the number at its body's end."""
    return plain(b"answer to " + request.partition(b"\r\n\r\n")[2])
