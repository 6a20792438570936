"""Which cases `torture` makes of a cassette, and how a user chooses among them."""

import json

import child
from conftest import CASSETTES, ROOT

HAND = ROOT / "docs" / "examples" / "hand.tape"
TEXT = CASSETTES / "anthropic-text.tape"
KEYS = ["case", "cassette", "exchange", "title", "fault", "expect", "expectation", "clause", "takes_us", "endless"]


def listed(tapedeck, *words, tape=TEXT):
    ended = child.run(tapedeck, "torture", tape, "--list", "--json", *words)
    assert ended.returncode == 0, ended
    return json.loads(ended.stdout)["cases"]


def test_cases_are_listed_in_the_order_of_their_places(tapedeck):
    cases = listed(tapedeck)
    assert all(list(case) == KEYS for case in cases)
    ids = [case["case"] for case in cases]
    assert ids[0] == "parse/plain"
    assert ids.index("cut/disconnect/event-4") < ids.index("cut/disconnect/event-23")
    assert len(set(ids)) == len(ids) > 200
    assert ids == [case["case"] for case in listed(tapedeck, "--seed", "9")]


def test_a_directive_of_a_case_can_be_planned(tapedeck):
    for case in listed(tapedeck, "--case", "cut/reset", "--case", "parse/newline"):
        faults = [word for fault in case["fault"].split(";") for word in ("--fault", fault)]
        plan = child.run(tapedeck, "plan", TEXT, *faults, "--pace", "instant", "--json")
        assert plan.returncode == 0, plan
        planned = json.loads(plan.stdout)
        assert planned["expect"]["outcome"] == case["expect"], case


def test_patterns_and_classes_choose_cases(tapedeck):
    cases = listed(tapedeck, "--case", "error/*", "--exclude", "*/event-4", "--class", "undetectable")
    assert cases
    assert {case["expect"] for case in cases} == {"undetectable"}
    assert not [case for case in cases if case["case"].endswith("/event-4")]
    assert [case["case"] for case in listed(tapedeck, "--case", "anthropic-text/parse/plain")] == ["parse/plain"]


def test_all_places_have_every_byte(tapedeck):
    few = listed(tapedeck, "--case", "cut/end", tape=HAND)
    cases = listed(tapedeck, "--case", "cut/end", "--places", "all", tape=HAND)
    assert {case["case"] for case in few} < {case["case"] for case in cases}
    lines = [json.loads(line) for line in HAND.read_text().splitlines()[1:]]
    size = sum(len(data.encode()) for _, code, data in lines if code == "d")
    assert len(cases) == len({case["fault"] for case in cases}) == size


def test_a_read_timeout_adds_cases_that_exceed_it(tapedeck):
    without = {case["case"] for case in listed(tapedeck, "--case", "time")}
    cases = listed(tapedeck, "--case", "time", "--read-timeout", "1s")
    added = [case for case in cases if case["case"] not in without]
    assert {case["case"].rsplit("/", 1)[0] for case in added} == {"time/stall/long"}
    assert all(case["takes_us"] >= 1_500_000 for case in added)


def test_a_pattern_that_matches_nothing_says_what_is_near(tapedeck):
    ended = child.run(tapedeck, "torture", TEXT, "--list", "--case", "parse/newline/clrf")
    assert ended.returncode == 64
    assert len(ended.lines) == 1
    assert b"'parse/newline/clrf'" in ended.stderr and b"parse/newline/crlf" in ended.stderr
