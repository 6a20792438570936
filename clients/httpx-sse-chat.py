"""httpx-sse on httpx, reading Chat Completions as its documentation shows it."""

import json

import httpx
from httpx_sse import connect_sse

import driver


def stream(base_url):
    body = {"model": driver.OPENAI_MODEL, "messages": driver.MESSAGES, "stream": True}
    with (
        httpx.Client(timeout=driver.READ_TIMEOUT_S) as client,
        connect_sse(client, "POST", f"{base_url}/v1/chat/completions", json=body) as source,
    ):
        source.response.raise_for_status()
        for event in source.iter_sse():
            if event.data == "[DONE]":
                break
            for choice in json.loads(event.data).get("choices", ()):
                yield choice["delta"].get("content")


driver.main(stream)
