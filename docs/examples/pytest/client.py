"""A client as any other: it knows of no deck."""

import anthropic
import openai


class Incomplete(Exception):
    """The answer broke off."""


def ask_claude(question, base_url=None):
    return "".join(claude(question, base_url))


def claude(question, base_url=None):
    """The answer, piece by piece."""
    client = anthropic.Anthropic(base_url=base_url)
    messages = [{"role": "user", "content": question}]
    with client.messages.stream(model="claude-haiku-4-5", max_tokens=1024, messages=messages) as stream:
        yield from stream.text_stream
        if stream.get_final_message().stop_reason is None:
            raise Incomplete


def ask_gpt(question):
    messages = [{"role": "user", "content": question}]
    stream = openai.OpenAI().chat.completions.create(model="gpt-5", messages=messages, stream=True)
    choices = [choice for chunk in stream for choice in chunk.choices]
    if not any(choice.finish_reason for choice in choices):
        raise Incomplete
    return "".join(choice.delta.content or "" for choice in choices)
