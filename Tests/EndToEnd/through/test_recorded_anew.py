"""A request that is recorded though one like it had been says why, and a loose match what differed."""

import json
import uuid

import pytest

import raw_wire
from answer import answer
from hand_tape import cassette, exchange
from recording_deck import recording
from scripted_upstream import closed_port, plain, upstream

PATH = "/v1/messages"
CLOSE = [("connection", "close")]
WELL = plain(b"well")


def ask(base, body, path=PATH, headers=()):
    return answer(raw_wire.ask(base + path, body=body.encode(), headers=[*CLOSE, *headers]))


def asked_by(user, says="hello", **more):
    return json.dumps(
        {"model": "m", "messages": [{"role": "user", "content": says}], "metadata": {"user_id": user}} | more
    )


def anew(deck):
    return [line for line in deck.warnings.splitlines() if "recorded anew" in line]


def first(server_url, tapedeck, tmp_path, *bodies):
    with recording(tapedeck, tmp_path, upstream=server_url, name="first") as deck:
        for body in bodies:
            ask(deck.base, body)
    assert anew(deck) == []


def test_the_end_names_the_place_and_what_would_help(tapedeck, tmp_path):
    with upstream(WELL) as server:
        first(server.url, tapedeck, tmp_path, asked_by(f"user_{uuid.uuid4()}"), asked_by("x", "bye"))
        with recording(tapedeck, tmp_path, upstream=server.url, name="next") as deck:
            for _ in range(2):
                ask(deck.base, asked_by(f"user_{uuid.uuid4()}"))
            ask(deck.base, asked_by("x", "bye"))
            details = [entry["miss_detail"] for entry in deck.journal()]
        assert anew(deck) == [
            "tapedeck: 2 recorded anew: nearest differs at /metadata/user_id; --match-normalize uuid would match"
        ]
        assert details[0]["nearest"]["number"] == 1
        assert [difference["at"] for difference in details[0]["differences"]] == ["body /metadata/user_id"]
        assert details[0]["suggestion"] == "--match-normalize uuid"
        assert details[0]["command"] is None
        assert details[2] is None
        # And it does.
        flags = ["--match-normalize", "uuid"]
        with recording(tapedeck, tmp_path, *flags, upstream=server.url, name="last") as deck:
            ask(deck.base, asked_by(f"user_{uuid.uuid4()}"))
        assert anew(deck) == []
        assert len(server.requests) == 4


@pytest.mark.parametrize(
    ("recorded", "asked", "suggestion"),
    [
        ("2026-11-22", "2026-11-23", "date"),
        ("toolu_01A09q90qw90lq917835lq9", "toolu_01Z99z99zz99zz999999zz9", "id"),
        (f"{uuid.UUID(int=1)} 2026-11-22", f"{uuid.UUID(int=2)} 2026-11-23", "uuid,date"),
        ("a", "b", None),
    ],
)
def test_what_is_suggested_would_match(tapedeck, tmp_path, recorded, asked, suggestion):
    with upstream(WELL) as server:
        first(server.url, tapedeck, tmp_path, asked_by("u", recorded))
        with recording(tapedeck, tmp_path, upstream=server.url, name="next") as deck:
            ask(deck.base, asked_by("u", asked))
        line = "tapedeck: 1 recorded anew: nearest differs at /messages/0/content"
        assert anew(deck) == [line + (f"; --match-normalize {suggestion} would match" if suggestion else "")]
        if suggestion:
            flags = ["--match-normalize", suggestion]
            with recording(tapedeck, tmp_path, *flags, upstream=server.url, name="last") as deck:
                ask(deck.base, asked_by("u", recorded))
                ask(deck.base, asked_by("u", asked))
            assert len(server.requests) == 2


def test_several_reasons_are_one_line(tapedeck, tmp_path):
    with upstream(WELL) as server:
        first(server.url, tapedeck, tmp_path, asked_by(str(uuid.uuid4())))
        with recording(tapedeck, tmp_path, upstream=server.url, name="next") as deck:
            ask(deck.base, asked_by("u", "other", model="n", n=1))
            for _ in range(2):
                ask(deck.base, asked_by(str(uuid.uuid4())))
        assert anew(deck) == [
            "tapedeck: 3 recorded anew: nearest differs at /metadata/user_id, 1 elsewhere; "
            "--match-normalize uuid would match 2 of them"
        ]


def test_what_changes_within_one_run_is_said_where_normalizing_would_help(tapedeck, tmp_path):
    with upstream(WELL) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        for _ in range(2):
            ask(deck.base, asked_by(str(uuid.uuid4())))
        ask(deck.base, asked_by("u", "a new turn"))
        detail = deck.journal()[2]["miss_detail"]
    assert anew(deck) == [
        "tapedeck: 1 recorded anew: nearest differs at /metadata/user_id; --match-normalize uuid would match"
    ]
    assert detail["suggestion"] is None


def test_the_journal_of_a_loose_match_says_what_differed(tapedeck, tmp_path):
    target = cassette(tmp_path / "t.tape", exchange(1, asked_by(str(uuid.UUID(int=1)))))
    with recording(tapedeck, tmp_path, target, mode="replay", to=None) as deck:
        assert ask(deck.base, asked_by(str(uuid.UUID(int=2)))).status == 200
        assert ask(deck.base, asked_by(str(uuid.UUID(int=1)))).status == 200
        loose, exact = deck.journal()
    assert loose["match"] == "loose"
    assert loose["miss_detail"]["nearest"] == loose["exchange"]
    assert [difference["at"] for difference in loose["miss_detail"]["differences"]] == ["body /metadata/user_id"]
    assert loose["miss_detail"]["suggestion"] == "--match-normalize uuid"
    assert (exact["match"], exact["miss_detail"]) == ("exact", None)


def missed(deck, path, headers=()):
    answer = ask(deck.base, "{}", path, headers)
    assert answer.status == 404
    detail = deck.journal()[-1]["miss_detail"]
    return answer.body.decode(), detail


def test_nearest_is_never_of_another_api(tapedeck, tmp_path):
    claude = cassette(tmp_path / "claude.tape", exchange(1, "{}", "/v1/messages"))
    with recording(tapedeck, tmp_path, claude, mode="replay", to=None) as deck:
        for path, origin in [
            ("/v1/chat/completions", "https://api.openai.com"),
            ("/v1/responses", "https://api.openai.com"),
            ("/v1beta/models/m:generateContent", "https://generativelanguage.googleapis.com"),
        ]:
            message, detail = missed(deck, path)
            assert "nothing of the same API is recorded" in message
            assert detail["nearest"] is None
            assert detail["command"] == f"tapedeck serve --mode auto --upstream '{origin}' --record-to 'new.tape'"
        # A base URL that lost a segment, or has one twice.
        for path in ("/messages", "/v1/v1/messages", "/proxy/v1/messages"):
            message, detail = missed(deck, path)
            assert detail["nearest"]["cassette"] == "claude"
            assert "the path differs" in message


def test_nearest_goes_by_the_likeness_of_paths(tapedeck, tmp_path):
    paths = ["/v1/models", "/v1/messages", "/v1/messages/batches", "/v2/files"]
    target = cassette(tmp_path / "t.tape", *(exchange(number, "", path) for number, path in enumerate(paths, 1)))
    with recording(tapedeck, tmp_path, target, mode="replay", to=None) as deck:
        for path, number in [
            ("/messages", 2),
            ("/v1/messages/batch", 3),
            ("/v2/files/f", 4),
            ("/base/v1/messages/batches", 3),
        ]:
            assert missed(deck, path)[1]["nearest"]["number"] == number


def test_nearest_is_never_what_a_dead_upstream_was_asked(tapedeck, tmp_path):
    dead = f"http://127.0.0.1:{closed_port()}"
    with recording(tapedeck, tmp_path, upstream=dead, mode="record", to="dead.tape") as deck:
        ask(deck.base, "{}", "/v1/messages/batches")
    live = cassette(tmp_path / "live.tape", exchange(1, "{}", "/v1/messages"))
    with recording(tapedeck, tmp_path, tmp_path / "dead.tape", live, mode="replay", to=None, name="next") as deck:
        message, detail = missed(deck, "/v1/messages/batches/b")
        assert detail["nearest"]["cassette"] == "live"
        assert dead not in message
        assert "https://api.example.com" in detail["command"]
