import pytest
from client import Incomplete, ask_claude, ask_gpt

QUESTION = "text: How does a tape deck keep its speed?"


def test_claude_answers(tapedeck):
    assert ask_claude(QUESTION).startswith("A tape deck")


def test_gpt_answers(tapedeck):
    assert ask_gpt(QUESTION).startswith("A tape deck")


@pytest.mark.tapedeck(fault="end@event:12")
@pytest.mark.parametrize("ask", [ask_claude, ask_gpt])
def test_half_an_answer_is_an_error(ask):
    with pytest.raises(Incomplete):
        ask(QUESTION)


@pytest.mark.parametrize("status", [429, 529])
def test_a_refusal_is_tried_again(tapedeck, status):
    refusing = tapedeck.with_fault(f"status:{status},retry-after=0s", on=1)
    assert ask_claude(QUESTION, refusing.anthropic_url).startswith("A tape deck")
    refusing.expect(attempts=2, statuses=[status, 200], fired="status")
