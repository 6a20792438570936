"""instructor, create_partial() in JSON mode: of the object that grows, the text as far as it is there."""

import json

import instructor
import openai
from pydantic import BaseModel

import driver

client = openai.OpenAI(api_key=driver.KEY, timeout=driver.READ_TIMEOUT_S)


class Answer(BaseModel):
    answer: str
    done: bool


def stream(base_url):
    asked = instructor.from_openai(client.with_options(base_url=f"{base_url}/v1"), mode=instructor.Mode.JSON)
    said = ""
    for part in asked.chat.completions.create_partial(
        model=driver.OPENAI_MODEL, messages=list(driver.MESSAGES), response_model=Answer
    ):
        text = so_far(part)
        yield text[len(said) :]
        said = text


def so_far(part):
    """The JSON of the answer as far as its members are there."""
    if part.answer is None:
        return ""
    text = '{"answer":' + json.dumps(part.answer, ensure_ascii=False)
    return text[:-1] if part.done is None else f'{text},"done":{json.dumps(part.done)}}}'


driver.main(stream)
