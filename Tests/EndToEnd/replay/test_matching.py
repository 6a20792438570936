"""What matches and what does not, as the program's flags, lists and exit codes have it."""

import gzip
import itertools
import json
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest

import upstream
import wire
from conftest import run, running, serving
from hand_tape import cassette, exchange

ID_A, ID_B = "toolu_01A09q90qw90lq917835lq9", "toolu_01Z99z99zz99zz999999zz9"
WITHIN_S = 10


def asked(base, body="", path="/v1/messages", headers=()):
    """What a request is answered with: its event's data, or the status of the error."""
    answer = wire.post(base + path, body.encode(), headers)
    return answer.body.decode()[6:-2] if answer.status == 200 else answer.status


@pytest.fixture
def deck_of(tapedeck, tmp_path):
    """Starts a deck, as often as a test wants one: `with deck_of(PATH, FLAG...) as base`."""
    numbers = itertools.count()
    return lambda *arguments: serving([tapedeck, "serve", *arguments], tmp_path / f"port-{next(numbers)}")


@pytest.fixture
def two(tmp_path):
    return cassette(
        tmp_path / "two.tape",
        exchange(1, '{"id":"%s","n":[{"t":1,"x":1}]}' % ID_A, says="a", headers=[["x-kind", "a"]]),
        exchange(2, '{"id":"%s","n":[{"t":2,"x":2}]}' % ID_A, says="b", headers=[["x-kind", "b"]]),
    )


@contextmanager
def ended(tapedeck, tmp_path, *arguments):
    """Runs a deck until the block ends; gives its base URL and what there is to say of its end."""
    end = {}
    error = tmp_path / "error"
    command = ["sh", "-c", f'exec "$@" 2>{error}', "sh", tapedeck, "serve", *arguments]
    with running(command, tmp_path / "port") as process:
        yield f"http://127.0.0.1:{(tmp_path / 'port').read_text()}", end
    end["code"] = process.returncode
    end["said"] = error.read_text().splitlines()


def test_a_field_and_a_pointer_and_a_normalization_choose_what_is_compared(deck_of, two):
    with deck_of(two, "--match=body", "--match-header=X-Kind", "--match-ignore=/n/*/t") as base:
        body = '{"id":"%s","n":[{"t":9,"x":1}]}' % ID_A
        assert asked(base, body, headers=[("x-kind", "a")]) == "a"
        assert asked(base, body, headers=[("x-kind", "b")]) == 404
        assert asked(base, body) == 404
    with deck_of(two, "--match=body", "--match-normalize=uuid,id") as base:
        assert asked(base, '{"n":[{"x":2,"t":2}],"id":"%s"}' % ID_B) == "b"
        assert asked(base, '{"n":[{"x":2,"t":2}],"id":"other"}') == 404
    with deck_of(two, "--match=body") as base:
        assert asked(base, '{"n":[{"x":2,"t":2}],"id":"%s"}' % ID_B) == 404


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--match-normalize=uuid,guid"], "'guid' cannot be normalized: there are uuid, "),
        (["--match-header=authorization"], "the field 'authorization' authenticates"),
        (["--on-miss=500"], "--on-miss 500 is not 404 or 599"),
        (["--match=header"], "--match header: there are any, body"),
        (["--match-ignore=a"], "'a' is not a JSON pointer"),
        (["--max-recorded=0B"], "--max-recorded 0 is not 1 or more"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_64(tapedeck, two, flags, said):
    done = run(tapedeck, "serve", two, "--port=0", *flags)
    assert done.returncode == 64
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_a_miss_has_the_status_that_was_chosen_and_its_command_is_well_formed(deck_of, two):
    with deck_of(two, "--match=body", "--on-miss=599") as base:
        answer = wire.post(f"{base}/~session=s/v1/messages", b'{"n":[]}')
        assert answer.status == 599
        assert answer.headers["x-should-retry"] == "false"
        assert "the body differs at /id" in json.loads(answer.body)["error"]["message"]
        with urllib.request.urlopen(f"{base}/~/api/journal?session=s", timeout=10) as page:
            detail = json.load(page)[0]["miss_detail"]
    assert detail["nearest"]["number"] in (1, 2)
    assert {"at": "body /id", "recorded": f'"{ID_A}"', "asked": None} in detail["differences"]
    assert detail["command"] == (
        f"tapedeck serve '{two}' --mode auto --upstream 'https://api.example.com' --record-to '{two}'"
    )


def test_the_command_of_a_miss_without_a_body_records_what_was_missing(tapedeck, deck_of, two):
    with upstream.streaming([b"data: new\n\n"]) as (origin, _):
        text = two.read_text().replace("https://api.example.com", origin)
        two.write_text(text)
        with deck_of(two) as base:
            message = json.loads(wire.send("GET", f"{base}/v1/models").body)["error"]["message"]
            command = message.split("record it with: ")[1].replace("tapedeck", tapedeck, 1)
        assert subprocess.run(command, shell=True, check=False, timeout=30).returncode == 0
    with deck_of(two) as base:
        assert wire.send("GET", f"{base}/v1/models").body == b"data: new\n\n"


def test_the_lists_at_the_end_name_what_missed_what_was_loose_and_what_was_not_played(tapedeck, two, tmp_path):
    flags = ["--fail-on-miss", "--fail-on-loose", "--fail-on-unplayed"]
    with ended(tapedeck, tmp_path, two, *flags) as (base, end):
        assert asked(base, "{}", "/~session=s/v1/messages") == "a"
        assert asked(base, "{}", "/v1/none") == 404
    assert end["code"] == 1
    assert len(end["said"]) == 6
    assert end["said"][0] == "tapedeck: 1 request matched no exchange:"
    assert end["said"][1].startswith("tapedeck:   no exchange matches POST /v1/none: nearest is ")
    assert end["said"][2] == "tapedeck: 1 request answered by an exchange with another body:"
    assert end["said"][3] == ("tapedeck:   session s: POST /v1/messages was answered by exchange 1 of two")
    assert end["said"][4:] == [
        "tapedeck: 1 exchange was not played:",
        "tapedeck:   exchange 2 of two",
    ]


@pytest.mark.parametrize("flag", ["--fail-on-miss", "--fail-on-loose", "--fail-on-unplayed"])
def test_what_was_not_asked_for_or_did_not_happen_is_no_failure(tapedeck, two, tmp_path, flag):
    wanted = {"--fail-on-miss": "miss", "--fail-on-loose": "loose", "--fail-on-unplayed": "unplayed"}
    bodies = {"a": '{"id":"%s","n":[{"t":1,"x":1}]}', "b": '{"id":"%s","n":[{"t":2,"x":2}]}'}
    with ended(tapedeck, tmp_path, two, flag) as (base, end):
        for says, body in bodies.items():
            if wanted[flag] != "unplayed" or says == "a":
                assert asked(base, body % ID_A) == says
        if wanted[flag] != "miss":
            assert asked(base, "", "/none") == 404
        if wanted[flag] == "unplayed":
            assert asked(base, bodies["b"] % ID_A) == "b"
    assert (end["code"], end["said"]) == (0, [])


CLIENT = """
import os, sys, urllib.request
url = os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages"
urllib.request.urlopen(urllib.request.Request(url, b"{}", method="POST")).read()
sys.exit(int(sys.argv[1]))
"""


@pytest.mark.parametrize(("code", "expected"), [(0, 1), (7, 7)])
def test_the_commands_own_failure_wins_over_that_of_the_deck(tapedeck, two, code, expected):
    command = [tapedeck, "serve", two, "--port=0", "--fail-on-loose", "--", sys.executable]
    done = run(*command, "-c", CLIENT, code)
    assert done.returncode == expected
    assert b"1 request answered by an exchange with another body" in done.stderr


def until(found, expected):
    """Waits, within a bound, until something is as expected."""
    deadline = time.monotonic() + WITHIN_S
    while (last := found()) != expected:
        assert time.monotonic() < deadline, f"{last} is not {expected}"
        time.sleep(0.02)


def exchanges(base):
    with urllib.request.urlopen(f"{base}/~/api/exchanges", timeout=10) as page:
        return [(entry["cassette"], entry["number"], entry["id"][-1]) for entry in json.load(page)]


def test_a_watched_folder_is_served_as_it_is_and_sessions_keep_their_attempts(deck_of, tmp_path):
    folder = tmp_path / "tapes"
    folder.mkdir()
    first = exchange(1, "{}", says="one")
    tape = cassette(folder / "a.tape", first)
    with deck_of(folder, "--watch") as base:
        session = f"{base}/~session=s"
        assert asked(session, "{}") == "one"
        # The same request: its second recording is for the second attempt.
        cassette(tape, first, exchange(2, "{}", says="two"))
        until(lambda: exchanges(base), [("a", 1, "1"), ("a", 2, "2")])
        assert asked(session, "{}") == "two"
        with urllib.request.urlopen(f"{base}/~/api/sessions/s", timeout=10) as page:
            assert json.load(page)["unplayed"] == []
        # What changed is not answered from a plan that was made before.
        cassette(tape, exchange(1, "{}", says="new"))
        until(lambda: asked(base, "{}", headers=[("tapedeck", "attempt=1")]), "new")
        cassette(folder / "b.tape", exchange(3, "{}", "/b", says="b"))
        until(lambda: asked(base, "{}", "/b"), "b")
        (folder / "b.tape").unlink()
        until(lambda: asked(base, "{}", "/b"), 404)
        assert exchanges(base) == [("a", 1, "1")]


def test_a_cassette_that_breaks_keeps_what_it_had_and_says_why_once(tapedeck, tmp_path):
    tape = cassette(tmp_path / "a.tape", exchange(1, "{}", says="one"))
    other = cassette(tmp_path / "b.tape", exchange(2, "{}", "/b", says="b"))
    with ended(tapedeck, tmp_path, tape, other, "--watch") as (base, end):
        cassette(tape, exchange(1, "{}", says="two"), "nonsense\n")
        until(lambda: (tmp_path / "error").read_text().count("\n"), 1)
        # Whoever sees this has been looked at more than once since.
        for says in ["c", "d"]:
            cassette(other, exchange(2, "{}", "/b", says=says))
            until(lambda says=says: asked(base, "{}", "/b"), says)
        assert asked(base, "{}") == "one"
        cassette(tape, exchange(1, "{}", says="three"))
        until(lambda: asked(base, "{}"), "three")
    assert len(end["said"]) == 1
    assert end["said"][0].startswith(f"tapedeck: {tape}")
    assert end["said"][0].endswith("the deck keeps serving what this cassette had before")
    assert end["code"] == 0


def test_a_file_that_grows_piece_by_piece_is_read_when_it_is_whole(tapedeck, tmp_path):
    tape = tmp_path / "a.tape"
    header = gzip.compress(b'{"tapedeck":1}\n')
    tape.write_bytes(header + gzip.compress(exchange(1, "{}", says="one").encode()))
    member = gzip.compress(exchange(2, "{}", "/two", says="two").encode())
    with ended(tapedeck, tmp_path, tape, "--watch") as (base, end):
        with tape.open("ab", buffering=0) as file:
            for place in range(0, len(member), 16):
                file.write(member[place : place + 16])
                time.sleep(0.03)  # A slow writer, which is what is tested; nothing waits for it.
        until(lambda: asked(base, "{}", "/two"), "two")
    assert end == {"code": 0, "said": []}


def test_what_another_process_appends_is_served_once_each(tapedeck, deck_of, tmp_path):
    tape = tmp_path / "a.tape"
    for number in range(3):
        with upstream.streaming([b"data: %d\n\n" % number]) as (origin, _):
            options = ["--append"] if number else []
            record = [tapedeck, "record", f"{origin}/v1/{number}", "-X", "POST", "-d", "{}"]
            if number != 1:
                assert run(*record, "-o", tape, *options).returncode == 0
                continue
            # The second is recorded, and a third behind it, while the deck serves.
            with deck_of(tape, "--watch") as base:
                assert asked(base, "{}", "/v1/0") == "0"
                assert run(*record, "-o", tape, *options).returncode == 0
                until(lambda base=base: asked(base, "{}", "/v1/1"), "1")
                assert len(exchanges(base)) == 2
                assert asked(base, "{}", "/v1/0") == "0"
    with deck_of(tape) as base:
        assert len(exchanges(base)) == 3
