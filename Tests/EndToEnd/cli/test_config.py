"""Where options come from: the command line, else the environment, else the configuration file."""

import json
import os
import re
import subprocess
import urllib.request

import pytest

from conftest import CASSETTES, run, serving

TEXT = CASSETTES / "anthropic-text.tape"
VERBS = ["record", "serve", "play", "show", "plan", "faults", "check"]

# A value that an option refuses, where it is not this one.
REFUSED = {"fault": "nonsense", "match-ignore": "nonsense"}

# Options that take any text, or whose text is looked at when it is used.
ANY_TEXT = {
    *("config", "paths", "host", "allow-host", "token", "port-file", "cacert"),
    *("request", "data", "output", "record-to", "redact", "html", "svg"),
}


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    """Without settings of ours, in a folder without a file."""
    for name in [name for name in os.environ if name.startswith("TAPEDECK_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def write(value, path="tapedeck.json"):
    with open(path, "w", encoding="utf-8") as file:
        file.write(value if isinstance(value, str) else json.dumps(value))


def duration_ms(tapedeck, *arguments):
    done = run(tapedeck, "plan", TEXT, "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["actions"][-1]["at_us"] / 1000


def refusal(code, *command):
    done = run(*command)
    assert done.returncode == code, done.stderr
    assert done.stderr.count(b"\n") == 1 and not done.stdout
    return done.stderr.decode().removeprefix("tapedeck: ").rstrip("\n")


def body_of(url):
    with urllib.request.urlopen(url, b"{}") as answer:
        return answer.read()


def options_of(tapedeck, verb):
    """The long names of a verb's options with a value, from its help."""
    said = run(tapedeck, verb, "--help").stdout.decode()
    return sorted(set(re.findall(r"--([a-z0-9.-]+) <", said)))


def test_a_flag_goes_before_the_environment_and_that_before_the_file(tapedeck, monkeypatch):
    recorded = duration_ms(tapedeck)
    write({"plan": {"pace": "gap:1ms"}})
    by_file = duration_ms(tapedeck)
    monkeypatch.setenv("TAPEDECK_PACE", "2x")
    by_environment = duration_ms(tapedeck)
    by_flag = duration_ms(tapedeck, "--pace", "instant")
    assert (by_flag, by_environment) == (0, pytest.approx(recorded / 2, abs=0.001))
    assert 0 < by_file < 100 < by_environment


def test_the_file_serves_a_deck_without_any_argument(tapedeck, tmp_path):
    write(
        {
            "serve": {
                "paths": [str(TEXT)],
                "pace": "instant",
                "require-session": True,
                "fault": ["framing:eof", "trailing:64B"],
                "max-sessions": 5,
            },
            "show": {"json": True},
        }
    )
    with serving([tapedeck, "serve"], tmp_path / "port") as base:
        whole = body_of(f"{base}/~session=a/v1/messages")
        plain = body_of(f"{base}/~session=a/~fault=none/v1/messages")
        with pytest.raises(urllib.error.HTTPError, match="400"):
            body_of(f"{base}/v1/messages")
    assert len(whole) == len(plain) + 64
    assert json.loads(run(tapedeck, "show", TEXT).stdout)["version"] == 1


def test_paths_on_the_command_line_take_the_place_of_the_files(tapedeck, tmp_path):
    write({"serve": {"paths": ["/nowhere"], "pace": "instant"}})
    with serving([tapedeck, "serve", TEXT], tmp_path / "port") as base:
        assert body_of(f"{base}/v1/messages")


def test_several_values_are_lines_in_the_environment(tapedeck, monkeypatch):
    monkeypatch.setenv("TAPEDECK_FAULT", "bom\ncomment@event:2")
    done = run(tapedeck, "plan", TEXT, "--pace", "instant", "--json")
    alone = run(tapedeck, "plan", TEXT, "--pace", "instant", "--json", "--fault", "none")
    both = run(
        *(tapedeck, "plan", TEXT, "--pace", "instant", "--json"),
        *("--fault", "bom", "--fault", "comment@event:2"),
    )
    assert done.stdout == both.stdout != alone.stdout


def test_another_file_can_be_named_or_none(tapedeck, monkeypatch):
    write("nonsense")
    write({"plan": {"pace": "instant"}}, "other.json")
    assert refusal(65, tapedeck, "plan", TEXT).startswith("tapedeck.json:1:1: ")
    assert duration_ms(tapedeck, "--config", "other.json") == 0
    assert duration_ms(tapedeck, "--config=none") > 1000
    monkeypatch.setenv("TAPEDECK_CONFIG", "other.json")
    assert duration_ms(tapedeck) == 0
    assert duration_ms(tapedeck, "--config", "none") > 1000
    monkeypatch.setenv("TAPEDECK_CONFIG", "")
    assert duration_ms(tapedeck) > 1000


def test_a_file_that_was_named_must_be_there(tapedeck, tmp_path, monkeypatch):
    said = refusal(66, tapedeck, "plan", TEXT, "--config", "gone.json")
    assert said.startswith("gone.json: cannot be read")
    assert refusal(66, tapedeck, "plan", TEXT, "--config", tmp_path).startswith(f"{tmp_path}: ")
    assert refusal(66, tapedeck, "plan", TEXT, "--config", "tapedeck.json")
    monkeypatch.setenv("TAPEDECK_CONFIG", "gone.json")
    said = refusal(66, tapedeck, "plan", TEXT)
    assert said.startswith("TAPEDECK_CONFIG: gone.json: cannot be read")


def test_a_huge_or_hostile_file_is_an_error_and_no_more(tapedeck):
    long = ["[" * 1_000_000, '{"' + "x" * 1_000_000, '{"' + "x" * 1_000_000 + '":1}']
    for text in [*long, "\0", "\ufeff{}", '{"plan":{"\\ud800":1}}']:
        write(text)
        said = refusal(65, tapedeck, "plan", TEXT)
        assert said.startswith("tapedeck.json:") and len(said) < 400
    write('{"a":' + " " * (2 << 20) + "1}")
    assert "1,048,576" in refusal(64, tapedeck, "plan", TEXT)


@pytest.mark.parametrize("verb", VERBS)
def test_help_is_there_whatever_the_file_says(tapedeck, verb):
    write("nonsense")
    for command in ([verb, "--help"], ["help", verb], [verb, "-h"]):
        done = run(tapedeck, *command)
        assert done.returncode == 0 and b"--config <file>" in done.stdout, command


def cases(tapedeck):
    """Each verb's options with a value that they refuse, and what else the verb needs."""
    needs = {"record": ["http://127.0.0.1:1/", "-o", "never.tape"], "faults": []}
    for verb in VERBS:
        for option in options_of(tapedeck, verb):
            if option not in ANY_TEXT:
                value = REFUSED.get(option, "-no such")
                yield verb, option, value, needs.get(verb, [str(TEXT)])


def test_a_value_that_is_refused_is_named_by_where_it_stands(tapedeck, monkeypatch):
    """Every option of every verb that refuses anything: by flag, environment and file."""
    seen = set()
    for verb, option, value, needed in cases(tapedeck):
        flag = f"--{option}"
        variable = "TAPEDECK_" + re.sub("[-.]", "_", option).upper()
        typed = run(tapedeck, verb, *needed, f"{flag}={value}")
        assert typed.returncode == 64, (verb, option, typed)
        assert flag in typed.stderr.decode(), (verb, option)
        monkeypatch.setenv(variable, value)
        said = refusal(64, tapedeck, verb, *needed)
        assert said.startswith(f"{variable}: "), (verb, option, said)
        monkeypatch.delenv(variable)
        write({verb: {option: value}})
        said = refusal(64, tapedeck, verb, *needed)
        assert said.startswith(f"tapedeck.json: {verb}.{option}: "), (verb, option, said)
        os.remove("tapedeck.json")
        seen.add(option)
    assert {"pace", "seed", "fault", "drain-timeout", "max-time", "exchange", "port"} <= seen


def test_two_options_that_do_not_go_together_are_named_by_where_they_stand(tapedeck, monkeypatch):
    write({"serve": {"require-session": True}})
    monkeypatch.setenv("TAPEDECK_NO_DIRECTIVES", "yes")
    said = refusal(64, tapedeck, "serve", TEXT)
    assert said.startswith("tapedeck.json: serve.require-session, TAPEDECK_NO_DIRECTIVES: --req")
    monkeypatch.setenv("TAPEDECK_NO_DIRECTIVES", "perhaps")
    assert refusal(64, tapedeck, "serve", TEXT).startswith("TAPEDECK_NO_DIRECTIVES: 'perhaps' is")


def test_a_command_of_the_deck_has_the_environment_and_not_the_files_settings(tapedeck):
    write({"serve": {"paths": [str(TEXT)], "port": 0}})
    done = subprocess.run(
        [tapedeck, "serve", "--", "sh", "-c", "env | grep -c ^TAPEDECK_"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, b"1\n")
