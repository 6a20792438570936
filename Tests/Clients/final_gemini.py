"""What Google's own SDK makes of a stream: its parsed chunks, folded by its own merging of responses.

google-genai gives chunks and no final message. It has a merging of responses, made for the answers of
several requests that continue each other (`_extra_utils.merge_pydantic_models`), which is used here with
what is different within one stream:

- `usageMetadata` is a running total, so the last one stands (as `StreamContinuation` has it, too);
- candidates belong together by their `index`, not by their place in a chunk;
- what has been said of the end of a candidate stays said, where a chunk says nothing of it; a token to
  continue with is dropped at the end, as `StreamContinuation` does.
"""

import base64
import enum

import httpx2
from google import genai
from google.genai import _extra_utils, types
from pydantic_core import to_jsonable_python

ADDED_BY_THE_SDK = {"sdk_http_response", "parsed", "automatic_function_calling_history"}
KEPT_TO_THE_END = ("finish_reason", "finish_message", "continuation_token")


def final_message(base_url: str, target: str) -> tuple[dict | None, Exception | None]:
    """What the chunks of the stream have added up to, and the exception that the SDK raised, if any."""
    fold = Fold()
    hooks = {"request": [redirect_to(base_url.rstrip("/") + target)]}
    try:
        with httpx2.Client(event_hooks=hooks) as http:
            options = types.HttpOptions(
                base_url=base_url,
                httpx_client=http,
                retry_options=types.HttpRetryOptions(attempts=1),
            )
            vertex = "/publishers/" in target or "/projects/" in target
            client = genai.Client(api_key="dummy", vertexai=vertex, http_options=options)
            chunks = client.models.generate_content_stream(
                model="tapedeck",
                contents="Hello.",
                config=types.GenerateContentConfig(
                    automatic_continuation=False,
                    automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
                ),
            )
            for chunk in chunks:
                fold.take(chunk)
    except Exception as error:  # whatever it is: the caller judges it
        return fold.message, error
    return fold.message, None


def redirect_to(url):
    """A hook that sends every request there, whatever path the SDK would take for its model."""

    def hook(request):
        request.url = httpx2.URL(url)

    return hook


class Fold:
    """The chunks of one stream as one response."""

    def __init__(self):
        self._response = None
        self._candidates = {}

    def take(self, chunk):
        for candidate in chunk.candidates or []:
            index = candidate.index or 0
            before = self._candidates.get(index)
            self._candidates[index] = merged(before, candidate) if before else candidate
        before = self._response or types.GenerateContentResponse()
        apart = {"candidates": None, "usage_metadata": None}
        whole = _extra_utils.merge_pydantic_models(before, chunk.model_copy(update=apart))
        if chunk.candidates is not None or before.candidates is not None:
            apart["candidates"] = [self._candidates[index] for index in sorted(self._candidates)]
        apart["usage_metadata"] = chunk.usage_metadata or before.usage_metadata
        self._response = whole.model_copy(update=apart)

    @property
    def message(self):
        if self._response is None:
            return None
        dump = self._response.model_dump(by_alias=True, exclude_none=True, exclude=ADDED_BY_THE_SDK)
        return as_json(dump) or None


def merged(before, candidate):
    """A candidate and what the next chunk says of it."""
    whole = _extra_utils.merge_pydantic_models(before, candidate)
    kept = {name: getattr(candidate, name) or getattr(before, name) for name in KEPT_TO_THE_END}
    is_at_end = not _extra_utils.is_resumable_finish_reason(candidate.finish_reason)
    if is_at_end and not candidate.continuation_token:
        kept["continuation_token"] = None
    if candidate.token_count is not None:
        kept["token_count"] = candidate.token_count
    return whole.model_copy(update=kept)


def as_json(value):
    """A dump as JSON, with bytes in the alphabet of the wire: pydantic would write the other one."""
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case enum.Enum():
            return value.value
        case dict():
            return {key: as_json(item) for key, item in value.items()}
        case list():
            return [as_json(item) for item in value]
        case _:
            return to_jsonable_python(value)
