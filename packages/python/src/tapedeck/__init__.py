"""Serves recorded LLM streams to the client under test, and breaks them on purpose."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ._cases import Case as Case
    from ._cases import cases as cases
    from ._deck import Deck as Deck
    from ._errors import DeckError as DeckError
    from ._journal import Entry as Entry
    from ._journal import Exchange as Exchange
    from ._journal import FiredFault as FiredFault
    from ._journal import Problem as Problem
    from ._program import program as program
    from ._session import Session as Session
    from ._torture import Answer as Answer
    from ._torture import Client as Client
    from ._torture import Report as Report
    from ._torture import Result as Result
    from ._torture import torture as torture
    from ._words import quote as quote

# Where each name is defined: pytest imports this package in every run, and most runs need none of it.
_MODULES = {
    "Answer": "_torture",
    "Case": "_cases",
    "Client": "_torture",
    "Deck": "_deck",
    "DeckError": "_errors",
    "Entry": "_journal",
    "Exchange": "_journal",
    "FiredFault": "_journal",
    "Problem": "_journal",
    "Report": "_torture",
    "Result": "_torture",
    "Session": "_session",
    "cases": "_cases",
    "program": "_program",
    "quote": "_words",
    "torture": "_torture",
}

__all__ = [
    "Answer",
    "Case",
    "Client",
    "Deck",
    "DeckError",
    "Entry",
    "Exchange",
    "FiredFault",
    "Problem",
    "Report",
    "Result",
    "Session",
    "__version__",
    "cases",
    "program",
    "quote",
    "torture",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'tapedeck' has no attribute '{name}'")
    value: object = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
