"""`tapedeck.torture`: what a callable in Python delivers, however it delivers, and each case as a test."""

import asyncio
import json
import sys
import threading
import time
import urllib.request

import pytest

from conftest import CASSETTES, ROOT

sys.path.insert(0, str(ROOT / "packages" / "python" / "src"))
import tapedeck as package

pytest_plugins = ("python_project",)

TEXT = CASSETTES / "anthropic-text.tape"
BODY = b'{"stream":true}'


def events(base_url):
    """The data of each event, which the end of the body ends too."""
    with urllib.request.urlopen(f"{base_url}/v1/messages", BODY) as answer:
        for line in answer:
            if line.startswith(b"data:"):
                yield json.loads(line[5:])


def naive(base_url):
    for event in events(base_url):
        yield event.get("delta", {}).get("text", "")


def careful(base_url):
    reason = None
    for event in events(base_url):
        yield event.get("delta", {}).get("text", "")
        reason = event.get("delta", {}).get("stop_reason") or reason
        if event["type"] == "message_stop":
            return reason
    raise ConnectionError("the answer broke off")


def as_text(base_url):
    return "".join(naive(base_url))


def as_answer(base_url):
    pieces = []
    try:
        for piece in careful(base_url):
            pieces.append(piece)
    except Exception as error:
        return package.Answer("".join(pieces), error=str(error))
    return package.Answer("".join(pieces), finish="end_turn")


async def as_coroutine(base_url):
    return await asyncio.to_thread(as_text, base_url)


async def as_async_generator(base_url):
    for piece in careful(base_url):
        await asyncio.sleep(0)
        yield piece


class Pieces:
    """An iterator that is no generator, of either kind."""

    def __init__(self, base_url):
        self._pieces = naive(base_url)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._pieces)


class AsyncPieces(Pieces):
    __iter__ = None

    def __aiter__(self):
        return self

    async def __anext__(self):
        for piece in self._pieces:
            return piece
        raise StopAsyncIteration


@pytest.mark.parametrize(
    ("client", "verdict", "evidence"),
    [
        (naive, "silent-truncation", "delivered 199 of 396 characters and said 'complete'"),
        (as_text, "silent-truncation", "delivered 199 of 396"),
        (as_coroutine, "silent-truncation", "delivered 199 of 396"),
        (Pieces, "silent-truncation", "delivered 199 of 396"),
        (AsyncPieces, "silent-truncation", "delivered 199 of 396"),
        (
            careful,
            "reported",
            "delivered 199 of 396 characters and said 'error': ConnectionError: the answer broke off",
        ),
        (as_answer, "reported", "delivered 199 of 396 characters and said 'error': the answer broke off"),
        (as_async_generator, "reported", "delivered 199 of 396"),
    ],
)
def test_a_client_is_judged_by_what_it_delivers(client, verdict, evidence):
    report = package.torture(client, TEXT, case="cut/end/event-23")
    (result,) = report
    assert (result.case, result.verdict, result.id) == ("cut/end/event-23", verdict, "anthropic-text/cut/end/event-23")
    assert evidence in result.evidence
    assert result.is_wrong == (verdict == "silent-truncation")
    if not result.is_wrong:
        return report.check()
    with pytest.raises(AssertionError) as raised:
        report.check()
    assert "1 case: 1 wrong\nanthropic-text/cut/end/event-23: silent-truncation: " in str(raised.value)
    assert "A right client reports the failure or tries again" in str(raised.value)
    return None


def test_a_client_that_hangs_does_not_hold_up_the_run():
    called = []

    def client(base_url):
        called.append(base_url)
        yield from careful(base_url)
        if len(called) == 3:
            time.sleep(600)

    started = time.monotonic()
    report = package.torture(client, TEXT, case="cut/end/event-4*", jobs=1, timeout="1s")
    assert sorted(result.verdict for result in report).count("hang") <= 1 < len(report)
    assert "hang" in {result.verdict for result in report} | {result.evidence for result in report} or len(called) > 3
    assert time.monotonic() - started < 120


def test_a_run_leaves_no_thread_behind():
    before = set(threading.enumerate())
    package.torture(as_text, TEXT, case="cut/end/event-23")
    deadline = time.monotonic() + 20
    while set(threading.enumerate()) - before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert set(threading.enumerate()) <= before


def test_known_failures_pass_and_one_that_is_mended_does_not(tmp_path):
    known = tmp_path / "known.json"
    known.write_text(json.dumps([{"case": "cut/end/*", "verdict": "silent-truncation", "why": "not mended yet"}]))
    report = package.torture(naive, TEXT, case="cut/end/event-23", known=known)
    assert report.results[0].known and not report.wrong
    report.check()
    report = package.torture(careful, TEXT, case="cut/end/event-23", known=known)
    with pytest.raises(AssertionError, match=r"known failure 'cut/end/\*' \(silent-truncation\) no longer fails"):
        report.check()


@pytest.mark.parametrize(
    ("client", "error", "words"),
    [
        (lambda _: 3, TypeError, "the client returned 3: expected a str, a tapedeck.Answer, or a generator of text"),
        (lambda _: [b"x"], TypeError, "the client returned [b'x']: expected a str"),
        (lambda _: iter([b"x"]), TypeError, "the client yielded b'x': expected pieces of text"),
        (lambda _: (number for number in [1]), TypeError, "the client yielded 1: expected pieces of text"),
        (lambda _: "another text", package.DeckError, "does not get 'anthropic-text' right without any fault"),
        (naive, package.DeckError, "there is no case"),
    ],
)
def test_what_is_no_client_gets_no_verdict(client, error, words):
    case = "cut/nothing/*" if client is naive else "cut/end/event-23"
    with pytest.raises(error) as raised:
        package.torture(client, TEXT, case=case)
    if client is not naive:
        assert words in str(raised.value)


def test_each_case_is_a_test_and_a_wrong_one_says_what_a_right_client_does(python, tmp_path):
    cassette = tmp_path / "one.tape"
    cassette.write_bytes(TEXT.read_bytes())
    (tmp_path / "pytest.ini").write_text("[pytest]\ntapedeck_cassettes = one.tape\n")
    (tmp_path / "test_it.py").write_text("""
import json, urllib.request
import tapedeck

def client(base_url):
    with urllib.request.urlopen(base_url + "/v1/messages", b'{"stream":true}') as answer:
        for line in answer:
            if line.startswith(b"data:"):
                yield json.loads(line[5:]).get("delta", {}).get("text", "")

@tapedeck.cases(case=["cut/end/event-23", "cut/disconnect/event-23"])
def test_cuts(case):
    case.check(client)

@tapedeck.cases("nowhere.tape")
def test_nothing(case):
    case.check(client)

def test_all(subtests):
    report = tapedeck.torture(client, "one.tape", case="cut/end/event-2*")
    for result in report:
        with subtests.test(result.id):
            result.check()
""")
    done = python.pytest("-q", "-rA", "--strict-markers", cwd=tmp_path)
    assert "FAILED test_it.py::test_cuts[cut/end/event-23] - AssertionError: " in done.out, done.out
    assert "FAILED test_it.py::test_nothing[none] - tapedeck" in done.out
    said = done.report_of("test_cuts[cut/end/event-23]")
    assert "silent-truncation: delivered 199 of 396 characters" in said and "A right client " in said
    assert "nowhere.tape: there is no such file or folder" in done.out
    assert "SUBFAILED[one/cut/end/event-23] test_it.py::test_all" in done.out
