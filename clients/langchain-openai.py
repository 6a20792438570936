"""langchain-openai, ChatOpenAI.stream()."""

from langchain_openai import ChatOpenAI

import driver


def stream(base_url):
    model = ChatOpenAI(
        model=driver.OPENAI_MODEL,
        api_key=driver.KEY,
        base_url=f"{base_url}/v1",
        timeout=driver.READ_TIMEOUT_S,
    )
    finish = None
    for chunk in model.stream(driver.PROMPT):
        yield chunk.text
        finish = chunk.response_metadata.get("finish_reason") or finish
    return finish


driver.main(stream)
