"""The comparison of load generators: its rows say what was reached, and the page has its tables."""

import sys

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))

import generators
import load
import load_page
import load_truth

FACTS = {"date": "2026-11-29", "rounds": 2, "cpus": 2, "cpu": "EPYC", "memory": "24 GiB", "kernel": "Linux"}


def seen(ours_us=5.0, locust_us=60.0, late=False, mib=60, error=0.05, limit_us=1.0):
    """What a run saw, but for the figures that are given."""
    return {
        "machine": FACTS,
        "cpu": {
            "us": {
                "1,000": {"tapedeck": [ours_us, ours_us], "ssebench": [4.0, 5.0]},
                "100": {"tapedeck": [ours_us / 2], "ssebench": [2.0]},
            },
            "who": [[name, "1.0", "words"] for name in ("tapedeck", "ssebench")],
        },
        "python": {
            "us": {"locust": locust_us},
            "why": {"guidellm": "RuntimeError: pip: none"},
            "who": [[name, "1.0", "words"] for name in ("locust", "guidellm")],
        },
        "many": {
            "mib": mib,
            "descriptors": 10_010,
            "cpu_us": 6,
            "late": late,
            "dispatch_ms": {"p50": 0.01, "p99": 0.2, "max": 3},
            "gap_ms": {"p50": 100, "p99": 101, "p999": 103},
        },
        "truth": {
            size: {f"{name} {share}": [error, -error] for name in ("ttft", "gap") for share in load_truth.SHARES}
            | {"dispatch p99": [0.1, 0.2]}
            for size in load_truth.SIZES
        },
        "limits": {"without": [30.0, 31.0], "with": [30.0 + limit_us, 31.0 + limit_us]},
    }


def held(results):
    return {row.measure: row.held for row in load.rows(results)}


def test_what_could_not_run_is_a_row_and_does_not_hold():
    rows = held(seen())
    assert [name for name, holds in rows.items() if not holds] == ["load, guidellm"]


@pytest.mark.parametrize(
    ("figures", "row"),
    [
        ({"ours_us": 6.5, "locust_us": 100}, "load, 1,000 streams x 20 ms, CPU per event"),
        ({"locust_us": 40}, "load, 100 streams x 20 ms, Python"),
        ({"late": True}, "load, 10,000 streams x 100 ms, generator"),
        ({"mib": 120}, "load, 10,000 streams, memory"),
        ({"limit_us": 3}, "serve, limits, CPU a request"),
    ],
)
def test_a_goal_that_is_missed_is_said_to_be(figures, row):
    rows = held(seen(**figures))
    assert rows[row] is False
    assert rows == {**held(seen()), row: False}


def test_an_error_counts_by_the_median_of_its_rounds_whatever_its_sign():
    results = seen()
    results["truth"]["100"]["gap p99"] = [-0.5, -0.3, 0.1]
    assert held(results)["load, 100 streams, report less truth"] is False
    results["truth"]["100"]["gap p99"] = [-0.1, -0.3, 0.1]
    assert held(results)["load, 100 streams, report less truth"] is True


def test_the_page_has_the_tables_between_its_marks(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(f"before\n{load_page.BEGIN}\nold\n{load_page.END}\nafter\n")
    load_page.write(path, seen(), load.rows(seen()))
    text = path.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| **tapedeck** | 1.0 | words | 5.00 | 2.50 | 1.00 |" in text
    assert "| locust | 1.0 | words |  | 60.0 | 24.0 |" in text
    assert "RuntimeError: pip: none" in text
    assert "+0.000 (-0.050 to +0.050)" in text


def test_the_documentation_has_the_marks():
    text = (ROOT / "docs" / "performance.md").read_text()
    assert text.count(load_page.BEGIN) == text.count(load_page.END) == 1


def test_a_run_has_what_it_spent_with_the_processes_that_it_started(tmp_path):
    burn = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}]); print('{{}}')"
    spent = generators.run(generators.Generator(), 0, tmp_path, None, [sys.executable, "-c", nested])
    assert 0.3 <= spent.cpu_s < 2
    assert spent.peak_mib > 1
