"""Cassettes as other programs see them: as gzip, as JSON, as text, and after a crash."""

import gzip
import json
import subprocess
import sys
import time
import zlib

import pytest

import tape
from conftest import run
from upstream import streaming

KEY = b"sk-ant-api03-" + b"AbCdEf0123456789" * 5
REQUEST_BODY = '{"key":"KEY","text":"\\u0000/é"}'
QUERY_KEY = "AIzaSy" + "Dummy0123" * 3 + "Dummy0"
CONTROLS = "".join(map(chr, range(0x20))) + '"\\/\x7f\x80\u0085\u2028\u2029\ufeff😀</script>'
PIECES = [
    f"data: {CONTROLS}\n\n".encode(),
    *(b"data: \xc3", b"\xa9\n", b"\n"),
    *(b'data: {"key":"' + KEY[:7], KEY[7:20], KEY[20:] + b'"}\n\n'),
    *(b"data: end\r", b"\n\r", b"\n"),
]
FLUSHED_WITHIN_S = 0.25
STREAM = '"http":"1.1","framing":"chunked","headers":[["content-type","text/event-stream"]]'
BY_HAND = f"""
{{"tapedeck":1,"from":{{"later":[1,2.50,1e3]}}}}
[0,"q",{{"id":"a","at":"2026-11-22T11:00:00Z","method":"POST","url":"http://x/v1","new":"é\\/"}}]
[5,"m","a note"]
[7,"h",{{"status":200,{STREAM},"new":1.50}}]
[9,"zz",{{"deep":[null,true,12345678901234567890,1.0]}}]
[11,"d","data: one\\n\\n"]
[13,"e",{{"how":"complete","new":"kept"}}]
[0,"q",{{"id":"b","at":"2026-11-22T11:00:01Z","timing":"recorded","method":"POST","url":"http://x/v1","headers":[],"new":[1.50]}}]
[7,"h",{{"status":200,{STREAM},"new":12345678901234567890}}]
[8,"zz",[]]
[11,"d","data: two\\n\\n"]
[3,"d","data: three\\n\\n"]
[13,"e",{{"how":"complete"}}]
""".lstrip()


def record(tapedeck, base, target, *options):
    body = REQUEST_BODY.replace("KEY", KEY.decode())
    url = f"{base}/v1/messages?key={QUERY_KEY}&alt=sse"
    return run(tapedeck, "record", url, "-H", "x-api-key: dummy", "-d", body, "-o", target, *options)


@pytest.fixture(scope="module")
def recorded(tapedeck, tmp_path_factory):
    """A cassette with two recordings of the same pieces, and how long it was after the first."""
    path = tmp_path_factory.mktemp("recorded") / "twice.tape"
    sizes = []
    for options in ([], ["--append"]):
        with streaming(PIECES) as (base, _):
            done = record(tapedeck, base, path, *options)
        assert done.returncode == 0, done.stderr
        sizes.append(path.stat().st_size)
    return path, sizes[0]


def members(packed):
    """The gzip members of a file: of each its bytes and what is in it."""
    found = []
    while packed:
        inflater = zlib.decompressobj(wbits=31)
        text = inflater.decompress(packed)
        assert inflater.eof
        found.append((packed[: len(packed) - len(inflater.unused_data)], text))
        packed = inflater.unused_data
    return found


def test_the_header_line_and_each_exchange_are_gzip_members_of_their_own(recorded):
    path, first_size = recorded
    found = members(path.read_bytes())
    assert [text.count(b"\n") for _, text in found] == [1, len(PIECES) + 4, len(PIECES) + 4]
    assert found[0][1] == b'{"tapedeck":1}\n'
    assert len(found[0][0]) + len(found[1][0]) == first_size


def test_a_member_is_what_zlib_makes_of_its_lines_at_level_9(recorded):
    for packed, text in members(recorded[0].read_bytes()):
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        size_and_sum = zlib.crc32(text).to_bytes(4, "little") + len(text).to_bytes(4, "little")
        deflated = deflater.compress(text) + deflater.flush()
        assert packed == bytes.fromhex("1f8b0800000000000203") + deflated + size_and_sum


def test_every_line_is_compact_json_as_python_writes_it(recorded):
    for line in gzip.decompress(recorded[0].read_bytes()).decode().removesuffix("\n").split("\n"):
        assert line == json.dumps(json.loads(line), separators=(",", ":"), ensure_ascii=False)


def test_the_keys_stand_in_the_order_of_the_format(recorded):
    request, head, *_, trailers, end = [
        json.loads(line) for line in members(recorded[0].read_bytes())[1][1].splitlines()
    ]
    order = ["id", "at", "by", "timing", "method", "url", "path", "headers", "body"]
    assert (request[:2], list(request[2])) == ([0, "q"], order)
    assert (head[1], list(head[2])) == ("h", ["status", "http", "framing", "headers"])
    assert trailers[1:] == ["t", [["x-checksum", "1"]]]
    assert end[1:] == ["e", {"how": "complete"}]


def test_secrets_are_replaced_at_their_length_also_where_they_span_chunks(recorded):
    text = gzip.decompress(recorded[0].read_bytes())
    for secret in (KEY, KEY[7:20], KEY[20:40], QUERY_KEY.encode(), b"dummycookie", b'"dummy"'):
        assert secret not in text
    for exchange in tape.read(recorded[0]):
        chunks = [chunk for _, chunk in exchange.chunks]
        assert list(map(len, chunks)) == list(map(len, PIECES))
        assert b"".join(chunks) == b"".join(PIECES).replace(KEY, b"*" * len(KEY))
        assert exchange.request["body"] == REQUEST_BODY.replace("KEY", "*" * len(KEY))
        assert ["x-place", "café/bar"] in exchange.head["headers"]


def test_chunks_that_are_no_text_alone_are_base64(recorded):
    lines = [json.loads(line) for line in members(recorded[0].read_bytes())[1][1].splitlines()]
    codes = [code for _, code, _ in lines if code in ("d", "b")]
    assert codes == ["d", "b", "b", *["d"] * (len(PIECES) - 3)]


def test_the_intervals_add_up_to_the_time_that_it_took(tapedeck, tmp_path):
    path = tmp_path / "slow.tape"
    started = time.monotonic()
    with streaming([b"data: 1\n\n", b"data: 2\n\n", b"data: 3\n\n"], pause_s=0.2) as (base, _):
        assert record(tapedeck, base, path).returncode == 0
    elapsed_us = (time.monotonic() - started) * 1_000_000
    [exchange] = tape.read(path)
    [shown] = json.loads(run(tapedeck, "show", "--json", path).stdout)["exchanges"]
    assert 500_000 < shown["duration_us"] == exchange.end_at_us < elapsed_us
    assert all(at > 150_000 * n for n, (at, _) in enumerate(exchange.chunks, 1))


@pytest.mark.parametrize("verb", [["show"], ["show", "--events"], ["plan"], ["play", "--pace", "instant"], ["check"]])
def test_a_cassette_written_by_hand_is_good_for_every_verb(tapedeck, tmp_path, verb):
    path = tmp_path / "hand.tape"
    path.write_text(BY_HAND)
    done = run(tapedeck, *verb, path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout
    assert path.read_text() == BY_HAND


def test_a_cassette_written_by_hand_is_served_and_appended_to_as_text(tapedeck, tmp_path):
    path = tmp_path / "hand.tape"
    path.write_text(BY_HAND)
    assert run(tapedeck, "serve", path, "--", sys.executable, "-c", "pass").returncode == 0
    with streaming(PIECES) as (base, _):
        assert record(tapedeck, base, path, "--append").returncode == 0
    assert path.read_bytes().startswith(BY_HAND.encode())
    assert [exchange.how for exchange in tape.read(path)] == ["complete"] * 3


def halved(text):
    """A cassette whose last line is torn, as text."""
    return text.encode()[:-10], lambda content: content


def halved_member(text):
    """A cassette whose last member is torn: of a byte less, the last line cannot be inflated."""
    lines = text.splitlines(keepends=True)
    parts = ["".join(part).encode() for part in (lines[:1], lines[1:7], lines[7:])]
    return b"".join(map(gzip.compress, parts))[:-25], gzip.decompress


@pytest.mark.parametrize("torn", [halved, halved_member])
def test_a_repair_keeps_every_whole_line_and_what_it_does_not_know(tapedeck, tmp_path, torn):
    path = tmp_path / "torn.tape"
    content, inflated = torn(BY_HAND)
    path.write_bytes(content)
    assert run(tapedeck, "check", path).returncode == 65
    assert path.read_bytes() == content
    repaired = run(tapedeck, "check", "--repair", path)
    assert repaired.returncode == 1 and b"interrupted" in repaired.stdout
    assert path.with_suffix(".tape.orig").read_bytes() == content
    lines = inflated(path.read_bytes()).decode().splitlines()
    assert lines[:9] == BY_HAND.splitlines()[:9]
    assert json.loads(lines[9]) == [8, "zz", []]
    lost = path.with_suffix(".tape.lost").read_bytes().decode()
    whole = [line for line in lines if line != '[0,"e",{"how":"interrupted"}]']
    assert BY_HAND.startswith("\n".join([*whole, lost]))
    assert run(tapedeck, "check", path).returncode == 1


def test_a_recorder_that_was_killed_leaves_all_but_the_last_quarter_second(tapedeck, tmp_path):
    path = tmp_path / "killed.tape"
    pieces = [b"data: event number %d\n\n" % number for number in range(80)]
    with streaming(pieces, pause_s=0.02) as (base, sent_at):
        command = [tapedeck, "record", f"{base}/v1", "-o", path]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            while len(sent_at) < 40:
                time.sleep(0.02)
            killed_at = time.monotonic()
            process.kill()
    safe = sum(at < killed_at - FLUSHED_WITHIN_S for at in sent_at)
    assert safe > 10
    assert not path.exists()

    [spool] = tmp_path.iterdir()
    found = run(tapedeck, "check", tmp_path)
    assert found.returncode == 1 and spool.name in found.stdout.decode()
    assert spool.exists() and not path.exists()

    adopted = run(tapedeck, "check", "--repair", path)
    assert adopted.returncode == 1 and b"interrupted" in adopted.stdout
    assert list(tmp_path.iterdir()) == [path]
    [exchange] = tape.read(path)
    assert exchange.how == "interrupted"
    assert exchange.body.startswith(b"".join(pieces[:safe]))
    assert b"".join(pieces).startswith(exchange.body)
