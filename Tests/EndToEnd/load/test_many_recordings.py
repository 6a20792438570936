"""Many recordings at once: all of them whole, and none of them mixed."""

from concurrent.futures import ThreadPoolExecutor

import raw_wire
from answer import answer
from recording_deck import recording
from scripted_upstream import LAST_CHUNK, Pause, chunk, head, upstream

COUNT = 200


def script(request):
    """An answer of some 20 chunks that names the request in each."""
    name = request.split()[1]
    steps = [head()]
    for number in range(20):
        steps += [Pause(0.01), chunk(name + b" %d\n" % number)]
    return [*steps, LAST_CHUNK]


def test_two_hundred_recordings_at_once_are_all_whole(tapedeck, tmp_path):
    wanted = {f"/{number}": b"".join(b"/%d %d\n" % (number, n) for n in range(20)) for number in range(COUNT)}
    with upstream(script) as server, recording(tapedeck, tmp_path, upstream=server.url) as deck:
        with ThreadPoolExecutor(COUNT) as pool:
            found = list(
                pool.map(lambda path: answer(raw_wire.ask(deck.base + path, headers=[("connection", "close")])), wanted)
            )
    assert [each.body for each in found] == list(wanted.values())
    exchanges = deck.exchanges
    assert {exchange.path: exchange.body for exchange in exchanges} == wanted
    assert len(exchanges) == COUNT and {exchange.how for exchange in exchanges} == {"complete"}
