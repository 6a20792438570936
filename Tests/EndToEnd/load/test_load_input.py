"""What `tapedeck load` does where it cannot do well: servers that are none, bad words, Ctrl-C, other machines."""

import json
import resource
import signal
import socket
import threading
import time
from contextlib import closing, contextmanager, suppress

import pytest

import child
from loaded_deck import exchange, write_tape
from loading import POST, load, server, started, until_it_asks, words

QUICK = [[1000, 500]]
LATENCIES = ["dispatch_us", "ttfb_us", "ttft_us", "gap_us", "late_us", "stream_us"]
KEYS = [
    "streams",
    "completed",
    "not_sent",
    "requested_per_s",
    "achieved_per_s",
    "outcomes",
    *LATENCIES,
    "events_per_s",
    "goodput_per_s",
    "slo",
    "generator_late",
]
FEW = ["--count", "5", "--arrivals", "constant:100/s"]


@contextmanager
def answering(answer):
    """A server that hands each connection to a function; gives its port."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with closing(connection), suppress(OSError):
                    answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_the_keys_of_the_report_are_these_in_this_order(tapedeck, tmp_path):
    with server(tmp_path / "s", QUICK) as known:
        done = load(tapedeck, known.url, *POST, *FEW, "--slo", "ttft.p99<5s", "--json")
    keys = list(done.report)
    assert [key for key in keys if key in KEYS] == KEYS
    for name in LATENCIES[:4] + LATENCIES[5:]:
        shown = [key for key in done.report[name] if key in ("p50", "p90", "p95", "p99", "p999", "max")]
        assert shown == ["p50", "p90", "p95", "p99", "p999", "max"]
    assert done.report["slo"] == [{"slo": "ttft.p99<5s", "value": done.report["slo"][0]["value"], "held": True}]
    assert done.report["generator_late"] in (True, False)


@pytest.mark.parametrize(
    ("slo", "held"),
    [("ttft.p99<10s", True), ("ttft.p50<1us", False), ("errors<1%", True), ("goodput>1000000/s", False)],
)
def test_an_objective_that_does_not_hold_is_named_and_is_a_failure(tapedeck, tmp_path, slo, held):
    with server(tmp_path / "s", QUICK) as known:
        done = load(tapedeck, known.url, *POST, *FEW, "--slo", slo)
    assert done.code == (0 if held else 1), done.said
    assert slo in done.out + done.said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--duration", "0s"], 64, "a duration of 0"),
        (["--count", "0"], 64, "--count"),
        (["--arrivals", "constant:0/s"], 64, "0/s"),
        (["--arrivals", "sometimes"], 64, "sometimes"),
        (["--arrivals", "concurrent:-3"], 64, "concurrent:-3"),
        (["--slo", "ttft.p99"], 64, "ttft.p99"),
        (["--slo", "nothing<5ms"], 64, "nothing"),
        (["--shard", "5/4"], 64, "5/4"),
        (["--cancel", "120%@1s"], 64, "120%"),
        (["--seed", "seven"], 64, "seven"),
        (["--threads", "0"], 64, "--threads"),
        (["none.tape"], 66, "none.tape"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_line_before_anything_is_sent(tapedeck, tmp_path, arguments, code, words):
    with server(tmp_path / "s", QUICK) as known:
        done = load(tapedeck, known.url, *arguments, cwd=tmp_path)
    assert done.code == code, done.said
    assert words in done.said
    assert known.streams == []


def test_nobody_listens(tapedeck):
    done = load(tapedeck, f"http://127.0.0.1:{free_port()}/v1", *POST, *FEW, "--json")
    assert done.code == 69
    assert done.report["outcomes"] == {"refused": 5}
    assert done.report["completed"] == 0
    assert len(done.said.strip().splitlines()) <= 2


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def speak(data):
    def answer(connection):
        connection.recv(65536)
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass

    return answer


ALERT = b"\x15\x03\x03\x00\x02\x02\x46"
NO_STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5\r\n\r\nhello"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (reset, "refused"),
        (speak(b""), "refused"),
        (speak(NO_STREAM), "not_a_stream"),
        (speak(ALERT), "cut"),
        (speak(b"HTTP/1.1 999999\r\n\r\n"), "cut"),
        (speak(b"\0" * 100_000), "cut"),
    ],
    ids=["resets", "closes", "html", "tls", "status", "zeros"],
)
def test_servers_that_are_none_are_counted_by_what_they_did(tapedeck, answer, outcome):
    with answering(answer) as port:
        done = load(tapedeck, f"http://127.0.0.1:{port}/v1", *POST, *FEW, "--json")
    assert done.report["streams"] == 5
    assert set(done.report["outcomes"]) <= {outcome, "refused"}
    assert outcome in done.report["outcomes"]
    assert done.code in (0, 69)


def test_a_url_of_https_is_refused_where_nobody_speaks_it(tapedeck, tmp_path):
    with server(tmp_path / "s", QUICK) as known:
        done = load(tapedeck, known.url.replace("http:", "https:"), *POST, *FEW)
    assert done.code in (64, 69)
    assert "https" in done.said or "TLS" in done.said
    assert known.streams == []


def test_a_server_that_says_nothing_is_given_up(tapedeck, tmp_path):
    with server(tmp_path / "s", QUICK, "--every", "1:silent") as known:
        done = load(tapedeck, known.url, *POST, *FEW, "--read-timeout", "300ms", "--json")
    assert done.report["outcomes"] == {"timeout": 5}
    assert done.report["took_us"] < 5_000_000
    assert len(known.streams) == 5


def test_without_descriptors_streams_are_not_sent_and_counted(tapedeck, tmp_path):
    with server(tmp_path / "s", [[600_000, 500]]) as known:
        arguments = [known.url, *POST, "--arrivals", "constant:200/s", "--count", 80, "--json"]
        done = child.run(tapedeck, "load", *arguments, limits={resource.RLIMIT_NOFILE: 40})
    report = json.loads(done.stdout)
    assert 30 < report["not_sent"] < 80
    assert report["streams"] == report["completed"] == len(known.streams) == 80 - report["not_sent"]


def test_a_deck_of_the_same_process_leaves_descriptors_free_too(tapedeck):
    arguments = ["--sample", "--arrivals", "constant:500/s", "--count", 100, "--json"]
    done = child.run(tapedeck, "load", *arguments, limits={resource.RLIMIT_NOFILE: 40})
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["not_sent_by"] == {"descriptors": report["not_sent"]}
    assert report["streams"] == report["completed"] == 100 - report["not_sent"]


@pytest.mark.parametrize("host", ["192.0.2.1", "10.1.2.3:8080", "[2001:db8::1]:80"])
def test_another_machine_is_not_asked_without_leave(tapedeck, host):
    done = load(tapedeck, f"http://{host}/v1/messages", *POST, *FEW)
    assert done.code == 64
    assert "--yes-remote" in done.said


def test_ctrl_c_reports_what_was_done(tapedeck, tmp_path):
    with server(tmp_path / "s", QUICK) as known:
        arguments = ["--arrivals", "constant:100/s", "--duration", "30s", "--json"]
        with started(tapedeck, known.url, *POST, *arguments) as process:
            until_it_asks(process)
            time.sleep(0.7)
            process.send_signal(signal.SIGINT)
            out, said = process.communicate(timeout=20)
    assert process.returncode == 130, said
    report = json.loads(out)
    assert 20 < report["streams"] <= len(known.streams) < 2000


def test_a_cassette_alone_is_served_and_loaded(tapedeck, tmp_path):
    tape = write_tape(tmp_path / "t.tape", exchange(1, words(5), path="/v1/chat/completions", gap_us=2000))
    done = load(tapedeck, tape, "--count", 20, "--arrivals", "constant:100/s", "--verify", "--json")
    assert done.code == 0, done.said
    assert done.report["outcomes"] == {"whole": 20}
    assert 0 <= done.report["late_us"]["p50"] < 200_000
