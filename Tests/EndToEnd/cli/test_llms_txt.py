"""llms.txt keeps to the form of llmstxt.org, and what it says that there is, is there."""

import re

import pytest

from conftest import ROOT, run

TEXT = (ROOT / "llms.txt").read_text(encoding="utf-8")
INLINE = re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^```.*?^```$", "", TEXT))


def test_it_has_a_title_a_summary_and_sections():
    title, _, rest = TEXT.partition("\n\n")
    assert title == "# Tapedeck"
    assert all(line.startswith("> ") for line in rest.partition("\n\n")[0].splitlines())
    headings = re.findall(r"(?m)^## (.*)$", TEXT)
    assert headings[-2:] == ["Docs", "Optional"] and len(headings) == len(set(headings))
    assert not re.search(r"(?m)^#{3,}|^# (?!Tapedeck$)", TEXT)


def test_the_sections_of_links_hold_links_that_lead_somewhere():
    lists = TEXT.partition("## Docs\n")[2].replace("## Optional\n", "")
    lines = [line for line in lists.splitlines() if line]
    assert all(re.match(r"- \[[^\]]+\]\(docs/[a-z-]+\.md\)", line) for line in lines)
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert len(links) > 12 and [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("command", [text for text in INLINE if text.startswith("tapedeck ")])
def test_every_command_has_a_verb_and_flags_that_there_are(tapedeck, command):
    verb, *words = command.split()[1:]
    done = run(tapedeck, verb, "--help")
    assert done.returncode == 0, command
    for word in words[: words.index("--")] if "--" in words else words:
        if word.startswith("--"):
            assert re.search(rf"(?m)^ *(-\w, )?{word}\b", done.stdout.decode()), f"{command}: no {word}"


def test_every_flag_of_serve_that_is_named_there_is(tapedeck):
    said = run(tapedeck, "serve", "--help").stdout.decode()
    flags = {text.split()[0] for text in INLINE if text.startswith("--")}
    assert flags
    for flag in flags:
        assert re.search(rf"(?m)^  {flag}\b", said), flag


def test_every_fault_that_is_named_can_be_planned(tapedeck):
    names = "|".join(re.findall(r'"name":"([a-z0-9-]+)"', run(tapedeck, "faults", "--json").stdout.decode()))
    faults = {text for text in INLINE if re.match(rf"({names})(?=[@:])", text)}
    assert len(faults) >= 6
    for fault in faults:
        done = run(tapedeck, "plan", ROOT / "cassettes" / "anthropic-text.tape", "--fault", fault)
        assert done.returncode == 0, f"{fault}: {done.stderr.decode()}"
