"""What the deck puts on the wire, compared with the live server's bytes and the recorded times."""

import statistics

import pytest

import wire
from conftest import request_bytes, shipped, shipped_names

KEY_SHAPES = (b"sk-ant-api03-dummy", b"sk-proj-dummy", b"AIzaDummy", b"dummycookie")


@pytest.mark.parametrize("name", shipped_names())
def test_the_replay_equals_the_live_stream_byte_for_byte(deck, live_answers, name):
    base = f"{deck}/~session=wire-{name}/~pace=instant"
    for recorded, live in zip(shipped(name), live_answers[name], strict=True):
        replay = wire.post(base + recorded.path, request_bytes(name))
        assert replay.status == live.status
        assert replay.headers["content-type"] == live.headers["content-type"]
        assert replay.body == live.body
        assert len(replay.body) > 100
        assert replay.complete == live.complete == (recorded.how == "complete")


@pytest.mark.parametrize("name", [name for name in shipped_names() if "overloaded" not in name])
def test_each_recorded_chunk_is_a_chunk_on_the_wire(deck, name):
    [recorded] = shipped(name)
    replay = wire.post(f"{deck}/~pace=instant{recorded.path}", request_bytes(name))
    assert [data for _, data in replay.chunks] == [data for _, data in recorded.chunks]
    assert len(replay.chunks) >= (10 if recorded.how == "truncated" else 20)


def test_a_character_that_was_split_stays_split(deck):
    [recorded] = shipped("anthropic-multibyte")
    replay = wire.post(f"{deck}/~pace=instant{recorded.path}", request_bytes("anthropic-multibyte"))
    begins_inside = [data for _, data in replay.chunks if 0x80 <= data[0] < 0xC0]
    assert len(begins_inside) >= 10


def test_recorded_headers_come_back_in_their_place(deck):
    [recorded] = shipped("anthropic-text")
    replay = wire.post(f"{deck}/~pace=instant{recorded.path}", request_bytes("anthropic-text"))
    made_anew = {"connection", "keep-alive", "transfer-encoding", "content-length"}
    kept = {k.lower(): v for k, v in recorded.head["headers"] if k.lower() not in made_anew}
    assert "request-id" in kept and "anthropic-ratelimit-requests-limit" in kept
    assert [name for name in replay.headers if name in kept] == list(kept)
    assert {name: replay.headers[name] for name in kept} == kept


@pytest.mark.parametrize("name", ["anthropic-text", "gemini-text"])
def test_at_the_recorded_pace_nothing_is_early_and_little_is_late(deck, name):
    [recorded] = shipped(name)
    replay = wire.post(deck + recorded.path, request_bytes(name))
    assert replay.head_at_us >= recorded.head_at_us
    late_us = [arrived - due for (arrived, _), (due, _) in zip(replay.chunks, recorded.chunks, strict=True)]
    assert min(late_us) >= 0
    assert statistics.median(late_us) < 100_000


def test_at_ten_times_the_pace_nothing_comes_before_a_tenth_of_its_time(deck):
    [recorded] = shipped("anthropic-text")
    replay = wire.post(f"{deck}/~pace=10x{recorded.path}", request_bytes("anthropic-text"))
    due_us = [due // 10 for due, _ in recorded.chunks]
    assert all(at >= due for (at, _), due in zip(replay.chunks, due_us, strict=True))
    assert replay.chunks[-1][0] < recorded.chunks[-1][0]


@pytest.mark.parametrize("name", shipped_names())
def test_no_key_and_no_cookie_is_on_a_shipped_cassette(name):
    for recorded in shipped(name):
        sent = {key.lower(): value for key, value in recorded.request["headers"]}
        assert {"authorization", "x-api-key", "x-goog-api-key"} & set(sent)
        everything = repr(recorded).encode()
        assert [shape for shape in KEY_SHAPES if shape in everything] == []
