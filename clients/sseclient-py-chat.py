"""sseclient-py on requests, reading Chat Completions as its documentation shows it."""

import json

import requests
import sseclient

import driver


def stream(base_url):
    body = {"model": driver.OPENAI_MODEL, "messages": driver.MESSAGES, "stream": True}
    url = f"{base_url}/v1/chat/completions"
    with requests.post(url, json=body, stream=True, timeout=driver.READ_TIMEOUT_S) as response:
        response.raise_for_status()
        for event in sseclient.SSEClient(response).events():
            if event.data == "[DONE]":
                break
            for choice in json.loads(event.data).get("choices", ()):
                yield choice["delta"].get("content")


driver.main(stream)
