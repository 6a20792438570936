"""Faults on request, and what the providers' own SDKs make of them."""

import anthropic
import openai
import pytest
from clients import anthropic_at, openai_at
from conftest import request_body
from liveapi.messages import SCENARIOS

TEXT = SCENARIOS["text"].text


def base_of(deck, session, *faults):
    segments = [f"~session={session}", *(f"~fault={fault}" for fault in faults), "~pace=instant"]
    return "/".join([deck, *segments])


def heard(pieces):
    """The text that came, and the error that ended it, or None: whatever class it may be."""
    text = ""
    try:
        for piece in pieces:
            text += piece
    except Exception as error:  # noqa: BLE001
        return text, error
    return text, None


def heard_by_anthropic(base, **options):
    sdk = anthropic_at(base, **options)

    def pieces():
        for event in sdk.messages.create(**request_body("anthropic-text")):
            if event.type == "content_block_delta":
                yield event.delta.text

    return heard(pieces())


def heard_by_openai(base):
    sdk = openai_at(base)

    def pieces():
        for chunk in sdk.chat.completions.create(**request_body("openai-chat")):
            if chunk.choices:
                yield chunk.choices[0].delta.content or ""

    return heard(pieces())


def assert_part(text):
    assert text and text != TEXT and TEXT.startswith(text)


def test_the_sdk_gets_over_two_refusals_when_the_third_attempt_is_whole(deck):
    base = base_of(deck, "refused", "status:529,retry-after=50ms,on=1-2")
    assert heard_by_anthropic(base, max_retries=2) == (TEXT, None)


def test_the_sdk_gives_up_when_the_refusals_outlast_its_retries(deck):
    text, error = heard_by_anthropic(base_of(deck, "given-up", "status:529,on=1-2"))
    assert text == "" and error.status_code == 529


@pytest.mark.parametrize(
    "fault, raised", [("disconnect", "RemoteProtocolError"), ("reset", "ReadError")]
)
def test_anthropic_reports_a_connection_that_breaks_after_the_text_that_came(deck, fault, raised):
    text, error = heard_by_anthropic(base_of(deck, f"broken-{fault}", f"{fault}@event:9"))
    assert_part(text)
    assert type(error).__name__ == raised


@pytest.mark.parametrize("fault", ["disconnect", "reset"])
def test_openai_reports_a_connection_that_breaks_after_the_text_that_came(deck, fault):
    text, error = heard_by_openai(base_of(deck, f"chat-{fault}", f"{fault}@event:9"))
    assert_part(text)
    assert isinstance(error, openai.APIConnectionError)


def test_nobody_reports_a_stream_that_ends_well_before_its_message_does(deck):
    for text, error in (
        heard_by_anthropic(base_of(deck, "silent", "end@event:9")),
        heard_by_openai(base_of(deck, "chat-silent", "end@event:9")),
    ):
        assert_part(text)
        assert error is None


def test_an_error_event_in_the_stream_is_an_api_error_of_its_type(deck):
    text, error = heard_by_anthropic(base_of(deck, "error", "error:overloaded_error@event:9"))
    assert_part(text)
    assert isinstance(error, anthropic.APIStatusError) and error.status_code == 200
    assert error.body["error"]["type"] == "overloaded_error"


def test_a_stall_that_outlasts_the_read_timeout_is_an_error(deck):
    base = base_of(deck, "stalled", "stall:20s@event:9")
    text, error = heard_by_anthropic(base, timeout=0.5)
    assert_part(text)
    assert type(error).__name__ == "ReadTimeout"


def test_a_fault_on_the_first_attempt_alone_leaves_the_second_whole(deck):
    base = base_of(deck, "once", "reset@event:5,on=1")
    text, error = heard_by_anthropic(base)
    assert text != TEXT and error is not None
    assert heard_by_anthropic(base) == (TEXT, None)
