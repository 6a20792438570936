"""The deck's plans, and what it sends, compared with a second implementation of the contract."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

import random_tape
import reference_plan
import tape
import wire
from conftest import CASSETTES, run, serving, shipped_names
from reference_plan import Settings

SILENCE_S = 1
WIRE_ENDS = {"complete": "fin", "disconnect": "fin", "reset": "reset", "hang": "silence"}
SETTINGS = [
    Settings(),
    Settings("2x"),
    Settings("3x", idle_time_limit="200ms"),
    Settings("1.5x"),
    Settings("0.3333x", idle_time_limit="333us"),
    Settings("instant"),
    Settings(idle_time_limit="1.5s"),
    Settings("gap:20ms"),
    Settings("gap:0.01s", idle_time_limit="1ms"),
    Settings("ttft:300ms,rate:50/s"),
    Settings("ttft:0ms,rate:7/s"),
    Settings("ttft:1m,rate:0.3/s"),
    Settings("recorded,jitter:20%"),
    Settings("recorded,jitter:20%", attempt=2),
    Settings("3x,jitter:100%", seed=2**64 - 1, session="a:b/[c]", attempt=3),
    Settings("2x,jitter:0%"),
    Settings("instant,jitter:50%"),
    Settings("gap:20ms,jitter:20%", seed=1),
    Settings("ttft:300ms,rate:7/s,jitter:2.5%", session="s"),
    Settings("7x,jitter:50%", idle_time_limit="250us", seed=7),
    Settings("model:ttft=lognormal(300ms,0.4),gap=lognormal(20ms,0.3)", seed=1),
    Settings("model:gap=normal(5ms,5ms),ttft=1.5s", session="s", attempt=2),
    Settings("model:gap=uniform(1ms,9ms)", seed=2**64 - 1),
    Settings("model:ttft=exponential(1s),gap=lognormal(3ms,2.5)", seed=9),
    *(
        Settings(f"like:{CASSETTES / name}.tape{jitter}", seed=4, like=tape.read(CASSETTES / f"{name}.tape"))
        for name, jitter in (("openai-chat", ""), ("gemini-text", ",jitter:30%"))
    ),
]


def plans(tapedeck, path, settings):
    """What the deck plans for each exchange, without the sizes of heads."""
    options = ["--pace", settings.pace, "--seed", settings.seed, "--attempt", settings.attempt]
    if settings.session:
        options += ["--session", settings.session]
    if settings.idle_time_limit:
        options += ["--idle-time-limit", settings.idle_time_limit]
    done = run(tapedeck, "plan", "--json", path, *options)
    assert done.returncode == 0, done.stderr
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    for plan in printed:
        plan.pop("notes", None)
        plan.pop("expect", None)
        assert plan.pop("faults") == []
        for action in plan["actions"]:
            assert action["do"] != "head" or action.pop("bytes") > 0
    return printed


def check_plans(tapedeck, path, settings):
    printed = plans(tapedeck, path, settings)
    exchanges = tape.read(path)
    assert len(printed) == len(exchanges) > 0
    for number, (plan, exchange) in enumerate(zip(printed, exchanges, strict=True), 1):
        assert plan == reference_plan.plan(number, exchange, settings)


@pytest.fixture(scope="module")
def random_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("random") / "random.tape"
    path.write_text(random_tape.text(seed=1))
    return path


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_a_random_cassette_is_planned_as_the_contract_says(tapedeck, random_path, settings):
    check_plans(tapedeck, random_path, settings)


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_cassette_is_planned_as_the_contract_says(tapedeck, name):
    for settings in SETTINGS[::3]:
        check_plans(tapedeck, CASSETTES / f"{name}.tape", settings)


@pytest.mark.parametrize("settings", SETTINGS[::7], ids=str)
def test_real_streams_are_planned_as_the_contract_says(tapedeck, corpus_path, settings):
    check_plans(tapedeck, corpus_path, settings)


@pytest.mark.parametrize("seed", range(2, 7))
def test_the_paces_by_event_agree_on_any_bytes(tapedeck, tmp_path, seed):
    path = tmp_path / "random.tape"
    path.write_text(random_tape.text(seed, rounds=10))
    check_plans(tapedeck, path, Settings("gap:5ms,jitter:9%", seed=seed))


def test_a_plan_says_what_cannot_be_replayed_as_it_was(tapedeck, random_path):
    done = run(tapedeck, "plan", "--json", random_path)
    for line, exchange in zip(done.stdout.splitlines(), tape.read(random_path), strict=True):
        over_h2 = exchange.head.get("framing") == "h2"
        unfit = exchange.how in ("cancelled", "interrupted")
        reframed = exchange.how == "malformed" and exchange.head.get("framing") in ("eof", "length")
        assert len(json.loads(line).get("notes", [])) == over_h2 + unfit + reframed


@pytest.mark.parametrize("pace", ["instant", "gap:0us"])
def test_the_wire_has_the_planned_bytes_and_the_planned_end(tapedeck, tmp_path, pace):
    path = tmp_path / "random.tape"
    path.write_text(random_tape.text(seed=3, rounds=3))
    exchanges = tape.read(path)
    ends = [WIRE_ENDS[reference_plan.ENDINGS[exchange.how]] for exchange in exchanges]

    def fetch(number, end):
        url = f"{base}/~exchange={number}/~pace={pace}{random_tape.PATH}"
        return wire.post_until_end(url, b"{}", SILENCE_S if end == "silence" else wire.SILENCE_S)

    with (
        serving([tapedeck, "serve", path], tmp_path / "port") as base,
        ThreadPoolExecutor(16) as pool,
    ):
        answers = list(pool.map(fetch, range(1, len(exchanges) + 1), ends))
    for exchange, end, (answer, ended) in zip(exchanges, ends, answers, strict=True):
        body = answer
        if exchange.head:
            head, _, body = answer.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 %d " % exchange.head["status"])
        assert body == reference_plan.wire_bytes(exchange, Settings(pace))
        assert ended == end
