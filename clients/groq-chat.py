"""groq, chat.completions.create(stream=True)."""

import groq

import driver

client = groq.Groq(api_key=driver.KEY, timeout=driver.READ_TIMEOUT_S)


def stream(base_url):
    completions = client.with_options(base_url=base_url).chat.completions
    finish = None
    for chunk in completions.create(model="llama-3.1-8b-instant", messages=driver.MESSAGES, stream=True):
        for choice in chunk.choices:
            yield choice.delta.content
            finish = choice.finish_reason or finish
    return finish


driver.main(stream)
