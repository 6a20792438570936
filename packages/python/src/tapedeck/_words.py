"""How values are written in a base URL, in the header `tapedeck` and on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike, fspath
from typing import TypeAlias
from urllib.parse import quote as percent_encoded

Path: TypeAlias = "str | PathLike[str]"
Value: TypeAlias = "str | int | float | PathLike[str]"

# What separates the parts of a fault or a pace stays as it is, and so does an escape.
_GRAMMAR = ":,@=+!$'()*"
_ESCAPE = re.compile(r"(%[0-9A-Fa-f]{2})")


def quote(text: str) -> str:
    """Text as it stands inside an argument of a fault: `, ; : @ % /` and all that is special in a URL are encoded.

    `session.with_fault(f"header:x-note={tapedeck.quote('a, b')}")`
    """
    return percent_encoded(text, safe="")


def encoded(key: str, value: Value) -> str:
    """A directive's value as it stands in a URL's path and in the header.

    Names are taken literally. In all else the separators of the grammar count, and so does an escape.
    """
    text = value_text(value)
    if key in ("session", "cassette"):
        return percent_encoded(text, safe="")
    parts = _ESCAPE.split(text)
    return "".join(part if place % 2 else percent_encoded(part, safe=_GRAMMAR) for place, part in enumerate(parts))


def with_keys(fault: str, on: int | str | None) -> str:
    """A fault with the attempts on which it fires."""
    return fault if on is None else f"{fault},on={on}"


def listed(values: str | Iterable[str]) -> list[str]:
    """One value or several, as a list."""
    return [values] if isinstance(values, str) else list(values)


def option_words(options: Mapping[str, object]) -> list[str]:
    """Options as the program takes them: `match_normalize=["uuid"]` is `--match-normalize uuid`."""
    words: list[str] = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            words.append(flag)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for element in value:
                words += [flag, value_text(element)]
        else:
            words += [flag, value_text(value)]
    return words


def upstream_words(upstream: str | Sequence[str] | Mapping[str, str] | None) -> list[str]:
    """The URLs that requests are forwarded to, by the path in front of which they stand where that is said."""
    if upstream is None:
        return []
    if isinstance(upstream, Mapping):
        return [f"{prefix}={url}" for prefix, url in upstream.items()]
    return listed(upstream)


def counted(count: int, noun: str) -> str:
    """`1 request`, `2 requests`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def value_text(value: object) -> str:
    """A value as text: of a path, the path."""
    return str(fspath(value)) if isinstance(value, PathLike) else str(value)
