"""The clients, what each needs, and the recording with which it is tried."""

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DRIVERS = ROOT / "clients"
ANTHROPIC = "cassettes/anthropic-text.tape"
CHAT = "cassettes/openai-chat.tape"
RESPONSES = "cassettes/openai-responses.tape"


@dataclass(frozen=True)
class Client:
    """A driver: its file, the environment that it needs, the packages that it is about, and a cassette."""

    name: str
    environment: str | None
    packages: tuple[str, ...]
    cassette: str
    file: str = ""

    @property
    def path(self):
        return DRIVERS / (self.file or f"{self.name}.py")

    @property
    def about(self):
        """What it calls, in the words of the driver."""
        text = self.path.read_text(encoding="utf-8")
        if self.path.suffix == ".py":
            return ast.get_docstring(ast.parse(text)).rstrip(".")
        comment = [line.lstrip("#/ ") for line in text.splitlines()[1:3]]
        return comment[0].rstrip(".")


CLIENTS = [
    Client("anthropic-stream", "sdks", ("anthropic",), ANTHROPIC),
    Client("anthropic-create", "sdks", ("anthropic",), ANTHROPIC),
    Client("openai-chat", "sdks", ("openai",), CHAT),
    Client("openai-responses", "sdks", ("openai",), RESPONSES),
    Client("google-genai", "sdks", ("google-genai",), "cassettes/gemini-text.tape"),
    Client("mistralai-chat", "sdks", ("mistralai",), CHAT),
    Client("groq-chat", "sdks", ("groq",), CHAT),
    Client("cohere-chat", "sdks", ("cohere",), "clients/cassettes/cohere-chat.tape"),
    Client("httpx-sse-chat", "sdks", ("httpx-sse", "httpx"), CHAT),
    Client("sseclient-py-chat", "sdks", ("sseclient-py", "requests"), CHAT),
    Client("litellm-anthropic", "litellm", ("litellm",), ANTHROPIC),
    Client("litellm-openai", "litellm", ("litellm", "openai"), CHAT),
    Client("langchain-anthropic", "langchain", ("langchain-anthropic", "anthropic"), ANTHROPIC),
    Client("langchain-openai", "langchain", ("langchain-openai", "openai"), CHAT),
    Client("pydantic-ai-openai", "pydantic-ai", ("pydantic-ai-slim", "openai"), CHAT),
    Client("openai-agents-responses", "openai-agents", ("openai-agents", "openai"), RESPONSES),
    Client("openai-agents-chat", "openai-agents", ("openai-agents", "openai"), CHAT),
    Client("instructor-openai", "instructor", ("instructor", "openai"), "clients/cassettes/openai-chat-json.tape"),
    Client("llm-anthropic", "llm", ("llm", "llm-anthropic", "anthropic"), ANTHROPIC),
    Client("llm-openai", "llm", ("llm", "openai"), CHAT),
    Client("node-fetch", None, ("node",), ANTHROPIC, "node/fetch.mjs"),
    Client("curl", None, ("curl",), ANTHROPIC, "curl.sh"),
]
