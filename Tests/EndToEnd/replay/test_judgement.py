"""What `show`, `plan`, `check` and the deck say of recorded streams that are broken by themselves."""

import json

import pytest

import random_tape
import wire
from conftest import run, serving

CHAT = "/v1/chat/completions"


def chunk(delta, **more):
    choice = {"index": 0, "delta": delta} | more
    return {"object": "chat.completion.chunk", "choices": [choice]}


def stream(*data):
    return b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in data)


HELLO = chunk({"content": "Hi"})
FINISH = chunk({}, finish_reason="stop")
CASES = {
    "a stream that is whole": (stream(HELLO, FINISH), "Hi", True, "benign", None),
    "data that is null": (stream(HELLO, None, FINISH), "Hi", True, "breaking", "not a JSON object"),
    "half a character": (
        stream(chunk({"content": "a\ud83d"}), FINISH), "a\ufffd", True, "benign", "surrogate",
    ),
    "two halves": (
        stream(chunk({"content": "\ud83d"}), chunk({"content": "\udc4d"}), FINISH),
        "\U0001f44d", True, "benign", None,
    ),
    "an error in a choice": (
        stream(HELLO, chunk({}, finish_reason="error", error={"code": 502, "message": "no worker"})),
        "Hi", False, "breaking", "502: no worker",
    ),
    "an empty finish reason": (
        stream(chunk({"content": "Hi"}, finish_reason="")), "Hi", False, "breaking", "no finish_reason",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def cassette(tmp_path_factory):
    path = tmp_path_factory.mktemp("judged") / "judged.tape"
    bodies = [[case[0]] for case in CASES.values()]
    path.write_text(random_tape.of_bodies(bodies, [f"{CHAT}/{n}/chat/completions" for n in range(len(CASES))]))
    return path


@pytest.mark.parametrize("name", CASES)
def test_the_verbs_agree_on_what_is_wrong(tapedeck, cassette, name):
    _, text, is_complete, outcome, note = CASES[name]
    number = list(CASES).index(name) + 1
    only = ("--exchange", str(number))
    assert run(tapedeck, "show", "--text", *only, cassette).stdout == text.encode()
    [shown] = json.loads(run(tapedeck, "show", "--json", *only, cassette).stdout)["exchanges"]
    assert shown["dialect"] == "openai-chat" and shown["complete"] is is_complete
    planned = json.loads(run(tapedeck, "plan", "--json", *only, cassette).stdout)
    assert planned["expect"]["outcome"] == outcome
    assert planned["expect"]["text"] == text
    lines = run(tapedeck, "check", cassette).stdout.decode().splitlines()
    said = [line for line in lines if line.startswith(f"  message: exchange {number}: ")]
    assert len(said) == (note is not None)
    assert note is None or note in said[0]


def test_a_place_by_type_passes_over_a_finish_reason_that_is_empty(tapedeck, tmp_path):
    path = tmp_path / "empty.tape"
    first = stream(chunk({"content": "Hi"}, finish_reason=""))
    path.write_text(random_tape.of_bodies([[first + stream(FINISH)]], [CHAT]))
    cut = json.loads(run(tapedeck, "plan", "--json", "--fault", "end@type:finish", path).stdout)
    assert cut["body_bytes"] == len(first)


@pytest.mark.parametrize(
    ("target", "members"),
    [
        ("/v1/completions", ("error", "type")),
        ("/v1/embeddings", ("error", "type")),
        ("/v1/models/ft:small:acme::a1", ("error", "type")),
        ("/v1/messages/count_tokens", ("request_id",)),
        ("/v1beta/models/g:countTokens", ("error", "status")),
        ("/api/embed", ("error",)),
        ("/v2/rerank", ("message",)),
        ("/model/m/converse", ("message",)),
    ],
)
def test_each_api_gets_its_own_error_and_an_event_that_cannot_be_is_a_400(tapedeck, tmp_path, target, members):
    path = tmp_path / "one.tape"
    line = random_tape.of_bodies([[b'{"a":1}']], [target])
    path.write_text(line.replace("text/event-stream", "application/json"))
    with serving([tapedeck, "serve", path], tmp_path / "port") as base:
        limited = wire.post(f"{base}/~fault=status:429{target}", b"{}")
        assert limited.status == 429
        assert isinstance(member_of(limited.body, members), str)
        assert wire.post(f"{base}/~pace=instant{target}", b"{}").body == b'{"a":1}'
        for fault in ("drop", "reset@event:1", "disconnect@type:done"):
            refused = wire.post(f"{base}/~fault={fault}{target}", b"{}")
            assert refused.status == 400 and b"not an event stream" in refused.body
            assert isinstance(member_of(refused.body, members), str)
        for directives in ("~fault=no-such@event:1", "~session=a:b/~pace=gap:20", "~seed=x:1"):
            wrong = wire.post(f"{base}/{directives}{target}", b"{}")
            assert wrong.status == 400 and isinstance(member_of(wrong.body, members), str)
        missed = wire.post(f"{base}/~session=a:b{target}/none", b"{}")
        assert missed.status == 404


def member_of(body, path):
    value = json.loads(body)
    for member in path:
        value = value[member]
    return value
