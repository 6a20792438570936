"""Where pages and pictures go, what they have, and what is said where they cannot be written."""

import json
import resource
import signal
import subprocess
import xml.etree.ElementTree as tree

import pytest

from conftest import CASSETTES, run
from made_report import report

TEXT = CASSETTES / "anthropic-text.tape"
SEVERAL = CASSETTES / "anthropic-overloaded-then-text.tape"
MADE = [("show", "--html"), ("show", "--svg"), ("plan", "--html")]


@pytest.mark.parametrize(("verb", "flag"), MADE)
def test_a_file_is_replaced_and_dash_is_standard_output(tapedeck, tmp_path, verb, flag):
    path = tmp_path / "out"
    path.write_text("before")
    done = run(tapedeck, verb, TEXT, flag, path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert run(tapedeck, verb, TEXT, flag, "-").stdout == path.read_bytes()
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(("verb", "flag"), MADE)
def test_what_cannot_be_written_leaves_nothing(tapedeck, tmp_path, verb, flag):
    done = run(tapedeck, verb, TEXT, flag, tmp_path / "no" / "out")
    assert done.returncode == 1
    assert done.stderr.decode().endswith("/no/out: cannot be written: No such file or directory\n")
    path = tmp_path / "out"
    path.write_text("before")

    def small_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    command = [tapedeck, verb, str(TEXT), flag, str(path)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60, preexec_fn=small_disk)
    assert done.returncode == 1
    assert done.stderr.decode() == f"tapedeck: {path}: cannot be written: File too large\n"
    assert path.read_text() == "before" and len(list(tmp_path.iterdir())) == 1


def test_a_picture_is_of_one_exchange(tapedeck, tmp_path):
    done = run(tapedeck, "show", SEVERAL, "--svg", tmp_path / "out.svg")
    assert done.returncode == 64 and b"choose it with --exchange N" in done.stderr
    assert run(tapedeck, "show", SEVERAL, "--exchange", "2", "--svg", tmp_path / "out.svg").returncode == 0
    picture = tree.parse(tmp_path / "out.svg").getroot()
    texts = {"".join(one.itertext()) for one in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"arrivals", "message_start", "content_block_delta", "ended: complete", "the text at the end"} <= texts


@pytest.mark.parametrize("more", [["--json"], ["--events"], ["--text"], ["--svg", "x"]])
def test_a_page_and_something_else_are_not_asked_for_at_once(tapedeck, tmp_path, more):
    done = run(tapedeck, "show", TEXT, "--html", tmp_path / "out.html", *more)
    assert done.returncode == 64 and not (tmp_path / "out.html").exists()


def test_a_cassette_that_is_damaged_makes_no_page(tapedeck, tmp_path):
    (tmp_path / "bad.tape").write_bytes(TEXT.read_bytes()[:600])
    done = run(tapedeck, "show", tmp_path / "bad.tape", "--html", tmp_path / "out.html")
    assert done.returncode == 65 and not (tmp_path / "out.html").exists()


def merged(tapedeck, tmp_path, *flags, cases=60):
    (tmp_path / "run.json").write_text(report(cases))
    return run(tapedeck, "torture", "--merge", tmp_path / "run.json", *flags)


def test_results_stay_what_they_were(tapedeck, tmp_path):
    done = merged(tapedeck, tmp_path, "--json")
    page, before = json.loads(done.stdout), json.loads(report(60))
    assert page["cases"] == 60 and page["left_out"] == 3 and len(page["results"]) == 60
    for now, then in zip(page["results"], before["results"], strict=True):
        assert {key: now[key] for key in then if key != "timeline"} == {
            k: v for k, v in then.items() if k != "timeline"
        }
        assert now["timeline"] == then["timeline"]


def test_junit_has_what_its_readers_know(tapedeck, tmp_path):
    merged(tapedeck, tmp_path, "--junit", tmp_path / "out.xml")
    root = tree.parse(tmp_path / "out.xml").getroot()
    assert root.tag == "testsuites"
    counts = {"tests", "failures", "errors", "skipped", "time"}
    assert set(root.attrib) == {"name"} | counts
    cases = 0
    for suite in root:
        assert suite.tag == "testsuite" and set(suite.attrib) == {"name"} | counts
        assert int(suite.get("tests")) == len(suite)
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        cases += len(suite)
        for case in suite:
            assert case.tag == "testcase" and set(case.attrib) == {"name", "classname", "time"}
            assert float(case.get("time")) >= 0
            assert all(one.tag in ("failure", "error", "skipped") and one.get("message") for one in case)
    assert cases == int(root.get("tests")) == 60


def test_what_is_no_report_is_refused_in_a_line(tapedeck, tmp_path):
    (tmp_path / "run.json").write_text('{"cases":1,"results":[{"case":"a"}]}')
    done = run(tapedeck, "torture", "--merge", tmp_path / "run.json")
    assert done.returncode == 65 and done.stderr.count(b"\n") == 1 and b"result 1: expected a text as" in done.stderr
