"""What the real curl writes of a stream, imported, is what `record` says of the same stream."""

import gzip
import re
import subprocess
import time

import pytest

import tape
from conftest import CASSETTES, run, serving
from scripted_upstream import FIN, RESET, SILENCE, Pause, chunk, event, head, upstream

CASSETTE = CASSETTES / "anthropic-text.tape"
PATIENCE_S = "2"

FAULTS = [
    (),
    ("disconnect@frac:0.5",),
    ("disconnect@frac:0.5,mid-chunk",),
    ("reset@frac:0.5",),
    ("bad-chunk@frac:0.5",),
    ("gzip",),
    ("rechunk:7",),
    ("framing:eof",),
    ("framing:length",),
    ("framing:length-short",),
    ("interim",),
]


def curl(*words, into=None):
    """Runs curl; where a file is given, standard output and standard error go there together."""
    command = ["curl", "-q", "--noproxy", "*", "--max-time", PATIENCE_S, *map(str, words)]
    if into is None:
        return subprocess.run(command, capture_output=True, check=False, timeout=60)
    with open(into, "wb") as file:
        return subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, check=False, timeout=60)


def imported(tapedeck, file, *flags):
    """The exchanges that an import makes of a file."""
    target = file.with_suffix(".tape")
    done = run(tapedeck, "import", file, "-o", target, *flags)
    assert done.returncode == 0, done.stderr.decode()
    return tape.read(target)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """The request of the cassette: its path, and a file with its body."""
    request = tape.read(CASSETTE)[0]
    file = tmp_path_factory.mktemp("request") / "request.json"
    file.write_text(request.request["body"])
    return request.path, file


def recorded(tapedeck, folder, url, data):
    """What `record` says of the same stream."""
    done = run(
        tapedeck, "record", url, "-H", "content-type: application/json", "-d", f"@{data}", "-o", folder / "r.tape"
    )
    assert done.returncode == 0, done.stderr.decode()
    return tape.read(folder / "r.tape")[0]


def same(exchange, other):
    assert exchange.body == other.body
    assert exchange.how == other.how
    assert exchange.head["status"] == other.head["status"]
    assert exchange.head["framing"] == other.head["framing"]
    assert exchange.head.get("decoded") == other.head.get("decoded")


def records(trace):
    """The records of a trace with times: seconds of the day and the mark of each, by other means than the program's."""
    found = re.findall(rb"(?m)^(\d\d):(\d\d):(\d\d\.\d{6}) (== Info|=> Send|<= Recv) ?(header|data)?", trace)
    return [(int(h) * 3600 + int(m) * 60 + float(s), mark.decode(), what.decode()) for h, m, s, mark, what in found]


@pytest.mark.parametrize("faults", FAULTS, ids=lambda faults: faults[0] if faults else "none")
def test_a_trace_of_a_stream_is_that_stream(tapedeck, tmp_path, asked, faults):
    path, data = asked
    flags = [word for fault in faults for word in ("--fault", fault)]
    with serving([tapedeck, "serve", CASSETTE, *flags], tmp_path / "port") as base:
        post = ["-sN", "-H", "content-type: application/json", "--data-binary", f"@{data}", base + path]
        witness = recorded(tapedeck, tmp_path, base + path, data)
        curl("--trace-time", "--trace", tmp_path / "hex.txt", "-o", "/dev/null", *post)
        curl("--trace-time", "--trace-ascii", tmp_path / "ascii.txt", "-o", "/dev/null", *post)
        curl("-v", *post, into=tmp_path / "v.txt")
        curl("-v", *[word for word in post if word != "-sN"], into=tmp_path / "blocks.txt")
        curl("-i", "-S", *post, into=tmp_path / "i.txt")
    [exchange] = imported(tapedeck, tmp_path / "hex.txt")
    same(exchange, witness)
    assert exchange.request["timing"] == "recorded"
    assert exchange.request["body"] == witness.request["body"]
    assert exchange.request["url"] == base + path
    check_times(exchange, (tmp_path / "hex.txt").read_bytes())
    if "gzip" not in faults:
        [printable] = imported(tapedeck, tmp_path / "ascii.txt")
        same(printable, witness)
        assert printable.request["timing"] == "recorded"
    for name in ("v.txt", "blocks.txt"):
        [verbose] = imported(tapedeck, tmp_path / name)
        same(verbose, witness)
        assert verbose.request["timing"] == "synthetic"
        assert verbose.request["method"] == "POST"
    [included] = imported(tapedeck, tmp_path / "i.txt")
    same(included, witness)
    assert included.path == path


def check_times(exchange, trace):
    """Head, pieces and end have the times of the trace, counted from the last byte of the request."""
    found = records(trace)
    zero = max(at for at, mark, _ in found if mark == "=> Send")
    heads = [at for at, mark, what in found if (mark, what) == ("<= Recv", "header")]
    data = [at for at, mark, what in found if (mark, what) == ("<= Recv", "data")]
    assert exchange.head_at_us == pytest.approx((heads[-1] - zero) * 1e6, abs=1)
    for at, _ in exchange.chunks:
        assert min(abs((other - zero) * 1e6 - at) for other in data) <= 1
    assert len(exchange.chunks) <= len(data)
    assert exchange.end_at_us >= exchange.chunks[-1][0]
    assert exchange.end_at_us <= (found[-1][0] - zero) * 1e6 + 1


def test_an_imported_trace_replays_byte_for_byte(tapedeck, tmp_path, asked):
    path, data = asked
    with serving([tapedeck, "serve", CASSETTE], tmp_path / "port") as base:
        first = curl("-sN", "--trace-time", "--trace", tmp_path / "t.txt", "--data-binary", f"@{data}", base + path)
    imported(tapedeck, tmp_path / "t.txt")
    with serving([tapedeck, "serve", tmp_path / "t.tape"], tmp_path / "again") as base:
        second = curl("-sN", "--data-binary", f"@{data}", base + path)
    assert first.stdout
    assert second.stdout == first.stdout


ENDINGS = [
    ([FIN], "truncated"),
    ([RESET], "reset"),
    ([SILENCE], "timeout"),
    ([b"xyz\r\nrest\r\n", FIN], "malformed"),
    ([b"0\r\nx-sum: 1\r\n\r\n"], "complete"),
]


@pytest.mark.parametrize(("end", "how"), ENDINGS, ids=[how for _, how in ENDINGS])
@pytest.mark.parametrize("form", ["--trace", "--trace-ascii", "-v", "-i"])
def test_how_a_stream_ended_is_told(tapedeck, tmp_path, end, how, form):
    with upstream([head(), chunk(event(0)), Pause(0.05), chunk(event(1)), *end]) as server:
        if form.startswith("--"):
            curl("-s", "--trace-time", form, tmp_path / "t.txt", "-o", "/dev/null", server.url + "/a")
        else:
            curl("-sSN", form, server.url + "/a", into=tmp_path / "t.txt")
    [exchange] = imported(tapedeck, tmp_path / "t.txt")
    assert exchange.how == how
    assert exchange.body == event(0) + event(1)
    if form.startswith("--") and how == "complete":
        assert exchange.trailers == [["x-sum", "1"]]


def test_a_chunk_size_line_may_be_cut_between_two_records(tapedeck, tmp_path):
    body = event(0, 200) + event(1, 200)
    framed = chunk(body[:100]) + chunk(body[100:]) + b"0\r\n\r\n"
    for cut in range(1, len(framed), 23):
        with upstream([head(), Pause(0.01), framed[:cut], Pause(0.01), framed[cut:]]) as server:
            trace = tmp_path / f"{cut}.txt"
            curl("-s", "--trace-time", "--trace", trace, "-o", "/dev/null", server.url)
        [exchange] = imported(tapedeck, trace)
        assert exchange.body == body
        assert exchange.how == "complete"


def test_redirects_and_uploads_are_exchanges_of_their_own(tapedeck, tmp_path):
    moved = [head("307 Temporary Redirect", "location: /b", framing="content-length: 4") + b"gone"]
    good = [b"HTTP/1.1 100 Continue\r\n\r\n", head(), chunk(event(0)), b"0\r\n\r\n"]
    upload = tmp_path / "upload.txt"
    upload.write_bytes(b"words " * 3000)
    with upstream([moved, good]) as server:
        curl(
            "-sL", "--trace-time", "--trace", tmp_path / "t.txt", "-H", "transfer-encoding: chunked", "-H", "expect:",
            "-T", upload, "-o", "/dev/null", server.url + "/a",
        )  # fmt: skip
    exchanges = imported(tapedeck, tmp_path / "t.txt")
    assert [exchange.head["status"] for exchange in exchanges] == [307, 200]
    assert [exchange.path for exchange in exchanges] == ["/a", "/b"]
    assert exchanges[1].request["body"] == upload.read_text()
    assert exchanges[1].body == event(0)


def test_a_server_that_nobody_runs_is_unreachable(tapedeck, tmp_path):
    curl("-s", "--trace-time", "--trace", tmp_path / "t.txt", "http://127.0.0.1:1/a")
    curl("-sS", "-v", "http://127.0.0.1:1/a", into=tmp_path / "v.txt")
    curl("-s", "--trace", tmp_path / "d.txt", "http://nowhere.invalid/a")
    found = [imported(tapedeck, tmp_path / name)[0] for name in ("t.txt", "v.txt", "d.txt")]
    assert [exchange.how for exchange in found] == ["unreachable"] * 3
    assert [exchange.ending["stage"] for exchange in found] == ["connect", "connect", "dns"]


def test_an_import_takes_no_longer_than_its_file_is_long(tapedeck, tmp_path):
    """A hostile file of one kind of line after the other is read in time that grows with its length alone."""
    lines = {
        "head": b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 400_000,
        "verbose": b"> GET / HTTP/1.1\r\n" + b"> a: b\r\n" * 300_000,
        "trace": b"== Info: Trying\n" * 30_000,
        "meters": b"HTTP/1.1 200 OK\r\n\r\n" + b"\r" * 1_000_000,
        "line": b"> GET / HTTP/1.1\r\n> \r\n< HTTP/1.1 200 OK\r\n< \r\n" + b"c* " * 20_000,
        "heads": b"HTTP/1.1 200 OK\r\na: b\r\n\r\nx\n" + b"HTTP/1.1 200 OK\n" * 50_000,
        "stars": b"> GET / HTTP/1.1\r\n> \r\n< HTTP/1.1 200 OK\r\n< \r\n" + b"* Closing connection\n" * 100_000 + b"x",
    }
    for name, data in lines.items():
        file = tmp_path / f"{name}.txt"
        file.write_bytes(data)
        start = time.monotonic()
        done = run(tapedeck, "import", file, "-o", tmp_path / f"{name}.tape")
        assert done.returncode in (0, 65), done.stderr
        assert time.monotonic() - start < 40


def test_compressed_captures_are_read(tapedeck, tmp_path):
    with upstream([head(), chunk(event(0)), b"0\r\n\r\n"]) as server:
        curl("-s", "--trace-time", "--trace", tmp_path / "t.txt", "-o", "/dev/null", server.url + "/a")
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress((tmp_path / "t.txt").read_bytes()))
    [exchange] = imported(tapedeck, packed)
    assert exchange.body == event(0)
