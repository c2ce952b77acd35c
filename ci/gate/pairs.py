"""Pairs of times: base and head take turns, a few milliseconds apart.

Each side is a process of its own build (`claimcheck bench --serve`, harness/gbench/serve.h) that holds one benchmark open. A *block* starts both anew, so that
each has a fresh layout of its address space, and has them run batches in pairs, the order drawn for each pair. What disturbs the machine falls on both
sides; what the layout does to one side averages out over blocks. The block is therefore the unit of all statistics (decide.py).
"""
from __future__ import annotations

import contextlib
import json
import math
import os
import random
import selectors
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

BATCH_NS = 1e6  # a batch takes about that long: short against a time slice, long against the refilling of caches
PAIRS, MOST_PAIRS = 6, 24  # in a block
DEADLINE = 60.0  # seconds for an answer


class BenchError(Exception):
    """A benchmark that cannot be measured: the text says why."""


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: its command, and folders of plug-ins that come before its own."""

    name: str
    command: Path
    plugins: str = ""

    def environment(self) -> dict[str, str]:
        env = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", LC_ALL="C")
        if self.plugins:
            env["CLAIMCHECK_PLUGIN_PATH"] = self.plugins
        return env

    def benches(self) -> list[str]:
        run = subprocess.run(
            [self.command, "bench", "--benchmark_list_tests"], capture_output=True, text=True, env=self.environment(), check=False
        )
        if run.returncode:
            raise BenchError(f"{self.name} cannot list its benchmarks: {run.stderr.strip()}")
        return run.stdout.splitlines()


@dataclass
class Block:
    """Nanoseconds of CPU an iteration, pair by pair; high-water marks in bytes; instructions an iteration where the kernel counts them."""

    base: list[float] = field(default_factory=list)
    head: list[float] = field(default_factory=list)
    wall: float = 0.0  # of both together, seconds, batches alone
    memory: tuple[int, int] = (-1, -1)
    instructions: tuple[float, float] = (-1.0, -1.0)
    iterations: int = 0


class Server:
    """A process that holds a benchmark open; a context manager."""

    def __init__(self, side: Side, bench: str, core: int | None = None):
        self.side, self.bench = side, bench
        self.process = subprocess.Popen(
            [side.command, "bench", "--serve", bench],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=side.environment(),
            bufsize=0,
        )
        if core is not None:
            with contextlib.suppress(OSError):  # pinned where that is allowed
                os.sched_setaffinity(self.process.pid, {core})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def answer(self) -> list[str]:
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(DEADLINE):
                raise BenchError(f"{self.bench}: {self.side.name} gave no answer in {DEADLINE:g} s")
        line = self.process.stdout.readline().decode()
        words = line.split()
        if not words or words[0] == "error":
            said = line.strip().removeprefix("error ") or self.process.stderr.read().decode().strip() or "it ended without a word"
            raise BenchError(f"{self.bench}: {self.side.name}: {said}")
        return words

    def ready(self) -> None:
        if self.answer() != ["ready"]:
            raise BenchError(f"{self.bench}: {self.side.name} does not speak the protocol of serve.h")

    def batch(self, n: int) -> tuple[int, int, int]:
        """CPU and wall nanoseconds and instructions of n iterations."""
        try:
            self.process.stdin.write(b"%d\n" % n)
        except BrokenPipeError:
            pass  # the answer says why
        cpu, wall, instructions = map(int, self.answer())
        return cpu, wall, instructions

    def spent(self) -> float:
        """Nanoseconds of CPU so far."""
        try:
            return float(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0])
        except (OSError, IndexError):  # a kernel that keeps none
            return 0.0

    def peak(self) -> int:
        self.process.stdin.close()
        words = self.answer()
        return int(words[1]) if words[0] == "peak" else -1


def idlest(cores: list[int], seen: dict[int, int]) -> int | None:
    """The core that was idle longest since the last call: what else runs is avoided where it can be. `seen` is the memory of the calls."""
    idle = {}
    with open("/proc/stat") as lines:
        for line in lines:
            name, *ticks = line.split()
            if name.startswith("cpu") and name[3:].isdigit() and int(name[3:]) in cores:
                idle[int(name[3:])] = int(ticks[3])
    if not idle:
        return None
    since = {core: ticks - seen.get(core, 0) for core, ticks in idle.items()}
    seen.update(idle)
    most = max(since.values())
    return random.choice([core for core, ticks in since.items() if ticks == most])


@dataclass(frozen=True)
class Scale:
    """How long a benchmark takes, in nanoseconds of CPU."""

    iteration: float
    start: float  # of the process and its set-up

    @property
    def batch(self) -> int:
        """Iterations of a batch."""
        return max(1, round(BATCH_NS / self.iteration))

    @property
    def pairs(self) -> int:
        """Of a block: more where a start is dear, fewer where an iteration alone is long."""
        pair = 2 * max(BATCH_NS, self.iteration)
        return max(3, min(MOST_PAIRS, round(max(2 * PAIRS * BATCH_NS, 2 * self.start) / pair)))


def calibrate(side: Side, bench: str, quick: bool = False) -> Scale:
    """Quick: from a batch a tenth as long."""
    enough = BATCH_NS / 20 if quick else BATCH_NS / 2
    with Server(side, bench) as server:
        server.ready()
        start = server.spent()
        server.batch(1)  # cold
        n, cpu = 1, server.batch(1)[0]
        for _ in range(40):
            if cpu >= enough:
                break
            n = max(n + 1, min(10 * n, round(n * BATCH_NS / max(cpu, 1))))
            cpu = server.batch(n)[0]
        return Scale(max(cpu, 1) / n, start)


def measure(base: Side, head: Side, bench: str, n: int, core: int | None, rng: random.Random, pairs: int = PAIRS) -> Block:
    """One block: both started anew, one batch each to warm up, then pairs."""
    block = Block(iterations=n)
    with contextlib.ExitStack() as stack:
        servers = {}
        for which, side in rng.sample([("base", base), ("head", head)], 2):
            servers[which] = stack.enter_context(Server(side, bench, core))
        for server in servers.values():
            server.ready()
            server.batch(n)
        instructions = {"base": 0, "head": 0}
        for _ in range(pairs):
            for which in rng.sample(["base", "head"], 2):
                cpu, wall, counted = servers[which].batch(n)
                getattr(block, which).append(cpu / n)
                block.wall += wall * 1e-9
                instructions[which] += counted
        if min(instructions.values()) > 0:
            block.instructions = (instructions["base"] / (n * pairs), instructions["head"] / (n * pairs))
        block.memory = (servers["base"].peak(), servers["head"].peak())
    return block


def google_benchmark_json(bench: str, blocks: list[Block], which: str) -> list[dict]:
    """The blocks of a side as Google Benchmark writes repetitions, for its own tools."""
    rows = []
    for i, block in enumerate(blocks):
        times = sorted(getattr(block, which))
        rows.append(
            {
                "name": bench,
                "run_name": bench,
                "run_type": "iteration",
                "repetitions": len(blocks),
                "repetition_index": i,
                "threads": 1,
                "iterations": block.iterations * len(times),
                "real_time": times[len(times) // 2],
                "cpu_time": times[len(times) // 2],
                "time_unit": "ns",
            }
        )
    return rows


def finite(value: object) -> object:
    """JSON has no infinity and no NaN: null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, (list, tuple)) else value


def write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(finite(document), indent=1, allow_nan=False) + "\n")
