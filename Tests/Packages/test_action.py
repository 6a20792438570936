"""The GitHub Action: its steps are run as a runner runs them, with the release that was built here."""

import contextlib
import functools
import http.server
import json
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import wire
from actions_job import Job, Step

ROOT = Path(__file__).resolve().parents[2]
STREAM = '{"stream":true}'


@pytest.fixture
def job(dist, tmp_path):
    made = Job(tmp_path, dist)
    yield made
    if made.runs_a_deck():
        made.ends()


@contextlib.contextmanager
def served(folder):
    """The files of a folder over HTTP; gives the base URL and the list of the paths that were asked for."""
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            asked.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()


def listens(url):
    parts = urlsplit(url)
    with socket.socket() as trial:
        return trial.connect_ex((parts.hostname, parts.port)) == 0


def test_later_steps_find_the_deck_and_it_ends_with_the_job(job):
    step = job.uses(args="--sample")
    assert step.code == 0, step.said
    url = step.outputs["url"]
    assert step.outputs["port"] == str(urlsplit(url).port)
    assert job.has("ENV") == {
        "TAPEDECK_URL": url,
        "ANTHROPIC_BASE_URL": url,
        "OPENAI_BASE_URL": f"{url}/v1",
        "GOOGLE_GEMINI_BASE_URL": url,
        "ANTHROPIC_API_KEY": "tapedeck",
        "OPENAI_API_KEY": "tapedeck",
        "GEMINI_API_KEY": "tapedeck",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }
    folder = job.files["PATH"].read_text().strip()
    assert (
        subprocess.run([f"{folder}/tapedeck", "--version"], capture_output=True, text=True).stdout.strip()
        == (step.outputs["version"])
    )
    assert wire.post(f"{url}/v1/messages", STREAM.encode()).status == 200
    ended = job.ends()
    assert (ended.code, ended.errors) == (0, []), ended.said
    assert not listens(url)


def test_a_request_that_nothing_answers_fails_the_job_at_its_end(job):
    url = job.uses(args="--sample").outputs["url"]
    assert wire.post(f"{url}/v1/nowhere", STREAM.encode()).status == 404
    ended = job.ends()
    assert ended.code == 1
    assert len(ended.errors) == 1
    assert "/v1/nowhere" in ended.errors[0]


def test_what_fails_the_job_can_be_chosen(job):
    url = job.uses(args="--sample", fail_on="none").outputs["url"]
    assert wire.post(f"{url}/v1/nowhere", STREAM.encode()).status == 404
    assert job.ends().code == 0


def test_a_proxy_that_is_there_already_stays(job):
    job.uses(args="--sample", runner={"NO_PROXY": "a.example, b.example"})
    assert job.has("ENV")["NO_PROXY"].startswith("a.example, b.example,127.0.0.1")


@pytest.mark.parametrize(
    ("run", "code", "words"),
    [
        ('curl -sf "$ANTHROPIC_BASE_URL/v1/messages" -d @body > answer\ngrep message_stop answer', 0, "message_stop"),
        ("false | true\necho not reached", 1, ""),
        ("exit 3", 3, ""),
        ('curl -s "$ANTHROPIC_BASE_URL/v1/nowhere" -d @body > answer', 1, "/v1/nowhere"),
    ],
)
def test_commands_run_with_the_deck_around_them(job, run, code, words):
    (job.folder / "body").write_text(STREAM)
    step = job.uses(args="--sample", run=run)
    assert step.code == code, step.said
    assert words in step.said
    assert "not reached" not in step.said
    # Nothing is left for the end of the job.
    assert job.ends() == Step(0, "", [], step.outputs)


def test_arguments_are_written_as_in_a_shell(job):
    (job.folder / "two words").mkdir()
    shutil.copy(ROOT / "cassettes" / "anthropic-text.tape", job.folder / "two words")
    url = job.uses(cassettes="two words", args="--pace instant\n--fault 'status:429,retry-after=1s,on=1'").outputs[
        "url"
    ]
    assert [wire.post(f"{url}/v1/messages", STREAM.encode()).status for _ in range(2)] == [429, 200]


@pytest.mark.parametrize("commands", [{"run": "true"}, {}])
def test_nothing_in_the_arguments_is_run(job, commands):
    args = '--sample \\\n --seed 3 --host "$(touch ran)" `touch ran` $PWD ; touch ran & # not a comment'
    step = job.uses(args=args, **commands)
    assert (step.code, step.outputs.keys()) == (66 if commands else 1, {"version"})
    assert not (job.folder / "ran").exists()


def test_a_quote_that_does_not_end_is_said(job):
    step = job.uses(args="--sample --fault 'end@event:12")
    assert (step.code, step.errors) == (1, ["args: expected a quote at the end of 'end@event:12"])


def test_it_records_what_no_cassette_answers(job, live):
    shutil.copy(ROOT / "scripts" / "requests" / "openai-chat.json", job.folder / "body")
    run = 'curl -sf "$OPENAI_BASE_URL/chat/completions" -H "authorization: Bearer dummy" -d @body'
    step = job.uses(mode="once", upstream=live, record_to="tapes/", run=run)
    assert step.code == 0, step.said
    assert len([*(job.folder / "tapes").glob("*.tape")]) == 1


def test_when_the_deck_cannot_start_its_own_words_are_the_error(job):
    (job.folder / "empty").mkdir()
    step = job.uses(cassettes="empty")
    assert step.code == 1
    (error,) = step.errors
    assert error.startswith("tapedeck: empty: there is no .tape file in this folder")
    assert job.ends().code == 0


def test_a_port_in_use_is_said(job):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        step = job.uses(args="--sample", port=port)
    assert step.code == 1
    assert len(step.errors) == 1
    assert port in step.errors[0]


def test_a_file_with_another_checksum_is_not_used(job, dist, tmp_path):
    release = tmp_path / "release"
    release.mkdir()
    for name in (path.name for path in Path(dist).iterdir() if path.name.endswith(".tar.gz")):
        (release / name).write_bytes(b"something else")
    shutil.copy(Path(dist) / "SHA256SUMS", release)
    job.release = release
    step = job.uses(args="--sample")
    assert step.code == 1
    assert "do not use it" in step.errors[0]
    assert job.files["PATH"].read_text() == ""


@pytest.mark.parametrize(
    ("ref", "version", "path"),
    [
        ("v0.1.0", "", "download/v0.1.0"),
        ("main", "", "latest/download"),
        ("v0", "", "latest/download"),
        ("main", "v0.1.0", "download/v0.1.0"),
    ],
)
def test_the_release_is_that_of_the_action_unless_another_is_named(job, dist, tmp_path, ref, version, path):
    place = tmp_path / "web" / "owner" / "tapedeck" / "releases" / path
    place.parent.mkdir(parents=True)
    place.symlink_to(dist)
    with served(tmp_path / "web") as (base, asked):
        runner = {"GITHUB_SERVER_URL": base, "GITHUB_ACTION_REPOSITORY": "owner/tapedeck", "GITHUB_ACTION_REF": ref}
        job.release = ""
        step = job.uses(runner=runner, version=version, args="--sample", run="true")
    assert step.code == 0, step.said
    assert len(asked) == 2


def test_a_release_that_is_not_there_is_said(job, tmp_path):
    with served(tmp_path) as (base, _):
        job.release = f"{base}/gone"
        step = job.uses(args="--sample")
    assert step.code == 1
    assert f"{base}/gone/SHA256SUMS" in step.errors[0]
    assert "404" in step.errors[0]


def test_another_version_than_was_asked_for_is_not_used(job):
    step = job.uses(args="--sample", version="9.9.9")
    assert step.code == 1
    assert "expected version 9.9.9" in step.errors[0]


@pytest.mark.parametrize(
    ("platform", "arch", "glibc", "words"),
    [
        ("linux", "x64", "2.36", "linux-x86_64"),
        ("linux", "arm64", "2.36", "linux-arm64"),
        ("darwin", "arm64", None, "macos-arm64"),
        ("darwin", "x64", None, "this runner is darwin/x64: choose another runs-on"),
        ("win32", "x64", None, "this runner is win32/x64: choose another runs-on"),
        ("linux", "x64", None, "this container has musl: choose a Debian or Ubuntu image"),
    ],
)
def test_each_machine_gets_its_release_or_a_clear_refusal(platform, arch, glibc, words):
    header = json.dumps({"glibcVersionRuntime": glibc} if glibc else {})
    machine = f"{{platform: '{platform}', arch: '{arch}', report: {{getReport: () => ({{header: {header}}})}}}}"
    script = f"""
      const {{ platformOf }} = await import('{ROOT}/packages/action/release.mjs')
      try {{ console.log(platformOf({machine})) }} catch (error) {{ console.log(error.message) }}
    """
    done = subprocess.run(["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    assert words in done.stdout
