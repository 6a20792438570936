"""What a byte of a request body costs the deck: reading, redacting, comparing and counting it."""

import base64
import contextlib
import http.client
import json
import os
import random

import gen
from processes import deck
from report import Row, median

ROUNDS = 3
BODY_BYTES = 1 << 20
POSTS = 40
GOAL_NS = 20


def bodies(tapedeck, folder):
    """The CPU of the deck for each byte of bodies of several kinds, all of which match exactly."""
    cassette = folder / "bodies.tape"
    asked = {f"/v1/{number}": (name, make()) for number, (name, make) in enumerate(KINDS.items())}
    cassette.write_text(
        gen.HEADER
        + "".join(
            gen.exchange(["data: 1\n\n"], 0, number, body, path)
            for number, (path, (_, body)) in enumerate(asked.items())
        )
    )
    rows = []
    with deck(tapedeck, cassette) as (server, port):
        for path, (name, body) in asked.items():
            cost_ns = median([ns_a_byte(server.pid, port, path, body.encode()) for _ in range(ROUNDS)])
            rows.append(
                Row(f"CPU a request-body byte, {name}", f"{cost_ns:.1f} ns", f"<= {GOAL_NS} ns", cost_ns <= GOAL_NS)
            )
    return rows


def ns_a_byte(pid, port, path, data):
    """The CPU that posting a body some times takes, for each of its bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        before = cpu_ns(pid)
        for _ in range(POSTS):
            connection.request("POST", path, data)
            response = connection.getresponse()
            response.read()
            if response.status != 200 or response.headers["x-tapedeck-match"] not in (None, "exact"):
                raise RuntimeError(f"{path} was answered with {response.status}")
        return (cpu_ns(pid) - before) / POSTS / len(data)


def cpu_ns(pid):
    """What a process has used of the processors; some of its threads may have ended."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1_000_000_000 / os.sysconf("SC_CLK_TCK")


def text(chance, count):
    """Sentences of so many words, with quotes and line ends in them."""
    return "".join(
        chance.choice(gen.WORDS) + (".\n\n" if number % 13 == 12 else ' "' if number % 29 == 28 else " ")
        for number in range(count)
    )


def until_full(make):
    """A list of what `make` makes, of about the bytes that a body has."""
    parts, size = [], 0
    while size < BODY_BYTES:
        parts.append(make())
        size += len(json.dumps(parts[-1]))
    return parts


def messages():
    """A long conversation."""
    chance = random.Random(1)
    turns = until_full(
        lambda: {
            "role": chance.choice(["user", "assistant"]),
            "content": [{"type": "text", "text": text(chance, chance.randrange(20, 400))}],
        }
    )
    return json.dumps({"model": gen.MODEL, "max_tokens": 1024, "stream": True, "messages": turns})


def tools():
    """Many tools, as a server of the Model Context Protocol describes them."""
    chance = random.Random(2)

    def parameter():
        kind = chance.choice(["string", "integer", "boolean", "array"])
        schema = {"type": kind, "description": text(chance, chance.randrange(3, 16))}
        if kind == "string":
            schema["enum"] = [chance.choice(gen.WORDS) for _ in range(3)]
        if kind == "array":
            schema |= {"items": {"type": "number", "minimum": 0, "maximum": 1.5}, "minItems": 1}
        return schema

    def tool():
        names = chance.sample(gen.WORDS, 5)
        return {
            "name": "_".join(names),
            "description": text(chance, 20),
            "input_schema": {
                "type": "object",
                "properties": {name: parameter() for name in names},
                "required": names[:2],
                "additionalProperties": False,
            },
        }

    return json.dumps(
        {
            "model": gen.MODEL,
            "max_tokens": 1024,
            "stream": True,
            "tools": until_full(tool),
            "messages": [{"role": "user", "content": "Use one of them."}],
        }
    )


def images():
    """A message of a few images."""
    chance = random.Random(3)
    blocks = [
        {
            "type": "image",
            "source": {
                "type": "base64",
                "media_type": "image/png",
                "data": base64.b64encode(chance.randbytes(BODY_BYTES // 4 * 3 // 4)).decode(),
            },
        }
        for _ in range(4)
    ]
    return json.dumps(
        {"model": gen.MODEL, "max_tokens": 1024, "stream": True, "messages": [{"role": "user", "content": blocks}]}
    )


KINDS = {"messages": messages, "tool schemas": tools, "base64 images": images}
