"""A deck that is told to end: no request that has reached it is lost, so a balancer need not ask twice."""

import os
import signal
from contextlib import ExitStack, contextmanager

import wire
from conftest import CASSETTES, running
from waiting import until

CLIENTS = 100
BODY = b'{"stream":true}'


@contextmanager
def deck(tapedeck, tmp_path):
    """A deck that plays in no time; gives its process and its base URL."""
    command = [tapedeck, "serve", CASSETTES / "anthropic-text.tape", "--pace", "instant", "--threads", "2"]
    with running(command, tmp_path / "port") as process:
        yield process, f"http://127.0.0.1:{int((tmp_path / 'port').read_text())}"


@contextmanager
def stopped(process):
    """Has a process stand still in the block, so that what happens there comes to it all at once."""
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
    yield
    process.send_signal(signal.SIGCONT)


def ask(connection, base):
    connection.sendall(wire.request("POST", base + "/v1/messages", BODY, []))


def answers(streams):
    """How many answers came whole, and how each of the others ended."""
    found = []
    for stream in streams:
        try:
            answer = wire.received(stream, "POST", lambda: 0)
            found.append((answer.status, answer.complete))
        except (OSError, IndexError) as error:
            found.append(repr(error))
    return found


def test_clients_that_wait_to_be_accepted_are_answered(tapedeck, tmp_path):
    with deck(tapedeck, tmp_path) as (process, base), ExitStack() as stack:
        with stopped(process):
            clients = [stack.enter_context(wire.connected(base)) for _ in range(CLIENTS)]
            for client in clients:
                ask(client, base)
            process.send_signal(signal.SIGTERM)
        assert answers([client.makefile("rb") for client in clients]) == [(200, True)] * CLIENTS
        assert process.wait(timeout=10) == 0


def test_a_request_that_came_on_an_open_connection_is_answered(tapedeck, tmp_path):
    with deck(tapedeck, tmp_path) as (process, base), ExitStack() as stack:
        clients = [stack.enter_context(wire.connected(base)) for _ in range(CLIENTS)]
        streams = [client.makefile("rb") for client in clients]
        for client in clients:
            ask(client, base)
        assert answers(streams) == [(200, True)] * CLIENTS
        with stopped(process):
            # What the deck finds first is that it has to end.
            process.send_signal(signal.SIGTERM)
            for client in clients:
                ask(client, base)
        assert answers(streams) == [(200, True)] * CLIENTS
        assert process.wait(timeout=10) == 0


def test_a_client_that_has_just_come_may_still_ask_and_one_that_was_answered_is_let_go(tapedeck, tmp_path):
    with deck(tapedeck, tmp_path) as (process, base), wire.connected(base) as old, wire.connected(base) as new:
        ask(old, base)
        stream = old.makefile("rb")
        assert answers([stream]) == [(200, True)]
        until(lambda: b"tapedeck_connections 3\n" in wire.send("GET", base + "/~/metrics").body)
        process.send_signal(signal.SIGTERM)
        assert stream.read() == b""
        ask(new, base)
        assert answers([new.makefile("rb")]) == [(200, True)]
        assert process.wait(timeout=10) == 0


def test_a_client_that_never_asks_does_not_keep_the_deck(tapedeck, tmp_path):
    with deck(tapedeck, tmp_path) as (process, base), wire.connected(base) as silent:
        silent.settimeout(4)
        until(lambda: b"tapedeck_connections 2\n" in wire.send("GET", base + "/~/metrics").body)
        process.send_signal(signal.SIGTERM)
        # The time to drain is 5 s.
        assert silent.recv(1) == b""
        assert process.wait(timeout=10) == 0


def test_nobody_new_is_accepted_while_a_stream_ends(tapedeck, tmp_path):
    with deck(tapedeck, tmp_path) as (process, base), wire.connected(base) as client:
        client.sendall(wire.request("POST", base + "/~pace=gap:50ms/v1/messages", BODY, []))
        stream = client.makefile("rb")
        assert b"200" in stream.readline()
        process.send_signal(signal.SIGTERM)
        # This is how a health check finds that the deck is on its way out.
        until(lambda: refuses(base))
        assert b"message_stop" in stream.read()
        assert process.wait(timeout=10) == 0


def test_the_metrics_say_how_many_answers_are_in_progress(tapedeck, tmp_path):
    def in_progress():
        lines = wire.send("GET", base + "/~/metrics").body.decode().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("tapedeck_answers_in_progress "))

    with deck(tapedeck, tmp_path) as (_, base):
        assert in_progress() == 0
        with wire.connected(base) as client:
            client.sendall(wire.request("POST", base + "/~pace=ttft:60s,rate:1%2Fs/v1/messages", BODY, []))
            until(lambda: in_progress() == 1)
        until(lambda: in_progress() == 0)
        # A miss and a refusal are answers too, and are over.
        assert wire.post(base + "/v1/nothing", BODY).status == 404
        assert wire.post(base + "/~pace=no/v1/messages", BODY).status == 400
        assert in_progress() == 0


def refuses(base):
    try:
        with wire.connected(base):
            return False
    except ConnectionRefusedError:
        return True
    except TimeoutError:
        return False
