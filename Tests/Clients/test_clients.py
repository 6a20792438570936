"""What the real SDKs do with each fault, against the tables of Sources/Planning/Planning.docc/Clients.md."""

import pytest

from clienttable.cases import APIS, name_of
from clienttable.matrix import Matrix
from clienttable.page import line, lines_on, versions, versions_on
from conftest import CASSETTES, ROOT, serving

PAGE = (ROOT / "Sources/Planning/Planning.docc/Clients.md").read_text(encoding="utf-8")
ANEW = "scripts/client-table writes Sources/Planning/Planning.docc/Clients.md anew"


@pytest.fixture(scope="module")
def matrix(tapedeck, tmp_path_factory):
    port_file = tmp_path_factory.mktemp("clients") / "port"
    with serving([tapedeck, "serve", CASSETTES], port_file) as base:
        yield Matrix(tapedeck, base)


@pytest.fixture(scope="module")
def rows(matrix):
    return matrix.rows()


def differing(rows, written):
    return [row for row in rows if written.get(row.case.name) != line(row.cells())]


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.key)
def test_each_client_does_what_its_table_says(matrix, rows, api):
    written = lines_on(PAGE, api)
    own = [row for row in rows if row.case.api == api]
    assert list(written) == [row.case.name for row in own], ANEW
    # On a busy machine a client may time out that would not have: it gets a second try, alone.
    again = matrix.rows([row.case for row in differing(own, written)])
    wrong = differing(again, written)
    said = [f"page: {written[row.case.name]}\nseen: {line(row.cells())}" for row in wrong]
    assert not said, "\n".join([*said, ANEW])


def test_the_tables_have_every_fault_for_every_api(matrix):
    for api in APIS:
        own = [case for case in matrix.cases if case.api == api]
        tried = {name_of(fault) for case in own for fault in case.faults}
        assert set(matrix.kinds) == tried
        assert len({case.name for case in own}) == len(own)


def test_the_tables_are_about_the_installed_and_pinned_sdks():
    pinned = (ROOT / "Tests" / "requirements.txt").read_text().split()
    assert versions_on(PAGE) == versions() == [one for one in pinned if one in versions()], ANEW
