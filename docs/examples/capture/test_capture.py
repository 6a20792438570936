"""What a customer's client got: the connection is reset in the middle of the answer."""

import pytest
from client import ask


def test_half_an_answer_is_an_error():
    with pytest.raises(Exception, match="reset by peer"):
        ask("What is a tape deck?")
