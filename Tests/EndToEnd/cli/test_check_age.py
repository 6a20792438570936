"""`check` names recordings that are old, by their date or by their form."""

import datetime
import json

import pytest

import hand_tape
from conftest import CASSETTES, run

CHUNK = '{"choices":[{"index":0,"delta":%s}]}'


def tape(path, age_days=0, at=None, **parts):
    """A cassette with one exchange, recorded so many days ago."""
    date = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=age_days)
    text = hand_tape.exchange(1, "{}", **parts)
    return hand_tape.cassette(path, text.replace("2026-11-22T11:00:01.000000Z", at or f"{date:%Y-%m-%dT%H:%M:%S}Z"))


def check(tapedeck, *arguments):
    """What check says: its exit code, and the kind and text of each finding about age and form."""
    done = run(tapedeck, "check", "--json", *arguments)
    found = [(one["kind"], one["text"]) for line in done.stdout.splitlines() for one in json.loads(line)["findings"]]
    return done.returncode, [(kind, text) for kind, text in found if kind in ("age", "shape")]


def test_a_recording_that_is_older_fails(tapedeck, tmp_path):
    file = tape(tmp_path / "a.tape", age_days=100)
    assert check(tapedeck, file, "--max-age", "101d")[0] == 0
    code, [(kind, text)] = check(tapedeck, file, "--max-age", "90d")
    assert (code, kind) == (1, "age")
    assert text.startswith("recorded on ")
    assert text.endswith(", 100 days ago, which is older than 90d: record it anew")
    said = run(tapedeck, "check", file, "--max-age", "90d").stdout.decode().splitlines()
    assert ["  age", "exchange 1"] in [line.split(": ")[:2] for line in said]


def test_without_max_age_nothing_is_too_old(tapedeck, tmp_path):
    assert check(tapedeck, tape(tmp_path / "a.tape", age_days=4000)) == (0, [])


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:05Z"])
def test_a_recording_without_a_date_is_named_as_such(tapedeck, tmp_path, at):
    code, [(kind, text)] = check(tapedeck, tape(tmp_path / "a.tape", at=at), "--max-age", "90d")
    assert (code, kind) == (1, "age")
    assert text.startswith("has no known date")


@pytest.mark.parametrize("age", ["90", "d", "-1d", "90 days", "99999999999d"])
def test_what_is_no_age_is_refused(tapedeck, tmp_path, age):
    done = run(tapedeck, "check", tape(tmp_path / "a.tape"), f"--max-age={age}")
    assert done.returncode == 64
    assert b"write days, like 90d" in done.stderr


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"says": CHUNK % '{"function_call":{"name":"f","arguments":""}}', "target": "/v1/chat/completions"},
            "tool_calls since 2023-11",
        ),
        (
            {"says": '{"completion":" Hi","stop_reason":null}', "target": "/v1/complete"},
            "legacy since the Messages API",
        ),
        ({"headers": [["anthropic-version", "2023-01-01"]]}, "older than 2023-06-01"),
        (
            {"says": '{"type":"response.created","response":{}}', "target": "/v1/responses"},
            "sequence_number since 2025",
        ),
    ],
)
def test_an_old_form_is_named_and_does_not_fail(tapedeck, tmp_path, parts, words):
    code, found = check(tapedeck, tape(tmp_path / "a.tape", **parts))
    assert code == 0
    (text,) = [text for kind, text in found if kind == "shape"]
    assert words in text
    assert text.endswith(": record it anew")


def test_what_is_shipped_has_the_form_of_today(tapedeck):
    _, found = check(tapedeck, CASSETTES)
    assert [kind for kind, _ in found if kind == "shape"] == []
