"""Which faults are tried on which API."""

import json
from dataclasses import dataclass
from pathlib import Path

from liveapi.messages import SCENARIOS

ROOT = Path(__file__).resolve().parents[2]
CASSETTES = ROOT / "cassettes"
REQUESTS = ROOT / "scripts" / "requests"


@dataclass(frozen=True)
class API:
    """One API of a provider, the cassette its faults are tried on, and the events at its end.

    `finish` is the first event behind the last piece of text, and `terminal` the last event.
    """

    key: str
    title: str
    sdk: str
    cassette: str
    finish: str
    terminal: str


APIS = [
    API(
        "anthropic",
        "Anthropic Messages",
        "anthropic",
        "anthropic-text",
        "message_delta",
        "message_stop",
    ),
    API("openai-chat", "OpenAI Chat Completions", "openai", "openai-chat", "finish", "done"),
    API(
        "openai-responses",
        "OpenAI Responses",
        "openai",
        "openai-responses",
        "response.output_text.done",
        "response.completed",
    ),
]


@dataclass(frozen=True)
class Case:
    """Some faults, none at all included, on one cassette of an API."""

    api: API
    faults: tuple[str, ...]
    cassette: str

    @property
    def name(self):
        """How the page names it, which is unique within its API."""
        faults = " + ".join(f"`{fault}`" for fault in self.faults) or "no fault"
        return faults if self.cassette == self.api.cassette else f"{faults} on `{self.cassette}`"

    @property
    def text(self):
        """The whole text, as the live server had it from which the cassette was recorded."""
        body = self.body()
        prompt = body["messages"][0]["content"] if "messages" in body else body["input"]
        return SCENARIOS[prompt.partition(":")[0]].text

    def body(self, stream=True):
        """The recorded request as arguments; the stream helpers want it without `stream`."""
        body = json.loads((REQUESTS / f"{self.cassette}.json").read_bytes())
        return body if stream else {key: value for key, value in body.items() if key != "stream"}


FAULTS = """
status:400
status:401
status:403
status:404
status:408
status:409
status:413
status:422
status:429,retry-after=20ms
status:500
status:503
status:529
status:529,on=1
status:529,retry-after=20ms,on=1-2
status:529 header:x-should-retry=false
status:400,on=1 header:x-should-retry=true
header:-content-type
header:content-type=text%2Fhtml
body:html
body:json
body:html,on=1
disconnect@head
disconnect@head,on=1-2
disconnect@event:1
disconnect@event:20
disconnect@event:20,mid-chunk
disconnect@in:event:20
disconnect@event:20,on=1
disconnect@type:{finish}
disconnect@type:{terminal}
disconnect@end
disconnect@event:20 framing:eof
disconnect@in:event:20 framing:eof
disconnect@type:{finish} framing:eof
disconnect@type:{terminal} framing:eof
disconnect@event:20 framing:length
reset@head
reset@head,on=1-2
reset@event:1
reset@event:20
reset@event:20,on=1
reset@type:{terminal}
reset@end
end@event:1
end@event:20
end@in:event:20
end@type:{finish}
end@type:{terminal}
hang@head
hang@head,on=1
hang@event:20
hang@type:{terminal}
hang@end
hang:200ms@event:20
linger
trailing:100B
stall:200ms@head
stall:3s@head
stall:3s@head,on=1
stall:200ms@event:20
stall:200ms@event:20,burst
stall:3s@event:20
stall:3s@type:{terminal}
trickle:8KiB%2Fs
hold:200ms
hold:2KiB
rechunk:1
rechunk:random
newline:crlf rechunk:crlf
coalesce:4
gzip
framing:eof
framing:length
framing:length-short
interim
bad-chunk@event:20
newline:crlf
newline:cr
newline:mixed
bom
no-space
split-data
comment
fields
fields@event:20
no-final-blank
big:1MiB@event:20
error:overloaded_error@event:1
error:overloaded_error@event:20
error:overloaded_error@type:{terminal}
drop@event:1
drop@event:20
drop@type:{finish}
duplicate@event:1
duplicate@event:20
swap@event:1
swap@event:20
unknown@event:1
unknown@event:20
ping@event:1
ping@event:20
bad-json@event:20
cut-json@event:20
bad-utf8@event:20
empty-data@event:20
empty-data@type:{terminal}
drop-terminal
chaos:1,from=status
"""
"""Faults, joined by blanks; event 20 is a piece of the text in each of the cassettes."""

BESIDES = {
    "anthropic": [
        ("", "anthropic-multibyte"),
        ("rechunk:utf8", "anthropic-multibyte"),
        ("rechunk:1", "anthropic-multibyte"),
        ("", "anthropic-overloaded-then-text"),
        ("", "anthropic-cut"),
    ],
    "openai-responses": [("duplicate@type:response.output_item.added", "openai-responses")],
}
"""More that is tried on one API: the faults, and another cassette than the API's own."""


def cases(names):
    """Every case of every API, in the order of these names of faults; without a fault first."""
    place = {name: index for index, name in enumerate(names)}
    found = []
    for api in APIS:
        lines = ["", *FAULTS.format(finish=api.finish, terminal=api.terminal).split("\n")[1:-1]]
        rows = [(line, api.cassette) for line in lines]
        made = [Case(api, tuple(faults.split()), cassette) for faults, cassette in rows + BESIDES.get(api.key, [])]
        made.sort(key=lambda case: place[name_of(case.faults[0])] if case.faults else -1)
        found += made
    return found


def name_of(fault):
    """The name of a fault as it is written in a directive."""
    return fault.partition(":")[0].partition("@")[0].partition(",")[0]
