#!/usr/bin/env python3
"""Clients that each do one thing wrong on purpose, and are right but for that.

wrong.py NAME [the arguments of right.py]
wrong.py --list
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import time

import right
from dialects import Anthropic, Broken, Gemini, OpenAIChat, OpenAIResponses

GIGABYTE = 1 << 30
FINISHES = {Anthropic: "end_turn", Gemini: "STOP", OpenAIChat: "stop", OpenAIResponses: "completed"}
PIECE = b"x" * (1 << 20)


class TakesTheEndForTheEnd(right.Client):
    """Where HTTP ends well, it asks no further."""

    def check(self, dialect):
        pass


class SwallowsErrors(right.Client):
    """Whatever breaks is the end."""

    def stream(self, base):
        try:
            yield from super().stream(base)
        except Broken:
            pass


class WaitsForEver(right.Client):
    """No read timeout."""

    def __init__(self, api=None, read_timeout_s=None, retries=2):
        super().__init__(api, None, retries)


class RepeatsText(right.Client):
    """Tries again after it has delivered a part, and delivers the answer behind that part."""

    def may_retry(self, broken, has_text):
        return super().may_retry(broken, False)


class Storms(right.Client):
    """Tries again at once, and again, and again."""

    def __init__(self, api=None, read_timeout_s=2.0, retries=2):
        super().__init__(api, read_timeout_s, 40)

    def pause_s(self, attempt, broken):
        return broken.wait_s or 0


class RetriesTooSoon(right.Client):
    """Has its own pauses, whatever the server asks for."""

    def pause_s(self, attempt, broken):
        return right.FIRST_PAUSE_S * 2**attempt


class RetriesWhatIsFatal(right.Client):
    """Tries again after each status."""

    def may_retry(self, broken, has_text):
        broken.may_retry = True
        return super().may_retry(broken, has_text)


class SplitsCharacters(right.Client):
    """Decodes each piece of the body by itself."""

    class reader(right.EventReader):
        class Piecewise:
            def decode(self, piece):
                return piece.decode("utf-8-sig", "replace")

        def __init__(self):
            super().__init__()
            self.decoder = self.Piecewise()


class KnowsOnlyLF(right.Client):
    """Ends an event at two LFs in a row, as many a reader in a few lines does."""

    class reader(right.EventReader):
        line_end = re.compile("\n")


class KeepsTheMark(right.Client):
    """Leaves the byte order mark in the first line."""

    class reader(right.EventReader):
        encoding = "utf-8"


class WaitsBehindCR(right.Client):
    """Waits behind a CR for the LF that may come, and forgets that CR where the body ends."""

    class reader(right.EventReader):
        def __init__(self):
            super().__init__()
            self.held = b""

        def feed(self, piece):
            piece = self.held + piece
            self.held = piece[-1:] if piece.endswith(b"\r") else b""
            yield from super().feed(piece[: len(piece) - len(self.held)])


class InventsTheFinish(right.Client):
    """Says of whatever ends that it ended as an answer does."""

    def check(self, dialect):
        dialect.finish = dialect.finish or FINISHES[type(dialect)]


class Crashes(right.Client):
    """A signal ends it where the answer breaks."""

    def stream(self, base):
        try:
            yield from super().stream(base)
        except Broken:
            os.kill(os.getpid(), signal.SIGSEGV)


class GivesUpOnUnknownEvents(right.Client):
    """Raises where an event comes that it does not know, though the API may add some at any time."""

    def take(self, event, dialect):
        known = {"ping", "message_stop", "error", "message", *getattr(dialect, "steps", ())}
        if event[0] not in known:
            raise Broken(f"nobody knows the event {event[0]}")
        return super().take(event, dialect)


class UnderFaults(right.Client):
    """Right without a fault, so that the first run goes well; else `instead` is what it does."""

    def stream(self, base):
        yield from super().stream(base)
        if "/~fault=" in base and "/~fault=none" not in base:
            self.instead()

    def instead(self):
        raise NotImplementedError


class StaysConnected(UnderFaults):
    """Leaves its socket open for longer than anybody needs to notice that the answer is over."""

    def connect(self, base):
        self.left = super().connect(base)
        return self.left.dup()

    def instead(self):
        time.sleep(11)


class LeavesChildren(UnderFaults):
    """Leaves a process behind, in its process group, that holds its output."""

    def instead(self):
        subprocess.Popen(["sleep", "300"])


class IgnoresTERM(UnderFaults):
    """Does not end, and does not let itself be ended."""

    def instead(self):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(60)


class PrintsAGigabyte(UnderFaults):
    """Prints more than anybody can keep."""

    def instead(self):
        for _ in range(GIGABYTE // len(PIECE)):
            os.write(1, PIECE)


class PrintsNoUTF8(UnderFaults):
    """Prints bytes that are no text."""

    def instead(self):
        os.write(1, b"\xff\xfe\xc0\x80")


class ClosesItsOutput(UnderFaults):
    """Closes its output, and hangs."""

    def instead(self):
        os.close(1)
        os.close(2)
        time.sleep(60)


class NeverConnects(right.Client):
    """Hangs without a request."""

    def connect(self, base):
        time.sleep(60)
        raise Broken("there is no connection")


class ExitsAtOnce(right.Client):
    """Says that all is well, and has asked nothing."""

    def stream(self, base):
        return iter(())


class ConnectsElsewhere(right.Client):
    """Asks another server than it is told: the one in ELSEWHERE."""

    def connect(self, base):
        return super().connect(os.environ["ELSEWHERE"])


class SpeaksTLS(right.Client):
    """Begins a TLS handshake where the base URL says http."""

    def connect(self, base):
        import ssl

        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(super().connect(base))


WRONG = {
    "silent-truncation": TakesTheEndForTheEnd,
    "swallows-errors": SwallowsErrors,
    "hang": WaitsForEver,
    "repeated": RepeatsText,
    "storm": Storms,
    "too-soon": RetriesTooSoon,
    "fatal": RetriesWhatIsFatal,
    "split-utf8": SplitsCharacters,
    "only-lf": KnowsOnlyLF,
    "bom": KeepsTheMark,
    "no-flush": WaitsBehindCR,
    "invented": InventsTheFinish,
    "crash": Crashes,
    "unknown-event": GivesUpOnUnknownEvents,
    "left-open": StaysConnected,
    "leaves-children": LeavesChildren,
    "ignores-term": IgnoresTERM,
    "gigabyte": PrintsAGigabyte,
    "no-utf8": PrintsNoUTF8,
    "closes-output": ClosesItsOutput,
    "never-connects": NeverConnects,
    "exits-at-once": ExitsAtOnce,
    "connects-elsewhere": ConnectsElsewhere,
    "speaks-tls": SpeaksTLS,
}


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(WRONG))
        return 0
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", choices=WRONG)
    options = right.arguments(parser).parse_args()
    return right.run(WRONG[options.name], options)


if __name__ == "__main__":
    sys.exit(main())
