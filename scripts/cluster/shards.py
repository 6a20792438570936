"""A load split over several processes: each has a part of the same schedule, and their reports add up."""

import asyncio
import multiprocessing
import time
from collections import Counter
from contextlib import contextmanager
from urllib.parse import urlsplit

COUNT = 4
WITHIN_S = 60
BODY = b'{"stream":true}'
LAST = b"message_stop"


class Shards:
    def __init__(self, pool, parts):
        self.pool = pool
        self.parts = parts

    def merged(self):
        """The reports of all, as one."""
        reports = self.parts.get(timeout=WITHIN_S)
        sums = sum((Counter({key: report[key] for key in ("streams", "completed")}) for report in reports), Counter())
        outcomes = sum((Counter(report["outcomes"]) for report in reports), Counter())
        return {**sums, "not_sent": 0, "outcomes": dict(outcomes)}


@contextmanager
def running(_, base, __, *, rate, count):
    """Runs the shards until the block ends."""
    start = time.monotonic() + 1.5
    with multiprocessing.get_context("spawn").Pool(COUNT) as pool:
        orders = [(base, start, [n / rate for n in range(part, count, COUNT)]) for part in range(COUNT)]
        yield Shards(pool, pool.map_async(one, orders, chunksize=1))


def one(order):
    return asyncio.run(shard(*order))


async def shard(base, start, times):
    outcomes = Counter(await asyncio.gather(*(stream(base, start + at) for at in times)))
    return {"streams": len(times), "completed": outcomes["whole"], "outcomes": outcomes}


async def stream(base, at):
    """Asks for one stream when it is due, and says what became of it."""
    await asyncio.sleep(at - time.monotonic())
    parts = urlsplit(base)
    try:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        lines = ["POST /v1/messages HTTP/1.1", f"host: {parts.netloc}", f"content-length: {len(BODY)}"]
        writer.write("\r\n".join([*lines, "connection: close", "", ""]).encode() + BODY)
        answer = await reader.read(-1)
        writer.close()
    except OSError:
        return "cut"
    if not answer.startswith(b"HTTP/1.1 200"):
        return "status"
    return "whole" if LAST in answer and answer.endswith(b"0\r\n\r\n") else "cut"
