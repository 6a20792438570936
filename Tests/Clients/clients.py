"""The SDKs' clients as the tests want them: no retries of their own accord, and no endless waiting."""

import anthropic
import openai

OPTIONS = {"api_key": "dummy", "max_retries": 0, "timeout": 20}


def anthropic_at(base, kind=anthropic.Anthropic, **options):
    """An Anthropic client, directives and all in its base URL."""
    return kind(base_url=base, **OPTIONS | options)


def openai_at(base, kind=openai.OpenAI, **options):
    """An OpenAI client; its base URL ends with the version."""
    return kind(base_url=f"{base}/v1", **OPTIONS | options)
