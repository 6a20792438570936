"""The rows as a page, the clients with the most wrong cases first."""

from clientmatrix.runs import FAMILIES, READ_TIMEOUT_S

WORDS = {
    "silent-truncation": "takes a part for the whole",
    "corrupted": "delivers another text",
    "repeated": "delivers text twice",
    "invented": "says that the answer finished in a way that the stream did not say",
    "hang": "does not come to an end",
    "crash": "is ended by a signal",
    "gave-up": "fails on an answer that is whole",
    "retry-too-soon": "tries again before the time that it is told",
    "retry-storm": "tries again without growing pauses, or too often",
    "retried-fatal": "tries again after an answer that no other try changes",
    "left-open": "stays connected after the answer is over",
}

HEAD = f"""# What real clients do with broken streams

Each client below is a library as its users have it, in [a driver](../clients) of a few lines that calls it as its
documentation does. `tapedeck torture` ran each through its [cases](cases.md), once, on loopback, and judged what it
delivered and how it behaved towards the server. All settings are the libraries' own but for the read timeout, which
is {READ_TIMEOUT_S} s.

The cases depend on the recording, so the numbers of two APIs do not compare, and a library that leaves retries to its
user is not wrong for that. Read this as a list of what to look after in a program of your own, not as a ranking.
`scripts/clients` writes this page and [its JSON](clients.json) anew; with `--newest` it tries the newest versions.

## What stands out

- **A clean end hides a cut.** Where HTTP ends as it must in the middle of the message, with the last chunk or, in a
  body without a length, with the connection, nearly every library hands out a part without an error. Only the missing
  stop reason tells: look at it. `openai-agents` on Responses insists on the last event.
- **A finish reason may be made up.** LiteLLM says `stop` of a stream that was cut, and of a page that is no stream.
- **A 200 that is no stream is an empty answer** to most clients that read the events themselves.
- **Broken JSON is dropped** by Cohere and by LiteLLM for Anthropic, and the text goes on without that piece.
- **Unusual streams that are whole break some.** `google-genai` reads a byte order mark, comments and unknown fields as
  data, `mistralai` refuses an event of an unknown type, and the helper of `anthropic` ends in an `AssertionError`
  behind a byte order mark, with the whole text in its hands.
- **Numbers that tell of a lost event**, as Responses has them, are looked at by neither client here.
- **Conduct is good.** Nobody asks again before the time that it is told, without a pause, or after a fatal status.

## The matrix

Wrong cases of all, by family; the clients with the largest share of wrong cases stand first. A name leads to what that
client does, with a command that shows it.
"""


def text(rows):
    rows = sorted(rows, key=lambda row: (-row["wrong"] / max(row["cases"], 1), row["client"]))
    parts = [HEAD, *table(["client", *FAMILIES, "all"], map(cells, rows))]
    for row in rows:
        parts += ["", *section(row)]
    return "\n".join(parts) + "\n"


def table(heads, rows):
    yield line(heads)
    yield line(["---"] * len(heads))
    for row in rows:
        yield line(row)


def line(cells):
    return f"| {' | '.join(cells)} |"


def cells(row):
    name = row["client"]
    yield f"[{name}](#{name})"
    for family in FAMILIES:
        count = row["families"].get(family)
        yield f"{count['wrong']} of {count['cases']}" if count else ""
    yield f"**{row['wrong']} of {row['cases']}**"


def section(row):
    versions = ", ".join(f"`{version}`" for version in row["versions"])
    yield f"## {row['client']}"
    yield ""
    left = f" {row['left_out']} cases were left out." if row["left_out"] else ""
    yield f"{sentence(row['about'])}. Seen with {versions} on `{row['cassette']}`.{left}"
    yield ""
    if not row["kinds"]:
        yield "Nothing wrong."
        return
    heads = ["family", "cases", "what it does", "for example", "evidence", "command"]
    yield from table(heads, (kind_cells(row, kind) for kind in in_order(row["kinds"])))


def in_order(kinds):
    return sorted(kinds, key=lambda kind: (FAMILIES.index(kind["family"]), -kind["cases"], kind["verdict"]))


def kind_cells(row, kind):
    yield kind["family"]
    yield str(kind["cases"])
    yield f"{WORDS[kind['verdict']]} (`{kind['verdict']}`)"
    yield escaped(kind["title"]) + (f": `{escaped(kind['fault'])}`" if kind["fault"] else "")
    yield escaped(kind["evidence"])
    yield f"`scripts/clients {row['client']} --case '{kind['case']}'`"


def sentence(words):
    """A name at the front of a sentence keeps its own case."""
    return words.rstrip(".:")


def escaped(words):
    return words.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
