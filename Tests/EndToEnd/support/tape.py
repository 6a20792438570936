"""A reader of the cassette format of its own, so that the deck is not its own witness."""

import base64
import gzip
import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Exchange:
    """One recorded exchange; times in microseconds since the request had been sent."""

    request: dict
    head: dict = field(default_factory=dict)
    head_at_us: int = 0
    chunks: list[tuple[int, bytes]] = field(default_factory=list)
    trailers: list[list[str]] = field(default_factory=list)
    how: str = ""
    end_at_us: int = 0
    ending: dict = field(default_factory=dict)
    """All that the end says."""
    markers: list[str] = field(default_factory=list)

    @property
    def path(self):
        """What the client asked; where that is not there, what was asked upstream."""
        if "path" in self.request:
            return self.request["path"]
        url = urlsplit(self.request["url"])
        return url.path + ("?" + url.query if url.query else "")

    @property
    def body(self):
        return b"".join(data for _, data in self.chunks)


def read(path):
    """All exchanges of a cassette, in the order of the file."""
    exchanges = []
    with opened(path) as lines:
        assert json.loads(next(lines))["tapedeck"] == 1
        for line in lines:
            interval, code, data = json.loads(line)
            match code:
                case "q":
                    now = 0
                    exchanges.append(Exchange(data))
                case "h":
                    now += interval
                    exchanges[-1].head, exchanges[-1].head_at_us = data, now
                case "d" | "b":
                    now += interval
                    chunk = data.encode() if code == "d" else base64.b64decode(data)
                    exchanges[-1].chunks.append((now, chunk))
                case "e":
                    now += interval
                    exchanges[-1].how, exchanges[-1].end_at_us = data["how"], now
                    exchanges[-1].ending = data
                case "m":
                    now += interval
                    exchanges[-1].markers.append(data)
                case "t":
                    now += interval
                    exchanges[-1].trailers = data
                case _:
                    now += interval
    return exchanges


def opened(path):
    """The lines of a cassette, compressed or plain."""
    with open(path, "rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    return (gzip.open if compressed else open)(path, "rt", encoding="utf-8", newline="\n")
