"""The deck's own errors, as a client reads them."""


def assert_refused(refused, status, words):
    """An error in the words of the API that was asked, whole, on a connection that can go on."""
    assert (refused.status, refused.end) == (status, "complete")
    assert refused.body.startswith(b'{"type":"error","error":{"type":"')
    assert words.encode() in refused.body, refused.body
