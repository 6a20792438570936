"""Secrets of every kind, in every place: none reaches a file, an error line, a journal or an answer."""

import json
import re
import socket
import subprocess
import threading
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

import pytest

import tape
import wire
from conftest import run, wait_until_ready
from secrets_kinds import KINDS, leaks
from upstream import streaming
from waiting import until, while_there
from written_secrets import ALL, all_that_is_written, body_of, event, head_value

PATIENCE_S = 20
STREAM_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n"


def record(tapedeck, folder, url, *options):
    done = run(tapedeck, "record", url, *options, "-o", folder / "a.tape", "--append")
    assert done.returncode in (0, 69), done.stderr
    return done.stdout + done.stderr


def answers(response):
    """A server that answers each request on a connection of its own with these bytes."""
    return serving_bytes(lambda connection: connection.sendall(response))


@contextmanager
def serving_bytes(answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1 << 20)
                    answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=PATIENCE_S)


def test_the_table_is_large_and_its_search_finds_what_stands_open():
    assert len(KINDS) >= 30
    for kind in ALL:
        assert leaks(f"a {kind.value} b") == [kind.name]
        assert leaks(kind.value[-1 - len(kind.value) // 2 :]) == [kind.name]


@pytest.mark.parametrize("width", ["every position", "every byte"])
def test_no_secret_of_a_stream_is_written_wherever_it_is_cut(tapedeck, tmp_path, width):
    pieces = []
    whole = b""
    for kind in KINDS:
        text = event(kind.value)
        start = text.index(kind.value.encode())
        if width == "every byte":
            pieces += [text[place : place + 1] for place in range(len(text))]
            whole += text
        else:
            cuts = range(start + 1, start + len(kind.value), 1 if len(kind.value) < 150 else 7)
            pieces += [part for cut in cuts for part in (text[:cut], text[cut:])]
            whole += text * len(cuts)
    with streaming(pieces) as (base, _):
        said = record(tapedeck, tmp_path, f"{base}/v1/messages")
    [exchange] = tape.read(tmp_path / "a.tape")
    assert [len(data) for _, data in exchange.chunks] == [len(piece) for piece in pieces]
    assert len(exchange.body) == len(whole)
    for line in exchange.body.splitlines()[::2]:
        assert json.loads(line.removeprefix(b"data: "))["text"].endswith(" end")
    assert leaks(said + all_that_is_written(tmp_path, tapedeck)) == []


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_a_secret_in_any_part_of_an_exchange_is_not_written(tapedeck, tmp_path, kind):
    value, in_query = head_value(kind), quote(kind.value, safe="")
    shaped = kind in KINDS
    body = {"api_key": kind.value, "mcp": [{"authorization_token": kind.value}]}
    if shaped:
        body |= {"text": kind.value, "lines": f"a\n{kind.value}\nb", "nested": json.dumps({"k": kind.value})}
    answer = b"HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\n"
    answer += f"set-cookie: s={value}\r\nx-api-key: {value}\r\n".encode()
    answer += f"location: https://u:{in_query}@h/a?access_token={in_query}&sig={in_query}\r\n".encode()
    if shaped:
        answer += f"x-debug: got {value}.\r\n".encode()
    text = json.dumps({"error": {"message": f"bad key {kind.value}" if shaped else "", "password": kind.value}})
    answer += b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n" % (len(text), text.encode())
    answer += f"x-auth-token: {value}\r\n".encode()
    answer += (f"x-note: {value}\r\n" if shaped else "").encode() + b"\r\n"
    fields = [f"authorization: {value}", f"x-api-key: {value}", f"cookie: a={value}", f"api-key: {value}"]
    fields += [f"proxy-authorization: Basic {value}", f"x-goog-api-key: {value}"]
    fields += [f"x-note: see {value}, ok"] if shaped else []
    query = f"?key={in_query}&X-Amz-Signature={in_query}&X-Goog-Signature={in_query}&sig={in_query}"
    query += f"&q={in_query}" if shaped else ""
    headers = [part for field in fields for part in ("-H", field)]
    said = b""
    with answers(answer) as base:
        host = base.removeprefix("http://")
        url = f"http://{quote('me')}:{in_query}@{host}/v1/messages{query}"
        said += record(tapedeck, tmp_path, url, *headers, "-d", json.dumps(body))
        form = f"client_secret={quote_plus(kind.value)}&grant_type=x"
        said += record(
            tapedeck,
            tmp_path,
            f"{base}/token",
            "-d",
            form,
            "-H",
            "content-type: application/x-www-form-urlencoded",
        )
    # Nobody listens there any more.
    said += record(tapedeck, tmp_path, f"http://me:{in_query}@{host}/{query}", *headers)
    said += run(tapedeck, "record", f"ftp://me:{in_query}@{host}/{query}", "-o", tmp_path / "b.tape").stderr
    assert len(tape.read(tmp_path / "a.tape")) == 3
    assert leaks(said) == []
    assert leaks(all_that_is_written(tmp_path, tapedeck)) == []


@pytest.mark.parametrize("kind", KINDS[::6], ids=lambda kind: kind.name)
def test_a_recorder_that_is_killed_in_a_secret_leaves_nothing_of_it(tapedeck, tmp_path, kind):
    text = event(kind.value)
    half = text[: text.index(kind.value.encode()) + len(kind.value) * 2 // 3]
    pieces = [b"data: before\n\n", *(half[place : place + 1] for place in range(len(half)))]
    done = threading.Event()

    def answer(connection):
        connection.sendall(STREAM_HEAD + b"\r\n")
        for piece in pieces:
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        done.wait(PATIENCE_S)

    with serving_bytes(answer) as base:
        command = [tapedeck, "record", f"{base}/v1", "-H", f"x-api-key: {head_value(kind)}"]
        with subprocess.Popen(
            [*command, "-o", tmp_path / "a.tape"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            until(
                lambda: (
                    process.poll() is not None
                    or any(b'"key' in body for body in while_there(tmp_path.iterdir(), body_of))
                )
            )
            assert process.poll() is None
            process.kill()
        done.set()
    assert leaks(all_that_is_written(tmp_path, tapedeck)) == []
    run(tapedeck, "check", "--repair", tmp_path / "a.tape")
    [exchange] = tape.read(tmp_path / "a.tape")
    assert exchange.how == "interrupted" and b'"key' in exchange.body
    assert leaks(all_that_is_written(tmp_path, tapedeck)) == []


RULES = [
    *("--redact", r'"name": ?"([^"]+)"', "--redact", r"[\w.]+@[\w.]+", "--redact", "order-[0-9]{4}"),
    *("--redact-json", "/metadata/user_id", "--redact-json", "/choices/*/delta/content"),
    *("--keep-header", "x-session-token"),
]
REQUEST = {"name": "Zaphod", "metadata": {"user_id": "user-31", "n": 5}, "to": "ford@example.org", "model": "m"}
OWN = re.compile(rb"Zaphod|user-31|ford@|order-42\d\d|Belgium")


def test_what_a_user_names_is_covered_and_matches_again_by_the_same_rules(tapedeck, tmp_path, deck_of):
    delta = b'data: {"choices":[{"index":0,"delta":{"content":"Belgium"}}],"note":"order-4242"}\n\n'
    pieces = [delta[place : place + 1] for place in range(len(delta))] + [b"data: [DONE]\n\n"]
    path = tmp_path / "a.tape"
    target = "/v1/chat/completions?mail=ford@example.org"
    with streaming(pieces) as (base, _):
        done = run(
            tapedeck, "record", base + target, "-d", json.dumps(REQUEST, separators=(",", ":")),
            "-H", "x-session-token: kept", "-H", "x-to: ford@example.org", *RULES, "-o", path,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not OWN.search(all_that_is_written(tmp_path, tapedeck))
    [exchange] = tape.read(path)
    assert json.loads(exchange.request["body"]) == {
        "name": "*" * 6, "metadata": {"user_id": "*" * 7, "n": 5}, "to": "*" * 16, "model": "m",
    }  # fmt: skip
    assert exchange.body == delta.replace(b"Belgium", b"*" * 7).replace(b"order-4242", b"*" * 10) + pieces[-1]
    assert ["x-session-token", "kept"] in exchange.request["headers"]
    body = json.dumps(REQUEST).encode()
    with deck_of(path, "--match", "body", *RULES) as base:
        assert wire.post(base + target, body).status == 200
        other = body.replace(b'"n": 5', b'"n": 6').replace(b'"m"', b'"vogon"')
        missed = wire.post(base + target, other)
        assert missed.status == 404 and not OWN.search(missed.body)
        refused = wire.post(f"{base}/~pace=ford@example.org{target}", body)
        assert refused.status == 400 and not OWN.search(refused.body)
        journal = wire.send("GET", f"{base}/~/api/journal").body
        assert [entry["match"] for entry in json.loads(journal)] == ["exact", None, None]
        assert not OWN.search(journal)
    (tmp_path / "deck-port").unlink()
    with deck_of(path, "--match", "body") as base:
        assert wire.post(base + target, body).status == 404


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--redact", "hunter2("], "--redact: number 1: a ( is not closed"),
        (["--redact", "a", "--redact", "b*"], "--redact: number 2: it matches the empty string"),
        (["--redact-json", "metadata"], "is not a JSON pointer"),
        (["--redact-json", "/a~2"], "write ~0 for ~"),
        (["--keep-header", "a: b"], "--keep-header takes only the name"),
    ],
)
@pytest.mark.parametrize("verb", [["record", "http://127.0.0.1:1/", "-o", "none.tape"], ["serve", "none.tape"]])
def test_a_rule_that_is_none_is_a_usage_error_of_one_line(tapedeck, tmp_path, verb, options, reason):
    done = run(tapedeck, *verb, *options, cwd=tmp_path)
    assert done.returncode == 64, done.stderr
    assert done.stderr.count(b"\n") == 1 and reason.encode() in done.stderr
    assert b"hunter2" not in done.stderr
    assert not [*tmp_path.iterdir()]


def test_a_rule_from_the_environment_counts(tapedeck, tmp_path, monkeypatch):
    monkeypatch.setenv("TAPEDECK_REDACT", "bel.ium")
    monkeypatch.setenv("TAPEDECK_REDACT_JSON", "/a")
    with streaming([b'data: {"a":"x","b":"belgium"}\n\n']) as (base, _):
        record(tapedeck, tmp_path, base)
    assert tape.read(tmp_path / "a.tape")[0].body == b'data: {"a":"*","b":"*******"}\n\n'


def test_a_deck_shows_no_secret_of_a_request_in_any_answer_journal_or_line(tapedeck, tmp_path):
    path = tmp_path / "cassettes" / "a.tape"
    path.parent.mkdir()
    with streaming([b"data: x\n\n"]) as (base, _):
        assert run(tapedeck, "record", f"{base}/v1/messages", "-d", "{}", "-o", path).returncode == 0
    port_file = tmp_path / "port"
    said = tmp_path / "said"
    with said.open("wb") as output:
        command = [tapedeck, "serve", path, "--port", "0", "--port-file", port_file, "--match", "body"]
        with subprocess.Popen(command, stdout=output, stderr=output) as process:
            wait_until_ready(process, port_file)
            base = f"http://127.0.0.1:{port_file.read_text().strip()}"
            shown = b"".join(ask_with(base, kind) for kind in ALL)
            for page in ("journal", "exchanges", "sessions/s"):
                shown += wire.send("GET", f"{base}/~/api/{page}").body
            shown += wire.send("GET", f"{base}/~/metrics").body
            process.terminate()
            process.wait(PATIENCE_S)
    assert leaks(shown + said.read_bytes()) == []


def ask_with(base, kind):
    """What the deck answers to requests that hold a secret and match, miss or are refused."""
    value, in_query = head_value(kind), quote(kind.value, safe="")
    headers = [("x-api-key", value), ("authorization", f"Bearer {value}"), ("cookie", value)]
    body = json.dumps({"api_key": kind.value, "text": kind.value if kind in KINDS else ""}).encode()
    answers = [
        wire.post(f"{base}/~session=s/v1/messages?key={in_query}", b"{}", headers),
        wire.post(f"{base}/~session=s/v1/messages?key={in_query}", body, headers),
        wire.post(f"{base}/v1/other?access_token={in_query}", body, headers),
    ]
    if kind in KINDS:
        answers += [
            wire.post(f"{base}/~pace={in_query}/v1/messages", b"{}", headers),
            wire.post(f"{base}/~cassette={in_query}/v1/messages", b"{}", headers),
            wire.post(f"{base}/~nonsense={in_query}/v1/messages", b"{}", headers),
            wire.post(f"{base}/v1/messages", b"{}", [*headers, ("tapedeck", f"fault={value}")]),
            wire.post(f"{base}/v1/{in_query}", b"{}", headers),
            wire.send("GET", f"{base}/~/{in_query}", b"", headers),
        ]
    assert [answer.status for answer in answers[:3]] == [200, 404, 404]
    assert all(answer.status in (400, 404) for answer in answers[3:])
    return b"".join(answer.body for answer in answers)
