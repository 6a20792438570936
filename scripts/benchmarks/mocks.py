"""The servers in Python: those written by hand, and the mock servers of language models that PyPI has.

Each runs in an environment of the benchmarks' own, with the versions that the files in `peers/` pin.
"""

import json

from environments import environment, pinned
from servers import BY_HAND, PROGRAMS, Server, posted

WORD = "word "


class InPython(Server):
    """A server whose packages are in an environment made of one file of pins."""

    pins = "requirements.txt"
    package = ""

    def prepare(self):
        self.programs = environment(self.pins)
        self.version = pinned(self.pins, self.package)


class Aiohttp(InPython):
    package = "aiohttp"

    def __init__(self, form):
        self.name = f"aiohttp, {form}"
        self.form = form
        self.about = "aiohttp on uvloop " + (
            BY_HAND if form == "deadlines" else "by hand, a sleep between two events, as most write it"
        )

    def cannot(self, gap_ms):
        return None if gap_ms or self.form == "deadlines" else "the same program as with deadlines"

    def command(self, play, port):
        return [
            self.programs / "python",
            PROGRAMS / "aiohttp_server.py",
            port,
            play.folder / "stream.sse",
            play.gap_ms,
            self.form,
        ]


class Starlette(InPython):
    name = "starlette"
    package = "starlette"
    about = f"starlette on uvicorn with uvloop and httptools {BY_HAND}"

    def command(self, play, port):
        return [
            self.programs / "python",
            PROGRAMS / "starlette_server.py",
            port,
            play.folder / "stream.sse",
            play.gap_ms,
        ]


class Llmock(InPython):
    name = package = "llmock"
    about = "a mock server (uvicorn); a pause before each event after the first"
    path = "/anthropic/v1/messages"

    def command(self, play, port):
        return [
            self.programs / "llmock",
            "serve",
            "--port",
            port,
            "--log-level",
            "warning",
            "--stream-chunk-delay-ms",
            round(play.gap_ms),
        ]

    def configure(self, port, play):
        text = WORD * (play.events - 6)  # six events are about the message, the others are a word each
        reply = {"type": "reply", "text": text, "times": None}
        posted(port, "/_llmock/scenario", json.dumps({"behaviors": [reply]}))


class Stubllm(InPython):
    name = package = "stubllm"
    about = "a mock server (uvicorn); a pause after each event"

    def command(self, play, port):
        fixture = {
            "name": "words",
            "match": {"provider": "anthropic"},
            "response": {"content": "abc " * (play.events - 1), "stream_chunk_delay_ms": round(play.gap_ms)},
        }
        path = play.folder / "stubllm.json"
        path.write_text(json.dumps({"fixtures": [fixture]}))
        return [self.programs / "stubllm", "serve", "--port", port, "--log-level", "warning", "--fixture-file", path]

    def offsets_us(self, play):
        offsets = super().offsets_us(play)
        return offsets[:-1] + offsets[-2:-1]  # the end comes with the last word


class Mocktopus(InPython):
    name = package = "mocktopus"
    about = "a mock server (aiohttp); a pause of 20 ms after each event, always"
    path = "/v1/chat/completions"

    def cannot(self, gap_ms):
        return None if gap_ms == 20 else "its events are always 20 ms apart"

    def command(self, play, port):
        rule = {
            "type": "llm.openai",
            "when": {"model": "*"},
            "respond": {"content": WORD * (play.events - 2)},
        }  # five characters an event
        path = play.folder / "mocktopus.yaml"
        path.write_text(json.dumps({"version": 1, "rules": [rule]}))
        return [self.programs / "mocktopus", "serve", "--port", port, "--scenario", path]

    def body(self, play):
        return chat_body()

    def offsets_us(self, play):
        offsets = super().offsets_us(play)
        return offsets[:-1] + offsets[-2:-1]  # the last two come together


class Guidellm(InPython):
    name = package = "guidellm"
    pins = "guidellm.txt"
    about = "`guidellm mock-server` (sanic); a pause before each event after the first"
    path = "/v1/chat/completions"

    def command(self, play, port):
        return [
            self.programs / "guidellm",
            "mock-server",
            "--port",
            port,
            "--ttft-ms",
            0,
            "--itl-ms",
            play.gap_ms,
            "--output-tokens",
            play.events - 2,
        ]

    def body(self, play):
        return chat_body()

    def offsets_us(self, play):
        offsets = super().offsets_us(play)[:-2]
        return offsets + offsets[-1:] * 2  # the last three come together


def chat_body():
    return json.dumps({"model": "gpt-4o-mini", "stream": True, "messages": [{"role": "user", "content": "Go on."}]})
