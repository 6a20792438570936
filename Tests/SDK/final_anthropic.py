"""The final message of Anthropic's SDK for a stream, to be compared with `tapedeck show --message`."""

import json
from urllib.parse import parse_qs, urlsplit

import anthropic

REQUEST = {"model": "any", "max_tokens": 1, "messages": [{"role": "user", "content": "any"}]}


def final_message(base_url: str, target: str) -> tuple[dict | None, Exception | None]:
    """Streams a request target to its end through the SDK.

    The SDK asks for `/v1/messages` of its base URL, with `?beta=true` by its beta helper; what stands before
    that in the target goes into the base URL. Gives the message so far and what was raised, if anything.
    """
    parts = urlsplit(target)
    is_beta = parse_qs(parts.query).get("beta") == ["true"]
    client = anthropic.Anthropic(
        api_key="dummy",
        base_url=base_url + parts.path.removesuffix("/v1/messages"),
        max_retries=0,
        timeout=20,
    )
    messages = client.beta.messages if is_beta else client.messages
    error = None
    try:
        with messages.stream(**REQUEST) as stream:
            try:
                stream.until_done()
            except Exception as raised:
                error = raised
            return snapshot(stream), error
    except Exception as raised:
        return None, raised


def snapshot(stream) -> dict | None:
    """The message as JSON, without what the API has not sent; None before its start."""
    try:
        message = stream.current_message_snapshot
    except AssertionError:
        return None
    return message.to_dict(mode="json", warnings=False)


def body(*data: str) -> bytes:
    """A whole stream around some events; the line of each says the type that its data begins with."""
    start = (
        '{"type":"message_start","message":{"id":"m","type":"message","role":"assistant",'
        '"model":"any","content":[],"stop_reason":null,"stop_sequence":null,'
        '"usage":{"input_tokens":1,"output_tokens":1}}}'
    )
    events = (start, *data, '{"type":"message_stop"}')
    return "".join(f"event: {json.loads(text)['type']}\ndata: {text}\n\n" for text in events).encode()


END = '{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}'

# Streams that need entries of differences_anthropic.tsv: a name, the request target, and the body.
STREAMS = [
    (
        "unknown events, blocks and deltas",
        "/v1/messages?beta=true",
        body(
            '{"type":"brand_new","x":1}',
            '{"type":"content_block_start","index":0,"content_block":{"type":"hologram","rays":[1]}}',
            '{"type":"content_block_delta","index":0,"delta":{"type":"ray_delta","ray":2}}',
            '{"type":"content_block_stop","index":0}',
            END,
        ),
    ),
    (
        "a container's end, and a compaction without encrypted content",
        "/v1/messages?beta=true",
        body(
            '{"type":"content_block_start","index":0,"content_block":'
            '{"type":"compaction","content":null}}',
            '{"type":"content_block_delta","index":0,"delta":'
            '{"type":"compaction_delta","content":"short"}}',
            '{"type":"content_block_stop","index":0}',
            '{"type":"message_delta","delta":{"stop_reason":"end_turn",'
            '"container":{"id":"c","expires_at":"2026-04-24T11:13:36+00:00"}},'
            '"usage":{"output_tokens":2}}',
        ),
    ),
    (
        "what only the beta helper knows",
        "/v1/messages",
        body(
            '{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2,'
            '"iterations":[],"fallback_credit":{"status":{"type":"redeemed"}}},'
            '"context_management":{"applied_edits":[]},"input_transformations":[]}'
        ),
    ),
]
