"""The OpenAI SDK, Chat Completions and Responses, against the deck."""

import asyncio

import openai
import pytest

from clients import openai_at
from conftest import request_body
from liveapi.messages import SCENARIOS

TEXT = SCENARIOS["text"].text


def chat_text(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


@pytest.mark.parametrize("directives", ["/~pace=instant", "/~session=t1/~pace=instant", "/~cassette=openai-chat", ""])
def test_chat_streams_the_whole_text_and_the_usage(deck, directives):
    chunks = list(openai_at(deck + directives).chat.completions.create(**request_body("openai-chat")))
    assert chat_text(chunks) == TEXT
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].choices == [] and chunks[-1].usage.prompt_tokens == 31


def test_async_chat_streams_the_whole_text(deck):
    async def chunks():
        async with openai_at(deck + "/~pace=instant", openai.AsyncOpenAI) as sdk:
            stream = await sdk.chat.completions.create(**request_body("openai-chat"))
            return [chunk async for chunk in stream]

    assert chat_text(asyncio.run(chunks())) == TEXT


def test_the_chat_helper_gets_the_whole_message(deck):
    body = request_body("openai-chat", stream=False)
    with openai_at(deck + "/~pace=instant").chat.completions.stream(**body) as stream:
        assert stream.get_final_completion().choices[0].message.content == TEXT


def test_responses_stream_every_event_in_sequence(deck):
    events = list(openai_at(deck + "/~pace=instant").responses.create(**request_body("openai-responses")))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == TEXT
    assert events[0].type == "response.created" and events[-1].type == "response.completed"
    assert events[-1].response.output_text == TEXT


def test_the_responses_helper_gets_the_whole_response(deck):
    with openai_at(deck + "/~pace=instant").responses.stream(
        **request_body("openai-responses", stream=False)
    ) as stream:
        assert stream.get_final_response().output_text == TEXT


def test_async_responses_stream_the_whole_text(deck):
    async def final_response():
        async with openai_at(deck + "/~pace=instant", openai.AsyncOpenAI) as sdk:
            body = request_body("openai-responses", stream=False)
            async with sdk.responses.stream(**body) as stream:
                return await stream.get_final_response()

    assert asyncio.run(final_response()).output_text == TEXT
