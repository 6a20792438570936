"""`tapedeck diff` compares two cassettes, or a cassette with what a server answers now."""

import gzip
import json
import shutil

import pytest

import hand_tape
from conftest import CASSETTES, run

TEXT = CASSETTES / "anthropic-text.tape"
KEYS = ["version", "same", "a", "b", "ignored", "exchanges", "only_a", "only_b"]
PAIR_KEYS = ["a", "b", "method", "path", "same", "differences", "more", "volatile"]
DIFFERENCE_KEYS = ["kind", "place", "was", "is", "text"]


def diff(tapedeck, *arguments):
    """What diff says with these arguments: its exit code, its page, and what it says to a person."""
    done = run(tapedeck, "diff", *arguments, "--json")
    page = json.loads(done.stdout) if done.stdout else None
    return done.returncode, page, done.stderr.decode()


def kinds(page):
    """The kinds of all differences, in order, each once."""
    return list(dict.fromkeys(one["kind"] for pair in page["exchanges"] for one in pair["differences"]))


def places(page):
    return [f"{one['kind']} {one['place']}" for pair in page["exchanges"] for one in pair["differences"]]


def edited(source, target, *changes):
    """A plain cassette with the text of another, some of it replaced."""
    text = hand_tape_text(source)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    target.write_text(text)
    return target


def hand_tape_text(path):
    return gzip.decompress(path.read_bytes()).decode()


def test_a_cassette_is_the_same_as_itself(tapedeck, tmp_path):
    copy = shutil.copy(TEXT, tmp_path / "copy.tape")
    code, page, _ = diff(tapedeck, TEXT, copy, "--strict")
    assert (code, page["same"], list(page)) == (0, True, KEYS)
    assert [list(pair) for pair in page["exchanges"]] == [PAIR_KEYS]
    said = run(tapedeck, "diff", TEXT, copy)
    assert (said.returncode, said.stdout.decode()) == (0, f"{TEXT} and {copy}: the same, 1 exchange\n")


def test_a_field_that_is_new_is_named_with_an_example(tapedeck, tmp_path):
    delta = r"\"type\":\"text_delta\","
    other = edited(TEXT, tmp_path / "b.tape", (delta, delta + r"\"nonce\":7,"))
    code, page, _ = diff(tapedeck, TEXT, other)
    (one,) = page["exchanges"][0]["differences"]
    assert (code, list(one)) == (1, DIFFERENCE_KEYS)
    assert one == {
        "kind": "shape",
        "place": "content_block_delta /delta/nonce",
        "was": None,
        "is": "number",
        "text": "new field: number, such as 7 in event 4",
    }
    said = run(tapedeck, "diff", TEXT, other).stdout.decode()
    assert "  shape  content_block_delta /delta/nonce: new field: number, such as 7 in event 4\n" in said
    assert "\x1b" not in said


def test_ids_and_dates_differ_by_nature(tapedeck, tmp_path):
    changes = [
        ("msg_01TapeDeck", "msg_02TapeDeck"),
        ("req_01TapeDeck", "req_02TapeDeck"),
        ("16 Nov 2026", "17 Nov 2026"),
    ]
    other = edited(TEXT, tmp_path / "b.tape", *changes)
    code, page, _ = diff(tapedeck, TEXT, other)
    assert (code, page["exchanges"][0]["volatile"]) == (0, 3)
    code, page, _ = diff(tapedeck, TEXT, other, "--strict")
    assert (code, places(page)) == (1, ["head header date", "head header request-id", "message /id"])


def test_two_answers_to_one_question_differ_in_what_can_be_ignored(tapedeck):
    other = CASSETTES / "anthropic-multibyte.tape"
    code, page, _ = diff(tapedeck, TEXT, other, "--ignore", "timing")
    assert (code, kinds(page)) == (1, ["request", "count", "text", "usage"])
    code, page, _ = diff(tapedeck, TEXT, other, "--ignore", "request,text", "--ignore", "usage,timing")
    assert (code, page["ignored"]) == (0, ["count", "order", "request", "text", "timing", "usage"])


def test_the_ending_and_the_tools_are_compared(tapedeck):
    code, page, _ = diff(tapedeck, TEXT, CASSETTES / "anthropic-cut.tape")
    assert code == 1
    assert {"ending", "types"} <= set(kinds(page))
    code, page, _ = diff(tapedeck, TEXT, CASSETTES / "anthropic-tool-use.tape")
    assert {"tools", "stop"} <= set(kinds(page))


def test_exchanges_are_paired_by_their_requests(tapedeck, tmp_path):
    one, two = (hand_tape.exchange(number, f'{{"n":{number}}}', says=f'{{"n":{number}}}') for number in (1, 2))
    a = hand_tape.cassette(tmp_path / "a.tape", one, two)
    b = hand_tape.cassette(tmp_path / "b.tape", two, one)
    code, page, _ = diff(tapedeck, a, b)
    assert (code, [(pair["a"], pair["b"]) for pair in page["exchanges"]]) == (0, [(1, 2), (2, 1)])
    c = hand_tape.cassette(tmp_path / "c.tape", two)
    code, page, _ = diff(tapedeck, a, c)
    assert (code, page["only_a"]) == (1, [{"exchange": 1, "method": "POST", "path": "/v1/messages"}])
    assert diff(tapedeck, a, c, "--ignore", "count")[0] == 0


@pytest.mark.parametrize("mark", [":", "#"])
def test_one_exchange_is_named_by_its_number(tapedeck, tmp_path, mark):
    one, two = (hand_tape.exchange(number, f'{{"n":{number}}}') for number in (1, 2))
    a = hand_tape.cassette(tmp_path / "a.tape", one, two)
    code, page, _ = diff(tapedeck, f"{a}{mark}1", f"{a}{mark}2")
    assert (code, places(page)) == (1, ["request body /n"])
    assert [(pair["a"], pair["b"]) for pair in page["exchanges"]] == [(1, 2)]
    assert diff(tapedeck, f"{a}{mark}2", a)[0] == 0
    assert diff(tapedeck, a, a, "--exchange", "2")[0] == 0


def test_a_file_may_have_a_name_like_that_of_an_exchange(tapedeck, tmp_path):
    odd = shutil.copy(TEXT, tmp_path / "odd:1")
    assert diff(tapedeck, odd, TEXT)[0] == 0


def test_errors_are_one_line_with_their_code(tapedeck, tmp_path):
    broken = tmp_path / "broken.tape"
    broken.write_text('{"tapedeck":1}\n[0,"q",{}]\n')
    cases = [
        (64, [TEXT]),
        (64, [TEXT, TEXT, "--ignore", "txt"]),
        (64, [TEXT, TEXT, "--tolerance", "5"]),
        (64, [TEXT, TEXT, "-H", "a: b"]),
        (64, [TEXT, "http://127.0.0.1:9"]),
        (64, [TEXT, TEXT, "--live"]),
        (65, [TEXT, broken]),
        (66, [TEXT, tmp_path / "none.tape"]),
        (66, [f"{TEXT}:2", TEXT]),
        (69, [TEXT, "--live", "http://127.0.0.1:9"]),
    ]
    for code, arguments in cases:
        done = run(tapedeck, "diff", *arguments)
        assert (done.returncode, done.stdout) == (code, b""), arguments
        assert done.stderr.count(b"\n") == 1, done.stderr
    assert b"did you mean 'text'" in run(tapedeck, "diff", TEXT, TEXT, "--ignore", "txt").stderr


def test_the_tolerance_of_times_can_be_chosen(tapedeck, tmp_path):
    other = edited(TEXT, tmp_path / "b.tape", ('[184372,"h"', '[234372,"h"'))
    assert diff(tapedeck, TEXT, other)[0] == 0
    code, page, _ = diff(tapedeck, TEXT, other, "--tolerance", "10%")
    assert (code, places(page)) == (1, ["timing first event"])


def test_live_is_the_same_as_long_as_the_server_answers_so(tapedeck, deck, tmp_path):
    before = sorted(tmp_path.iterdir())
    for cassette in ["anthropic-text", "openai-chat", "openai-responses", "gemini-text"]:
        code, page, said = diff(tapedeck, CASSETTES / f"{cassette}.tape", "--live", deck)
        assert (code, said) == (0, ""), page
        assert page["exchanges"][0]["b"] is None
    assert sorted(tmp_path.iterdir()) == before


def test_live_sees_a_new_type_of_event_and_a_new_field(tapedeck, deck_of, tmp_path):
    assert edited(
        TEXT, tmp_path / "now.tape", (r"\"text_delta\",", r"\"text_delta\",\"nonce\":7,"), ("A tape deck", "The deck")
    )
    with deck_of(tmp_path / "now.tape") as base:
        code, page, _ = diff(tapedeck, TEXT, "--live", f"{base}/~fault=unknown@event:3")
    assert (code, places(page)) == (1, ["types tapedeck_unknown", "shape content_block_delta /delta/nonce"])


def test_live_sees_what_is_gone(tapedeck, deck_of, tmp_path):
    edited(TEXT, tmp_path / "now.tape", (r",\"service_tier\":\"standard\"", ""), (r"\"stop_sequence\":null,", ""))
    with deck_of(tmp_path / "now.tape") as base:
        code, page, _ = diff(tapedeck, TEXT, "--live", base)
    assert (code, places(page)[0]) == (1, "shape message_start /message/stop_sequence")
    assert kinds(page) == ["shape"] or kinds(page) == ["shape", "message"]


def test_live_keeps_the_new_recording_where_it_is_asked_to(tapedeck, deck, tmp_path):
    kept = tmp_path / "kept.tape"
    assert diff(tapedeck, TEXT, "--live", deck, "-o", kept)[0] == 0
    assert diff(tapedeck, TEXT, kept, "--ignore", "timing,request")[0] == 0
    again = run(tapedeck, "diff", TEXT, "--live", deck, "-o", kept)
    assert again.returncode == 64
    assert b"exists" in again.stderr


def test_live_says_which_credential_is_missing(tapedeck, tmp_path):
    done = run(tapedeck, "diff", TEXT, "--live", "https://api.example.com")
    assert done.returncode == 64
    assert b"the field x-api-key, whose value is redacted: give it with -H 'x-api-key: " in done.stderr


def test_live_sends_the_credentials_that_are_given_and_shows_none(tapedeck, live, tmp_path):
    code, page, said = diff(tapedeck, TEXT, "--live", live, "-H", "x-api-key: sk-ant-secret-of-mine")
    assert code in (0, 1)
    assert "head status" not in places(page)
    assert "secret" not in said + json.dumps(page)


def test_live_says_what_a_server_says_that_refuses(tapedeck, deck_of, tmp_path):
    with deck_of(TEXT) as base:
        code, page, said = diff(tapedeck, TEXT, "--live", f"{base}/~fault=status:401")
    assert code == 1
    assert "head status" in places(page)
    assert "the server answers 401 (credentials are given with -H" in said


def test_a_failure_that_is_answered_today_is_no_drift(tapedeck, deck_of):
    failure = CASSETTES / "anthropic-overloaded-then-text.tape"
    with deck_of(TEXT, "--match", "any") as base:
        _, page, said = diff(tapedeck, failure, "--live", base)
    assert "exchange 1 is a failure (status 529), and the server answers today" in said
    assert [pair["a"] for pair in page["exchanges"]] == [2]


def test_a_terminal_shows_colours(tapedeck):
    done = run("env", "CLICOLOR_FORCE=1", tapedeck, "diff", TEXT, CASSETTES / "anthropic-cut.tape")
    assert b"\x1b[36m" in done.stdout
