"""langchain-anthropic, ChatAnthropic.stream()."""

from langchain_anthropic import ChatAnthropic

import driver


def stream(base_url):
    model = ChatAnthropic(
        model=driver.ANTHROPIC_MODEL,
        api_key=driver.KEY,
        base_url=base_url,
        max_tokens=1024,
        timeout=driver.READ_TIMEOUT_S,
    )
    finish = None
    for chunk in model.stream(driver.PROMPT):
        yield chunk.text
        finish = chunk.response_metadata.get("stop_reason") or finish
    return finish


driver.main(stream)
