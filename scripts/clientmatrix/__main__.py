"""The command line of scripts/clients."""

import argparse
import json
import sys
from pathlib import Path

from clientmatrix import page
from clientmatrix.catalogue import CLIENTS, ROOT
from clientmatrix.environments import prepared
from clientmatrix.runs import result, torture

PAGE = ROOT / "docs" / "clients.md"
DATA = ROOT / "docs" / "clients.json"
EXIT_USAGE = 64


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/clients", allow_abbrev=False)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--newest", action="store_true", help="the newest versions instead of the pinned ones")
    parser.add_argument("--jobs", type=int, default=2, help="how many cases run at once, 2 by default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there, and no page")
    parser.add_argument("--case", action="append", metavar="GLOB", help="show these cases, write nothing")
    parser.add_argument("--list", action="store_true", help="list the clients")
    return parser.parse_args()


def main():
    options = arguments()
    known = {client.name: client for client in CLIENTS}
    for name in options.names:
        if name not in known:
            print(f"clients: expected one of {', '.join(known)}; found '{name}'", file=sys.stderr)
            return EXIT_USAGE
    chosen = [known[name] for name in options.names] or CLIENTS
    if options.list:
        print("\n".join(client.name for client in chosen))
        return 0
    if options.case:
        return max(show(client, options) for client in chosen)
    rows, failed = tried(chosen, options)
    write(rows, options)
    return 1 if failed else 0


def show(client, options):
    """Lets torture itself say what a client does with some cases."""
    python = prepared(client.environment, options.newest) if client.environment else None
    globs = [word for glob in options.case for word in ("--case", glob)]
    return torture(client, python, ["--jobs", str(options.jobs), *globs]).returncode


def tried(chosen, options):
    rows, failed = [], False
    for client in chosen:
        found = result(client, options.newest, options.jobs)
        if isinstance(found, str):
            print(f"clients: {client.name}: {found}", file=sys.stderr)
            failed = True
            continue
        print(f"{client.name}: {found['wrong']} of {found['cases']} cases are wrong", file=sys.stderr)
        rows.append(found)
    return rows, failed


def write(rows, options):
    if options.json:
        options.json.write_text(as_json(rows), encoding="utf-8")
    elif not options.newest:
        old = json.loads(DATA.read_text(encoding="utf-8"))["clients"] if DATA.exists() else []
        by_name = {row["client"]: row for row in [*old, *rows]}
        kept = [by_name[client.name] for client in CLIENTS if client.name in by_name]
        DATA.write_text(as_json(kept), encoding="utf-8")
        PAGE.write_text(page.text(kept), encoding="utf-8")


def as_json(rows):
    return json.dumps({"clients": rows}, indent=1, ensure_ascii=False) + "\n"


sys.exit(main())
