"""What machine this is, and how much of it goes to others than the benchmark."""

import datetime
import os
import pathlib
import platform
import resource
import time

CALM_CORES = 0.2
CALM_FOR_S = 0.25
TICKS_A_S = os.sysconf("SC_CLK_TCK")


def machine(rounds):
    """Where and when: what stands above the tables."""
    cpus = [
        line.split(":", 1)[1].strip()
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "date": datetime.date.today().isoformat(),
        "rounds": rounds,
        "cpus": os.cpu_count(),
        "cpu": cpus[0] if cpus else platform.machine(),
        "memory": f"{memory / 2**30:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "descriptors": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
    }


class Others:
    """How many cores others have used since this was made."""

    def __init__(self):
        self.cpu_s = others_cpu_s()
        self.since = time.monotonic()

    def cores(self):
        took = time.monotonic() - self.since
        return max(0, others_cpu_s() - self.cpu_s) / took if took else 0


def await_calm(patience_s):
    """Waits until others leave the cores alone for a moment, or the patience is over; what is left of it."""
    while patience_s > 0:
        others = Others()
        time.sleep(CALM_FOR_S)
        if others.cores() < CALM_CORES:
            break
        patience_s -= CALM_FOR_S
    return patience_s


def others_cpu_s():
    """The CPU time of all processes, with what their ended children had, but for this one and its descendants."""
    times, parents = {}, {}
    for place in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        process = int(place.parent.name)
        parents[process] = int(fields[1])
        times[process] = sum(map(int, fields[11:15])) / TICKS_A_S
    return sum(spent for process, spent in times.items() if not descends(process, parents))


def descends(process, parents):
    while process in parents:
        if process == os.getpid():
            return True
        process = parents[process]
    return False
