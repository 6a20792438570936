"""The servers that are compared: how each is started, and what it is asked."""

import contextlib
import http.client
import os
import pathlib
import shutil
import socket
import subprocess
import time

from building import TOOLS
from processes import running

PROGRAMS = pathlib.Path(__file__).parent / "peers"
READY_WITHIN_S = 20
BY_HAND = "by hand, deadlines from the request"


class Server:
    """A program that plays the stream; it can do both, be timed and be fast, unless it says otherwise."""

    name = ""
    about = ""
    version = ""
    path = "/v1/messages"
    method = "POST"

    def prepare(self):
        """Installs what it needs; raises where it cannot be had."""

    def cannot(self, gap_ms):
        """Why it cannot play with this gap, or None."""

    def command(self, play, port):
        raise NotImplementedError

    def offsets_us(self, play):
        """When each event is due, from the request."""
        return [round(number * play.gap_ms * 1000) for number in range(play.events)]

    def body(self, play):
        """The request body, where it is another than the recorded one."""

    def configure(self, port, play):
        """What is to be said to it once it listens."""

    def request(self, play):
        """What ssebench has to ask for."""
        options = ["--path", self.path, "--method", self.method]
        body = self.body(play)
        if body is not None:
            path = play.folder / f"{self.name}.body"
            path.write_text(body)
            options += ["--body", path]
        return options


class Deck(Server):
    name = "tapedeck"
    about = "the deck, with its default settings"

    def __init__(self, program):
        self.program = program
        self.version = said_by([program, "--version"])

    def command(self, play, port):
        return [self.program, "serve", play.folder / "stream.tape", "--port", port]

    def request(self, play):
        pace = "" if play.gap_ms else "/~pace=instant"
        return ["--path", pace + self.path]


class Limit(Server):
    name = "limit"
    about = "the least a server can do: C, epoll, one thread, the stream in memory (`scripts/benchmarks/limit.c`)"

    def command(self, play, port):
        mode = ["timed", play.folder / "sched.txt"] if play.gap_ms else ["fast"]
        return [TOOLS / "limit", port, play.folder / "stream.sse", *mode]


class Nginx(Server):
    name = "nginx"
    about = "a static file, the ceiling of what is not timed"
    method = "GET"  # a file is not for POST

    def prepare(self):
        self.program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin") or self.unpacked()
        self.version = said_by([self.program, "-v"]).rpartition("/")[2]

    @staticmethod
    def unpacked():
        """Debian's nginx, unpacked beside the other tools: to install it would start it."""
        place = TOOLS / "nginx"
        program = place / "usr/sbin/nginx"
        if not program.exists():
            place.mkdir(parents=True, exist_ok=True)
            try:
                subprocess.run(
                    ["apt-get", "download", "nginx"], cwd=place, check=True, timeout=120, capture_output=True
                )
                subprocess.run(["dpkg", "-x", *place.glob("nginx_*.deb"), place], check=True, timeout=60)
            except (OSError, subprocess.SubprocessError):
                raise RuntimeError("no nginx here, and none to be had from apt-get") from None
        return str(program)

    def cannot(self, gap_ms):
        return "a file has no times" if gap_ms else None

    def command(self, play, port):
        place = play.folder / "nginx"
        place.mkdir(exist_ok=True)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        (place / "nginx.conf").write_text(f"""
            daemon off; worker_processes auto; pid {place}/pid; error_log {place}/error.log;
            {"user root;" if os.geteuid() == 0 else ""}
            events {{ worker_connections 4096; }}
            http {{
              access_log off; sendfile on; tcp_nopush on; open_file_cache max=16; keepalive_requests 1000000000;
              types {{ }} default_type "text/event-stream; charset=utf-8";
              {" ".join(f"{kind}_temp_path {place}/{kind};" for kind in kinds)}
              server {{
                listen 127.0.0.1:{port} backlog=4096; root {play.folder};
                location / {{ try_files /stream.sse =404; }}
              }}
            }}""")
        return [self.program, "-p", place, "-e", place / "error.log", "-c", place / "nginx.conf"]


class Go(Server):
    name = "go"
    about = f"net/http {BY_HAND}"

    def prepare(self):
        if not shutil.which("go"):
            raise RuntimeError("no go here")
        source, self.program = PROGRAMS / "go_server.go", TOOLS / "go_server"
        subprocess.run(["go", "build", "-o", self.program, source], check=True, timeout=300, capture_output=True)
        self.version = said_by(["go", "version"]).split()[2].removeprefix("go")

    def command(self, play, port):
        return [self.program, port, play.folder / "stream.sse", play.gap_ms]


class Node(Server):
    name = "node"
    about = f"node:http {BY_HAND}"

    def prepare(self):
        if not shutil.which("node"):
            raise RuntimeError("no node here")
        self.version = said_by(["node", "--version"]).removeprefix("v")

    def command(self, play, port):
        return ["node", PROGRAMS / "node_server.mjs", port, play.folder / "stream.sse", play.gap_ms]


def said_by(command):
    """The line by which a program tells its version."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True, timeout=60)
    return (done.stdout + done.stderr).strip()


def free_port():
    """A port on loopback that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def started(server, play):
    """The server, once it listens: the process and the port."""
    port = free_port()
    said = play.folder / f"{server.name}.said"
    with said.open("wb") as out, running(server.command(play, port), stdout=out, stderr=out) as process:
        end = time.monotonic() + READY_WITHIN_S
        while not listens(port):
            if process.poll() is not None or time.monotonic() > end:
                last = said.read_text(errors="replace").strip().splitlines()[-1:]
                raise RuntimeError(f"did not begin to listen: {' '.join(last) or process.returncode}")
            time.sleep(0.005)
        server.configure(port, play)
        yield process, port


def listens(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def first_byte_s(server, play):
    """From before the server's process is made to the first byte of a response."""
    port = free_port()
    options = dict(zip(*[iter(map(str, server.request(play)))] * 2, strict=False))
    path = pathlib.Path(options.get("--body", play.folder / "body.json"))
    request = (
        f"{options.get('--method', 'POST')} {options['--path']} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n"
        f"content-type: application/json\r\ncontent-length: {path.stat().st_size}\r\n\r\n"
    ).encode()
    request += path.read_bytes()
    command = server.command(play, port)
    start = time.perf_counter()
    with running(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while time.perf_counter() < start + READY_WITHIN_S and process.poll() is None:
            with contextlib.suppress(ConnectionRefusedError):
                with socket.create_connection(("127.0.0.1", port), timeout=READY_WITHIN_S) as connection:
                    connection.sendall(request)
                    if not connection.recv(1):
                        raise RuntimeError("closed the connection")
                    return time.perf_counter() - start
            time.sleep(0.0002)
    raise RuntimeError("did not begin to listen")


def posted(port, path, body):
    """Posts JSON to a server that has just begun to listen."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request("POST", path, body, {"content-type": "application/json"})
        answer = connection.getresponse()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {answer.read(200)}")
