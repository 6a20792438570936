"""What each fault does, and in which order: the model of a replay that goes wrong on purpose."""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import event_stream
import reference_content
import reference_cuts
import reference_timing
from reference_dialects import dialect
from reference_places import CannotApplyError, DoesNotFireError, resolve

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

PACE_BEFORE = 2
DRAWN = "drawn"
"""The key of a fault that chance chose: where it cannot apply, it fires nothing."""

POINTS = {"disconnect", "reset", "hang", "stall", "end", "bad-chunk"}
EVENTS = {*(CONTENT - {"drop-terminal"}), "big"}
HEAD_TOO = {"disconnect", "reset", "hang", "stall"}
SPANS = {"trickle", "hold", "rechunk", "coalesce"}
EVENT_SPANS = {"no-space", "comment", "fields", "split-data"}
ENDS = {"disconnect", "reset", "end", "hang", "bad-chunk", "linger", "error"}
ANSWERS = {"status", "body"}
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
        place = re.search("@([^,]*)", text)
        head, *keys = text.replace(place[0] if place else "@", "").split(",")
        name, _, argument = head.partition(":")
        pairs = [key.partition("=") for key in keys]
        argument = unquote(argument) or DEFAULTS.get(name, "")
        values = {key: unquote(value) for key, _, value in pairs}
        return cls(name, argument, place[1] if place else "", values)

    def check(self):
        """Whatever the recording is, the head is a place for some faults only."""
        if self.name not in HEAD_TOO and self.place.rpartition(":")[2] == "head":
            raise CannotApplyError("it happens in the body only")

    def fires_on(self, attempt, request=1):
        return self.has("on", attempt) and self.has("nth", request)

    def has(self, key, number):
        first, dash, last = self.keys.get(key, "1-").partition("-")
        last = int(last or 10**9) if dash else int(first)
        return int(first) <= number <= last


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
            if place.offset < event.block_end:
                return number
        raise CannotApplyError("no event is there")


def faulty(draft, texts, scene, attempt, paced):
    """A draft with faults; `paced` gives it its pace in between."""
    faults = [Fault.parse(text) for text in texts]
    for fault in faults:
        fault.check()
    faults = [chosen(fault, scene) for fault in faults if fault.fires_on(attempt)]
    placed = [one for fault in faults if fault for one in at_places(fault, scene)]
    while True:
        try:
            return with_faults(replace(draft, cells=[*draft.cells]), placed, scene, paced)
        except (CannotApplyError, ContradictionError):
            drawn = [one for one in placed if DRAWN in one[0].keys]
            if not drawn:
                raise
            placed = [one for one in placed if one is not drawn[-1]]


def with_faults(draft, placed, scene, paced):
    check_contradictions(placed, scene)
    for number, kind in enumerate(KINDS):
        if number == PACE_BEFORE:
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
    keys = {DRAWN: ""}
    return Fault(name, DEFAULTS.get(name, ""), place, keys)


def at_places(fault, scene):
    """The fault with its place, which is none for what takes none; nothing if it does not fire."""
    text = fault.place
    if not text and fault.name in POINTS | EVENTS:
        text = "frac:0.5"
    if not scene.is_stream and (fault.name in EVENTS or (text and fault.name in EVENT_SPANS)):
        return []
    in_body = fault.name not in HEAD_TOO
    try:
        place = resolve(text, scene, fault.name, in_body) if text else None
        if fault.name in EVENTS or (place and fault.name in EVENT_SPANS):
            place = scene.event_at(place)
    except DoesNotFireError:
        return []
    except CannotApplyError:
        if DRAWN in fault.keys:
            return []
        raise
    return [(fault, place)]


def check_contradictions(placed, scene):
    for index, one in enumerate(placed):
        for other in placed[index + 1 :]:
            if contradict(one, other, scene) or contradict(other, one, scene):
                raise ContradictionError(one, other)


def contradict(one, other, scene):
    """Whether one fault leaves the other nothing to do."""
    (fault, place), (second, second_place) = one, other
    if fault.name in ANSWERS:
        at_head = second_place and getattr(second_place, "head", "")
        is_late = second.name == "stall" and at_head
        return not is_late and second.name not in ("header", "interim")
    if fault.name == second.name == "framing":
        return True
    if fault.name in ENDS and second.name in ENDS:
        return True
    if fault.name == "framing":
        return second.name == "bad-chunk" or "mid-chunk" in second.keys
    if fault.name not in ENDS:
        return False
    end = end_of(fault, place, scene)
    return is_beyond(second, second_place, end, scene, keeps_start=fault.name == "error")


def end_of(fault, place, scene):
    """The offset where the replay ends, and whether what is inserted there is cut off."""
    if fault.name == "error":
        return scene.event_range(place)[0], False
    if fault.name == "linger":
        return len(scene.exchange.body), True
    if place.head in ("before", "in"):
        return -1, True
    return place.offset, place.is_after


def is_beyond(fault, place, end, scene, keeps_start):
    """Whether a fault has its place where the replay has ended."""
    offset, is_after = end
    if offset < 0:
        return not (fault.name == "stall" and place.head)
    if fault.name in ANSWERS | {"header"}:
        return False
    if offset >= len(scene.exchange.body):
        return False
    if fault.name in ("no-final-blank", "trailing", "drop-terminal"):
        return offset < (scene.events[-1].block_end if scene.events else 0)
    if place is None:
        edits = fault.name in GRAMMAR | {"rechunk", "coalesce"}
        return edits and offset == 0 and not keeps_start
    if not isinstance(place, int):
        return place.offset > offset
    start = scene.event_range(place)[0]
    inserts = fault.name in ("unknown", "ping")
    return start > offset or (start == offset and (is_after or not inserts))


def applied(draft, fault, place, scene):
    name = fault.name.replace("-", "_")
    for module in (reference_content, reference_timing, reference_cuts):
        if act := getattr(module, name, None):
            act(draft, fault, place, scene)
            return
