"""The container: its Dockerfile is followed in a small Debian system, since no container engine is needed for that."""

import random
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

import chroot
import dockerfile
import wire
from conftest import request_bytes

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "packages" / "docker" / "Dockerfile"
DRAIN_S = 5
TOKEN = "t" * 32

pytestmark = pytest.mark.skipif(chroot.why_not() is not None, reason=str(chroot.why_not()))


@pytest.fixture(scope="module")
def image(dist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("image")
    context = folder / "dist"
    context.mkdir()
    for package in Path(dist).glob("tapedeck_*.deb"):
        shutil.copy(package, context)
    with chroot.system(folder) as system:
        image = dockerfile.built(DOCKERFILE, context, system)
        shutil.copy(ROOT / "cassettes" / "anthropic-text.tape", system.root / "cassettes")
        yield image


@pytest.fixture
def port():
    """A port that nobody listens on, out of those that the system gives to nobody who asks for any."""
    for number in random.sample(range(20000, 32000), 20):
        with socket.socket() as trial:
            try:
                trial.bind(("0.0.0.0", number))
            except OSError:
                continue
            return number
    pytest.fail("no free port was found")
    return None


def container(image, port, *command):
    """A container that runs, as `docker run -e` starts one: all but the port is as the image says."""
    settings = image.settings(TAPEDECK_PORT=str(port), TAPEDECK_TOKEN=TOKEN)
    return image.system.running(*image.words(*command), **settings)


def health(image, port):
    return image.system.run(*image.health, **image.settings(TAPEDECK_PORT=str(port))).returncode


def test_the_image_says_what_it_is(image):
    assert image.base == "debian:bookworm-slim"
    assert image.ports == [image.env["TAPEDECK_PORT"]] == ["4010"]
    assert image.user == "1000:1000"
    # Neither the package nor its lists stay.
    assert not (image.system.root / "dist").exists()
    assert [*(image.system.root / "var" / "lib" / "apt" / "lists").iterdir()] == []


def test_a_client_on_the_host_is_served_and_one_in_another_container(image, port):
    with container(image, port):
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"tapedeck:{port}", "tapedeck"):
            answer = ask(port, "/v1/messages", host)
            assert (answer.status, b"message_stop" in answer.body) == (200, True), host
        # A name that somebody else's page could have.
        assert ask(port, "/v1/messages", "rebound.example").status == 403


def test_the_sample_needs_no_cassettes(image, port):
    with container(image, port, "serve", "--sample"):
        assert ask(port, "/v1/messages", f"localhost:{port}").status == 200


def test_it_records_into_a_folder_that_is_mounted(image, port, live):
    words = ("serve", "/cassettes", "--mode", "once", "--upstream", live, "--record-to", "/cassettes/new/")
    with container(image, port, *words, "--allow-remote-record"):
        answer = ask(port, "/v1/chat/completions", "localhost", request_bytes("openai-chat"))
    assert (answer.status, b"[DONE]" in answer.body) == (200, True)
    (recorded,) = (image.system.root / "cassettes" / "new").glob("*.tape")
    assert recorded.stat().st_uid == 1000
    shutil.rmtree(recorded.parent)


def test_another_user_can_run_it(image, port):
    settings = image.settings(TAPEDECK_PORT=str(port)) | {"user": "4242:4242"}
    with image.system.running(*image.words(), **settings):
        assert ask(port, "/v1/messages", "localhost").status == 200


def test_the_decks_own_pages_need_the_token(image, port):
    with container(image, port) as (base, _):
        assert wire.send("GET", base + "/~/api/journal").status == 401
        assert wire.send("GET", base + "/~/api/journal", headers=[("authorization", f"Bearer {TOKEN}")]).status == 200


def test_the_health_check_knows_a_deck_from_none(image, port):
    assert health(image, port) != 0
    with container(image, port):
        assert health(image, port) == 0


def test_something_else_on_the_port_is_not_healthy(image, port):
    with socket.create_server(("127.0.0.1", port)) as other:
        other.settimeout(chroot.WITHIN_S)
        words = image.system.words(image.health, **image.settings(TAPEDECK_PORT=str(port)))
        with subprocess.Popen(words) as check:
            connection, _ = other.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
                assert check.wait(timeout=10) != 0


def test_as_the_first_process_it_ends_at_sigterm_and_lets_go_of_held_streams(image, port):
    with container(image, port) as (base, process):
        with wire.connected(base) as connection:
            connection.sendall(wire.request("POST", base + "/~fault=hang@event:3/v1/messages", b"{}", []))
            assert connection.recv(12) == b"HTTP/1.1 200"
            since = time.monotonic()
            chroot.signalled(process, signal.SIGTERM)
            code = process.wait(timeout=DRAIN_S + 10)
        assert code == 0, process.stderr.read()
        assert time.monotonic() - since < DRAIN_S + 2


def ask(port, path, host, body=b'{"stream":true}'):
    headers = [("authorization", "Bearer dummy"), ("connection", "close")]
    # Any address but the one of loopback, which a published port does not lead to.
    with socket.create_connection(("127.0.0.2", port), timeout=20) as connection:
        connection.sendall(wire.request("POST", f"http://{host}{path}", body, headers))
        with connection.makefile("rb") as stream:
            return wire.received(stream, "POST", lambda: 0)
