"""What `tapedeck plan` says that a deck will send, held against what came on the wire."""

import functools
import hashlib
import json

import raw_wire
import wire
from conftest import run


@functools.cache
def plan(tapedeck, path, *faults, pace="instant", session="wire"):
    """The plan of the first attempt of a cassette's only exchange."""
    flags = [part for fault in faults for part in ("--fault", fault)]
    flags += ["--pace", pace, "--session", session]
    done = run(tapedeck, "plan", "--json", path, *flags)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def target(base, path, *faults, pace="instant", session="wire", exchange=1):
    """Where the same is asked for; the path may have a cassette in front."""
    segments = [f"session={session}", f"exchange={exchange}", "attempt=1", f"pace={pace}"]
    segments += [f"fault={fault}" for fault in faults]
    return base + "".join(f"/~{segment}" for segment in segments) + path


def spans(plan, framing):
    """Each head and send: when it is due, and the places in the wire where it begins and ends."""
    place = head = 0
    for action in plan["actions"]:
        if action["do"] == "head":
            size, head = action["bytes"] - head, action["bytes"]
        elif action["do"] == "send":
            coding = len(f"{action['bytes']:x}") + 4 if framing == "chunked" else 0
            size = action["bytes"] + coding
        else:
            continue
        yield action["at_us"], place, place + size
        place += size


def check_end(base, request, end, until):
    """What comes of a request, once its end was seen to be this one.

    It is `next` where the connection then serves another request, `fin`, `reset`, or `silence` of a
    while behind what is waited for.
    """
    quiet_s = 0 if end == "next" else raw_wire.QUIET_S
    with wire.connected(base) as connection:
        heard = raw_wire.hear(connection, request, until, quiet_s)
        if end == "next":
            health = raw_wire.request_bytes(f"{base}/~/health", "GET", b"")
            second = raw_wire.hear(connection, health, until=1, quiet_s=0)
            assert second.data.startswith(b"HTTP/1.1 200 ")
        else:
            assert heard.end == end
    return heard


def check_body(parts, plan):
    body = parts.body
    assert len(body) == plan["body_bytes"]
    assert hashlib.sha256(body).hexdigest() == plan["body_sha256"]
