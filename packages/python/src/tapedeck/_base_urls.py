"""A base URL, as each SDK wants it."""

from __future__ import annotations


class BaseURLs:
    """What has a base URL."""

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        raise NotImplementedError

    @property
    def anthropic_url(self) -> str:
        """The base URL for Anthropic's SDKs."""
        return self.url

    @property
    def openai_url(self) -> str:
        """The base URL for OpenAI's SDKs, which wants `/v1` at its end."""
        return f"{self.url}/v1"

    @property
    def gemini_url(self) -> str:
        """The base URL for Google's SDKs."""
        return self.url
