"""A server such as one writes in an hour, with starlette on uvicorn.

  starlette_server.py PORT STREAM.sse GAP_MS

Sends the events of STREAM.sse, one every GAP_MS, by deadlines from the request.
"""

import asyncio
import pathlib
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route

port, stream, gap_ms = int(sys.argv[1]), pathlib.Path(sys.argv[2]), float(sys.argv[3])
gap = gap_ms / 1000
events = [text + b"\n\n" for text in stream.read_bytes().split(b"\n\n")[:-1]]


async def play(start):
    loop = asyncio.get_running_loop()
    for number, event in enumerate(events):
        wait = start + number * gap - loop.time()
        if gap and wait > 0:
            await asyncio.sleep(wait)
        yield event


async def answer(request):
    await request.body()
    start = asyncio.get_running_loop().time()
    return StreamingResponse(play(start), media_type="text/event-stream", headers={"cache-control": "no-cache"})


app = Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])
uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, backlog=4096)
