"""The Anthropic SDK, against the deck, with nothing but its base URL changed."""

import asyncio
import json

import anthropic
import pytest

from clients import anthropic_at
from conftest import request_body
from liveapi.messages import SCENARIOS

WHOLE = {
    "anthropic-text": "text",
    "anthropic-tool-use": "tool",
    "anthropic-thinking": "thinking",
    "anthropic-multibyte": "multibyte",
}


def assert_whole(message, scenario):
    expected = SCENARIOS[scenario]
    blocks = {block.type: block for block in message.content}
    kinds = ["thinking"] * bool(expected.thinking) + ["text"] + ["tool_use"] * bool(expected.tool)
    assert [block.type for block in message.content] == kinds
    assert blocks["text"].text == expected.text
    if expected.thinking:
        assert blocks["thinking"].thinking == expected.thinking
        assert blocks["thinking"].signature == expected.signature
    if expected.tool:
        assert blocks["tool_use"].name == expected.tool.name
        assert blocks["tool_use"].input == json.loads(expected.tool.arguments)
    assert message.stop_reason == ("tool_use" if expected.tool else "end_turn")


@pytest.mark.parametrize("name, scenario", WHOLE.items())
def test_the_stream_helper_gets_the_whole_message(deck, name, scenario):
    with anthropic_at(deck + "/~pace=instant").messages.stream(**request_body(name, stream=False)) as stream:
        assert_whole(stream.get_final_message(), scenario)


@pytest.mark.parametrize("name, scenario", WHOLE.items())
def test_the_async_stream_helper_gets_the_whole_message(deck, name, scenario):
    async def final_message():
        body = request_body(name, stream=False)
        async with (
            anthropic_at(deck + "/~pace=instant", anthropic.AsyncAnthropic) as sdk,
            sdk.messages.stream(**body) as stream,
        ):
            return await stream.get_final_message()

    assert_whole(asyncio.run(final_message()), scenario)


def test_a_plain_stream_gets_every_event_in_order(deck):
    events = list(anthropic_at(deck + "/~pace=instant").messages.create(**request_body("anthropic-text")))
    deltas = [event for event in events if event.type == "content_block_delta"]
    assert "".join(event.delta.text for event in deltas) == SCENARIOS["text"].text
    assert events[0].type == "message_start"
    assert [event.type for event in events[-3:]] == [
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]


def test_the_message_is_whole_at_the_recorded_pace_too(deck):
    with anthropic_at(deck).messages.stream(**request_body("anthropic-text", stream=False)) as stream:
        assert_whole(stream.get_final_message(), "text")


@pytest.mark.parametrize(
    "directives",
    ["/~session=t1", "/~cassette=anthropic-text", "/~session=a.b:c/~cassette=anthropic-text"],
)
def test_directives_in_the_base_url_leave_the_path_alone(deck, directives):
    sdk = anthropic_at(deck + directives + "/~pace=instant")
    with sdk.messages.stream(**request_body("anthropic-text", stream=False)) as stream:
        assert_whole(stream.get_final_message(), "text")


def test_directives_in_the_header_choose_the_cassette(deck):
    header = {"tapedeck": "cassette=anthropic-thinking; pace=instant"}
    sdk = anthropic_at(deck, default_headers=header)
    body = request_body("anthropic-text", stream=False)
    with sdk.messages.stream(**body) as stream:
        assert_whole(stream.get_final_message(), "thinking")


def test_a_cassette_that_is_named_answers_another_prompt(deck):
    body = request_body("anthropic-text", stream=False)
    body["messages"] = [{"role": "user", "content": "Something that nobody ever recorded"}]
    sdk = anthropic_at(deck + "/~cassette=anthropic-tool-use/~pace=instant")
    with sdk.messages.stream(**body) as stream:
        assert_whole(stream.get_final_message(), "tool")


def test_a_recorded_cut_is_an_error_after_the_text_that_came(deck):
    """The SDK lets the HTTP library's own error through, whose package depends on the SDK's version."""
    heard = []
    with pytest.raises(Exception, match="peer closed connection") as raised:
        for event in anthropic_at(deck + "/~pace=instant").messages.create(**request_body("anthropic-cut")):
            if event.type == "content_block_delta":
                heard.append(event.delta.text)
    assert type(raised.value).__name__ == "RemoteProtocolError"
    text = "".join(heard)
    assert text and text != SCENARIOS["cut"].text
    assert SCENARIOS["cut"].text.startswith(text)
