"""Base and head over all benchmarks: blocks until every one is decided or the time is up."""
from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import decide
import pairs


@dataclass
class Racer:
    """One benchmark's state in the race."""

    bench: str
    n: int = 1
    pairs: int = pairs.PAIRS
    blocks: list[pairs.Block] = field(default_factory=list)
    course: decide.Course = field(default_factory=decide.Course)
    trouble: str = ""

    def add(self, block: pairs.Block, rule: decide.Rule) -> None:
        self.blocks.append(block)
        self.course.add(block.base, block.head, rule)


def own_cores() -> list[int]:
    return sorted(os.sched_getaffinity(0))


def prepare(base: pairs.Side, bench: str) -> Racer:
    racer = Racer(bench)
    try:
        scale = pairs.calibrate(base, bench)
        racer.n, racer.pairs = scale.batch, scale.pairs
    except pairs.BenchError as error:
        racer.trouble = str(error)
    return racer


def run(
    base: pairs.Side,
    head: pairs.Side,
    benches: list[str],
    rule: decide.Rule,
    seconds: float,
    rng: random.Random,
    progress: Callable[[list[Racer], int], None] = lambda racers, running: None,
) -> list[Racer]:
    """Rounds: in each, every benchmark that is still open gets blocks up to its next look, in random order. One process runs at a time."""
    cores, seen, end = own_cores(), {}, time.monotonic() + seconds
    racers = [prepare(base, bench) for bench in benches]
    racing = [racer for racer in racers if not racer.trouble]
    while racing and time.monotonic() < end:
        rng.shuffle(racing)
        for racer in racing:
            try:
                for _ in range(decide.wanted(racer.course, rule, len(benches))):
                    if time.monotonic() > end:
                        break
                    core = pairs.idlest(cores, seen) if len(cores) > 1 else None
                    racer.add(pairs.measure(base, head, racer.bench, racer.n, core, rng, racer.pairs), rule)
            except pairs.BenchError as error:
                racer.trouble = str(error)
        racing = [racer for racer in racing if not racer.trouble and decide.wanted(racer.course, rule, len(benches))]
        progress(racers, len(racing))
    return racers
