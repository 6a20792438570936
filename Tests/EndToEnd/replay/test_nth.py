"""`nth=` counts the requests of a session, whatever they ask; `on=` counts the tries of one request."""

import json

import pytest

import random_tape
import wire
from conftest import run

EVENT = b'data: {"n":1}\n\n'
BODIES = [b'{"model":"large"}', b'{"model":"small"}']


@pytest.fixture
def base(deck_of, tmp_path):
    path = tmp_path / "a.tape"
    path.write_text(random_tape.of_bodies([[EVENT], [EVENT * 2]], targets=["/a", "/b"]))
    with deck_of(path) as base:
        yield base


def statuses(base, session, fault, asked):
    return [wire.post(f"{base}/~session={session}/~fault={fault}{path}", body).status for path, body in asked]


def test_a_client_that_falls_back_to_another_body_meets_the_fault_as_often_as_asked(base):
    large, small = [("/a", body) for body in BODIES]
    asked = [large, small, small, large]
    assert statuses(base, "s", "status:529,nth=1-2", asked) == [529, 529, 200, 200]
    assert statuses(base, "t", "status:529,on=1", asked) == [529, 529, 200, 200]
    assert statuses(base, "u", "status:529,on=1,nth=2-", asked) == [200, 529, 200, 200]
    assert statuses(base, "v", "status:529,nth=3", [large, ("/b", BODIES[0]), large]) == [200, 200, 529]
    # Another session counts from the beginning, and the requests of the unnamed one are counted too.
    assert statuses(base, "w", "status:529,nth=1", [small, small]) == [529, 200]
    assert [wire.post(f"{base}/~fault=status:529,nth=2/a", b"{}").status for _ in range(3)] == [200, 529, 200]


def test_what_a_fault_of_a_session_answers_uses_up_no_recording(deck_of, tmp_path):
    path = tmp_path / "a.tape"
    path.write_text(random_tape.of_bodies([[EVENT], [EVENT * 2]], targets=["/a", "/a"]))
    with deck_of(path) as base:
        prefix = f"{base}/~session=s/~fault=status:503,nth=2/a"
        answers = [wire.post(prefix, b"{}") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 503, 200]
    assert [answer.body for answer in answers[::2]] == [EVENT, EVENT * 2]


def test_the_journal_reproduces_it_and_the_plan_shows_it(base, tapedeck, tmp_path):
    statuses(base, "s", "status:529,nth=2", [("/a", BODIES[0])] * 2)
    entry = json.loads(wire.send("GET", f"{base}/~/api/journal").body)[-1]
    assert entry["faults"][0]["fault"] == "status:529,nth=2"
    assert "nth" not in entry["reproduce"]
    assert wire.post(f"{base}/~{entry['reproduce'].replace(';', '/~')}/a", b"{}").status == 529
    for number, status in [("1", 200), ("2", 529)]:
        done = run(
            tapedeck,
            "plan",
            tmp_path / "a.tape",
            "--exchange",
            "1",
            "--fault",
            "status:529,nth=2",
            "--nth",
            number,
            "--json",
        )
        assert json.loads(done.stdout)["status"] == status


def test_an_unfired_fault_says_which_request_the_last_one_was(tapedeck, tmp_path):
    path = tmp_path / "a.tape"
    path.write_text(random_tape.of_bodies([[EVENT]], targets=["/a"]))
    url = "os.environ['TAPEDECK_URL'] + '/~session=s/~fault=reset,nth=5/a'"
    code = f"import os, urllib.request; urllib.request.urlopen({url}, b'{{}}').read()"
    done = run(tapedeck, "serve", path, "--port", "0", "--", "python3", "-c", code)
    assert done.returncode == 1 and b"the last request was number 1 of its session" in done.stderr, done.stderr


def test_faults_contradict_each_other_on_the_request_on_which_both_fire(tapedeck, tmp_path):
    path = tmp_path / "a.tape"
    path.write_text(random_tape.of_bodies([[EVENT]]))
    faults = ["--fault", "status:529,nth=3-", "--fault", "body:html,nth=4"]
    done = run(tapedeck, "serve", path, "--port", "0", *faults)
    assert done.returncode == 64 and b"contradict" in done.stderr, done
