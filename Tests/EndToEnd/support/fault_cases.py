"""What each fault looks like on the wire: a table to check by eye, which no code of the deck made.

The recording is the shipped `anthropic-multibyte`, complete and chunked, at once.
"""

import re
from dataclasses import dataclass

NAME = "anthropic-multibyte"
PATH = "/v1/messages"
ENDED = b"0\r\n\r\n"
PLANNED_ENDS = {"next": "complete", "fin": "disconnect", "reset": "reset", "silence": "hang"}


@dataclass(frozen=True)
class Case:
    """One fault as it is asked for, and what a client can see of it."""

    fault: str
    framing: str = "chunked"
    """`chunked`, `length`, `eof`, or `none` where no whole head comes."""
    tail: bytes = ENDED
    """What comes behind the last whole HTTP chunk; of a broken one, how it begins."""
    end: str = "next"
    """`next` where the connection serves another request, `fin`, `reset` or `silence`."""
    status: int | None = 200

    @property
    def name(self):
        return re.match("[a-z0-9-]+", self.fault)[0]

    @property
    def ending(self):
        """What a plan calls that end; FIN is a good one where the body ends with the connection."""
        return "complete" if self.fault == "framing:eof" else PLANNED_ENDS[self.end]

    def __str__(self):
        return self.fault


def answer(fault, status=200):
    return Case(fault, "length", b"", "next", status)


def cut(fault, end, tail=b""):
    return Case(fault, "chunked", tail, end)


def headless(fault, end):
    return Case(fault, "none", b"", end, None)


CASES = [
    answer("status:529", 529),
    answer("status:429,retry-after=1500ms", 429),
    answer("status:503,type=made_up,on=1-2", 503),
    answer("body:html"),
    answer("body:json"),
    Case("header:x-made=up"),
    Case("header:-content-type"),
    cut("disconnect", "fin"),
    cut("disconnect@event:5", "fin"),
    cut("disconnect@in:event:5", "fin"),
    cut("disconnect@after:event:5", "fin"),
    cut("disconnect@byte:1", "fin"),
    cut("disconnect@end", "fin"),
    cut("disconnect@after:head", "fin"),
    cut("disconnect@in:event:5,mid-chunk", "fin", b"fa\r\n"),
    cut("disconnect@event:5,mid-chunk", "fin", b"fa\r\n"),
    cut("disconnect@end,mid-chunk", "fin", b"1\r\n"),
    headless("disconnect@head", "fin"),
    headless("disconnect@in:head", "fin"),
    cut("reset", "reset"),
    cut("reset@event:1", "reset"),
    cut("reset@in:type:content_block_delta:3", "reset"),
    cut("reset@end", "reset"),
    cut("reset@after:head", "reset"),
    headless("reset@head", "reset"),
    headless("reset@in:head", "reset"),
    Case("end"),
    Case("end@byte:1"),
    Case("end@in:event:5"),
    cut("hang", "silence"),
    cut("hang@end", "silence"),
    cut("hang@after:head", "silence"),
    cut("hang:200ms@event:5", "fin"),
    headless("hang@head", "silence"),
    headless("hang@in:head", "silence"),
    headless("hang:200ms@head", "fin"),
    cut("linger", "silence"),
    Case("trailing:100B"),
    Case("trailing:1MiB"),
    Case("stall:200ms"),
    Case("stall:200ms@event:3,burst"),
    Case("stall:200ms@head"),
    Case("stall:200ms@in:head"),
    Case("trickle:20KiB%2Fs"),
    Case("trickle:4KiB%2Fs@frac:0.8"),
    Case("hold:200ms"),
    Case("hold:1KiB@event:4"),
    Case("rechunk:1"),
    Case("rechunk:7@event:4"),
    Case("rechunk:random"),
    Case("rechunk:utf8"),
    Case("rechunk:crlf;newline:crlf"),
    Case("coalesce:4"),
    Case("coalesce:1000"),
    Case("gzip"),
    Case("framing:eof", "eof", b"", "fin"),
    Case("framing:length", "length", b""),
    Case("framing:length-short", "length", b"", "fin"),
    Case("linger;framing:length", "length", b"", "silence"),
    Case("linger;framing:eof", "eof", b"", "silence"),
    Case("reset@event:5;framing:length", "length", b"", "reset"),
    Case("end@event:5;framing:length", "length", b"", "next"),
    Case("disconnect@event:5;framing:eof", "eof", b"", "fin"),
    Case("interim"),
    cut("bad-chunk", "fin", b"zz\r\n"),
    cut("bad-chunk@byte:1", "fin", b"zz\r\n"),
    cut("bad-chunk@end", "fin", b"zz\r\n"),
    Case("newline:crlf"),
    Case("newline:cr"),
    Case("newline:mixed"),
    Case("bom"),
    Case("no-space"),
    Case("split-data@event:5"),
    Case("comment"),
    Case("fields"),
    Case("no-final-blank"),
    Case("big:1MiB"),
    Case("error:overloaded_error@event:5"),
    Case("drop@event:5"),
    Case("duplicate@event:5"),
    Case("swap@event:5"),
    Case("unknown@event:5"),
    Case("ping@event:5"),
    Case("bad-json@event:5"),
    Case("cut-json@event:5"),
    Case("bad-utf8@event:5"),
    Case("empty-data@event:5"),
    Case("drop-terminal"),
    Case("chaos:0"),
    cut("chaos:1,from=reset", "reset"),
    Case("drop@event:5;newline:mixed;rechunk:3;stall:100ms@event:9"),
    Case("big:64KiB@event:3;gzip;interim"),
    cut("comment;trickle:40KiB%2Fs;reset@event:12", "reset"),
]
