"""The ways in which an SDK streams, each as a function that notes what it hears as it hears it."""

from dataclasses import dataclass, field

import anthropic
import openai

READ_TIMEOUT_S = 1.0
REST_TIMEOUT_S = 20.0
"""For connecting and the like, so that only silence of the deck can run into a timeout."""


@dataclass
class Heard:
    """What a client has told its caller so far."""

    requests: int = 0
    pieces: list[str] = field(default_factory=list)
    final_text: str | None = None
    started: bool = False
    """Whether the start of the message came: its id, its role, its model."""
    stopped: bool = False
    """Whether it was told why the message ended."""
    told: bool = False
    """Whether an error event came as any other event."""

    @property
    def text(self):
        """The final message's text where there is one, else the text that came."""
        return "".join(self.pieces) if self.final_text is None else self.final_text

    def count(self, _request):
        self.requests += 1


def options(sdk, base, heard):
    """An SDK as it is, with its own retries, but for the read timeout; it never speaks TLS here."""
    http = sdk.DefaultHttpxClient(event_hooks={"request": [heard.count]}, verify=False)
    timeout = sdk.Timeout(REST_TIMEOUT_S, read=READ_TIMEOUT_S)
    return {"api_key": "dummy", "base_url": base, "http_client": http, "timeout": timeout}


def messages_create(base, case, heard):
    with (
        anthropic.Anthropic(**options(anthropic, base, heard)) as client,
        client.messages.create(**case.body()) as stream,
    ):
        for event in stream:
            hear_message_event(event, heard)


def messages_stream(base, case, heard):
    with (
        anthropic.Anthropic(**options(anthropic, base, heard)) as client,
        client.messages.stream(**case.body(stream=False)) as stream,
    ):
        for event in stream:
            hear_message_event(event, heard)
        message = stream.get_final_message()
        heard.final_text = "".join(block.text for block in message.content if block.type == "text")
        heard.stopped = message.stop_reason is not None


def hear_message_event(event, heard):
    if event.type == "message_start":
        heard.started = True
    elif event.type == "content_block_delta" and event.delta.type == "text_delta":
        heard.pieces.append(event.delta.text)
    elif event.type == "message_delta":
        heard.stopped = event.delta.stop_reason is not None
    elif event.type == "error":
        heard.told = True


def chat_create(base, case, heard):
    with (
        openai.OpenAI(**options(openai, f"{base}/v1", heard)) as client,
        client.chat.completions.create(**case.body()) as stream,
    ):
        for chunk in stream:
            hear_chunk(chunk, heard)


def chat_stream(base, case, heard):
    with (
        openai.OpenAI(**options(openai, f"{base}/v1", heard)) as client,
        client.chat.completions.stream(**case.body(stream=False)) as stream,
    ):
        for event in stream:
            if event.type == "chunk":
                hear_chunk(event.chunk, heard)
        choice = stream.get_final_completion().choices[0]
        heard.final_text = choice.message.content or ""
        heard.stopped = choice.finish_reason is not None


def hear_chunk(chunk, heard):
    for choice in chunk.choices or []:
        heard.started = heard.started or choice.delta.role is not None
        heard.stopped = heard.stopped or choice.finish_reason is not None
        heard.pieces.append(choice.delta.content or "")


def responses_create(base, case, heard):
    with (
        openai.OpenAI(**options(openai, f"{base}/v1", heard)) as client,
        client.responses.create(**case.body()) as stream,
    ):
        for event in stream:
            hear_response_event(event, heard)


def responses_stream(base, case, heard):
    with (
        openai.OpenAI(**options(openai, f"{base}/v1", heard)) as client,
        client.responses.stream(**case.body(stream=False)) as stream,
    ):
        for event in stream:
            hear_response_event(event, heard)
        heard.final_text = stream.get_final_response().output_text


def hear_response_event(event, heard):
    if event.type == "response.created":
        heard.started = True
    elif event.type == "response.output_text.delta":
        heard.pieces.append(event.delta)
    elif event.type in ("response.completed", "response.incomplete"):
        heard.stopped = True
    elif event.type in ("error", "response.failed"):
        heard.told = True


CALLS = {
    "anthropic": {
        "messages.create(stream=True)": messages_create,
        "messages.stream()": messages_stream,
    },
    "openai-chat": {
        "chat.completions.create(stream=True)": chat_create,
        "chat.completions.stream()": chat_stream,
    },
    "openai-responses": {
        "responses.create(stream=True)": responses_create,
        "responses.stream()": responses_stream,
    },
}
"""By API, the calls as a user writes them."""
