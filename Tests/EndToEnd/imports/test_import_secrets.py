"""Secrets in the files of other tools: no byte of them comes into the cassette or onto the terminal."""

import base64
import json

import pytest

import tape
from conftest import run
from written_secrets import inflated

KEY = "sk-ant-api03-" + "Zx9Kp4Qw7Rm2" * 4
TELLTALE = 8
# A key whole, one in pieces that no chunk shows, and one behind a name that came before it.
TEXTS = ["all: " + KEY, " cut: " + KEY[:9], KEY[9:25], KEY[25:] + " end"]
NAMED = ['{"api_', 'key":"', KEY[20:33], KEY[33:] + '"}']
QUERY = f"/v1/messages?key={KEY}&alt=sse"
URL = f"https://u:{KEY}@api.example.com{QUERY}"
BODY = json.dumps(
    {"model": "m", "stream": True, "api_key": KEY, "messages": [{"role": "user", "content": f"I am {KEY}"}]}
)
ASKED = [("content-type", "application/json"), ("x-api-key", KEY), ("x-note", f"see {KEY}")]
ANSWERED = [("content-type", "text/event-stream"), ("set-cookie", f"s={KEY}"), ("x-note", f"see {KEY}")]


def deltas():
    for index, key, texts in ((0, "text", TEXTS), (1, "partial_json", NAMED)):
        for text in texts:
            yield json.dumps({"type": "content_block_delta", "index": index, "delta": {key: text}})


STREAM = "".join(f"data: {data}\n\n" for data in deltas())
HEAD = "HTTP/1.1 200 OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in ANSWERED) + "\r\n"
REQUEST = f"POST {QUERY} HTTP/1.1\r\nhost: api.example.com\r\n" + "".join(
    f"{name}: {value}\r\n" for name, value in [*ASKED, ("content-length", str(len(BODY)))]
)


def lists(fields):
    return {name: [value] for name, value in fields}


def pairs(fields):
    return [{"name": name, "value": value} for name, value in fields]


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def curl_v():
    sent = "".join(f"> {line}\n" for line in REQUEST.splitlines())
    got = "".join(f"< {line}\n" for line in HEAD.removesuffix("\r\n").splitlines())
    return f"*   Trying 127.0.0.1:80...\n* Connected to u:{KEY}@h\n{sent}> \n{got}< \n{STREAM}"


def traced(title, content):
    lines = [f"12:00:00.000001 {title}, {len(content)} bytes ({hex(len(content))})"]
    for start in range(0, len(content), 16):
        row = content[start : start + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{start:04x}: {' '.join(f'{byte:02x}' for byte in row):<47} {shown}")
    return "\n".join(lines) + "\n"


def curl_trace():
    head = [traced("<= Recv header", line.encode()) for line in HEAD.splitlines(keepends=True)]
    body = [traced("<= Recv data", f"data: {data}\n\n".encode()) for data in deltas()]
    sent = traced("=> Send header", (REQUEST + "\r\n").encode()) + traced("=> Send data", BODY.encode())
    return "".join([f"12:00:00.000000 == Info: Connected to u:{KEY}@h\n", sent, *head, *body])


def httprr():
    request, response = REQUEST + "\r\n" + BODY, HEAD + STREAM
    return f"httprr trace v1\n{len(request)} {len(response)}\n{request}{response}\n"


def vcrpy():
    request = {"method": "POST", "uri": URL, "headers": lists(ASKED), "body": BODY}
    status = {"code": 200, "message": "OK"}
    response = {"status": status, "headers": lists(ANSWERED), "body": {"string": STREAM}}
    return {"version": 1, "interactions": [{"request": request, "response": response}]}


def ruby_vcr():
    request = {"method": "post", "uri": URL, "headers": lists(ASKED)}
    request["body"] = {"encoding": "UTF-8", "string": BODY}
    response = {"status": {"code": 200, "message": "OK"}, "headers": lists(ANSWERED)}
    response["body"] = {"encoding": "UTF-8", "base64_string": encoded(STREAM)}
    one = {"request": request, "response": response, "recorded_at": "Sun, 19 Feb 2017 04:45:01 GMT"}
    return {"http_interactions": [one], "recorded_with": "VCR 6.1.0"}


def betamax():
    request = {"method": "POST", "uri": URL, "headers": lists(ASKED)}
    request["body"] = {"encoding": "utf-8", "base64_string": encoded(BODY)}
    response = {"status": {"code": 200, "message": "OK"}, "headers": lists(ANSWERED), "url": URL}
    response["body"] = {"encoding": "utf-8", "string": STREAM}
    one = {"request": request, "response": response, "recorded_at": "2017-02-19T04:45:00"}
    return {"http_interactions": [one], "recorded_with": "betamax/0.8.0"}


def go_vcr():
    request = {"proto": "HTTP/1.1", "host": "api.example.com", "body": BODY, "form": {"key": [KEY]}}
    request |= {"headers": lists(ASKED), "url": URL, "method": "POST"}
    response = {"proto": "HTTP/1.1", "headers": lists(ANSWERED), "body": STREAM}
    response |= {"status": "200 OK", "code": 200, "duration": "120ms", "uncompressed": False}
    return {"version": 2, "interactions": [{"id": 0, "request": request, "response": response}]}


def httpmock():
    when = {"path": "/v1/messages", "method": "POST", "query_param": [{"name": "key", "value": KEY}]}
    when |= {"header": pairs(ASKED), "body": BODY}
    then = {"status": 200, "header": pairs(ANSWERED), "body": STREAM}
    return f"when: {json.dumps(when)}\nthen: {json.dumps(then)}\n"


def har(**more):
    request = {"method": "POST", "url": URL, "httpVersion": "HTTP/1.1", "headers": pairs(ASKED), "cookies": []}
    request |= {"queryString": pairs([("key", KEY)]), "postData": {"mimeType": "application/json", "text": BODY}}
    content = {"size": len(STREAM), "mimeType": "text/event-stream", "text": STREAM}
    response = {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": pairs(ANSWERED)}
    response |= {"cookies": pairs([("s", KEY)]), "content": content, "redirectURL": "", "bodySize": -1}
    entry = {"startedDateTime": "2026-11-28T22:58:42.987Z", "time": 90, "request": request, "response": response}
    entry |= {"timings": {"send": 0, "wait": 30, "receive": 60}, "cache": {}} | more
    return {"log": {"version": "1.2", "creator": {"name": "a browser", "version": "1"}, "entries": [entry]}}


def polly():
    page = har(_id="a", _order=0)
    page["log"] |= {"_recordingName": "a", "creator": {"name": "Polly.JS", "version": "6.0.5"}}
    return page


def tshark():
    flows = [("53078", "18992", REQUEST + "\r\n" + BODY), ("18992", "53078", HEAD), ("18992", "53078", STREAM)]
    sequence = {"53078": 1, "18992": 1}
    packets = []
    for number, (source, target, content) in enumerate(flows):
        layers = {
            "frame.number": str(number + 1),
            "frame.time_epoch": f"1795906812.46354{number}",
            "tcp.stream": "0",
            "tcp.srcport": source,
            "tcp.dstport": target,
            "tcp.flags.str": "·······AP···",
            "tcp.seq": str(sequence[source]),
            "tcp.len": str(len(content)),
            "tcp.payload": content.encode().hex(),
            "tcp.flags.fin": "0",
            "tcp.flags.reset": "0",
        }
        sequence[source] += len(content)
        packets.append({"_index": "packets", "_source": {"layers": {key: [one] for key, one in layers.items()}}})
    return packets


def netstring(value):
    """A value as mitmproxy writes it."""
    if value is None:
        return b"0:~"
    if isinstance(value, bool):
        return b"4:true!" if value else b"5:false!"
    if isinstance(value, int):
        content, mark = str(value).encode(), b"#"
    elif isinstance(value, float):
        content, mark = repr(value).encode(), b"^"
    elif isinstance(value, bytes):
        content, mark = value, b","
    elif isinstance(value, str):
        content, mark = value.encode(), b";"
    elif isinstance(value, list):
        content, mark = b"".join(map(netstring, value)), b"]"
    else:
        content = b"".join(netstring(key) + netstring(one) for key, one in value.items())
        mark = b"}"
    return str(len(content)).encode() + b":" + content + mark


def mitmproxy():
    def fields(all_):
        return [[name.encode(), value.encode()] for name, value in all_]

    common = {
        "http_version": b"HTTP/1.1",
        "trailers": None,
        "timestamp_start": 1795906795.9,
        "timestamp_end": 1795906796.8,
    }
    response = common | {"status_code": 200, "reason": b"OK", "headers": fields(ANSWERED), "content": STREAM.encode()}
    request = common | {"method": b"POST", "scheme": b"https", "host": "api.example.com", "port": 443}
    request |= {"authority": b"", "path": QUERY.encode(), "headers": fields(ASKED), "content": BODY.encode()}
    flow = {"websocket": None, "response": response, "request": request, "error": None, "version": 21}
    return netstring(flow | {"type": "http", "id": "a", "marked": "", "metadata": {}, "comment": ""})


def agentrec():
    chunks = [{"data": f"data: {data}\n\n", "timestamp_offset": 0.1 * number} for number, data in enumerate(deltas())]
    request = {"method": "POST", "url": URL, "headers": [*map(list, ASKED)], "content": BODY}
    page = {"metadata": {"provider": "h", "model": "m", "recorded_at": "2026-11-28T22:58:42.987488+00:00"}}
    page |= {"request": request, "response_status": 200, "response_headers": [*map(list, ANSWERED)]}
    return page | {"chunks": chunks}


def wiremock():
    request = {"method": "POST", "url": QUERY, "bodyPatterns": [{"equalToJson": BODY}]}
    request["headers"] = {name: {"equalTo": value} for name, value in ASKED}
    return {"request": request, "response": {"status": 200, "headers": dict(ANSWERED), "body": STREAM}}


def hoverfly():
    def exactly(value):
        return [{"matcher": "exact", "value": value}]

    request = {"method": exactly("POST"), "path": exactly("/v1/messages"), "scheme": exactly("https")}
    request |= {"destination": exactly("api.example.com"), "query": {"key": exactly(KEY)}, "body": exactly(BODY)}
    request["headers"] = {name: exactly(value) for name, value in ASKED}
    response = {"status": 200, "body": encoded(STREAM), "encodedBody": True, "headers": lists(ANSWERED)}
    data = {"pairs": [{"request": request, "response": response}], "globalActions": {"delays": []}}
    return {"data": data, "meta": {"schemaVersion": "v5.2", "hoverflyVersion": "v1.9"}}


def aimock():
    response = {"content": "".join(TEXTS)}
    timings = {"ttftMs": 5, "interChunkDelaysMs": [1, 2], "totalDurationMs": 9}
    fixture = {"match": {"userMessage": f"I am {KEY}"}, "response": response, "recordedTimings": timings}
    return {"fixtures": [fixture | {"chunkSize": 6}]}


def llmposter():
    asked, text = json.dumps(f"I am {KEY}"), json.dumps("".join(TEXTS))
    return f"fixtures:\n  - match:\n      user_message: {asked}\n    response:\n      content: {text}\n"


FILES = {
    "curl-i": HEAD + STREAM,
    "curl-v": curl_v(),
    "curl-trace": curl_trace(),
    "sse": STREAM,
    "chunks-txt": "".join(f"{data}\n" for data in deltas()),
    "httprr": httprr(),
    "vcrpy": vcrpy(),
    "ruby-vcr": ruby_vcr(),
    "betamax": betamax(),
    "go-vcr": go_vcr(),
    "httpmock": httpmock(),
    "har": har(),
    "polly": polly(),
    "tshark": tshark(),
    "mitmproxy": mitmproxy(),
    "agentrec": agentrec(),
    "wiremock": wiremock(),
    "hoverfly": hoverfly(),
    "aimock": aimock(),
    "llmposter": llmposter(),
}


def content_of(name):
    content = FILES[name]
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content, indent=1)).encode()


def leaked(text):
    """What of the key stands in some text, in as few bytes as tell."""
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    parts = (KEY[start : start + TELLTALE] for start in range(13, len(KEY) - TELLTALE))
    return next((part for part in parts if part in text), None)


def joined(exchange):
    """What a client gets that joins the texts of the events."""
    found = ""
    for line in exchange.body.decode().splitlines():
        if line.startswith("data: {"):
            found += "".join(strings(json.loads(line.removeprefix("data: "))))
    return found


def strings(value):
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from strings(one)


def test_the_key_stands_in_each_file():
    for name in FILES:
        content = content_of(name).decode()
        # Where it is base64, or hexadecimal.
        known = (KEY[20:32], encoded(f" {KEY}")[8:20], KEY[20:32].encode().hex())
        assert any(part in content for part in known), name


@pytest.fixture(params=FILES)
def name(request, tapedeck):
    """The name of a format that the program reads."""
    if f" {request.param}" not in run(tapedeck, "import", "none", "--from", "none", "-o", "x").stderr.decode():
        pytest.skip(f"{request.param} is not read")
    return request.param


def test_nothing_of_a_key_is_written_or_said(tapedeck, tmp_path, name):
    path = tmp_path / "file"
    path.write_bytes(content_of(name))
    to = tmp_path / "a.tape"
    done = run(tapedeck, "import", path, "--from", name, "-o", to)
    assert done.returncode == 0, done.stderr
    assert leaked(done.stdout + done.stderr) is None
    assert leaked(inflated(to)) is None
    [exchange] = tape.read(to)
    assert leaked(joined(exchange)) is None
    # It was there, and what stands around it still is.
    assert "all: *" in joined(exchange) and " end" in joined(exchange)
    assert len(joined(exchange)) > len("".join(TEXTS))
    machine = run(tapedeck, "import", path, "--from", name, "-o", tmp_path / "b.tape", "--json")
    assert leaked(machine.stdout + machine.stderr) is None
    checked = run(tapedeck, "check", to)
    assert b"secret:" not in checked.stdout, checked.stdout
    assert leaked(checked.stdout) is None


def test_errors_quote_no_key(tapedeck, tmp_path, name):
    """Of files that break off anywhere, and of such whose keys stand where something else belongs."""
    content = content_of(name)
    for number in range(1, 12):
        path = tmp_path / "cut"
        path.write_bytes(content[: len(content) * number // 12])
        done = run(tapedeck, "import", path, "--from", name, "-o", tmp_path / f"{number}.tape")
        assert done.returncode in (0, 65), done.stderr
        assert leaked(done.stdout + done.stderr) is None, (number, done.stderr)
        if done.returncode == 0:
            assert leaked(inflated(tmp_path / f"{number}.tape")) is None, number


def test_errors_quote_no_key_that_stands_for_something_else(tapedeck, tmp_path, name):
    content = content_of(name)
    for number, (known, other) in enumerate(
        [(b"200", KEY), (b"POST", f"{KEY} x"), (b"HTTP/1.1", KEY), (b"https://u", KEY), (b"2026", KEY), (b"UTF-8", KEY)]
    ):
        if known not in content:
            continue
        path = tmp_path / "wrong"
        path.write_bytes(content.replace(known, other.encode(), 1))
        to = tmp_path / f"{number}.tape"
        done = run(tapedeck, "import", path, "--from", name, "-o", to)
        assert leaked(done.stdout + done.stderr) is None, (known, done.stderr)
        if to.exists():
            assert leaked(inflated(to)) is None, known
