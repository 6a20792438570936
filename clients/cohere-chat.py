"""cohere, ClientV2.chat_stream()."""

import cohere

import driver


def stream(base_url):
    client = cohere.ClientV2(api_key=driver.KEY, base_url=base_url, timeout=driver.READ_TIMEOUT_S)
    finish = None
    for event in client.chat_stream(model="command-a-03-2025", messages=list(driver.MESSAGES)):
        if event.type == "content-delta":
            yield event.delta.message.content.text
        elif event.type == "message-end":
            finish = event.delta.finish_reason
    return finish


driver.main(stream)
