"""What the npm package costs: a start of the deck, and each test."""

import re

import pytest

from node_project import NODE

pytestmark = pytest.mark.alone

TESTS = 300
RUNS = 5
SESSION_MS = 60
TEST_MS = 2


@pytest.fixture
def project(node_project):
    return node_project()


def least(project, file, **extra):
    """The shortest of several runs: whatever else the machine does only adds to it."""
    said = [project.run(NODE, file, **extra).said for _ in range(RUNS)]
    return min(float(re.search(r"took ([\d.]+)", text)[1]) for text in said)


def test_a_deck_starts_within_what_a_session_may_cost(project):
    project.write(
        "start.mjs",
        """
import { Deck } from 'tapedeck'
const since = performance.now()
await new Deck({ sample: true }).start()
console.log('took', performance.now() - since)
""",
    )
    assert least(project, "start.mjs") < SESSION_MS


def test_a_test_costs_little(project):
    project.write(
        "tests.mjs",
        f"""
import {{ after, before, test }} from 'node:test'
import {{ useTapedeck }} from 'tapedeck'
if (process.env.USED) useTapedeck({{ sample: true, pace: 'instant' }})
let since
before(() => {{ since = performance.now() }})
for (let number = 0; number < {TESTS}; number += 1) test(`test ${{number}}`, () => {{}})
after(() => console.log('took', performance.now() - since))
""",
    )
    without = least(project, "tests.mjs")
    used = least(project, "tests.mjs", USED="1")
    assert (used - without) / TESTS < TEST_MS, f"{without} ms without, {used} ms with sessions"
