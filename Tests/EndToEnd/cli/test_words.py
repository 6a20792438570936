"""What the program and the deck say to what was meant otherwise: the nearest valid thing, to copy."""

import contextlib
import json
import os
import socket
import subprocess
import threading
from contextlib import contextmanager

import pytest

import wire
from certificate import made_in, serving_with
from conftest import CASSETTES, request_bytes, run, running, serving
from loaded_deck import exchange, write_tape
from refusals import error_of

TEXT = CASSETTES / "anthropic-text.tape"
PATH = "/~cassette=anthropic-text"


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("TAPEDECK_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def refusal(*command, code=64):
    done = run(*command)
    assert done.returncode == code, done
    assert done.stderr.count(b"\n") == 1 and not done.stdout
    return done.stderr.decode().removeprefix("tapedeck: ").rstrip("\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serv"], "there is no verb 'serv'; did you mean 'serve'? There are init, record, serve, "),
        (["help", "recrod"], "there is no verb 'recrod'; did you mean 'record'?"),
        (["xyzzy"], "there is no verb 'xyzzy': there are init, record, serve, "),
        (["serve", TEXT, "--paec", "2x"], "Did you mean '--pace'?"),
        (["serve", TEXT, "--mode", "recrod"], "--mode recrod; did you mean 'record'? There are "),
        (["serve", TEXT, "--mode", "Auto"], "did you mean 'auto'?"),
        (["serve", TEXT, "--on-client-close", "drian"], "did you mean 'drain'?"),
        (["serve", TEXT, "--match", "bdoy"], "did you mean 'body'?"),
        (["serve", TEXT, "--port", "80000"], "--port: '80000' is not a whole number from 0 to 65535"),
        (["plan", TEXT, "--attempt", "x"], "--attempt: 'x' is not a whole number of 1 or more"),
        (["plan", TEXT, "--pace", "Instant"], "did you mean 'instant'?"),
        (["plan", TEXT, "--pace", "10"], "did you mean '10x'?"),
        (["plan", TEXT, "--pace", "recored"], "did you mean 'recorded'?"),
        (["plan", TEXT, "--pace", "like:gemni-text"], "there is no cassette 'gemni-text'; did you mean 'gemini-text'?"),
        (["serve", TEXT, "--pace", "like:antropic-text"], "did you mean 'anthropic-text'?"),
        (["plan", TEXT, "--pace", "model:gap=lognorm(2ms,1)"], "did you mean 'lognormal'?"),
        (["faults", "resett"], "did you mean reset"),
        (["plan", TEXT, "--fault", "reset,on=first"], "write one like on=1, a range like on=1-2, or on=3-"),
        (["plan", TEXT, "--fault", "reset:event:3"], "write a place after @, as in reset[@place]"),
        (["plan", TEXT, "--fault", "stall:5s,brust"], "stall[:D][@place][,burst]"),
        (
            ["plan", TEXT, "--fault", "reset@type:text"],
            "0 events of type text; it has message_start (1), content_block_start (1), ",
        ),
        (["record", "127.0.0.1:4311/x", "-o", "x.tape"], "write http://127.0.0.1:4311/x"),
        (["record", "localhost/v1", "-o", "x.tape"], "write http://localhost/v1"),
        (["record", "api.example.com/v1", "-o", "x.tape"], "write https://api.example.com/v1"),
        (
            ["serve", TEXT, "--mode=passthrough", "--upstream", "127.0.0.1:4311"],
            "write http://127.0.0.1:4311",
        ),
    ],
)
def test_what_was_meant_is_said(tapedeck, arguments, said):
    assert said in refusal(tapedeck, *arguments)


# What people call failures, and a fault that does it.
CALLED = {
    "timeout": "hang@head",
    "truncate": "disconnect@event:12",
    "latency": "stall:30s@head",
    "slow": "stall:30s@head",
    "429": "status:429,retry-after=1s,on=1",
    "418": "status:418,on=1",
    "rate-limit": "status:429,retry-after=1s,on=1",
    "rst": "reset@event:12",
    "eror": "error:",
    "Reset": "reset@event:12,on=1",
    "econnreset": "reset@event:12",
    "trunctae": "disconnect@event:12",
}


@pytest.mark.parametrize(("name", "fault"), CALLED.items())
def test_a_fault_by_another_name_is_answered_with_the_nearest(tapedeck, deck, name, fault):
    said = refusal(tapedeck, "serve", TEXT, "--port", "0", "--fault", name)
    assert said.startswith(f"--fault: there is no fault '{name}': did you mean {fault}")
    message = error_of(wire.post(f"{deck}{PATH}/~fault={name}/v1/messages", b"{}"))
    assert f"there is no fault '{name}': did you mean {fault}" in message
    assert f"try {deck}{PATH}/~fault={fault}" in message


@pytest.mark.parametrize("name", ["rate-limit", "bad-json", "drop-terminal", "half-close"])
def test_underscores_in_a_name_are_hyphens(deck, name):
    asked = name.replace("-", "_")
    message = error_of(wire.post(f"{deck}{PATH}/~fault={asked}/v1/messages", b"{}"))
    assert f"there is no fault '{asked}': " in message and f"/~fault={asked}" not in message
    if name in ("bad-json", "drop-terminal"):
        assert f"did you mean {name}" in message and f"try {deck}{PATH}/~fault={name}" in message
    else:
        hyphenated = error_of(wire.post(f"{deck}{PATH}/~fault={name}/v1/messages", b"{}"))
        assert message.replace(asked, name) == hyphenated


@pytest.mark.parametrize("asked", ["truncate", "rst@event:99", "trunctae", "rst@byte:999999"])
def test_what_is_proposed_to_copy_is_there_on_the_recording(tapedeck, tmp_path, asked):
    blocks = [f"data: {number}\n\n" for number in range(3)]
    tape = write_tape(tmp_path / "t.tape", exchange(1, blocks, path="/v1/messages", gap_us=0))
    with serving([tapedeck, "serve", tape], tmp_path / "port") as base:
        message = error_of(wire.post(f"{base}/~fault={asked}/v1/messages", b"{}"))
        url = message.rpartition("; try ")[2]
        assert url.startswith(base) and "@" not in url
        with contextlib.suppress(OSError, EOFError):
            assert wire.post(url, b"{}").status == 200


def test_a_place_and_attempts_are_kept_in_what_is_proposed(deck):
    message = error_of(wire.post(f"{deck}{PATH}/~fault=rst@event:7,on=2/v1/messages", b"{}"))
    assert message.endswith(f"try {deck}{PATH}/~fault=reset@event:7,on=2/v1/messages")


@pytest.mark.parametrize(
    ("asked", "said", "meant"),
    [
        ("/~falt=bom/v1/messages", "'falt' is not a directive; did you mean 'fault'?", "/~fault=bom"),
        ("/~Fault=bom/v1/messages", "did you mean 'fault'?", "/~fault=bom"),
        ("/fault=bom/v1/messages", "a directive without its ~", "/~fault=bom"),
        ("/session=t1/v1/messages", "did you mean '/~session=t1'?", "/~session=t1"),
        ("/~pace=instant/Session=t1/v1/messages", "without its ~", "/~pace=instant/~session=t1"),
        ("/v1/~fault=bom/messages", "after the path", "/~fault=bom"),
        ("/v1/~Pace=instant/messages", "after the path", "/~pace=instant"),
    ],
)
def test_a_directive_that_is_written_wrongly_is_asked_for(deck, asked, said, meant):
    message = error_of(wire.post(f"{deck}{asked}", request_bytes("anthropic-text")))
    assert said in message and "path segment" in message
    assert message.endswith(f"try {deck}{meant}/v1/messages")


def test_a_cassette_by_a_near_name_is_asked_for(deck):
    message = error_of(wire.post(f"{deck}/~cassette=antropic-text/v1/messages", b"{}"))
    assert "there is no cassette 'antropic-text'; did you mean 'anthropic-text'? There are " in message


@pytest.mark.parametrize("text", ["a=b", "sessions=1", "faults", "v1/fault=x"])
def test_a_path_that_only_looks_like_a_directive_is_a_path(deck, text):
    assert wire.post(f"{deck}/{text}/none", b"{}").status == 404


@pytest.mark.parametrize(
    ("symptom", "faults"),
    [
        ("timeout", ["hang@head", "hang@event:12", "stall:30s@head"]),
        ("rate limited", ["status:429,retry-after=1s,on=1"]),
        ("Rate-Limit", ["status:429,retry-after=1s,on=1"]),
        ("overloaded in the middle", ["error@event:12"]),
        ("load balancer timeout", ["hang:60s@event:12", "status:504,on=1"]),
        ("proxy buffers", ["hold:2s", "hold:4KiB"]),
        ("truncated", ["disconnect@event:12", "end@event:12"]),
        ("split emoji", ["rechunk:utf8"]),
        ("503", ["status:503,on=1"]),
        ("out of order", ["swap@event:12"]),
        ("latencey", ["stall:30s@head"]),
    ],
)
def test_faults_are_found_by_what_one_sees(tapedeck, symptom, faults):
    done = run(tapedeck, "faults", "--for", symptom)
    assert done.returncode == 0, done.stderr
    rows = done.stdout.decode().splitlines()[1:]
    for fault in faults:
        assert any(f"  {fault}  " in row and f"/~fault={fault}" in row for row in rows), rows
    assert any(f"  {fault}  " in rows[0] for fault in faults)


def test_a_symptom_that_nobody_knows_is_a_usage_error(tapedeck):
    assert "no fault has the symptom 'xyzzy'" in refusal(tapedeck, "faults", "--for", "xyzzy")


def test_every_fault_that_a_symptom_names_can_be_planned(tapedeck):
    catalogue = json.loads(run(tapedeck, "faults", "--json").stdout)["faults"]
    for fault in catalogue:
        assert fault["symptoms"], fault["name"]
        for symptom in fault["symptoms"]:
            assert symptom["fault"].startswith(fault["name"])
            done = run(tapedeck, "plan", TEXT, "--json", "--fault", symptom["fault"])
            assert done.returncode == 0, (symptom, done.stderr)


@pytest.mark.parametrize(
    ("faults", "why"),
    [
        (["status:529", "body:html"], "one answer"),
        (["reset@event:3", "hang@event:9"], "ends once"),
        (["reset@event:3", "drop@event:9"], "can be reached"),
        (["framing:eof,on=2", "framing:length,on=2-3"], "one framing"),
    ],
)
def test_faults_that_contradict_each_other_keep_a_deck_from_starting(tapedeck, monkeypatch, faults, why):
    flags = [f"--fault={fault}" for fault in faults]
    command = [tapedeck, "serve", TEXT, "--port", "0"]
    for said in (
        refusal(*command, *flags),
        with_variable(monkeypatch, command, "\n".join(faults)),
        with_file(command, faults),
    ):
        assert all(fault in said for fault in faults) and why in said


def with_variable(monkeypatch, command, value):
    monkeypatch.setenv("TAPEDECK_FAULT", value)
    said = refusal(*command)
    monkeypatch.delenv("TAPEDECK_FAULT")
    assert said.startswith("TAPEDECK_FAULT: ")
    return said


def with_file(command, faults):
    with open("tapedeck.json", "w", encoding="utf-8") as file:
        file.write(json.dumps({"serve": {"fault": faults}}))
    said = refusal(*command)
    assert said.startswith("tapedeck.json: serve.fault: ")
    return said


def test_faults_that_go_together_somewhere_let_a_deck_start(tapedeck, tmp_path):
    apart = ["--fault=status:529,on=1", "--fault=reset@event:3,on=2"]
    with running([tapedeck, "serve", CASSETTES, *apart], tmp_path / "port"):
        pass


def test_an_upstream_without_a_mode_is_said_to_do_nothing(tapedeck, monkeypatch):
    def said(*options):
        done = run(*(tapedeck, "serve", TEXT, "--upstream", "http://127.0.0.1:1", *options), "--", "true")
        assert done.returncode == 0
        return done.stderr.decode()

    assert said() == (
        "tapedeck: --upstream does nothing without --mode: add --mode auto to record what no cassette answers\n"
    )
    # Who says that nothing is forwarded knows it.
    assert said("--mode", "replay") == ""
    monkeypatch.setenv("TAPEDECK_MODE", "replay")
    assert said() == ""


def test_variables_that_no_verb_knows_are_named(tapedeck, monkeypatch):
    monkeypatch.setenv("TAPEDECK_PAEC", "secret-value")
    monkeypatch.setenv("TAPEDECK_XYZZY", "1")
    monkeypatch.setenv("TAPEDECK_URL", "http://127.0.0.1:4010")
    monkeypatch.setenv("TAPEDECK_PORT", "4010")
    done = run(tapedeck, "show", TEXT)
    assert done.returncode == 0
    assert done.stderr.decode().splitlines() == [
        "tapedeck: TAPEDECK_PAEC is not the variable of any option; did you mean TAPEDECK_PACE?",
        "tapedeck: TAPEDECK_XYZZY is not the variable of any option: it is ignored",
    ]
    assert run(tapedeck, "show", "--help").stderr == b""


@contextmanager
def speaking(answer, tls=None):
    """A server that answers each connection with these bytes, or speaks TLS and nothing in it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        done = threading.Event()

        def serve():
            while not done.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(5)
                    try:
                        if tls:
                            tls.wrap_socket(connection, server_side=True).close()
                        else:
                            connection.recv(65536)
                            connection.sendall(answer)
                    except OSError:
                        pass

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            done.set()
            thread.join()


PLAIN = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def test_https_to_a_server_without_tls_is_said(tapedeck, tmp_path):
    with speaking(PLAIN) as address:
        done = run(tapedeck, "record", f"https://{address}/v1", "-o", tmp_path / "x.tape")
        assert done.returncode == 69
        assert b"the server does not speak TLS: use http://" in done.stderr
        command = [tapedeck, "serve", "--mode=passthrough", "--upstream", f"https://{address}"]
        with running(command, tmp_path / "port") as _:
            base = f"http://127.0.0.1:{(tmp_path / 'port').read_text().strip()}"
            answer = wire.post(f"{base}/v1/messages", b"{}")
        assert answer.status == 502 and b"does not speak TLS: use http://" in answer.body


@pytest.mark.parametrize("kind", ["closes", "alerts"])
def test_http_to_a_server_with_tls_is_said(tapedeck, tmp_path, kind):
    tls = None
    if kind == "closes":
        tls = serving_with(made_in(tmp_path))
    # A fatal alert: unexpected_message. (RFC 5246, 7.2)
    with speaking(b"\x15\x03\x03\x00\x02\x02\x0a", tls) as address:
        done = run(tapedeck, "record", f"http://{address}/v1", "-o", tmp_path / "x.tape")
        assert b"the server speaks TLS: use https://" in done.stderr, done
        if kind == "alerts":
            command = [tapedeck, "serve", "--mode=passthrough", "--upstream", f"http://{address}"]
            with running(command, tmp_path / "port"):
                base = f"http://127.0.0.1:{(tmp_path / 'port').read_text().strip()}"
                answer = wire.post(f"{base}/v1/messages", b"{}")
            assert answer.status == 502 and b"if the server speaks TLS, use https://" in answer.body


def test_a_server_that_only_closes_is_not_said_to_speak_tls(tapedeck, tmp_path):
    with speaking(b"") as address:
        done = run(tapedeck, "record", f"http://{address}/v1", "-o", tmp_path / "x.tape")
        assert done.returncode == 69 and b"TLS" not in done.stderr


COMPLETION = """
source /dev/stdin <<< "$(tapedeck --generate-completion-script bash)"
complete_line() {
  COMP_WORDS=($1) COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$1 COMP_POINT=${#1}
  COMPREPLY=()
  _tapedeck tapedeck "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
  echo "${COMPREPLY[*]}"
}
complete_line 'tapedeck serve --fault re'
complete_line 'tapedeck serve --mode a'
complete_line 'tapedeck faults dr'
"""


def test_bash_completes_the_names_of_faults_and_modes(tapedeck, tmp_path):
    (tmp_path / "tapedeck").symlink_to(os.path.abspath(tapedeck))
    done = subprocess.run(
        ["bash", "-c", COMPLETION],
        capture_output=True,
        check=False,
        timeout=60,
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )
    lines = done.stdout.decode().splitlines()
    assert set(lines[0].split()) == {"reset", "rechunk"}, done
    assert set(lines[1].split()) == {"auto", "all"}
    assert set(lines[2].split()) == {"drop", "drop-terminal"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_s_script_has_the_names(tapedeck, shell):
    script = run(tapedeck, "--generate-completion-script", shell).stdout.decode()
    for name in ("disconnect", "cut-json", "new_episodes", "passthrough", "instant"):
        assert name in script


def test_a_deck_that_may_be_empty_says_of_each_request_that_there_is_nothing(tapedeck, deck_of, tmp_path):
    """As in the first run of somebody's tests, before anything is recorded."""
    target = ["--record-to", f"{tmp_path}/tapes/"]
    refused = run(tapedeck, "serve", *target)
    assert refused.returncode == 65 and b"there is no exchange to serve" in refused.stderr
    with deck_of(*target, "--allow-empty") as base:
        missed = wire.post(f"{base}/v1/messages", b"{}")
        named = wire.post(f"{base}/~cassette=greeting/v1/messages", b"{}")
    assert missed.status == 404 and b"the deck serves no exchange at all" in missed.body
    assert named.status == 400 and b"there is no cassette 'greeting', and no other is served" in named.body
