"""The providers' own SDKs through a deck that records, and through one without an upstream after that."""

import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest
from google import genai

from clients import anthropic_at, openai_at
from conftest import request_body
from liveapi.messages import SCENARIOS
from recording_deck import recording

KEY = "sk-ant-api03-" + "Dummy1" * 10


def anthropic_message(base, name, **options):
    with anthropic_at(base, **options).messages.stream(**request_body(name, stream=False)) as stream:
        return stream.get_final_message().to_dict()


def chat_message(base, name):
    with openai_at(base).chat.completions.stream(**request_body(name, stream=False)) as stream:
        return stream.get_final_completion().to_dict()


def responses_message(base, name):
    with openai_at(base).responses.stream(**request_body(name, stream=False)) as stream:
        return stream.get_final_response().to_dict()


def gemini_message(base, name):
    options = genai.types.HttpOptions(base_url=base, api_version="v1beta")
    sdk = genai.Client(api_key="dummy", vertexai=False, http_options=options)
    chunks = sdk.models.generate_content_stream(model="gemini-3-pro", contents="text: Hello.")
    return "".join(chunk.text or "" for chunk in chunks)


CASES = {
    "anthropic-text": anthropic_message,
    "anthropic-tool-use": anthropic_message,
    "anthropic-thinking": anthropic_message,
    "anthropic-multibyte": anthropic_message,
    "openai-chat": chat_message,
    "openai-responses": responses_message,
    "gemini-text": gemini_message,
}


@pytest.fixture(scope="module")
def messages(tapedeck, live, tmp_path_factory):
    """The final messages: straight from the API, while it is recorded, and offline."""
    folder = tmp_path_factory.mktemp("through")

    def final(base):
        with ThreadPoolExecutor(len(CASES)) as pool:
            return dict(zip(CASES, pool.map(lambda name: CASES[name](base, name), CASES), strict=True))

    with recording(tapedeck, folder, upstream=live) as deck:
        recorded = final(deck.base)
    with recording(tapedeck, folder, mode="replay", name="replay") as deck:
        replayed = final(f"{deck.base}/~pace=10x")
    return final(live), recorded, replayed, deck


@pytest.mark.parametrize("name", CASES)
def test_an_sdk_gets_the_same_message_from_the_api_through_the_deck_and_offline(messages, name):
    direct, recorded, replayed, _ = messages
    assert recorded[name] == direct[name]
    assert replayed[name] == direct[name]
    assert SCENARIOS["text"].text == direct["gemini-text"]


def test_everything_was_recorded_once_and_without_keys(messages):
    exchanges = messages[3].exchanges
    assert len(exchanges) == len(CASES)
    assert {exchange.how for exchange in exchanges} == {"complete"}
    for exchange in exchanges:
        sent = {name.lower(): value for name, value in exchange.request["headers"]}
        secrets = [sent.get(name) for name in ("x-api-key", "authorization", "x-goog-api-key")]
        assert any(secrets) and not any("dummy" in value for value in secrets if value)


def test_an_sdk_retries_through_the_deck_as_it_would_without(tapedeck, live, tmp_path):
    """529 first, then the message: both are recorded, and come back in that order."""
    name = "anthropic-overloaded-then-text"
    for mode, upstream in (("auto", live), ("replay", None)):
        with recording(tapedeck, tmp_path, mode=mode, upstream=upstream, name=mode) as deck:
            message = anthropic_message(f"{deck.base}/~session=s", name, max_retries=2, api_key=KEY)
            assert message["content"][0]["text"]
            assert [entry["status"] for entry in deck.journal()] == [529, 200]
        assert [exchange.head["status"] for exchange in deck.exchanges] == [529, 200]
    assert KEY.encode() not in deck.tape.read_bytes() + deck.said.read_bytes()
    assert b"Dummy1Dummy1" not in gzip.decompress(deck.tape.read_bytes())
