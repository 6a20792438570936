"""Which streams `tapedeck load` asks for and when: seeds, shards, warm-up, clients that leave, requests."""

from collections import Counter

import pytest

from loaded_deck import deck_on, exchange, write_tape
from loading import POST, load, load_json, quantile, server, words

QUICK = [[1000, 500]]


def test_what_is_due_in_the_warm_up_is_asked_for_and_counts_in_nothing(tapedeck, tmp_path):
    with server(tmp_path / "s", QUICK) as known:
        arguments = ["--arrivals", "constant:100/s", "--warmup", "500ms", "--duration", "1500ms"]
        report = load_json(tapedeck, known.url, *POST, *arguments)
    assert abs(len(known.streams) - 150) <= 2
    assert abs(report["streams"] - 100) <= 2
    assert abs(report["achieved_per_s"] - 100) < 5


def test_clients_that_leave_early_are_those_that_the_server_missed(tapedeck, tmp_path):
    with server(tmp_path / "s", [[20_000, *[30_000] * 20]]) as known:
        arguments = ["--arrivals", "constant:200/s", "--count", 200, "--cancel", "30%@150ms"]
        report = load_json(tapedeck, known.url, *POST, *arguments)
    left = [stream for stream in known.streams if stream["left"]]
    assert report["outcomes"] == {"whole": 200 - len(left), "cancelled": len(left)}
    assert 30 < len(left) < 90
    stayed_us = [stream["ended_us"] - stream["arrived_us"] for stream in left]
    # The time counts from when the stream was due. A server sees late that a client has gone where it is busy.
    assert 100_000 < quantile(stayed_us, 0.25) < 400_000


def test_no_more_streams_are_under_way_than_a_closed_loop_has_places(tapedeck, tmp_path):
    with server(tmp_path / "s", [[20_000, 5000]]) as known:
        report = load_json(tapedeck, known.url, *POST, "--arrivals", "concurrent:5", "--count", 60)
    streams = known.streams
    assert report["streams"] == len(streams) == 60
    for stream in streams:
        at = stream["arrived_us"]
        assert sum(other["arrived_us"] <= at < other["sent_us"][-1] for other in streams) <= 5


def test_what_would_be_too_many_at_a_time_is_not_sent_and_counted(tapedeck, tmp_path):
    with server(tmp_path / "s", [[400_000, 1000]]) as known:
        arguments = ["--arrivals", "constant:100/s", "--count", 50, "--max-in-flight", 4]
        done = load(tapedeck, known.url, *POST, *arguments, "--json")
    report = done.report
    assert report["not_sent"] > 30
    assert report["streams"] == len(known.streams) == 50 - report["not_sent"]


@pytest.mark.parametrize(
    ("choice", "shares"),
    [("ordered", {"/v1/1": 20, "/v1/2": 20, "/v1/3": 20}), ("weights:4,1,0", {"/v1/1": 48, "/v1/2": 12})],
)
def test_the_requests_of_a_cassette_are_asked_for_as_chosen(tapedeck, tmp_path, choice, shares):
    exchanges = [exchange(n, ["data: a\n\n"], body=f'{{"n":{n}}}', path=f"/v1/{n}") for n in (1, 2, 3)]
    tape = write_tape(tmp_path / "t.tape", *exchanges)
    with server(tmp_path / "s", QUICK) as known:
        arguments = ["--arrivals", "constant:200/s", "--count", 60, "--requests", choice]
        load_json(tapedeck, f"http://127.0.0.1:{known.port}", tape, *arguments)
    seen = Counter(stream["target"] for stream in known.streams)
    if choice == "ordered":
        assert seen == shares
    else:
        assert set(seen) == set(shares)
        assert abs(seen["/v1/1"] - shares["/v1/1"]) < 12


FAULTS = {
    "none": ("", {"equal": 20}),
    "drop": ("drop@event:4", {"lost": 20}),
    "duplicate": ("duplicate@event:4", {"doubled": 20}),
    "swap": ("swap@event:4", {"changed": 20}),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_verified_streams_are_equal_or_counted_by_what_is_wrong(tapedeck, tmp_path, kind):
    tape = write_tape(tmp_path / "t.tape", exchange(1, words(8), path="/v1/chat/completions", gap_us=500))
    fault, wanted = FAULTS[kind]
    with deck_on(tapedeck, tmp_path, tape) as deck:
        base = f"http://127.0.0.1:{deck.port}" + (f"/~fault={fault}" if fault else "")
        done = load(tapedeck, base, tape, "--verify", "--arrivals", "constant:100/s", "--count", 20, "--json")
    assert done.report["verify"] == wanted
