"""What must hold between the files of deploy/ and the server, beyond what their own tools check.

Usage: deploy_check.py manifests CESURA KUBECTL KUBERNETES_VALIDATE
       deploy_check.py unit CESURA STRACE_OUTPUT
       deploy_check.py variants CONFIG_OUT
       deploy_check.py bundle INSPECTED ROOTFS CONFIG_OUT HEALTH_OUT
"""

from __future__ import annotations

import contextlib
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import tomllib
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
def serving(binary: str, path: pathlib.Path) -> Iterator[str]:
    """The server with these settings, but on a free port of this machine; its address."""
    command = [binary, "serve", "--config", str(path), "--listen", "127.0.0.1:0"]
    command += ["--log-format", "json", "--drain-delay", "0s"]
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(command, stderr=log)
        try:
            for _ in range(200):
                log.seek(0)
                if found := re.search(r'"address":"([\d.:]+)"', log.read()):
                    yield f"http://{found[1]}"
                    return
                if server.poll() is not None:
                    break
                time.sleep(0.1)
            log.seek(0)
            sys.exit(f"WRONG: the server does not start with {path}: {log.read()}")
        finally:
            server.terminate()
            server.wait(30)


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
    for folder in (base, DEPLOY / "kubernetes/overlays/production"):
        everything = list(yaml.safe_load_all(rendered(kubectl, folder)))
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
    with serving(binary, base / "cesura.toml") as address:
        for name, probe in probes.items():
            service = probe.get("service", "")
            asked = [binary, "health", "--endpoint", address, "--service", service]
            known = subprocess.run(asked, capture_output=True).returncode == 0
            check(known, f"{name}: the server answers for {service or 'itself'}")
        # The same with a name that is not there: the question can fail.
        asked[-1] = "cesura.v1.NoService"
        check(
            subprocess.run(asked, capture_output=True).returncode != 0, "a probe of an unknown service fails"
        )

    labels = deployment["spec"]["template"]["metadata"]["labels"]
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
    check(f"SocketBindAllow=tcp:{port}\n" in text, f"it may listen at port {port}")
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
    """Writes envoy.yaml with what deploy/README.md says to put in: TLS, and a name of several replicas."""
    blocks = re.findall(r"```yaml\n(.*?)```", (DEPLOY / "README.md").read_text(), re.DOTALL)
    parts: dict[str, Any] = {}
    for block in blocks:
        parts |= yaml.safe_load(block)
    check(parts.keys() == {"transport_socket", "cluster_type"}, "README: TLS, and a name of several replicas")
    config = yaml.safe_load((DEPLOY / "envoy/envoy.yaml").read_text())
    resources = config["static_resources"]
    resources["listeners"][0]["filter_chains"][0]["transport_socket"] = parts["transport_socket"]
    cluster = resources["clusters"][0]
    del cluster["type"]
    cluster["cluster_type"] = parts["cluster_type"]
    endpoints = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]
    del endpoints[1:]
    endpoints[0]["endpoint"]["address"]["socket_address"]["address"] = "cesura-headless"
    pathlib.Path(out).write_text(yaml.safe_dump(config))


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
        list(image["ExposedPorts"]) == ["50051/tcp"] and image.get("StopSignal") == "SIGTERM",
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
    {"manifests": manifests, "unit": unit, "variants": variants, "bundle": bundle}[sys.argv[1]](*sys.argv[2:])
