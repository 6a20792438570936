"""Makes what the benchmarks play: a stream, a cassette of it, its schedule, and a request body.

The stream is the same on every run: 206 events such as a language model's server sends.
"""

import json
import pathlib
import random
import sys

WORDS = [
    "the",
    "of",
    "and",
    "a",
    "to",
    "in",
    "is",
    "you",
    "that",
    "it",
    "he",
    "was",
    "for",
    "on",
    "are",
    "as",
    "with",
    "his",
    "they",
    "I",
    "at",
    "be",
    "this",
    "have",
    "from",
    "or",
    "one",
    "had",
    "by",
    "word",
    "but",
    "not",
    "what",
    "all",
    "were",
    "we",
    "when",
    "your",
    "can",
    "said",
    "there",
    "use",
    "an",
    "each",
    "which",
    "she",
    "do",
    "how",
    "their",
    "if",
    "will",
    "up",
    "other",
    "about",
    "out",
    "many",
    "then",
    "them",
    "these",
    "so",
    "some",
    "her",
    "would",
    "make",
    "like",
    "him",
    "into",
    "time",
    "has",
    "look",
    "two",
    "more",
    "write",
    "go",
    "see",
    "number",
    "no",
    "way",
    "could",
    "people",
    "my",
    "than",
    "first",
    "water",
    "been",
    "call",
    "who",
    "oil",
    "its",
    "now",
    "find",
    "long",
    "down",
    "day",
    "did",
    "get",
    "come",
    "made",
    "may",
    "part",
    "stream",
    "event",
    "server",
    "record",
    "replay",
    "token",
    "latency",
    "buffer",
    "chunk",
    "schedule",
]
MODEL = "claude-sonnet-4-5-20250929"


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def block(name, value):
    return f"event: {name}\ndata: {compact(value)}\n\n"


def stream(texts=200, seed=7):
    """The blocks of one message of so many texts."""
    chance = random.Random(seed)
    usage = {"input_tokens": 25, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 1}
    blocks = [
        block(
            "message_start",
            {
                "type": "message_start",
                "message": {
                    "id": "msg_01XFDUDYJgAACzvnptvVoYEL",
                    "type": "message",
                    "role": "assistant",
                    "model": MODEL,
                    "content": [],
                    "stop_reason": None,
                    "stop_sequence": None,
                    "usage": usage,
                },
            },
        ),
        block(
            "content_block_start",
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        ),
        block("ping", {"type": "ping"}),
    ]
    for i in range(texts):
        text = "".join(" " + chance.choice(WORDS) for _ in range(4)) + (".\n\n" if i % 13 == 12 else "")
        blocks.append(
            block(
                "content_block_delta",
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
            )
        )
    blocks += [
        block("content_block_stop", {"type": "content_block_stop", "index": 0}),
        block(
            "message_delta",
            {
                "type": "message_delta",
                "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                "usage": {"output_tokens": 815},
            },
        ),
        block("message_stop", {"type": "message_stop"}),
    ]
    return blocks


def chat_stream(texts=202):
    """The blocks of one answer of so many texts in the form of chat completions."""
    frame = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "known"}
    usage = {"prompt_tokens": 9, "completion_tokens": 4 * texts, "total_tokens": 4 * texts + 9}

    def chunk(delta, finish=None):
        return {**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    chunks = [
        chunk({"role": "assistant", "content": ""}),
        *(chunk({"content": " word and the other"}) for _ in range(texts)),
        chunk({}, "stop"),
        {**frame, "choices": [], "usage": usage},
    ]
    return [*(f"data: {compact(one)}\n\n" for one in chunks), "data: [DONE]\n\n"]


def body():
    return json.dumps(
        {
            "model": MODEL,
            "max_tokens": 1024,
            "stream": True,
            "messages": [{"role": "user", "content": "Write a long story about streams."}],
        }
    )


def exchange(blocks, gap_us, number=0, asked=None, path="/v1/messages"):
    """The lines of one exchange: each block a chunk, the first at once, then one every gap."""
    request = {
        "id": f"{number:016x}",
        "at": f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}.000000Z",
        "by": "tapedeck 0.1.0",
        "timing": "synthetic",
        "method": "POST",
        "url": f"https://api.example.com{path}",
        "path": path,
        "headers": [["content-type", "application/json"]],
        "body": body() if asked is None else asked,
    }
    head = {
        "status": 200,
        "http": "1.1",
        "framing": "chunked",
        "headers": [["content-type", "text/event-stream; charset=utf-8"]],
    }
    lines = [[0, "q", request], [0, "h", head]]
    lines += [[gap_us if i else 0, "d", text] for i, text in enumerate(blocks)]
    lines.append([0, "e", {"how": "complete"}])
    return "".join(compact(line) + "\n" for line in lines)


HEADER = '{"tapedeck":1}\n'


def make(folder, gap_us=20_000, texts=200, blocks=None):
    """Writes stream.sse, sched.txt, body.json and stream.tape (plain text) into the folder."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    blocks = blocks or stream(texts)
    (folder / "stream.sse").write_text("".join(blocks))
    (folder / "sched.txt").write_text("".join(f"{i * gap_us}\n" for i in range(len(blocks))))
    (folder / "body.json").write_text(body())
    (folder / "stream.tape").write_text(HEADER + exchange(blocks, gap_us))
    return blocks


if __name__ == "__main__":
    made = make(sys.argv[1])
    print(len(made), "events", sum(map(len, made)), "bytes")
