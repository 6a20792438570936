"""Whatever is asked for, memory and time are bounded, and what is too much is said in one line."""

import json
import resource
from pathlib import Path

import pytest

import child
import wire
from conftest import CASSETTES, running

TAPE = CASSETTES / "anthropic-text.tape"
MIB = 1 << 20
HEADER = '{"tapedeck":1}\n'


def tape_of(*bodies, extra=""):
    """The text of a cassette with an exchange for each body, each in one chunk."""
    lines = [HEADER]
    for number, body in enumerate(bodies):
        lines += [
            '[0,"q",{"id":"%016x","at":"2026-11-22T11:00:00Z","method":"POST",'
            '"url":"http://x/v1/messages"}]\n' % (number + 1),
            '[1,"h",{"status":200,"headers":[["content-type","text/event-stream"]]}]\n',
            extra,
            json.dumps([1, "d", body]) + "\n",
            '[1,"e",{"how":"complete"}]\n',
        ]
    return "".join(lines)


# What a plan may be.

TOO_MUCH = {
    "big": ["big:64MiB@event:1"] * 3,
    "thirty big": [f"big:64MiB@event:{1 + n % 3}" for n in range(30)],
    "trailing": ["trailing:64MiB"] * 3,
    "both": ["big:60MiB@event:1", "trailing:60MiB", "big:10MiB@event:2"],
    "with pieces": ["big:64MiB@event:1", "trailing:64MiB", "rechunk:1000"],
}


@pytest.mark.parametrize("faults", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_plan_is_refused_before_it_is_built(tapedeck, faults):
    flags = [word for fault in faults for word in ("--fault", fault)]
    for verb in ("plan", "plan --json"):
        ended = child.run(tapedeck, *verb.split(), TAPE, *flags, within_s=5)
        assert ended.returncode == 64
        assert len(ended.lines) == 1
        assert "the limit is 134217728" in ended.lines[0] and "--max-plan" in ended.lines[0]
        assert ended.memory_bytes < 100 * MIB


def test_a_deck_refuses_such_a_plan_with_400_and_goes_on(tapedeck, tmp_path):
    port_file = tmp_path / "port"
    with running([tapedeck, "serve", TAPE], port_file) as process:
        base = f"http://127.0.0.1:{int(port_file.read_text())}"
        body = json.dumps({"model": "m", "messages": [], "stream": True}).encode()
        for faults in TOO_MUCH.values():
            prefix = "".join(f"/~fault={fault}" for fault in faults)
            answer = wire.post(f"{base}/~pace=instant{prefix}/v1/messages", body)
            assert answer.status == 400
            assert b"--max-plan" in answer.body
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        assert int(peak.split()[1]) * 1024 < 150 * MIB


MULTIPLIED = {
    "duplicate": ["duplicate@event:1"] * 60,
    "comment": ["comment"] * 60,
    "fields": ["fields"] * 60,
    "newline": ["newline:crlf"],
    "split-data": ["split-data"] * 8,
    "ping": ["ping@event:1"] * 60,
    "pieces": ["rechunk:1"],
    "trickle": ["trickle:10B/s"],
    "gzip": ["rechunk:1", "gzip"],
    "interim": ["interim"] * 60,
}


@pytest.mark.parametrize("faults", MULTIPLIED.values(), ids=MULTIPLIED)
def test_what_multiplies_keeps_to_the_limit_that_was_given(tapedeck, tmp_path, faults):
    path = tmp_path / "events.tape"
    data = json.dumps({"type": "ping", "x": "y" * 20})
    path.write_text(tape_of(f"data: {data}\n\n" * 500, "data: 1\n\n"))
    flags = [word for fault in faults for word in ("--fault", fault)]
    bytes_now = len(f"data: {data}\n\n" * 500)
    ended = child.run(tapedeck, "plan", path, "--exchange", 1, *flags, "--max-plan", f"{bytes_now + 100}B")
    assert ended.returncode == 64, ended.stdout[:300]
    assert len(ended.lines) == 1 and "--max-plan" in ended.lines[0]


@pytest.mark.parametrize("verb", ["plan", "play --pace instant", "serve"])
def test_a_plan_may_be_as_large_as_the_limit_and_no_byte_larger(tapedeck, tmp_path, verb):
    path = tmp_path / "one.tape"
    path.write_text(tape_of("data: " + "x" * 100 + "\n\n"))
    size = 108 + len("6c\r\n\r\n")
    for limit, is_taken in ((size, True), (size - 1, False)):
        flag = ["--max-plan", f"{limit}B"]
        if verb == "serve":
            port_file = tmp_path / f"port-{limit}"
            with running([tapedeck, "serve", path, *flag], port_file):
                base = f"http://127.0.0.1:{int(port_file.read_text())}"
                answer = wire.post(f"{base}/v1/messages", b"{}")
            assert answer.status == (200 if is_taken else 400)
        else:
            ended = child.run(tapedeck, *verb.split(), path, *flag)
            assert ended.returncode == (0 if is_taken else 64)


# What the system refuses.

VERBS = {
    "faults": ["faults"],
    "show": ["show", TAPE],
    "plan": ["plan", TAPE],
    "check": ["check", TAPE],
    "play": ["play", TAPE, "--pace", "instant"],
    "record": ["record", "http://127.0.0.1:9/x", "-o", "{}/new.tape"],
    "serve": ["serve", TAPE, "--port", "0", "--", "true"],
}


def in_folder(words, folder):
    return [str(word).replace("{}", str(folder)) for word in words]


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS)
def test_few_descriptors_are_one_line_and_an_exit_code(tapedeck, tmp_path, words):
    for count in (4, 5, 7, 9, 10, 11, 12, 13, 14, 16, 20, 40):
        folder = tmp_path / str(count)
        folder.mkdir()
        ended = child.run(tapedeck, *in_folder(words, folder), limits={resource.RLIMIT_NOFILE: count})
        assert ended.returncode in (0, 1, 66, 69), (count, ended)
        assert len(ended.lines) == (0 if ended.returncode == 0 else 1), (count, ended)


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS)
def test_little_address_space_is_one_line_and_an_exit_code(tapedeck, tmp_path, words):
    for mebibytes in (80, 112, 128, 144, 176, 208, 256, 384):
        folder = tmp_path / str(mebibytes)
        folder.mkdir()
        ended = child.run(
            tapedeck,
            *in_folder(words, folder),
            limits={resource.RLIMIT_AS: mebibytes * MIB},
            within_s=20,
        )
        assert ended.returncode in (0, 69), (mebibytes, ended)
        assert len(ended.lines) == (0 if ended.returncode == 0 else 1), (mebibytes, ended)


# What flags say.


def nested(depth, where):
    """A cassette whose line `where` nests that deep."""
    inner = "[" * (depth - 2) + "]" * (depth - 2)
    text = tape_of("data: hi\n\n", extra="" if where != "m" else f'[1,"m",[{inner}]]\n')
    if where == "q":
        return text.replace('"method"', f'"x":{inner},"method"')
    return text.replace('"status"', f'"x":{inner},"status"') if where == "h" else text


@pytest.mark.parametrize("depth", [1, 64, 512, 513, 1000])
@pytest.mark.parametrize("where", ["q", "h", "m"])
def test_nesting_may_be_as_deep_as_is_said_and_no_deeper(tapedeck, tmp_path, depth, where):
    fits, deeper = tmp_path / "fits.tape", tmp_path / "deeper.tape"
    least = max(depth, 4)
    fits.write_text(nested(least, where))
    deeper.write_text(nested(least + 1, where))
    for verb in (["show"], ["check"], ["plan"], ["play", "--pace", "instant"]):
        flag = ["--max-nesting", least]
        assert child.run(tapedeck, *verb, fits, *flag).returncode == 0
        ended = child.run(tapedeck, *verb, deeper, *flag)
        assert ended.returncode == 65
        assert f"deeper than {least}".encode() in ended.stdout + ended.stderr
    for path, code in ((fits, 0), (deeper, 65)):
        words = ["serve", path, "--max-nesting", least, "--port", "0", "--", "true"]
        assert child.run(tapedeck, *words).returncode == code
    assert child.run(tapedeck, "show", fits, "--max-nesting", 1001).returncode == 64


LIMITS = {
    "--max-exchanges": (3, 2),
    "--max-line": ("{line}B", "{line_less}B"),
    "--max-inflated": ("{all}B", "{all_less}B"),
}


@pytest.mark.parametrize("flag", LIMITS)
def test_a_limit_holds_at_its_value_and_not_one_beyond(tapedeck, tmp_path, flag):
    path = tmp_path / "three.tape"
    text = tape_of("data: 1\n\n", "data: 2\n\n", "data: 3\n\n")
    path.write_text(text)
    longest = max(map(len, text.splitlines()))
    values = {
        "line": longest,
        "line_less": longest - 1,
        "all": len(text),
        "all_less": len(text) - 1,
    }
    enough, too_little = (str(value).format(**values) for value in LIMITS[flag])
    for verb in (["show"], ["check"], ["plan"], ["play", "--pace", "instant"], ["serve"]):
        rest = ["--port", "0", "--", "true"] if verb == ["serve"] else []
        assert child.run(tapedeck, *verb, path, flag, enough, *rest).returncode == 0
        assert child.run(tapedeck, *verb, path, flag, too_little, *rest).returncode == 65
