"""anthropic, messages.create(stream=True)."""

import anthropic

import driver

client = anthropic.Anthropic(api_key=driver.KEY, timeout=driver.READ_TIMEOUT_S)


def stream(base_url):
    messages = client.with_options(base_url=base_url).messages
    finish = None
    with messages.create(
        model=driver.ANTHROPIC_MODEL, max_tokens=1024, messages=driver.MESSAGES, stream=True
    ) as events:
        for event in events:
            if event.type == "content_block_delta" and event.delta.type == "text_delta":
                yield event.delta.text
            elif event.type == "message_delta":
                finish = event.delta.stop_reason
    return finish


driver.main(stream)
