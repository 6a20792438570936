"""The page of a deck that a person looks at, `/~/`."""

import pytest

import browser
import wire
from conftest import CASSETTES, request_bytes

NAME = "anthropic-text"
HTML = ("accept", "text/html,application/xhtml+xml;q=0.9")


def ask(base, directives, times=1):
    for _ in range(times):
        wire.post(f"{base}/{directives}/v1/messages", request_bytes(NAME))


@pytest.fixture
def visited(deck_of):
    with deck_of(CASSETTES / f"{NAME}.tape", "--pace", "instant") as base:
        ask(base, "~session=first", 3)
        ask(base, "~session=second/~fault=end@event:12,on=1", 2)
        ask(base, "~session=%3Cb%3E%3Cscript%3E")
        wire.post(f"{base}/v1/unknown<script>", b"{}")
        yield base


def test_it_has_sessions_and_requests(visited):
    answer = wire.send("GET", f"{visited}/~/", headers=[HTML])
    assert answer.status == 200
    assert dict(answer.headers)["content-type"] == "text/html; charset=utf-8"
    page = answer.body.decode()
    assert "3 requests, 3 complete" in page and "2 requests, 2 complete, 1 with faults" in page
    assert "end@event:12" in page and 'href="api/sessions/first"' in page
    assert "<script" not in page and "<b>" not in page


def test_it_is_for_browsers(visited):
    answer = wire.send("GET", f"{visited}/~/", headers=[("accept", "*/*")])
    assert answer.status == 404 and b"/~/api/journal" in answer.body


def test_it_is_for_those_who_may_see_the_other_pages(deck_of):
    with deck_of(CASSETTES / f"{NAME}.tape", "--token", "secret") as base:
        assert wire.send("GET", f"{base}/~/", headers=[HTML]).status == 401
        headers = [HTML, ("authorization", "Bearer secret")]
        assert wire.send("GET", f"{base}/~/", headers=headers).status == 200
        assert wire.send("POST", f"{base}/~/", headers=headers).status == 405


@pytest.mark.skipif(not browser.BROWSER, reason="there is no chromium: scripts/prepare chromium")
def test_nothing_overlaps_in_a_browser(visited, pictures):
    with browser.browser() as page:
        for dark in (False, True):
            for width in (1280, 400):
                page.open(f"{visited}/~/", width=width, dark=dark)
                seen = page.look()
                page.keep(pictures / f"deck-{'dark' if dark else 'light'}-{width}.png")
                assert seen["overlaps"] == [] and seen["outside"] == [] and seen["overflow"] == 0
                assert page.complaints == [] and page.requests == [f"{visited}/~/"]
