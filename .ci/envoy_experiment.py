"""Three replicas behind Envoy under steady load, while they are killed, drained and restarted.

Runs `deploy/envoy/envoy.yaml` as it stands, but for its ports. Clients of every kind send documents and
count what comes back: each must be answered once, whole and the same as ever, and nothing may fail
with a code that deploy/README.md does not name. Ends with 1 where that does not hold.

Usage: envoy_experiment.py CESURA ENVOY SECONDS
"""

from __future__ import annotations

import base64
import collections
import contextlib
import datetime
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import cesura
from cesura.v1 import document_pb2, segmentation_service_pb2

ROOT = pathlib.Path(__file__).resolve().parent.parent
ORIGIN = "https://redazione.example"

# What deploy/README.md says clients may see. INTERNAL is what Envoy makes of a replica that dies in the
# middle of an answer; for HTTP without gRPC the answer is cut there.
DOCUMENTED = {"UNAVAILABLE", "INTERNAL (reset)", "HTTP 503", "cut"}

# Longer than Envoy takes to see NOT_SERVING.
DRAIN_DELAY = 3.0
# Shorter than streams of a corpus last, so that some are cut.
DRAIN_MAX = 3.0
# Seconds that what is under way gets once nothing new is sent.
LAST_ANSWERS = 90.0
# Seconds for a process to come or go on a busy machine.
PATIENCE = 60.0


class Failed(Exception):
    """Something does not hold that has to."""


# What clients saw


@dataclass
class Tally:
    """What one kind of client sent and saw."""

    sent: int = 0
    answered: int = 0
    doubled: int = 0
    wrong: int = 0
    failures: collections.Counter[str] = field(default_factory=collections.Counter)
    slowest: float = 0.0

    @property
    def lost(self) -> int:
        return self.sent - self.answered


class Book:
    """The tallies of all kinds, for all threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tallies: dict[str, Tally] = collections.defaultdict(Tally)
        self.expected: dict[tuple[str, object], object] = {}
        self.crashes: list[str] = []

    def under_way(self) -> int:
        with self.lock:
            return sum(tally.lost for tally in self.tallies.values())

    def send(self, kind: str) -> None:
        with self.lock:
            self.tallies[kind].sent += 1

    def fail(self, kind: str, code: str) -> None:
        with self.lock:
            self.tallies[kind].failures[code] += 1

    def answer(self, kind: str, key: object, said: object, seconds: float = 0.0) -> None:
        """`said` must be what the same document (`key`) got before."""
        with self.lock:
            tally = self.tallies[kind]
            tally.answered += 1
            tally.slowest = max(tally.slowest, seconds)
            if self.expected.setdefault((kind, key), said) != said:
                tally.wrong += 1


def code_of(error: cesura.CesuraError) -> str:
    if error.code.name == "INTERNAL" and isinstance(error, cesura.UnavailableError):
        return "INTERNAL (reset)"
    return f"{error.code.name} {error.reason}".strip() if error.reason == "ANSWER_CUT" else error.code.name


def policy(book: Book, kind: str) -> cesura.RetryPolicy:
    """Patient, and tells the book of every failure that it is asked about."""

    class Counting(cesura.RetryPolicy):
        def delay_after(self, failures: int, error: cesura.CesuraError) -> float | None:
            book.fail(kind, code_of(error))
            return super().delay_after(failures, error)

    return Counting(attempts_max=60, delay_first=0.05, delay_max=1.0)


# Processes


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def until(what: str, holds: Callable[[], bool], seconds: float = PATIENCE) -> float:
    """Waits until it holds; the seconds that took."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise Failed(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - began


class Process:
    """A process of ours, ended by its id."""

    def __init__(self, name: str, command: list[str], work: pathlib.Path) -> None:
        self.name = name
        self.command = command
        self.work = work
        self.log = work / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert self.process is None
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.work, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def wait(self, seconds: float) -> int:
        assert self.process is not None
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} did not end within {seconds:.0f} s") from None
        self.process = None
        return code

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def memory_mib(self) -> float:
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0


class Replica(Process):
    def __init__(self, number: int, binary: str, port: int, work: pathlib.Path) -> None:
        self.number = number
        self.binary = binary
        self.address = f"127.0.0.1:{port}"
        command = [
            binary, "serve", "--listen", self.address, "--log-level", "warn", "--log-format", "json",
            "--drain-delay", f"{DRAIN_DELAY:g}s", "--drain-max", f"{DRAIN_MAX:g}s",
        ]  # fmt: skip
        super().__init__(f"replica-{number}", command, work)

    def healthy(self) -> bool:
        if self.ended:
            raise Failed(f"{self.name} ended:\n{self.log.read_text()[-2000:]}")
        command = [self.binary, "health", "--endpoint", f"http://{self.address}"]
        return subprocess.run(command, capture_output=True).returncode == 0

    def come_up(self) -> None:
        self.start()
        until(f"{self.name} answers", self.healthy)


class Envoy(Process):
    def __init__(self, binary: str, cesura_binary: str, replicas: list[int], work: pathlib.Path) -> None:
        self.port, self.admin = free_ports(2)
        ports = {8080: self.port, 9901: self.admin, **dict(zip((50051, 50052, 50053), replicas))}
        config = (ROOT / "deploy/envoy/envoy.yaml").read_text()
        config, count = re.subn(r"(?<=port_value: )\d+", lambda found: str(ports[int(found[0])]), config)
        if count != len(ports):
            raise Failed(f"envoy.yaml has {count} ports, not {len(ports)}")
        (work / "envoy.yaml").write_text(config)
        descriptor = subprocess.run([cesura_binary, "descriptor"], check=True, capture_output=True)
        (work / "cesura.binpb").write_bytes(descriptor.stdout)
        command = [
            binary, "--config-path", "envoy.yaml", "--concurrency", "1", "--disable-hot-restart",
            "--log-level", "warning",
        ]  # fmt: skip
        super().__init__("envoy", command, work)

    def asked(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}{path}", timeout=5) as answer:
            return json.load(answer)

    def hosts(self) -> dict[str, dict[str, Any]]:
        for cluster in self.asked("/clusters?format=json")["cluster_statuses"]:
            if cluster["name"] == "cesura":
                return {
                    "127.0.0.1:{}".format(host["address"]["socket_address"]["port_value"]): host
                    for host in cluster["host_statuses"]
                }
        raise Failed("Envoy knows no cluster cesura")

    def in_use(self, replica: Replica) -> bool:
        """Whether calls are sent there."""
        health = self.hosts()[replica.address]["health_status"]
        return not any(
            health.get(flag)
            for flag in ("failed_active_health_check", "failed_outlier_check", "pending_active_hc")
        )

    def requests(self) -> dict[str, int]:
        return {
            address: int(stat.get("value", 0))
            for address, host in self.hosts().items()
            for stat in host["stats"]
            if stat["name"] == "rq_total"
        }

    def counts(self) -> dict[str, int]:
        stats = self.asked("/stats?format=json&filter=%5Ecluster.cesura%5C.")["stats"]
        return {
            stat["name"].removeprefix("cluster.cesura."): stat["value"] for stat in stats if "value" in stat
        }

    def ready(self) -> bool:
        if self.ended:
            raise Failed(f"Envoy ended:\n{self.log.read_text()[-2000:]}")
        try:
            return all(
                "pending_active_hc" not in host["health_status"]
                and "failed_active_health_check" not in host["health_status"]
                for host in self.hosts().values()
            )
        except OSError:
            return False


# Clients that are not of our library


class HttpFailure(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def curl(url: str, body: str, *more: str, seconds: int = 30) -> tuple[int, str]:
    """The HTTP status and the body, by the real curl."""
    done = subprocess.run(
        [
            "curl", "--silent", "--max-time", str(seconds), "--header", "content-type: application/json",
            "--data-binary", "@-", "--write-out", "\n%{http_code}", *more, url,
        ],
        input=body.encode(),
        capture_output=True,
    )  # fmt: skip
    said, _, status = done.stdout.decode().rpartition("\n")
    # 18: the answer ended too early. 56: the connection was reset.
    if done.returncode in (18, 56):
        raise HttpFailure("cut")
    if done.returncode:
        raise HttpFailure(f"curl exit {done.returncode}")
    return int(status), said


def segment_by_curl(port: int, text: str, number: int) -> tuple[str, int]:
    """The digest that the server saw and the number of segments."""
    request = {"document": {"documentId": str(number), "text": text}}
    status, said = curl(
        f"http://127.0.0.1:{port}/cesura.v1.SegmentationService/SegmentDocument", json.dumps(request)
    )
    if status != 200:
        raise HttpFailure(f"HTTP {status}")
    events = [event for line in said.splitlines() for event in json.loads(line)["events"]]
    if not events or "tail" not in events[-1]:
        raise HttpFailure("cut")
    if events[0]["head"]["documentId"] != str(number):
        raise Failed("JSON: the answer is of another document")
    return events[-1]["tail"]["sourceDigest"], events[-1]["tail"]["segmentCount"]


def grpc_web(port: int, method: str, request: bytes) -> tuple[int, list[bytes], dict[str, str]]:
    """Status, messages and headers of a gRPC-Web call from a page of ORIGIN."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "content-type": "application/grpc-web+proto",
        "x-grpc-web": "1",
        "origin": ORIGIN,
    }
    try:
        connection.request(
            "POST", f"/cesura.v1.{method}", b"\0" + struct.pack(">I", len(request)) + request, headers
        )
        response = connection.getresponse()
        head = {name.lower(): value for name, value in response.getheaders()}
        body = response.read()
    except (http.client.HTTPException, ConnectionError):
        raise HttpFailure("cut") from None
    finally:
        connection.close()
    if response.status != 200:
        raise HttpFailure(f"HTTP {response.status}")
    status, messages = head.get("grpc-status"), []
    while body:
        flag, length = struct.unpack(">BI", body[:5])
        content, body = body[5 : 5 + length], body[5 + length :]
        if flag & 0x80:
            trailers = dict(line.split(":", 1) for line in content.decode().split("\r\n") if line)
            status = trailers["grpc-status"]
        else:
            messages.append(content)
    if status is None:
        raise HttpFailure("cut")
    return int(status), messages, head


def segment_by_grpc_web(port: int, text: str, number: int) -> tuple[str, int]:
    request = segmentation_service_pb2.SegmentDocumentRequest(
        document=document_pb2.SourceDocument(document_id=str(number), text=text)
    )
    status, messages, _ = grpc_web(port, "SegmentationService/SegmentDocument", request.SerializeToString())
    if status:
        names = {14: "UNAVAILABLE", 13: "INTERNAL (reset)"}
        raise HttpFailure(names.get(status, f"gRPC-Web {status}"))
    response = segmentation_service_pb2.SegmentDocumentResponse
    events = [event for message in messages for event in response.FromString(message).events]
    document = cesura.Document(events)
    if document.text != text:
        raise Failed("gRPC-Web: the answer is of another document")
    return document.tail.source_digest, document.tail.segment_count


# Load


class Load:
    """Clients of every kind, each in a thread of its own, at a steady pace."""

    def __init__(self, port: int, book: Book, work: pathlib.Path) -> None:
        self.port = port
        self.book = book
        self.stop = threading.Event()
        self.seeds = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
        bitext = (ROOT / "tests/bitext/01.it-en").read_text(encoding="utf-8").splitlines()
        self.italian = "\n".join(line[2:] for line in bitext if line.startswith("< "))
        self.english = "\n".join(line[2:] for line in bitext if line.startswith("> "))
        self.file = work / "long.txt"
        self.file.write_text("\n\n".join(self.seeds * 12), encoding="utf-8")
        # Kind, pause between two calls, what to do.
        kinds: list[tuple[str, float, Callable[[cesura.Client, int], tuple[object, object]]]] = [
            ("SegmentDocument", 0.1, self.segment),
            ("SegmentChunks, file", 0.8, self.segment_file),
            ("DetectLanguage", 0.2, self.detect),
            ("AlignTexts", 0.5, self.align),
            ("Export", 0.4, self.export),
            ("JSON, curl", 0.5, self.json),
            ("gRPC-Web", 0.3, self.web),
        ]
        self.threads = [
            threading.Thread(target=self.one_by_one, args=kind, name=kind[0], daemon=True) for kind in kinds
        ]
        for name, streams, per_stream in (
            ("bulk, long streams", 3, None),
            ("bulk, 200 a stream", 2, 200),
        ):
            self.threads.append(
                threading.Thread(target=self.bulk, args=(name, streams, per_stream), name=name, daemon=True)
            )

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def finish(self) -> list[str]:
        """Sends nothing new, waits for the last answers; who still waits then."""
        self.stop.set()
        ends = time.monotonic() + LAST_ANSWERS
        for thread in self.threads:
            thread.join(max(0.0, ends - time.monotonic()))
        return [thread.name for thread in self.threads if thread.is_alive()]

    def client(self, kind: str) -> cesura.Client:
        return cesura.Client(f"127.0.0.1:{self.port}", retry=policy(self.book, kind), timeout=80)

    def text(self, number: int) -> str:
        return f"Articolo numero {number}.\n\n{self.seeds[number % len(self.seeds)]}"

    def one_by_one(
        self, kind: str, pause: float, call: Callable[[cesura.Client, int], tuple[object, object]]
    ) -> None:
        try:
            with self.client(kind) as client:
                number = 0
                while not self.stop.wait(pause):
                    number += 1
                    self.book.send(kind)
                    began = time.monotonic()
                    while True:
                        try:
                            key, said = call(client, number)
                            break
                        except HttpFailure as failure:
                            self.book.fail(kind, failure.code)
                        except cesura.UnavailableError as error:
                            # An export that was cut after its first bytes: the library has given
                            # them out already, so the caller asks anew.
                            if kind != "Export":
                                raise
                            self.book.fail(kind, code_of(error))
                        if time.monotonic() - began > 80:
                            raise Failed(f"{kind}: no answer in 80 s")
                        time.sleep(0.2)
                    self.book.answer(kind, key, said, time.monotonic() - began)
        except BaseException as error:  # Told at the end, by the thread that decides.
            self.book.crashes.append(f"{kind}: {type(error).__name__}: {error}")

    def bulk(self, kind: str, streams: int, per_stream: int | None) -> None:
        seen: set[int] = set()
        sent_at: dict[int, float] = {}

        def documents() -> Iterator[int]:
            # In bursts, as pages come from a crawler: many are under way when a replica falls.
            number = 0
            while not self.stop.wait(0.7):
                for _ in range(96):
                    number += 1
                    self.book.send(kind)
                    sent_at[number] = time.monotonic()
                    yield number

        try:
            with self.client(kind) as client:
                answers = client.segment_documents(
                    documents(),
                    source=self.text,
                    # Long answers, so that some are cut in the middle.
                    options=cesura.SegmentationOptions(details=[cesura.DETAIL_ALL]),
                    ordered=False,
                    streams=streams,
                    documents_per_message=8,
                    documents_in_flight=128,
                    documents_per_stream=per_stream,
                )
                for number, answer in answers:
                    if isinstance(answer, cesura.CesuraError):
                        self.book.fail(kind, code_of(answer))
                        continue
                    if number in seen:
                        with self.book.lock:
                            self.book.tallies[kind].doubled += 1
                        continue
                    seen.add(number)
                    whole = answer.text == self.text(number)
                    said = (whole, answer.tail.segment_count)
                    seconds = time.monotonic() - sent_at.pop(number)
                    self.book.answer(kind, number % len(self.seeds), said, seconds)
                    if not whole:
                        raise Failed("the answer is not the document")
        except BaseException as error:
            self.book.crashes.append(f"{kind}: {type(error).__name__}: {error}")

    def whole(self, document: cesura.Document, text: str) -> int:
        """The number of its segments, if it is the document: a part that came twice would show."""
        if document.text != text:
            raise Failed("the answer is not the document")
        return document.tail.segment_count

    def segment(self, client: cesura.Client, number: int) -> tuple[object, object]:
        text = self.text(number)
        return number % len(self.seeds), self.whole(client.segment(text), text)

    def segment_file(self, client: cesura.Client, number: int) -> tuple[object, object]:
        with client.segment_file(self.file, chunk_bytes=16 << 10, timeout=80) as stream:
            document = cesura.Document(stream)
        return 0, self.whole(document, self.file.read_text(encoding="utf-8"))

    def detect(self, client: cesura.Client, number: int) -> tuple[object, object]:
        said = client.detect_languages([*self.seeds, self.english])
        return 0, [one.language_code for one in said]

    def align(self, client: cesura.Client, number: int) -> tuple[object, object]:
        alignment = client.align(self.italian, self.english)
        return 0, [bead.SerializeToString(deterministic=True) for bead in alignment.beads]

    def export(self, client: cesura.Client, number: int) -> tuple[object, object]:
        text = self.seeds[number % len(self.seeds)] * 8
        with client.export(text, cesura.EXPORT_FORMAT_JSONL) as export:
            return number % len(self.seeds), export.read()

    def json(self, client: cesura.Client, number: int) -> tuple[object, object]:
        text = self.seeds[number % len(self.seeds)]
        return number % len(self.seeds), segment_by_curl(self.port, text, number)

    def web(self, client: cesura.Client, number: int) -> tuple[object, object]:
        text = self.seeds[number % len(self.seeds)]
        return number % len(self.seeds), segment_by_grpc_web(self.port, text, number)


# Before the load: what envoy.yaml promises


def check(holds: bool, what: str) -> None:
    print(f"  {'ok' if holds else 'NOT'}  {what}", flush=True)
    if not holds:
        raise Failed(what)


def promises(envoy: Envoy, load: Load) -> None:
    base = f"http://127.0.0.1:{envoy.port}"
    segmentation = f"{base}/cesura.v1.SegmentationService"

    before = envoy.requests()
    with cesura.Client(f"127.0.0.1:{envoy.port}") as client:
        for number in range(60):
            client.segment(load.text(number))
        shares = {address: count - before[address] for address, count in envoy.requests().items()}
        # Health checks are not among them. By chance, so far from exact.
        check(min(shares.values()) >= 5, f"one connection, 60 calls: {sorted(shares.values())}")
        document = client.segment("lungo " * 300_000)
        check(len(document.text) == 1_800_000, "gRPC: a document of 1.8 MB")

    status, said = curl(f"{segmentation}/DetectLanguage", json.dumps({"texts": [load.seeds[0]]}))
    check(
        status == 200 and json.loads(said)["detections"][0]["languageCode"] == "it",
        "JSON: a single answer",
    )
    check(segment_by_curl(envoy.port, load.seeds[1], 7)[1] > 5, "JSON: a stream, an object a line")
    check(segment_by_curl(envoy.port, "lungo " * 300_000, 8)[1] > 0, "JSON: a document of 1.8 MB")
    content = base64.b64encode(load.seeds[1].encode()).decode()
    chunks = [{"start": {"documentId": "c"}}, {"chunk": content}, {"end": {}}]
    status, said = curl(f"{segmentation}/SegmentChunks", json.dumps(chunks))
    check(status == 200 and '"tail"' in said, "JSON: a stream of requests, as an array")
    status, said = curl(
        f"{segmentation}/SegmentDocument",
        json.dumps({"document": {"content": content, "charset": "?"}}),
    )
    check(
        status == 400 and "UNKNOWN_CHARSET" in said and "document.charset" in said,
        "JSON: an error is HTTP 400, with reason and field",
    )
    check(curl(f"{base}/metrics", "{}")[0] == 404, "other paths reach no replica")

    check(segment_by_grpc_web(envoy.port, load.seeds[2], 9)[1] > 5, "gRPC-Web: a stream")
    request = segmentation_service_pb2.DetectLanguageRequest(texts=["Testo."])
    status, _, head = grpc_web(envoy.port, "SegmentationService/DetectLanguage", request.SerializeToString())
    check(
        status == 0 and head.get("access-control-allow-origin") == ORIGIN,
        "gRPC-Web: a page of an origin on the list",
    )
    for origin, allowed in ((ORIGIN, True), ("https://altrove.example", False)):
        asked = urllib.request.Request(
            f"{segmentation}/DetectLanguage",
            method="OPTIONS",
            headers={
                "origin": origin,
                "access-control-request-method": "POST",
                "access-control-request-headers": "content-type,x-grpc-web",
            },
        )
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                may = answer.headers.get("access-control-allow-origin") == origin
        except urllib.error.HTTPError as error:
            may = error.headers.get("access-control-allow-origin") is not None
        check(may == allowed, f"CORS: {origin} {'may' if allowed else 'may not'} call")


# Faults


class Faults:
    """What happens to the replicas, and what Envoy makes of it."""

    def __init__(self, envoy: Envoy, replicas: list[Replica], book: Book, began: float) -> None:
        self.envoy = envoy
        self.book = book
        self.replicas = replicas
        self.began = began
        self.done: collections.Counter[str] = collections.Counter()

    def say(self, what: str) -> None:
        print(f"  {time.monotonic() - self.began:6.1f} s  {what}", flush=True)

    def out(self, replica: Replica) -> float:
        return until(f"{replica.name} is out", lambda: not self.envoy.in_use(replica))

    def back(self, replica: Replica) -> float:
        return until(f"{replica.name} is back", lambda: self.envoy.in_use(replica))

    def kill(self, replica: Replica) -> None:
        # When it hurts: with a burst under way.
        ends = time.monotonic() + 3
        while self.book.under_way() < 60 and time.monotonic() < ends:
            time.sleep(0.001)
        documents = self.book.under_way()
        replica.signal(signal.SIGKILL)
        replica.wait(PATIENCE)
        self.say(
            f"{replica.name}: kill -9 with {documents} documents under way; "
            f"Envoy leaves it after {self.out(replica):.1f} s"
        )
        self.done["kill -9"] += 1

    def up(self, replica: Replica) -> None:
        replica.come_up()
        self.say(f"{replica.name}: started; Envoy uses it after {self.back(replica):.1f} s")

    def drain(self, replica: Replica) -> None:
        began = time.monotonic()
        replica.signal(signal.SIGTERM)
        out = self.out(replica)
        code = replica.wait(DRAIN_DELAY + DRAIN_MAX + PATIENCE)
        took = time.monotonic() - began
        self.say(
            f"{replica.name}: SIGTERM; Envoy leaves it after {out:.1f} s, it ends after {took:.1f} s with {code}"
        )
        if code:
            raise Failed(f"{replica.name} ended with {code} on SIGTERM")
        self.done["SIGTERM"] += 1

    def hang(self, replica: Replica, seconds: float) -> None:
        replica.signal(signal.SIGSTOP)
        try:
            out = self.out(replica)
            time.sleep(seconds)
        finally:
            replica.signal(signal.SIGCONT)
        self.say(
            f"{replica.name}: stood still for {seconds + out:.0f} s; Envoy leaves it after {out:.1f} s, "
            f"uses it {self.back(replica):.1f} s after it goes on"
        )
        self.done["hang"] += 1

    def cycle(self, turn: int, pause: float, hang: bool) -> None:
        first, second, third = (self.replicas[(turn + step) % 3] for step in range(3))
        time.sleep(pause)
        self.kill(first)
        time.sleep(pause)
        self.drain(second)
        time.sleep(pause)
        self.up(first)
        self.up(second)
        if hang:
            time.sleep(pause)
            # Longer than pings take to find out: 20 s and 5 s.
            self.hang(third, 30)
        time.sleep(pause)
        self.say("rolling restart, one after the other")
        for replica in self.replicas:
            self.drain(replica)
            self.up(replica)
        self.done["rolling restart"] += 1


def slow(envoy: Envoy, began: datetime.datetime) -> None:
    """Prints the calls that took the longest by Envoy's own log, but for streams of many documents."""
    calls = []
    for line in envoy.log.read_text(errors="replace").splitlines():
        if line.startswith("{"):
            call = json.loads(line)
            start = datetime.datetime.fromisoformat(call["start"])
            if start > began and not call["path"].endswith("/SegmentDocuments"):
                calls.append((call["duration_ms"], start, call))
    for duration, start, call in sorted(calls, key=lambda one: -one[0])[:3]:
        print(
            f"slow: {duration} ms from {(start - began).total_seconds():.1f} s on, {call['path'].rpartition('/')[2]} "
            f"at {call['upstream']}, attempts {call['attempts']}, gRPC {call['grpc_status']}, flags {call['flags']}"
        )


def nobody(envoy: Envoy, replicas: list[Replica]) -> None:
    """No replica left: an answer at once, not a call that hangs."""
    for replica in replicas:
        replica.end()
    until("Envoy has no replica left", lambda: not any(envoy.in_use(one) for one in replicas))
    began = time.monotonic()
    with cesura.Client(f"127.0.0.1:{envoy.port}", retry=cesura.RetryPolicy(attempts_max=1)) as client:
        try:
            client.segment("Una frase.")
            code = "OK"
        except cesura.CesuraError as error:
            code = code_of(error)
    status, _ = curl(f"http://127.0.0.1:{envoy.port}/cesura.v1.SegmentationService/GetServerInfo", "{}")
    seconds = time.monotonic() - began
    check(
        code == "UNAVAILABLE" and status == 503 and seconds < 5,
        f"no replica left: gRPC {code}, JSON HTTP {status}, in {seconds:.1f} s",
    )


def table(book: Book) -> list[str]:
    """Prints what clients saw; what of it may not be."""
    wrong = [f"a client gave up: {crash}" for crash in book.crashes]
    print(
        f"\n{'client':<20} {'sent':>7} {'answered':>8} {'lost':>5} {'twice':>5} {'wrong':>5} {'slowest':>8}  failed attempts"
    )
    total = Tally()
    for kind, tally in sorted(book.tallies.items()):
        failures = ", ".join(f"{code} {count}" for code, count in sorted(tally.failures.items()))
        slowest = f"{tally.slowest:.1f} s" if tally.slowest else "-"
        print(
            f"{kind:<20} {tally.sent:>7} {tally.answered:>8} {tally.lost:>5} {tally.doubled:>5} {tally.wrong:>5} {slowest:>8}  {failures or '-'}"
        )
        for name in ("sent", "answered", "doubled", "wrong"):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
        total.failures += tally.failures
        if not tally.answered:
            wrong.append(f"{kind}: nothing was answered")
    failures = ", ".join(f"{code} {count}" for code, count in sorted(total.failures.items()))
    print(
        f"{'all':<20} {total.sent:>7} {total.answered:>8} {total.lost:>5} {total.doubled:>5} {total.wrong:>5} {'':>8}  {failures or '-'}"
    )
    for count, what in (
        (total.lost, "lost"),
        (total.doubled, "answered twice"),
        (total.wrong, "answered otherwise than before"),
    ):
        if count:
            wrong.append(f"{count} documents {what}")
    wrong += [f"undocumented failure: {code}" for code in total.failures if code not in DOCUMENTED]
    return wrong


def main() -> int:
    cesura_binary, envoy_binary = (os.path.abspath(path) for path in sys.argv[1:3])
    seconds = float(sys.argv[3])
    # A replica that stands still is noticed by pings only after 25 seconds: not for the short one.
    long = seconds > 120
    # Ended from outside, it takes its processes along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Others work on this machine too.
    os.nice(5)
    with contextlib.ExitStack() as stack:
        work = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = free_ports(3)
        replicas = [Replica(n + 1, cesura_binary, port, work) for n, port in enumerate(ports)]
        envoy = Envoy(envoy_binary, cesura_binary, ports, work)
        for process in (*replicas, envoy):
            stack.callback(process.end)
        for replica in replicas:
            replica.come_up()
        envoy.start()
        until("Envoy is ready", envoy.ready)
        book = Book()
        load = Load(envoy.port, book, work)
        print("--- what deploy/envoy/envoy.yaml promises")
        promises(envoy, load)

        print("--- load and faults")
        began, began_wall = time.monotonic(), datetime.datetime.now(datetime.UTC)
        memory = envoy.memory_mib()
        faults = Faults(envoy, replicas, book, began)
        load.start()
        wrong: list[str] = []
        try:
            turn = 0
            while True:
                faults.cycle(turn, 5.0 if long else 2.0, hang=long and turn % 2 == 0)
                turn += 1
                if time.monotonic() - began >= seconds or book.crashes:
                    break
            time.sleep(1.0)
        finally:
            waiting = load.finish()
        took = time.monotonic() - began
        wrong += [f"{name}: still waits for answers" for name in waiting]
        wrong += table(book)

        counts = envoy.counts()
        print(f"\n{took:.0f} s of load; " + ", ".join(f"{what} {n}" for what, n in faults.done.items()))
        print(
            "Envoy: "
            + ", ".join(
                f"{what} {counts.get(name, 0)}"
                for name, what in (
                    ("upstream_rq_total", "requests to replicas"),
                    ("upstream_rq_retry", "retries"),
                    ("upstream_rq_retry_success", "of which successful"),
                    ("upstream_rq_retry_overflow", "over the budget"),
                    ("outlier_detection.ejections_enforced_total", "ejections"),
                    ("health_check.failure", "failed health checks"),
                )
            )
        )
        print("requests by replica: " + ", ".join(str(count) for count in envoy.requests().values()))
        print(f"memory of Envoy {memory:.0f} MiB before, {envoy.memory_mib():.0f} MiB after")
        held = ", ".join(f"{replica.memory_mib():.0f}" for replica in replicas)
        print(f"memory of the replicas since their last start: {held} MiB")
        slow(envoy, began_wall)
        nobody(envoy, replicas)
        for process in (*replicas, envoy):
            for line in process.log.read_text(errors="replace").splitlines():
                if "panicked" in line or re.search(r"\[(error|critical)\]", line):
                    wrong.append(f"{process.name} says: {line[:300]}")
    for what in wrong:
        print(f"WRONG: {what}", file=sys.stderr)
    print("envoy: " + ("failed" if wrong else "passed, no document lost, none answered twice"))
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failed:
        print(f"WRONG: {failed}", file=sys.stderr)
        sys.exit(1)
