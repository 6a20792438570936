"""Cassettes written by hand."""

import json


def exchange(number, body="", target="/v1/messages", says="hello", headers=()):
    """The lines of one exchange, which answers with one event."""
    request = {
        "id": f"{number:016x}",
        "at": f"2026-11-22T11:00:{number:02}.000000Z",
        "method": "POST",
        "url": f"https://api.example.com{target}",
        "headers": [["content-type", "application/json"], *headers],
        "body": body,
    }
    head = {
        "status": 200,
        "http": "1.1",
        "framing": "chunked",
        "headers": [["content-type", "text/event-stream"]],
    }
    lines = [[0, "q", request], [1, "h", head], [1, "d", f"data: {says}\n\n"]]
    lines.append([1, "e", {"how": "complete"}])
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)


def cassette(path, *exchanges):
    """Writes a cassette by hand, in one step as an editor does."""
    part = path.with_suffix(".new")
    part.write_text('{"tapedeck":1}\n' + "".join(exchanges))
    part.rename(path)
    return path
