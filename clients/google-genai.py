"""google-genai, generate_content_stream(); its timeout is in milliseconds."""

from google import genai
from google.genai import types

import driver


def stream(base_url):
    options = types.HttpOptions(base_url=base_url, timeout=int(driver.READ_TIMEOUT_S * 1000))
    client = genai.Client(api_key=driver.KEY, http_options=options)
    finish = None
    for chunk in client.models.generate_content_stream(model=driver.GEMINI_MODEL, contents=driver.PROMPT):
        yield chunk.text
        for candidate in chunk.candidates or ():
            finish = candidate.finish_reason.value if candidate.finish_reason else finish
    return finish


driver.main(stream)
