"""The examples for TapedeckKit in docs/swift.md build from outside the package, and do what the page says.

The files that the page quotes are those of the example package, which has a test of its own.
They are linked with what is built already, since a package that depends on this one would build all of it again.
"""

import re
import shutil
import subprocess

import pytest

from conftest import CASSETTES, ROOT

PAGE = re.sub(r"(?s)<!-- file: .*?<!-- /file -->", "", (ROOT / "docs" / "swift.md").read_text(encoding="utf-8"))
BLOCKS = re.findall(r"(?ms)^```swift\n(.*?)^```$", PAGE)
PROGRAMS = [text for text in BLOCKS if "import PackageDescription" not in text]
TIME_LIMIT_S = 120


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """What the compiler and the linker need of the build that the Swift tests are from."""
    build = (ROOT / ".build" / "debug").resolve()
    if not (build / "Modules" / "Deck.swiftmodule").exists():
        pytest.skip(f"{build} is not built")
    archive = tmp_path_factory.mktemp("library") / "libTapedeckKit.a"
    programs = re.compile(r"Tests|CLI|Benchmarks|PackageTests|tool|ArgumentParser")
    # What the program was linked from: beside it, objects of sources that are gone may still be there.
    linked = (build / "tapedeck.product" / "Objects.LinkFileList").read_text(encoding="utf-8").split()
    objects = {path.partition(f"/{build.name}/")[2] for path in linked}
    objects = sorted(build / path for path in objects if not programs.search(path))
    subprocess.run(["ar", "rcsT", archive, *objects], check=True, timeout=TIME_LIMIT_S)
    maps = [*(ROOT / "Sources").glob("*/module.modulemap"), *build.glob("*.build/module.modulemap")]
    maps += (ROOT / ".build" / "checkouts").glob("*/Sources/*/include/module.modulemap")
    found = (word for path in maps for word in ("-Xcc", f"-fmodule-map-file={path}"))
    return ["-swift-version", "6", "-I", build / "Modules", *found], [archive, "-lz"]


@pytest.mark.parametrize("program", PROGRAMS, ids=range(len(PROGRAMS)))
def test_an_example_builds_and_runs(program, library, tmp_path):
    (tmp_path / "main.swift").write_text(program, encoding="utf-8")
    command = ["swiftc", "main.swift", "-o", "example", "-warnings-as-errors", *library[0], *library[1]]
    built = subprocess.run([*map(str, command)], cwd=tmp_path, capture_output=True, text=True, timeout=TIME_LIMIT_S)
    assert built.returncode == 0, built.stderr
    if "https://" in program:
        return
    shutil.copytree(CASSETTES, tmp_path / "cassettes")
    ran = subprocess.run(["./example"], cwd=tmp_path, capture_output=True, text=True, timeout=TIME_LIMIT_S)
    assert ran.returncode == 0, ran.stderr
    for said in re.findall(r'print\("(.*)"\)', program):
        assert said in ran.stdout
    assert ran.stdout


def test_what_is_not_public_is_out_of_reach(library, tmp_path):
    (tmp_path / "main.swift").write_text("import Deck\nprint(DeckServer.self)\n", encoding="utf-8")
    command = ["swiftc", "-typecheck", "main.swift", *library[0]]
    built = subprocess.run([*map(str, command)], cwd=tmp_path, capture_output=True, text=True, timeout=TIME_LIMIT_S)
    assert built.returncode != 0 and "cannot find 'DeckServer'" in built.stderr


def test_the_manifest_is_one_that_swift_reads(tmp_path):
    [manifest] = [text for text in BLOCKS if "import PackageDescription" in text]
    (tmp_path / "Package.swift").write_text(manifest, encoding="utf-8")
    command = ["swift", "package", "dump-package"]
    read = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=TIME_LIMIT_S)
    assert read.returncode == 0 and '"TapedeckKit"' in read.stdout, read.stderr
