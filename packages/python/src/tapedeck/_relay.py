"""The client that `torture` starts: it joins standard input and output to a socket of the process that tests.

It runs as a file of its own (`python -I -S _relay.py SOCKET`), so that it starts in a few milliseconds.
"""

import socket
import sys


def main() -> None:
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(sys.argv[1])
        with link.makefile("rwb") as far:
            for line in sys.stdin.buffer:
                far.write(line)
                far.flush()
                answer = far.readline()
                if not answer:
                    return
                sys.stdout.buffer.write(answer)
                sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
