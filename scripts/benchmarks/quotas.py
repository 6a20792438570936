"""What a provider's limits cost the deck for a request."""

import gen
from processes import deck, ssebench
from report import Row, median

SECONDS = 2
PLACES = 16
GOAL_US = 2
# Limits that nothing comes near, so that every request is answered, and told what is left.
LIMITS = ["--limit", "requests=100000000/m", "--limit", "input-tokens=100000000000/m"]


def costs(tapedeck, folder, rounds):
    """The processor time of each request in us, with and without limits, in turn."""
    gen.make(folder, 0, texts=1)
    seen = {"without": [], "with": []}
    for _ in range(rounds):
        for name, flags in (("without", []), ("with", LIMITS)):
            with deck(tapedeck, folder / "stream.tape", *flags) as (server, port):
                said = ssebench(port, folder, "-c", PLACES, "-d", SECONDS, "--pid", server.pid)
            if said["errors"]["total"] or not said["streams"]:
                raise RuntimeError(f"{said['streams']} streams, errors: {said['errors']}")
            seen[name].append(said["server"]["cpu_us_per_stream"])
    return seen


def rows(seen):
    more = [a - b for a, b in zip(seen["with"], seen["without"], strict=True)]
    value = f"{median(more):.2f} us ({min(more):.2f} to {max(more):.2f}) beside {median(seen['without']):.1f} us"
    return [Row("serve, limits, CPU a request", value, f"< {GOAL_US} us", median(more) < GOAL_US)]
