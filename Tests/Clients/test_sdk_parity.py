"""The final message of the real SDKs, stream by stream, against what `show --message` says.

Each stream is served by the deck to the SDK of its dialect: the shipped cassettes, the streams in
`streams/`, which show what is odd, and those of the corpus where it is. What an SDK adds, drops or
changes by itself is in `differences_PROVIDER.tsv`; an entry that no stream needs fails.
"""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import differences
import final_anthropic
import final_gemini
import final_openai
import random_tape
import tape
from conftest import CASSETTES, CORPUS, run, serving, shipped_names

pytestmark = pytest.mark.filterwarnings("ignore:Pydantic serializer")
HERE = Path(__file__).parent
TARGETS = {
    "anthropic": "/v1/messages",
    "openai-chat": "/v1/chat/completions",
    "openai-responses": "/v1/responses",
    "gemini": "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
}
BETA_TARGET = "/v1/messages?beta=true"
VERTEX_TARGET = (
    "/v1beta1/projects/p/locations/l/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
)
UNKNOWN_TARGET = "/unknown"
DRIVERS = {
    "anthropic": final_anthropic.final_message,
    "openai": final_openai.final_message,
    "gemini": final_gemini.final_message,
}


FALLS = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What an SDK raises where it falls over a stream, so that there is no final message of it."""


def provider_of(dialect):
    return dialect.partition("-")[0]


class Stream:
    """One exchange of a cassette, and what `show` says of it."""

    def __init__(self, cassette, number, shown, message, name):
        self.cassette, self.number, self.name = cassette, number, name
        self.dialect, self.status = shown["dialect"], shown["status"]
        self.target, self.message = shown["path"], message
        if self.target == UNKNOWN_TARGET:
            self.target = TARGETS.get(self.dialect)

    def sdk_message(self, deck):
        base = f"{deck}/~cassette={self.cassette}/~exchange={self.number}/~pace=instant"
        return DRIVERS[provider_of(self.dialect)](base, self.target)


def streams_of(tapedeck, path, names):
    """The streams of a cassette in a dialect that has an SDK."""
    shown = json.loads(run(tapedeck, "show", "--json", path).stdout)["exchanges"]
    messages = run(tapedeck, "show", "--message", path).stdout.decode().split("\n")
    assert len(messages) == len(shown) + 1 == len(names) + 1
    found = [
        Stream(path.stem, number, one, json.loads(message), name)
        for number, (one, message, name) in enumerate(zip(shown, messages[:-1], names, strict=True), 1)
    ]
    return [one for one in found if one.dialect in TARGETS and one.status == 200]


def written(path, files, targets):
    """A cassette of the streams in these files, each at its target."""
    path.write_text(random_tape.of_bodies([[file.read_bytes()] for file in files], targets))
    return path


def odd_streams(folder):
    """The streams that stand beside the tests: their names begin with their dialect."""
    files = sorted((HERE / "streams").glob("*.sse"))

    def target(name):
        if name.startswith("anthropic-beta-"):
            return BETA_TARGET
        if name.startswith("gemini-vertex-"):
            return VERTEX_TARGET
        return next(target for dialect, target in TARGETS.items() if name.startswith(dialect))

    path = written(folder / "odd.tape", files, [target(file.name) for file in files])
    return path, [file.name for file in files]


def corpus_streams(folder, root):
    """The streams of the corpus, each at the target that the SDK of its provider asks for."""
    heads = json.loads((root / "response-headers.json").read_text())
    uris = {one["file"]: one.get("uri") or "" for one in heads}
    with (root / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = [row for row in rows if row["file"].endswith(".sse")]

    def target(row):
        uri = uris.get(row["file"], "")
        if row["provider"] == "anthropic" and "beta=true" in uri:
            return BETA_TARGET
        if row["provider"] == "gemini" and "/publishers/" in uri:
            return VERTEX_TARGET
        return TARGETS.get(row["provider"], UNKNOWN_TARGET)

    files = [root / row["file"] for row in rows]
    path = written(folder / "corpus.tape", files, [target(row) for row in rows])
    return path, [row["file"] for row in rows]


@pytest.fixture(scope="session")
def compared(tapedeck, tmp_path_factory):
    """Every stream with the SDK's message and error."""
    folder = tmp_path_factory.mktemp("parity")
    streams = []
    for name in shipped_names():
        path = CASSETTES / f"{name}.tape"
        streams += streams_of(tapedeck, path, [name] * len(tape.read(path)))
    served = [odd_streams(folder)]
    if CORPUS:
        served.append(corpus_streams(folder, Path(CORPUS)))
    for path, names in served:
        streams += streams_of(tapedeck, path, names)
    paths = [CASSETTES, *(path for path, _ in served)]
    with (
        serving([tapedeck, "serve", *paths], folder / "port") as deck,
        ThreadPoolExecutor(8) as pool,
    ):
        finals = pool.map(lambda one: one.sdk_message(deck), streams)
        pairs = list(zip(streams, finals, strict=True))
    fallen = [one.name for one, (_, error) in pairs if type(error) in FALLS]
    assert len(fallen) < len(pairs) / 20, fallen
    return [pair for pair in pairs if pair[0].name not in fallen]


@pytest.mark.parametrize("dialect", TARGETS)
def test_the_final_message_is_what_the_sdk_makes_of_the_stream(compared, dialect):
    entries = differences.known(provider_of(dialect))
    wrong, count = [], 0
    for stream, (theirs, error) in compared:
        if stream.dialect != dialect:
            continue
        count += 1
        _, unknown = differences.explained(entries, stream.message, theirs)
        wrong += [f"{stream.name}: {place.kind} {place.path} ({error!r})" for place in unknown]
    assert count > 0
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("provider", DRIVERS)
def test_every_entry_of_a_list_is_needed(compared, provider):
    entries = differences.known(provider)
    used = set()
    for stream, (theirs, _) in compared:
        if provider_of(stream.dialect) == provider:
            used |= differences.explained(entries, stream.message, theirs)[0]
    has_corpus = bool(CORPUS)
    unused = [entry for entry in entries if entry not in used]
    if unused and not has_corpus:
        pytest.skip(f"{len(unused)} entries may be about the corpus: TAPEDECK_CORPUS is not set")
    assert not unused
