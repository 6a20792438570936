"""`tapedeck import` of archives, packets and flows: real tools' files, and what a deck makes of them."""

import json
import shutil
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

import event_stream
import tape
from browser import BROWSER, browser
from conftest import CORPUS, run

FOLDER = Path(CORPUS).parent / "imports" if CORPUS else None
GAP = 0.06
PAGE = b"<!doctype html><title>reads a stream</title>"
EVENTS = [f'event: tick\ndata: {{"n":{n},"t":"wört"}}\n\n'.encode() for n in range(5)]


class Server(BaseHTTPRequestHandler):
    """A page, and a stream of events with gaps between them."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for event in EVENTS:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
            self.wfile.flush()
            time.sleep(GAP)
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def imported(tapedeck, source, to, *words):
    done = run(tapedeck, "import", "--json", source, "-o", to, *words)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout), tape.read(to)


def archive(events, body, started):
    """What DevTools exports of a fetch."""
    return {
        "startedDateTime": started,
        "time": 400,
        "_resourceType": "fetch",
        "request": {
            "method": "POST", "url": "https://api.example.com/stream", "httpVersion": "http/2.0",
            "headers": [{"name": ":method", "value": "POST"}, {"name": "content-type", "value": "text/plain"}],
            "postData": {"mimeType": "text/plain", "text": '{"stream":true}'}, "bodySize": 15,
        },
        "response": {
            "status": 200, "httpVersion": "http/2.0",
            "headers": [{"name": "content-type", "value": "text/event-stream"}],
            "content": {"size": len(body), "mimeType": "text/event-stream", "text": body.decode()},
        },
        "timings": {"blocked": 1, "dns": -1, "connect": -1, "send": 1, "wait": 20, "receive": 378},
        "_eventSourceMessages": events,
    }  # fmt: skip


@pytest.mark.skipif(not BROWSER, reason="no chromium is here")
def test_the_events_that_a_browser_notes_keep_their_times(tapedeck, tmp_path, server):
    """A page reads a stream, and its times stand in an archive as DevTools writes it."""
    script = """(async () => {
      const answer = await fetch('/stream', { method: 'POST', body: '{"stream":true}' }), times = []
      const reader = answer.body.getReader(), decoder = new TextDecoder()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return times
        times.push({ time: (performance.timeOrigin + performance.now()) / 1000, text: decoder.decode(value) })
      }
    })()"""
    with browser() as page:
        page.open(server + "/")
        reads = page.run(script)
    assert "".join(one["text"] for one in reads).encode() == b"".join(EVENTS)
    messages = []
    for n, event in enumerate(EVENTS):
        read = reads[min(n, len(reads) - 1)]
        data = event.decode().split("data: ")[1].strip()
        messages.append({"time": read["time"], "eventName": "tick", "eventId": "", "data": data})
    first = messages[0]["time"]
    started = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(first - 1)) + ".000Z"
    entry = archive(messages, b"".join(EVENTS), started)
    (tmp_path / "x.har").write_text(json.dumps({"log": {"version": "1.2", "creator": {}, "entries": [entry]}}))
    report, [exchange] = imported(tapedeck, tmp_path / "x.har", tmp_path / "x.tape")
    assert report["format"] == "har"
    assert exchange.request["timing"] == "recorded"
    assert exchange.head["http"] == "2"
    assert exchange.body == b"".join(EVENTS)
    times = [at for at, _ in exchange.chunks]
    for (a, b), (c, d) in zip(pairwise(times), pairwise(messages), strict=True):
        assert abs((b - a) - (d["time"] - c["time"]) * 1e6) <= 1


def captured(to, port, seconds=3):
    """What tshark captures of a port, while the caller goes on."""
    words = ["tshark", "-i", "lo", "-f", f"tcp port {port}", "-a", f"duration:{seconds}", "-w", str(to), "-q"]
    tshark = subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 20
    # The file is there once the interface is open.
    while not (to.exists() and to.stat().st_size) and time.monotonic() < until:
        time.sleep(0.02)
    return tshark


@pytest.mark.skipif(not shutil.which("tshark"), reason="no tshark is here")
def test_packets_of_a_real_capture_give_the_bytes_and_their_times(tapedeck, tmp_path, server):
    capture = tmp_path / "x.pcapng"
    with captured(capture, server.rsplit(":", 1)[1]) as tshark:
        subprocess.run(["curl", "-sN", "-d", "x=1", f"{server}/stream"], check=True, capture_output=True, timeout=30)
        tshark.wait(timeout=60)
    for form in ("json", "ek"):
        words = ["tshark", "-r", str(capture), "-T", form]
        packets = subprocess.run(words, capture_output=True, check=True, timeout=60).stdout
        (tmp_path / "x.json").write_bytes(packets)
        report, [exchange] = imported(tapedeck, tmp_path / "x.json", tmp_path / f"{form}.tape")
        assert report["format"] == "tshark"
        assert exchange.request["timing"] == "recorded"
        assert exchange.request["url"] == f"{server}/stream"
        assert exchange.body == b"".join(EVENTS)
        assert exchange.how == "complete"
        times = [at for at, _ in exchange.chunks]
        assert len(times) == len(EVENTS)
        assert all(b - a > GAP * 0.9e6 for a, b in pairwise(times))


# The exchanges of each file, and the events of each.
KNOWN = {
    "har/own__mitmproxy-har.har": [45, 27, 0],
    "har-chrome/own__devtools-eventsource-fetch.har": [0, 6, 3, 8, 0],
    "har-browsertime/own__chrome-har-with-chunks.har": [0, 6, 3, 0],
    "agentrec/own__127.0.0.1_claude-test_66f3453e192d0482.json": [21],
    "agentrec/own__127.0.0.1_gpt-test_9fd274a84e9843c0.json": [45],
    "tshark/own__fields-eof-fetch-gzip.json": [3, 6, 4],
    "tshark/own__full-http-dissected.json": [3, 6, 4],
    "tshark/own__fields-messages-text-cut.json": [45, 21],
    "mitmproxy/own__llm-streamed-stored.mitm": [0, 0, 0],
}


@pytest.mark.parametrize("name", KNOWN)
def test_real_files_have_as_many_events_as_their_tools_saw(tapedeck, tmp_path, name):
    if not FOLDER:
        pytest.skip("TAPEDECK_CORPUS is not set")
    _, exchanges = imported(tapedeck, FOLDER / name, tmp_path / "x.tape")
    assert [len(event_stream.parse(exchange.body)) for exchange in exchanges] == KNOWN[name]


def test_what_an_archive_leaves_out_is_said(tapedeck, tmp_path):
    entries = [archive([], b"data: a\n\n", "2026-05-01T10:00:00+02:00") for _ in range(2)]
    entries[1]["request"]["url"] = "wss://api.example.com/socket"
    (tmp_path / "x.har").write_text(json.dumps({"log": {"creator": {}, "entries": entries}}))
    done = run(tapedeck, "import", tmp_path / "x.har", "-o", tmp_path / "x.tape")
    assert done.returncode == 0
    assert "left out: 1 WebSocket (no exchange of HTTP)" in done.stderr.decode()
    report, [exchange] = imported(tapedeck, tmp_path / "x.har", tmp_path / "y.tape")
    assert report["notes"] == ["left out: 1 WebSocket (no exchange of HTTP)"]
    assert exchange.request["at"] == "2026-05-01T08:00:00.000000Z"
    assert [name for name, _ in exchange.request["headers"]] == ["content-type"]
