"""What the events of each API mean, and when an answer is whole."""

import json
import re

PROMPT = "text: How does a tape deck keep its speed?"
MESSAGES = ({"role": "user", "content": PROMPT},)


class Broken(Exception):
    """The answer is not whole, or cannot be used; perhaps another try can."""

    def __init__(self, words, may_retry=True, wait_s=None):
        super().__init__(words)
        self.may_retry, self.wait_s = may_retry, wait_s


def request(**members):
    return json.dumps(members).encode()


def parsed(data):
    try:
        value = json.loads(data)
    except ValueError as error:
        raise Broken(f"the data of an event is not JSON: {error}") from None
    except RecursionError:
        raise Broken("the JSON of an event is nested too deeply") from None
    if not isinstance(value, dict):
        raise Broken("the data of an event is not an object")
    return value


def member(value, name, kind):
    """A member of the kind that it must have, or an empty one."""
    found = value.get(name)
    return found if isinstance(found, kind) else kind()


def needed(value, name, kind):
    """A member without which an event means nothing."""
    if not isinstance(value.get(name), kind):
        raise Broken(f"an event has no {name}")
    return value[name]


class Dialect:
    """The state of one answer: the text comes out of `take`, and `check` is called at the end of the body."""

    def __init__(self):
        self.finish = None
        self.is_over = False

    def check(self):
        if self.finish is None:
            raise Broken("the body ended before the answer did")


class Anthropic(Dialect):
    """An answer is whole with message_stop; each block is started, and stopped."""

    path = "/v1/messages"
    body = request(max_tokens=1024, messages=MESSAGES, model="claude-haiku-4-5", stream=True)
    steps = frozenset(
        ("message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta")
    )

    def __init__(self):
        super().__init__()
        self.has_started = False
        self.open = []
        self.reason = None

    def take(self, name, data):
        if name == "error":
            raise Broken(f"an error event came: {data[:200]}")
        if name == "message":
            raise Broken("an event has no name, so its meaning is lost")
        if name == "message_stop":
            return self.stop()
        if name not in self.steps or not data:
            return None
        event = parsed(data)
        if self.has_started == (name == "message_start"):
            raise Broken("message_start came twice, or too late")
        return getattr(self, name)(event)

    def message_start(self, event):
        self.has_started = True

    def content_block_start(self, event):
        if event.get("index") != len(self.open):
            raise Broken("a block is missing, or came twice")
        self.open.append(True)
        block = needed(event, "content_block", dict)
        return member(block, "text", str) if block.get("type") == "text" else None

    def content_block_delta(self, event):
        self.block(event)
        delta = needed(event, "delta", dict)
        return needed(delta, "text", str) if needed(delta, "type", str) == "text_delta" else None

    def content_block_stop(self, event):
        self.open[self.block(event)] = False

    def block(self, event):
        index = event.get("index")
        if not isinstance(index, int) or not 0 <= index < len(self.open) or not self.open[index]:
            raise Broken("an event belongs to a block that is not open")
        return index

    def message_delta(self, event):
        self.reason = member(event, "delta", dict).get("stop_reason") or self.reason

    def stop(self):
        if not self.has_started or self.reason is None or any(self.open):
            raise Broken("message_stop came before the message was whole")
        self.finish, self.is_over = self.reason, True

    def check(self):
        if not self.is_over:
            raise Broken("no message_stop came")


class OpenAIChat(Dialect):
    """An answer is whole with a finish_reason; [DONE] says that nothing follows."""

    path = "/v1/chat/completions"
    body = request(messages=MESSAGES, model="gpt-4o-mini", stream=True, stream_options={"include_usage": True})

    def take(self, name, data):
        if data.startswith("[DONE]"):
            self.check()
            self.is_over = True
            return None
        if name == "error":
            raise Broken(f"an error event came: {data[:200]}")
        chunk = parsed(data)
        if chunk.get("error") or chunk.get("object") == "error":
            raise Broken(f"an error came: {data[:200]}")
        return "".join(self.text_of(choice) for choice in needed(chunk, "choices", list))

    def text_of(self, choice):
        if choice.get("error") or choice.get("finish_reason") == "error":
            raise Broken("an error came in a choice")
        self.finish = choice.get("finish_reason") or self.finish
        return member(member(choice, "delta", dict), "content", str)


class OpenAIResponses(Dialect):
    """An answer is whole with response.completed or response.incomplete, and says its text twice."""

    path = "/v1/responses"
    body = request(input=PROMPT, model="gpt-4o-mini", stream=True)

    def __init__(self):
        super().__init__()
        self.has_begun = False
        self.number = None
        self.text = []

    def take(self, name, data):
        if data.startswith("[DONE]"):
            return None
        event = parsed(data)
        kind = event.get("type") or name
        if kind in ("error", "response.failed") or event.get("error"):
            raise Broken(f"an error came: {data[:200]}")
        self.count(event)
        if not self.has_begun and kind in ("response.output_text.delta", "response.completed", "response.incomplete"):
            raise Broken("the beginning of the response is missing")
        if kind in ("response.created", "response.queued", "response.in_progress"):
            self.has_begun = True
        elif kind == "response.output_text.delta":
            self.text.append(needed(event, "delta", str))
            return self.text[-1]
        elif kind in ("response.completed", "response.incomplete"):
            self.end(needed(event, "response", dict))
        return None

    def count(self, event):
        number, last = event.get("sequence_number"), self.number
        if not isinstance(number, int):
            return
        self.number = number
        if last is not None and number != last + 1:
            raise Broken(f"event {number} came behind event {last}")

    def end(self, response):
        parts = [part for item in member(response, "output", list) for part in member(item, "content", list)]
        text = "".join(member(part, "text", str) for part in parts if part.get("type") == "output_text")
        if text != "".join(self.text):
            raise Broken("the text at the end is not the text that came")
        reason = member(response, "incomplete_details", dict).get("reason")
        self.finish, self.is_over = reason or response.get("status") or "completed", True


class Gemini(Dialect):
    """An answer is whole with a finishReason and the end of the body: no event says that nothing follows."""

    path = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    body = request(contents=[{"role": "user", "parts": [{"text": PROMPT}]}], generationConfig={"maxOutputTokens": 1024})

    def take(self, name, data):
        chunk = parsed(data)
        if chunk.get("error") or name == "error":
            raise Broken(f"an error came: {data[:200]}")
        text = ""
        for candidate in member(chunk, "candidates", list)[:1]:
            for part in member(member(candidate, "content", dict), "parts", list):
                text += "" if part.get("thought") else member(part, "text", str)
            self.finish = candidate.get("finishReason") or self.finish
        return text


DIALECTS = {
    "anthropic": Anthropic,
    "gemini": Gemini,
    "openai-chat": OpenAIChat,
    "openai-responses": OpenAIResponses,
}


def dialect_for(base):
    """The API that the name of the cassette in a base URL begins with."""
    cassette = re.search(r"/~cassette=([^/]+)", base)
    for name, dialect in DIALECTS.items():
        if cassette and cassette[1].rpartition("%2F")[2].startswith(name):
            return dialect
    raise SystemExit(f"expected a base URL with the cassette of an API, found {base}; name one with --api")
