"""pydantic-ai, Agent.run_stream() on Chat Completions."""

from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

import driver


def stream(base_url):
    yield from driver.waited(pieces(base_url))


async def pieces(base_url):
    provider = OpenAIProvider(base_url=f"{base_url}/v1", api_key=driver.KEY)
    agent = Agent(OpenAIChatModel(driver.OPENAI_MODEL, provider=provider))
    async with agent.run_stream(driver.PROMPT, model_settings={"timeout": driver.READ_TIMEOUT_S}) as result:
        async for text in result.stream_text(delta=True, debounce_by=None):
            yield text


driver.main(stream)
