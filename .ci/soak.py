"""Mixed load on one server, and what it takes of the machine meanwhile.

Usage: soak.py CESURA SECONDS, with the stubs of the proto on the path.
"""

from __future__ import annotations

import collections
import gzip
import json
import pathlib
import random
import re
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from cesura.v1 import alignment_service_pb2 as alignment
from cesura.v1 import comparison_service_pb2 as comparison
from cesura.v1 import document_pb2 as document
from cesura.v1 import exchange_service_pb2 as exchange
from cesura.v1 import segmentation_service_pb2 as api
from cesura.v1.alignment_service_pb2_grpc import AlignmentServiceStub
from cesura.v1.comparison_service_pb2_grpc import ComparisonServiceStub
from cesura.v1.exchange_service_pb2_grpc import ExchangeServiceStub
from cesura.v1.segmentation_service_pb2_grpc import SegmentationServiceStub

SETTINGS = [
    "--documents-open-max", "8", "--stream-idle-max", "1s", "--connection-age-max", "5s", "--call-max", "60s",
    "--log-format", "json",
]  # fmt: skip
# Between the middle of the first and of the last fifth of what is measured after the warm-up.
GROWTH_MAX_MIB = 8
SEEDS = [path.read_text(encoding="utf-8") for path in sorted(pathlib.Path("seeds").glob("*.txt"))]
# Of the library at the client: cancelled by itself, or its connection was taken away.
CODES: dict[str, set[str]] = {
    "whole": {"OK", "RESOURCE_EXHAUSTED"},
    "chunks": {"OK", "RESOURCE_EXHAUSTED"},
    "bulk": {"OK", "RESOURCE_EXHAUSTED"},
    "small": {"OK", "RESOURCE_EXHAUSTED"},
    "aligned": {"OK", "RESOURCE_EXHAUSTED"},
    "compared": {"OK", "RESOURCE_EXHAUSTED"},
    "exported": {"OK", "RESOURCE_EXHAUSTED"},
    "cancelled": {"CANCELLED", "RESOURCE_EXHAUSTED"},
    "abandoned": {"CANCELLED", "RESOURCE_EXHAUSTED"},
    "late": {"OK", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"},
    "silent": {"DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"},
    "unread": {"DEADLINE_EXCEEDED", "OK", "RESOURCE_EXHAUSTED"},
    "garbage": {"INVALID_ARGUMENT", "UNIMPLEMENTED"},
    "watch": {"CANCELLED"},
    "sockets": {"OK"},
}


class Wrong(Exception):
    pass


def unpacked(data: bytes) -> api.SegmentDocumentResponse:
    # Where the deadline passes meanwhile, grpc's C core may hand over a message that it has not
    # unpacked. It has to be whole all the same; no message of ours begins so.
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    return api.SegmentDocumentResponse.FromString(data)


class Load:
    def __init__(self, address: str) -> None:
        self.address = address
        self.over = threading.Event()
        self.counts: collections.Counter[tuple[str, str]] = collections.Counter()
        self.wrong: list[str] = []
        self.expected = [self.whole_of(self.channel(), text) for text in SEEDS]

    def channel(self) -> grpc.Channel:
        # A connection of its own, and a window that stays small for those who do not read.
        options = [("grpc.use_local_subchannel_pool", 1), ("grpc.http2.bdp_probe", 0)]
        return grpc.insecure_channel(self.address, options=options)

    @staticmethod
    def whole_of(channel: grpc.Channel, text: str) -> list[str]:
        request = api.SegmentDocumentRequest(document=document.SourceDocument(text=text))
        answer = SegmentationServiceStub(channel).SegmentDocument(request, timeout=60)
        return segments(answer)

    def worker(self, name: str, seed: int) -> None:
        chance = random.Random(seed)
        kind: Callable[[grpc.Channel, random.Random], None] = getattr(self, name)
        while not self.over.is_set():
            # A few calls a connection, then another.
            with self.channel() as channel:
                for _ in range(chance.randint(1, 20)):
                    if self.over.is_set():
                        return
                    try:
                        kind(channel, chance)
                        code = "OK"
                    except grpc.RpcError as error:
                        code = error.code().name
                        if code not in CODES[name]:
                            self.wrong.append(f"{name}: {code} {error.details()}")
                    except Wrong as error:
                        code = "OK"
                        self.wrong.append(f"{name}: {error}")
                    self.counts[name, code] += 1

    def whole(self, channel: grpc.Channel, chance: random.Random) -> None:
        number = chance.randrange(len(SEEDS))
        if self.whole_of(channel, SEEDS[number]) != self.expected[number]:
            raise Wrong(f"seed {number} is answered otherwise than at first")

    def chunks(self, channel: grpc.Channel, chance: random.Random) -> None:
        number = chance.randrange(len(SEEDS))
        size = chance.choice([7, 100, 4000])
        stub = SegmentationServiceStub(channel)
        compression = chance.choice([grpc.Compression.Gzip, grpc.Compression.NoCompression])
        answer = stub.SegmentChunks(pieces(SEEDS[number], size), timeout=60, compression=compression)
        if segments(answer) != self.expected[number]:
            raise Wrong(f"seed {number} in chunks is answered otherwise than at first")

    def bulk(self, channel: grpc.Channel, chance: random.Random) -> None:
        good = [document.SourceDocument(document_id=str(n), text=text) for n, text in enumerate(SEEDS)]
        bad = document.SourceDocument(document_id="bad", content=b"caff\xe9")
        requests = [api.SegmentDocumentsRequest(documents=[*good, bad]) for _ in range(chance.randint(1, 6))]
        last = 0
        for response in SegmentationServiceStub(channel).SegmentDocuments(iter(requests), timeout=60):
            last += sum(result.last for result in response.results)
        if last != 6 * len(requests):
            raise Wrong(f"{last} of {6 * len(requests)} documents are answered")

    def small(self, channel: grpc.Channel, chance: random.Random) -> None:
        stub = SegmentationServiceStub(channel)
        stub.DetectLanguage(api.DetectLanguageRequest(texts=SEEDS), timeout=60)
        stub.ListRules(api.ListRulesRequest(language_code="it"), timeout=60)
        health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=60)

    def aligned(self, channel: grpc.Channel, chance: random.Random) -> None:
        text = document.GivenText(document=document.SourceDocument(text=chance.choice(SEEDS)))
        request = alignment.AlignTextsRequest(source=text, target=text)
        collections.deque(AlignmentServiceStub(channel).AlignTexts(request, timeout=60), maxlen=0)

    def compared(self, channel: grpc.Channel, chance: random.Random) -> None:
        texts = [document.GivenText(document=document.SourceDocument(text=text)) for text in SEEDS]
        request = comparison.CompareDocumentsRequest(documents=texts)
        collections.deque(ComparisonServiceStub(channel).CompareDocuments(request, timeout=60), maxlen=0)

    def exported(self, channel: grpc.Channel, chance: random.Random) -> None:
        whole = api.SegmentDocumentRequest(document=document.SourceDocument(text=chance.choice(SEEDS)))
        form = chance.choice([exchange.EXPORT_FORMAT_XLIFF_2_1, exchange.EXPORT_FORMAT_JSONL])
        request = exchange.ExportRequest(format=form, document=whole)
        collections.deque(ExchangeServiceStub(channel).Export(request, timeout=60), maxlen=0)

    def cancelled(self, channel: grpc.Channel, chance: random.Random) -> None:
        requests = endless(self.over)
        answer = SegmentationServiceStub(channel).SegmentChunks(requests, timeout=60)
        if chance.random() < 0.5:
            next(answer)
        answer.cancel()
        collections.deque(answer, maxlen=0)

    def abandoned(self, channel: grpc.Channel, chance: random.Random) -> None:
        requests = iter([api.SegmentChunksRequest(chunk=b"Il testo comincia")])
        collections.deque(SegmentationServiceStub(channel).SegmentChunks(requests, timeout=60), maxlen=0)

    def late(self, channel: grpc.Channel, chance: random.Random) -> None:
        request = api.SegmentDocumentRequest(document=document.SourceDocument(text=SEEDS[0] * 50))
        path = "/cesura.v1.SegmentationService/SegmentDocument"
        call = channel.unary_stream(path, api.SegmentDocumentRequest.SerializeToString, unpacked)
        collections.deque(call(request, timeout=chance.uniform(0.001, 0.05)), maxlen=0)

    def silent(self, channel: grpc.Channel, chance: random.Random) -> None:
        def requests() -> Iterator[api.SegmentChunksRequest]:
            yield api.SegmentChunksRequest(chunk=b"Il testo comincia")
            # Longer than --stream-idle-max.
            time.sleep(3)

        collections.deque(SegmentationServiceStub(channel).SegmentChunks(requests(), timeout=60), maxlen=0)

    def unread(self, channel: grpc.Channel, chance: random.Random) -> None:
        request = api.SegmentDocumentRequest(document=document.SourceDocument(text=SEEDS[1] * 400))
        answer = SegmentationServiceStub(channel).SegmentDocument(request, timeout=60)
        self.over.wait(chance.uniform(0.5, 4))
        collections.deque(answer, maxlen=0)

    def garbage(self, channel: grpc.Channel, chance: random.Random) -> None:
        method = chance.choice(["SegmentDocument", "CompareDocuments", "NoSuchMethod"])
        call = channel.unary_unary(f"/cesura.v1.SegmentationService/{method}")
        call(chance.randbytes(chance.randint(1, 3000)) + b"\xff\xff", timeout=60)

    def watch(self, channel: grpc.Channel, chance: random.Random) -> None:
        answer = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        next(answer)
        answer.cancel()
        next(answer)

    def sockets(self, channel: grpc.Channel, chance: random.Random) -> None:
        host, _, port = self.address.rpartition(":")
        with socket.create_connection((host, int(port))) as one:
            preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
            one.sendall(preface[: chance.randint(0, len(preface))])
            if chance.random() < 0.5:
                # With a reset in place of an end.
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        time.sleep(0.01)


def segments(answer: Iterator[api.SegmentDocumentResponse]) -> list[str]:
    events = [event for response in answer for event in response.events]
    if not events or not events[-1].HasField("tail"):
        raise Wrong("an answer without tail")
    return [segment.text for event in events for segment in event.unit.segments]


def pieces(text: str, size: int) -> Iterator[api.SegmentChunksRequest]:
    data = text.encode()
    for at in range(0, len(data), size):
        yield api.SegmentChunksRequest(chunk=data[at : at + size])
    yield api.SegmentChunksRequest(end=api.DocumentEnd())


def endless(over: threading.Event) -> Iterator[api.SegmentChunksRequest]:
    while not over.is_set():
        yield api.SegmentChunksRequest(chunk=SEEDS[0].encode())
        time.sleep(0.005)


def metrics(address: str) -> dict[str, float]:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=30) as answer:
        text = answer.read().decode()
    found = re.findall(r"^(\w+) (\S+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in found}


def watched(load: Load, admin: str, seconds: int) -> list[dict[str, float]]:
    threads = []
    # Two of those that do most of the work, so that some are refused for want of room.
    for seed, name in enumerate([*CODES, "whole", "chunks", "bulk", "unread"]):
        threads.append(threading.Thread(target=load.worker, args=(name, seed), daemon=True))
    for thread in threads:
        thread.start()
    samples = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.5)
        samples.append(metrics(admin))
        if load.wrong:
            break
    load.over.set()
    for thread in threads:
        thread.join(90)
        if thread.is_alive():
            load.wrong.append("a call does not end")
    return samples


def judged(samples: list[dict[str, float]], idle: dict[str, float], after: dict[str, float]) -> list[str]:
    """What grew, after a third of the time, for the warm-up."""
    measured = samples[len(samples) // 3 :]
    fifth = max(1, len(measured) // 5)
    wrong = []
    for name, unit, most in (
        ("process_resident_memory_bytes", 1 << 20, GROWTH_MAX_MIB),
        ("process_open_fds", 1, 12),
        ("process_threads", 1, 4),
        ("tokio_alive_tasks", 1, 40),
    ):
        values = [sample[name] / unit for sample in measured]
        first, last = statistics.median(values[:fifth]), statistics.median(values[-fifth:])
        print(
            f"{name}: idle {idle[name] / unit:.0f}, then {first:.1f} and at the end {last:.1f}, "
            f"at most {max(values):.0f}; without load {after[name] / unit:.0f}"
        )
        if last - first > most:
            wrong.append(f"{name} grows by {last - first:.1f}; at most {most} are allowed")
    for name, more in (("process_open_fds", 1), ("tokio_alive_tasks", 2), ("cesura_calls_working", 0)):
        if after[name] > idle[name] + more:
            wrong.append(f"{name}: {after[name]} without load, {idle[name]} before it")
    return wrong


def main(binary: str, seconds: int) -> None:
    command = [binary, "serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", *SETTINGS]

    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(command, stderr=log)
        try:
            address: dict[str, str] = {}
            for _ in range(200):
                log.seek(0)
                address = {one["message"]: one.get("address") for one in map(json.loads, log.read().splitlines())}
                if len(address) >= 2:
                    break
                time.sleep(0.1)
            admin = address["metrics, livez and readyz"]
            idle = metrics(admin)
            load = Load(address["serving"])
            samples = watched(load, admin, seconds)
            for _ in range(60):
                time.sleep(0.5)
                after = metrics(admin)
                if not judged_quietly(idle, after):
                    break
            wrong = load.wrong[:10] + judged(samples, idle, after)
            for name, codes in CODES.items():
                found = {code: load.counts[name, code] for code in sorted(codes) if load.counts[name, code]}
                print(f"{name}: {found}")
                if not sum(found.values()):
                    wrong.append(f"{name} was never called")
            server.terminate()
            if server.wait(60) != 0:
                wrong.append(f"on SIGTERM it ends with {server.returncode}")
            log.seek(0)
            said = [json.loads(line) for line in log.read().splitlines()]
            errors = [one for one in said if one["level"] == "ERROR"]
            if errors:
                wrong.append(f"errors in the log: {errors[:3]}")
            if wrong:
                sys.exit("WRONG: " + "\n".join(wrong))
            print(f"soak: {sum(load.counts.values())} calls in {seconds} s, nothing grows")
        finally:
            if server.poll() is None:
                server.kill()


def judged_quietly(idle: dict[str, float], after: dict[str, float]) -> bool:
    """Whether something of the load is still there."""
    return (
        after["process_open_fds"] > idle["process_open_fds"]
        or after["tokio_alive_tasks"] > idle["tokio_alive_tasks"]
        or after["cesura_calls_working"] > 0
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
