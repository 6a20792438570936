"""The events of a message in each provider's dialect, with the habits that real streams have.

Nothing here depends on the clock or on chance: ids and dates are fixed, and what real providers make
random (piece sizes, padding, `obfuscation`) is drawn from a generator seeded with the stream's name.
"""

import json
import re
import string
from random import Random

from .messages import Message

CREATED = 1794821400  # 2026-11-16T09:30:00Z
ALPHANUMERIC = string.ascii_letters + string.digits

RESPONSE = {
    "object": "response",
    "created_at": CREATED,
    "status": "in_progress",
    "background": False,
    "completed_at": None,
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "max_output_tokens": None,
    "metadata": {},
    "model": "gpt-4o-mini-2024-07-18",
    "output": [],
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "reasoning": {"effort": None, "summary": None},
    "service_tier": "default",
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}, "verbosity": "medium"},
    "tool_choice": "auto",
    "tools": [],
    "top_p": 1.0,
    "truncation": "disabled",
    "usage": None,
    "user": None,
}
"""What each copy of a Responses object holds, as it stands while it is in progress."""


def anthropic_events(message: Message, rng: Random) -> list[bytes]:
    """Messages: named events, a ping after the first block's start, and runs of spaces as padding."""

    def event(data: dict) -> bytes:
        padding = " " * int(rng.random() * 14)
        body = compact(data)
        return f"event: {data['type']}\ndata: {body[:-1]}{padding}{body[-1]}\n\n".encode()

    def block(start: dict, deltas: list[dict]) -> list[bytes]:
        index = {"index": next(indices)}
        return [
            event({"type": "content_block_start", **index, "content_block": start}),
            *(event({"type": "content_block_delta", **index, "delta": d}) for d in deltas),
            event({"type": "content_block_stop", **index}),
        ]

    indices = iter(range(3))
    usage = {
        "input_tokens": 31,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": 2,
        "service_tier": "standard",
    }
    head = {
        "id": "msg_01TapeDeck" + token(rng, 14),
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-4-5-20251001",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }
    events = [event({"type": "message_start", "message": head})]
    if message.thinking:
        deltas = [{"type": "thinking_delta", "thinking": piece} for piece in words(message.thinking, rng)]
        deltas.append({"type": "signature_delta", "signature": message.signature})
        events += block({"type": "thinking", "thinking": "", "signature": ""}, deltas)
    deltas = [{"type": "text_delta", "text": piece} for piece in words(message.text, rng)]
    events += block({"type": "text", "text": ""}, deltas)
    if tool := message.tool:
        start = {"type": "tool_use", "id": "toolu_01TapeDeck" + token(rng, 14)}
        start |= {"name": tool.name, "input": {}}
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in ["", *letters(tool.arguments, rng)]]
        events += block(start, deltas)
    events.insert(2, b'event: ping\ndata: {"type": "ping"}\n\n')
    stop = {"stop_reason": "tool_use" if message.tool else "end_turn", "stop_sequence": None}
    usage["output_tokens"] = len(events)
    final = {"type": "message_delta", "delta": stop, "usage": usage}
    return [*events, event(final), event({"type": "message_stop"})]


def chat_events(message: Message, rng: Random, with_usage: bool) -> list[bytes]:
    """Chat Completions: unnamed events, `obfuscation` in each chunk, `[DONE]` behind the last."""
    common = {
        "id": "chatcmpl-TapeDeck" + token(rng, 20),
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": "gpt-4o-mini-2024-07-18",
        "service_tier": "default",
        "system_fingerprint": "fp_7a9edc0451",
    }

    def chunk(choices: list[dict], usage: dict | None, longest: int) -> bytes:
        data = common | {"choices": choices}
        if with_usage:
            data["usage"] = usage
        data["obfuscation"] = token(rng, longest)
        return b"data: " + compact(data).encode() + b"\n\n"

    def delta(delta: dict, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return chunk([choice], None, max(1, 16 - len(delta.get("content") or "")))

    events = [delta({"role": "assistant", "content": "", "refusal": None})]
    events += [delta({"content": piece}) for piece in words(message.text, rng)]
    if tool := message.tool:
        call = {"index": 0, "id": "call_TapeDeck" + token(rng, 16), "type": "function"}
        call["function"] = {"name": tool.name, "arguments": ""}
        events.append(delta({"tool_calls": [call]}))
        for piece in letters(tool.arguments, rng):
            call = {"index": 0, "function": {"arguments": piece}}
            events.append(delta({"tool_calls": [call]}))
    count = len(events)
    events.append(delta({}, "tool_calls" if message.tool else "stop"))
    if with_usage:
        usage = {"prompt_tokens": 31, "completion_tokens": count, "total_tokens": 31 + count}
        events.append(chunk([], usage, 10))
    return [*events, b"data: [DONE]\n\n"]


def responses_events(message: Message, rng: Random) -> list[bytes]:
    """Responses: named events with a sequence number; the last holds the whole response again."""
    ids = {"item_id": "msg_TapeDeck" + token(rng, 32), "output_index": 0, "content_index": 0}
    item = {"id": ids["item_id"], "type": "message", "status": "in_progress", "content": []}
    item["role"] = "assistant"
    part = {"type": "output_text", "annotations": [], "logprobs": [], "text": message.text}
    whole_item = item | {"status": "completed", "content": [part]}
    response = {"id": "resp_TapeDeck" + token(rng, 32)} | RESPONSE
    deltas = [{"delta": piece, "logprobs": []} | obfuscated(piece, rng) for piece in words(message.text, rng)]
    usage = {"input_tokens": 31, "input_tokens_details": {"cached_tokens": 0}}
    usage |= {"output_tokens": len(deltas), "output_tokens_details": {"reasoning_tokens": 0}}
    usage["total_tokens"] = 31 + len(deltas)
    done = {"status": "completed", "completed_at": CREATED + 2, "output": [whole_item]}
    done["usage"] = usage
    place = {"output_index": 0}
    events = [
        ("response.created", {"response": response}),
        ("response.in_progress", {"response": response}),
        ("response.output_item.added", place | {"item": item}),
        ("response.content_part.added", ids | {"part": part | {"text": ""}}),
        *(("response.output_text.delta", ids | delta) for delta in deltas),
        ("response.output_text.done", ids | {"text": message.text, "logprobs": []}),
        ("response.content_part.done", ids | {"part": part}),
        ("response.output_item.done", place | {"item": whole_item}),
        ("response.completed", {"response": response | done}),
    ]
    return [
        f"event: {kind}\ndata: {compact({'type': kind, 'sequence_number': number} | data)}\n\n".encode()
        for number, (kind, data) in enumerate(events)
    ]


def gemini_events(message: Message, rng: Random) -> list[bytes]:
    """Gemini: CRLF, usage in each chunk, and no last event but the one with the finish reason."""
    pieces = words(message.text, rng)
    common = {"modelVersion": "gemini-2.5-flash", "responseId": "TapeDeck" + token(rng, 15)}
    events = []
    for number, piece in enumerate(pieces, 1):
        candidate = {"content": {"parts": [{"text": piece}], "role": "model"}, "index": 0}
        if number == len(pieces):
            candidate["finishReason"] = "STOP"
        usage = {"promptTokenCount": 31, "candidatesTokenCount": number * 3}
        usage["totalTokenCount"] = 31 + number * 3
        usage["promptTokensDetails"] = [{"modality": "TEXT", "tokenCount": 31}]
        data = {"candidates": [candidate], "usageMetadata": usage} | common
        text = json.dumps(data, ensure_ascii=False, separators=(",", ": "))
        events.append(b"data: " + text.encode() + b"\r\n\r\n")
    return events


def compact(data: dict) -> str:
    """JSON without white space and with every character as itself, as providers write it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def words(text: str, rng: Random) -> list[str]:
    """The text in pieces of one to three words, white space in front, as tokens have it."""
    return joined(re.findall(r"\s*\S+", text), rng, 3)


def letters(text: str, rng: Random) -> list[str]:
    """The text in pieces of one to twelve characters, without regard to words."""
    return joined(list(text), rng, 12)


def joined(parts: list[str], rng: Random, most: int) -> list[str]:
    pieces = []
    while parts:
        count = 1 + int(rng.random() * most)
        pieces.append("".join(parts[:count]))
        parts = parts[count:]
    return pieces


def token(rng: Random, length: int) -> str:
    return "".join(ALPHANUMERIC[int(rng.random() * len(ALPHANUMERIC))] for _ in range(length))


def obfuscated(piece: str, rng: Random) -> dict:
    """The padding that hides how long a piece is: what it lacks to sixteen characters."""
    return {"obfuscation": token(rng, max(1, 16 - len(piece)))}
