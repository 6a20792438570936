"""The final message of Anthropic's SDK for a stream, to be compared with `tapedeck show --message`."""

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
