"""The npm package as npm installs it: what it runs, what it refuses, and its types."""

import json
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from conftest import CASSETTES, ROOT
from node_project import NODE, Done, NodeProject, tarballs

NPM = shutil.which("npm")
TSC = shutil.which("tsc")
NOT_FOUND = "./tapedeck: /lib/x86_64-linux-gnu/{}: version `{}' not found (required by ./tapedeck)\n"


@pytest.fixture
def project(node_project):
    return node_project()


def launcher(project):
    return project.folder / "node_modules" / "tapedeck" / "bin" / "tapedeck.js"


def version():
    text = (ROOT / "Sources" / "Cassettes" / "TapedeckVersion.swift").read_text()
    return re.search(r'"(\d+\.\d+\.\d+[^"]*)"', text)[1]


@pytest.mark.skipif(NPM is None, reason="there is no npm")
def test_npm_installs_the_tarballs_offline_and_runs_the_program(dist, outside, tmp_path):
    project = NodeProject(tmp_path, outside | {"npm_config_cache": str(tmp_path / "cache")})
    project.write("package.json", '{"name": "user", "private": true}')
    done = project.run(NPM, "install", "--offline", "--no-audit", "--no-fund", *tarballs(dist))
    assert done.code == 0, done.said
    installed = json.loads((tmp_path / "node_modules" / ".package-lock.json").read_text())["packages"]
    assert sorted(installed) == ["node_modules/@tapedeck/cli-linux-x64", "node_modules/tapedeck"]
    assert project.run(NPM, "exec", "--offline", "--", "tapedeck", "--version").said.strip() == version()


def test_the_launcher_passes_on_input_output_and_exit_codes(project):
    assert project.run(launcher(project), "--version") == Done(0, f"{version()}\n")
    done = project.run(launcher(project), "serve", "nothing-here")
    assert done.code == 66 and "nothing-here: there is no such file" in done.said
    shown = project.run(launcher(project), "serve", "--sample", "--", "sh", "-c", "exit 7")
    assert shown.code == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_launcher_passes_on_signals(project, number):
    command = [launcher(project), "serve", "--sample", "--port", "0"]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=project.folder, env=project.environment, text=True, **pipes) as process:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        process.send_signal(number)
        # The program and its launcher hold the pipe: it ends when both have.
        process.stdout.read()
        assert process.wait(timeout=10) in (0, -number, 128 + number)


def test_the_launcher_dies_of_the_signal_that_its_program_died_of(project):
    program = project.folder / "program"
    program.write_text("#!/bin/sh\nkill -KILL $$\n")
    program.chmod(0o755)
    process = subprocess.run([launcher(project)], env=project.environment | {"TAPEDECK": str(program)}, check=False)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        ({"platform": "win32", "arch": "x64"}, ["does not run on Windows", "WSL 2"]),
        ({"platform": "darwin", "arch": "x64"}, ["no program for darwin-x64", "darwin-arm64, linux-arm64, linux-x64"]),
        ({"platform": "linux", "arch": "x64", "isMusl": True}, ["needs glibc", "musl", "bookworm-slim"]),
        (
            {"platform": "linux", "arch": "arm64"},
            ["@tapedeck/cli-linux-arm64", "not installed", "--omit=optional", "lock file from another platform"],
        ),
    ],
)
def test_where_there_is_no_program_it_says_why_and_what_to_do(project, machine, words):
    script = f"""
    const {{ findProgram }} = require('tapedeck/lib/program.cjs'.replace('tapedeck', './node_modules/tapedeck'))
    const machine = {{ env: {{ PATH: '' }}, resolve() {{ throw new Error('none') }}, ...{json.dumps(machine)} }}
    machine.resolve = () => {{ throw new Error('no such module') }}
    try {{ console.log(findProgram(machine)) }} catch (error) {{ console.log(error.name, error.message) }}
    """
    done = project.run(NODE, "-e", script)
    assert done.said.startswith("TapedeckError ") and all(word in done.said for word in words), done.said


def test_a_program_in_the_path_serves_where_none_is_installed_but_not_the_launcher_itself(project, tapedeck):
    package = project.folder.parent / "alone" / "node_modules" / "tapedeck"
    shutil.copytree(project.folder / "node_modules" / "tapedeck", package)
    bins = package.parent / ".bin"
    bins.mkdir()
    (bins / "tapedeck").symlink_to("../tapedeck/bin/tapedeck.js")
    path = f"{bins}:{project.environment['PATH']}"
    done = project.run(bins / "tapedeck", "--version", PATH=path)
    assert done.code == 69 and "tapedeck: the package @tapedeck/cli-" in done.said
    done = project.run(bins / "tapedeck", "--version", PATH=f"{path}:{Path(tapedeck).parent}")
    assert done == Done(0, f"{version()}\n")


def test_a_variable_that_names_no_program_is_an_error(project):
    done = project.run(launcher(project), "--version", TAPEDECK="/no/such/tapedeck")
    assert done.code == 69
    assert done.said == "tapedeck: TAPEDECK names '/no/such/tapedeck', which is no program: name one, or unset it\n"


def test_an_old_glibc_is_named_with_what_is_needed(project):
    said = NOT_FOUND.format("libc.so.6", "GLIBC_2.34") + NOT_FOUND.format("libm.so.6", "GLIBC_2.35")
    program = project.folder / "program"
    program.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{said}END\nexit 1\n")
    program.chmod(0o755)
    done = project.run(launcher(project), "serve", TAPEDECK=str(program))
    assert done.code == 1
    assert "tapedeck: the program needs GLIBC 2.35 or newer, which this system has not: use a newer one" in done.said
    script = "new (require('tapedeck').Deck)({ sample: true }).start().catch((error) => console.log(error.message))"
    done = project.run(NODE, "-e", script, TAPEDECK=str(program))
    assert done.said.startswith("the program needs GLIBC 2.35 or newer")


TYPED = """
import { Deck, Session, TapedeckError, TortureReport, taped, torture, tortureCases, useTapedeck } from 'tapedeck'
import type { JournalEntry, TortureClient, UseTapedeckOptions } from 'tapedeck'

const cassettes = ['a', new URL('file:///b')]
const options: UseTapedeckOptions = { cassettes, mode: 'none', failOn: ['miss', 'conduct'] }
const tapedeck = useTapedeck(options)

async function run(): Promise<void> {
  const others = { matchNormalize: ['uuid', 'date'], watch: true }
  const deck: Deck = await new Deck({ sample: true, options: others }).start()
  const session: Session = deck.session('a').withFault('reset@event:12', { on: 1 })
  const entries: JournalEntry[] = await session.journal()
  const ended: string | null | undefined = entries[0]?.ended
  await tapedeck.expect({ statuses: [529, 200], attempts: 2, conduct: 'ok' })
  process(`${session}${tapedeck.openaiURL}${ended}`)
  const client: TortureClient = async (baseURL, { onText, signal }) => {
    const response = await fetch(baseURL, { signal })
    onText(await response.text())
  }
  const known = [{ case: 'cut/*', verdict: 'hang', why: '' }]
  const report: TortureReport = await torture(client, { sample: true, jobs: 2, known })
  report.check().wrong.map((result) => result.evidence)
  await torture(async function* (baseURL) { yield baseURL })
  for (const one of tortureCases({ sample: true })) await one.check(client)
  await deck[Symbol.asyncDispose]()
  throw new TapedeckError('')
}
function process(text: string): void {}

taped(it)('streams', async (session) => { await session.expect({ requests: 1 }) })
function it(name: string, body: () => Promise<void>): void {}

// @ts-expect-error there is no such mode
useTapedeck({ mode: 'nonsense' })
// @ts-expect-error there is no such option
new Deck({ cassette: 'a' })
// @ts-expect-error sessions are made by a deck
new Session()
export { run }
"""


@pytest.mark.skipif(TSC is None, reason="there is no tsc (Debian's node-typescript)")
@pytest.mark.parametrize(
    ("names", "module"),
    [(["user.mts", "user.cts"], "node16"), (["user.ts"], "commonjs")],
    ids=["import and require", "older resolution"],
)
def test_a_typed_project_compiles_for_both_kinds_of_modules(project, names, module):
    for name in names:
        project.write(name, TYPED)
    (project.folder / "package.json").write_text("{}")
    resolution = "node16" if module == "node16" else "node"
    flags = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom"]
    done = project.run(TSC, *flags, "--module", module, "--moduleResolution", resolution, *names)
    assert (done.code, done.said) == (0, "")


TYPED_VITEST = """
import { test } from 'vitest'
import { Deck, useTapedeck } from 'tapedeck/vitest'

const tapedeck = useTapedeck({ sample: true })
test('in its context', async ({ tapedeck }) => { await tapedeck.expect({ requests: 1 }) })
export const header: string = tapedeck.header
export const deck = new Deck()
"""
VITEST_TYPES = """
export interface TestContext { task: object }
export declare function test(name: string, body: (context: TestContext) => unknown): void
"""


@pytest.mark.skipif(TSC is None, reason="there is no tsc (Debian's node-typescript)")
def test_the_context_of_vitests_tests_is_typed_too(project, node_modules):
    modules = project.folder / "node_modules"
    modules.unlink()
    shutil.copytree(node_modules / "tapedeck", modules / "tapedeck")
    (modules / "vitest").mkdir()
    (modules / "vitest" / "index.d.ts").write_text(VITEST_TYPES)
    (modules / "vitest" / "package.json").write_text('{"name": "vitest", "type": "module", "types": "./index.d.ts"}')
    project.write("user.mts", TYPED_VITEST)
    flags = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom"]
    done = project.run(TSC, *flags, "--module", "node16", "--moduleResolution", "node16", "user.mts")
    assert (done.code, done.said) == (0, "")


def test_what_is_declared_is_what_there_is_whichever_way_it_is_loaded(project):
    package = project.folder / "node_modules" / "tapedeck"
    declared = set(re.findall(r"^export declare (?:class|function) (\w+)", (package / "index.d.cts").read_text(), re.M))
    values = (package / "index.d.mts").read_text().split("export type")[0]
    assert set(re.findall(r"^  (\w+),$", values, re.M)) == declared
    script = (
        "const keys = (m) => Object.keys(m).filter((k) => k !== 'default' && k !== 'module.exports').sort().join()\n"
    )
    script += "const c = require('tapedeck')\n"
    script += "import('tapedeck').then((m) => console.log(keys(c) + ' ' + keys(m) + ' ' + (m.Deck === c.Deck)))"
    one, other, same = project.run(NODE, "-e", script).said.split()
    assert set(one.split(",")) == declared and one == other and same == "true"


def test_a_deck_without_a_test_runner(project):
    project.write(
        "deck.mjs",
        f"""
import {{ Deck }} from 'tapedeck'
const deck = await new Deck({{ cassettes: new URL('file://{CASSETTES}'), pace: 'instant' }}).start()
const session = deck.session('a name').withFault('status:529,retry-after=0s', {{ on: 1 }})
const question = {{ method: 'POST', body: '{{"stream":true}}' }}
const ask = async () => (await fetch(`${{session}}/v1/messages`, question)).status
console.log(await ask(), await ask(), session.name, Object.keys(session.env()).join())
await session.expect({{ statuses: [529, 200], fired: 'status', ended: 'complete' }})
await session.expect({{ statuses: [200], attempts: 1 }}).catch((error) => console.log(error.message))
const twice = session.withFault('reset@event:2', {{ on: 2 }})
console.log(twice.header)
await session.expect({{ status: 1 }}).catch((error) => console.log(error.message))
await deck.stop()
try {{ deck.url }} catch (error) {{ console.log(error.message) }}
await new Deck({{ cassettes: 'nothing-here' }}).start().catch((error) => console.log(error.message))
try {{ new Deck({{ cassete: 'a' }}) }} catch (error) {{ console.log(error.message) }}
const lost = new Deck({{ sample: true, options: {{ paces: '2x' }} }})
await lost.start().catch((error) => console.log(error.message))
""",
    )
    done = project.run(NODE, "deck.mjs")
    lines = done.said.splitlines()
    assert done.code == 0, done.said
    assert lines[0].startswith("529 200 a_name-") and "ANTHROPIC_API_KEY" in lines[0]
    assert "statuses is 529, 200 instead of 200, attempts is 2 instead of 1" in lines[1]
    assert lines[2].strip().startswith("POST /v1/messages, attempt 1: 529, ended complete, fired status:529")
    assert "; fault=status:529,retry-after=0s,on=1; fault=reset@event:2,on=2\n" in done.said
    assert "nothing is known of 'status': expect requests, attempts, statuses" in done.said
    assert "the deck has not been started" in done.said
    assert "nothing-here: there is no such file or folder" in done.said
    assert "a deck has no option 'cassete', only cassettes, sample" in done.said
    assert "--paces" in lines[-1]


@pytest.mark.parametrize(
    ("fault", "segment"),
    [
        ("reset@event:12", "reset@event:12"),
        ("trickle:900KiB/s", "trickle:900KiB%2Fs"),
        ("header:x=a b", "header:x=a%20b"),
        ("header:x=%C3%A9", "header:x=%C3%A9"),
        ("header:x=a?b#c", "header:x=a%3Fb%23c"),
    ],
)
def test_a_fault_is_written_as_a_path_holds_it(project, fault, segment):
    script = f"""
    const {{ Deck }} = require('tapedeck')
    new Deck({{ sample: true }}).start().then(async (deck) => {{
      const {{ url }} = deck.session('a').withFault({json.dumps(fault)}, {{ on: '1-2' }})
      const body = JSON.stringify({{ stream: true }})
      const answer = await fetch(`${{url}}/v1/messages`, {{ method: 'POST', body }})
      await answer.text().catch(() => '')
      console.log(url, answer.status, JSON.stringify((await deck.session('a').journal())[0].directives))
      await deck.stop()
    }})
    """
    done = project.run(NODE, "-e", script)
    assert f"/~session=a/~fault={segment},on=1-2 200 " in done.said, done.said
