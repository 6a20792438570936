"""The page of what real clients do: its generated part, as text from rows and back."""

import importlib.metadata
import re

from clienttable.calls import CALLS
from clienttable.cases import APIS

BEGIN = "<!-- scripts/client-table writes what follows: do not edit it -->"
END = "<!-- end of what scripts/client-table writes -->"
SDKS = ("anthropic", "openai")
WRONGS = {"silent": "silently accepts", "refuses": "fails on"}


def versions():
    """The SDKs that are installed, as requirements."""
    return [f"{sdk}=={importlib.metadata.version(sdk)}" for sdk in SDKS]


def versions_on(page):
    """The SDKs that the page is about, as requirements."""
    return re.findall(rf"^- `((?:{'|'.join(SDKS)})==\S+)`$", page, re.MULTILINE)


def with_generated(page, rows):
    """The page with its generated part made anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{generated(rows)}\n{END}{after}"


def generated(rows):
    parts = ["Seen with", bullets(f"`{version}`" for version in versions())]
    for api in APIS:
        own = [row for row in rows if row.case.api == api]
        parts += [f"## {api.title}", findings(own, api), matrix(own, api), exceptions(own)]
    return "\n\n".join(parts) + "\n"


def findings(rows, api):
    """In short, by call: the faults with which it went wrong."""
    lines = []
    for call in CALLS[api.key]:
        for verdict, words in WRONGS.items():
            names = [row.case.name for row in rows if row.outcomes[call].verdict == verdict]
            lines.append(f"`{call}` {words} {', '.join(names)}." if names else "")
    return bullets(line for line in lines if line)


def matrix(rows, api):
    head = ("kind", "fault", "expected", *(f"`{call}`" for call in CALLS[api.key]))
    return table(head, [row.cells() for row in rows])


def exceptions(rows):
    """Each exception that was raised, and what it says."""
    seen = {
        (type(outcome.raised).__name__, *outcome.says)
        for row in rows
        for outcome in row.outcomes.values()
        if outcome.raised
    }
    cells = [
        (f"`{name}`", "Python" if package == "builtins" else f"`{package}`", quoted(text))
        for name, package, text in sorted(seen)
    ]
    return table(("exception", "from", "says"), cells)


def quoted(text):
    """Text as code; its own backticks are apostrophes, since two of them are a link in DocC."""
    if not text:
        return "nothing"
    return "`{}`".format(text.replace("`", "'"))


def bullets(lines):
    return "\n".join(f"- {line}" for line in lines)


def table(head, rows):
    return "\n".join(line(cells) for cells in (head, ["---"] * len(head), *rows))


def line(cells):
    """One line of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def lines_on(page, api):
    """The lines of an API's matrix on the page, by the case's name, in their order."""
    section = page.partition(f"\n## {api.title}\n")[2].partition("\n## ")[0]
    block = section.partition("\n| kind | ")[2].partition("\n\n")[0]
    lines = [one for one in block.splitlines()[2:] if one.startswith("| ")]
    return {one.split(" | ")[1]: one for one in lines}
