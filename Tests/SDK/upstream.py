"""An upstream that answers one request with exactly these pieces, each a chunk on its own."""

import socket
import threading
import time
from contextlib import contextmanager, suppress

HEAD = (
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-place: café/bar\r\n"
    "set-cookie: session=dummycookie123\r\ntransfer-encoding: chunked\r\n\r\n"
).encode("latin-1")


@contextmanager
def streaming(pieces, pause_s=0.0, head=HEAD):
    """Gives the base URL, and a list that fills with the monotonic time of each piece sent."""
    sent_at = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=(listener, pieces, pause_s, sent_at, head))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", sent_at
        thread.join(timeout=20)


def answer(listener, pieces, pause_s, sent_at, head=HEAD):
    """Answers the first request, and takes it calmly when the client leaves."""
    listener.settimeout(20)
    with listener.accept()[0] as connection, suppress(ConnectionError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.recv(65536)
        connection.sendall(head)
        for piece in pieces:
            time.sleep(pause_s)
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            sent_at.append(time.monotonic())
        connection.sendall(b"0\r\nx-checksum: 1\r\n\r\n")
