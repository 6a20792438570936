"""anthropic, messages.stream(), as its documentation shows it."""

import anthropic

import driver

client = anthropic.Anthropic(api_key=driver.KEY, timeout=driver.READ_TIMEOUT_S)


def stream(base_url):
    messages = client.with_options(base_url=base_url).messages
    with messages.stream(model=driver.ANTHROPIC_MODEL, max_tokens=1024, messages=driver.MESSAGES) as answer:
        yield from answer.text_stream
    return answer.get_final_message().stop_reason


driver.main(stream)
