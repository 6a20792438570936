"""openai, responses.create(stream=True); an error event comes as any other, and its users raise there."""

import openai

import driver

client = openai.OpenAI(api_key=driver.KEY, timeout=driver.READ_TIMEOUT_S)


def stream(base_url):
    responses = client.with_options(base_url=f"{base_url}/v1").responses
    finish = None
    with responses.create(model=driver.OPENAI_MODEL, input=driver.PROMPT, stream=True) as events:
        for event in events:
            if event.type == "response.output_text.delta":
                yield event.delta
            elif event.type in ("error", "response.failed"):
                raise RuntimeError(event.type)
            elif event.type in ("response.completed", "response.incomplete"):
                finish = event.response.status
    return finish


driver.main(stream)
