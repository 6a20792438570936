"""What the verbs say of a message: its JSON, its text, and whether it is whole."""

import json

import openai
import pytest
from google import genai

import random_tape
import tape
from clients import anthropic_at, openai_at
from conftest import CASSETTES, request_body, run, shipped_names
from liveapi.messages import SCENARIOS

WHOLE = [name for name in shipped_names() if name != "anthropic-cut"]
STOPS = {
    "anthropic-cut": None,
    "anthropic-tool-use": "tool_use",
    "openai-chat": "stop",
    "openai-responses": "completed",
    "gemini-text": "STOP",
}


def shown(tapedeck, path, *options):
    done = run(tapedeck, "show", *options, path)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize("name", shipped_names())
def test_show_json_says_what_an_answer_means(tapedeck, name):
    page = json.loads(shown(tapedeck, CASSETTES / f"{name}.tape", "--json"))
    last = page["exchanges"][-1]
    assert name.startswith(last["dialect"].partition("-")[0])
    assert last["stop_reason"] == STOPS.get(name, "end_turn")
    assert last["complete"] is (name in WHOLE)
    assert ("why" in last) is not last["complete"]
    assert "problems" not in last
    assert last["usage"]


@pytest.mark.parametrize("name", shipped_names())
def test_the_text_is_the_same_shown_and_played(tapedeck, name):
    path = CASSETTES / f"{name}.tape"
    text = shown(tapedeck, path, "--text")
    played = run(tapedeck, "play", "--text", "--pace", "instant", path)
    assert played.stdout.decode() == text
    scenario = SCENARIOS["multibyte" if "multibyte" in name else "text"].text
    if name in ("anthropic-text", "anthropic-multibyte", "openai-chat", "gemini-text"):
        assert text == scenario
    assert text


def test_a_text_that_comes_with_the_terminal_event_alone_is_played_too(tapedeck, tmp_path):
    whole = shown(tapedeck, CASSETTES / "openai-responses.tape", "--text")
    body = tape.read(CASSETTES / "openai-responses.tape")[0].body
    terminal = body[body.index(b"event: response.completed") :]
    path = tmp_path / "terminal.tape"
    path.write_text(random_tape.of_bodies([[terminal[:100], terminal[100:]]], ["/v1/responses"]))
    played = run(tapedeck, "play", "--text", "--pace", "instant", path)
    assert whole and played.stdout.decode() == shown(tapedeck, path, "--text") == whole


def test_an_error_answer_is_no_message_and_the_reader_is_told(tapedeck):
    done = run(tapedeck, "show", "--message", CASSETTES / "anthropic-overloaded-then-text.tape")
    first, second = done.stdout.decode().splitlines()
    assert first == "null" and json.loads(second)["stop_reason"] == "end_turn"
    assert b"exchange 1 is incomplete: the answer has status 529" in done.stderr


def test_what_is_wrong_with_an_event_is_said_with_its_number(tapedeck, tmp_path):
    lines = [b"event: message_stop\ndata: {\n\n", b"event: ping\ndata: {}\n\n"]
    path = tmp_path / "wrong.tape"
    path.write_text(random_tape.of_bodies([lines * 4], ["/v1/messages"]))
    [exchange] = json.loads(shown(tapedeck, path, "--json"))["exchanges"]
    assert [one["event"] for one in exchange["problems"]] == [1, 3, 5, 7]
    assert exchange["problem_count"] == 4 and exchange["complete"] is False


def test_text_cannot_be_had_as_json(tapedeck):
    done = run(tapedeck, "show", "--text", "--json", CASSETTES / "openai-chat.tape")
    assert done.returncode == 64 and b"--message" in done.stderr


@pytest.mark.parametrize("verb", ["show", "play"])
def test_flags_can_be_set_in_the_environment(tapedeck, verb, monkeypatch):
    monkeypatch.setenv("TAPEDECK_TEXT", "1")
    monkeypatch.setenv("TAPEDECK_PACE", "instant")
    done = run(tapedeck, verb, CASSETTES / "openai-chat.tape")
    assert done.stdout.decode() == SCENARIOS["text"].text


def test_a_miss_is_the_openai_sdks_own_not_found_in_both_apis(deck):
    sdk = openai_at(f"{deck}/~cassette=gemini-text")
    body = request_body("openai-chat")
    for ask in (
        lambda: sdk.chat.completions.create(**body),
        lambda: sdk.responses.create(model="any", input="any", stream=True),
    ):
        with pytest.raises(openai.NotFoundError, match="tapedeck: ") as raised:
            ask()
        assert raised.value.type == "invalid_request_error"
        assert raised.value.request_id == "req_tapedeck"


def test_a_miss_is_googles_own_client_error(deck):
    options = genai.types.HttpOptions(base_url=f"{deck}/~cassette=openai-chat")
    sdk = genai.Client(api_key="dummy", vertexai=False, http_options=options)
    with pytest.raises(genai.errors.ClientError, match="tapedeck: ") as raised:
        list(sdk.models.generate_content_stream(model="gemini-2.5-flash", contents="any"))
    assert (raised.value.code, raised.value.status) == (404, "NOT_FOUND")


def test_a_miss_is_anthropics_own_not_found_with_its_request_id(deck):
    sdk = anthropic_at(f"{deck}/~cassette=openai-chat")
    with pytest.raises(Exception, match="tapedeck: ") as raised:
        sdk.messages.create(**request_body("anthropic-text"))
    assert type(raised.value).__name__ == "NotFoundError"
    assert raised.value.request_id == "req_tapedeck"
