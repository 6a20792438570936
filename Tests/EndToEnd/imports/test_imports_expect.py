"""Real files of other tools, against what independent scripts read of them."""

import hashlib
import json
import os
from pathlib import Path

import pytest

import event_stream
import tape
from conftest import CORPUS, run

FOLDER = Path(CORPUS).parent / "imports" if CORPUS else None
FORMATS = {"har-chrome": "har", "har-browsertime": "har"}
"""Folders that are not called as the format is."""


def expected():
    path = FOLDER / "EXPECT.json" if FOLDER else None
    return json.loads(path.read_text()) if path and path.exists() else {}


def files():
    if not FOLDER or not FOLDER.exists():
        return []
    return [str(path.relative_to(FOLDER)) for path in sorted(FOLDER.glob("*/*"))]


def imported(tapedeck, name, to):
    done = run(tapedeck, "import", "--json", FOLDER / name, "-o", to)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", expected() or [None])
def test_files_with_known_content(tapedeck, tmp_path, name):
    if name is None:
        pytest.skip("TAPEDECK_CORPUS is not set")
    imported(tapedeck, name, tmp_path / "x.tape")
    found = [
        {
            "method": exchange.request["method"],
            "path": exchange.path,
            "status": exchange.head["status"],
            "events": len(event_stream.parse(exchange.body)),
            "body_sha256": hashlib.sha256(exchange.body).hexdigest(),
            "timing": exchange.request["timing"],
        }
        for exchange in tape.read(tmp_path / "x.tape")
    ]
    assert found == expected()[name]


@pytest.mark.parametrize("name", files() or [None])
def test_formats_are_recognised_and_what_comes_is_a_good_cassette(tapedeck, tmp_path, name):
    if name is None:
        pytest.skip("TAPEDECK_CORPUS is not set")
    report = imported(tapedeck, name, tmp_path / "x.tape")
    folder = os.path.dirname(name)
    assert report["format"] == FORMATS.get(folder, folder)
    exchanges = tape.read(tmp_path / "x.tape")
    assert len(exchanges) == len(report["exchanges"]) > 0
    for exchange, said in zip(exchanges, report["exchanges"], strict=True):
        assert said["timing"] == exchange.request["timing"]
        assert said["events"] == len(event_stream.parse(exchange.body))
        assert said["bytes"] == len(exchange.body)
    checked = run(tapedeck, "check", "--json", tmp_path / "x.tape")
    assert checked.returncode == 0, checked.stdout.decode()
