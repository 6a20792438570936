"""A user of locust that asks for one stream after another, and notes when each event comes."""

import json
import time

from locust import HttpUser, constant, task

BODY = json.dumps({"model": "known", "stream": True, "messages": [{"role": "user", "content": "Go on."}]})
HEADERS = {"content-type": "application/json"}


class Streams(HttpUser):
    wait_time = constant(0)

    @task
    def stream(self):
        before, name = time.perf_counter(), "ttft"
        options = {"data": BODY, "headers": HEADERS, "stream": True, "catch_response": True}
        with self.client.post("/v1/chat/completions", **options) as answer:
            for line in answer.iter_lines(chunk_size=None):
                if not line.startswith(b"data: "):
                    continue
                now = time.perf_counter()
                if line != b"data: [DONE]":
                    json.loads(line[6:])
                self.note(name, 1000 * (now - before))
                before, name = now, "gap"

    def note(self, name, milliseconds):
        self.environment.events.request.fire(
            request_type="SSE", name=name, response_time=milliseconds, response_length=0, exception=None, context={}
        )
