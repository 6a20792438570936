"""Attempts, sessions, and the answers that say a request was wrong."""

import asyncio
from urllib.parse import quote

import anthropic
import openai
import pytest

import wire
from clients import anthropic_at, openai_at
from conftest import CASSETTES, request_body, request_bytes
from liveapi.messages import SCENARIOS

OVERLOADED = "anthropic-overloaded-then-text"
TEXT = SCENARIOS["overloaded"].text


def client(base, session, **options):
    return anthropic_at(f"{base}/~session={quote(session, safe='')}/~pace=instant", **options)


def ask(sdk, name=OVERLOADED):
    with sdk.messages.stream(**request_body(name, stream=False)) as stream:
        return stream.get_final_text()


def test_a_recorded_529_and_its_retry_come_back_in_that_order(deck):
    assert ask(client(deck, "retries-once", max_retries=1)) == TEXT


def test_the_defaults_of_the_sdk_are_enough_to_get_over_it(deck):
    sdk = client(deck, "retries-by-default", max_retries=anthropic.DEFAULT_MAX_RETRIES)
    assert ask(sdk) == TEXT


def test_without_a_retry_the_529_is_what_the_caller_sees(deck):
    with pytest.raises(anthropic.APIStatusError) as raised:
        ask(client(deck, "never-retries"))
    assert raised.value.status_code == 529
    assert raised.value.body["error"] == {"type": "overloaded_error", "message": "Overloaded"}


def test_without_a_session_the_sdk_says_which_attempt_it_is(deck):
    sdk = anthropic_at(f"{deck}/~pace=instant", max_retries=1)
    assert [ask(sdk), ask(sdk)] == [TEXT, TEXT]


def test_sessions_do_not_see_each_other(deck):
    sessions = [client(deck, "alone/1"), client(deck, "alone/2")]
    for sdk in sessions:
        with pytest.raises(anthropic.APIStatusError, match="Overloaded"):
            ask(sdk)
    assert [ask(sdk) for sdk in sessions] == [TEXT, TEXT]


def test_many_sessions_at_once_each_get_their_own_529_and_their_own_text(deck):
    async def one(number):
        base = f"{deck}/~session=crowd-{number}/~pace=10x"
        body = request_body(OVERLOADED, stream=False)
        async with (
            anthropic_at(base, anthropic.AsyncAnthropic, max_retries=1) as sdk,
            sdk.messages.stream(**body) as stream,
        ):
            return await stream.get_final_text()

    async def all_of_them():
        return await asyncio.gather(*map(one, range(20)))

    assert asyncio.run(all_of_them()) == [TEXT] * 20


def test_a_pace_that_is_none_is_a_bad_request_that_says_so(deck):
    sdk = anthropic_at(f"{deck}/~pace=fast")
    with pytest.raises(anthropic.BadRequestError, match="fast"):
        ask(sdk)


def test_a_directive_that_nobody_knows_is_a_bad_request_that_names_it(deck):
    sdk = openai_at(f"{deck}/~tempo=2x")
    with pytest.raises(openai.BadRequestError, match="tempo"):
        sdk.chat.completions.create(**request_body("openai-chat"))


def test_a_directive_behind_the_path_is_a_bad_request(deck):
    sdk = openai_at(f"{deck}/v1/~pace=instant")
    with pytest.raises(openai.BadRequestError, match="pace"):
        sdk.chat.completions.create(**request_body("openai-chat"))


def test_a_client_that_lost_its_session_is_told_where_one_is_required(deck_of):
    with deck_of(CASSETTES, "--require-session") as base:
        with pytest.raises(anthropic.BadRequestError, match="session"):
            ask(anthropic_at(base), "anthropic-text")
        assert ask(client(base, "named"), "anthropic-text") == SCENARIOS["text"].text


def test_a_path_that_was_never_recorded_is_not_found(deck):
    sdk = client(deck, "lost")
    body = request_body("anthropic-text")
    with pytest.raises(anthropic.NotFoundError, match="anthropic-") as raised:
        sdk.messages.count_tokens(model=body["model"], messages=body["messages"])
    assert raised.value.body["error"]["type"] == "not_found_error"


def test_a_miss_names_the_nearest_exchange_where_bodies_must_be_equal(deck_of):
    with deck_of(CASSETTES / "anthropic-text.tape", "--match", "body") as base:
        body = request_body("anthropic-text")
        body["max_tokens"] += 1
        with pytest.raises(anthropic.NotFoundError, match="anthropic-text"):
            client(base, "near").messages.create(**body)
        assert ask(client(base, "near"), "anthropic-text") == SCENARIOS["text"].text


def test_the_order_of_json_keys_does_not_matter(deck):
    body = request_body(OVERLOADED)
    turned = dict(reversed(body.items()))
    assert list(turned) != list(body)
    sdk = client(deck, "turned")
    with pytest.raises(anthropic.APIStatusError, match="Overloaded"):
        sdk.messages.create(**turned)
    answer = wire.post(f"{deck}/~session=turned/v1/messages", request_bytes(OVERLOADED))
    assert answer.status == 200
