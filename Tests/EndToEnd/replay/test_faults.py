"""Plans with faults, compared with a second implementation of the contract.

A failure prints the command line: the cassette is still there for it.
"""

import json
import random
import shlex
from pathlib import Path

import pytest

import random_faults
import reference_plan
import tape
from conftest import CASSETTES, CORPUS, run, shipped_names
from reference_faults import ContradictionError, Fault
from reference_places import CannotApplyError

PLANS = 4
LONGEST_BODY = 40_000
PATHS = {
    "anthropic": "/v1/messages",
    "openai-chat": "/v1/chat/completions",
    "openai-responses": "/v1/responses",
    "gemini": "/v1beta/models/gemini:streamGenerateContent?alt=sse",
}
COMPARED = ("status", "actions", "body_bytes", "body_sha256", "ending")


def planned(command):
    """What the deck plans, without the sizes of heads; none where it refuses."""
    done = run(*command)
    if done.returncode:
        assert done.returncode in (64, 65), done.stderr
        return None
    plan = json.loads(done.stdout)
    for action in plan["actions"]:
        assert action["do"] != "head" or action.pop("bytes") > 0
    return {key: plan[key] for key in COMPARED}


def referred(number, exchange, settings):
    try:
        plan = reference_plan.plan(number, exchange, settings)
    except (CannotApplyError, ContradictionError):
        return None
    return {key: plan[key] for key in COMPARED}


def check_random_plans(tapedeck, path, chance, names=random_faults.NAMES):
    """Compares plans with random faults; gives how many were plans, and no refusals."""
    exchanges = tape.read(path)
    whole = 0
    for _ in range(PLANS):
        number = chance.randint(1, len(exchanges))
        exchange = exchanges[number - 1]
        scene = reference_plan.scene(exchange, reference_plan.Settings())
        settings = random_faults.settings(chance, exchange, scene, names)
        command = [tapedeck, "plan", "--json", path, "--exchange", number, "--pace", settings.pace]
        command += ["--seed", settings.seed, "--attempt", settings.attempt]
        command += ["--session", settings.session]
        if settings.idle_time_limit:
            command += ["--idle-time-limit", settings.idle_time_limit]
        for fault in settings.faults:
            command += ["--fault", fault]
        expected = referred(number, exchange, settings)
        assert planned(command) == expected, shlex.join(map(str, command))
        whole += expected is not None
    return whole


@pytest.mark.parametrize("seed", range(16))
def test_random_faults_on_any_bytes_are_planned_as_the_contract_says(tapedeck, tmp_path, seed):
    chance = random.Random(seed)
    path = tmp_path / "random.tape"
    path.write_text(random_faults.tape_text(chance))
    check_random_plans(tapedeck, path, chance)


@pytest.mark.parametrize("name", shipped_names())
def test_random_faults_on_a_shipped_cassette_are_planned_as_the_contract_says(tapedeck, name):
    whole = check_random_plans(tapedeck, CASSETTES / f"{name}.tape", random.Random(name))
    assert whole > 0


@pytest.mark.parametrize("name", random_faults.NAMES)
def test_each_fault_is_planned_as_the_contract_says(tapedeck, name):
    chance = random.Random(name)
    path = CASSETTES / f"{chance.choice(shipped_names())}.tape"
    check_random_plans(tapedeck, path, chance, [name])


@pytest.mark.parametrize("seed", range(10))
def test_random_faults_on_real_streams_are_planned_as_the_contract_says(tapedeck, tmp_path, seed):
    if not CORPUS:
        pytest.skip("TAPEDECK_CORPUS is not set")
    chance = random.Random(seed)
    files = sorted(Path(CORPUS).rglob("*.sse"))
    files = [file for file in files if file.parent.name in PATHS and file.stat().st_size <= LONGEST_BODY]
    file = chance.choice(files)
    path = tmp_path / "real.tape"
    text = random_faults.tape_text(chance, file.read_bytes(), PATHS[file.parent.name])
    path.write_text(text)
    check_random_plans(tapedeck, path, chance)


def test_the_reference_reads_a_fault_as_it_is_written():
    fault = Fault.parse("stall:20ms,burst@in:event:3,on=1-2")
    assert (fault.name, fault.argument, fault.place) == ("stall", "20ms", "in:event:3")
    assert "burst" in fault.keys
    assert [attempt for attempt in range(1, 5) if fault.fires_on(attempt)] == [1, 2]
