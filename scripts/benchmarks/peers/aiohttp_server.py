"""A server such as one writes in an hour, with aiohttp on uvloop.

  aiohttp_server.py PORT STREAM.sse GAP_MS deadlines|sleeps

Sends the events of STREAM.sse, one every GAP_MS: by deadlines from the request, or with a sleep between two
events, as most write it.
"""

import asyncio
import pathlib
import sys

import uvloop
from aiohttp import web

port, stream, gap_ms, form = int(sys.argv[1]), pathlib.Path(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
gap = gap_ms / 1000
events = [text + b"\n\n" for text in stream.read_bytes().split(b"\n\n")[:-1]]


async def answer(request):
    await request.read()
    loop = asyncio.get_running_loop()
    start = loop.time()
    response = web.StreamResponse(headers={"content-type": "text/event-stream", "cache-control": "no-cache"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    for number, event in enumerate(events):
        if gap and number:
            wait = gap if form == "sleeps" else start + number * gap - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
        await response.write(event)
    await response.write_eof()
    return response


app = web.Application()
app.router.add_post("/{path:.*}", answer)
uvloop.install()
web.run_app(app, host="127.0.0.1", port=port, access_log=None, backlog=4096, print=None)
