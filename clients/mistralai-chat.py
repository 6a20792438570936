"""mistralai, chat.stream(); its timeout is in milliseconds."""

from mistralai.client import Mistral

import driver


def stream(base_url):
    finish = None
    with Mistral(api_key=driver.KEY, server_url=base_url, timeout_ms=int(driver.READ_TIMEOUT_S * 1000)) as client:
        for event in client.chat.stream(model="mistral-small-latest", messages=list(driver.MESSAGES)):
            for choice in event.data.choices:
                yield choice.delta.content
                finish = choice.finish_reason or finish
    return finish


driver.main(stream)
