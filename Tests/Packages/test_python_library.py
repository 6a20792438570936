"""The Python package without pytest: a deck as a block, its sessions, how it ends, and how it says what is wrong."""

import asyncio
import json
import multiprocessing
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest

from conftest import CASSETTES, ROOT, serving

sys.path.insert(0, str(ROOT / "packages" / "python" / "src"))
import tapedeck as package
from tapedeck._pytest_names import session_name
from tapedeck._words import encoded, option_words

pytest_plugins = ("python_project",)

MANY_FILES = 1100
BODY = b'{"stream":true}'
SAMPLE = ROOT / "docs" / "examples" / "python-deck"


def ask(base):
    return urllib.request.urlopen(f"{base}/v1/messages", BODY).read()


def is_gone(pid):
    """Whether a process has ended; one that nobody waited for has, too."""
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until(holds, within_s=20):
    for _ in range(within_s * 50):
        if holds():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(scope="module")
def python_deck():
    with package.Deck(CASSETTES, pace="instant") as deck:
        yield deck


def test_a_session_has_base_urls_for_each_sdk_and_its_own_count(python_deck):
    session = python_deck.session("mine")
    assert session.url == session.anthropic_url == session.gemini_url == f"{python_deck.url}/~session=mine"
    assert session.openai_url == f"{session.url}/v1" == f"{session}/v1"
    assert python_deck.session().name != python_deck.session().name
    assert b"message_stop" in ask(session.url)
    (entry,) = session.journal()
    assert (entry.session, entry.attempt, entry.status, entry.ended) == ("mine", 1, 200, "complete")
    assert entry.exchange.cassette.startswith("anthropic-") and entry.reproduce.startswith("cassette=anthropic-")
    assert entry.raw["lateness_us"] >= 0
    session.forget()
    ask(session.url)
    assert session.journal()[-1].attempt == 1


def test_faults_and_directives_make_other_sessions_of_the_same_name(python_deck):
    plain = python_deck.session("faults").directive(cassette="anthropic-text")
    broken = plain.with_fault("reset@event:12", on=1).directive(pace="2x").directive(pace="ttft:1ms,rate:9000/s")
    assert plain.url.count("/~") == 2, "it is a value"
    assert broken.url.endswith("/~fault=reset@event:12,on=1/~pace=ttft:1ms,rate:9000%2Fs")
    assert broken.header.endswith("; fault=reset@event:12,on=1; pace=ttft:1ms,rate:9000%2Fs")
    with pytest.raises(OSError):
        ask(broken.url)
    assert b"message_stop" in ask(broken.url)
    entries = plain.expect(requests=2, attempts=2, statuses=[200, 200], fired="reset", ended=["reset", "complete"])
    assert [fault.name for entry in entries for fault in entry.faults] == ["reset"]
    assert plain.problems() == []
    with pytest.raises(ValueError, match="with_fault"):
        plain.directive(fault="reset")


def test_what_was_not_expected_is_said_with_the_journal(python_deck):
    session = python_deck.session("unexpected").with_fault("status:529", on=1)
    with pytest.raises(urllib.error.HTTPError):
        ask(session.url)
    with pytest.raises(AssertionError) as raised:
        session.expect(attempts=2, statuses=[200], fired=["reset"], ended="client", conduct="retry-storm")
    words = str(raised.value)
    assert "session unexpected: expected attempts 2, found 1" in words
    assert "expected statuses [200], found [529]" in words and "expected ended client, found complete" in words
    assert "expected reset to fire, and it did not; status:529,on=1 fired, which was not expected" in words
    assert "expected conduct retry-storm, found ok" in words
    assert "\n  POST /v1/messages, attempt 1: 529, " in words


def test_problems_are_named_by_kind(python_deck):
    session = python_deck.session("problems")
    for url in (f"{session}/v1", session.with_fault("stal:1s").url, session.with_fault("reset@event:2", on=9).url):
        try:
            ask(url)
        except urllib.error.HTTPError:
            pass
    assert [problem.kind for problem in session.problems()] == ["refused", "miss", "unfired"]
    assert {problem.kind for problem in session.problems("loose,unplayed")} == {"loose", "unplayed"}
    assert session.problems("none") == [] == python_deck.session("unheard").problems()
    with pytest.raises(ValueError, match="there is no kind of problem 'mist': there are refused, miss, "):
        session.problems("mist")


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("session", "a/b[c]:d", "a%2Fb%5Bc%5D%3Ad"),
        ("cassette", "sub/50%", "sub%2F50%25"),
        ("fault", "reset@event:12,on=1-2", "reset@event:12,on=1-2"),
        ("fault", "header:x-a=b c/d", "header:x-a=b%20c%2Fd"),
        ("fault", "header:x-a=b%2Cc", "header:x-a=b%2Cc"),
        ("fault", "header:x-a=é;?#", "header:x-a=%C3%A9%3B%3F%23"),
        ("pace", "gap:1ms,jitter:20%", "gap:1ms,jitter:20%25"),
        ("fault", "error:100%x", "error:100%25x"),
    ],
)
def test_values_are_encoded_so_that_the_deck_reads_what_was_said(key, value, text):
    assert encoded(key, value) == text


def test_a_literal_argument_is_quoted(python_deck):
    note = "a, b; c: 50%/@ é"
    session = python_deck.session("quoted").with_fault(f"header:x-note={package.quote(note)}")
    with urllib.request.urlopen(f"{session}/v1/messages", BODY) as answer:
        assert answer.headers["x-note"] == note


def test_options_become_flags():
    words = option_words({"match_normalize": ["uuid", "date"], "watch": True, "pace": None, "on_miss": 599, "a": False})
    assert words == ["--match-normalize", "uuid", "--match-normalize", "date", "--watch", "--on-miss", "599"]


def test_the_environment_is_set_and_put_back(python_deck, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "mine")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://before")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with python_deck.session("set").environment() as session:
        assert os.environ["OPENAI_BASE_URL"] == session.openai_url
        assert (os.environ["OPENAI_API_KEY"], os.environ["ANTHROPIC_API_KEY"]) == ("mine", "tapedeck")
    assert os.environ["OPENAI_BASE_URL"] == "http://before" and "ANTHROPIC_API_KEY" not in os.environ


def test_a_deck_records_and_gives_no_dummy_keys(live, tmp_path, monkeypatch):
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    folder = tmp_path / "tapes"
    body = json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": "text: hi"}]}).encode()
    with package.Deck(mode="once", upstream={"/v1": live}, record_to=folder) as deck:
        session = deck.session("kept")
        assert "ANTHROPIC_API_KEY" not in session.env()
        request = urllib.request.Request(f"{session}/v1/messages", body, {"x-api-key": "any"})
        assert b"message_stop" in urllib.request.urlopen(request).read()
        assert session.journal()[0].upstream == f"{live}/v1/messages"
    assert [path.name for path in folder.iterdir()] == ["kept.tape"]


def test_a_deck_listens_on_this_machine_unless_its_options_say_otherwise(monkeypatch):
    monkeypatch.setenv("TAPEDECK_HOST", "0.0.0.0")
    with package.Deck(sample=True) as deck:
        assert deck.url.startswith("http://127.0.0.1:") and deck.session("s").journal() == []
    with package.Deck(sample=True, host="localhost") as deck:
        assert deck.session("s").journal() == []


def test_an_async_block_and_clients_at_once():
    async def answers():
        async with package.Deck(sample=True, pace="instant") as deck:
            asked = [asyncio.to_thread(ask, deck.session(f"s{number}").url) for number in range(8)]
            return await asyncio.gather(*asked)

    found = asyncio.run(answers())
    assert len(set(found)) == 1 and b"message_stop" in found[0]


def test_the_examples_of_the_page_run(python):
    done = python.run("python", "deck.py", cwd=SAMPLE)
    assert done.code == 0, done.out
    done = python.run("python", "judge.py", cwd=SAMPLE)
    assert done.code == 0 and "cut/end/event-23: silent-truncation: delivered 199 of 396" in done.out, done.out
    done = python.pytest("-o", "tapedeck_options=--sample", "test_sample.py", cwd=SAMPLE)
    assert done.code == 0 and "2 passed" in done.out, done.out


def test_the_page_on_pypi_shows_the_same_example():
    page = (ROOT / "packages" / "python" / "README.md").read_text()
    assert f"```python\n{(SAMPLE / 'test_sample.py').read_text()}```" in page


def test_python_m_is_the_program(python, tmp_path):
    done = python.run("python", "-m", "tapedeck", "--version", cwd=tmp_path)
    assert (done.code, done.out.strip()) == (0, package.__version__)


def test_what_a_deck_finds_at_its_end_is_an_error_of_the_block():
    with pytest.raises(package.DeckError, match="1 request matched no exchange"):
        with package.Deck(sample=True, fail_on="miss") as deck, pytest.raises(urllib.error.HTTPError):
            ask(f"{deck.session('lost')}/v2")
    with pytest.raises(ZeroDivisionError), package.Deck(sample=True, fail_on="unplayed"):
        1 / 0  # noqa: B018


# How a deck ends


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(1)", "sys.exit()", "1 / 0"])
def test_a_deck_ends_with_its_process_however_that_ends(python, tmp_path, end):
    text = f"""
import os, signal, subprocess, sys, tapedeck
deck = tapedeck.Deck(sample=True).start()
# What it started holds no end of the deck's pipe, whatever it does with descriptors.
child = subprocess.Popen(["sleep", "60"], close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(deck.pid, child.pid, flush=True)
{end}
"""
    done = python.run("python", "-c", text, cwd=tmp_path)
    deck, child = map(int, done.out.split("\n")[0].split())
    try:
        assert wait_until(lambda: is_gone(deck)), "the deck is left"
        assert not is_gone(child)
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_forked_child_neither_ends_a_deck_nor_keeps_it_alive(python, tmp_path):
    text = """
import os, sys, time, tapedeck
deck = tapedeck.Deck(sample=True).start()
session = deck.session("s")
session.journal()
ready, tell = os.pipe()
child = os.fork()
if child == 0:
    session.journal()
    assert deck.stop() is None
    os.write(tell, b"x")
    os.execvp("sleep", ["sleep", "60"]) if sys.argv[1:] else time.sleep(60)
os.read(ready, 1)
session.journal()
print(deck.pid, child, flush=True)
os._exit(0)
"""
    for words in ((), ("exec",)):
        with subprocess.Popen(
            [python.folder / "bin" / "python", "-c", text, *words],
            stdout=subprocess.PIPE,
            env=python.variables,
            cwd=tmp_path,
        ) as process:
            deck, child = map(int, process.stdout.readline().split())
            try:
                assert wait_until(lambda pid=deck: is_gone(pid)), "the child keeps it alive"
                assert not is_gone(child)
            finally:
                os.kill(child, signal.SIGKILL)


def asked_in_child(session, results):
    ask(session.url)
    results.put(len(session.journal()))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_process_uses_the_deck_of_its_parent(python_deck, method):
    context = multiprocessing.get_context(method)
    session, results = python_deck.session(f"worker-{method}"), context.SimpleQueue()
    worker = context.Process(target=asked_in_child, args=(session, results))
    worker.start()
    worker.join(30)
    assert results.get() == 1 and len(session.journal()) == 1
    assert python_deck.is_running


# Bad input


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cassettes": ["/nowhere"]}, "/nowhere: there is no such file or folder"),
        ({"sample": True, "match": "x"}, "--match x: there are any, body"),
        ({"sample": True, "mach": "x"}, "Unknown option '--mach'"),
        ({"sample": True, "mode": "once"}, "--mode once needs --upstream URL"),
    ],
)
def test_a_deck_that_cannot_start_raises_its_own_words(options, words):
    with pytest.raises(package.DeckError) as raised, package.Deck(*options.pop("cassettes", ()), **options):
        pass
    assert words in str(raised.value)


def test_a_port_in_use_and_a_folder_that_cannot_be_written_are_said_in_a_line(python_deck, tmp_path):
    port = int(python_deck.url.rpartition(":")[2])
    with pytest.raises(package.DeckError, match=f"{port}") as raised, package.Deck(sample=True, port=port):
        pass
    assert str(raised.value).count("\n") == 0 and "in use" in str(raised.value)
    blocked = tmp_path / "file"
    blocked.touch()
    recording = package.Deck(mode="once", upstream="http://127.0.0.1:9", record_to=blocked / "tapes")
    with pytest.raises(package.DeckError) as raised:
        recording.start()
    assert str(raised.value).count("\n") == 0 and str(blocked) in str(raised.value)


def test_a_folder_that_cannot_be_written_can_still_be_played(python, tmp_path):
    folder = tmp_path / "tapes"
    shutil.copytree(CASSETTES, folder)
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    text = "import tapedeck; tapedeck.Deck(record_to='tapes').start().session('s').problems()"
    try:
        done = python.run("python", "-c", text, cwd=tmp_path)
    finally:
        folder.chmod(stat.S_IRWXU)
    assert (done.code, done.out) == (0, "")


def test_a_missing_program_says_where_it_was_looked_for(monkeypatch, tmp_path):
    monkeypatch.setenv("TAPEDECK", str(tmp_path / "none"))
    with pytest.raises(package.DeckError, match=r"TAPEDECK names '.*none', which is no program that can be run"):
        package.program()
    monkeypatch.delenv("TAPEDECK")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(package.DeckError, match=r"there is no program tapedeck: .*; install a wheel, .* TAPEDECK"):
        package.program()
    found = tmp_path / "tapedeck"
    found.write_text("#!/bin/sh\n")
    found.chmod(0o755)
    assert package.program() == str(found)
    found.unlink()
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(package.DeckError, match="there is no tapedeck for Windows: run the tests in WSL"):
        package.program()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#!/lib/ld-musl-none.so.1\n", "needs glibc, and this system has another C library (musl, as in Alpine)"),
        ("\x7fELF no program", "cannot be run here: Exec format error"),
        (
            "#!/bin/sh\necho \"tapedeck: libc.so.6: version 'GLIBC_2.99' not found\" >&2; exit 1\n",
            "'GLIBC_2.99' not found",
        ),
        ("#!/bin/sh\nexit 3\n", "ended with exit code 3 and said nothing"),
    ],
)
def test_a_program_that_does_not_run_here_is_said_in_a_line(monkeypatch, tmp_path, text, words):
    program = tmp_path / "tapedeck"
    program.write_text(text)
    program.chmod(0o755)
    monkeypatch.setenv("TAPEDECK", str(program))
    with pytest.raises(package.DeckError) as raised:
        package.Deck(sample=True).start()
    assert words in str(raised.value) and "\n" not in str(raised.value)


def test_a_deck_that_has_died_is_named_by_what_asks_it():
    deck = package.Deck(sample=True).start()
    session = deck.session("s")
    assert session.journal() == []
    os.kill(deck.pid, signal.SIGKILL)
    assert wait_until(lambda: not deck.is_running)
    with pytest.raises(package.DeckError, match=f"the deck at {deck.url} does not answer"):
        session.journal()
    deck.stop()
    with pytest.raises(package.DeckError, match="the deck does not run"):
        deck.session("s")


# Names


@pytest.mark.parametrize(
    ("test", "name"),
    [
        ("test_client.py::test_answer[429]", "test_client-test_answer-429"),
        ("tests/unit/test_a.py::TestB::test_c", "tests-unit-test_a-TestB-test_c"),
        ("test_a.py::test_b[x-y_z]", "test_a-test_b-x-y_z"),
        ("test_a.py::test_b[a b]", "test_a-test_b-a_b-5ef0ff54"),
        ("test_a.py::test_b[ä]", None),
        ("my-tests/test_a.py::test_b", None),
        ("a.py::helper", None),
        ("test_a.py::test_" + "b" * 200, None),
        ("test_a.py::test_b[]", None),
        ("test_a.py::test_b[x/::y]", None),
    ],
)
def test_a_session_is_named_so_that_people_can_read_it(test, name):
    found = session_name(test)
    assert 1 <= len(found) <= 128 and not set(found) - set("-_") - set(map(chr, range(48, 123)))
    if name is None:
        assert found[-9] == "-" and set(found[-8:]) <= set("0123456789abcdef")
    elif not name.endswith("5ef0ff54"):
        assert found == name


def test_unlike_tests_never_share_a_name():
    folders = ["", "a/", "a_/", "a-/", "test_a/", "a/b/"]
    modules = ["test_a", "a_test", "test_a-b", "test_a_", "a"]
    names = ["test_b", "Test::test_b", "T::T::test_b", "test_b[x]", "test_b[x-y]", "test_b[x y]", "test_b[x_y]", "Test"]
    names += ["test_b::test_c", "test_b[test_c]", "test_b[]", "test_b[[]", "test_b[]]", "test_b[-]", "test_b[x][y]"]
    tests = [f"{folder}{module}.py::{name}" for folder in folders for module in modules for name in names]
    assert len({session_name(test) for test in tests}) == len(tests)


def test_the_program_that_came_with_the_package_is_found_before_that_in_the_path(python, tmp_path):
    beside = python.folder / "bin" / "tapedeck"
    text = "import tapedeck; print(tapedeck.program())"
    made = not beside.exists()
    if made:
        beside.write_text("#!/bin/sh\n")
        beside.chmod(0o755)
    try:
        done = python.run("python", "-c", text, cwd=tmp_path, TAPEDECK="")
    finally:
        if made:
            beside.unlink()
    assert done.out.strip() == str(beside), done.out


def test_a_process_with_many_files_open_starts_a_deck():
    """More than the 1024 that select can name."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (MANY_FILES * 2, limits[1]))
    except ValueError:
        pytest.skip(f"this process may open {limits[1]} files at most")
    try:
        with ExitStack() as files:
            for _ in range(MANY_FILES):
                files.enter_context(open(os.devnull, "rb"))
            with package.Deck(sample=True) as deck:
                assert ask(deck.url)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_two_decks_at_once_share_nothing(tapedeck, tmp_path):
    with serving([tapedeck, "serve", CASSETTES], tmp_path / "port") as other, package.Deck(CASSETTES) as deck:
        assert deck.url != other
        session = deck.session("one")
        ask(session.directive(pace="instant").url)
        assert len(session.journal()) == 1
        assert package.Session(package._deck.Pages(other), "one").journal() == []
