"""A project that tests with node:test and the npm package: recorded once, then offline, then broken on purpose."""

import os
import re
import signal
import socket
import subprocess
import time

import pytest

from conftest import serving
from node_project import NODE

ASK = """
import assert from 'node:assert/strict'
import { test, describe, it } from 'node:test'
import { useTapedeck, taped } from 'tapedeck'
const ask = async (base = process.env.OPENAI_BASE_URL, path = '/chat/completions') => {
  const answer = await fetch(`${base}${path}`, { method: 'POST', body: '{"stream":true}' })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`status ${answer.status}: ${text}`)
  return text
}
"""
SAMPLE = "const tapedeck = useTapedeck({ sample: true })\n"


@pytest.fixture
def project(node_project):
    return node_project("client.test.mjs")


@pytest.fixture
def recorded(project, live):
    """The project after its first run, which recorded."""
    done = project.test("client.test.mjs", TAPEDECK_MODE="once", TAPEDECK_UPSTREAM=live, ANTHROPIC_API_KEY="a-key")
    assert done.code == 0, done.said
    return project, done


def results(said):
    """What became of each test, by its name."""
    lines = re.findall(r"^ *(not ok|ok) \d+ - (.*?)( # (?:SKIP|TODO).*)?$", said, re.M)
    return {name: "skipped" if skip else state for state, name, skip in lines}


def block(said, name):
    """What the report says below one test."""
    after = re.split(rf"^ *(?:not ok|ok) \d+ - {re.escape(name)}.*$", said, maxsplit=1, flags=re.M)[1]
    return re.split(r"^ *# Subtest:", after, maxsplit=1, flags=re.M)[0]


def is_listening(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def ends(port):
    for _ in range(500):
        if not is_listening(port):
            return True
        time.sleep(0.02)
    return False


def test_without_a_recording_each_test_fails_with_the_command_that_makes_it(project):
    done = project.test("client.test.mjs")
    assert done.code == 1 and set(results(done.said).values()) == {"not ok"}
    assert "tapes/: there is no exchange to serve" in done.said
    assert "record them first, with a key: TAPEDECK_MODE=once node --test client.test.mjs" in done.said
    assert "--upstream does nothing" not in done.said


def test_recorded_once_it_runs_offline_and_a_fault_waits_until_then(recorded):
    project, done = recorded
    assert results(done.said) == {
        "gives the whole answer": "ok",
        "reports a stream that breaks": "skipped",
        "asks an overloaded server again": "skipped",
    }
    # Before version 22 node knows no test that ends itself as skipped without failing the run.
    assert re.search(
        "# (SKIP|TODO) a fault does nothing to an answer that is being recorded \\(mode once\\)", done.said
    )
    assert os.listdir(project.folder / "tapes") == ["client--gives-the-whole-answer.tape"]
    # There is no key and no upstream any more.
    done = project.test("client.test.mjs")
    assert done.code == 0 and list(results(done.said).values()) == ["ok"] * 3, done.said


def test_a_run_that_records_plays_the_files_that_name_no_api(node_project, live):
    project = node_project("client.test.mjs", "parallel.test.mjs")
    recording = {"TAPEDECK_MODE": "once", "TAPEDECK_UPSTREAM": live, "ANTHROPIC_API_KEY": "a-key"}
    done = project.test(**recording)
    assert done.code == 0 and results(done.said)["reports half an answer"] == "ok", done.said
    done = project.test()
    assert done.code == 0 and "# pass 5" in done.said, done.said


def test_four_files_at_once_and_two_runs_at_once_disturb_nobody(recorded):
    project, _ = recorded
    text = (project.folder / "client.test.mjs").read_text()
    files = [project.write(f"copy{number}.test.mjs", text) for number in range(4)]
    command = [NODE, "--test", "--test-reporter=tap", *files]
    options = {"cwd": project.folder, "env": project.environment, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **options) as one, subprocess.Popen(command, **options) as other:
        for run in (one, other):
            said, _ = run.communicate(timeout=120)
            assert run.returncode == 0 and "# pass 12" in said, said


def test_tests_that_run_at_the_same_time_have_their_sessions(node_project):
    project = node_project("parallel.test.mjs")
    done = project.test("parallel.test.mjs")
    assert done.code == 0 and "# pass 2" in done.said, done.said


def test_the_first_tests_need_no_recording(node_project):
    project = node_project("sample.test.mjs")
    done = project.test("sample.test.mjs")
    assert done.code == 0 and "# pass 2" in done.said, done.said


def test_a_deck_listens_on_this_machine_whatever_is_said_of_others(node_project):
    project = node_project("sample.test.mjs")
    done = project.test("sample.test.mjs", TAPEDECK_HOST="0.0.0.0", TAPEDECK_PORT="1")
    assert done.code == 0 and "# pass 2" in done.said, done.said


def test_each_case_of_torture_is_a_test(node_project):
    project = node_project("torture.test.mjs")
    text = (project.folder / "torture.test.mjs").read_text()
    assert "'anthropic-text/cut/end'" in text
    project.write("torture.test.mjs", text.replace("cut/end'", "cut/end/event-2*'"))
    done = project.test("torture.test.mjs")
    assert done.code == 0 and "ok 2 - anthropic-text/cut/end/event-23" in done.said, done.said


def test_what_a_test_overlooks_fails_it_in_the_journals_words(project):
    project.write(
        "wrong.test.mjs",
        ASK
        + SAMPLE
        + """
test('misses', () => assert.rejects(ask(undefined, '/nothing')))
test('fails by itself, too', () => ask(undefined, '/nothing'))
test('has a typo', () => assert.rejects(ask(tapedeck.withFault('eror').openaiURL)))
test('never fires', () => ask(tapedeck.withFault('status:529', { on: 2 }).openaiURL))
test('misses with a fault', () => assert.rejects(ask(tapedeck.withFault('reset@event:3').openaiURL, '/nothing')))
test('loses the prefix', () => assert.rejects(ask(new URL(tapedeck.url).origin)))
test('is well', () => ask())
test('asks nothing', () => {})
test('never asks for its fault', async () => { tapedeck.withFault('status:529'); await ask() })
const twice = { fault: ['end@event:2', 'end@event:3'] }
test('contradicts itself', () => assert.rejects(ask(tapedeck.with(twice).openaiURL)))
let old
test('makes a client', async () => { old = tapedeck.openaiURL; await ask() })
test('has the client of another', () => ask(old))
test('takes a fault back', () => ask(tapedeck.withFault('status:529').with({ fault: 'none' }).openaiURL))
""",
    )
    done = project.test("wrong.test.mjs")
    assert done.code == 1
    states = results(done.said)
    well = ["is well", "asks nothing", "makes a client", "takes a fault back"]
    assert [name for name, state in states.items() if state == "ok"] == well
    missed = "no exchange matches POST /v1/nothing: nearest is exchange 1 of cassette anthropic-text"
    for name, words in {
        "misses": ["misses: 1 request matched no exchange", missed, "record it with: tapedeck serve"],
        "fails by itself, too": [
            "status 404",
            "# fails by itself, too: 1 request matched no exchange",
            f"#   {missed}",
        ],
        "has a typo": ["1 request was refused", "there is no fault 'eror'", "POST /v1/chat/completions"],
        "never fires": ["1 fault never fired", "the fault status:529,on=2 never fired: the last request was attempt 1"],
        "misses with a fault": [missed, "which needs a test without a fault that asks the same: TAPEDECK_MODE=once"],
        "loses the prefix": ["1 request named no session", "this deck requires a session"],
        "never asks for its fault": ["the fault status:529 never fired: no request came with it"],
        "contradicts itself": ["1 request was refused", "end@event:2 and end@event:3 contradict each other"],
        "has the client of another": ["it came in the session of 'makes a client', which is over"],
    }.items():
        said = block(done.said, name)
        assert all(word in said for word in words), said
        assert re.search(r"wrong\.test\.mjs:11:\d+", said) or name == "fails by itself, too", said
        assert "lib/use.cjs" not in said
        assert "never fired" not in said or name.startswith("never ")
    played = "tapedeck: session=wrong--never-fires;cassette=openai-chat;exchange=1;pace=instant;"
    assert played in block(done.said, "never fires")


def test_faults_are_expected_by_name_or_as_written_and_ends_one_or_all(project):
    project.write(
        "expects.test.mjs",
        ASK
        + SAMPLE
        + """
test('fires twice', async () => {
  await ask(tapedeck.withFault('status:529', { on: 1 }).openaiURL).catch(() => {})
  await ask(tapedeck.withFault('end@event:3', { on: 2 }).openaiURL)
  const right = ['status', 'end', 'end@event:3,on=2', ['status', 'end@event:3,on=2']]
  for (const fired of right) await tapedeck.expect({ fired })
  for (const ended of ['complete', ['complete', 'complete']]) await tapedeck.expect({ ended })
  for (const fired of ['reset', [], ['end', 'status'], ['status']]) {
    await assert.rejects(tapedeck.expect({ fired }), /fired is status:529,on=1, end@event:3,on=2 instead of/)
  }
  await assert.rejects(tapedeck.expect({ ended: ['complete'] }), /ended is complete, complete instead of complete/)
})
""",
    )
    done = project.test("expects.test.mjs")
    assert done.code == 0, done.said


def test_a_test_that_skips_itself_does_not_disturb_the_others(project):
    project.write(
        "skips.test.mjs",
        ASK
        + SAMPLE
        + """
test('skips itself', async (t) => { await ask(); t.skip('not today') })
test('comes behind it', async () => { await ask() })
describe('a suite', () => { it('comes behind it, too', async () => { await ask() }) })
""",
    )
    done = project.test("skips.test.mjs")
    assert done.code == 0, done.said
    expected = {"skips itself": "skipped", "comes behind it": "ok", "comes behind it, too": "ok", "a suite": "ok"}
    assert results(done.said) == expected


def test_a_deck_that_dies_fails_the_test_in_which_it_did_and_no_other(project):
    project.write(
        "dies.test.mjs",
        ASK
        + """
import fs from 'node:fs'
import { setTimeout } from 'node:timers/promises'
"""
        + SAMPLE
        + """
const parent = (pid) => Number(fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[3])
const deck = () => fs.readdirSync('/proc').filter(Number).find((pid) => {
  try {
    return parent(pid) === process.pid && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('serve')
  } catch {
    return false
  }
})
async function kill() {
  process.kill(Number(deck()), 'SIGKILL')
  while (deck()) await setTimeout(5)
}
test('kills the deck', async () => { await ask(); await kill() })
test('has another deck', async () => { await ask() })
test('fails on a dead deck', async () => { await kill(); await ask() })
test('has a third', async () => { await ask() })
""",
    )
    done = project.test("dies.test.mjs")
    states = results(done.said)
    assert states["has another deck"] == states["has a third"] == "ok", done.said
    for name in ("kills the deck", "fails on a dead deck"):
        assert states[name] == "not ok"
        assert f"{name}: the deck died while the test ran: it was ended by SIGKILL" in done.said


def test_conduct_fails_a_test_only_where_it_is_asked_for(project):
    text = """
test('hammers', async () => {
  const base = tapedeck.withFault('status:429,retry-after=60s', { on: 1 }).openaiURL
  await assert.rejects(ask(base))
  await ask(base)
})
"""
    project.write("mild.test.mjs", ASK + SAMPLE + text)
    strict = SAMPLE.replace("sample", "failOn: ['miss', 'conduct'], sample")
    project.write("strict.test.mjs", ASK + strict + text)
    assert project.test("mild.test.mjs").code == 0
    done = project.test("strict.test.mjs")
    assert done.code == 1 and "hammers: the client behaved wrongly towards the server" in done.said
    assert "POST /v1/chat/completions: retry-too-soon: " in done.said
    assert project.test("mild.test.mjs", TAPEDECK_FAIL_ON="conduct").code == 1


def test_a_fault_of_a_whole_suite_holds_for_its_tests_alone(project):
    project.write(
        "suite.test.mjs",
        ASK
        + """
useTapedeck({ sample: true, pace: 'instant' })
test('is whole', ask)
describe('overloaded', () => {
  useTapedeck({ sample: true, pace: 'instant', fault: 'status:529,on=1' })
  it('is refused', async () => { await assert.rejects(ask(), /529/) })
  it('is refused again', async () => { await assert.rejects(ask(), /529/) })
})
test('is whole again', async () => { await ask() })
""".replace("'is whole', ask", "'is whole', async () => { await ask() }"),
    )
    done = project.test("suite.test.mjs")
    assert done.code == 0 and "# pass 4" in done.said, done.said


def test_variables_are_put_back_and_subtests_have_their_own(project):
    project.write(
        "env.test.mjs",
        ASK
        + SAMPLE
        + """
import { after } from 'node:test'
process.env.OPENAI_API_KEY = 'mine'
after(() => {
  assert.deepEqual([process.env.OPENAI_BASE_URL, process.env.ANTHROPIC_API_KEY], [undefined, undefined])
  assert.equal(process.env.OPENAI_API_KEY, 'mine')
  console.log('put back')
})
test('parent', async (t) => {
  assert.equal(process.env.OPENAI_API_KEY, 'mine')
  assert.equal(process.env.ANTHROPIC_API_KEY, 'tapedeck')
  assert.match(process.env.OPENAI_BASE_URL, /~session=env--parent\\/v1$/)
  assert.equal(tapedeck.of(t).url, tapedeck.url)
  await t.test('child', () => assert.match(process.env.OPENAI_BASE_URL, /~session=env--(parent--)?child\\/v1$/))
  assert.match(process.env.OPENAI_BASE_URL, /~session=env--parent\\/v1$/)
})
test('a name / with é', () => assert.match(tapedeck.url, /~session=env--a-name-with-[0-9a-f]{8}$/))
process.once('exit', () => { try { tapedeck.url } catch (error) { console.log(error.message) } })
""",
    )
    done = project.test("env.test.mjs")
    assert done.code == 0 and "put back" in done.said, done.said
    assert "there is no session outside a test" in done.said


def test_tests_that_would_share_the_environment_at_the_same_time_say_what_to_do(project):
    project.write(
        "overlap.test.mjs",
        ASK
        + SAMPLE
        + """
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
describe('at once', { concurrency: true }, () => {
  it('one', async () => { await pause(50); await ask() })
  it('other', async () => { await pause(100); await ask() })
})
""",
    )
    done = project.test("overlap.test.mjs")
    assert done.code == 1
    assert "it runs at the same time as 'at once > one'" in done.said or "as 'one'" in done.said, done.said
    assert "give each its own with taped(test)(name, async (session) => …)" in done.said


def test_what_a_test_replaces_does_not_disturb_the_end_of_its_session(project):
    project.write(
        "mocks.test.mjs",
        ASK
        + SAMPLE
        + """
import http from 'node:http'
import { mock } from 'node:test'
test('misses with everything replaced', async (t) => {
  await assert.rejects(ask(undefined, '/nothing'))
  mock.timers?.enable?.({ apis: ['setTimeout', 'setInterval'] })
  globalThis.fetch = http.request = http.get = () => { throw new Error('replaced') }
})
""",
    )
    done = project.test("mocks.test.mjs")
    assert "misses with everything replaced: 1 request matched no exchange" in done.said, done.said
    assert "replaced'" not in done.said.replace("everything replaced", "")


def test_a_deck_that_cannot_start_says_why_in_its_own_words(project):
    project.write("tapedeck.json", '{"serve": {"paces": "2x"}}')
    project.write("broken.test.mjs", ASK + SAMPLE + "test('a', () => {})\ntest('b', () => {})\n")
    done = project.test("broken.test.mjs")
    assert done.code == 1 and set(results(done.said).values()) == {"not ok"}
    assert "the deck could not be started: " in done.said
    assert "there is no option 'paces'; did you mean 'pace'?" in done.said


@pytest.mark.parametrize("options", ["{ samples: true }", "{ sample: true, failOn: 'mis' }", "{ hooks: {} }"])
def test_a_wrong_option_says_what_there_is(project, options):
    project.write("option.test.mjs", ASK + f"useTapedeck({options})\ntest('a', () => {{}})\n")
    done = project.test("option.test.mjs")
    assert done.code == 1
    expected = {
        "{ samples: true }": "useTapedeck has no option 'samples', only cassettes, sample",
        "{ sample: true, failOn: 'mis' }": "failOn has 'mis': expected some of refused, unfired, miss",
        "{ hooks: {} }": "'hooks' lacks beforeAll, beforeEach, afterEach, afterAll",
    }
    assert expected[options] in done.said


def test_a_deck_that_runs_the_tests_is_taken(project, tapedeck):
    project.write("taken.test.mjs", ASK + SAMPLE + "test('a', async () => { await ask() })\n")
    command = [tapedeck, "serve", "--sample", "--port", "0", "--", NODE, "--test", "taken.test.mjs"]
    assert project.run(*command).code == 0
    command.insert(3, "--fault=status:418")
    done = project.run(*command)
    assert done.code == 1 and "418" in done.said


def test_a_session_of_a_deck_that_stays_begins_anew_with_each_run(project, tapedeck, tmp_path):
    fault = "tapedeck.withFault('status:529', { on: 1 }).openaiURL"
    project.write("again.test.mjs", ASK + SAMPLE + f"test('a', () => assert.rejects(ask({fault}), /529/))\n")
    with serving([tapedeck, "serve", "--sample"], tmp_path / "port") as base:
        for _ in range(2):
            done = project.test("again.test.mjs", TAPEDECK_URL=base)
            assert done.code == 0, done.said


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_deck_is_left_behind_by_tests_that_are_killed(project, number):
    project.write(
        "killed.mjs",
        "import { Deck } from 'tapedeck'\n"
        "const deck = await new Deck({ sample: true }).start()\n"
        "console.log(new URL(deck.url).port)\n"
        f"process.kill(process.pid, {int(number)})\n"
        "setTimeout(() => {}, 5000)\n",
    )
    done = project.run(NODE, "killed.mjs")
    assert done.code == -number
    assert ends(int(done.said.split()[0]))


def test_a_deck_keeps_nobody_from_ending(project):
    project.write(
        "forgotten.mjs",
        "import { Deck } from 'tapedeck'\n"
        "const deck = await new Deck({ sample: true, pace: 'instant' }).start()\n"
        "const url = `${deck.session('a')}/v1/messages`\n"
        "await (await fetch(url, { method: 'POST', body: '{}' })).text()\n"
        "console.log(new URL(deck.url).port, (await deck.journal()).length, Math.round(performance.now()))\n",
    )
    since = time.monotonic()
    done = project.run(NODE, "forgotten.mjs")
    assert done.code == 0, done.said
    port, requests, _ = map(int, done.said.split())
    assert requests == 1 and ends(port)
    assert time.monotonic() - since < 15


WRONG_CLIENT = """
import { torture, tortureCases } from 'tapedeck'

async function* client(baseURL, { signal }) {
  const answer = await fetch(`${baseURL}/v1/messages`, { method: 'POST', body: '{"stream":true}', signal })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  const whole = await answer.text()
  for (const line of whole.split('\\n')) {
    if (line.startsWith('data: ')) yield JSON.parse(line.slice(6)).delta?.text ?? ''
  }
}
"""


def test_torture_of_a_function_judges_it_and_knows_what_is_known(project):
    project.write(
        "torture.mjs",
        WRONG_CLIENT
        + """
const options = { sample: true, case: ['anthropic-text/cut/end/event-2', 'anthropic-text/cut/reset/event-2'] }
const report = await torture(client, options)
console.log(report.cases, report.wrong.map((result) => `${result.case} ${result.verdict}`).join())
try { report.check() } catch (error) { console.log(error.message + '\\n' + error.stack.split('\\n').at(-1)) }
const entry = { case: 'cut/end/*', verdict: 'silent-truncation', why: 'not today' }
console.log('known', (await torture(client, { ...options, known: [entry] })).check().wrong.length)
const stale = { case: 'cut/reset/*', verdict: 'hang', why: 'was mended' }
const other = await torture(client, { ...options, known: [entry, stale] })
try { other.check() } catch (error) { console.log(error.message) }
const [one] = tortureCases({ sample: true, case: 'anthropic-text/cut/end/event-2' })
await one.check(client).catch((error) => console.log('one', error.message))
await torture(() => 'nonsense', options).catch((error) => console.log(error.message))
await torture(() => 'nonsense', { sampel: true }).catch((error) => console.log(error.message))
await torture(async (baseURL, { onText }) => {
  for await (const piece of client(baseURL, {})) onText(piece)
  return { error: 'it always fails' }
}, options).catch((error) => console.log(error.message))
""",
    )
    done = project.run(NODE, "torture.mjs")
    assert done.code == 0, done.said
    assert done.said.startswith("2 cut/end/event-2 silent-truncation\n2 cases: 1 wrong\n")
    assert "silent-truncation at cut/end: 1 case\n  cut/end/event-2: delivered 0 of 396 characters" in done.said
    assert "torture(client, { case: 'anthropic-text/cut/end/event-2' })" in done.said
    assert re.search(r"at .*torture\.mjs:\d+:\d+", done.said)
    assert "\nknown 0\n" in done.said
    assert "known failure 'cut/reset/*' (hang) no longer fails: take it out" in done.said
    assert "\none 1 case: 1 wrong\n" in done.said
    assert "the client does not get 'anthropic-text' right without any fault" in done.said
    assert "torture has no option 'sampel', only cassettes, sample" in done.said
    assert "'it always fails'" in done.said or "said 'error'" in done.said


def test_what_is_no_client_gets_no_verdict_and_one_needs_no_key(project):
    project.write(
        "clients.mjs",
        WRONG_CLIENT
        + """
const options = { sample: true, case: 'anthropic-text/cut/end/event-2' }
const failed = (client) => torture(client, options).catch((error) => console.log(error.name, error.message))
await failed(() => Buffer.from('x'))
await failed(() => 3)
await failed(() => ({ txt: 'x' }))
await failed((_, { onText }) => onText(7))
const all = async (...words) => {
  const pieces = []
  for await (const piece of client(...words)) pieces.push(piece)
  return pieces
}
const report = await torture(async (...words) => {
  console.log(process.env.ANTHROPIC_API_KEY, process.env.OPENAI_API_KEY, process.env.NO_PROXY)
  return (await all(...words)).values()
}, options)
console.log(report.wrong.length, process.env.OPENAI_API_KEY, process.env.NO_PROXY)
""",
    )
    done = project.run(NODE, "clients.mjs", ANTHROPIC_API_KEY="mine", NO_PROXY=None)
    assert done.code == 0, done.said
    lines = done.said.splitlines()
    assert lines[0] == "TapedeckError the client gave 120: expected pieces of text"
    assert lines[1] == "TapedeckError the client returned 3: expected text, { text, error, finish } or a generator"
    assert lines[2].startswith("TapedeckError the client returned { txt: 'x' }: expected text")
    assert lines[3] == "TapedeckError the client gave 7: expected pieces of text"
    assert "mine tapedeck 127.0.0.1,localhost" in lines
    assert lines[-1] == "1 undefined undefined"
