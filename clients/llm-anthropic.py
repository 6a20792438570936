"""llm with llm-anthropic, prompt() of a model; it has no setting for a timeout, so its SDK gets it."""

import functools

import llm
import llm_anthropic

import driver

llm_anthropic.Anthropic = functools.partial(llm_anthropic.Anthropic, timeout=driver.READ_TIMEOUT_S)


def stream(base_url):
    model = llm.get_model("claude-haiku-4.5")
    model.base_url, model.key = base_url, driver.KEY
    yield from model.prompt(driver.PROMPT)


driver.main(stream)
