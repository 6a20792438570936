"""The drivers of real clients: those whose libraries the tests have anyway, and the page about all of them."""

import json
import shutil
import subprocess
import sys

import pytest

from clientmatrix import page
from clientmatrix.catalogue import CLIENTS, DRIVERS
from clientmatrix.runs import family, row, wrong
from conftest import ROOT

PACKAGES = {"anthropic", "openai", "google-genai"}
DRIVEN = [client for client in CLIENTS if not client.environment or set(client.packages) <= PACKAGES]


def command(client):
    if client.environment:
        return [sys.executable, client.path]
    tools = ["curl", "jq"] if client.name == "curl" else ["node"]
    if missing := [tool for tool in tools if not shutil.which(tool)]:
        pytest.skip(f"needs {missing[0]}")
    return [client.path]


@pytest.mark.parametrize("client", DRIVEN, ids=lambda client: client.name)
def test_a_driver_says_what_its_library_delivers_and_whether_it_failed(tapedeck, client):
    words = [tapedeck, "torture", ROOT / client.cassette, "--keep", "--json", "--config", "none"]
    words += ["--case", "parse/plain", "--case", "cut/reset/in-*", "--", *command(client), "--keep"]
    done = subprocess.run([*map(str, words)], capture_output=True, check=False, timeout=120)
    results = json.loads(done.stdout)["results"]
    plain = [result for result in results if family(result) == "parse"]
    assert [result["verdict"] for result in plain] == ["ok"]
    assert {result["verdict"] for result in results if result not in plain} <= {"reported", "recovered", "ok"}
    assert "reported" in {result["verdict"] for result in results}


@pytest.mark.parametrize("client", DRIVEN, ids=lambda client: client.name)
def test_a_driver_prints_the_text_of_a_single_run(tapedeck, client):
    words = [
        tapedeck,
        "serve",
        ROOT / client.cassette,
        "--fail-on",
        "none",
        "--pace",
        "instant",
        "--",
        *command(client),
    ]
    done = subprocess.run([*map(str, words)], capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().startswith("A tape deck pulls the tape")


def test_every_driver_is_in_the_catalogue_with_a_pinned_environment():
    files = {path for path in DRIVERS.rglob("*") if path.suffix in (".py", ".sh", ".mjs")} - {DRIVERS / "driver.py"}
    assert {client.path for client in CLIENTS} == files
    for client in CLIENTS:
        assert client.about
        assert (ROOT / client.cassette).exists()
        if client.environment:
            pins = (DRIVERS / "requirements" / f"{client.environment}.txt").read_text(encoding="utf-8").split()
            assert all("==" in pin for pin in pins)


def test_the_page_is_made_of_its_json():
    rows = json.loads((ROOT / "docs" / "clients.json").read_text(encoding="utf-8"))["clients"]
    assert {row["client"] for row in rows} == {client.name for client in CLIENTS}
    text = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    assert text == page.text(rows), "scripts/clients writes docs/clients.md anew"


def test_a_row_counts_each_case_once_and_each_kind_by_itself():
    def case(name, verdict, conduct="ok"):
        evidence = {"evidence": f"{verdict} seen", "conduct_evidence": f"{conduct} seen"}
        return {
            "case": name,
            "cassette": "c",
            "title": "t",
            "fault": "f",
            "verdict": verdict,
            "conduct": conduct,
        } | evidence

    results = [
        case("c/cut/end", "silent-truncation", "retry-storm"),
        case("cut/reset", "silent-truncation"),
        case("parse/bom", "ok"),
    ]
    made = row(CLIENTS[0], ["a==1"], {"results": results, "left_out": 1})
    assert (made["cases"], made["wrong"]) == (3, 2)
    assert made["families"] == {"parse": {"cases": 1, "wrong": 0}, "cut": {"cases": 2, "wrong": 2}}
    kinds = {kind["verdict"]: (kind["cases"], kind["case"], kind["evidence"]) for kind in made["kinds"]}
    assert kinds == {
        "silent-truncation": (2, "cut/reset", "silent-truncation seen"),
        "retry-storm": (1, "c/cut/end", "retry-storm seen"),
    }
    assert wrong(results[2]) == []
