"""One client through all cases, and what is kept of that."""

import json
import os
import shutil
import subprocess
from collections import Counter

from clientmatrix.catalogue import ROOT
from clientmatrix.environments import TOOLS, prepared, versions

READ_TIMEOUT_S = 2
EXIT_GOOD, EXIT_WRONG = 0, 1
FAMILIES = ("parse", "cut", "end", "error", "time", "retry", "answer")
CONTENT_WRONG = {"silent-truncation", "corrupted", "repeated", "invented", "hang", "crash", "gave-up"}
CONDUCT_WRONG = {"retry-too-soon", "retry-storm", "retried-fatal", "left-open"}


def command(client, python):
    path = client.path.relative_to(ROOT)
    return [str(path), "--keep"] if python is None else [str(python), str(path), "--keep"]


def torture(client, python, arguments):
    """`tapedeck torture` with a client; the process, when it has ended."""
    # A driver imports for a second, so it is started once for each job.
    words = [os.environ["TAPEDECK"], "torture", client.cassette, "--keep", "--config", "none", *arguments, "--"]
    environment = os.environ | {"CLIENT_READ_TIMEOUT_S": str(READ_TIMEOUT_S)}
    run = [*words, *command(client, python)]
    captured = subprocess.PIPE if "--json" in arguments else None
    return subprocess.run(run, cwd=ROOT, env=environment, stdout=captured, check=False)


def result(client, newest, jobs):
    """The row of a client; or why there is none, as a text."""
    missing = [tool for tool in TOOLS.get(client.packages[0], ()) if not shutil.which(tool)]
    if missing:
        return f"needs {' and '.join(missing)}"
    python = prepared(client.environment, newest) if client.environment else None
    done = torture(client, python, ["--json", "--jobs", str(jobs)])
    if done.returncode not in (EXIT_GOOD, EXIT_WRONG):
        return f"torture ended with {done.returncode}"
    return row(client, versions(client, python), json.loads(done.stdout))


def row(client, found, said):
    """What the page needs of what torture printed."""
    kinds = {}
    for case in said["results"]:
        for verdict in wrong(case):
            kind = kinds.setdefault((family(case), verdict), {"cases": 0, "example": None})
            kind["cases"] += 1
            # The clearest example is one in which nothing else is wrong.
            if kind["example"] is None or (len(wrong(case)) == 1 and len(wrong(kind["example"])) > 1):
                kind["example"] = case
    counts = Counter(family(case) for case in said["results"])
    bad = Counter(family(case) for case in said["results"] if wrong(case))
    return {
        "client": client.name,
        "about": client.about,
        "versions": found,
        "cassette": client.cassette,
        "cases": len(said["results"]),
        "wrong": sum(bad.values()),
        "left_out": said["left_out"],
        "families": {name: {"cases": counts[name], "wrong": bad[name]} for name in FAMILIES if counts[name]},
        "kinds": [
            {"family": name, "verdict": verdict, "cases": kind["cases"], **example(kind["example"], verdict)}
            for (name, verdict), kind in kinds.items()
        ],
    }


def example(case, verdict):
    evidence = case["conduct_evidence"] if verdict in CONDUCT_WRONG else case["evidence"]
    return {"case": case["case"], "title": case["title"], "fault": case["fault"], "evidence": evidence}


def family(case):
    return case["case"].removeprefix(case["cassette"] + "/").partition("/")[0]


def wrong(case):
    return [word for word in (case["verdict"], case["conduct"]) if word in CONTENT_WRONG | CONDUCT_WRONG]
