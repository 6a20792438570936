"""Which answer a request gets: its status, its head, its writes with their times, and its end."""

import hashlib
import json
from dataclasses import dataclass
from random import Random

from .dialects import anthropic_events, chat_events, compact, gemini_events, responses_events
from .messages import SCENARIOS
from .schedule import Write, schedule, schedule_inside_characters

DATE = "Mon, 16 Nov 2026 09:30:00 GMT"
COOKIE = "dummycookie-1794821400-0000000000000000"
OPENAI_FIELDS = (
    ("openai-organization", "tapedeck"),
    ("openai-processing-ms", "212"),
    ("openai-version", "2020-10-01"),
    ("x-ratelimit-limit-requests", "30000"),
    ("x-ratelimit-limit-tokens", "150000000"),
    ("x-ratelimit-remaining-requests", "29999"),
    ("x-ratelimit-remaining-tokens", "149999982"),
    ("x-ratelimit-reset-requests", "2ms"),
    ("x-ratelimit-reset-tokens", "0s"),
)
GEMINI_FIELDS = (
    ("content-disposition", "attachment"),
    ("vary", "Origin, X-Origin, Referer"),
    ("server", "scaffolding on HTTPServer2"),
    ("x-content-type-options", "nosniff"),
    ("server-timing", "gfet4t7; dur=281"),
)
KEY_HEADERS = ("authorization", "x-api-key", "x-goog-api-key")


@dataclass(frozen=True)
class Answer:
    """One response, ready to be performed."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    writes: list[Write]
    whole: bool = True
    """Whether the last chunk is sent; without it the connection just closes."""


@dataclass(frozen=True)
class Request:
    """What of a request counts here."""

    path: str
    headers: dict[str, str]
    """By names in lower case."""
    body: bytes


def dialect_of(path: str) -> str | None:
    """The dialect that is spoken at a path, or nothing where nobody answers."""
    match path.partition("?")[0]:
        case "/v1/messages":
            return "anthropic"
        case "/v1/chat/completions":
            return "openai-chat"
        case "/v1/responses":
            return "openai-responses"
    if path.endswith(":streamGenerateContent?alt=sse") and path.startswith("/v1beta/models/"):
        return "gemini"
    return None


def answer(request: Request, again: bool = False) -> Answer:
    """The answer to a request. `overloaded` is refused unless it comes `again`."""
    dialect = dialect_of(request.path)
    if dialect is None:
        return error("anthropic", 404, "not_found_error", "Not found")
    if not any(request.headers.get(name) for name in KEY_HEADERS):
        return error(dialect, 401, "authentication_error", "no API key was sent")
    try:
        body = json.loads(request.body)
        scenario = scenario_of(dialect, body)
        message = SCENARIOS[scenario]
        streams = dialect == "gemini" or body["stream"] is True
    except (ValueError, LookupError, TypeError, AttributeError):
        known = ", ".join(SCENARIOS)
        text = f"the first user message must begin with a scenario and a colon: {known}"
        return error(dialect, 400, "invalid_request_error", text)
    if not streams:
        text = 'this server only streams; ask for "stream": true'
        return error(dialect, 400, "invalid_request_error", text)
    if scenario == "overloaded" and not again:
        return error(dialect, 529, "overloaded_error", "Overloaded")

    rng = Random(f"{dialect} {scenario}")
    match dialect:
        case "anthropic":
            events = anthropic_events(message, rng)
        case "openai-chat":
            with_usage = (body.get("stream_options") or {}).get("include_usage") is True
            events = chat_events(message, rng, with_usage)
        case "openai-responses":
            events = responses_events(message, rng)
        case _:
            events = gemini_events(message, rng)
    if scenario == "cut":
        last = len(events) // 2
        events = [*events[:last], events[last][: len(events[last]) // 2]]
    times = schedule_inside_characters if scenario == "multibyte" else schedule
    kind = "text/event-stream" + ("" if dialect == "gemini" else "; charset=utf-8")
    headers = heading(dialect, kind, scenario)
    return Answer(200, "OK", headers, times(events, rng), whole=scenario != "cut")


def scenario_of(dialect: str, body: dict) -> str:
    """The word before the colon of the first user message."""
    match dialect:
        case "openai-responses":
            said = body["input"]
            if not isinstance(said, str):
                said = said[0]["content"]
        case "gemini":
            said = body["contents"][0]["parts"][0]["text"]
        case _:
            said = next(m["content"] for m in body["messages"] if m["role"] == "user")
    return said.partition(":")[0].strip().lower()


def error(dialect: str, status: int, kind: str, text: str) -> Answer:
    """A refusal in the dialect's own shape."""
    request_id = identity("req_01TapeDeck", 14, f"{dialect} {status} {text}")
    match dialect:
        case "anthropic":
            shape = {"type": "error", "error": {"type": kind, "message": text}}
            shape["request_id"] = request_id
        case "gemini":
            states = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 529: "UNAVAILABLE"}
            shape = {"error": {"code": status, "message": text, "status": states[status]}}
        case _:
            shape = {"error": {"message": text, "type": kind, "param": None, "code": None}}
    body = compact(shape).encode()
    headers = heading(dialect, "application/json", f"{status} {text}")
    retry = status == 529
    headers.append(("x-should-retry", "true" if retry else "false"))
    if retry:
        headers.append(("retry-after-ms", "50"))
    headers.append(("content-length", str(len(body))))
    reasons = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 529: "Overloaded"}
    return Answer(status, reasons[status], headers, [Write(20, body)])


def heading(dialect: str, kind: str, seed: str) -> list[tuple[str, str]]:
    """The header fields that each provider sends, in its own order."""
    ray = identity("", 16, f"ray {dialect} {seed}") + "-ZRH"
    match dialect:
        case "anthropic":
            return [
                ("date", DATE),
                ("content-type", kind),
                ("cache-control", "no-cache"),
                *anthropic_limits(),
                ("request-id", identity("req_01TapeDeck", 14, f"request {seed}")),
                ("anthropic-organization-id", "00000000-0000-4000-8000-000000000000"),
                ("server", "cloudflare"),
                ("x-envoy-upstream-service-time", "312"),
                ("cf-cache-status", "DYNAMIC"),
                ("set-cookie", f"_cfuvid={COOKIE}; HttpOnly; SameSite=None; Secure; Path=/"),
                ("x-robots-tag", "none"),
                ("cf-ray", ray),
            ]
        case "gemini":
            return [("content-type", kind), ("date", DATE), *GEMINI_FIELDS]
    return [
        ("date", DATE),
        ("content-type", kind),
        *OPENAI_FIELDS,
        ("x-request-id", identity("req_", 32, f"request {dialect} {seed}")),
        ("cf-cache-status", "DYNAMIC"),
        ("set-cookie", f"__cf_bm={COOKIE}; path=/; HttpOnly; Secure; SameSite=None"),
        ("server", "cloudflare"),
        ("cf-ray", ray),
    ]


def anthropic_limits() -> list[tuple[str, str]]:
    limits = {
        "requests": 4_000,
        "input-tokens": 2_000_000,
        "output-tokens": 400_000,
        "tokens": 2_400_000,
    }
    return [
        (f"anthropic-ratelimit-{what}-{key}", value)
        for what, limit in limits.items()
        for key, value in (
            ("limit", str(limit)),
            ("remaining", str(limit - 1)),
            ("reset", "2026-11-16T09:30:00Z"),
        )
    ]


def identity(prefix: str, length: int, seed: str) -> str:
    return prefix + hashlib.sha256(seed.encode()).hexdigest()[:length]
