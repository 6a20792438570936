import asyncio

import anthropic
import tapedeck

MESSAGES = [{"role": "user", "content": "Hi"}]


def test_without_pytest():
    with tapedeck.Deck(sample=True, pace="instant") as deck:
        session = deck.session("retries").with_fault("status:529,retry-after=0s", on=1)
        client = anthropic.Anthropic(base_url=session.anthropic_url, api_key="any")
        with client.messages.stream(model="claude-haiku-4-5", max_tokens=99, messages=MESSAGES) as stream:
            assert stream.get_final_message().stop_reason == "end_turn"
        session.expect(attempts=2, fired="status")


async def ask_twice_at_once():
    async with tapedeck.Deck(sample=True, pace="2x") as deck:

        async def ask(session):
            client = anthropic.AsyncAnthropic(base_url=session.anthropic_url, api_key="any")
            async with client.messages.stream(model="claude-haiku-4-5", max_tokens=99, messages=MESSAGES) as stream:
                return await stream.get_final_text()

        answers = await asyncio.gather(ask(deck.session("a")), ask(deck.session("b")))
        assert answers[0] == answers[1]


test_without_pytest()
asyncio.run(ask_twice_at_once())
