"""`tapedeck torture` as a user runs it: its exit codes, its reports, and that it leaves nothing behind."""

import json
import shlex
import signal
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path

import pytest

import hand_tape
from conftest import CASSETTES, run
from waiting import until

TEXT = CASSETTES / "anthropic-text.tape"
ENDS = ["--case", "cut/end/*"]

# The shortest client that works: it takes the end of the body for the end of the answer.
NAIVE = """
import json, os, sys, urllib.request
request = urllib.request.Request(os.environ["TAPEDECK_URL"] + "/v1/messages", data=b"{}", method="POST")
for line in urllib.request.urlopen(request, timeout=5):
    if line.startswith(b"data: "):
        print(json.loads(line[6:]).get("delta", {}).get("text", ""), end="", flush=True)
"""
# The same, but it looks for the event that ends the message.
CAREFUL = NAIVE.replace("import json", "import sys\nlast = ''\nimport json") + (
    '        last = json.loads(line[6:])["type"]\nsys.exit(0 if last == "message_stop" else 3)\n'
)


@pytest.fixture
def naive(tmp_path):
    return client(tmp_path, "naive.py", NAIVE)


@pytest.fixture
def careful(tmp_path):
    return client(tmp_path, "careful.py", CAREFUL)


def client(folder, name, text):
    """A client as its command."""
    (folder / name).write_text(text)
    return [sys.executable, str(folder / name)]


def torture(tapedeck, *arguments, command=(), cwd=None):
    """A run; gives its exit code, what it printed and what it said."""
    done = run(tapedeck, "torture", *arguments, *(["--", *command] if command else []), cwd=cwd)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def results(tapedeck, *arguments, command):
    code, printed, said = torture(tapedeck, *arguments, "--json", command=command)
    assert printed, said
    page = json.loads(printed)
    return code, page, {result["case"]: result for result in page["results"]}


def test_a_client_that_takes_half_an_answer_for_the_whole_is_told_so(tapedeck, naive):
    code, page, cases = results(tapedeck, TEXT, *ENDS, command=naive)
    assert code == 1
    assert page["cases"] == len(cases) > 3
    assert page["left_out"] == 0
    middle = cases["cut/end/event-23"]
    assert (middle["verdict"], middle["conduct"], middle["expect"]) == ("silent-truncation", "ok", "breaking")
    assert (middle["fault"], middle["attempts"], middle["exit"]) == ("end@event:23", 1, 0)
    assert "delivered 199 of 396 characters and exited with 0" in middle["evidence"]
    assert page["wrong"] == sum(result["verdict"] == "silent-truncation" for result in cases.values())


def test_the_command_of_a_failure_shows_it_again(tapedeck, naive):
    _, _, cases = results(tapedeck, TEXT, *ENDS, command=naive)
    words = shlex.split(cases["cut/end/event-23"]["reproduce"])
    assert words[0] == "tapedeck"
    code, printed, _ = torture(tapedeck, *words[2:])
    assert code == 1
    assert "cut/end/event-23" in printed
    assert "1 case: takes a part of the answer for the whole" in printed


def test_a_client_that_notices_is_not_blamed(tapedeck, careful):
    code, page, cases = results(tapedeck, TEXT, "--case", "cut/*", command=careful)
    wrong = {case: result["evidence"] for case, result in cases.items() if result["verdict"] not in ("ok", "reported")}
    # It has a read timeout, and nothing to decode broken characters with.
    assert wrong == {}
    assert (code, page["wrong"]) == (0, 0)


def test_known_failures_pass_and_those_that_are_mended_fail(tapedeck, tmp_path, naive, careful):
    known = tmp_path / "known.yaml"
    known.write_text("- case: cut/end/*\n  verdict: silent-truncation\n  why: not mended yet\n")
    code, printed, _ = torture(tapedeck, TEXT, *ENDS, "--known", known, command=naive)
    assert code == 0
    assert "none wrong" in printed
    code, printed, _ = torture(tapedeck, TEXT, *ENDS, "--known", known, command=careful)
    assert code == 1
    assert "known failure 'cut/end/*' (silent-truncation) no longer fails" in printed
    code, page, cases = results(tapedeck, TEXT, *ENDS, "--known", known, command=naive)
    told = {case: result.get("known", False) for case, result in cases.items()}
    assert code == 0 and "stale" not in page
    assert told == {case: result["verdict"] == "silent-truncation" for case, result in cases.items()}
    code, page, cases = results(tapedeck, TEXT, *ENDS, "--known", known, command=careful)
    assert code == 1 and page["stale"] == [{"case": "cut/end/*", "verdict": "silent-truncation"}]
    assert not any("known" in result for result in cases.values())
    known.write_text("- case: cut/end/*\n  verdict: silent\n  why: x\n")
    code, _, said = torture(tapedeck, TEXT, *ENDS, "--known", known, command=naive)
    assert code == 65
    assert "line 1: 'silent' is no verdict of a failure" in said


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (["false"], 64, "without any fault"),
        (["true"], 64, "it made no request"),
        (["sh", "-c", "echo not what was sent"], 64, "it printed 'not what was sent'"),
        (["/nonesuch/client"], 66, "cannot run '/nonesuch/client'"),
        (["/etc/passwd"], 66, "cannot run '/etc/passwd'"),
        (
            ["sh", "-c", "curl -sk https://${TAPEDECK_URL#http://}/v1/messages -d {} >&2; exit 3"],
            64,
            "without any fault",
        ),
    ],
)
def test_a_client_that_does_not_work_gets_no_verdict(tapedeck, command, code, words):
    given, printed, said = torture(tapedeck, TEXT, *ENDS, "--timeout", "5s", command=command)
    assert given == code, said
    assert printed == ""
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([TEXT], "there is no client"),
        ([TEXT, "--case", "cut/nonesuch", "--list"], "no case matches 'cut/nonesuch'"),
        ([TEXT, "--class", "bad", "--list"], "--class 'bad' is not known"),
        ([TEXT, "--places", "some", "--list"], "--places 'some' is not known"),
        ([TEXT, "--fault", "end@event:3", "--case", "x", "--list"], "leave out --case"),
        ([TEXT, "--fault", "end@event:999", "--list"], "the recording has 45 events"),
        (["--list"], "name a cassette"),
        ([TEXT, "--jobs", "0", "--", "true"], "--jobs 0 is not 1 or more"),
        ([TEXT, "--built-in", "--", "true"], "leave out the command"),
        (["--merge"], "--merge needs files"),
    ],
)
def test_wrong_usage_is_told_in_one_line(tapedeck, arguments, words):
    code, printed, said = torture(tapedeck, *arguments)
    assert (code, printed) == (64, "")
    assert words in said


def test_a_list_runs_nothing_and_has_each_case_once(tapedeck, tmp_path):
    code, printed, _ = torture(tapedeck, TEXT, "--list")
    names = [line.split()[0] for line in printed.splitlines()[1:]]
    assert code == 0
    assert len(names) == len(set(names)) > 200
    touched = tmp_path / "touched"
    code, printed, said = torture(tapedeck, TEXT, "--dry-run", command=["touch", touched])
    assert code == 0
    assert len(printed.splitlines()) == len(names) + 1
    assert "nothing was run" in said
    assert not touched.exists()


def test_a_budget_leaves_cases_out_and_says_so(tapedeck, careful):
    code, page, cases = results(tapedeck, TEXT, "--budget", "1s", command=careful)
    assert code in (0, 1)
    assert page["left_out"] > 0
    assert page["left_out"] + page["cases"] > 200
    # What was run is spread over all families.
    assert len({case.split("/")[0] for case in cases}) >= min(5, len(cases))


def test_ctrl_c_reports_what_was_done_and_ends_the_client(tapedeck, tmp_path):
    # Right without a fault, and else it waits.
    slow = client(
        tmp_path,
        "slow.py",
        "import os, sys, time\n"
        "if '~fault' in os.environ['TAPEDECK_URL']:\n"
        "    open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')\n"
        "    time.sleep(100)\n" + CAREFUL,
    )
    started = tmp_path / "started"
    words = [tapedeck, "torture", TEXT, *ENDS, "--timeout", "100s", "--json", "--", *slow, started]
    with subprocess.Popen([*map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        until(lambda: started.exists() and started.read_text().count("\n") >= 2)
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=20)
    page = json.loads(printed)
    assert process.returncode == 128 + signal.SIGINT
    assert b"stopped" in said
    assert page["cases"] + page["left_out"] == len(page["results"]) + page["left_out"]
    assert page["left_out"] > 0
    for line in started.read_text().split():
        until(lambda line=line: not Path(f"/proc/{line}").exists() or " Z " in Path(f"/proc/{line}/stat").read_text())


def under_faults(instead):
    """A client that is right without a fault, and does this else."""
    return f"import os, sys\nif '~fault' in os.environ['TAPEDECK_URL']:\n    {instead}\n" + CAREFUL


def test_a_client_that_says_all_is_well_and_has_not_asked_is_blamed(tapedeck, tmp_path):
    code, _, cases = results(tapedeck, TEXT, *ENDS, command=client(tmp_path, "exits.py", under_faults("sys.exit(0)")))
    assert code == 1
    assert {result["verdict"] for result in cases.values()} == {"silent-truncation"}
    assert "without having asked" in cases["cut/end/event-23"]["evidence"]
    assert cases["cut/end/event-23"]["attempts"] == 0


def test_where_nobody_can_be_judged_there_is_no_verdict(tapedeck, tmp_path):
    code, _, said = torture(tapedeck, TEXT, *ENDS, command=client(tmp_path, "fails.py", under_faults("sys.exit(3)")))
    assert code == 64
    assert "no case could be judged: cut/end/" in said
    code, _, said = torture(
        tapedeck, TEXT, *ENDS, "--keep", command=["sh", "-c", "while read -r url; do echo hm; done"]
    )
    assert code == 64
    assert "the client answered 'hm'" in said


def test_what_a_client_says_last_is_shown_without_secrets(tapedeck, tmp_path):
    failing = client(tmp_path, "says.py", CAREFUL.replace("else 3)", "else 'it broke off ' + sys.argv[1])"))
    key = "sk-ant-api03-" + "B" * 40
    _, page, cases = results(tapedeck, TEXT, *ENDS, "--timeout", "20s", command=[*failing, key])
    middle = cases["cut/end/event-23"]
    assert "exited with 1, saying 'it broke off " in middle["evidence"]
    assert "--timeout 20s" in middle["reproduce"]
    assert key not in json.dumps(page)


def test_reports_are_written_or_nothing_of_them(tapedeck, tmp_path, naive):
    names = {kind: tmp_path / f"report.{kind}" for kind in ("html", "junit", "markdown")}
    flags = [word for kind, path in names.items() for word in (f"--{kind}", path)]
    code, printed, _ = torture(tapedeck, TEXT, *ENDS, *flags, command=naive)
    assert code == 1
    assert "takes a part of the answer for the whole" in printed
    assert "silent-truncation" in names["html"].read_text()
    assert "silent-truncation" in names["markdown"].read_text()
    suites = xml.etree.ElementTree.parse(names["junit"]).getroot()
    assert int(suites.get("failures")) == sum(1 for _ in suites.iter("failure")) > 0
    link = tmp_path / "link.html"
    link.symlink_to(names["html"])
    for flags in (["--html", names["html"], "--junit", link], ["--html", TEXT]):
        code, _, said = torture(tapedeck, TEXT, *ENDS, *flags, command=naive)
        assert code == 64, said
    names["html"].write_text("")
    torture(tapedeck, TEXT, *ENDS, "--html", link, command=naive)
    assert link.is_symlink()
    assert "silent-truncation" in names["html"].read_text()
    lost = tmp_path / "nonesuch" / "report.html"
    code, _, said = torture(tapedeck, TEXT, *ENDS, "--html", lost, command=naive)
    assert code == 1
    assert "report.html: cannot be written" in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_is_told(tapedeck, naive):
    words = [tapedeck, "torture", TEXT, *ENDS, "--json", "--", *naive]
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*map(str, words)], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 1
    assert b"standard output cannot be written" in done.stderr


def test_results_of_several_clients_are_joined(tapedeck, tmp_path, naive, careful):
    paths = []
    for name, command in (("a", naive), ("b", careful)):
        _, printed, _ = torture(tapedeck, TEXT, *ENDS, "--json", command=command)
        paths.append(tmp_path / f"{name}.json")
        paths[-1].write_text(printed)
    page = tmp_path / "both.html"
    code, printed, said = torture(tapedeck, "--merge", *paths, "--html", page)
    assert code == 0, said
    assert "naive.py" in page.read_text()
    assert "careful.py" in page.read_text()
    broken = tmp_path / "broken.json"
    broken.write_text('{"cases": 1')
    code, _, said = torture(tapedeck, "--merge", broken)
    assert code == 65
    assert "broken.json" in said


def test_exchanges_of_a_cassette_are_told_apart(tapedeck, careful):
    tape = CASSETTES / "anthropic-overloaded-then-text.tape"
    code, page, _ = results(tapedeck, tape, "--case", "anthropic-overloaded-then-text#2/cut/end", command=careful)
    assert code == 0
    assert {result["exchange"] for result in page["results"]} == {2}
    assert all("anthropic-overloaded-then-text#2/cut" in result["reproduce"] for result in page["results"])


def test_a_failure_is_made_as_small_as_it_gets(tapedeck, tmp_path, naive):
    arguments = ["--case", "cut/end/event-23", "--shrink"]
    code, _, said = torture(tapedeck, TEXT, *arguments, command=naive, cwd=tmp_path)
    assert code == 1
    [saved] = (tmp_path / "tapedeck-shrunk").glob("*.tape")
    shown = json.loads(run(tapedeck, "show", saved, "--json").stdout)
    assert shown["exchanges"][0]["events"] < 10
    command = shlex.split(said.split("are left in ")[1].partition(": ")[2])
    code, printed, _ = torture(tapedeck, *command[2:], cwd=tmp_path)
    assert code == 1
    assert "takes a part of the answer for the whole" in printed


def wrong_of_built_in(tapedeck, *arguments):
    """What the client that does right is blamed for, and how many cases there were."""
    words = [tapedeck, "torture", *arguments, "--built-in", "--jobs", "16", "--json"]
    done = subprocess.run([*map(str, words)], capture_output=True, timeout=300, check=False)
    page = json.loads(done.stdout)
    wrong = [
        (result["cassette"], result["case"], result["verdict"], result["conduct"], result["evidence"])
        for result in page["results"]
        if result["verdict"] not in ("ok", "recovered", "reported") or result["conduct"] != "ok"
    ]
    assert done.returncode == (1 if wrong else 0)
    return wrong, page["cases"]


def test_the_built_in_client_is_right_about_every_shipped_cassette(tapedeck):
    wrong, count = wrong_of_built_in(tapedeck, CASSETTES)
    assert wrong == []
    assert count > 2000


def test_the_built_in_client_is_right_at_every_byte(tapedeck, tmp_path):
    events = [
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Grüße"}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    body = "".join(f"data: {json.dumps(event, ensure_ascii=False)}\n\n" for event in events) + "data: [DONE]\n\n"
    # The helper writes "data:" and the blank line of an event itself.
    says = body.removeprefix("data: ").removesuffix("\n\n")
    small = hand_tape.cassette(tmp_path / "small.tape", hand_tape.exchange(1, "{}", "/v1/chat/completions", says))
    wrong, count = wrong_of_built_in(tapedeck, small, "--places", "all", "--case", "cut/*")
    assert wrong == []
    assert count > 5 * len(body)
