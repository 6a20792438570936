"""The tables of the documentation are what the program says."""

from conftest import ROOT, run


def test_the_tables_are_up_to_date():
    done = run(ROOT / "scripts" / "make-docs", "--check")
    assert done.returncode == 0, f"run scripts/make-docs: {done.stdout.decode()}"
