"""Streams for Locust: users who ask for an event stream, read it to its end, and report what an HTTP time leaves out.

    locust -f scripts/cluster/locustfile.py --host http://127.0.0.1:4010 --headless --users 50 --run-time 1m

Each stream is three rows of Locust's tables: the request itself (until the head), TTFT (until the first content) and
STREAM (until the end). A stream that ends early or says that it failed is a failure of STREAM.
"""

import codecs
import json
import time

from locust import HttpUser, constant_pacing, events, task
from locust.exception import StopUser


@events.init_command_line_parser.add_listener
def _(parser):
    parser.add_argument("--stream-path", default="/v1/messages", help="what users POST to, below --host")
    parser.add_argument("--stream-body", default='{"stream":true}', help="the body of the request, JSON")
    parser.add_argument("--stream-count", type=int, default=0, help="how many streams a user asks for; 0: no limit")


class StreamUser(HttpUser):
    """A user who asks for a stream each second, or as soon as the last one has ended.

    Locust waits for its users, so a server that stalls gets fewer requests: the times of those that were not sent are
    in no percentile.
    """

    wait_time = constant_pacing(1)
    asked = 0

    @task
    def ask(self):
        if self.asked == self.environment.parsed_options.stream_count > 0:
            raise StopUser
        self.asked += 1
        options = self.environment.parsed_options
        began = time.perf_counter()
        length = 0
        first = None
        failure = None
        reader = EventReader()
        try:
            with self.client.post(
                options.stream_path,
                data=options.stream_body,
                headers={"content-type": "application/json", "accept": "text/event-stream"},
                stream=True,
                catch_response=True,
            ) as response:
                response.raise_for_status()
                response.success()
                # Chunks as they come, and not as large as they might be.
                for chunk in response.iter_content(chunk_size=None):
                    length += len(chunk)
                    for data in reader.read(chunk):
                        if first is None and has_content(data):
                            first = time.perf_counter()
            if not reader.is_whole:
                failure = EOFError("the stream ended early")
        except (OSError, ValueError) as error:
            failure = error
        if first is not None:
            self.report("TTFT", first - began, 0, None)
        self.report("STREAM", time.perf_counter() - began, length, failure)

    def report(self, kind, seconds, length, failure):
        self.environment.events.request.fire(
            request_type=kind,
            name=self.environment.parsed_options.stream_path,
            response_time=seconds * 1000,
            response_length=length,
            exception=failure,
            context={},
        )


class EventReader:
    """Splits bytes, as they come, into the data of events."""

    def __init__(self):
        self.decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.rest = ""
        self.is_whole = False

    def read(self, chunk):
        """The JSON values of the events that end in this chunk."""
        *blocks, self.rest = (self.rest + self.decode(chunk)).replace("\r\n", "\n").split("\n\n")
        for block in blocks:
            text = "\n".join(line[5:].lstrip(" ") for line in block.split("\n") if line.startswith("data:"))
            if text == "[DONE]":
                self.is_whole = True
            elif text:
                data = json.loads(text)
                if failure := data.get("error"):
                    raise ValueError(f"the stream says that it failed: {failure}")
                self.is_whole = self.is_whole or is_last(data)
                yield data


def has_content(data):
    """Whether an event brings a part of the answer: pings and starts do not."""
    if kind := data.get("type"):
        # Anthropic Messages; OpenAI Responses.
        return kind == "content_block_delta" or kind.endswith(".delta")
    # OpenAI Chat Completions; Gemini.
    deltas = [choice.get("delta", {}) for choice in data.get("choices", [])]
    return any(delta.get("content") or delta.get("tool_calls") for delta in deltas) or bool(data.get("candidates"))


def is_last(data):
    """Whether nothing comes behind an event but the end."""
    if data.get("type") in ("message_stop", "response.completed", "response.incomplete"):
        return True
    return any(candidate.get("finishReason") for candidate in data.get("candidates", []))
