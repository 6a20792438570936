"""Input that is almost right ends in an exit code and a line, and never in a signal; a deck outlives it."""

import random
from urllib.parse import quote

import pytest

import random_tape
import wire
from conftest import running
from mutations import FAULTS, PACES, complaints, mutated


@pytest.mark.parametrize("seed", range(6))
def test_what_is_almost_right_on_the_command_line_has_its_exit_code(tapedeck, tmp_path, seed):
    assert complaints(tapedeck, tmp_path, seed) == []


def test_a_deck_outlives_requests_that_are_almost_right(tapedeck, tmp_path):
    chance = random.Random(20261129)
    path = tmp_path / "a.tape"
    path.write_text(random_tape.of_bodies([[b"data: {}\n\n", b"data: [DONE]\n\n"]]))
    body = b'{"model":"m","stream":true,"messages":[{"role":"user","content":"\\u00e9 \\"x\\""}],"max_tokens":1e2}'
    port_file = tmp_path / "port"
    with running([tapedeck, "serve", path], port_file):
        base = f"http://127.0.0.1:{int(port_file.read_text())}"
        for _ in range(150):
            directive = chance.choice([f"fault={chance.choice(FAULTS)}", f"pace={chance.choice(PACES)}", "session=a"])
            segment = quote(mutated(chance, directive.encode(), 2), safe="~=:@,;+.-%")
            prefix = chance.choice(["", f"/~{segment}", f"/~pace=instant/~{segment}"])
            try:
                status = wire.post(f"{base}{prefix}{random_tape.PATH}", mutated(chance, body)).status
            except OSError:
                continue  # A fault that cuts the answer is one that was asked for.
            assert 200 <= status < 600
        assert wire.send("GET", f"{base}/~/health").status == 200
