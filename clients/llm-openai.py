"""llm, prompt() of a model of OpenAI; it has no setting for a timeout, so its SDK gets it."""

import functools

import llm
import openai

import driver

openai.OpenAI = functools.partial(openai.OpenAI, timeout=driver.READ_TIMEOUT_S)


def stream(base_url):
    model = llm.get_model(driver.OPENAI_MODEL)
    model.api_base, model.key = f"{base_url}/v1", driver.KEY
    yield from model.prompt(driver.PROMPT)


driver.main(stream)
