"""What all drivers share: one answer for the base URL in TAPEDECK_URL, or one for each line of input with --keep.

A driver gives a function `stream(base_url)`: an iterator over the text as the library hands it out, which may return
the reason that the library names for the end of the answer. An exception is an error, and its end without one means
that the library took the answer for whole.
"""

import asyncio
import json
import logging
import os
import queue
import sys
import threading
import warnings

READ_TIMEOUT_S = float(os.environ.get("CLIENT_READ_TIMEOUT_S", "2"))
"""The one setting that differs from the libraries' defaults, which wait minutes for a byte."""

KEY = "dummy"
PROMPT = "text: How does a tape deck keep its speed?"
MESSAGES = ({"role": "user", "content": PROMPT},)
ANTHROPIC_MODEL, OPENAI_MODEL, GEMINI_MODEL = "claude-haiku-4-5", "gpt-4o-mini", "gemini-2.5-flash"


def main(stream):
    """Runs a driver."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    # What a library prints is not what it delivers.
    output = os.dup(1)
    os.dup2(2, 1)
    if "--keep" in sys.argv[1:]:
        for line in sys.stdin:
            text, error, finish = deliver(stream, line.strip(), lambda _: None)
            said = {"text": text, "error": error, "finish": finish}
            os.write(output, json.dumps(said).encode() + b"\n")
        return
    _, error, _ = deliver(stream, os.environ["TAPEDECK_URL"], lambda piece: os.write(output, encoded(piece)))
    if error:
        sys.exit(error)


def deliver(stream, base_url, write):
    """Gives the text, the error and the reason for the end, each of the last two None where there is none."""
    pieces, iterator = [], iter(stream(base_url))
    while True:
        try:
            piece = next(iterator)
        except StopIteration as stop:
            return "".join(pieces), None, None if stop.value is None else str(stop.value)
        except Exception as error:
            return "".join(pieces), f"{type(error).__name__}: {error}"[:500], None
        if piece:
            pieces.append(piece)
            write(piece)


def encoded(piece):
    return piece.encode("utf-8", "replace")


LOOP = asyncio.new_event_loop()


def waited(iterator):
    """The values of an asynchronous iterator, which runs as one task, since some libraries insist on that."""
    values = queue.SimpleQueue()

    async def run():
        try:
            async for value in iterator:
                values.put((value, None))
        except Exception as error:
            values.put((None, error))
        else:
            values.put(None)

    if not LOOP.is_running():
        threading.Thread(target=LOOP.run_forever, daemon=True).start()
    asyncio.run_coroutine_threadsafe(run(), LOOP)
    while (said := values.get()) is not None:
        value, error = said
        if error:
            raise error
        yield value
