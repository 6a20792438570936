"""`tapedeck init` looks at a folder and writes what its tests begin with, and never touches what is there."""

import json
import os
import shutil
import subprocess

import pytest

from conftest import CASSETTES, ROOT, run

PYTEST = "[tool.pytest.ini_options]\n"


def project(folder, **files):
    """A folder with files, whose names have __ for a dot and ___ for a slash."""
    for name, text in files.items():
        path = folder / name.replace("___", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def began(tapedeck, folder, *options):
    """What `init --json` says."""
    done = run(tapedeck, "init", folder, "--json", *options)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return json.loads(done.stdout)


def everything(folder):
    """What stands in a folder: files with their bytes, links with where they lead."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = os.readlink(path)
        elif path.is_file():
            found[str(path)] = path.read_bytes()
    return found


def found(said):
    return [(one["what"], one["why"]) for one in said["found"]]


FOLDERS = {
    "pytest by its section": (
        {"pyproject__toml": PYTEST, "requirements__txt": "anthropic>=0.40\n"},
        [
            ("pytest", "pyproject.toml has [tool.pytest.ini_options]"),
            ("anthropic", "requirements.txt names it"),
        ],
        ["cassettes/anthropic-text.tape", "tests/test_tapedeck_anthropic.py"],
    ),
    "pytest by a dependency": (
        {"requirements-dev__txt": "pytest==8.3\n", "test___a__py": "from google import genai\n"},
        [("pytest", "requirements-dev.txt names pytest"), ("google-genai", "test/a.py imports it")],
        ["cassettes/gemini-text.tape", "test/test_tapedeck_gemini.py"],
    ),
    "two SDKs": (
        {"pyproject__toml": '[project]\ndependencies = ["openai>=1", "anthropic[vertex]"]\n'},
        [
            ("pytest", "pyproject.toml is here, and pytest runs any test in Python"),
            ("anthropic", "pyproject.toml names it"),
            ("openai", "pyproject.toml names it"),
        ],
        [
            "cassettes/anthropic-text.tape",
            "cassettes/openai-chat.tape",
            "tests/test_tapedeck_anthropic.py",
            "tests/test_tapedeck_openai.py",
        ],
    ),
    "a name that only holds an SDK's": (
        {"requirements__txt": "openai-whisper\nmy-anthropic\n", "a__py": "import openai_tools\n"},
        [
            ("pytest", "requirements.txt is here, and pytest runs any test in Python"),
            ("Anthropic Messages over HTTP", "no SDK is named or imported (anthropic, openai, google-genai)"),
        ],
        ["cassettes/anthropic-text.tape", "tests/test_tapedeck_anthropic.py"],
    ),
    "Python without any list": (
        {"src___client__py": "    import openai, os\n"},
        [
            ("pytest", "src/client.py is here, and pytest runs any test in Python"),
            ("openai", "src/client.py imports it"),
        ],
        ["cassettes/openai-chat.tape", "tests/test_tapedeck_openai.py"],
    ),
    "nothing": (
        {"README__md": "# hi\n"},
        [
            ("a shell script", "there is no pyproject.toml, package.json or Package.swift, nor any Python"),
            ("Anthropic Messages over HTTP", "the sample is an answer of it"),
        ],
        ["cassettes/anthropic-text.tape", "test-tapedeck.sh"],
    ),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_what_is_written_follows_from_what_was_found(tapedeck, tmp_path, name):
    files, why, paths = FOLDERS[name]
    said = began(tapedeck, project(tmp_path, **files))
    assert found(said) == why
    assert [file["path"] for file in said["files"]] == ["tapedeck.json", *paths, ".gitattributes"]
    assert {file["state"] for file in said["files"]} == {"written"}
    for file in said["files"]:
        path = tmp_path / file["path"]
        assert path.stat().st_size > 0
        if path.suffix == ".py":
            compile(path.read_text(), path, "exec")
    assert json.loads((tmp_path / "tapedeck.json").read_text())["serve"]["paths"] == ["cassettes"]
    tape = tmp_path / next(path for path in paths if path.endswith(".tape"))
    assert tape.read_bytes() == (CASSETTES / tape.name).read_bytes()


def test_a_swift_package_gets_the_tests_that_the_suite_runs(tapedeck, tmp_path):
    project(tmp_path, Package__swift="// swift-tools-version: 6.2\n", Tests___ChatTests___ChatTests__swift="")
    said = began(tapedeck, tmp_path)
    assert found(said)[0] == ("Swift Testing", "Package.swift is here")
    assert said["next"] == [
        "add the package tapedeck to Package.swift, and its product TapedeckTesting to the target ChatTests",
        "swift test",
    ]
    built = ROOT / "Tests" / "TapedeckTestingTests" / "BegunTests.swift"
    assert (tmp_path / "Tests" / "ChatTests" / "TapedeckTests.swift").read_bytes() == built.read_bytes()


CI = {
    "a folder": ({"__github___a__yml": "on: push\n"}, "GitHub Actions", ".github is here"),
    "a file": ({"__gitlab-ci__yml": "a: {script: [ls]}\n"}, "GitLab CI", ".gitlab-ci.yml is here"),
    "a remote": (
        {"__git___config": '[remote "origin"]\n\turl = https://me:secret@gitlab.example.com/a/b.git\n'},
        "GitLab CI",
        "the remote is at gitlab.example.com",
    ),
    "a remote by ssh": (
        {"__git___config": '[remote "origin"]\n  url=git@github.com:gitlab/b.git\n'},
        "GitHub Actions",
        "the remote is at github.com",
    ),
}


@pytest.mark.parametrize("name", CI)
def test_where_ci_runs_is_found(tapedeck, tmp_path, name):
    files, what, why = CI[name]
    said = began(tapedeck, project(tmp_path, **files))
    assert found(said)[-1] == (what, why)
    assert "secret" not in json.dumps(said)


def test_ci_can_be_chosen_and_be_none(tapedeck, tmp_path):
    project(tmp_path, __github___a__yml="on: push\n", pyproject__toml=PYTEST)
    said = began(tapedeck, tmp_path, "--ci", "none", "--dry-run")
    assert not any(file["path"].startswith(".git") for file in said["files"][:-1])
    said = began(tapedeck, tmp_path, "--ci", "gitlab", "--dry-run")
    asked = "it was asked for with --ci gitlab"
    assert found(said)[-1] == ("GitLab CI", asked + "; it is read at the top of a repository only, and no .git is here")
    project(tmp_path, __git___config="")
    assert found(began(tapedeck, tmp_path, "--ci", "gitlab", "--dry-run"))[-1] == ("GitLab CI", asked)
    assert [file["path"] for file in said["files"]][-2:] == [".gitlab-ci.yml", ".gitattributes"]


def test_nothing_that_is_there_is_changed(tapedeck, tmp_path):
    project(tmp_path, **{"pyproject__toml": PYTEST, "__gitattributes": "*.png binary\n", "__gitlab-ci__yml": "a: 1\n"})
    (tmp_path / "tapedeck.json").symlink_to("nowhere")
    before = everything(tmp_path)
    said = began(tapedeck, tmp_path)
    after = everything(tmp_path)
    assert {path: after[path] for path in before} == before
    kept = {file["path"]: file.get("add") for file in said["files"] if file["state"] == "kept"}
    assert kept.keys() == {"tapedeck.json", ".gitattributes", ".gitlab-ci.yml"}
    assert json.loads(kept["tapedeck.json"])["serve"]["paths"] == ["cassettes"]
    assert kept[".gitattributes"] == "*.tape -text diff=tapedeck\n"
    assert kept[".gitlab-ci.yml"].startswith("streams-python:\n")

    again = began(tapedeck, tmp_path)
    assert {file["state"] for file in again["files"]} == {"kept"}
    assert everything(tmp_path) == after


def test_what_is_added_is_not_asked_for_again(tapedeck, tmp_path):
    project(tmp_path, __gitattributes="*.png binary\n*.tape -text diff=tapedeck\n")
    done = run(tapedeck, "init", tmp_path)
    assert b"kept   .gitattributes, which is here\nnext " in done.stdout


def test_settings_that_the_tests_do_not_find_their_cassettes_by_are_to_be_completed(tapedeck, tmp_path):
    project(tmp_path, tapedeck__json='{"serve": {"paths": ["tapes"]}}\n')
    said = run(tapedeck, "init", tmp_path).stdout.decode()
    assert "kept   tapedeck.json, which is here: add these lines\n" in said
    assert '           "paths": ["cassettes"],\n' in said
    project(tmp_path, tapedeck__json='{"serve": {"paths": ["tapes", "cassettes"]}}\n')
    assert "kept   tapedeck.json, which is here\n" in run(tapedeck, "init", tmp_path).stdout.decode()


def test_a_byte_order_mark_is_no_part_of_a_file(tapedeck, tmp_path):
    project(tmp_path, package__json='\ufeff{"devDependencies": {"vitest": "3"}}', pyproject__toml="\ufeff" + PYTEST)
    whys = [why for _, why in found(began(tapedeck, tmp_path, "--dry-run"))]
    assert "pyproject.toml has [tool.pytest.ini_options]" in whys
    assert "package.json names it in devDependencies" in whys


def test_a_dry_run_writes_nothing_and_shows_everything(tapedeck, tmp_path):
    project(tmp_path, pyproject__toml=PYTEST, tapedeck__json="{}\n")
    before = everything(tmp_path)
    said = began(tapedeck, tmp_path, "--dry-run")
    assert everything(tmp_path) == before and not (tmp_path / "tests").exists()
    states = {file["path"]: file["state"] for file in said["files"]}
    assert states.pop("tapedeck.json") == "kept" and set(states.values()) == {"planned"}
    shown = run(tapedeck, "init", tmp_path, "--dry-run").stdout.decode()
    for file in said["files"]:
        assert file["path"] in shown
        for line in file.get("content", "").splitlines():
            assert line in shown
    began(tapedeck, tmp_path)
    for file in said["files"]:
        if file["state"] == "planned" and "content" in file:
            assert (tmp_path / file["path"]).read_text() == file["content"]


def test_a_person_reads_what_was_done_and_what_comes_next(tapedeck, tmp_path):
    project(tmp_path, pyproject__toml=PYTEST, requirements__txt="anthropic\n", __git___config="")
    done = run(tapedeck, "init", cwd=tmp_path)
    assert (
        done.stdout.decode()
        == """\
found  pytest: pyproject.toml has [tool.pytest.ini_options]
       anthropic: requirements.txt names it
wrote  tapedeck.json
wrote  cassettes/anthropic-text.tape
wrote  tests/test_tapedeck_anthropic.py
wrote  .gitattributes
next   pip install tapedeck~=0.1 pytest anthropic
       pytest -rx tests/test_tapedeck_*.py
       git config diff.tapedeck.textconv 'tapedeck show --textconv'
"""
    )


def test_several_languages_are_done_each(tapedeck, tmp_path):
    said = began(tapedeck, tmp_path, "--language", "shell", "--language", "python")
    paths = [file["path"] for file in said["files"]]
    assert "tests/test_tapedeck_anthropic.py" in paths and "test-tapedeck.sh" in paths
    assert found(said)[0] == ("pytest", "it was asked for with --language python")


def test_the_upstream_is_set_up_for_recordings(tapedeck, tmp_path):
    began(tapedeck, tmp_path, "--upstream", "https://api.openai.com")
    assert json.loads((tmp_path / "tapedeck.json").read_text()) == {
        "serve": {
            "paths": ["cassettes"],
            "mode": "replay",
            "upstream": ["https://api.openai.com"],
            "record-to": "cassettes/",
            "pace": "instant",
            "require-session": True,
        }
    }
    assert (tmp_path / "cassettes" / "openai-chat.tape").exists()
    done = run(tapedeck, "serve", "--", "true", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "upstream", ["https://api.anthropic.com", "https://api.openai.com", "https://generativelanguage.googleapis.com"]
)
def test_the_shell_test_passes_at_once_and_finds_a_client_that_is_wrong(tapedeck, tmp_path, upstream):
    began(tapedeck, tmp_path, "--upstream", upstream)
    tests = [tapedeck, "serve", "--port", "0", "--", "./test-tapedeck.sh"]
    done = run(*tests, cwd=tmp_path)
    assert (done.returncode, done.stdout.count(b"ok: ")) == (0, 3), done.stderr
    script = tmp_path / "test-tapedeck.sh"
    script.write_text(
        "".join(line for line in script.open() if "grep -F" not in line or "ok" in line or "sound" in line)
    )
    done = run(*tests, cwd=tmp_path)
    assert done.returncode == 1 and b"half an answer is taken for the whole" in done.stderr


WRONG = {
    "no folder": (["none"], 66, "none: cannot be read: No such file or directory"),
    "a file": (["file"], 66, "file: is no folder whose names can be read: Not a directory"),
    "a language": ([".", "--language", "pyton"], 64, "--language pyton; did you mean 'python'? There are python, "),
    "a service": ([".", "--ci", "jenkins"], 64, "--ci jenkins: there are github, gitlab, none"),
    "an upstream": ([".", "--upstream", "ftp://x"], 64, "ftp://x"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_writes_nothing(tapedeck, tmp_path, name):
    words, code, said = WRONG[name]
    (tmp_path / "file").write_text("")
    done = run(tapedeck, "init", *words, cwd=tmp_path)
    assert done.returncode == code and done.stdout == b""
    assert said in done.stderr.decode() and done.stderr.count(b"\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["cassettes", "tests", ".github"])
def test_links_that_lead_out_are_refused_before_anything_is_written(tapedeck, tmp_path, name):
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = project(tmp_path / "project", pyproject__toml=PYTEST)
    (folder / name).symlink_to(outside)
    done = run(tapedeck, "init", folder, "--ci", "github")
    assert done.returncode == 1 and done.stdout == b""
    assert f"{folder}/{name}: is no folder in {folder}" in done.stderr.decode()
    assert list(outside.iterdir()) == [] and not (folder / "tapedeck.json").exists()


def test_links_that_stay_in_the_folder_are_followed(tapedeck, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "cassettes").symlink_to("real")
    began(tapedeck, tmp_path)
    assert (tmp_path / "real" / "anthropic-text.tape").exists()


def test_a_folder_that_cannot_be_written_to_is_one_line(tapedeck, tmp_path):
    # Root writes anywhere, unless it gives that up.
    powerless = ["setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override"]
    if os.geteuid() == 0 and not shutil.which(powerless[0]):
        pytest.skip("root may write anywhere, and there is no setpriv")
    folder = tmp_path / "project"
    folder.mkdir(mode=0o555)
    done = run(*(powerless if os.geteuid() == 0 else []), tapedeck, "init", folder)
    assert done.returncode == 1, done.stderr
    assert done.stderr.decode() == f"tapedeck: {folder}: cannot be written to: Permission denied\n"


def test_hostile_folders_are_read_safely(tapedeck, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "requirements.txt").write_text("anthropic\n")
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("pyproject.toml", "requirements-a.txt", ".gitlab-ci.yml", "conftest.py"):
        os.mkfifo(folder / name)
    (folder / "requirements.txt").symlink_to(outside / "requirements.txt")
    (folder / "package.json").write_text("[" * 500_000)
    (folder / "setup.py").write_bytes(b"\0\xff" * 3_000_000)
    (folder / "setup.cfg").write_text("x" * 5_000_000)
    (folder / "pytest.ini").mkdir()
    (folder / "loop").symlink_to(".")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "a\x1b[2J.py").write_text("import openai\n")
    deep = folder
    for _ in range(50):
        deep = deep / "d"
        deep.mkdir()
    (folder / "many").mkdir()
    for number in range(2000):
        (folder / "many" / f"{number}.py").touch()
    before = {path: path.lstat().st_mode for path in folder.rglob("*")}
    done = subprocess.run(
        [tapedeck, "init", folder, "--dry-run"], capture_output=True, check=False, timeout=20, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode()
    assert "node:test: package.json is here, though it is not JSON that can be read\n" in said
    assert "anthropic: requirements.txt" not in said
    assert "openai: a\\u{1b}[2J.py imports it\n" in said and "\x1b" not in said
    assert {path: path.lstat().st_mode for path in folder.rglob("*")} == before
