import os

import anthropic
import pytest


def ask(fault):
    client = anthropic.Anthropic(base_url=f"{os.environ['TAPEDECK_URL']}/~fault={fault}")
    messages = [{"role": "user", "content": "Hi"}]
    with client.messages.stream(model="claude-haiku-4-5", max_tokens=99, messages=messages) as stream:
        message = stream.get_final_message()
    assert message.stop_reason, "the answer broke off"
    return message.content[0].text


def test_half_an_answer_is_an_error():
    with pytest.raises(AssertionError):
        ask("end@event:12")


def test_an_overloaded_server_is_asked_again():
    assert ask("status:529,retry-after=0s,on=1").startswith("A tape deck")
