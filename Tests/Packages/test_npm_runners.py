"""The npm package under jest, under vitest, and under a stand-in for vitest where that is not to be had."""

import json
import shutil
from pathlib import Path

import pytest

from node_project import NODE

STAND_IN = Path(__file__).parent / "support" / "vitest-stand-in"
IMPORTS = {
    "jest": "const { useTapedeck } = require('tapedeck')\nconst assert = require('node:assert/strict')\n",
    "vitest": "import { describe, test } from 'vitest'\nimport { useTapedeck } from 'tapedeck/vitest'\n"
    "import assert from 'node:assert/strict'\n",
}
ASK = """
const ask = async (base = process.env.OPENAI_BASE_URL, path = '/chat/completions') => {
  const answer = await fetch(`${base}${path}`, { method: 'POST', body: '{"stream":true}' })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`status ${answer.status}: ${text}`)
  return text
}
"""
SAMPLE = "const tapedeck = useTapedeck({ sample: true, pace: 'instant' })\n"


class Runner:
    """A test runner in a project; it says what became of each test, and with which words."""

    def __init__(self, kind, node_modules, project):
        self.kind = kind
        self.module = "jest" if kind == "jest" else "vitest"
        self.project = project
        if kind == "jest":
            self.project.write("package.json", '{"jest": {"testEnvironment": "node"}}')
            self.command = [needed("jest"), "--json"]
            return
        package = STAND_IN if kind == "stand-in" else Path(needed("vitest")).resolve().parent
        modules = self.project.folder / "node_modules"
        modules.unlink()
        modules.mkdir()
        for name in node_modules.iterdir():
            shutil.copytree(name, modules / name.name, symlinks=True)
        (modules / "vitest").symlink_to(package)
        stand_in = [NODE, STAND_IN / "run.mjs"]
        self.command = stand_in if kind == "stand-in" else [needed("vitest"), "run", "--reporter=json"]

    def run(self, texts, *flags, **extra):
        """Runs files of tests, given as their texts behind the imports: name, then status and messages."""
        ending = ".test.js" if self.kind == "jest" else ".test.mjs"
        files = [
            self.project.write(f"{name}{ending}", IMPORTS[self.module] + ASK + text) for name, text in texts.items()
        ]
        done = self.project.run(*self.command, *flags, *files, **extra)
        lines = [line for line in done.said.splitlines() if line.startswith('{"')]
        assert lines, done.said
        found = json.loads(lines[-1])["testResults"]
        tests = [test for file in found for test in file["assertionResults"]]
        return {test["fullName"]: (test["status"], "\n".join(test["failureMessages"])) for test in tests}


def needed(name):
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"there is no {name} in PATH")
    return path


@pytest.fixture(params=["jest", "vitest", "stand-in"])
def runner(request, node_modules, node_project):
    return Runner(request.param, node_modules, node_project())


def test_each_test_has_its_session_and_what_it_overlooks_fails_it(runner):
    found = runner.run(
        {
            "wrong": SAMPLE
            + """
describe('suite', () => {
  test('is well', async () => {
    assert.equal(process.env.OPENAI_BASE_URL, tapedeck.openaiURL)
    await ask()
  })
  test('misses', () => assert.rejects(ask(undefined, '/nothing')))
  test('fails by itself, too', async () => { await ask(undefined, '/nothing') })
  test('never fires', async () => { await ask(tapedeck.withFault('status:529', { on: 2 }).openaiURL) })
  test('expects', async () => { await ask(); await tapedeck.expect({ ended: 'reset' }) })
})
test('asks nothing', () => {})
"""
        }
    )
    states = {name: status for name, (status, _) in found.items()}
    well = [name for name, status in states.items() if status == "passed"]
    assert well == ["suite is well", "asks nothing"], found
    missed = "no exchange matches POST /v1/nothing: nearest is exchange 1 of cassette anthropic-text"
    assert "misses: 1 request matched no exchange" in found["suite misses"][1] and missed in found["suite misses"][1]
    assert "status 404" in found["suite fails by itself, too"][1]
    assert "fails by itself, too: 1 request matched no exchange" in found["suite fails by itself, too"][1]
    assert "the fault status:529,on=2 never fired: the last request was attempt 1" in found["suite never fires"][1]
    assert "ended is complete instead of reset" in found["suite expects"][1]
    for status, said in found.values():
        assert status == "passed" or "wrong.test." in said
        assert "lib/use.cjs" not in said


def test_files_of_one_process_share_a_deck(runner):
    text = "const tapedeck = useTapedeck({ sample: true })\n"
    text += "test('NAME', () => { throw new Error(`at ${tapedeck.url}`) })\n"
    flags = {"jest": ["--runInBand"], "vitest": ["--no-isolate", "--no-file-parallelism"], "stand-in": []}[runner.kind]
    found = runner.run({name: text.replace("NAME", name) for name in ("one", "two", "three")}, *flags)
    urls = [line for _, said in found.values() for line in said.splitlines() if " at http://" in f" {line}"]
    ports = {line.split("127.0.0.1:")[1].split("/")[0] for line in urls}
    assert len(found) == 3 and len(ports) == 1, found


def test_a_fault_waits_until_nothing_is_recorded(runner, live):
    text = """
const tapedeck = useTapedeck({ cassettes: 'tapes', pace: 'instant' })
const question = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'text: How?' }] })
const messages = async (base) => {
  const answer = await fetch(`${base}/v1/messages`, { method: 'POST', body: question, headers: { 'x-api-key': 'k' } })
  return await answer.text()
}
test('is whole', async () => { assert.match(await messages(tapedeck.url), /message_stop/) })
test('is broken', () => assert.rejects(messages(tapedeck.withFault('reset@event:3').url)))
"""
    found = runner.run({"first": text}, TAPEDECK_MODE="once", TAPEDECK_UPSTREAM=live)
    assert found["is whole"][0] == "passed", found
    # jest cannot skip a test that runs.
    if runner.kind == "jest":
        assert found["is broken"][0] == "failed"
        assert "a fault does nothing to an answer that is being recorded (mode once)" in found["is broken"][1]
    else:
        assert found["is broken"][0] in ("skipped", "pending")
    found = runner.run({"first": text})
    assert {status for status, _ in found.values()} == {"passed"}, found


def test_tests_that_run_at_the_same_time_have_their_sessions(runner):
    found = runner.run(
        {
            "parallel": """
const tapedeck = useTapedeck({ sample: true, pace: 'instant' })
const both = tapedeck.taped(test.concurrent)
both('one', async (session) => { assert.match(session.url, /parallel--one/); await ask(session.openaiURL) })
both('other', async (session) => {
  assert.match(session.url, /parallel--other/)
  await assert.rejects(ask(session.openaiURL, '/nothing'))
})
"""
        }
    )
    assert found["one"][0] == "passed", found
    assert found["other"][0] == "failed" and "other: 1 request matched no exchange" in found["other"][1]


def test_without_a_recording_the_command_that_makes_it_names_the_runner(runner):
    found = runner.run({"first": "useTapedeck({ cassettes: 'tapes' })\ntest('a', () => {})\n"})
    (said,) = {said for _, said in found.values()}
    command = {"jest": "npx jest first.test.js", "vitest": "npx vitest run first.test.mjs"}[runner.module]
    assert "tapes: there is no such file or folder" in said
    assert f"TAPEDECK_MODE=once TAPEDECK_UPSTREAM=URL TAPEDECK_RECORD_TO=tapes/ {command}" in said


def test_under_vitest_a_concurrent_test_has_its_session_in_its_context(node_modules, node_project):
    runner = Runner("stand-in", node_modules, node_project())
    found = runner.run(
        {
            "context": SAMPLE
            + """
test.concurrent('one', async ({ tapedeck }) => { assert.match(tapedeck.url, /context--one$/) })
test.concurrent('other', async (context) => { assert.match(tapedeck.of(context).url, /context--other$/) })
"""
        }
    )
    assert {status for status, _ in found.values()} == {"passed"}, found


def test_vitest_without_globals_says_what_to_import(node_modules, node_project):
    runner = Runner("stand-in", node_modules, node_project())
    text = "import { useTapedeck as other } from 'tapedeck'\nother({ sample: true })\n"
    ((_, said),) = runner.run({"globals": text}).values()
    assert "import { useTapedeck } from 'tapedeck/vitest', or set test.globals" in said
    found = runner.run({"globals": text + "test('a', () => {})\n"}, "--globals")
    assert found == {"a": ("passed", "")}


def test_under_jest_fake_timers_and_no_globals_are_no_matter(node_modules, node_project):
    runner = Runner("jest", node_modules, node_project())
    runner.project.write("package.json", '{"jest": {"testEnvironment": "node", "injectGlobals": false}}')
    found = runner.run(
        {
            "timers": "const { jest, test } = require('@jest/globals')\n"
            + SAMPLE
            + """
test('leaves them', async () => { jest.useFakeTimers(); await assert.rejects(ask(undefined, '/nothing')) })
test('is well', async () => { await ask() })
"""
        }
    )
    assert found["is well"][0] == "passed", found
    assert "leaves them: 1 request matched no exchange" in found["leaves them"][1]


def test_a_test_that_jest_tries_again_begins_with_its_first_attempt(node_modules, node_project):
    runner = Runner("jest", node_modules, node_project())
    found = runner.run(
        {
            "again": SAMPLE
            + """
jest.retryTimes(1)
let tries = 0
test('is flaky', async () => {
  const base = tapedeck.withFault('status:529', { on: 1 }).openaiURL
  await assert.rejects(ask(base), /529/)
  await ask(base)
  tries += 1
  assert.equal(tries, 2)
  await tapedeck.expect({ requests: 2, attempts: 2 })
})
"""
        }
    )
    assert found["is flaky"][0] == "passed", found
