"""Every kind of page in a real browser, in light and dark, wide and narrow: nothing overlaps, no script, no error."""

import json

import pytest

import browser
from conftest import CASSETTES, run
from made_report import report

pytestmark = pytest.mark.skipif(not browser.BROWSER, reason="there is no chromium: scripts/prepare chromium")

HOSTILE = "</script><script>alert(1)</script>\"onload='x'\u202e\u0600<b> " + "wide" * 400


@pytest.fixture(scope="module")
def page():
    with browser.browser() as page:
        yield page


@pytest.fixture(scope="module")
def pages(tapedeck, tmp_path_factory):
    """The URL of each kind of page, by name."""
    folder = tmp_path_factory.mktemp("pages")

    def made(name, *arguments):
        path = folder / f"{name}.html"
        done = run(tapedeck, *arguments, "--html", path)
        assert done.returncode in (0, 1), done.stderr
        return path.as_uri()

    def merged(name, *texts):
        files = []
        for number, text in enumerate(texts):
            files.append(folder / f"{name}-{number}.json")
            files[-1].write_text(text)
        return made(name, "torture", "--merge", *files)

    def hostile(one):
        for key in ("title", "evidence", "clause", "expectation", "fault", "reproduce", "cassette"):
            one[key] += HOSTILE

    def loaded(name, *arguments, change=None):
        """The results of a few streams, as `load --json` prints them."""
        asked = ("--arrivals", "constant:80/s", "--count", "80", "--slo", "ttft.p99<1us,errors<1%", "--json")
        done = run(tapedeck, "load", CASSETTES / "anthropic-text.tape", *asked, *arguments)
        assert done.returncode in (0, 1), done.stderr
        results = json.loads(done.stdout)
        results.update(change or {})
        (folder / f"{name}.json").write_text(json.dumps(results))
        return folder / f"{name}.json"

    first = loaded("load-first", "--pace", "model:ttft=lognormal(40ms,0.4),gap=lognormal(3ms,0.5)")
    second = loaded("load-second", "--pace", "10x", "--cancel", "20%@50ms")
    strange = loaded("load-strange", "--pace", "instant", change={"target": HOSTILE, "arrivals": HOSTILE})
    objectives = ("--slo", "ttft.p99<1us", "--slo", "errors<1%")
    return {
        "load": made("load", "load", "--merge", first, *objectives),
        "load-against": made("load-against", "load", "--merge", second, "--against", first, *objectives),
        "load-hostile": made("load-hostile", "load", "--merge", strange),
        "show": made("show", "show", CASSETTES / "anthropic-tool-use.tape"),
        "show-broken": made("show-broken", "show", CASSETTES / "anthropic-cut.tape"),
        "plan": made("plan", "plan", CASSETTES / "anthropic-text.tape", "--fault", "stall:10s@event:12"),
        "torture": merged("torture", report(96)),
        "torture-right": merged("torture-right", report(48, change=lambda one: one.update(verdict="ok", conduct="ok"))),
        "torture-merged": merged("torture-merged", report(60), report(84, client="node client.mjs")),
        "torture-hostile": merged("torture-hostile", report(24, client=HOSTILE, change=hostile)),
    }


KINDS = ["show", "show-broken", "plan", "torture", "torture-right", "torture-merged", "torture-hostile"]
KINDS += ["load", "load-against", "load-hostile"]


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_overlaps(page, pages, pictures, kind, dark, width):
    page.open(pages[kind], width=width, dark=dark)
    page.run("for (const one of document.querySelectorAll('details')) one.open = true")
    # What is off the screen has no layout until it is shown.
    page.run("for (const one of document.querySelectorAll('article')) one.style.contentVisibility = 'visible'")
    seen = page.look()
    page.keep(pictures / f"{kind}-{'dark' if dark else 'light'}-{width}.png")
    assert seen["texts"] > 5
    assert seen["overlaps"] == [] and seen["outside"] == []
    assert seen["overflow"] == 0
    light = sum(int(part) for part in seen["background"].strip("rgb()").split(",")) > 380
    assert light != dark
    assert page.complaints == []
    assert page.requests == [pages[kind]]
    assert page.run("document.scripts.length") == 0


def test_what_overlaps_is_found(page, tmp_path):
    texts = '<text x="0" y="20">one</text><text x="9" y="22">two</text><text x="180" y="50">far too long</text>'
    picture = f'<svg class="picture" width="200" height="60" style="overflow: visible">{texts}</svg>'
    (tmp_path / "bad.html").write_text(f'<h1>x</h1>{picture}<p style="width: 3000px">wide</p><script>x()</script>')
    page.open((tmp_path / "bad.html").as_uri())
    seen = page.look()
    assert seen["overlaps"] == ["one / two"] and seen["outside"] == ["far too long"]
    assert seen["overflow"] > 1000
    assert page.complaints


def test_each_cell_leads_to_its_case(page, pages):
    page.open(pages["torture"])
    missing = page.run(
        "[...document.querySelectorAll('.cells a, .kinds a')].filter((one) => !document.querySelector(one.hash)).length"
    )
    assert missing == 0
    assert page.run("document.querySelectorAll('.cells a').length") == 96
    # A case in a part that is closed is shown when its cell is followed.
    page.run("document.querySelector('.cells a.r').click()")
    top = "document.querySelector(':target').getBoundingClientRect().top"
    assert 0 <= page.run(f"new Promise((done) => setTimeout(() => done({top}), 100))") < 900


@pytest.mark.alone
def test_five_thousand_cases_open_within_a_second(page, tapedeck, tmp_path):
    (tmp_path / "run.json").write_text(report(5000))
    done = run(tapedeck, "torture", "--merge", tmp_path / "run.json", "--html", tmp_path / "run.html")
    assert done.returncode in (0, 1), done.stderr
    assert (tmp_path / "run.html").stat().st_size < 3_000_000
    url = (tmp_path / "run.html").as_uri()
    assert min(page.open(url) for _ in range(3)) < 1000
