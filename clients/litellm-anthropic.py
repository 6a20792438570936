"""litellm, completion(stream=True) of a model of Anthropic."""

import os

# It would ask the network for its list of models when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm

import driver

# It says the reasons of each API in the words of OpenAI.
WORDS = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"}


def stream(base_url):
    finish = None
    for chunk in litellm.completion(
        model=f"anthropic/{driver.ANTHROPIC_MODEL}",
        api_base=base_url,
        api_key=driver.KEY,
        messages=list(driver.MESSAGES),
        stream=True,
        timeout=driver.READ_TIMEOUT_S,
    ):
        for choice in chunk.choices:
            yield choice.delta.content
            finish = choice.finish_reason or finish
    return WORDS.get(finish, finish)


driver.main(stream)
