#!/usr/bin/python3
"""How often does the gate cry wolf, and what does it miss? Real pairs are recorded gate by gate, and the decision is replayed from them.

    calibration.py record --base COMMAND --head COMMAND --out FILE [--gates N] [--bench NAME ..] [--base-plugins F] [--head-plugins F] [--benches N]
    calibration.py replay FILE .. [--benches N]      verdicts of disjoint gates; --benches: as in a gate of so many, the others unremarkable
    calibration.py replay FILE .. --as-recorded | --resampled N
"""
from __future__ import annotations

import argparse
import collections
import json
import random
import sys
import time
from pathlib import Path

import choose
import decide
import pairs
import race


def record(args: argparse.Namespace) -> None:
    """Appends a line a block: {"bench", "gate", "base": [ns ..], "head": [ns ..]}."""
    base, head = pairs.Side("base", args.base, args.base_plugins), pairs.Side("head", args.head, args.head_plugins)
    benches = args.bench or choose.one_each(base, base.benches())[0]
    rng, rule = random.Random(), decide.Rule()
    if args.benches:  # stopped as early as in a gate of so many
        rule = decide.Rule(alpha=rule.alpha * len(benches) / args.benches)
    with args.out.open("a") as out:
        for gate in range(args.gates):
            begun = time.monotonic()
            for racer in race.run(base, head, benches, rule, args.seconds, rng):
                if racer.trouble:
                    print(racer.trouble, file=sys.stderr)
                for block in racer.blocks:
                    line = {"bench": racer.bench, "gate": f"{args.tag}{gate}", "base": block.base, "head": block.head}
                    out.write(json.dumps(line) + "\n")
            out.flush()
            print(f"gate {gate}: {time.monotonic() - begun:.1f} s", flush=True)


Pairs = tuple[list[float], list[float]]


def streams(files: list[Path]) -> dict[str, list[Pairs]]:
    """Benchmark -> blocks in the order of recording."""
    found: dict[str, list[Pairs]] = collections.defaultdict(list)
    for path in files:
        for line in path.read_text().splitlines():
            block = json.loads(line)
            found[block["bench"]].append((block["base"], block["head"]))
    return found


def as_recorded(files: list[Path], rule: decide.Rule, without: list[str]) -> list[dict[str, decide.Judgement]]:
    """Each recorded gate judged from its own blocks: no block is in two gates."""
    courses: dict[tuple[str, str], dict[str, decide.Course]] = collections.defaultdict(lambda: collections.defaultdict(decide.Course))
    for path in files:
        for line in path.read_text().splitlines():
            block = json.loads(line)
            if block["bench"] not in without:
                courses[path.name, block["gate"]][block["bench"]].add(block["base"], block["head"], rule)
    return [decide.judge(gate, rule) for gate in courses.values()]


def resampled(found: dict[str, list[Pairs]], rule: decide.Rule, gates: int, rng: random.Random) -> list[dict[str, decide.Judgement]]:
    """Gates of blocks drawn from the recordings, sides swapped at random: more gates than could be run, from noise that was."""
    judged = []
    for _ in range(gates):
        courses = {}
        for bench, stream in found.items():
            drawn = [block if rng.random() < 0.5 else block[::-1] for block in rng.choices(stream, k=max(rule.looks))]
            courses[bench], _ = replay_one(drawn, 0, rule, len(found))
        judged.append(decide.judge(courses, rule))
    return judged


def replay_one(stream: list[Pairs], at: int, rule: decide.Rule, benches: int) -> tuple[decide.Course, int]:
    """A course over blocks at, at + 1, ..: as the race would have it. The place after it, or -1: the recording ended before."""
    course = decide.Course()
    while more := decide.wanted(course, rule, benches):
        if at + more > len(stream):
            return course, -1
        for base, head in stream[at : at + more]:
            course.add(base, head, rule)
        at += more
    return course, at


def replay(found: dict[str, list[Pairs]], rule: decide.Rule, most: int, benches: int = 0) -> list[dict[str, decide.Judgement]]:
    """Gates over disjoint stretches, until the first benchmark's recording ends. `benches`: as if there were so many, the others with p = 1."""
    at, gates = dict.fromkeys(found, 0), []
    others = {f"other {i}": decide.Course() for i in range(max(0, benches - len(found)))}
    while len(gates) < most:
        courses = {}
        for bench, stream in found.items():
            courses[bench], at[bench] = replay_one(stream, at[bench], rule, len(found) + len(others))
            if at[bench] < 0:
                return gates
        judged = decide.judge({**courses, **others}, rule)
        gates.append({bench: judged[bench] for bench in found})
    return gates


def summary(gates: list[dict[str, decide.Judgement]]) -> dict[str, object]:
    verdicts = collections.Counter(j.verdict for gate in gates for j in gate.values())
    return {
        "gates": len(gates),
        "benchmarks": len(gates[0]) if gates else 0,
        "gates with slower": sum(any(j.verdict == "slower" for j in gate.values()) for gate in gates),
        "gates with slower or faster": sum(any(j.verdict in ("slower", "faster") for j in gate.values()) for gate in gates),
        "verdicts": dict(verdicts),
        "blocks a benchmark": sum(j.blocks for gate in gates for j in gate.values()) / max(1, sum(verdicts.values())),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words = parser.add_subparsers(dest="what", required=True)
    recording = words.add_parser("record")
    for name in ("base", "head", "out"):
        recording.add_argument(f"--{name}", type=Path, required=True)
    recording.add_argument("--gates", type=int, default=1)
    recording.add_argument("--bench", action="append")
    recording.add_argument("--base-plugins", default="")
    recording.add_argument("--head-plugins", default="")
    recording.add_argument("--seconds", type=float, default=300)
    recording.add_argument("--tag", default="")
    recording.add_argument("--benches", type=int, default=0)
    replaying = words.add_parser("replay")
    replaying.add_argument("files", type=Path, nargs="+")
    replaying.add_argument("--benches", type=int, default=0)
    replaying.add_argument("--most", type=int, default=200)
    replaying.add_argument("--as-recorded", action="store_true", help="each recorded gate from its own blocks")
    replaying.add_argument("--resampled", type=int, default=0, metavar="N", help="N gates of blocks drawn from all that was recorded, sides swapped at random")
    replaying.add_argument("--without", action="append", default=[], metavar="BENCH")
    replaying.add_argument("--each", action="store_true", help="each benchmark's gates by itself")
    args = parser.parse_args()
    if args.what == "record":
        record(args)
        return
    if args.as_recorded:
        print("as recorded", json.dumps(summary(as_recorded(args.files, decide.Rule(), args.without))))
        return
    found = {bench: stream for bench, stream in streams(args.files).items() if bench not in args.without}
    if args.resampled:
        print("resampled", json.dumps(summary(resampled(found, decide.Rule(), args.resampled, random.Random(0)))))
        return
    for group in [{bench: stream} for bench, stream in found.items()] if args.each else [found]:
        name = next(iter(group)) if args.each else "all"
        print(name, json.dumps(summary(replay(group, decide.Rule(), args.most, args.benches))))


if __name__ == "__main__":
    main()
