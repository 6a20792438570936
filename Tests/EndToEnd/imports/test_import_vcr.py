"""Cassettes that VCR.py and betamax record of a deck, and files of their siblings, replay to the same bytes."""

import gzip
import json
import urllib.request
from pathlib import Path

import httpx2
import pytest
import requests
import vcr
import yaml
from betamax import Betamax

import event_stream
import random_tape
import tape
import upstream
import wire
from conftest import CORPUS, run

# What the serializers of YAML fold, quote and escape.
STREAM = (
    'event: a\ndata: {"text":"é 😀 \u2028"}\n\n: ping\n\n\n'
    "data:  padded  \r\ndata:\ttab\r\n\r\ndata: 'quoted' \"twice\" - # !x & *y\n\n"
    f"data: {'word ' * 60}\n\n \n\ndata: no end"
).encode()
ANSWER = b'{"a": [1, 2.50], "b": null}'
ASKED = [("/v1/stream", b'{"stream":true,"text":"\xc3\xbc"}'), ("/v1/plain", b"")]


@pytest.fixture
def base(deck_of, tmp_path):
    path = tmp_path / "original.tape"
    path.write_text(random_tape.of_bodies([[STREAM], [ANSWER]], targets=[target for target, _ in ASKED]))
    with deck_of(path) as base:
        yield base


def imported(tapedeck, file, out, *options):
    """Imports a file; gives what the program says of it, which is no error, and the exchanges."""
    done = run(tapedeck, "import", file, "-o", out, "--json", *options)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout), tape.read(out)


def replayed(deck_of, out):
    with deck_of(out) as base:
        return [wire.post(base + target, body) for target, body in ASKED]


def by_requests(base):
    return [requests.post(base + target, data=body, timeout=20) for target, body in ASKED]


def by_httpx(base):
    with httpx2.Client() as client:
        return [client.post(base + target, content=body) for target, body in ASKED]


@pytest.mark.parametrize("serializer", ["yaml", "json"])
@pytest.mark.parametrize("ask", [by_requests, by_httpx])
def test_what_vcrpy_records_replays_to_the_same_bytes(tapedeck, deck_of, base, tmp_path, ask, serializer):
    file = tmp_path / f"cassette.{serializer}"
    with vcr.use_cassette(str(file), serializer=serializer, record_mode="all"):
        answers = ask(base)
    assert [answer.content for answer in answers] == [STREAM, ANSWER]
    report, exchanges = imported(tapedeck, file, tmp_path / "x.tape")
    assert report["format"] == "vcrpy"
    assert [exchange.body for exchange in exchanges] == [STREAM, ANSWER]
    assert [exchange.request["timing"] for exchange in exchanges] == ["synthetic"] * 2
    assert [exchange.path for exchange in exchanges] == [target for target, _ in ASKED]
    again = replayed(deck_of, tmp_path / "x.tape")
    assert [(answer.status, answer.body) for answer in again] == [(200, STREAM), (200, ANSWER)]


def by_urllib(url):
    with urllib.request.urlopen(url, b"{}", timeout=20) as answer:
        return gzip.decompress(answer.read())


def by_requests_decoded(url):
    return requests.post(url, data=b"{}", timeout=20).content


@pytest.mark.parametrize(("ask", "is_coded"), [(by_urllib, True), (by_requests_decoded, False)])
def test_a_gzip_stream_is_decoded_whether_vcrpy_kept_it_coded_or_not(tapedeck, tmp_path, ask, is_coded):
    head = (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\n"
        b"transfer-encoding: chunked\r\n\r\n"
    )
    file = tmp_path / "cassette.yaml"
    with (
        upstream.streaming([gzip.compress(STREAM)], head=head) as (base, _),
        vcr.use_cassette(str(file), record_mode="all"),
    ):
        assert ask(base + "/v1/stream") == STREAM
    assert (b"!!binary" in file.read_bytes()) == is_coded
    report, exchanges = imported(tapedeck, file, tmp_path / "x.tape")
    assert [exchange.body for exchange in exchanges] == [STREAM]
    assert exchanges[0].head["decoded"] == "gzip"
    assert report["exchanges"][0]["events"] == len(event_stream.parse(STREAM))


@pytest.mark.parametrize("preserves_bytes", [False, True])
def test_what_betamax_records_replays_to_the_same_bytes(tapedeck, deck_of, base, tmp_path, preserves_bytes):
    session = requests.Session()
    recorder = Betamax(session, cassette_library_dir=str(tmp_path))
    with recorder.use_cassette("cassette", record="all", preserve_exact_body_bytes=preserves_bytes):
        for target, body in ASKED:
            session.post(base + target, data=body, timeout=20)
    report, exchanges = imported(tapedeck, tmp_path / "cassette.json", tmp_path / "x.tape")
    assert report["format"] == "betamax"
    assert all(exchange.request["at"] > "2020" for exchange in exchanges)
    again = replayed(deck_of, tmp_path / "x.tape")
    assert [answer.body for answer in again] == [STREAM, ANSWER]


def in_ruby():
    def half(target, body, answer):
        return {
            "request": {
                "method": "post",
                "uri": f"https://api.example.com{target}",
                "body": {"encoding": "UTF-8", "string": body.decode()},
                "headers": {"Accept": ["*/*"]},
            },
            "response": {
                "status": {"code": 200, "message": "OK"},
                "headers": {"Content-Type": ["text/event-stream"]},
                "body": {"encoding": "ASCII-8BIT", "string": answer},
            },
            "recorded_at": "Mon, 08 Jun 2026 18:54:35 GMT",
        }

    answers = [half(*ASKED[0], STREAM), half(*ASKED[1], ANSWER.decode())]
    return "---\n" + yaml.safe_dump({"http_interactions": answers, "recorded_with": "VCR 6.4.0"}, sort_keys=False)


def in_go():
    interactions = [
        {
            "id": number,
            "request": {
                "proto": "HTTP/1.1",
                "body": body.decode(),
                "form": {},
                "headers": {},
                "url": f"https://api.example.com{target}",
                "method": "POST",
            },
            "response": {
                "proto": "HTTP/2.0",
                "content_length": -1,
                "uncompressed": False,
                "body": answer.decode(),
                "headers": {"Content-Type": ["text/event-stream"]},
                "status": "200 OK",
                "code": 200,
                "duration": "1.25s",
            },
        }
        for number, ((target, body), answer) in enumerate(zip(ASKED, [STREAM, ANSWER], strict=True))
    ]
    return "---\n" + yaml.safe_dump({"version": 2, "interactions": interactions}, sort_keys=False, allow_unicode=True)


def in_rust():
    return yaml.safe_dump_all(
        (
            {
                "when": {"path": target, "method": "POST", "body": body.decode()},
                "then": {
                    "status": 200,
                    "header": [{"name": "content-type", "value": "text/event-stream"}],
                    "body": answer.decode(),
                },
            }
            for (target, body), answer in zip(ASKED, [STREAM, ANSWER], strict=True)
        ),
        sort_keys=False,
    )


@pytest.mark.parametrize(("name", "text"), [("ruby-vcr", in_ruby()), ("go-vcr", in_go()), ("httpmock", in_rust())])
def test_cassettes_of_other_languages_replay_to_the_same_bytes(tapedeck, deck_of, tmp_path, name, text):
    (tmp_path / "cassette.yml").write_text(text)
    report, exchanges = imported(tapedeck, tmp_path / "cassette.yml", tmp_path / "x.tape")
    assert report["format"] == name
    assert [exchange.body for exchange in exchanges] == [STREAM, ANSWER]
    again = replayed(deck_of, tmp_path / "x.tape")
    assert [answer.body for answer in again] == [STREAM, ANSWER]


def test_the_family_has_a_name_of_its_own(tapedeck, tmp_path):
    (tmp_path / "cassette.yml").write_text(in_go())
    report, _ = imported(tapedeck, tmp_path / "cassette.yml", tmp_path / "x.tape", "--from", "vcr")
    assert report["format"] == "go-vcr"


def test_a_cassette_that_is_wrong_is_told_of_with_its_line(tapedeck, tmp_path):
    file = tmp_path / "cassette.yml"
    file.write_text(in_go().replace("code: 200", "code: many"))
    line = file.read_text().splitlines().index("    code: many") + 1
    done = run(tapedeck, "import", file, "-o", tmp_path / "x.tape")
    assert done.returncode == 65
    said = done.stderr.decode()
    assert f"line {line}" in said and "expected a status from 200 to 999, found 'many'" in said
    assert not (tmp_path / "x.tape").exists()


def yaml_corpus():
    return sorted((Path(CORPUS) / "vcr-yaml").glob("*.y*ml")) if CORPUS else []


class Loader(yaml.SafeLoader):
    """Takes the tags of Python for what they stand on."""


def untagged(loader, _, node):
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return tuple(loader.construct_sequence(node, deep=True))
    return loader.construct_mapping(node, deep=True)


Loader.add_multi_constructor("tag:yaml.org,2002:python/", untagged)


@pytest.mark.parametrize("file", yaml_corpus() or [None], ids=lambda file: file and file.name)
def test_recorded_cassettes_give_what_another_reader_of_yaml_reads(tapedeck, tmp_path, file):
    if file is None:
        pytest.skip("TAPEDECK_CORPUS is not set")
    _, exchanges = imported(tapedeck, file, tmp_path / "x.tape")
    document = yaml.load(file.read_text(), Loader)
    interactions = document.get("interactions") or document["http_interactions"]
    assert len(exchanges) == len(interactions)
    for exchange, interaction in zip(exchanges, interactions, strict=True):
        body = interaction["response"]["body"]["string"]
        body = body if isinstance(body, bytes) else body.encode()
        assert exchange.body == (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
        assert exchange.head["status"] == interaction["response"]["status"]["code"]
        assert exchange.request["method"] == interaction["request"]["method"].upper()
