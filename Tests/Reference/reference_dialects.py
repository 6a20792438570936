"""What the faults must know of each provider: how it names events, and what it says in errors."""

import json

ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
GEMINI_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}
RESPONSES_TERMINALS = {"response.completed", "response.incomplete", "response.failed"}


def dialect(path):
    path = path.partition("?")[0]
    if path.endswith("/messages"):
        return "anthropic"
    if path.endswith("/chat/completions"):
        return "openai-chat"
    if path.endswith("/responses"):
        return "openai-responses"
    return "gemini" if path.endswith(":streamGenerateContent") else "plain"


def event_name(dialect_name, event):
    """The `event:` line, or where there is none the name for what the data is."""
    if event.type != "message":
        return event.type
    if dialect_name == "openai-chat":
        return chat_name(event.data)
    if dialect_name == "gemini":
        candidates = members(parsed(event.data), "candidates")
        return "finish" if any(one.get("finishReason") for one in candidates) else "delta"
    return "message"


def chat_name(data):
    if data == "[DONE]":
        return "done"
    value = parsed(data)
    choices = members(value, "choices")
    if any(one.get("finish_reason") for one in choices):
        return "finish"
    return "usage" if not choices and isinstance(value, dict) and value.get("usage") else "delta"


def is_terminal(dialect_name, event):
    """Whether an event ends the message; Gemini has none that does."""
    name = event_name(dialect_name, event)
    match dialect_name:
        case "anthropic":
            return name == "message_stop"
        case "openai-chat":
            return name == "done"
        case "openai-responses":
            return name in RESPONSES_TERMINALS
        case _:
            return False


def parsed(data):
    """The value that data is JSON of, or none."""
    try:
        return json.loads(data.decode() if isinstance(data, bytes) else data)
    except (ValueError, RecursionError):
        return None


def members(value, name):
    """The objects of an array in an object."""
    found = value.get(name) if isinstance(value, dict) else None
    return [one for one in found or [] if isinstance(one, dict)]


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def status_body(dialect_name, code, error_type):
    message = f"tapedeck: status {code}"
    if dialect_name == "gemini":
        status = error_type or GEMINI_STATUSES.get(code, "INTERNAL")
        return compact({"error": {"code": code, "message": message, "status": status}})
    if dialect_name.startswith("openai"):
        named = {401: "invalid_request_error", 429: "rate_limit_exceeded"}
        usual = "server_error" if code >= 500 else "invalid_request_error"
        error_type = error_type or named.get(code, usual)
        fields = {"message": message, "type": error_type, "param": None}
        return compact({"error": fields | {"code": error_type if code == 429 else None}})
    usual = "api_error" if code >= 500 else "invalid_request_error"
    error_type = error_type or ANTHROPIC_TYPES.get(code, usual)
    error = {"type": error_type, "message": message}
    return compact({"type": "error", "error": error, "request_id": "req_tapedeck"})


def error_event(dialect_name, error_type):
    message = f"tapedeck: {error_type}"
    error = {"message": message, "type": error_type, "param": None, "code": None}
    match dialect_name:
        case "openai-chat":
            return event(None, {"error": error})
        case "openai-responses":
            fields = {"code": error_type, "message": message, "param": None, "sequence_number": 0}
            return event("error", {"type": "error"} | fields)
        case "gemini":
            return event(None, {"error": {"code": 500, "message": message, "status": error_type}})
    return event("error", {"type": "error", "error": {"type": error_type, "message": message}})


def unknown_event(dialect_name):
    if dialect_name == "openai-chat":
        return event(None, {"object": "tapedeck.unknown", "choices": []})
    name = None if dialect_name == "gemini" else "tapedeck_unknown"
    return event(name, {"type": "tapedeck_unknown"})


def ping_event(dialect_name):
    if dialect_name == "anthropic":
        return b'event: ping\ndata: {"type": "ping"}\n\n'
    return b": ping\n\n"


def event(name, value):
    line = f"event: {name}\n".encode() if name else b""
    return line + b"data: " + compact(value) + b"\n\n"
