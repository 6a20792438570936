"""`tapedeck torture` with clients that do one thing wrong each, and with clients that do everything right."""

import fnmatch
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from conftest import CASSETTES, shipped_names

CLIENTS = Path(__file__).parent / "torture"
MEMORY_LIMIT_KB = 400_000
RUN_WITHIN_S = 300
CONTENT_WRONG = {"silent-truncation", "corrupted", "repeated", "invented", "hang", "crash", "gave-up"}
CONDUCT_WRONG = {"retry-too-soon", "retry-storm", "retried-fatal", "left-open"}

PIECES = ["Un café au lait à Zürich", ", 東京の朝、", " und dann noch viel weiter", " um die 🌍 herum."]

QUICK = [
    "parse/*",
    "cut/end/*",
    "cut/disconnect/event-*",
    "cut/reset/event-*",
    "error/error/*",
    "retry/status-*",
    "answer/status-*",
]

# What each wrong client gets, and in which cases alone.
WRONG = {
    "silent-truncation": {"silent-truncation": ["cut/end/*"]},
    "swallows-errors": {"silent-truncation": ["cut/*", "error/*", "retry/*", "answer/*"]},
    "repeated": {"repeated": ["cut/*", "error/*"]},
    "storm": {"retry-storm": ["cut/*", "error/*", "retry/*"]},
    "too-soon": {"retry-too-soon": ["retry/*/retry-after"]},
    "fatal": {"retried-fatal": ["answer/status-*", "retry/*/should-not-retry"]},
    # A byte order mark in two pieces is a character in two pieces, too.
    "split-utf8": {"corrupted": ["parse/rechunk/*", "parse/newline/cr-split"], "gave-up": ["parse/bom/split"]},
    "only-lf": {"gave-up": ["parse/newline/*", "parse/rechunk/crlf"]},
    "bom": {"gave-up": ["parse/bom", "parse/bom/split"]},
    "no-flush": {"gave-up": ["parse/newline/*"]},
    "invented": {"invented": ["cut/end/*"]},
    "crash": {"crash": ["cut/*", "error/*", "retry/*", "answer/*"]},
    "unknown-event": {"gave-up": ["parse/unknown/*"]},
}


class Run:
    """A run that has ended, what it said, and what it left behind."""

    def __init__(self, tapedeck, cassette, *client, cases=(), flags=(), environment=None):
        mark = f"TORTURE_MARK={uuid.uuid4()}"
        words = [tapedeck, "torture", cassette, "--json", "--config", "none", *flags]
        words += [word for glob in cases for word in ("--case", glob)]
        name, _, value = mark.partition("=")
        process = subprocess.Popen(
            [*map(str, words), "--", *map(str, client)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {name: value} | (environment or {}),
        )
        out, err = process.communicate(timeout=RUN_WITHIN_S)
        self.code, self.error = process.returncode, err.decode()
        self.results = json.loads(out)["results"] if out else []
        self.left = list(marked(mark))

    @property
    def wrong(self):
        """The cases of each verdict that is wrong."""
        found = {}
        for result in self.results:
            for verdict in (result["verdict"], result["conduct"]):
                if verdict in CONTENT_WRONG | CONDUCT_WRONG:
                    found.setdefault(verdict, []).append(case_of(result))
        return found


def case_of(result):
    return result["case"].removeprefix(result["cassette"] + "/")


def marked(mark):
    """The processes whose environment has the mark."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                yield folder.name, (folder / "cmdline").read_bytes()
        except OSError:
            continue


def right(*arguments):
    return [sys.executable, CLIENTS / "right.py", *arguments]


def wrong(name, *arguments):
    return [sys.executable, CLIENTS / "wrong.py", name, "--api", "anthropic", *arguments]


@pytest.fixture(scope="module")
def cassette(tmp_path_factory):
    """Few events, each of them a chunk, with characters of several bytes."""
    path = tmp_path_factory.mktemp("torture") / "small.tape"
    request = {"id": "1", "at": "2026-11-29T10:00:00Z", "method": "POST", "url": "https://api.example.com/v1/messages"}
    head = {"status": 200, "http": "1.1", "framing": "chunked", "headers": [["content-type", "text/event-stream"]]}
    lines = [{"tapedeck": 1}, [0, "q", request | {"body": '{"stream":true}'}], [1000, "h", head]]
    lines += [[1000, "d", event] for event in events(PIECES)]
    lines.append([10, "e", {"how": "complete"}])
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def events(pieces):
    """A message of Anthropic's, event by event."""
    usage = {"input_tokens": 1, "output_tokens": 1}
    yield event(
        "message_start", message={"id": "m", "type": "message", "role": "assistant", "content": [], "usage": usage}
    )
    yield event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    for piece in pieces:
        yield event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
    yield event("content_block_stop", index=0)
    yield event("message_delta", delta={"stop_reason": "end_turn", "stop_sequence": None}, usage=usage)
    yield event("message_stop")


def event(name, **members):
    return f"event: {name}\ndata: {json.dumps({'type': name, **members}, ensure_ascii=False)}\n\n"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_client_gets_its_verdict_where_it_is_wrong_and_no_other(tapedeck, cassette, name):
    run = Run(tapedeck, cassette, *wrong(name, "--keep"), cases=QUICK, flags=["--keep"])
    assert run.code == 1, run.error
    assert set(run.wrong) == set(WRONG[name]), run.wrong
    for verdict, globs in WRONG[name].items():
        elsewhere = [case for case in run.wrong[verdict] if not any(fnmatch.fnmatch(case, glob) for glob in globs)]
        assert not elsewhere
    assert not run.left


def test_a_client_without_a_read_timeout_hangs(tapedeck, cassette):
    flags = ["--keep", "--timeout", "2s", "--jobs", "4"]
    run = Run(tapedeck, cassette, *wrong("hang", "--keep"), cases=["time/*"], flags=flags)
    assert set(run.wrong) == {"hang"}
    assert {case.split("/")[1] for case in run.wrong["hang"]} == {"hang"}
    assert not run.left


def test_a_client_that_stays_connected_is_told_of(tapedeck, cassette):
    run = Run(tapedeck, cassette, *wrong("left-open"), cases=["end/linger"], flags=["--timeout", "20s"])
    assert run.wrong == {"left-open": ["end/linger"]}


@pytest.mark.parametrize("name", shipped_names())
def test_a_right_client_is_never_blamed(tapedeck, name):
    flags = ["--keep", "--timeout", "30s", "--jobs", "4", "--exclude", "*/hang/*"]
    run = Run(tapedeck, CASSETTES / f"{name}.tape", *right("--keep"), flags=flags)
    assert run.code == 0, run.error
    assert len(run.results) > 100
    assert {result["verdict"] for result in run.results} <= {"ok", "recovered", "reported", "unknown"}


@pytest.mark.parametrize("name", ["anthropic-multibyte", "gemini-text", "openai-chat"])
def test_the_right_client_in_swift_is_never_blamed(tapedeck, name):
    client = Path(tapedeck).with_name("TortureClient")
    if not client.exists():
        pytest.skip("swift build --product TortureClient builds it")
    flags = ["--keep", "--timeout", "30s", "--jobs", "4", "--exclude", "*/hang/*"]
    run = Run(tapedeck, CASSETTES / f"{name}.tape", client, "--keep", flags=flags)
    assert run.code == 0, run.error
    assert {result["verdict"] for result in run.results} <= {"ok", "recovered", "reported", "unknown"}


@pytest.mark.parametrize("arguments", [[], ["--tell"]], ids=["prints", "tells"])
def test_a_right_client_may_be_started_for_each_case(tapedeck, arguments):
    cases = ["parse/newline/*", "cut/reset/*", "retry/status-429/*"]
    run = Run(tapedeck, CASSETTES / "anthropic-text.tape", *right(*arguments), cases=cases, flags=["--jobs", "4"])
    assert run.code == 0, run.error
    assert {result["verdict"] for result in run.results} == {"ok", "recovered", "reported"}


@pytest.mark.parametrize(
    ("name", "verdicts"),
    [
        ("leaves-children", {"ok"}),
        ("ignores-term", {"hang"}),
        ("gigabyte", {"corrupted"}),
        ("no-utf8", {"corrupted"}),
        ("closes-output", {"hang"}),
    ],
)
def test_a_client_that_misbehaves_leaves_nothing(tapedeck, cassette, name, verdicts):
    run = Run(tapedeck, cassette, *wrong(name), cases=["parse/bom", "parse/comment"], flags=["--timeout", "4s"])
    assert {result["verdict"] for result in run.results} == verdicts
    assert not run.left


def test_what_a_client_prints_is_not_all_kept(tapedeck, cassette):
    words = [tapedeck, "torture", cassette, "--json", "--case", "parse/bom", "--", *wrong("gigabyte")]
    process = subprocess.Popen([*map(str, words)], stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    assert usage.ru_maxrss < MEMORY_LIMIT_KB


@pytest.mark.parametrize("name", ["never-connects", "exits-at-once", "connects-elsewhere", "speaks-tls"])
def test_a_client_that_does_not_work_without_a_fault_gets_no_verdict(tapedeck, cassette, live, name):
    flags = ["--timeout", "3s"]
    run = Run(tapedeck, cassette, *wrong(name), cases=["parse/*"], flags=flags, environment={"ELSEWHERE": live})
    assert run.code == 64
    assert not run.results
    assert run.error
    assert not run.left


@pytest.mark.parametrize("command", ["/nowhere/client", str(CLIENTS / "dialects.py")])
def test_a_client_that_cannot_be_started_is_an_error(tapedeck, cassette, command):
    run = Run(tapedeck, cassette, command, cases=["parse/*"])
    assert run.code == 66
    assert f"cannot run '{command}'" in run.error
    assert len(run.error.splitlines()) == 1
