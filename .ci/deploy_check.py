"""What must hold between the files of deploy/ and the server, beyond what their own tools check.

Usage: deploy_check.py manifests CESURA KUBECTL KUBERNETES_VALIDATE
       deploy_check.py unit CESURA STRACE_OUTPUT
       deploy_check.py variants CONFIG_OUT
       deploy_check.py tls CESURA ENVOY CONFIG FOLDER
       deploy_check.py bundle INSPECTED ROOTFS CONFIG_OUT HEALTH_OUT
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
# Oldest and newest that manifests must be right for.
KUBERNETES = ("1.30", "1.37")
# What the server adds to a drain: time for cut calls to hear of it.
CUT_GRACE = 1


def check(holds: bool, what: str) -> None:
    if not holds:
        sys.exit(f"WRONG: {what}")
    print(f"  ok  {what}")


def seconds(time_with_unit: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(s|m|h)", time_with_unit).groups()  # type: ignore[union-attr]
    return int(number) * {"s": 1, "m": 60, "h": 3600}[unit]


def drain_seconds(settings: dict[str, Any]) -> int:
    return seconds(settings["drain-delay"]) + seconds(settings["drain-max"]) + CUT_GRACE


def settings_allowed(binary: str, path: pathlib.Path) -> dict[str, Any]:
    """Asks the server about a file of settings, and about the same with a misspelt key."""
    checked = [binary, "check-config", "--config", str(path)]
    said = subprocess.run(checked, capture_output=True, text=True)
    check(said.returncode == 0, f"{path.relative_to(ROOT)}: allowed {said.stderr}".rstrip())
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as broken:
        broken.write(path.read_text().replace("drain-delay", "drain-dealy"))
        broken.flush()
        said = subprocess.run([*checked[:-1], broken.name], capture_output=True, text=True)
    refused = said.returncode == 64 and "drain-dealy" in said.stderr
    check(refused, f"{path.relative_to(ROOT)}: misspelt it is refused with exit code 64")
    return tomllib.loads(path.read_text())


@contextlib.contextmanager
def started(
    binary: str, path: pathlib.Path, variables: dict[str, str] | None = None
) -> Iterator[tuple[str, str]]:
    """The server with these settings, but on free ports of this machine; both its addresses."""
    command = [binary, "serve", "--config", str(path), "--listen", "127.0.0.1:0"]
    command += ["--admin-listen", "127.0.0.1:0", "--log-format", "json", "--drain-delay", "0s"]
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(command, stderr=log, env=os.environ | (variables or {}))
        try:
            for _ in range(200):
                log.seek(0)
                said = [json.loads(line) for line in log.read().splitlines()]
                address = {one["message"]: one.get("address") for one in said}
                if "serving" in address and "metrics, livez and readyz" in address:
                    yield address["serving"], address["metrics, livez and readyz"]
                    return
                if server.poll() is not None:
                    break
                time.sleep(0.1)
            log.seek(0)
            sys.exit(f"WRONG: the server does not start with {path}: {log.read()}")
        finally:
            server.terminate()
            server.wait(30)


def answers(address: str, path: str) -> int:
    with urllib.request.urlopen(f"http://{address}{path}", timeout=10) as answer:
        return int(answer.status)


def certificate(folder: pathlib.Path, name: str) -> None:
    """A certificate for this machine that signs itself, and its key."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", "1", "-subj", "/CN=test", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command += ["-addext", "basicConstraints=critical,CA:FALSE"]
    command += ["-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.crt")]
    subprocess.run(command, check=True, capture_output=True)


# Kubernetes


def rendered(kubectl: str, folder: pathlib.Path) -> str:
    done = subprocess.run([kubectl, "kustomize", str(folder)], capture_output=True, text=True)
    check(done.returncode == 0, f"kubectl kustomize {folder.relative_to(ROOT)} {done.stderr}".rstrip())
    return done.stdout


def refusal(validator: str, manifests: list[dict[str, Any]], version: str) -> str:
    """What the schemas of Kubernetes say against them; empty: nothing."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump_all(manifests, file)
        file.flush()
        done = subprocess.run(
            [validator, "--strict", "-k", version, file.name], capture_output=True, text=True
        )
    said = done.stdout + done.stderr
    lines = [line for line in said.splitlines() if not line.startswith("INFO")]
    if done.returncode and not lines:
        lines = [f"exit code {done.returncode}"]
    return "\n".join(lines)


def find(manifests: list[dict[str, Any]], kind: str, name: str = "cesura") -> dict[str, Any]:
    for one in manifests:
        if one["kind"] == kind and one["metadata"]["name"] == name:
            return one
    sys.exit(f"WRONG: there is no {kind} {name}")


def container(manifests: list[dict[str, Any]]) -> dict[str, Any]:
    return find(manifests, "Deployment")["spec"]["template"]["spec"]["containers"][0]


def misspelt(name: str) -> Callable[[list[dict[str, Any]]], None]:
    def spoil(manifests: list[dict[str, Any]]) -> None:
        one = container(manifests)
        one[name + "e"] = one.pop(name)

    return spoil


def spoil_autoscaler(manifests: list[dict[str, Any]]) -> None:
    metric = find(manifests, "HorizontalPodAutoscaler")["spec"]["metrics"][0]
    metric["resource"]["target"]["averageUtilization"] = "70"


def spoil_port(manifests: list[dict[str, Any]]) -> None:
    container(manifests)["readinessProbe"]["grpc"]["port"] = "grpc"


def spoil_budget(manifests: list[dict[str, Any]]) -> None:
    find(manifests, "PodDisruptionBudget")["spec"]["maxUnavailabel"] = 1


def spoil_policy(manifests: list[dict[str, Any]]) -> None:
    find(manifests, "NetworkPolicy")["spec"]["ingress"][0]["form"] = []


def manifests(binary: str, kubectl: str, validator: str) -> None:
    base = DEPLOY / "kubernetes/base"
    everything: list[dict[str, Any]] = []
    strict = of_operator = None
    for folder in (base, DEPLOY / "kubernetes/overlays/strict", DEPLOY / "kubernetes/overlays/production"):
        everything = list(yaml.safe_load_all(rendered(kubectl, folder)))
        if folder.name == "strict":
            # There is no schema of what the operator brings.
            of_operator = find(everything, "PodMonitor")
            everything.remove(of_operator)
            strict = everything
        for version in KUBERNETES:
            said = refusal(validator, everything, version)
            check(
                not said,
                f"{folder.name}: {len(everything)} manifests right for Kubernetes {version} {said}".rstrip(),
            )
    for what, spoil in (
        ("a probe that is misspelt", misspelt("livenessProbe")),
        ("a utilization that is a string", spoil_autoscaler),
        ("a gRPC probe that names its port", spoil_port),
        ("a budget with a misspelt key", spoil_budget),
        ("a network policy with a misspelt key", spoil_policy),
    ):
        spoilt = copy.deepcopy(everything)
        spoil(spoilt)
        check(bool(refusal(validator, spoilt, KUBERNETES[-1])), f"{what} is refused")

    settings = settings_allowed(binary, base / "cesura.toml")
    deployment = find(everything, "Deployment")
    pod = deployment["spec"]["template"]["spec"]
    one = container(everything)
    grace = pod["terminationGracePeriodSeconds"]
    check(
        grace > drain_seconds(settings),
        f"grace of {grace} s is longer than a drain of {drain_seconds(settings)} s",
    )
    assert strict is not None and of_operator is not None
    port = int(settings["listen"].rpartition(":")[2])
    probes = {name: one[name]["grpc"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    ports = {probe["port"] for probe in probes.values()} | {one["ports"][0]["containerPort"]}
    for service in ("cesura", "cesura-headless"):
        spec = find(everything, "Service", service)["spec"]
        ports.add(spec["ports"][0]["port"])
        check(
            spec["ports"][0]["targetPort"] == one["ports"][0]["name"]
            and spec["ports"][0]["appProtocol"] == "kubernetes.io/h2c",
            f"Service {service} leads to the pods, by HTTP/2 without TLS",
        )
    check(ports == {port}, f"settings, container, probes and services are at port {port}")
    check(
        find(everything, "Service", "cesura-headless")["spec"]["clusterIP"] == "None",
        "cesura-headless has no address of its own",
    )
    admin_port = int(settings["admin-listen"].rpartition(":")[2])
    named = {one["name"]: one["containerPort"] for one in one["ports"]}
    check(named == {"grpc": port, "admin": admin_port}, f"ports of calls and of operators: {named}")
    rules = find(everything, "NetworkPolicy")["spec"]["ingress"]
    opened = [port["port"] for rule in rules for port in rule["ports"]]
    check(opened == ["grpc", "admin"], "the network policy opens both ports, to different ones")
    monitored = of_operator["spec"]["podMetricsEndpoints"][0]
    check(monitored["port"] == "admin" and monitored["path"] == "/metrics", "the PodMonitor scrapes /metrics")
    with started(binary, base / "cesura.toml") as (address, admin):
        check(
            all(answers(admin, path) == 200 for path in ("/livez", "/readyz", "/metrics")),
            "the admin endpoint answers /livez, /readyz and /metrics",
        )
        for name, probe in probes.items():
            service = probe.get("service", "")
            asked = [binary, "health", "--endpoint", f"http://{address}", "--service", service]
            known = subprocess.run(asked, capture_output=True).returncode == 0
            check(known, f"{name}: the server answers for {service or 'itself'}")
        # The same with a name that is not there: the question can fail.
        asked[-1] = "cesura.v1.NoService"
        check(
            subprocess.run(asked, capture_output=True).returncode != 0, "a probe of an unknown service fails"
        )

    strict_checks(binary, base / "cesura.toml", strict)
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    check(
        of_operator["spec"]["selector"]["matchLabels"].items() <= labels.items()
        and labels[of_operator["spec"]["jobLabel"]] == "cesura",
        "the PodMonitor selects the pods, under the job that the alerts ask for",
    )
    for kind, selector in (
        ("Deployment", deployment["spec"]["selector"]["matchLabels"]),
        ("Service", find(everything, "Service")["spec"]["selector"]),
        ("PodDisruptionBudget", find(everything, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"]),
        ("NetworkPolicy", find(everything, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"]),
    ):
        check(selector.items() <= labels.items(), f"{kind} selects the pods")
    callers = find(everything, "NetworkPolicy")["spec"]["ingress"][0]["from"]
    mine = [one for one in callers if "app.kubernetes.io/name" in str(one)]
    check(not mine, "callers need not carry the label of the service")

    check("replicas" not in deployment["spec"], "the number of pods is the autoscaler's")
    update = deployment["spec"]["strategy"]["rollingUpdate"]
    check(
        update["maxUnavailable"] == 0 and update["maxSurge"] >= 1,
        "a rollout takes no pod before another is ready",
    )
    context = pod["securityContext"] | one["securityContext"]
    check(
        context["runAsNonRoot"] is True
        and context["runAsUser"] > 0
        and context["readOnlyRootFilesystem"] is True
        and context["allowPrivilegeEscalation"] is False
        and context["capabilities"] == {"drop": ["ALL"]}
        and context["seccompProfile"] == {"type": "RuntimeDefault"},
        "not root, read-only, no capabilities, seccomp",
    )
    check(
        pod["automountServiceAccountToken"] is False and pod["enableServiceLinks"] is False,
        "no token, and no CESURA_* variables of the cluster's own",
    )
    resources = one["resources"]
    check(
        {"cpu", "memory"} <= resources["requests"].keys() & resources["limits"].keys(),
        "requests and limits of processor and memory",
    )
    mounted = one["volumeMounts"][0]["mountPath"]
    check(
        one["args"] == ["serve", "--config", f"{mounted}/cesura.toml"] and not one.get("env"),
        "the settings are those of the file",
    )


def strict_checks(binary: str, path: pathlib.Path, manifests: list[dict[str, Any]]) -> None:
    """The server as the overlay with TLS and known clients starts it."""
    one = container(manifests)
    mounts = {mount["name"]: mount["mountPath"] for mount in one["volumeMounts"]}
    for service in ("cesura", "cesura-headless"):
        said = find(manifests, "Service", service)["spec"]["ports"][0]["appProtocol"]
        check(said == "https", f"strict: Service {service} says that there is TLS")
    with tempfile.TemporaryDirectory() as folder:
        here = pathlib.Path(folder)
        (here / "tls").mkdir()
        (here / "clients").mkdir()
        certificate(here / "tls", "tls")
        certificate(here / "clients", "ca")
        token = here / "token"
        token.write_text("0f" * 32)
        digest = subprocess.run(
            ["sha256sum", str(token)], check=True, capture_output=True, text=True
        ).stdout.split()[0]
        (here / "clients/access.toml").write_text(
            f'[[client]]\nname = "test"\ntokens-sha256 = ["{digest}"]\nmethods = ["*"]\n'
        )
        variables = {}
        for variable in one["env"]:
            value = variable["value"]
            for name in ("tls", "clients"):
                value = value.replace(mounts[name], str(here / name))
            variables[variable["name"]] = value
        alone = {"CESURA_ALLOW_PUBLIC": variables["CESURA_ALLOW_PUBLIC"]}
        checked = [binary, "check-config", "--config", str(path)]
        said = subprocess.run(checked, capture_output=True, text=True, env=os.environ | alone)
        check(said.returncode == 64, "strict: without its Secret the server does not start")
        said = subprocess.run(checked, capture_output=True, text=True, env=os.environ | variables)
        check(said.returncode == 0, f"strict: with it, it does {said.stderr}".rstrip())
        with started(binary, path, variables) as (address, admin):
            probes = [one[name]["httpGet"] for name in ("startupProbe", "readinessProbe", "livenessProbe")]
            check(
                all(probe["port"] == "admin" and answers(admin, probe["path"]) == 200 for probe in probes),
                f"strict: probes {[probe['path'] for probe in probes]} are answered without TLS",
            )
            asked = [binary, "detect", "--endpoint", f"https://{address}", "--ca-file", str(here / "tls/tls.crt")]
            text = "Il governo non ha detto nulla."
            known = [*asked, "--token-file", str(token), "-"]
            done = subprocess.run(known, capture_output=True, text=True, input=text)
            check(done.returncode == 0 and "it" in done.stdout, f"strict: a token lets in {done.stderr}".rstrip())
            done = subprocess.run([*asked, "-"], capture_output=True, text=True, input=text)
            check(
                done.returncode != 0 and "authorization" in done.stderr,
                "strict: without token and certificate nobody is let in",
            )


# systemd


def filtered(groups: list[str]) -> set[str]:
    """System calls of groups such as @system-service, as systemd knows them."""
    calls: set[str] = set()
    for group in groups:
        if not group.startswith("@"):
            calls.add(group)
            continue
        listed = subprocess.run(
            ["systemd-analyze", "syscall-filter", group], check=True, capture_output=True, text=True
        ).stdout
        lines = [line.strip() for line in listed.splitlines()[1:]]
        calls |= filtered([line for line in lines if line and not line.startswith("#")])
    return calls


def unit(binary: str, traced: str) -> None:
    text = (DEPLOY / "systemd/cesura.service").read_text()
    settings = settings_allowed(binary, DEPLOY / "systemd/cesura.toml")
    stop = int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)[1])  # type: ignore[index]
    check(
        stop > drain_seconds(settings),
        f"TimeoutStopSec of {stop} s is longer than a drain of {drain_seconds(settings)} s",
    )
    port = settings["listen"].rpartition(":")[2]
    admin = settings["admin-listen"].rpartition(":")[2]
    allowed_ports = re.findall(r"^SocketBindAllow=tcp:(\d+)$", text, re.MULTILINE)
    check(allowed_ports == [port, admin], f"it may listen at ports {port} and {admin}, and no others")
    tls = (DEPLOY / "systemd/tls.conf").read_text()
    credentials = set(re.findall(r"^LoadCredential=(\S+?):", tls, re.MULTILINE))
    used_credentials = set(re.findall(r"=%d/(\S+)$", tls, re.MULTILINE))
    check(credentials == used_credentials == {"tls.crt", "tls.key"}, "tls.conf: what is loaded is used")
    allowed: set[str] = set()
    for line in re.findall(r"^SystemCallFilter=(.+)$", text, re.MULTILINE):
        if line.startswith("~"):
            allowed -= filtered(line[1:].split())
        else:
            allowed |= filtered(line.split())
    used = set(re.findall(r"^(?:\d+ +)?([a-z_0-9]+)\(", pathlib.Path(traced).read_text(), re.MULTILINE))
    check(len(used) > 20, f"the trace has {len(used)} different system calls")
    # The first call of all is made by systemd itself.
    refused = used - allowed - {"execve"}
    check(not refused, f"the filter lets all of them through {sorted(refused) or ''}".rstrip())


# Envoy


def variants(out: str) -> None:
    """Writes envoy.yaml with what deploy/README.md says to put in: TLS on both sides, a name of several replicas."""
    blocks = re.findall(r"```yaml\n(.*?)```", (DEPLOY / "README.md").read_text(), re.DOTALL)
    sockets, parts = [], {}
    for part in map(yaml.safe_load, blocks):
        if isinstance(part, dict) and "transport_socket" in part:
            sockets.append(part["transport_socket"])
        elif isinstance(part, dict) and "cluster_type" in part:
            parts |= part
    types = [one["typed_config"]["@type"].rpartition(".")[2] for one in sockets]
    wanted = ["DownstreamTlsContext", "UpstreamTlsContext"]
    check(types == wanted and parts.keys() == {"cluster_type"}, "README: TLS on both sides, a name of several replicas")
    config = yaml.safe_load((DEPLOY / "envoy/envoy.yaml").read_text())
    resources = config["static_resources"]
    resources["listeners"][0]["filter_chains"][0]["transport_socket"] = sockets[0]
    cluster = resources["clusters"][0]
    cluster["transport_socket"] = sockets[1]
    del cluster["type"]
    cluster["cluster_type"] = parts["cluster_type"]
    endpoints = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]
    del endpoints[1:]
    endpoints[0]["endpoint"]["address"]["socket_address"]["address"] = "cesura-headless"
    pathlib.Path(out).write_text(yaml.safe_dump(config))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def tls(binary: str, envoy: str, config: str, folder: str) -> None:
    """Calls through Envoy with TLS on both sides, to a server that asks Envoy for its certificate."""
    here = pathlib.Path(folder)
    for name in ("tls", "replica", "envoy"):
        certificate(here, name)
    (here / "replicas-ca.crt").write_text((here / "replica.crt").read_text())
    variables = {
        "CESURA_TLS_CERT": str(here / "replica.crt"),
        "CESURA_TLS_KEY": str(here / "replica.key"),
        "CESURA_TLS_CLIENT_CA": str(here / "envoy.crt"),
    }
    with started(binary, DEPLOY / "systemd/cesura.toml", variables) as (address, _):
        running = yaml.safe_load(pathlib.Path(config).read_text())
        resources = running["static_resources"]
        port, admin = free_port(), free_port()
        running["admin"]["address"]["socket_address"]["port_value"] = admin
        resources["listeners"][0]["address"]["socket_address"]["port_value"] = port
        cluster = resources["clusters"][0]
        cluster.pop("cluster_type")
        cluster["type"] = "STATIC"
        endpoint = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
        host, _, number = address.rpartition(":")
        endpoint["address"]["socket_address"] = {"address": host, "port_value": int(number)}
        # The certificate of this test is for localhost.
        validation = cluster["transport_socket"]["typed_config"]["common_tls_context"]["validation_context"]
        cluster["transport_socket"]["typed_config"]["sni"] = "localhost"
        validation["match_typed_subject_alt_names"][0]["matcher"] = {"exact": "localhost"}
        (here / "running.yaml").write_text(yaml.safe_dump(running))
        command = [envoy, "--disable-hot-restart", "--config-path", "running.yaml", "--log-level", "warning"]
        with (here / "envoy.log").open("w") as log:
            proxy = subprocess.Popen(command, cwd=here, stdout=log, stderr=log)
        try:
            asked = [binary, "detect", "--endpoint", f"https://localhost:{port}"]
            asked += ["--ca-file", str(here / "tls.crt"), "-"]
            for _ in range(150):
                text = "Il governo non ha detto nulla."
                done = subprocess.run(asked, capture_output=True, text=True, input=text)
                if done.returncode == 0 or proxy.poll() is not None:
                    break
                time.sleep(0.2)
            what = "a call through Envoy, TLS to Envoy and mTLS from there"
            why = f"{done.stderr} {(here / 'envoy.log').read_text()}" if done.returncode else ""
            check(done.returncode == 0, f"{what} {why}".rstrip())
        finally:
            proxy.terminate()
            proxy.wait(30)


# The image


def bundle(inspected: str, rootfs: str, out: str, health: str) -> None:
    """Checks what the image says of itself, and writes what runs it as strictly as the documents say."""
    image = json.loads(pathlib.Path(inspected).read_text())["Docker"]["config"]
    check(image["User"] == "65532:65532", "image: not root")
    check(
        image["Entrypoint"] + image["Cmd"]
        == ["/usr/local/bin/cesura", "serve", "--config", "/etc/cesura/cesura.toml"],
        "image: serves",
    )
    check(
        image["Healthcheck"]["Test"][:3] == ["CMD", "/usr/local/bin/cesura", "health"], "image: cesura health"
    )
    check(
        sorted(image["ExposedPorts"]) == ["50051/tcp", "9464/tcp"] and image.get("StopSignal") == "SIGTERM",
        "image: port and signal",
    )
    check(
        not any("CESURA_" in variable for variable in image["Env"]), "image: no variable hides a mounted file"
    )
    settings = tomllib.loads((DEPLOY / "docker/cesura.toml").read_text())
    for document in (DEPLOY / "docker/Dockerfile", DEPLOY / "README.md"):
        stop = int(re.search(r"--stop-timeout (\d+)", document.read_text())[1])  # type: ignore[index]
        check(
            stop > drain_seconds(settings),
            f"{document.name}: docker waits {stop} s, a drain takes {drain_seconds(settings)} s",
        )
    user = {"uid": 65532, "gid": 65532}
    none: dict[str, list[str]] = {
        name: [] for name in ("bounding", "effective", "permitted", "inheritable", "ambient")
    }
    config = {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False, "user": user, "args": image["Entrypoint"] + image["Cmd"],
            "env": image["Env"], "cwd": "/", "capabilities": none, "noNewPrivileges": True,
        },
        "root": {"path": rootfs, "readonly": True},
        "hostname": "cesura",
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
        ],
        # A network of its own too, with nothing but loopback.
        "linux": {"namespaces": [{"type": name} for name in ("pid", "ipc", "uts", "mount", "network")]},
    }  # fmt: skip
    pathlib.Path(out).write_text(json.dumps(config))
    # For the script: the command of the health check, one word a line.
    pathlib.Path(health).write_text("\n".join(image["Healthcheck"]["Test"][1:]) + "\n")


if __name__ == "__main__":
    parts = {"manifests": manifests, "unit": unit, "variants": variants, "tls": tls, "bundle": bundle}
    parts[sys.argv[1]](*sys.argv[2:])
