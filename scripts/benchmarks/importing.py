"""How fast files of other tools become cassettes, and in how much memory."""

import json
import os
import random
import re
import subprocess
import sys
import time

from report import Row, median

ROUNDS = 5
FILE_BYTES = 100_000_000
GOAL_MB_PER_S = 50
# Of the largest exchange, beyond what the program takes for a small file.
GOAL_RATIO = 3
LIMIT_S = 120
WORDS = [
    *[
        "the",
        "of",
        "to",
        "and",
        "in",
        "that",
        "is",
        "was",
        "for",
        "it",
        "with",
        "as",
        "his",
        "on",
        "be",
        "at",
        "by",
        "had",
    ],
    *[
        "not",
        "are",
        "but",
        "from",
        "or",
        "have",
        "an",
        "they",
        "which",
        "one",
        "you",
        "were",
        "all",
        "her",
        "she",
        "there",
    ],
    *[
        "would",
        "their",
        "been",
        "has",
        "when",
        "who",
        "will",
        "more",
        "no",
        "if",
        "out",
        "so",
        "up",
        "said",
        "what",
        "its",
    ],
    *[
        "naïve",
        "café",
        "東京",
        "переход",
        "🙂",
        "function",
        "return",
        "const",
        "0.25",
        "1024",
        "don't",
        '"quoted"',
        "C:\\path",
    ],
]
HEADERS = {"accept": ["*/*"], "content-type": ["application/json"], "user-agent": ["OpenAI/Python 1.99.1"]}


def importing(tapedeck, folder):
    """The throughput and the memory of imports: many exchanges and a few large ones, in YAML and in JSON."""
    chance = random.Random(7)
    sizes = {
        "many exchanges": lambda: int(2_000 * 100 ** chance.random()),
        "a few of 10 MB": lambda: 10_000_000,
    }
    rows = []
    base = max(peak for _, peak in runs(tapedeck, small(folder), folder, 3))
    for name, size in sizes.items():
        for writer in (yaml_cassette, json_cassette):
            path = folder / f"{name.replace(' ', '-')}.{writer.__name__[:4]}"
            count, largest = written(path, writer, size, chance)
            rows += measured(f"import of {name}, {path.suffix[1:].upper()}", tapedeck, path, (count, largest, base))
            path.unlink()
    return rows


def measured(what, tapedeck, path, made):
    """The rows of one file: how fast, and in how much memory."""
    count, largest, base = made
    seen = runs(tapedeck, path, path.parent, ROUNDS)
    size = path.stat().st_size
    speeds = sorted(size / 1e6 / seconds for seconds, _ in seen)
    peak = max(peak for _, peak in seen)
    ratio = (peak - base) / largest
    spread = f"{speeds[0]:.0f} to {speeds[-1]:.0f}"
    return [
        Row(
            f"{what}: {size / 1e6:.0f} MB, {count} exchanges",
            f"{median(speeds):.0f} MB/s ({spread} in {ROUNDS} runs)",
            f">= {GOAL_MB_PER_S} MB/s",
            median(speeds) >= GOAL_MB_PER_S,
        ),
        Row(
            f"{what}: memory beyond the {base / 1e6:.0f} MB of the program, largest exchange {largest / 1e6:.2f} MB",
            f"{(peak - base) / 1e6:.1f} MB, {ratio:.1f} times the largest",
            f"<= {GOAL_RATIO} times",
            ratio <= GOAL_RATIO,
        ),
    ]


def runs(tapedeck, path, folder, rounds):
    """Seconds and peak bytes of some imports."""
    seen = []
    for _ in range(rounds):
        tape = folder / "made.tape"
        tape.unlink(missing_ok=True)
        began = time.perf_counter()
        process = subprocess.Popen([tapedeck, "import", path, "-o", tape], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode or seconds > LIMIT_S:
            raise RuntimeError(f"import of {path.name}: exit code {process.returncode} after {seconds:.1f} s")
        seen.append((seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)))
        tape.unlink()
    return seen


def small(folder):
    """A file with one small exchange: what the program takes for it is its own."""
    path = folder / "small.yaml"
    with path.open("w", encoding="utf-8") as file:
        yaml_cassette(file, [("{}", "data: 1\n\n", 0)])
    return path


def written(path, writer, size, chance):
    """Writes a cassette of streams; gives how many exchanges it has, and the bytes of the largest."""
    sizes = []

    def exchanges():
        bytes_left = FILE_BYTES
        while bytes_left > 0:
            asked = json.dumps(
                {"model": "gpt-4o", "stream": True, "messages": [{"role": "user", "content": "Hi" * 200}]}
            )
            body = stream(size(), chance)
            sizes.append(len(asked) + len(body.encode()))
            bytes_left -= sizes[-1]
            yield asked, body, len(sizes)

    with path.open("w", encoding="utf-8") as file:
        writer(file, exchanges())
    return len(sizes), max(sizes)


def stream(size, chance):
    """An answer of a provider, about that long."""
    blocks = []
    name = f"chatcmpl-{chance.getrandbits(96):024x}"
    while size > 0:
        text = " ".join(chance.choices(WORDS, k=chance.randint(1, 4)))
        chunk = {
            "id": name,
            "object": "chat.completion.chunk",
            "created": 1733000000,
            "model": "gpt-4o-2024-08-06",
            "choices": [{"index": 0, "delta": {"content": " " + text}, "logprobs": None, "finish_reason": None}],
        }
        block = f"data: {json.dumps(chunk, ensure_ascii=False, separators=(',', ':'))}\n\n"
        blocks.append(block)
        size -= len(block)
    return "".join([*blocks, "data: [DONE]\n\n"])


def yaml_cassette(file, exchanges):
    """Writes what VCR.py does: by turns as a literal block, in single and in double quotes."""
    file.write("interactions:\n")
    styles = [literal, single_quoted, double_quoted]
    for asked, body, number in exchanges:
        style = styles[number % len(styles)]
        file.write(
            f"- request:\n    body: {single_quoted(asked)}\n    headers:\n"
            + "".join(f"      {name}:\n      - '{value[0]}'\n" for name, value in HEADERS.items())
            + "    method: POST\n    uri: https://api.example.com/v1/chat/completions\n"
            f"  response:\n    body:\n      string: {style(body)}\n"
            "    headers:\n      Content-Type:\n      - text/event-stream; charset=utf-8\n"
            "      Transfer-Encoding:\n      - chunked\n"
            "    status:\n      code: 200\n      message: OK\n"
        )
    file.write("version: 1\n")


def literal(text):
    return "|+\n" + "\n".join("        " * bool(line) + line for line in text[:-1].split("\n"))


def single_quoted(text):
    # Of line breaks that stand together the first one is a space.
    return "'" + re.sub(r"\n+", lambda breaks: breaks[0] + "\n        ", text.replace("'", "''")) + "'"


def double_quoted(text):
    escaped = json.dumps(text, ensure_ascii=False)
    lines, start = [], 0
    while start < len(escaped):
        # No escape is cut in two.
        end = escaped.find(" ", start + 70)
        end = len(escaped) if end < 0 else end
        lines.append(escaped[start:end])
        start = end
    return "\\\n        \\".join(lines)


def json_cassette(file, exchanges):
    """Writes what VCR.py does in JSON."""
    file.write('{"version": 1, "interactions": [')
    separator = ""
    for asked, body, _ in exchanges:
        request = {
            "method": "POST",
            "uri": "https://api.example.com/v1/chat/completions",
            "body": asked,
            "headers": HEADERS,
        }
        response = {
            "status": {"code": 200, "message": "OK"},
            "headers": {"Content-Type": ["text/event-stream; charset=utf-8"], "Transfer-Encoding": ["chunked"]},
            "body": {"string": body},
        }
        file.write(separator + json.dumps({"request": request, "response": response}, indent=1))
        separator = ",\n"
    file.write("]}\n")
