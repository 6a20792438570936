"""Output follows the terminal: its width, and whether it shows colours."""

import pytest

from conftest import CASSETTES, run
from terminal import STYLE, plain, said_on, width

TEXT = CASSETTES / "anthropic-text.tape"
COMMANDS = [
    ["show", TEXT],
    ["show", CASSETTES / "openai-chat.tape", "--events"],
    ["plan", TEXT, "--fault", "reset@event:12"],
    ["faults"],
    ["faults", "rechunk"],
    ["faults", "--for", "timeout"],
    ["check", CASSETTES],
]
IDS = [" ".join(str(word).rpartition("/")[2] for word in command) for command in COMMANDS]


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
def test_no_line_is_wider_than_the_terminal(tapedeck, command, columns):
    code, said = said_on(columns, tapedeck, *command)
    assert code == 0 and said
    lines = plain(said).splitlines()
    assert all(width(line) <= columns for line in lines), max(lines, key=width)


@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
def test_what_is_piped_is_whole_and_without_colours(tapedeck, command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.delenv("CLICOLOR_FORCE", raising=False)
    said = run(tapedeck, *command).stdout.decode()
    assert "\x1b" not in said
    wide = plain(said_on(1000, tapedeck, *command)[1])
    assert said == wide


@pytest.mark.parametrize("columns", [40, 60, 79])
def test_the_help_of_serve_is_no_wider_than_the_terminal(tapedeck, columns):
    _, said = said_on(columns, tapedeck, "serve", "--help")
    usage = said.partition("USAGE: ")[2].partition("\n\n")[0]
    assert " ".join(usage.split()) == "tapedeck serve [<path> ...] [<options>] [-- <command> ...]"
    assert all(width(line) <= columns for line in f"USAGE: {usage}".splitlines())


@pytest.mark.parametrize("columns", [30, 50, 70])
def test_nothing_is_lost_where_columns_do_not_fit(tapedeck, columns):
    wide = run(tapedeck, "show", TEXT).stdout.decode().split()
    narrow = plain(said_on(columns, tapedeck, "show", TEXT)[1])
    for word in wide[wide.index("1") :]:
        assert word in narrow.replace("\n", " ")
    all_faults = plain(said_on(columns, tapedeck, "faults")[1]).replace("\n", "").replace(" ", "")
    assert "Theconnectionisresetwith" in all_faults


@pytest.mark.parametrize(
    ("environment", "has_colours"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"CLICOLOR": "0"}, False),
        ({"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    ],
)
def test_colours_are_for_a_terminal_that_shows_them(tapedeck, environment, has_colours):
    for command in (["faults"], ["check", CASSETTES], ["show", "nowhere.tape"], ["plan", TEXT]):
        _, said = said_on(80, tapedeck, *command, environment=environment)
        assert bool(STYLE.search(said)) == has_colours, command


def test_colours_can_be_forced_into_a_pipe(tapedeck, monkeypatch):
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert b"\x1b[31mbreaking\x1b[0m" in run(tapedeck, "faults").stdout
    assert b"\x1b" not in run(tapedeck, "faults", "--json").stdout
