"""The jobs of clients/engines against three replicas behind Envoy, in peace and under faults.

Each engine segments the same corpus twice: once undisturbed, once while a replica is killed and started
again and a worker of the engine is killed. In the output every article must be there once, with the very
segments that `cesura lines` finds. Prints a table; ends with 1 where something does not hold.

Usage: engines_experiment.py CESURA ENVOY ARTICLES ENGINES [FIGURES.json]
"""

from __future__ import annotations

import collections
import contextlib
import glob
import gzip
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import cesura
import cesura.arrow
import pyarrow as pa
import pyarrow.parquet as pq
from envoy_experiment import ROOT, Envoy, Failed, Replica, free_ports, until

JOBS = ROOT / "clients/engines"
# What a job may take before it counts as hanging and is ended, as a scheduler would.
JOB_SECONDS = 300
# How often a job is started again.
STARTS_MAX = 4
FILES = 8


@dataclass
class Run:
    """What one job did."""

    engine: str
    faults: str
    seconds: float = 0.0
    load: float = 0.0
    articles: int = 0
    rows: int = 0
    lost: int = 0
    twice: int = 0
    otherwise: int = 0
    starts: int = 0
    streams: int = 0
    cut: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    replica_cpu: float = 0.0
    envoy_cpu: float = 0.0


def cpu_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> list[int]:
    """A process of ours and all that came of it."""
    children: dict[int, list[int]] = collections.defaultdict(list)
    for stat in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = pathlib.Path(stat).read_text()
            children[int(text.rpartition(")")[2].split()[1])].append(int(text.split(" ", 1)[0]))
    found = [pid]
    for one in found:
        found += children[one]
    return found


def talks_to(pid: int, port: int) -> bool:
    """Whether a process holds a connection to a port of this machine."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if int(fields[2].rpartition(":")[2], 16) == port and fields[3] == "01":
                    inodes.add(f"socket:[{fields[9]}]")
    for link in glob.glob(f"/proc/{pid}/fd/*"):
        with contextlib.suppress(OSError):
            if os.readlink(link) in inodes:
                return True
    return False


class Cluster:
    """Three replicas behind Envoy."""

    def __init__(self, binary: str, envoy: str, work: pathlib.Path, stack: contextlib.ExitStack) -> None:
        ports = free_ports(3)
        self.replicas = [Replica(number + 1, binary, port, work) for number, port in enumerate(ports)]
        self.envoy = Envoy(envoy, binary, ports, work)
        # Its log says how many bytes went: soon, not when a buffer is full.
        self.envoy.command += ["--file-flush-interval-msec", "200"]
        for process in (*self.replicas, self.envoy):
            stack.callback(process.end)
        for replica in self.replicas:
            replica.come_up()
        self.envoy.start()
        until("Envoy is ready", self.envoy.ready)

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.envoy.port}"

    def all_in_use(self) -> None:
        for replica in self.replicas:
            if replica.ended:
                replica.process = None
                replica.come_up()
        until("Envoy uses all replicas", lambda: all(self.envoy.in_use(one) for one in self.replicas))

    def open_streams(self, replica: Replica) -> int:
        stats = self.envoy.hosts()[replica.address]["stats"]
        return sum(int(stat.get("value", 0)) for stat in stats if stat["name"] == "rq_active")

    def calls(self) -> list[dict[str, object]]:
        """Streams of documents that have ended, by Envoy's own log."""
        lines = self.envoy.log.read_text(errors="replace").splitlines()
        calls = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [call for call in calls if str(call["path"]).endswith("/SegmentDocuments")]


class Saboteur(threading.Thread):
    """Once a job is at work, kills a replica and starts it again, then kills who sends the documents."""

    def __init__(self, cluster: Cluster, job: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self.cluster = cluster
        self.job = job
        self.done: list[str] = []
        self.failure: BaseException | None = None

    def sender(self) -> int | None:
        for pid in reversed(descendants(self.job.pid)):
            if talks_to(pid, self.cluster.envoy.port):
                return pid
        return None

    def at_work(self) -> bool:
        """Waits for a connection over which documents go; whether there was one."""
        while self.job.poll() is None:
            if self.sender() and any(map(self.cluster.open_streams, self.cluster.replicas)):
                return True
            time.sleep(0.05)
        return False

    def run(self) -> None:
        try:
            if not self.at_work():
                return
            busiest = max(self.cluster.replicas, key=self.cluster.open_streams)
            busiest.end()
            self.done.append("replica")
            time.sleep(0.5)
            busiest.come_up()
            pid = self.sender()
            if pid and self.job.poll() is None:
                os.kill(pid, signal.SIGKILL)
                self.done.append("worker")
        except BaseException as failure:  # Told by the thread that decides.
            self.failure = failure


def start(
    engine: str, target: str, given: pathlib.Path, output: pathlib.Path, work: pathlib.Path
) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(JOBS / f"{engine}_job.py"), target, str(given), str(output)]
    # On this machine alone; caches of the job are thrown away with it.
    environment = {
        **os.environ,
        "HF_HOME": str(work / "hf"),
        "HF_DATASETS_OFFLINE": "1",
        "RAY_USAGE_STATS_ENABLED": "0",
        "PYTHONPATH": str(JOBS),
    }
    with open(work / f"{engine}.log", "ab") as log:
        return subprocess.Popen(
            command, cwd=work, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip


def end(job: subprocess.Popen[bytes]) -> None:
    """Ends a job with all that came of it."""
    for pid in descendants(job.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(job.pid, signal.SIGKILL)
    job.wait()


def rows_of(engine: str, output: pathlib.Path) -> Iterator[tuple[int, int, str]]:
    """Article, segment and text of every row."""
    if engine == "datatrove":
        for path in glob.glob(f"{output}/segments/*.jsonl.gz"):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    row = json.loads(line)
                    yield int(row["metadata"]["document"]), row["metadata"]["segment"], row["text"]
        return
    for path in glob.glob(f"{output}/*.parquet"):
        for row in pq.ParquetFile(path).read(["id", "segment", "text"]).to_pylist():
            yield int(row["id"]), row["segment"], row["text"]


def judge(run: Run, rows: Iterator[tuple[int, int, str]], expected: dict[int, list[str]]) -> None:
    found: dict[int, dict[int, str]] = collections.defaultdict(dict)
    for article, segment, text in rows:
        run.rows += 1
        run.twice += segment in found[article]
        found[article][segment] = text
    run.articles = len(found)
    run.lost = len(expected.keys() - found.keys())
    for article, segments in found.items():
        said = [text for _, text in sorted(segments.items())]
        run.otherwise += expected.get(article) != [" ".join(text.splitlines()) for text in said]


def work_through(cluster: Cluster, engine: str, faults: bool, corpus: Corpus, work: pathlib.Path) -> Run:
    run = Run(engine, "none")
    output = work / f"{engine}-{'faults' if faults else 'peace'}"
    given = corpus.jsonl if engine == "datatrove" else corpus.parquet
    cluster.all_in_use()
    calls = len(cluster.calls())
    cpu = {replica.pid: cpu_seconds(replica.pid) for replica in cluster.replicas}
    envoy = cpu_seconds(cluster.envoy.pid)
    began = time.monotonic()
    run.load = os.getloadavg()[0]
    done: list[str] = []
    while True:
        run.starts += 1
        job = start(engine, cluster.target, given, output, work)
        saboteur = Saboteur(cluster, job) if faults and run.starts == 1 else None
        try:
            if saboteur:
                saboteur.start()
            code: int | None = job.wait(JOB_SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            end(job)
        if saboteur:
            saboteur.join(60)
            if saboteur.failure:
                raise saboteur.failure
            done = saboteur.done
        if code == 0:
            break
        log = (work / f"{engine}.log").read_text(errors="replace")
        said = [line for line in log.splitlines() if re.match(r"\S*(Error|Exception|Unavailable)\b", line)]
        print(f"{engine} ended with {code}: {said[-3:]}")
        if run.starts == STARTS_MAX or not faults:
            raise Failed(f"{engine} ended with {code}:\n{log[-3000:]}")
    run.seconds = time.monotonic() - began
    run.faults = " + ".join(done) or "none"
    if faults and done != ["replica", "worker"]:
        raise Failed(f"{engine} was through before anything could fail: more ARTICLES")
    if not faults:
        run.replica_cpu = sum(cpu_seconds(pid) - before for pid, before in cpu.items())
        run.envoy_cpu = cpu_seconds(cluster.envoy.pid) - envoy
    # Envoy writes a line when a stream has ended, which may be a little later.
    time.sleep(1.5)
    for call in cluster.calls()[calls:]:
        run.streams += 1
        # DR is no cut: the client has all answers and does not wait for the end of the stream.
        run.cut += str(call["flags"]) not in ("-", "DR")
        run.sent_bytes += int(str(call["received"]))
        run.received_bytes += int(str(call["sent"]))
    judge(run, rows_of(engine, output), corpus.expected)
    shutil.rmtree(output)
    return run


def varied_texts() -> list[str]:
    """The seeds, and the pages and articles of the tests without the marks of their gold. Few seeds
    repeated would compress to nothing, and the bytes on the wire would tell a fairy tale."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    for folder, pattern in (("tests/articles", "*.txt"), ("tests/pages", "*.page")):
        for path in sorted((ROOT / folder).glob(pattern)):
            texts.append(re.sub("[⟪⟦][^⟫⟧]*[⟫⟧]", "", path.read_text(encoding="utf-8")))
    return texts


@dataclass
class Corpus:
    parquet: pathlib.Path
    jsonl: pathlib.Path
    expected: dict[int, list[str]]
    bytes: int

    @staticmethod
    def make(binary: str, articles: int, work: pathlib.Path) -> Corpus:
        texts = varied_texts()
        rows = [
            {"id": number, "text": f"Articolo numero {number}\n\n{texts[number % len(texts)]}"}
            for number in range(articles)
        ]
        corpus = Corpus(work / "parquet", work / "jsonl", {}, sum(len(row["text"].encode()) for row in rows))
        corpus.parquet.mkdir()
        corpus.jsonl.mkdir()
        for file in range(FILES):
            part = rows[file::FILES]
            pq.write_table(pa.Table.from_pylist(part), corpus.parquet / f"{file}.parquet", row_group_size=256)
            lines = "".join(json.dumps({**row, "id": str(row["id"])}) + "\n" for row in part)
            (corpus.jsonl / f"{file}.jsonl").write_text(lines)
        given = "".join(json.dumps(row) + "\n" for row in rows)
        said = subprocess.run(
            [binary, "lines", "-q", "-f", "jsonl"], input=given.encode(), capture_output=True, check=True
        )
        corpus.expected = collections.defaultdict(list)
        for line in said.stdout.splitlines():
            answer = json.loads(line)
            corpus.expected[answer["id"]].append(answer["text"])
        return corpus


def plain_client(cluster: Cluster, corpus: Corpus) -> tuple[Run, float]:
    """The Python library without an engine, and what it takes of this process."""
    run = Run("Python alone", "none", starts=1)
    cluster.all_in_use()
    cpu = {replica.pid: cpu_seconds(replica.pid) for replica in cluster.replicas}
    envoy, calls = cpu_seconds(cluster.envoy.pid), len(cluster.calls())
    run.load = os.getloadavg()[0]
    began, began_cpu = time.monotonic(), time.process_time()
    rows: list[pa.RecordBatch] = []
    with cesura.Client(cluster.target) as client:
        for path in sorted(corpus.parquet.glob("*.parquet")):
            batches = pq.ParquetFile(path).iter_batches()
            rows += cesura.arrow.segment_batches(client, batches, streams=3, ordered=False)
    run.seconds, own = time.monotonic() - began, time.process_time() - began_cpu
    run.replica_cpu = sum(cpu_seconds(pid) - before for pid, before in cpu.items())
    run.envoy_cpu = cpu_seconds(cluster.envoy.pid) - envoy
    time.sleep(1.5)
    for call in cluster.calls()[calls:]:
        run.streams += 1
        run.sent_bytes += int(str(call["received"]))
        run.received_bytes += int(str(call["sent"]))
    table = pa.Table.from_batches(rows).select(["id", "segment", "text"]).to_pylist()
    judge(run, ((row["id"], row["segment"], row["text"]) for row in table), corpus.expected)
    return run, own


def show(runs: list[Run]) -> None:
    print(
        "\n| engine | killed | articles/s | seconds | load before | starts of the job | streams | of which cut "
        "| articles | rows | lost | twice | otherwise |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for run in runs:
        print(
            f"| {run.engine} | {run.faults} | {run.articles / run.seconds:.0f} | {run.seconds:.1f} | {run.load:.0f} | {run.starts} "
            f"| {run.streams} | {run.cut} | {run.articles} | {run.rows} | {run.lost} | {run.twice} | {run.otherwise} |"
        )


def main() -> int:
    binary, envoy = (os.path.abspath(path) for path in sys.argv[1:3])
    articles, engines = int(sys.argv[3]), sys.argv[4].split(",")
    figures = sys.argv[5] if len(sys.argv) > 5 else None
    # Ended from outside, it takes its processes along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with contextlib.ExitStack() as stack:
        work = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        corpus = Corpus.make(binary, articles, work)
        cluster = Cluster(binary, envoy, work, stack)
        first, own = plain_client(cluster, corpus)
        runs = [first]
        show(runs)
        for engine in engines:
            for faults in (False, True):
                run = work_through(cluster, engine, faults, corpus, work)
                runs.append(run)
                show([run])
        print(f"\n{articles} articles, {corpus.bytes} bytes, on {os.cpu_count()} processors; all together:")
        show(runs)
        measured = {
            "articles": articles,
            "article_bytes": corpus.bytes / articles,
            "segments_per_article": first.rows / articles,
            "server_cpu_ms": 1000 * first.replica_cpu / articles,
            "envoy_cpu_ms": 1000 * first.envoy_cpu / articles,
            "client_cpu_ms": 1000 * own / articles,
            "request_bytes": first.sent_bytes / articles,
            "response_bytes": first.received_bytes / articles,
            "machine": f"{os.cpu_count()} processors, {platform.machine()}",
            "runs": [vars(run) for run in runs],
        }
        print(json.dumps({key: value for key, value in measured.items() if key != "runs"}, indent=1))
        if figures:
            pathlib.Path(figures).write_text(json.dumps(measured, indent=1) + "\n")
    wrong = [run for run in runs if run.lost or run.twice or run.otherwise or run.articles != articles]
    for run in wrong:
        print(f"WRONG: {run}", file=sys.stderr)
    print("engines: " + ("failed" if wrong else "passed, every article once"))
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failed:
        print(f"WRONG: {failed}", file=sys.stderr)
        sys.exit(1)
