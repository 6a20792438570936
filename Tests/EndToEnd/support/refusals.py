"""A refusal of the deck, as a client reads it."""

import json


def error_of(answer, status=400):
    """The message of an error in the provider's own shape."""
    assert answer.status == status, answer.body[:500]
    said = json.loads(answer.body)
    assert said["type"] == "error"
    return said["error"]["message"]
