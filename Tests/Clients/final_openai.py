"""The final message of the OpenAI SDK, Chat Completions and Responses, for a request target."""

from urllib.parse import parse_qsl, urlsplit

import openai

CHAT = "/chat/completions"
RESPONSES = "/responses"


def final_message(base_url: str, target: str) -> tuple[dict | None, Exception | None]:
    """What the SDK has put together when the stream ends, and the exception it raised, if any."""
    parts = urlsplit(target)
    path = parts.path.rstrip("/")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if path.endswith(CHAT):
        with client_at(base_url + path.removesuffix(CHAT), query) as client:
            return final_completion(client)
    prefix, _, response_id = path.rpartition(RESPONSES)
    with client_at(base_url + prefix, {} if response_id else query) as client:
        return final_response(client, response_id.removeprefix("/"))


def client_at(base_url, query):
    """A client whose requests go to this base URL, with this query."""
    return openai.OpenAI(base_url=base_url, api_key="dummy", max_retries=0, timeout=60, default_query=query)


def final_completion(client):
    stream = None
    try:
        with client.chat.completions.stream(model="any", messages=[{"role": "user", "content": "Hello"}]) as stream:
            return as_json(stream.get_final_completion()), None
    except (openai.LengthFinishReasonError, openai.ContentFilterFinishReasonError) as error:
        return as_json(completion_of(error, stream)), error
    except Exception as error:
        return as_json(current_completion(stream)), error


def completion_of(error, stream):
    """The completion that the exception carries, which not every version has."""
    return getattr(error, "completion", None) or current_completion(stream)


def current_completion(stream):
    try:
        return stream.current_completion_snapshot
    except (AttributeError, AssertionError):  # Nothing came.
        return None


def final_response(client, response_id):
    """The response of the terminal event, as the SDK completes it, else the snapshot so far."""
    arguments = {"response_id": response_id} if response_id else {"model": "any", "input": "Hello"}
    stream = ending = None
    try:
        with client.responses.stream(**arguments) as stream:
            for event in stream:
                if event.type in ("response.incomplete", "response.failed"):
                    ending = event.response
            return as_json(stream.get_final_response()), None
    except Exception as error:
        return as_json(ending) or current_response(stream), error


def current_response(stream):
    """The snapshot, its output as the SDK puts it together for a response that ended early."""
    state = getattr(stream, "_state", None)
    snapshot = getattr(state, "_ResponseStreamState__current_snapshot", None)
    response = as_json(snapshot)
    if response is None or not hasattr(state, "_output_items"):
        return response
    items = state._output_items | state._completed_output
    response["output"] = [as_json(items[index]) for index in sorted(items)]
    return response


def as_json(model):
    """What the API sent of a model, under the names that it has on the wire."""
    return None if model is None else model.to_dict(mode="json", warnings=False)
