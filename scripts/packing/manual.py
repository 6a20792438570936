"""Manual pages, made of what the program says of itself: one for it and one for each verb."""

import json
import re
import time

from packing.program import said

ESCAPES = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti", '"': "\\(dq"}
PROGRAM = "tapedeck"


def pages(program, version, epoch):
    """The pages: each one's file name, and its text."""
    root = json.loads(said(program, "--experimental-dump-help"))["command"]
    verbs = [verb for verb in root["subcommands"] if verb["commandName"] != "help"]
    day = time.strftime("%Y-%m-%d", time.gmtime(epoch))
    for command in [root, *verbs]:
        name = page_name(command, root)
        lines = [f'.TH "{escaped(name.upper())}" 1 "{escaped(day)}" "{PROGRAM} {version}" "Tapedeck"']
        lines += head(program, command, root)
        lines += description(command.get("discussion") or "")
        lines += commands(verbs) if command is root else []
        lines += options([one for one in command["arguments"] if one["shouldDisplay"]])
        lines += see_also([page_name(one, root) for one in [root, *verbs] if one is not command])
        yield f"{name}.1", "\n".join(lines) + "\n"


def page_name(command, root):
    return PROGRAM if command is root else f"{PROGRAM}-{command['commandName']}"


def head(program, command, root):
    """Name and synopsis; the program wraps the synopsis, which is undone."""
    words = [] if command is root else [command["commandName"]]
    usage = re.search(r"(?s)^USAGE: (.*?)\n\n", said(program, "help", *words), re.MULTILINE)[1]
    abstract = command["abstract"].rstrip(".")
    return [
        ".SH NAME",
        f"{escaped(page_name(command, root))} \\- {escaped(abstract[0].lower() + abstract[1:])}",
        ".SH SYNOPSIS",
        escaped(" ".join(usage.split())),
    ]


def description(text):
    """The discussion: paragraphs, and examples, which are indented."""
    if not text:
        return []
    lines = [".SH DESCRIPTION"]
    for number, paragraph in enumerate(text.split("\n\n")):
        if paragraph.startswith("  "):
            indent = min(len(line) - len(line.lstrip()) for line in paragraph.splitlines())
            lines += [".PP", ".RS 4", ".nf", *(escaped(line[indent:]) for line in paragraph.splitlines()), ".fi", ".RE"]
        else:
            lines += [*([".PP"] if number else []), *escaped(paragraph).splitlines()]
    return lines


def commands(verbs):
    lines = [".SH COMMANDS"]
    for verb in verbs:
        lines += [".TP", f".B {escaped(verb['commandName'])}", escaped(verb["abstract"])]
    return lines


def options(arguments):
    """What a command takes, under the titles that its help has."""
    lines = []
    positional = [one for one in arguments if one["kind"] == "positional"]
    for title, members in [("ARGUMENTS", positional), *titled(arguments)]:
        if members:
            macro = ".SH" if title in ("ARGUMENTS", "OPTIONS") else ".SS"
            lines.append(f'{macro} "{escaped(title)}"')
        for one in members:
            lines += [".TP", shown(one), escaped(one.get("abstract", ""))]
            default = one.get("defaultValue")
            if default and "by default" not in one.get("abstract", ""):
                lines.append(f"The default is {escaped(default)}.")
    return lines


def titled(arguments):
    """Options and flags, those without a title first."""
    groups = {"OPTIONS": []}
    for one in arguments:
        if one["kind"] != "positional":
            groups.setdefault(one.get("sectionTitle", "OPTIONS"), []).append(one)
    return groups.items()


def shown(argument):
    """How an argument is written: its names in bold, its value in italics."""
    value = f"\\fI{escaped(argument['valueName'])}\\fR"
    if argument["kind"] == "positional":
        return value + (" ..." if argument["isRepeating"] else "")
    dashes = {"long": "--"}
    names = [dashes.get(name["kind"], "-") + name["name"] for name in argument["names"]]
    bold = ", ".join(f"\\fB{escaped(name)}\\fR" for name in names)
    return bold if argument["kind"] == "flag" else f"{bold} {value}"


def see_also(names):
    return [".SH SEE ALSO", *(f".BR {escaped(name)} (1){',' if name != names[-1] else ''}" for name in names)]


def escaped(text):
    """Text in which troff sees neither a request nor a character of its own."""
    text = "".join(ESCAPES.get(character, character) for character in text)
    return re.sub(r"(?m)^\.", r"\\&.", text)
