import anthropic
import pytest

MESSAGES = [{"role": "user", "content": "Hi"}]


def ask():
    client = anthropic.Anthropic()
    with client.messages.stream(model="claude-haiku-4-5", max_tokens=99, messages=MESSAGES) as stream:
        message = stream.get_final_message()
    assert message.stop_reason, "the answer broke off"
    return message.content[0].text


@pytest.mark.tapedeck(fault="end@event:12")
def test_half_an_answer_is_an_error():
    with pytest.raises(AssertionError):
        ask()


@pytest.mark.tapedeck(fault="status:529,retry-after=0s", on=1)
def test_an_overloaded_server_is_asked_again():
    assert ask().startswith("A tape deck")
