"""Serves recorded LLM streams to the client under test, and breaks them on purpose."""

__version__ = "0.1.0"
