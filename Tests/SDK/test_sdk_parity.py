"""The final message of the real SDKs, stream by stream, against what `show --message` says.

Each stream is served by the deck to the SDK of its dialect. What an SDK adds or drops by itself is in
`differences_PROVIDER.tsv`; an entry that no stream needs fails.
"""

import csv
import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import differences
import final_anthropic
import final_gemini
import final_openai
import pytest
import random_tape
import tape
from conftest import CASSETTES, run, serving, shipped_names

TARGETS = {
    "anthropic": "/v1/messages",
    "openai-chat": "/v1/chat/completions",
    "openai-responses": "/v1/responses",
    "gemini": "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
}
UNKNOWN = "/other"
DRIVERS = {
    "anthropic": final_anthropic.final_message,
    "openai": final_openai.final_message,
    "gemini": final_gemini.final_message,
}


def provider_of(dialect):
    return dialect.partition("-")[0]


class Stream:
    """One exchange of a cassette, and what `show` says of it."""

    def __init__(self, cassette, number, shown, message, name):
        self.cassette, self.number, self.name = cassette, number, name
        self.dialect, self.status = shown["dialect"], shown["status"]
        self.target, self.message = shown["path"], message
        if self.target == UNKNOWN:
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
        for number, (one, message, name) in enumerate(
            zip(shown, messages[:-1], names, strict=True), 1
        )
    ]
    return [one for one in found if one.dialect in TARGETS and one.status == 200]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """A cassette of the recorded streams, each at the target that its SDK asks for; its names."""
    if "TAPEDECK_CORPUS" not in os.environ:
        return None
    root = Path(os.environ["TAPEDECK_CORPUS"])
    uris = {
        one["file"]: one["uri"]
        for one in json.loads((root / "response-headers.json").read_text())
        if one.get("uri")
    }
    with (root / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = [row for row in rows if row["file"].endswith(".sse")]
    targets = [target_of(row["provider"], uris.get(row["file"], "")) for row in rows]
    path = tmp_path_factory.mktemp("parity") / "streams.tape"
    bodies = [[(root / row["file"]).read_bytes()] for row in rows]
    path.write_text(random_tape.of_bodies(bodies, targets))
    return path, [row["file"] for row in rows]


def target_of(provider, uri):
    if provider == "anthropic" and "beta=true" in uri:
        return "/v1/messages?beta=true"
    return TARGETS.get(provider, UNKNOWN)


@pytest.fixture(scope="session")
def compared(tapedeck, corpus, tmp_path_factory):
    """Every stream with the SDK's message and error: the shipped ones, and the corpus where it is."""
    streams = []
    for name in shipped_names():
        path = CASSETTES / f"{name}.tape"
        streams += streams_of(tapedeck, path, [name] * len(tape.read(path)))
    served = [CASSETTES]
    if corpus:
        path, names = corpus
        streams += streams_of(tapedeck, path, names)
        served.append(path)
    port_file = tmp_path_factory.mktemp("parity-deck") / "port"
    with serving([tapedeck, "serve", *served], port_file) as deck, ThreadPoolExecutor(8) as pool:
        return list(zip(streams, pool.map(lambda one: one.sdk_message(deck), streams), strict=True))


@pytest.mark.parametrize("dialect", TARGETS)
def test_the_final_message_is_what_the_sdk_makes_of_the_stream(compared, dialect):
    entries = differences.known(provider_of(dialect))
    different, count = [], 0
    for stream, (theirs, error) in compared:
        if stream.dialect != dialect:
            continue
        count += 1
        if differences.needed(entries, stream.message, theirs) is None:
            different.append(
                f"{stream.name}: {error!r}\n ours   {json.dumps(stream.message)[:2000]}"
                f"\n theirs {json.dumps(theirs)[:2000]}"
            )
    assert count > 0
    assert not different, f"{len(different)} of {count}:\n" + "\n".join(different)


def test_every_entry_of_the_lists_is_needed(compared, corpus):
    if not corpus:
        pytest.skip("most entries are about streams of the corpus: TAPEDECK_CORPUS is not set")
    uses = Counter()
    for stream, (theirs, _) in compared:
        entries = differences.known(provider_of(stream.dialect))
        uses.update(differences.needed(entries, stream.message, theirs) or ())
    entries = [entry for provider in DRIVERS for entry in differences.known(provider)]
    assert not [entry for entry in entries if not uses[entry]]
