"""What `tapedeck load` sends: requests of a cassette, with the fields that the command line gives."""

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

ANSWER = b"data: 1\n\ndata: 2\n\n"


@pytest.fixture
def server():
    """A server that keeps the heads of its requests: its base URL, and what it got."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            seen.append((self.path, dict(self.headers), json.loads(body)))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("content-length", str(len(ANSWER)))
            self.end_headers()
            self.wfile.write(ANSWER)

        def log_message(self, *_):
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}", seen
    listening.shutdown()
    thread.join()
    listening.server_close()


def load(tapedeck, *arguments):
    command = [tapedeck, "load", *arguments, "--arrivals", "constant:100/s", "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_a_key_takes_the_place_of_what_a_cassette_has_of_one(tapedeck, server):
    url, seen = server
    key = "x-api-key: a-key-of-its-own"
    done = load(tapedeck, f"{url}/base", "cassettes/anthropic-text.tape", "-H", key, "--count", "3")
    assert json.loads(done.stdout)["streams"] == 3, done.stderr
    assert [path for path, _, _ in seen] == ["/base/v1/messages"] * 3
    for _, headers, body in seen:
        named = [value for name, value in headers.items() if name.lower() == "x-api-key"]
        assert named == ["a-key-of-its-own"]
        assert body["stream"] is True


def test_a_body_of_the_command_line_and_a_cassette_contradict_each_other(tapedeck, server):
    url, seen = server
    done = load(tapedeck, url, "cassettes/anthropic-text.tape", "-d", "{}", "--count", "1")
    assert done.returncode == 64
    assert "leave out -X and -d, or the cassette" in done.stderr
    assert seen == []
