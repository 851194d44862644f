"""The load model of docs/scale.md: every figure there is printed by this.

Reads docs/scale.json, which `UPDATE_SCALE=1 .ci/engines` measures, and checks that the tables in the document
are what follows from it; `--update` writes them, `--print` prints them.
"""

from __future__ import annotations

import json
import math
import pathlib
import random
import re
import sys
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/scale.md"
FIGURES = ROOT / "docs/scale.json"

# Assumptions, none of them measured. Share of a processor that may be busy all the time; above that,
# answers wait.
BUSY = 0.7
# A network card, and what a disk or an object store takes from one job.
NETWORK_GBIT = 10.0
# Threads of one Envoy.
ENVOY_CORES = 4


def number(value: float) -> str:
    """Three digits, as nobody knows more."""
    if value >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


@dataclass
class Cost:
    """What one article takes, measured."""

    server: float  # seconds of a processor
    envoy: float
    client: float
    sent: float  # bytes
    received: float
    text: float

    @staticmethod
    def of(measured: dict[str, float]) -> Cost:
        return Cost(
            measured["server_cpu_ms"] / 1000,
            measured["envoy_cpu_ms"] / 1000,
            measured["client_cpu_ms"] / 1000,
            measured["request_bytes"],
            measured["response_bytes"],
            measured["article_bytes"],
        )


# One article, and many


def measured_table(measured: dict[str, float], cost: Cost) -> str:
    return table(
        ["of one article", ""],
        [
            ["bytes of text", number(cost.text)],
            ["segments", number(measured["segments_per_article"])],
            ["server, ms of a processor", number(1000 * cost.server)],
            ["Envoy, ms of a processor", number(1000 * cost.envoy)],
            ["Python client with Arrow, ms of a processor", number(1000 * cost.client)],
            ["bytes to the server", number(cost.sent)],
            ["bytes from the server", number(cost.received)],
            ["articles/s that one Python process can take", number(1 / cost.client)],
            ["server cores that it keeps busy, at 70 % of each", number(cost.server / cost.client / BUSY)],
            ["replicas of two cores for a Spark executor of four tasks", str(math.ceil(2 * cost.server / cost.client / BUSY))],
        ],
    )


def corpora_table(cost: Cost) -> str:
    rows = []
    for name, articles in (("a million", 1e6), ("a hundred million", 1e8), ("a billion", 1e9)):
        hours = articles * cost.server / 3600
        rows.append(
            [
                name,
                number(hours),
                number(articles * cost.client / 3600),
                number(articles * cost.envoy / 3600),
                number(articles * cost.sent / 1e9),
                number(articles * cost.received / 1e9),
                *(number(hours / cores / BUSY) for cores in (8, 64, 256)),
            ]
        )
    head = ["articles", "server, core hours", "clients, core hours", "Envoy, core hours", "GB there", "GB back"]
    return table(head + [f"hours on {cores} server cores" for cores in (8, 64, 256)], rows)


def balance_table(cost: Cost) -> str:
    """What must stand beside a number of server cores, and what gives way first."""
    rows = []
    for cores in (2, 8, 64, 256, 1024):
        rate = cores * BUSY / cost.server
        clients = rate * cost.client / BUSY
        envoy = rate * cost.envoy / BUSY
        gbit = rate * max(cost.sent, cost.received) * 8 / 1e9
        limits = {
            "the server": 1.0,
            "one Python process": clients,
            "one Envoy": envoy / ENVOY_CORES,
            "one network card at Envoy": gbit / NETWORK_GBIT,
        }
        passed = [what for what, load in limits.items() if load > 1.0]
        rows.append(
            [str(cores), number(rate), number(clients), number(envoy), number(gbit), ", ".join(passed) or "nothing"]
        )
    head = ["server cores", "articles/s", "client cores", "Envoy cores", "Gbit/s"]
    return table([*head, "too small for it"], rows)


# Streams on replicas


@dataclass
class Stream:
    replica: int | None = None
    left: float = 0.0
    waits: float = 0.0


@dataclass
class World:
    """Streams on replicas, in steps of a tenth of a second."""

    cost: Cost
    streams: int
    replicas: int
    cores: int
    policy: str
    per_stream: float
    window: float
    seed: int = 1
    alive: set[int] = field(default_factory=set)
    open: list[Stream] = field(default_factory=list)
    resent: float = 0.0
    turn: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.alive = set(range(self.replicas))
        self.open = [Stream() for _ in range(self.streams)]

    def on(self, replica: int) -> int:
        return sum(stream.replica == replica for stream in self.open)

    def place(self, stream: Stream) -> None:
        living = sorted(self.alive)
        if self.policy == "round robin":
            stream.replica = living[self.turn % len(living)]
            self.turn += 1
        else:
            # Envoy's LEAST_REQUEST: the less busy of two that chance picks.
            stream.replica = min(self.chance.choices(living, k=2), key=self.on)
        stream.left = self.per_stream

    def step(self, seconds: float) -> float:
        """Articles answered in a step."""
        done = 0.0
        load = {replica: self.on(replica) for replica in self.alive}
        for stream in self.open:
            if stream.waits > 0:
                stream.waits -= seconds
                continue
            if stream.replica is None:
                self.place(stream)
                continue
            # A stream keeps one processor busy at most.
            share = min(1.0, self.cores / max(1, load.get(stream.replica, 1)))
            answered = seconds * share * BUSY / self.cost.server
            done += answered
            stream.left -= answered
            if stream.left <= 0:
                stream.replica = None
        return done

    def lose(self, replicas: set[int], noticed_after: float) -> None:
        self.alive -= replicas
        for stream in self.open:
            if stream.replica in replicas:
                # What was under way is sent again.
                self.resent += self.window
                stream.replica, stream.waits = None, noticed_after

    def run(self, seconds: float) -> float:
        """Articles a second."""
        return sum(self.step(0.1) for _ in range(round(seconds * 10))) / seconds


FOREVER = float("inf")


def streams_table(cost: Cost) -> str:
    """Eight replicas become twelve under a running job."""
    rows = []
    for streams in (16, 32, 96):
        for policy in ("least request", "round robin"):
            for per_stream, name in ((FOREVER, "never end"), (50_000.0, "end after 50,000 articles")):
                world = World(cost, streams, 8, 2, policy, per_stream, 64)
                # Streams of one job do not all begin at once.
                for stream in world.open:
                    world.place(stream)
                    stream.left = world.chance.uniform(0.1, 1.0) * per_stream
                before = world.run(60)
                world.alive |= set(range(8, 12))
                world.run(300)
                after = world.run(60)
                new = sum(world.on(replica) for replica in range(8, 12)) / streams
                best = min(streams, 24) * BUSY / cost.server
                rows.append(
                    [str(streams), policy, name, number(before), number(after), f"{100 * new:.0f} %", f"{100 * after / best:.0f} %"]
                )
    head = ["streams", "placed by", "how long", "articles/s on 8 replicas", "5 min after 4 more"]
    return table([*head, "streams on the new ones", "of what 12 can do"], rows)


def zone_table(cost: Cost) -> str:
    """Twelve replicas in three zones; one zone goes, and is back on others after two minutes."""
    rows = []
    articles = 100_000_000
    for way, noticed in (
        ("connections are reset", 1.0),
        ("silent, behind Envoy: its health check", 6.0),
        ("silent, no proxy: pings of the client", 50.0),
    ):
        world = World(cost, 24, 12, 2, "least request", 50_000.0, 64)
        before = world.run(60)
        world.lose({0, 1, 2, 3}, noticed)
        world.resent = round(world.resent)
        first = world.run(10)
        during = world.run(110)
        world.alive |= {12, 13, 14, 15}
        world.run(240)
        after = world.run(60)
        rows.append(
            [
                way,
                number(before),
                number(first),
                number(during),
                number(after),
                number(world.resent),
                f"{100 * world.resent / articles:.4f} %",
            ]
        )
    head = ["a zone of three goes", "articles/s before", "10 s after", "then", "5 min after its replacement"]
    return table([*head, "articles sent again", "of a hundred million"], rows)


def runs_table(measured: dict[str, object]) -> str:
    rows = []
    runs = measured["runs"]
    assert isinstance(runs, list)
    for run in runs:
        rows.append(
            [
                run["engine"],
                run["faults"],
                number(run["articles"] / run["seconds"]),
                f"{run['seconds']:.0f}",
                f"{run['load']:.0f}",
                str(run["starts"]),
                str(run["streams"]),
                str(run["cut"]),
                f"{run['articles']:,}",
                f"{run['rows']:,}",
                str(run["lost"]),
                str(run["twice"]),
                str(run["otherwise"]),
            ]
        )
    head = ["engine", "killed", "articles/s", "seconds", "load before", "starts of the job", "streams"]
    return table([*head, "cut and sent again", "articles", "rows", "lost", "twice", "other than alone"], rows)


def tables(measured: dict[str, object]) -> dict[str, str]:
    figures = {key: value for key, value in measured.items() if isinstance(value, (int, float))}
    cost = Cost.of(figures)
    return {
        "runs": runs_table(measured),
        "article": measured_table(figures, cost),
        "corpora": corpora_table(cost),
        "balance": balance_table(cost),
        "streams": streams_table(cost),
        "zone": zone_table(cost),
    }


def main() -> int:
    made = tables(json.loads(FIGURES.read_text()))
    if "--print" in sys.argv:
        for name, text in made.items():
            print(f"{name}\n{text}\n")
        return 0
    document = DOCUMENT.read_text(encoding="utf-8")
    fresh = document
    for name, text in made.items():
        pattern = re.compile(rf"(<!-- {name}: .ci/scale.py -->\n).*?(<!-- end -->)", re.S)
        fresh, count = pattern.subn(lambda found: found[1] + text + "\n" + found[2], fresh)
        if count != 1:
            print(f"docs/scale.md has {count} places for {name}", file=sys.stderr)
            return 1
    if "--update" in sys.argv:
        DOCUMENT.write_text(fresh, encoding="utf-8")
    elif fresh != document:
        print("docs/scale.md does not follow from docs/scale.json: .ci/scale.py --update", file=sys.stderr)
        return 1
    print("docs/scale.md follows from docs/scale.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
