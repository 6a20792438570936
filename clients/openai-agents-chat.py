"""openai-agents, Runner.run_streamed() on Chat Completions."""

import openai
from agents import Agent, OpenAIChatCompletionsModel, Runner, set_tracing_disabled

import driver

set_tracing_disabled(True)


def stream(base_url):
    yield from driver.waited(pieces(base_url))


async def pieces(base_url):
    client = openai.AsyncOpenAI(api_key=driver.KEY, base_url=f"{base_url}/v1", timeout=driver.READ_TIMEOUT_S)
    agent = Agent("deck", model=OpenAIChatCompletionsModel(driver.OPENAI_MODEL, openai_client=client))
    async for event in Runner.run_streamed(agent, driver.PROMPT).stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            yield event.data.delta


driver.main(stream)
