"""The shells offer what the program takes: verbs, options, faults, modes, cassettes."""

import shutil
import subprocess

import pytest

ASKING = """
shopt -s extglob progcomp
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_LINE="${COMP_WORDS[*]}"
COMP_POINT=${#COMP_LINE}
COMPREPLY=()
_tapedeck tapedeck "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def script(tapedeck, tmp_path_factory):
    """The script that the program makes for a shell."""
    folder = tmp_path_factory.mktemp("completions")

    def made(shell):
        path = folder / shell
        path.write_bytes(
            subprocess.run([tapedeck, "--generate-completion-script", shell], capture_output=True, check=True).stdout
        )
        return path

    return made


@pytest.fixture(scope="module")
def offered(script):
    """What bash offers for the last word of a command line, in a folder."""
    path = script("bash")

    def offers(*words, cwd="/"):
        done = subprocess.run(
            ["bash", "-c", ASKING, "bash", path, "tapedeck", *words],
            capture_output=True,
            text=True,
            check=True,
            cwd=cwd,
            timeout=60,
        )
        assert done.stderr == ""
        return done.stdout.split()

    return offers


@pytest.mark.parametrize(
    ("words", "some"),
    [
        (["s"], {"serve", "show"}),
        (["serve", "--fault", ""], {"reset", "stall", "status", "end", "chaos"}),
        (["serve", "--fault", "re"], {"reset", "rechunk"}),
        (["plan", "--fault", "st"], {"status", "stall"}),
        (["torture", "--fault", "cut"], {"cut-json"}),
        (["faults", "st"], {"status", "stall"}),
        (["serve", "--mode", ""], {"once", "new_episodes", "all", "none", "auto", "record", "replay", "passthrough"}),
        (["serve", "--fail-on", ""], {"refused", "unfired", "miss", "loose", "unplayed", "lost", "conduct", "none"}),
        (["serve", "--match", ""], {"any", "body"}),
        (["serve", "--match-normalize", ""], {"uuid", "date", "id", "all"}),
        (["serve", "--on-miss", ""], {"404", "599"}),
        (["serve", "--half-close", ""], {"leave", "keep"}),
        (["serve", "--on-client-close", ""], {"drain", "cancel"}),
        (["serve", "--fail"], {"--fail-on", "--fail-on-miss"}),
        (["torture", "--class", ""], {"benign", "breaking", "undetectable"}),
        (["torture", "--places", ""], {"telling", "all"}),
    ],
)
def test_bash_offers_the_values_of_an_option(offered, words, some):
    found = offered(*words)
    assert some <= set(found)
    assert all(one.startswith(words[-1]) for one in found)


@pytest.mark.parametrize("verb", ["serve", "show", "play", "plan", "check", "torture"])
def test_bash_offers_cassettes_and_folders_where_one_is_wanted(offered, verb, tmp_path):
    for name in ("hello.tape", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "tapes").mkdir()
    assert offered(verb, "h", cwd=tmp_path) == ["hello.tape"]
    assert offered(verb, "t", cwd=tmp_path) == ["tapes"]
    assert offered(verb, "n", cwd=tmp_path) == []


@pytest.mark.parametrize(
    ("option", "name"), [("--known", "known.yaml"), ("--html", "page.html"), ("--config", "tapedeck.json")]
)
def test_bash_offers_the_files_that_an_option_reads(offered, option, name, tmp_path):
    for file in (name, "other.bin"):
        (tmp_path / file).touch()
    assert offered("torture", option, "", cwd=tmp_path) == [name]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_reads_its_script(script, shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([shell, "-n", script(shell)], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("tapedeck serve my", ["my tape's.tape"]),
        ("tapedeck serve --http1.1 my", ["my tape's.tape"]),
        ("tapedeck serve --fault rech", ["rechunk"]),
        ("tapedeck serve --http", ["--http1.1"]),
        ("tapedeck record --http", ["--http1.1"]),
        ("tapedeck torture my", ["my tape's.tape"]),
    ],
)
def test_fish_offers_what_fits(script, tapedeck, tmp_path, line, some):
    if not shutil.which("fish"):
        pytest.skip("fish is not installed")
    (tmp_path / "my tape's.tape").touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tapedeck").symlink_to(tapedeck)
    asking = f"set -p PATH $PWD/bin; source {script('fish')}; complete -C '{line}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", asking],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    assert [entry.split("\t")[0] for entry in done.stdout.splitlines()] == some
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_scripts_know_the_faults_and_modes(script, shell):
    text = script(shell).read_text()
    for word in ("rechunk", "new_episodes", "unfired", "tape"):
        assert word in text
