"""Several decks behind HAProxy, as `scripts/cluster/haproxy.cfg` puts them there."""

import json
import signal
import sys
from collections import Counter

import pytest

import wire
from cluster.fleet import NAMES, answers_of, fleet
from conftest import CASSETTES, ROOT, request_bytes, run
from waiting import until

BODY = b'{"stream":true}'
SESSIONS = [f"s{number}" for number in range(12)]
RETRIED = CASSETTES / "anthropic-overloaded-then-text.tape"


@pytest.fixture
def decks(tapedeck, tmp_path):
    with fleet(tapedeck, tmp_path, CASSETTES / "anthropic-text.tape", RETRIED, "--pace", "instant") as decks:
        yield decks


def ask(base, directives="", headers=()):
    """Asks for a stream of text."""
    return wire.post(f"{base}/{directives}v1/messages", BODY, [("tapedeck", "cassette=anthropic-text"), *headers])


def served(decks, expected):
    """Which deck gave each answer, by session."""
    return Counter((line["session"], line["deck"]) for line in decks.answers(expected))


def test_a_killed_deck_takes_only_its_open_streams_and_the_sums_agree():
    count = 300
    done = run(sys.executable, ROOT / "scripts" / "cluster" / "demo", "--json", "--rate", 60, "--count", count)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    page = json.loads(done.stdout)
    assert all(page["checks"].values()), page
    assert page["shards"]["streams"] == sum(page["decks"].values()) == count
    assert all(page["decks"][name] > 0 for name in NAMES)


def test_a_session_stays_at_one_deck_however_it_is_named(decks):
    for name in SESSIONS:
        for directives in (f"~session={name}/", f"~pace=instant/~session={name}/", f"%7Esession={name}/"):
            assert ask(decks.base, directives).complete
        headers = [("tapedeck", f"cassette=anthropic-text; session={name};seed=1")]
        # The header comes first.
        assert wire.post(decks.base + "/~session=other/v1/messages", BODY, headers).complete
    found = served(decks, 4 * len(SESSIONS))
    assert {session: count for (session, _), count in found.items()} == dict.fromkeys(SESSIONS, 4)
    assert {deck for _, deck in found} == set(NAMES)


def test_a_name_in_another_spelling_is_the_same_session(decks):
    for directives in ("~session=a%2Fb:c/", "~session=a%2fb%3Ac/"):
        assert ask(decks.base, directives).complete
    assert wire.post(decks.base + "/v1/messages", BODY, [("tapedeck", "pace=instant;session=a%2Fb:c")]).complete
    assert list(served(decks, 3).values()) == [3]


def test_the_pages_of_a_session_are_those_of_its_deck(decks):
    for name in SESSIONS:
        assert ask(decks.base, f"~session={name}/").complete
        page = json.loads(wire.send("GET", f"{decks.base}/~/api/sessions/{name}").body)
        assert [one["attempts"] for one in page["attempts"]] == [1]
        entries = json.loads(wire.send("GET", f"{decks.base}/~/api/journal?limit=9&session={name}").body)
        assert [entry["session"] for entry in entries] == [name]
        outcome = json.dumps({"session": name, "delivered": "x", "outcome": "partial"}).encode()
        assert wire.post(f"{decks.base}/~/api/outcome?session={name}", outcome).status == 204
        page = json.loads(wire.send("GET", f"{decks.base}/~/api/sessions/{name}").body)
        assert page["outcome"]["outcome"] == "partial"


def test_what_names_no_session_is_spread(decks):
    for _ in range(9):
        assert ask(decks.base).complete
    assert served(decks, 9) == {("-", name): 3 for name in NAMES}


def test_the_attempt_that_an_sdk_names_is_the_same_at_each_deck(decks):
    """Without a session, an SDK's header says which attempt it is, and no deck has to know of the ones before."""

    def statuses(base, headers):
        asked = [("tapedeck", "cassette=anthropic-overloaded-then-text"), *headers]
        return wire.post(base + "/v1/messages", request_bytes("anthropic-overloaded-then-text"), asked).status

    for attempt, status in ((0, 529), (1, 200), (0, 529)):
        header = [("x-stainless-retry-count", str(attempt))]
        assert {statuses(url, header) for url in decks.urls.values()} == {status}
    # A directive does so in a session too; a session that counts by itself begins anew at each deck.
    for url in decks.urls.values():
        assert statuses(url + "/~attempt=2/~session=a", []) == 200
        assert [statuses(url + "/~session=b", []) for _ in range(2)] == [529, 200]


def test_chance_draws_the_same_at_each_deck(decks):
    asked = "~session={}/~seed=7/~fault=chaos:50%25,from=drop+end+status:529+swap/"
    for name in SESSIONS[:6]:
        answers = [wire.post(f"{url}/{asked.format(name)}v1/messages", BODY) for url in decks.urls.values()]
        assert len({(answer.status, answer.body) for answer in answers}) == 1


def test_a_request_that_reached_a_deck_is_not_sent_again(decks):
    for number in range(9):
        # The deck reads the request, and resets the connection without an answer.
        assert ask(decks.base, f"~session=r{number}/~fault=reset@head/").status == 502
    counted = sum((Counter(answers_of(decks.metrics(name))) for name in NAMES), Counter())
    assert counted == {"reset": 9}


def test_a_deck_that_is_killed_loses_no_later_request(decks):
    for name in SESSIONS:
        assert ask(decks.base, f"~session={name}/").complete
    before = dict(served(decks, len(SESSIONS)).keys())
    decks.end("deck1", signal.SIGKILL)
    decks.decks["deck1"].wait()
    # HAProxy does not know yet.
    for name in SESSIONS:
        assert ask(decks.base, f"~session={name}/").complete
        assert ask(decks.base).complete
    lines = decks.answers(3 * len(SESSIONS))[len(SESSIONS) :]
    assert {line["ended"] for line in lines} == {"--"}
    # Only the sessions of the killed deck have moved.
    after = {line["session"]: line["deck"] for line in lines if line["session"] != "-"}
    assert {name for name in SESSIONS if before[name] != after[name]} == {
        name for name in SESSIONS if before[name] == "deck1"
    }


def test_a_deck_is_drained_and_comes_back(decks):
    for state, decks_asked in (("drain", {"deck1", "deck3"}), ("ready", set(NAMES))):
        decks.set_state("deck2", state)
        before = len(decks.answers(0))
        for name in SESSIONS:
            assert ask(decks.base, f"~session={name}/").complete
            assert ask(decks.base).complete
        lines = decks.answers(before + 2 * len(SESSIONS))[before:]
        assert {line["deck"] for line in lines} == decks_asked


def test_a_deck_that_ends_leaves_none_of_its_streams_behind(decks):
    with wire.connected(decks.base) as client:
        url = decks.base + "/~session=long/~pace=gap:30ms/v1/messages"
        client.sendall(wire.request("POST", url, BODY, [("connection", "close")]))
        stream = client.makefile("rb")
        assert b"200" in stream.readline()
        name = next(name for name in NAMES if decks.metrics(name)["tapedeck_answers_in_progress"])
        decks.end(name, signal.SIGTERM)
        state = f"sessions/{name}"
        until(lambda: "DOWN" in stats(decks, state))
        for _ in range(6):
            assert ask(decks.base).complete
        assert b"message_stop" in stream.read()
    assert decks.decks[name].wait(timeout=10) == 0


def stats(decks, server):
    """What HAProxy says of a server's state."""
    lines = [line.split(",") for line in decks.command("show stat").splitlines() if line]
    status = lines[0].index("status")
    return next(line[status] for line in lines if "/".join(line[:2]) == server)


@pytest.mark.parametrize("silence", ["~fault=stall:60s@event:5", "~pace=ttft:60s,rate:1%2Fs"])
def test_a_client_that_leaves_a_silent_stream_ends_it(decks, silence):
    def in_progress():
        return sum(decks.metrics(name)["tapedeck_answers_in_progress"] for name in NAMES)

    with wire.connected(decks.base) as client:
        client.sendall(wire.request("POST", f"{decks.base}/{silence}/v1/messages", BODY, []))
        until(lambda: in_progress() == 1)
    until(lambda: in_progress() == 0)
    assert sum((Counter(answers_of(decks.metrics(name))) for name in NAMES), Counter()) == {"client": 1}


def test_another_host_is_refused_and_a_stream_is_not_held_back(decks):
    with wire.connected(decks.base) as client:
        client.sendall(wire.request("POST", "http://evil.example/v1/messages", BODY, []))
        assert b"403" in client.makefile("rb").readline()
    answer = wire.post(decks.base + "/~session=p/~pace=gap:40ms/v1/messages", BODY)
    times = [at for at, _ in answer.chunks]
    # Held back, they would come together.
    assert len(times) > 20
    assert max(times) - min(times) > 0.9 * 40_000 * (len(times) - 1)
