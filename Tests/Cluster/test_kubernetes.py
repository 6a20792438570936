"""The manifests of packages/kubernetes: what the schemas of Kubernetes say of them, and whether they fit each other,
the image and the deck."""

import re
import socket
from contextlib import contextmanager

import kubernetes_validate
import pytest
import yaml

import wire
from cluster.fleet import child
from conftest import ROOT
from waiting import until

FOLDER = ROOT / "packages" / "kubernetes"
FILES = sorted(path.name for path in FOLDER.glob("*.yaml") if path.name != "kustomization.yaml")
# The first that knows the sleep of preStop, and the newest.
VERSIONS = ["1.30", kubernetes_validate.latest_version()]
LABEL = {"app.kubernetes.io/name": "tapedeck"}


def read(name):
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def deployment():
    return read("deployment.yaml")


@pytest.fixture(scope="module")
def pod(deployment):
    return deployment["spec"]["template"]["spec"]


@pytest.fixture(scope="module")
def container(pod):
    (container,) = pod["containers"]
    return container


@pytest.fixture(scope="module")
def flags(container):
    """The arguments of `serve` by their names, as lists."""
    found = {}
    for word in container["args"][2:]:
        name, value = re.fullmatch(r"--([a-z-]+)=(\S+)", word).groups()
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", FILES)
def test_each_manifest_is_what_kubernetes_takes(name, version):
    kubernetes_validate.validate(read(name), version, strict=True)


def test_the_schemas_refuse_what_is_wrong():
    manifest = read("service.yaml")
    manifest["spec"]["ports"][0]["prot"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifest, VERSIONS[0], strict=True)


def test_one_command_applies_them_all():
    assert read("kustomization.yaml")["resources"] == FILES


def test_labels_and_selectors_are_one(deployment):
    assert deployment["spec"]["template"]["metadata"]["labels"] == LABEL
    selectors = [
        deployment["spec"]["selector"]["matchLabels"],
        read("service.yaml")["spec"]["selector"],
        read("disruption.yaml")["spec"]["selector"]["matchLabels"],
        read("network.yaml")["spec"]["podSelector"]["matchLabels"],
        read("monitoring/pods.yaml")["spec"]["selector"]["matchLabels"],
    ]
    assert selectors == [LABEL] * len(selectors)
    assert read("autoscaler.yaml")["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
    assert read("autoscaler.yaml")["spec"]["minReplicas"] == deployment["spec"]["replicas"]


def test_it_runs_as_the_image_is_made(pod, container):
    dockerfile = (ROOT / "packages" / "docker" / "Dockerfile").read_text(encoding="utf-8")
    (port,) = container["ports"]
    assert f"TAPEDECK_PORT={port['containerPort']} " in dockerfile
    assert f"USER {pod['securityContext']['runAsUser']}\n" in dockerfile
    assert pod["securityContext"]["runAsNonRoot"] and container["securityContext"]["readOnlyRootFilesystem"]
    (mount,) = container["volumeMounts"]
    assert f"CMD {container['args'][:2]}".replace("'", '"') in dockerfile
    assert container["args"][1] == mount["mountPath"] and mount["readOnly"]
    assert container["image"] in (ROOT / "docs" / "install.md").read_text(encoding="utf-8")


def test_ports_agree(container):
    (port,) = container["ports"]
    (service,) = read("service.yaml")["spec"]["ports"]
    assert service["port"] == port["containerPort"], "the port is part of `host`"
    assert service["targetPort"] == port["name"]
    (rule,) = read("ingress.yaml")["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert path["backend"]["service"] == {"name": read("service.yaml")["metadata"]["name"], "port": {"name": "http"}}
    assert read("network.yaml")["spec"]["ingress"][0]["ports"] == [{"port": port["name"]}]


def test_a_pod_has_the_time_to_drain(pod, container, flags):
    (drain,) = flags["drain-timeout"]
    needed = container["lifecycle"]["preStop"]["sleep"]["seconds"] + seconds(drain)
    assert pod["terminationGracePeriodSeconds"] > needed


def test_the_memory_is_enough_for_what_the_flags_allow(container, flags):
    journal = 32
    allowed = sum(int(flags[name][0].removesuffix("MiB")) for name in ("max-session-memory", "max-bodies"))
    assert allowed + journal + 64 <= int(container["resources"]["limits"]["memory"].removesuffix("Mi"))


def test_a_deck_keeps_a_connection_longer_than_the_ingress_does(flags):
    # ingress-nginx: upstream-keepalive-timeout
    assert seconds(flags["idle-timeout"][0]) > 60


def test_the_deck_has_what_the_manifests_ask_it_for(tapedeck, container, flags, tmp_path):
    """It starts with these arguments, and has the pages, names, token and metric."""
    (rule,) = read("ingress.yaml")["spec"]["rules"]
    service = read("service.yaml")
    (metric,) = read("autoscaler.yaml")["spec"]["metrics"]
    (endpoint,) = read("monitoring/pods.yaml")["spec"]["podMetricsEndpoints"]
    (secret,) = container["env"]
    assert secret["name"] == "TAPEDECK_TOKEN"
    reference = secret["valueFrom"]["secretKeyRef"]
    assert {**endpoint["authorization"]["credentials"]} == {"name": reference["name"], "key": reference["key"]}
    words = [tapedeck, "serve", ROOT / "cassettes", *container["args"][2:], "--host", "0.0.0.0", "--port", "0"]
    with child([*words, "--port-file", tmp_path / "port"], tmp_path / "log", env={"TAPEDECK_TOKEN": "t" * 32}):
        until((tmp_path / "port").exists)
        port = int((tmp_path / "port").read_text())
        names = [rule["host"], f"{service['metadata']['name']}:{port}", "127.0.0.2", f"127.0.0.2:{port}"]
        for name in [*names, "elsewhere.example"]:
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                status = asked(port, container[probe]["httpGet"]["path"], name)
                assert status == (200 if name in names else 403), (name, probe)
        assert asked(port, endpoint["path"], names[0]) == 401
        headers = [("authorization", f"Bearer {'t' * 32}")]
        page = wire.send("GET", f"http://127.0.0.1:{port}{endpoint['path']}", headers=headers).body.decode()
    name = metric["pods"]["metric"]["name"]
    assert f"# TYPE {name} gauge\n" in page
    (adapted,) = read("monitoring/prometheus-adapter.yaml")["rules"]["custom"]
    assert adapted["seriesQuery"].startswith(f"{name}{{")


def test_the_ingress_finds_the_session(tmp_path):
    """The map, as nginx understands it: where a request has a session, and where it has none."""
    variable = read("ingress.yaml")["metadata"]["annotations"]["nginx.ingress.kubernetes.io/upstream-hash-by"]
    asked_for = {
        ("/~session=a/v1/messages", ""): "a",
        ("/~pace=instant/~session=a%2Fb/~fault=none/v1/messages?x=1", ""): "a%2Fb",
        ("/%7Esession=a/v1/messages", ""): "a",
        ("/~session=a/v1/messages", "session=b"): "b",
        ("/v1/messages", "pace=instant; session=b;seed=1"): "b",
        ("/~session=a/v1/messages", "pace=instant"): "a",
        ("/~/api/sessions/a", ""): "a",
        ("/~/api/journal?limit=1&session=a", ""): "a",
        ("/~/api/outcome?session=a", ""): "a",
        ("/v1/~session=a", ""): None,
        ("/v1/messages?session=a", ""): None,
        ("/v1/messages", ""): None,
    }
    with nginx(tmp_path, f"return 200 '{variable}';") as ask:
        said = {question: ask(*question) for question in asked_for}
        for question, session in asked_for.items():
            # A request id has 32 digits.
            assert said[question] == session or (session is None and len(said[question]) == 32), question
        assert ask("/v1/messages", "") != ask("/v1/messages", "")


@contextmanager
def nginx(folder, location):
    """Runs nginx with the map until the block ends; gives a function that asks for a path, with a header."""
    place = folder / "nginx.sock"
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; worker_processes 1; events {{}}\n"
        f"http {{ access_log off; {temporary} include {FOLDER}/session-map.conf;\n"
        f"server {{ listen unix:{place}; location / {{ {location} }} }} }}\n"
    )

    def ask(path, header):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(place))
            fields = [("connection", "close"), *([("tapedeck", header)] if header else [])]
            connection.sendall(wire.request("GET", f"http://localhost{path}", b"", fields))
            with connection.makefile("rb") as stream:
                return wire.received(stream, "GET", lambda: 0).body.decode()

    with child(["nginx", "-e", "stderr", "-c", folder / "nginx.conf"], folder / "nginx.log"):
        until(place.exists)
        yield ask


def asked(port, path, host):
    """The status of a GET that names a host."""
    with wire.connected(f"http://127.0.0.1:{port}") as connection:
        connection.sendall(wire.request("GET", f"http://{host}{path}", b"", [("connection", "close")]))
        with connection.makefile("rb") as stream:
            return wire.received(stream, "GET", lambda: 0).status


def seconds(duration):
    return int(duration.removesuffix("s"))
