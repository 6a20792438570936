"""What `record` takes from the habits of curl, and what it says without being asked."""

import os

import pytest

import tape
from conftest import run
from scripted_upstream import FIN, head, plain, stream, upstream

KEY = "sk-ant-api03-" + "k" * 40


def values(request, name):
    """The values of a field, as bytes."""
    lines = request.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return [line.partition(b": ")[2] for line in lines if line.lower().startswith(name + b":")]


def test_headers_come_from_a_file(tapedeck, tmp_path):
    keys = tmp_path / "keys.txt"
    keys.write_bytes(b"x-api-key: %b\r\n\nX-Byte: \xff\xe9 \nx-empty:\n" % KEY.encode())
    with upstream(stream()) as server:
        done = run(tapedeck, "record", server.url + "/a", "-H", f"@{keys}", "-H", "x-b: 1", "-o", tmp_path / "t.tape")
        assert done.returncode == 0, done.stderr
        [request] = server.requests
    assert values(request, b"x-api-key") == [KEY.encode()]
    assert values(request, b"x-byte") == [b"\xff\xe9"]
    assert values(request, b"x-b") == [b"1"]
    assert KEY not in repr(tape.read(tmp_path / "t.tape"))


def test_a_line_of_such_a_file_that_is_no_header_is_named_and_not_shown(tapedeck, tmp_path):
    keys = tmp_path / "keys.txt"
    keys.write_text(f"x-a: 1\n{KEY}\n")
    done = run(tapedeck, "record", "http://127.0.0.1:1/", "-H", f"@{keys}", "-o", tmp_path / "t.tape")
    assert done.returncode == 64 and b"line 2" in done.stderr and KEY.encode() not in done.stderr
    missing = run(tapedeck, "record", "http://127.0.0.1:1/", "-H", "@nowhere.txt", "-o", tmp_path / "t.tape")
    assert missing.returncode == 66


@pytest.mark.parametrize("value", ["é €".encode(), b"caf\xe9\xff"])
def test_a_header_goes_out_byte_for_byte(tapedeck, tmp_path, value):
    with upstream(stream()) as server:
        for number, form in enumerate(
            [("-H", os.fsdecode(b"x-a: " + value)), (os.fsdecode(b"--header=x-a: " + value),)]
        ):
            assert run(tapedeck, "record", server.url, *form, "-o", tmp_path / f"{number}.tape").returncode == 0
        assert [values(request, b"x-a") for request in server.requests] == [[value]] * 2
    [exchange] = tape.read(tmp_path / "0.tape")
    assert dict(exchange.request["headers"])["x-a"] == value.decode("latin-1")


def test_the_flags_of_curl_are_taken(tapedeck, tmp_path):
    with upstream(stream()) as server:
        done = run(tapedeck, "record", "-sN", server.url, "--data-binary", "a\nb", "-o", tmp_path / "t.tape")
        assert done.returncode == 0, done.stderr
        assert server.requests[0].endswith(b"\r\n\r\na\nb")


def test_a_cassette_without_an_answer_is_named_and_replaced_on_request(tapedeck, tmp_path):
    target = tmp_path / "t.tape"
    scripts = [plain(b"{}", "401 Unauthorized"), stream()]
    with upstream(scripts) as server:
        assert run(tapedeck, "record", server.url, "-d", "{}", "-o", target).returncode == 0
        refused = run(tapedeck, "record", server.url, "-d", "{}", "-o", target)
        assert refused.returncode == 64
        assert b"no answer" in refused.stderr and b"401" in refused.stderr and b"--force" in refused.stderr
        assert run(tapedeck, "record", server.url, "-d", "{}", "-o", target, "--force").returncode == 0
    assert [exchange.head["status"] for exchange in tape.read(target)] == [200]
    assert [path.name for path in tmp_path.iterdir()] == ["t.tape"]
    kept = run(tapedeck, "record", "http://127.0.0.1:1/", "-o", target)
    assert kept.returncode == 64 and b"no answer" not in kept.stderr


@pytest.mark.parametrize("name", ["t.tape", "n" * 250 + ".tape"])
def test_force_replaces_a_cassette_and_leaves_nothing_beside_it(tapedeck, tmp_path, name):
    target = tmp_path / name
    with upstream([stream(), stream()]) as server:
        assert run(tapedeck, "record", server.url, "-o", target).returncode == 0
        target.chmod(0o640)
        link = tmp_path / "link"
        link.symlink_to(target)
        done = run(tapedeck, "record", server.url, "-d", "{}", "-o", link, "--force")
        assert done.returncode == 0, done.stderr
    assert [exchange.request["method"] for exchange in tape.read(target)] == ["POST"]
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["link", name])


def test_force_keeps_an_answer_where_none_comes(tapedeck, tmp_path):
    target = tmp_path / "t.tape"
    with upstream([stream(), plain(b"{}", "401 Unauthorized")]) as server:
        assert run(tapedeck, "record", server.url, "-o", target).returncode == 0
        kept = target.read_bytes()
        refused = run(tapedeck, "record", server.url, "-o", target, "--force")
    gone = run(tapedeck, "record", "http://127.0.0.1:1/", "-o", target, "--force")
    for done, word in [(refused, b"status 401"), (gone, b"unreachable")]:
        assert done.returncode == 69
        assert b"stays as it was" in done.stderr and word in done.stderr
    assert target.read_bytes() == kept
    assert [path.name for path in tmp_path.iterdir()] == ["t.tape"]


def test_a_body_that_is_no_event_stream_is_said(tapedeck, tmp_path):
    with upstream([plain(b"{}"), stream()]) as server:
        said = [run(tapedeck, "record", server.url, "-o", tmp_path / f"{number}.tape").stderr for number in range(2)]
    assert b"not an event stream" in said[0] and b"application/json" in said[0]
    assert said[1] == b""


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_redirect_takes_credentials_to_the_same_origin_only(tapedeck, tmp_path, elsewhere):
    sent = {
        "authorization": "Bearer abc",
        "cookie": "a=b",
        "x-api-key": "dummy",
        "x-acme-access-token": "dummy",
        "x-goog-api-key": "dummy",
        "x-note": f"it is {KEY}",
    }
    flags = [part for name, value in sent.items() for part in ("-H", f"{name}: {value}")]
    with upstream(stream()) as other:
        target = f"{other.url}/b" if elsewhere else "/b"
        first = [head("307 Go", f"location: {target}", framing="content-length: 0"), FIN]
        with upstream([first, stream()]) as server:
            done = run(
                tapedeck,
                "record",
                server.url + "/a",
                "-L",
                *flags,
                "-H",
                "x-plain: 1",
                "--keep-header",
                "cookie",
                "-d",
                "{}",
                "-o",
                tmp_path / "t.tape",
            )
            assert done.returncode == 0, done.stderr
            asked = server.requests + other.requests
    assert len(asked) == 2
    assert [values(asked[0], name.encode()) for name in sent] == [[value.encode()] for value in sent.values()]
    wanted = [[] if elsewhere else [value.encode()] for value in sent.values()]
    assert [values(asked[1], name.encode()) for name in sent] == wanted
    assert values(asked[1], b"x-plain") == [b"1"] and asked[1].endswith(b"{}")


def test_a_body_as_large_as_a_line_of_a_cassette_is_sent(tapedeck, tmp_path):
    body, target = tmp_path / "body.txt", tmp_path / "t.tape"
    with body.open("wb") as file:
        file.truncate((256 << 20) + 1)
    done = run(tapedeck, "record", "http://127.0.0.1:1/", "-d", f"@{body}", "-o", target)
    assert done.returncode == 64 and b"holds more than 268,435,456 bytes" in done.stderr
    body.write_bytes(b"a" * (33 << 20))
    with upstream(plain(b"{}")) as server:
        done = run(tapedeck, "record", server.url, "-d", f"@{body}", "-o", target)
        assert done.returncode == 0, done.stderr
        assert server.requests[0].endswith(b"\r\n\r\n" + b"a" * (33 << 20))


def test_to_add_and_to_replace_contradict_each_other(tapedeck, tmp_path):
    done = run(tapedeck, "record", "http://127.0.0.1:1/", "--append", "--force", "-o", tmp_path / "t.tape")
    assert done.returncode == 64 and b"use only one of them" in done.stderr
