"""A real browser: what a page of this machine gets from a deck, and what a page from elsewhere gets."""

import json
import shutil
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import wire
from conftest import CASSETTES, REQUESTS
from recording_deck import recording
from scripted_upstream import stream, upstream

BROWSER = shutil.which("chromium")
NAME = "anthropic-text"
SECONDS = 60

# A page says what came of each thing that it tried; what it may not see is an exception or opaque.
PAGE = """<!doctype html><meta charset=utf-8><iframe name=frame></iframe><script>
const deck = 'http://127.0.0.1:DECK', rebound = 'http://evil.example:DECK'
const post = { method: 'POST', body: '{"a":1}' }
const json = { ...post, headers: { 'content-type': 'application/json', 'x-api-key': 'page' } }
async function read(url, options) {
  try {
    const answer = await fetch(url, options)
    const reader = answer.body?.getReader()
    let bytes = 0, reads = 0
    for (;;) {
      const { done, value } = reader ? await reader.read() : { done: true }
      if (done) break
      bytes += value.length, reads++
    }
    return `${answer.type} ${answer.status} ${bytes} ${reads > 3 ? 'in pieces' : ''}`.trim()
  } catch (error) { return error.name }
}
function element(name, properties) {
  return new Promise((resolve) => {
    const made = Object.assign(document.createElement(name), properties)
    made.onload = () => resolve('loaded')
    made.onerror = () => resolve('failed')
    document.body.append(made)
  })
}
function form(action) {
  const made = Object.assign(document.createElement('form'), { action, method: 'POST', target: 'frame' })
  document.body.append(made)
  made.submit()
  return new Promise((resolve) => setTimeout(resolve, 300, 'sent'))
}
function socket(url) {
  return new Promise((resolve) => {
    const made = new WebSocket(url)
    made.onopen = () => resolve('open')
    made.onerror = () => resolve('failed')
  })
}
async function all() {
  return {
    stream: await read(`${deck}/~pace=10x/v1/messages`, STREAM),
    preflighted: await read(`${deck}/v1/messages`, json),
    simple: await read(`${deck}/v1/messages`, post),
    opaque: await read(`${deck}/v1/messages`, { ...post, mode: 'no-cors' }),
    journal: await read(`${deck}/~/api/journal`),
    exchanges: await read(`${deck}/~/api/exchanges`),
    health: await read(`${deck}/~/health`),
    rebound: await read(`${rebound}/v1/messages`, post),
    rebound_get: await read(`${rebound}/~/api/journal`, { mode: 'no-cors' }),
    beacon: navigator.sendBeacon(`${deck}/v1/beacon`, 'x') ? 'sent' : 'not sent',
    image: await element('img', { src: `${deck}/v1/image` }),
    script: await element('script', { src: `${deck}/v1/script` }),
    form: await form(`${deck}/v1/form`),
    socket: await socket(`ws://127.0.0.1:DECK/v1/socket`),
  }
}
all().then((seen) => fetch('/seen', { method: 'POST', body: JSON.stringify(seen) }))
</script>"""


class Pages(BaseHTTPRequestHandler):
    """Serves the page, and takes what it has seen."""

    def do_GET(self):
        body = self.server.page if self.path == "/" else b""
        self.answer(200 if body else 404, body)

    def do_POST(self):
        self.server.seen = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.answer(204, b"")
        self.server.is_done.set()

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def pages(deck):
    """A web server with the page, which asks this deck."""
    options = {"method": "POST", "body": (REQUESTS / f"{NAME}.json").read_text()}
    page = PAGE.replace("DECK", deck.rpartition(":")[2]).replace("STREAM", json.dumps(options))
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        server.page, server.seen, server.is_done = page.encode(), None, threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def visit(deck, host, tmp_path):
    """What the page sees in a browser that takes it to come from a host."""
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
    flags += ["--host-resolver-rules=MAP evil.example 127.0.0.1", "--no-proxy-server"]
    flags += [f"--user-data-dir={tmp_path / 'browser'}", "--remote-debugging-port=0"]
    with pages(deck) as server:
        url = f"http://{host}:{server.server_port}/"
        command = [BROWSER, *flags, url]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                assert server.is_done.wait(SECONDS), "the browser has not said what it saw"
            finally:
                process.terminate()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
        return server.seen


def metric(deck, name):
    lines = wire.send("GET", f"{deck}/~/metrics").body.decode().splitlines()
    return int(next(line.split()[1] for line in lines if line.split()[0] == name))


needs_browser = pytest.mark.skipif(BROWSER is None, reason="there is no chromium here")


@needs_browser
def test_a_page_from_elsewhere_gets_nothing_and_does_nothing(tapedeck, tmp_path):
    with upstream(stream()) as server:
        flags = [CASSETTES / f"{NAME}.tape", "--pace", "instant"]
        with recording(tapedeck, tmp_path, *flags, upstream=server.url) as deck:
            seen = visit(deck.base, "evil.example", tmp_path)
            readable = {name: said for name, said in seen.items() if said.split()[0] in ("cors", "basic", "default")}
            assert not readable, seen
            # Of an opaque answer a page knows only that there was one.
            assert seen["opaque"] in ("opaque 0 0", "TypeError")
            assert {seen["image"], seen["script"], seen["socket"]} == {"failed"}
            assert {entry["status"] for entry in deck.journal()} == {403}
            assert all(entry["exchange"] is None and entry["attempt"] is None for entry in deck.journal())
            assert metric(deck.base, "tapedeck_foreign_total") >= 8
            assert metric(deck.base, "tapedeck_forwarded_total") == 0
        assert server.requests == [] and not deck.tape.exists()
    assert "--allow-origin http://evil.example" in deck.warnings


@needs_browser
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_page_of_this_machine_streams(tapedeck, tmp_path, host):
    with upstream(stream()) as server:
        flags = [CASSETTES / f"{NAME}.tape", "--pace", "instant"]
        with recording(tapedeck, tmp_path, *flags, upstream=server.url) as deck:
            seen = visit(deck.base, host, tmp_path)
            size = len(wire.post(f"{deck.base}/v1/messages", (REQUESTS / f"{NAME}.json").read_bytes()).body)
            assert seen["stream"] == f"cors 200 {size} in pieces"
            assert all(seen[name].startswith("cors 200") for name in ("preflighted", "simple", "journal", "health"))
            # By a name that is not the deck's own, nothing comes for anybody.
            assert seen["rebound"] == "TypeError"
        assert len(server.requests) >= 1 and deck.tape.exists()
