"""What a test's session is called, and so the file of its recording."""

from __future__ import annotations

import re

_LONGEST = 128
_DIGITS = 8
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")

# Ids that can be told from their names: a folder is not named like a file of tests, and only a class begins with a
# capital letter. So the parts of a name say what they are, and two such ids never share one.
_REGULAR = re.compile(
    r"(?:(?!test_)\w+(?<!_test)/)*(?:test_\w+|\w+_test)\.py::(?:[A-Z]\w*::)*test\w*(?:\[[\w-]+\])?",
    re.ASCII,
)


def session_name(nodeid: str) -> str:
    """A name that people can read, and that is a file name too: `test_client-test_answer-429`.

    It has at most 128 characters. Where something of the id is lost in it, a short hash of the id stands at its end.
    """
    path, _, test = nodeid.partition("::")
    names, _, parameters = test.partition("[")
    words = [*path.removesuffix(".py").split("/"), *names.split("::"), parameters.removesuffix("]")]
    name = "-".join(filter(None, (_UNSAFE.sub("_", word) for word in words)))
    if len(name) <= _LONGEST and _REGULAR.fullmatch(nodeid):
        return name
    import hashlib

    digest = hashlib.sha256(nodeid.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return f"{name[: _LONGEST - _DIGITS - 1]}-{digest}"
