"""litellm, completion(stream=True) of a model of OpenAI."""

import os

# It would ask the network for its list of models when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm

import driver


def stream(base_url):
    finish = None
    for chunk in litellm.completion(
        model=f"openai/{driver.OPENAI_MODEL}",
        api_base=f"{base_url}/v1",
        api_key=driver.KEY,
        messages=list(driver.MESSAGES),
        stream=True,
        timeout=driver.READ_TIMEOUT_S,
    ):
        for choice in chunk.choices:
            yield choice.delta.content
            finish = choice.finish_reason or finish
    return finish


driver.main(stream)
