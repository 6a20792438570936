"""The variables by which clients find a deck, and how they are set and put back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

_KEYS = (
    ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
    ("OPENAI_API_KEY",),
    ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
)
_DIRECT = ("127.0.0.1", "localhost")


def base_urls(base: str) -> dict[str, str]:
    """The variables that the providers' SDKs read their base URL from."""
    return {
        "TAPEDECK_URL": base,
        "ANTHROPIC_BASE_URL": base,
        "OPENAI_BASE_URL": f"{base}/v1",
        "GOOGLE_GEMINI_BASE_URL": base,
    }


def dummy_keys() -> dict[str, str]:
    """A key for each SDK that has none: one that insists on a key must not need a real one to be tested."""
    return {names[0]: "tapedeck" for names in _KEYS if not any(os.environ.get(name) for name in names)}


def without_proxy() -> dict[str, str]:
    """Lets requests to this machine go past a proxy."""
    found = {}
    for name in ("NO_PROXY", "no_proxy"):
        kept = [host for host in os.environ.get(name, "").split(",") if host]
        found[name] = ",".join(kept + [host for host in _DIRECT if host not in kept])
    return found


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Sets variables of this process, and puts back what was there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
