"""Input that is almost right: seeded changes to texts that are.

Run by hand for longer, with the seeds to try: `python mutations.py PROGRAM FIRST LAST`.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

import random_tape

CODES = {0, 1, 64, 65, 66, 69}
BYTES = b'\x00\xff\xc3\x28{}[]",:\\\n\r \t-0123456789eE.+~%/@;=&*'
WORDS = [
    b"99999999999999999999", b"-1", b"1e999", b"null", b"true", b'""', b"[]", b"{}", b'"\\ud800"', b"\\u0000",
    b'"q"', b'"d"', b'"e"', b'"h"', b"complete", b"[" * 50, b'{"a":' * 50, b"\n", b"data: ", b"\xf0\x9f\x98\x80",
    b"%", b"%2", b"%ff", b"@", b"@event:", b",on=", b"~", b"::", b"1" * 400,
]  # fmt: skip
FAULTS = [
    "reset@event:2,on=1", "status:529,retry-after=1s,on=1-2", "stall:5s@type:delta:3,burst", "big:4KiB@end",
    "disconnect@in:event:1,mid-chunk", "header:x=y", "rechunk:7", "trickle:100B/s@frac:0.5", "chaos:0.3,from=drop+swap",
    "error:overloaded_error@after:event:1", "newline:mixed", "hold:64B", "framing:length-short", "body:html",
]  # fmt: skip
PACES = ["recorded", "2x", "instant", "gap:20ms", "ttft:300ms,rate:50/s,jitter:20%"]


def mutated(chance, text, most=4):
    """A text with a few changes: bytes flipped, taken out, doubled, put in, or cut off."""
    text = bytearray(text)
    for _ in range(chance.randint(1, most)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(7):
            case 0 if at < len(text):
                text[at] ^= 1 << chance.randrange(8)
            case 1:
                del text[at : at + chance.choice([1, 2, 10, 100])]
            case 2:
                text[at:at] = text[at : at + chance.choice([1, 5, 50])] * chance.choice([1, 2, 20])
            case 3:
                text[at:at] = bytes([chance.choice(BYTES)])
            case 4:
                text[at:at] = chance.choice(WORDS)
            case 5 if text:
                del text[at:]
            case _:
                end = at + chance.randrange(20)
                text[at:end] = chance.choice(WORDS)
    return bytes(text)


def argument(chance, text):
    """As `mutated`, of what can be an argument of a program."""
    return mutated(chance, text.encode(), 2).replace(b"\0", b"0")


def cassette(chance):
    text = random_tape.text(chance.randrange(1 << 30), rounds=1).encode()
    lines = text.splitlines(keepends=True)
    kept = lines[: chance.randint(1, min(len(lines), 40))]
    return mutated(chance, b"".join(kept))


CONFIGURATION = json.dumps(
    {
        "serve": {"paths": ["a"], "pace": "10x", "fault": ["reset@event:3"], "require-session": True},
        "show": {"json": True},
    }
).encode()


def commands(chance, folder):
    """Command lines of which the input was changed, each with the files that it reads."""
    good, bad = folder / "good.tape", folder / "bad.tape"
    good.write_text(random_tape.text(7, rounds=1))
    bad.write_bytes(cassette(chance))
    config = folder / "config.json"
    config.write_bytes(mutated(chance, CONFIGURATION))
    yield ["show", bad]
    yield ["show", bad, chance.choice(["--events", "--message", "--text", "--json"])]
    yield ["check", bad]
    yield ["plan", bad, "--fault", chance.choice(FAULTS), "--pace", chance.choice(PACES)]
    yield ["plan", good, "--exchange", "3", "--fault", argument(chance, chance.choice(FAULTS))]
    yield ["plan", good, "--exchange", "3", "--pace", argument(chance, chance.choice(PACES))]
    yield ["show", good, "--config", config]
    yield ["check", "--repair", bad]
    yield ["show", bad]


def complaint(tapedeck, folder, arguments):
    """What is wrong with how the program takes a command line, or None."""
    command = [tapedeck, *arguments]
    done = subprocess.run([*map(str_or_bytes, command)], capture_output=True, timeout=60, cwd=folder)
    said = f"{done.returncode} of {arguments}: {done.stderr[-500:]}"
    if done.returncode not in CODES:
        return said
    # `check` says on standard output what it found, and `show` notes what is wrong with a message beside it.
    errors = [line for line in done.stderr.splitlines() if line]
    is_error = done.returncode not in (0, 1) and arguments[0] != "check"
    if is_error and not (errors and all(line.startswith(b"tapedeck: ") for line in errors)):
        return said
    if is_error and arguments[0] != "show" and len(errors) != 1:
        return said
    return None


def str_or_bytes(value):
    return value if isinstance(value, bytes) else str(value)


def complaints(tapedeck, folder, seed):
    """All that is wrong with how the program takes what a seed makes."""
    chance = random.Random(seed)
    found = (complaint(tapedeck, folder, arguments) for arguments in commands(chance, folder))
    return [f"seed {seed}: {said}" for said in found if said]


if __name__ == "__main__":
    program, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for number in range(first, last):
        with tempfile.TemporaryDirectory() as place:
            for said in complaints(program, pathlib.Path(place), number):
                print(said, flush=True)
