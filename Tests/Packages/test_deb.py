"""The Debian package: made the same way each time, and installed, used and removed in a small Debian system."""

import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import chroot
import wire

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "packages" / "debian" / "build"
IN_SYSTEM = pytest.mark.skipif(chroot.why_not() is not None, reason=str(chroot.why_not()))
pytestmark = pytest.mark.skipif(not shutil.which("dpkg-shlibdeps"), reason="dpkg-dev is not installed")
# Ubuntu 22.04 and Debian 12 are the oldest systems that docs/install.md promises.
NEWEST_GLIBC = (2, 35)


@pytest.fixture(scope="module")
def package(dist):
    """The package in dist."""
    found = [*Path(dist).glob("tapedeck_*.deb")]
    assert len(found) == 1, f"expected one Debian package in {dist}, found {found}"
    return found[0]


@pytest.fixture
def installed(package, tmp_path):
    """A system with the package and nothing that it only recommends."""
    with chroot.system(tmp_path) as system:
        install(system, package)
        yield system


def install(system, package):
    shutil.copy(package, system.root / "tmp" / package.name)
    system.does("apt-get", "install", "-qq", "--no-install-recommends", f"/tmp/{package.name}")


@pytest.fixture
def tree(tmp_path):
    """What scripts/package stages, with a small program in the place of the large one."""
    files = {
        "share/man/man1/tapedeck.1": ".TH TAPEDECK 1\n.SH NAME\ntapedeck \\- record and replay\n",
        "share/bash-completion/completions/tapedeck": "#!/bin/bash\ncomplete -W serve tapedeck\n",
        "share/zsh/site-functions/_tapedeck": "#compdef tapedeck\n",
        "share/fish/vendor_completions.d/tapedeck.fish": "complete -c tapedeck\n",
        "share/doc/tapedeck/THIRD-PARTY-NOTICES": "notices\n",
        "share/doc/tapedeck/LICENSE": "licence\n",
    }
    for name, text in files.items():
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "tree" / "bin").mkdir()
    shutil.copy("/usr/bin/env", tmp_path / "tree" / "bin" / "tapedeck")
    return tmp_path / "tree"


def build(tree, out, version="0.1.0", epoch="1764400000"):
    words = [BUILD, "--root", tree, "--version", version, "--out", out]
    env = {**os.environ, "SOURCE_DATE_EPOCH": epoch}
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60, env=env)


def field(package, name):
    return subprocess.run(["dpkg-deb", "-f", package, name], capture_output=True, text=True, check=True).stdout.strip()


def test_the_same_tree_gives_the_same_bytes(tree, tmp_path):
    first = build(tree, tmp_path / "first")
    assert first.returncode == 0, first.stderr
    os.utime(tree / "share" / "man" / "man1" / "tapedeck.1", (0, 0))
    second = build(tree, tmp_path / "second")
    one, other = (Path(done.stdout.strip()) for done in (first, second))
    assert one.read_bytes() == other.read_bytes()


def test_a_version_before_a_release_sorts_before_it(tree, tmp_path):
    done = build(tree, tmp_path / "out", version="0.2.0-rc.1")
    assert field(done.stdout.strip(), "Version") == "0.2.0~rc.1-1"


def test_each_file_of_the_tree_has_its_place_of_debian(tree, tmp_path):
    done = build(tree, tmp_path / "out")
    said = subprocess.run(["dpkg-deb", "-c", done.stdout.strip()], capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in said.splitlines() if not line.endswith("/")]
    assert {line[1] for line in lines} == {"root/root"}
    assert {line[-1] for line in lines} == {
        "./usr/bin/tapedeck",
        "./usr/share/bash-completion/completions/tapedeck",
        "./usr/share/doc/tapedeck/THIRD-PARTY-NOTICES",
        "./usr/share/doc/tapedeck/changelog.Debian.gz",
        "./usr/share/doc/tapedeck/changelog.gz",
        "./usr/share/doc/tapedeck/copyright",
        "./usr/share/fish/vendor_completions.d/tapedeck.fish",
        "./usr/share/lintian/overrides/tapedeck",
        "./usr/share/man/man1/tapedeck.1.gz",
        "./usr/share/zsh/vendor-completions/_tapedeck",
    }


@pytest.mark.parametrize(
    ("version", "missing", "code", "words"),
    [
        ("v1", None, 64, "expected a version like 0.1.0, found 'v1'"),
        ("0.1.0", "bin/tapedeck", 66, "expected bin/tapedeck in it, and found none"),
    ],
)
def test_it_says_in_one_line_what_keeps_it_from_being_made(tree, tmp_path, version, missing, code, words):
    if missing:
        (tree / missing).unlink()
    done = build(tree, tmp_path / "out", version=version)
    assert done.returncode == code
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_without_a_place_is_not_left_out_in_silence(tree, tmp_path):
    (tree / "share" / "icons").mkdir()
    (tree / "share" / "icons" / "tapedeck.svg").write_text("<svg/>")
    done = build(tree, tmp_path / "out")
    assert done.returncode == 65
    assert "share/icons/tapedeck.svg: no place for it" in done.stderr


def test_lintian_finds_nothing_wrong(package):
    words = ["lintian", "--allow-root", "--fail-on=error,warning", package]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_depends_on_what_the_program_links(package):
    depends = field(package, "Depends")
    assert {word.split(" ")[0] for word in depends.split(", ")} == {"libc6", "libgcc-s1", "libstdc++6", "zlib1g"}
    glibc = re.search(r"libc6 \(>= (\d+)\.(\d+)\)", depends)
    assert glibc, depends
    assert (int(glibc[1]), int(glibc[2])) <= NEWEST_GLIBC
    # Debian 13 and Ubuntu 24.04 renamed the library when its time_t grew.
    assert "libcurl4 | libcurl4t64" in field(package, "Recommends")
    # YAML is read by a library that is part of the program.
    assert not field(package, "Suggests")


@IN_SYSTEM
def test_installed_it_serves_to_any_user(installed, package):
    version = field(package, "Version").removesuffix("-1")
    assert installed.does("tapedeck", "--version", user="nobody:nogroup").strip() == version
    page = installed.root / "usr" / "share" / "man" / "man1" / "tapedeck.1.gz"
    assert b"torture" in gzip.decompress(page.read_bytes())
    with installed.running("tapedeck", "serve", "--sample", "--port", "0", user="nobody:nogroup") as (base, _):
        answer = wire.post(base + "/v1/messages", b'{"stream":true}', [])
    assert answer.status == 200
    assert b"message_stop" in answer.body


@IN_SYSTEM
def test_it_reads_yaml_where_no_library_does(installed):
    assert not list(installed.root.rglob("libyaml*"))
    (installed.root / "tmp" / "known.yaml").write_text('- {case: "end/*", verdict: hang, why: "a test"}\n')
    words = ["torture", "--sample", "--case", "end/*", "--known", "/tmp/known.yaml", "--dry-run", "--", "true"]
    assert "end/" in installed.does("tapedeck", *words)


@IN_SYSTEM
def test_recording_says_what_it_lacks_and_works_once_that_is_there(installed, live):
    words = ["tapedeck", "record", f"{live}/v1/messages", "-d", '{"stream":true}', "-o", "/tmp/one.tape"]
    lacking = installed.run(*words)
    assert lacking.returncode != 0
    assert lacking.stderr.count("\n") == 1
    assert "install libcurl4" in lacking.stderr
    installed.does("apt-get", "install", "-qq", "--no-install-recommends", "--no-download", "libcurl4")
    installed.does(*words)
    assert "1 exchange" in installed.does("tapedeck", "check", "/tmp/one.tape")


@IN_SYSTEM
def test_removed_it_leaves_nothing(package, tmp_path):
    with chroot.system(tmp_path) as system:
        before = system.files()
        install(system, package)
        assert "usr/bin/tapedeck" in system.files() - before
        system.does("apt-get", "purge", "-qq", "tapedeck")
        assert system.files() - before == set()
