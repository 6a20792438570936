"""The archive holds the program, its manual, completions and licences, and the program in it works."""

import hashlib
import json
import re
import shutil
import struct
import subprocess
import tarfile
from pathlib import Path

import pytest

from conftest import CASSETTES, ROOT, run, serving
from outside import made

GNU_RELRO = 0x6474E552
VERBS = ["check", "faults", "init", "plan", "play", "record", "serve", "show", "torture"]


@pytest.fixture(scope="module")
def unpacked(dist, tmp_path_factory):
    """The folder that the archive unpacks to."""
    folder = tmp_path_factory.mktemp("archive")
    archive = made(dist, "tapedeck-*.tar.gz")
    with tarfile.open(archive) as source:
        source.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def program(unpacked):
    return unpacked / "bin" / "tapedeck"


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_it_has_a_page_for_each_verb_and_a_script_for_each_shell(unpacked):
    found = files(unpacked)
    for name in ["bin/tapedeck", "share/doc/tapedeck/LICENSE", "share/doc/tapedeck/THIRD-PARTY-NOTICES"]:
        assert name in found
    pages = [Path(name).stem for name in found if name.startswith("share/man/man1/")]
    assert set(pages) >= {"tapedeck", *(f"tapedeck-{verb}" for verb in VERBS)}
    for script in ["bash-completion/completions/tapedeck", "zsh/site-functions/_tapedeck"]:
        assert f"share/{script}" in found
    assert "share/fish/vendor_completions.d/tapedeck.fish" in found


def test_its_files_belong_to_root_and_have_the_time_of_the_commit(dist):
    with tarfile.open(made(dist, "tapedeck-*.tar.gz")) as archive:
        members = archive.getmembers()
    assert [member.name for member in members] == sorted(member.name for member in members)
    assert {(member.uid, member.gid, member.uname, member.gname) for member in members} == {(0, 0, "root", "root")}
    assert len({member.mtime for member in members}) == 1
    modes = {member.name.partition("/")[2]: member.mode for member in members}
    assert modes.pop("bin/tapedeck") == 0o755
    assert set(modes.values()) == {0o644}


def test_the_checksums_are_those_of_the_files(dist):
    lines = (dist / "SHA256SUMS").read_text().splitlines()
    listed = dict(reversed(line.split("  ")) for line in lines)
    there = {path.name for path in dist.iterdir() if path.is_file()} - {"SHA256SUMS"}
    assert set(listed) == there
    for name, digest in listed.items():
        assert hashlib.sha256((dist / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("page", ["tapedeck", *(f"tapedeck-{verb}" for verb in VERBS)])
def test_a_page_is_typeset_without_a_warning(unpacked, page):
    groff = shutil.which("groff")
    if not groff:
        pytest.skip("groff is not installed")
    done = run(groff, "-ww", "-man", "-Tutf8", "-rLL=100n", unpacked / "share" / "man" / "man1" / f"{page}.1")
    assert (done.returncode, done.stderr) == (0, b"")
    text = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout.decode())
    for heading in ("NAME", "SYNOPSIS", "OPTIONS", "SEE ALSO"):
        assert heading in text.splitlines()


def test_a_page_shows_each_option_that_help_shows(unpacked, program):
    shown = subprocess.run([program, "help", "serve"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"(?m)^  (?:-\w, )?(--[a-z0-9.-]+)", shown))
    assert len(options) > 50
    page = (unpacked / "share" / "man" / "man1" / "tapedeck-serve.1").read_text().replace("\\-", "-")
    assert options <= set(re.findall(r"\\fB(--[a-z0-9.-]+)\\fR", page))


def test_the_notices_name_every_package_that_is_linked_in(unpacked):
    text = (unpacked / "share" / "doc" / "tapedeck" / "THIRD-PARTY-NOTICES").read_text()
    pins = json.loads((ROOT / "Package.resolved").read_text())["pins"]
    assert len(pins) >= 4
    for pin in pins:
        assert f"\n{pin['identity']} {pin['state']['version']} ({pin['location']})\n" in text
    assert re.search(r"\nSwift \S+: standard library", text)
    assert text.count("Runtime Library Exception") >= 1
    assert "\nlibyaml (" in text
    assert "Kirill Simonov" in text


def test_relocated_data_is_protected(program):
    """What makes the program smaller does not make it weaker."""
    data = program.read_bytes()
    (table,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    kinds = [struct.unpack_from("<I", data, table + number * size)[0] for number in range(count)]
    assert GNU_RELRO in kinds


def test_yaml_is_read_without_a_library(program, tmp_path):
    """Most machines have none, least of all slim containers."""
    interaction = "request: {method: GET, uri: 'http://a.test/'}, response: {status: {code: 200}, body: {string: hi}}"
    (tmp_path / "vcr.yaml").write_text(f"version: 1\ninteractions:\n- {{{interaction}}}\n")
    done = subprocess.run(
        [program, "import", "vcr.yaml", "-o", "vcr.tape"],
        cwd=tmp_path,
        env={"LD_DEBUG": "libs"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # What the loader says that it looks for.
    assert "find library=libz" in done.stderr
    assert "libyaml" not in done.stderr


def test_each_verb_works(program, tmp_path):
    """What linking leaves out, no verb needs."""
    tape = CASSETTES / "anthropic-text.tape"
    for words in [
        ("show", tape, "--message"),
        ("show", tape, "--html", tmp_path / "page.html"),
        ("plan", tape, "--fault", "reset@event:12", "--json"),
        ("faults", "--json"),
        ("check", tape, "--json"),
        ("play", tape, "--pace", "instant"),
        ("torture", tape, "--list", "--json"),
        ("torture", tape, "--case", "end/*", "--dry-run", "--", "true"),
        ("serve", "--sample", "--", "sh", "-c", 'test -n "$TAPEDECK_URL"'),
    ]:
        ours = run(program, *words)
        assert ours.returncode == 0, (words, ours.stderr)
        assert ours.stdout or "serve" in words or "--html" in words


def test_it_records_and_replays(program, live, tmp_path):
    tape = tmp_path / "hello.tape"
    body = ROOT / "scripts" / "requests" / "anthropic-text.json"
    recorded = run(
        program, "record", f"{live}/v1/messages", "-H", "x-api-key: dummy", "-d", f"@{body}", "-o", tape, "--json"
    )
    assert recorded.returncode == 0, recorded.stderr
    with serving([program, "serve", tape], tmp_path / "port") as base:
        again = tmp_path / "again.tape"
        url = f"{base}/~pace=instant/v1/messages"
        replayed = run(program, "record", url, "-d", f"@{body}", "-o", again, "--json")
        assert replayed.returncode == 0, replayed.stderr
    ours, theirs = json.loads(recorded.stdout), json.loads(replayed.stdout)
    assert ours["events"] == theirs["events"] > 10
    assert ours["bytes"] == theirs["bytes"]


def test_it_tortures_a_client(program, tmp_path):
    client = f'{program} record "$TAPEDECK_URL/v1/messages" -d "{{}}" -o "$(mktemp -u).tape" --silent'
    done = run(program, "torture", CASSETTES / "anthropic-text.tape", "--case", "end/*", "--", "sh", "-c", client)
    # It prints no text, so it is wrong without a fault too: that is the verdict, and not a crash.
    assert done.returncode == 64, done.stderr
    assert b"without" in done.stderr


def test_installed_below_a_prefix_it_can_be_taken_away_again(dist, tmp_path):
    """By the commands of docs/install.md."""
    archive = made(dist, "tapedeck-*.tar.gz")
    page = (ROOT / "docs" / "install.md").read_text()
    install = re.search(r"(?m)^sudo (tar -xzf .*)$", page)[1]
    remove = re.search(r"`(tar -tzf .*)` \|$", page, re.MULTILINE)[1].replace("\\|", "|").replace("sudo ", "")
    for command in (install, remove):
        command = re.sub(r"tapedeck-\S*\.tar\.gz", str(archive), command).replace("/usr/local", str(tmp_path))
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        if command.startswith("tar -x"):
            assert (tmp_path / "bin" / "tapedeck").is_file()
    assert files(tmp_path) == []
