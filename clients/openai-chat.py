"""openai, chat.completions.create(stream=True)."""

import openai

import driver

client = openai.OpenAI(api_key=driver.KEY, timeout=driver.READ_TIMEOUT_S)


def stream(base_url):
    completions = client.with_options(base_url=f"{base_url}/v1").chat.completions
    finish = None
    with completions.create(model=driver.OPENAI_MODEL, messages=driver.MESSAGES, stream=True) as chunks:
        for chunk in chunks:
            for choice in chunk.choices:
                yield choice.delta.content
                finish = choice.finish_reason or finish
    return finish


driver.main(stream)
