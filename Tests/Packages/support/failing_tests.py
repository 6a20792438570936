"""Tests of a user, each of which passes by itself and fails for another reason that only the deck sees."""

TESTS = """
import os
import signal
import unittest
import urllib.error
import urllib.request

import pytest

BODY = b'{"stream":true}'


def ask(base=None, path="/v1/messages"):
    base = base or os.environ["ANTHROPIC_BASE_URL"]
    return urllib.request.urlopen(base + path, BODY).read()


def fail(base=None, path="/v1/messages"):
    with pytest.raises(OSError):
        ask(base, path)


@pytest.fixture(scope="module")
def base_of_first():
    return {}


def test_passes(tapedeck, base_of_first):
    base_of_first["url"] = tapedeck.url
    assert b"message_stop" in ask()


@pytest.mark.tapedeck("anthropic-text", fault="reset@event:12", on=1)
def test_marker_alone():
    fail()
    assert b"message_stop" in ask()


def test_misses(tapedeck):
    fail(path="/v1/messages/count_tokens")


def test_unfired(tapedeck):
    ask(tapedeck.with_fault("reset@event:12", on=3).url)


def test_never_asked(tapedeck):
    tapedeck.with_fault("reset@event:12")
    ask()


@pytest.mark.tapedeck(fault="end@event:2")
def test_no_request():
    pass


def test_refused(tapedeck):
    fail(tapedeck.with_fault("rest@event:12").url)


def test_lost_prefix(tapedeck_deck, tapedeck):
    fail(tapedeck_deck.url)


def test_old_client(tapedeck, base_of_first):
    ask(base_of_first["url"])


def test_own_failure(tapedeck):
    ask()
    assert "mine" == "yours"


@pytest.mark.tapedeck("nowhere")
def test_no_cassette():
    fail()


@pytest.mark.tapedeck(falt="end@event:2")
def test_wrong_word():
    pass


@pytest.mark.tapedeck(on=1)
def test_nothing_on():
    pass


@pytest.mark.tapedeck(fault=529)
def test_no_text():
    pass


@pytest.mark.tapedeck(fault="status:529", on=[1, 2])
def test_no_attempt():
    pass


@pytest.mark.tapedeck(fault=["end@event:2", "end@event:3"])
def test_contradiction():
    fail()


@pytest.mark.tapedeck(fault="end@event:2")
def test_misses_with_fault():
    fail(path="/v1/messages/count_tokens")


@pytest.mark.tapedeck(fault="status:429,retry-after=3s", fail_on="conduct")
def test_conduct():
    fail()
    fail()


@pytest.mark.tapedeck(fault="status:429,retry-after=3s")
def test_conduct_is_not_asked():
    fail()
    fail()


@pytest.mark.tapedeck(fail_on="none")
def test_misses_on_purpose():
    fail(path="/v1/messages/count_tokens")


@pytest.mark.tapedeck(fail_on="loose")
def test_loose():
    ask()


@pytest.mark.tapedeck("anthropic-text", fault="stall:1ms@event:3")
class TestMarked:
    def test_class_fault(self):
        ask()

    @pytest.mark.tapedeck(fault="reset@event:12")
    def test_closest_fault(self, tapedeck):
        fail()
        (entry,) = tapedeck.expect(fired=["reset@event:12"])
        assert entry.exchange.cassette == "anthropic-text"

    @pytest.mark.tapedeck(fault=None)
    def test_no_fault(self, tapedeck):
        ask()
        tapedeck.expect(fired=[])


def test_kills_the_deck(tapedeck, tapedeck_deck):
    ask()
    os.kill(tapedeck_deck.pid, signal.SIGKILL)
    while tapedeck_deck.is_running:
        pass


def test_fails_on_a_dead_deck(tapedeck, tapedeck_deck):
    os.kill(tapedeck_deck.pid, signal.SIGKILL)
    while tapedeck_deck.is_running:
        pass
    ask()


def test_has_another_deck(tapedeck, tapedeck_deck):
    ask()
    assert tapedeck.url.startswith(tapedeck_deck.url)


@pytest.mark.tapedeck(fault="status:529")
class CaseTests(unittest.TestCase):
    def test_fires(self):
        fail()

    def test_no_request(self):
        pass

    def test_own_failure(self):
        self.fail("of its own accord")


@pytest.mark.xfail(strict=True)
def test_expected_to_miss(tapedeck):
    fail(path="/v1/messages/count_tokens")


def test_skipped(tapedeck):
    fail(path="/v1/messages/count_tokens")
    pytest.skip("not today")


def test_environment(tapedeck):
    assert os.environ["OPENAI_BASE_URL"] == tapedeck.openai_url == str(tapedeck) + "/v1"
    assert os.environ["GOOGLE_GEMINI_BASE_URL"] == tapedeck.gemini_url == tapedeck.url
    assert os.environ["OPENAI_API_KEY"] == "tapedeck"
    assert os.environ["ANTHROPIC_API_KEY"] == "mine"
    assert os.environ["NO_PROXY"] == "example.com,127.0.0.1,localhost"


def test_environment_is_put_back():
    assert os.environ["NO_PROXY"] == "example.com"
    assert not [name for name in os.environ if name.endswith("_BASE_URL")]
    assert "OPENAI_API_KEY" not in os.environ
"""

# What the report of a test says, in this order.
REPORTS = {
    "test_misses": [
        "tapedeck: no exchange matches POST /v1/messages/count_tokens: nearest is exchange 1 of ",
        "record it with: pytest --tapedeck-mode=once --tapedeck-upstream=http",
        "test_it.py::test_misses\n",
        "- tapedeck -",
        "session test_it-test_misses\n",
        "POST /v1/messages/count_tokens, attempt 1: 404",
    ],
    "test_unfired": [
        "tapedeck: the fault reset@event:12,on=3 never fired: the last request was attempt 1",
        "attempt 1: 200, exchange 1 of ",
        "reproduce: ",
    ],
    "test_never_asked": ["tapedeck: the fault reset@event:12 never fired: no request came with it"],
    "test_no_request": ["the fault end@event:2 never fired: no request came; does the client read its base URL"],
    "test_refused": ["POST /v1/messages was refused: there is no fault 'rest': did you mean reset@event:12"],
    "test_lost_prefix": ["POST /v1/messages came without a session: this deck requires a session"],
    "test_old_client": ["came in the session of test_it.py::test_passes, which is over: its client was made there"],
    "test_own_failure": ["AssertionError: assert 'mine' == 'yours'", "- tapedeck -", "attempt 1: 200", "reproduce: "],
    "test_no_cassette": [
        "was refused: there is no cassette 'nowhere': there are anthropic-cut, ",
        "record it with: pytest --tapedeck-mode=once --tapedeck-upstream=https://api.anthropic.com "
        "test_it.py::test_no_cassette",
    ],
    "test_wrong_word": ["@pytest.mark.tapedeck: it has no 'falt': it takes cassette, fault, on, "],
    "test_nothing_on": ["'on' says on which attempts a fault fires, and there is no fault"],
    "test_no_text": ["fault is 529: expected a fault such as 'reset@event:12', or a list of them"],
    "test_no_attempt": ["on is [1, 2]: expected an attempt such as 1, or a range such as '1-2'"],
    "test_contradiction": ["end@event:2 and end@event:3 contradict each other"],
    "test_misses_with_fault": ["tapedeck: no exchange matches POST /v1/messages/count_tokens: ", "record it with: "],
    "test_kills_the_deck": ["tapedeck: the deck died while the test ran: it was ended by SIGKILL"],
    "test_fails_on_a_dead_deck": [
        "tapedeck: the deck died while the test ran: it was ended by SIGKILL",
        "the test itself failed with URLError: ",
    ],
    "test_conduct": ["POST /v1/messages: retry-too-soon: attempt 2 came ", "after an answer that asked to wait 3 s"],
    "test_loose": ["POST /v1/messages was answered by exchange 1 of ", "which differs: body /"],
    "CaseTests.test_no_request": ["the fault status:529 never fired: no request came"],
    "CaseTests.test_own_failure": ["of its own accord"],
}
