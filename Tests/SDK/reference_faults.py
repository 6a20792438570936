"""What each fault does, and in which order: the model of a replay that goes wrong on purpose."""

from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import event_stream
import reference_content
import reference_cuts
import reference_timing
from reference_dialects import dialect
from reference_places import CannotApplyError, DoesNotFireError, Place, resolve

CONTENT = {
    *("error", "drop", "duplicate", "swap", "unknown", "ping", "bad-json", "cut-json"),
    *("bad-utf8", "empty-data", "drop-terminal"),
}
GRAMMAR = {
    *("newline", "bom", "no-space", "split-data", "comment", "fields", "no-final-blank", "big"),
}
TIME = {"stall", "trickle", "hold"}
SHAPE = {"rechunk", "coalesce", "gzip", "framing", "interim", "bad-chunk"}
CUT = {"disconnect", "reset", "end", "hang", "linger", "trailing"}
ANSWER = {"status", "header", "body"}
KINDS = (CONTENT, GRAMMAR, TIME, SHAPE, CUT, ANSWER)

POINTS = {"disconnect", "reset", "hang", "stall", "end", "bad-chunk"}
EVENTS = {*(CONTENT - {"drop-terminal"}), "big"}
SPANS = {"trickle", "hold", "rechunk", "coalesce"}
EVENT_SPANS = {"no-space", "comment", "fields", "split-data"}
ENDS = {"disconnect", "reset", "end", "hang", "bad-chunk", "error"}
CHAOS = (
    *("status", "disconnect", "reset", "end", "hang", "stall", "trickle", "rechunk", "coalesce"),
    *("newline", "comment", "split-data", "error", "drop", "duplicate", "swap", "unknown", "ping"),
    *("bad-json", "cut-json", "bad-utf8", "drop-terminal"),
)
DEFAULTS = {
    "error": "overloaded_error",
    "newline": "crlf",
    "big": "64KiB",
    "stall": "5s",
    "trickle": "1KiB/s",
    "hold": "1s",
    "rechunk": "random",
    "coalesce": "4",
    "framing": "eof",
    "trailing": "100B",
    "status": "529",
    "body": "html",
    "header": "-content-type",
}


class ContradictionError(Exception):
    """Two faults of which one leaves the other nothing to do."""


@dataclass(frozen=True)
class Fault:
    """`name:argument@place,key=value`; the keys are written after the place."""

    name: str
    argument: str = ""
    place: str = ""
    keys: dict = field(default_factory=dict)

    @classmethod
    def parse(cls, text):
        head, *keys = text.split(",")
        head, _, place = head.partition("@")
        name, _, argument = head.partition(":")
        pairs = [key.partition("=") for key in keys]
        argument = unquote(argument) or DEFAULTS.get(name, "")
        return cls(name, argument, place, {key: unquote(value) for key, _, value in pairs})

    def fires_on(self, attempt):
        first, dash, last = self.keys.get("on", "1-").partition("-")
        return int(first) <= attempt and (attempt <= int(last or 10**9) if dash else attempt == int(first))


@dataclass(frozen=True)
class Scene:
    """What a fault may know of the recording."""

    exchange: object
    is_stream: bool
    draw: object

    def __post_init__(self):
        events = event_stream.parse(self.exchange.body) if self.is_stream else []
        object.__setattr__(self, "events", events)
        object.__setattr__(self, "dialect", dialect(self.exchange.path))

    def event_range(self, number):
        start = self.events[number - 1].block_end if number else 0
        return start, self.events[number].block_end

    def event_at(self, place):
        """The number of the event that holds the byte after a place."""
        for number, event in enumerate(self.events):
            if place.offset < event.block_end and not (place.head and place.head != "after"):
                return number
        raise CannotApplyError("no event is there")


def faulty(draft, texts, scene, attempt, paced):
    """A draft with faults; `paced` gives it its pace in between."""
    faults = [Fault.parse(text) for text in texts]
    faults = [chosen(fault, scene) for fault in faults if fault.fires_on(attempt)]
    placed = [one for fault in faults if fault for one in at_places(fault, scene)]
    check_contradictions(placed)
    for number, kind in enumerate(KINDS):
        if number == 2:
            paced(draft)
        for fault, place in placed:
            if fault.name in kind:
                applied(draft, fault, place, scene)
    return draft


def chosen(fault, scene):
    """A fault itself, or for chaos the one that chance picks, if any."""
    if fault.name != "chaos":
        return fault
    if not reference_timing.happens(scene.draw("chaos"), fault.argument):
        return None
    names = fault.keys["from"].split("+") if "from" in fault.keys else CHAOS
    name = names[scene.draw("chaos-pick") % len(names)]
    place = "random" if name in POINTS | EVENTS else ""
    keys = {"chance": ""}
    return Fault(name, DEFAULTS.get(name, ""), place, keys)


def at_places(fault, scene):
    """The fault with its place, which is none for what takes none; nothing if it does not fire."""
    text = fault.place
    if not text and fault.name in POINTS | EVENTS:
        text = "frac:0.5"
    try:
        place = resolve(text, scene, fault.name) if text else None
        if fault.name in EVENTS or (place and fault.name in EVENT_SPANS):
            place = scene.event_at(place)
        elif place and place.head in ("before", "in") and fault.name in {"end", "bad-chunk"} | SPANS:
            raise CannotApplyError("it happens in the body only")
    except DoesNotFireError:
        return []
    except CannotApplyError:
        if "chance" in fault.keys:
            return []
        raise
    return [(fault, place)]


def check_contradictions(placed):
    names = [fault.name for fault, _ in placed]
    answers = [name for name in names if name in ("status", "body")]
    framings = [name for name in names if name == "framing"]
    ends = [name for name in names if name in ENDS]
    if len(answers) > 1 or len(framings) > 1 or len(ends) > 1:
        raise ContradictionError(placed)
    if answers and set(names) - {"status", "body", "header"}:
        raise ContradictionError(placed)


def applied(draft, fault, place, scene):
    name = fault.name.replace("-", "_")
    for module in (reference_content, reference_timing, reference_cuts):
        if act := getattr(module, name, None):
            try:
                act(draft, fault, place, scene)
            except CannotApplyError:
                if "chance" not in fault.keys:
                    raise
            return
