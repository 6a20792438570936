"""Reports of runs that never were, in the form that `torture --json` writes."""

import json

FAULTS = [
    ("parse", "newline:crlf", "ok", "ok", 1, 0),
    ("parse", "rechunk:utf8", "corrupted", "ok", 1, 0),
    ("cut", "disconnect", "reported", "ok", 1, 1),
    ("cut", "end", "silent-truncation", "ok", 1, 0),
    ("cut", "reset", "recovered", "retried-after-content", 2, 0),
    ("time", "hang", "hang", "left-open", 1, None),
    ("error", "error:overloaded_error", "reported", "ok", 1, 1),
    ("retry", "status:529,retry-after=1s", "recovered", "retry-too-soon", 4, 0),
    ("retry", "status:400", "reported", "retried-fatal", 9, 1),
    ("answer", "body:html", "invented", "ok", 1, 0),
    ("end", "drop-terminal", "ok", "ok", 1, 0),
    ("end", "trailing:1KiB", "gave-up", "ok", 1, 1),
]


def marks(start, count, step, size):
    return [number for i in range(count) for number in (start + i * step, size + i * 7 % 40)]


def attempt(number, attempts, case):
    start = (number - 1) * (400_000 + 150_000 * number)
    count = 20 if number == attempts and attempts > 1 else 4 + case % 14
    over = start + 9_000 + count * 21_000
    fault = {"at_us": over, "byte": 90 * count, "fault": f"reset@event:{count}"}
    return {
        "number": number, "asked_us": start, "over_us": over, "stayed_us": 9_000_000 if case % 12 == 5 else None,
        "status": 529 if number < attempts else 200, "retry_after_us": 300_000 if number < attempts else None,
        "should_retry": None, "events": count, "bytes": 90 * count,
        "ended": "complete" if count == 20 else "reset", "planned": marks(start + 9_000, 20, 21_000, 90),
        "sent": marks(start + 9_100, count, 21_000, 90), "faults": [fault] if count < 20 else [],
        "excerpt": "data: {\"delta\":\"café\"}\n\nevent: content_block_delta\ndata".encode().hex(), "excerpt_place": 25,
    }  # fmt: skip


def result(case, client):
    family, fault, verdict, conduct, attempts, code = FAULTS[case % len(FAULTS)]
    place = f"event-{case // len(FAULTS) + 1}"
    name = fault.split(",")[0].replace(":", "-")
    ended = (attempts - 1) * (400_000 + 150_000 * attempts) + 460_000
    return {
        "case": f"{family}/{name}/{place}", "fault": f"{fault}@event:{case // len(FAULTS) + 1}",
        "expect": "benign" if verdict == "ok" else "breaking", "verdict": verdict, "conduct": conduct,
        "attempts": attempts, "exit": code,
        "evidence": "It printed 120 of the 396 bytes that the recording has, and exited with code 0.",
        "reproduce": f"tapedeck torture cassettes/anthropic-text.tape --case '{family}/{name}/{place}' -- {client}",
        "title": f"The stream meets {name} in the middle of the text", "clause": "RFC 9112, 8",
        "cassette": "anthropic-text", "exchange": 1,
        "expectation": "It reports that the answer is incomplete, or tries again.", "conduct_evidence": "",
        "timeline": {
            "end_us": ended, "delivered": marks(10_000, 5, 21_000, 20),
            "attempts": [attempt(number, attempts, case) for number in range(1, attempts + 1)],
        },
    }  # fmt: skip


def report(cases, client="python client.py", change=None):
    """The JSON of a run of that many cases, each changed by a function."""
    results = [result(case, client) for case in range(cases)]
    for one in results:
        if change:
            change(one)
    wrong = [one for one in results if one["verdict"] not in ("ok", "recovered", "reported")]
    counts = {"cases": cases, "wrong": len(wrong), "left_out": 3}
    listed = {"client": client, **counts, "took_us": 4_250_000, "version": "0.1.0"}
    return json.dumps({**counts, "results": results, "clients": [listed]})
