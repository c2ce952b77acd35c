#!/usr/bin/python3
"""May this change merge? Compares two revisions: verdicts, oracle calls, time, memory, size.

    ci/gate/gate.py BASE [HEAD]      HEAD: the work tree as it is, uncommitted changes included

Exit status: 0 may merge, 1 must not, 2 not decided (base cannot be built or judged; disk full), 3 wrong arguments or no such revision, 130 interrupted.
"""
from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from pathlib import Path

import builds
import choose
import counts
import decide
import output
import pairs
import race
import verdicts
import weigh

ROOT = Path(__file__).resolve().parents[2]
PARTS = ["verdicts", "counts", "time"]
MERGE, REGRESSION, NOT_DECIDED, USAGE, INTERRUPTED = 0, 1, 2, 3, 130


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        print(f"gate: {message}", file=sys.stderr)
        raise SystemExit(USAGE)


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", metavar="BASE", help="a revision that git knows; usually where the change branched off: origin/main, HEAD~1")
    parser.add_argument("head", metavar="HEAD", nargs="?", help="a revision (default: the work tree)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="gate.txt, gate.json, junit.xml, gate.html .. (default: build/gate/out)")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="builds of revisions (default: build/gate/cache)")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone; may be repeated")
    parser.add_argument("--bench", action="append", metavar="NAME", help="these benchmarks, as `claimcheck bench --benchmark_list_tests` names them")
    parser.add_argument("--all", action="store_true", help="every benchmark, also what the change cannot reach")
    parser.add_argument("--most", type=int, default=30, metavar="N", help="benchmarks at most (%(default)s)")
    parser.add_argument("--seconds", type=float, default=300, metavar="S", help="for pairs of times at most (%(default)g)")
    parser.add_argument("--seed", type=int, help="of the orders that are drawn")
    parser.add_argument("--callgrind", type=int, default=0, metavar="N", help="count instructions of N benchmarks that are not the same, where the kernel does not")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    for side in ("base", "head"):
        parser.add_argument(f"--{side}-build", type=Path, metavar="DIR", help=argparse.SUPPRESS)  # for tests: no revision, this build
        parser.add_argument(f"--{side}-plugins", default="", metavar="DIR", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    args.out = args.out or ROOT / "build/gate/out"
    args.cache = args.cache or ROOT / "build/gate/cache"
    args.only = args.only or PARTS
    return args


class Progress:
    """Lines on standard error: what is going on."""

    def __init__(self, quiet: bool):
        self.quiet, self.begun = quiet, time.monotonic()

    def __call__(self, text: str) -> None:
        if not self.quiet:
            print(f"gate: {time.monotonic() - self.begun:5.0f} s  {text}", file=sys.stderr, flush=True)


def built(args: argparse.Namespace, which: str, revision: builds.Revision, say: Progress) -> builds.Build:
    given = getattr(args, f"{which}_build")
    if given:
        folder = given.resolve()
        if not (folder / "bin/claimcheck").exists():
            raise builds.BuildError(f"{folder} has no bin/claimcheck")
        return builds.Build(revision, Given(folder))
    say(f"{which}: {revision.label}")
    return builds.build(ROOT, revision, args.cache, which)


class Given(type(Path())):
    """A build folder from outside, in place of one of the cache."""

    def __truediv__(self, name: object) -> Path:
        return ROOT if name == "src" else Path(self) if name == "build" else Path(self).joinpath(str(name))


def side_of(args: argparse.Namespace, which: str, build: builds.Build) -> pairs.Side:
    return pairs.Side(which, build.command, getattr(args, f"{which}_plugins"))


# ---- the three parts ----


def judge(result: output.Result, base: builds.Build, head: builds.Build, sides: tuple[pairs.Side, pairs.Side], args: argparse.Namespace) -> None:
    """Verdicts, and the stores that counts are read from."""
    stores = [store_of(build, side, args) for build, side in zip((base, head), sides)]
    before = verdicts.verify(sides[0], stores[0], [])
    if stores[1] != stores[0]:
        verdicts.copied(stores[0], stores[1])
    after = before if stores[1] == stores[0] else verdicts.verify(sides[1], stores[1], [])
    result.judged = len(after)
    if "verdicts" in args.only:
        known = [verdicts.known_verdicts(build.source / "ci/baseline") for build in (base, head)]
        result.verdicts = verdicts.asked_twice(sides[1], verdicts.compare(before, after, *known))
        result.findings += output.verdict_findings(result.verdicts)
    if "counts" in args.only:
        result.counts = counts.compare(*stores)
        result.findings += output.count_findings(result.counts)


def store_of(build: builds.Build, side: pairs.Side, args: argparse.Namespace) -> Path:
    """The quick tier's cells of a build, kept beside it; of a build with plug-ins from elsewhere, in the output folder."""
    if side.plugins or isinstance(build.folder, Given):
        store = args.out / f"{side.name}.db"
        for old in args.out.glob(f"{side.name}.db*"):
            old.unlink()
        return store
    return build.folder / "quick.db"


def reached(base: builds.Build, head: builds.Build, benches: list[str], sides: tuple[pairs.Side, pairs.Side]) -> list[str]:
    """Benchmarks that the change can reach: of all, where it is not known."""
    if any(side.plugins for side in sides):
        return benches
    before, after = choose.modules(base.tree), choose.modules(head.tree)
    changed = {part for part in after if before.get(part) != after[part]}
    return choose.within_reach(benches, changed, choose.families_of(head.tree), choose.owners(sides[1]))


def choose_benches(result: output.Result, base: builds.Build, head: builds.Build, sides: tuple[pairs.Side, pairs.Side], args: argparse.Namespace) -> list[str]:
    here, there = (side.benches() for side in sides)
    both = [bench for bench in there if bench in set(here)]
    result.notes += [f"benchmarks of base that head lacks: {', '.join(gone)}" for gone in [[b for b in here if b not in set(there)]] if gone]
    if args.bench:
        unknown = [bench for bench in args.bench if bench not in both]
        if unknown:
            raise pairs.BenchError(f"no benchmark of both sides is called {', '.join(unknown)}")
        return args.bench
    within = both if args.all else reached(base, head, both, sides)
    chosen, result.left_out = choose.one_each(sides[0], within)
    kept = choose.spread_over(chosen, args.most)
    result.left_out |= {bench: f"{bench}: beyond the {args.most} of --most" for bench in chosen if bench not in kept}
    return kept


def clock(result: output.Result, base: builds.Build, head: builds.Build, sides: tuple[pairs.Side, pairs.Side], args: argparse.Namespace, say: Progress) -> None:
    for side in sides:
        if not choose.serves(side):
            result.notes.append(f"{side.name} has no `bench --serve`: times are not compared")
            return
    benches = choose_benches(result, base, head, sides, args)
    say(f"{len(benches)} benchmarks in pairs")
    rule = decide.Rule()
    progress = lambda racers, running: say(f"{sum(len(r.blocks) for r in racers)} blocks, {running} of {len(benches)} benchmarks open")
    result.racers = race.run(*sides, benches, rule, args.seconds, random.Random(args.seed), progress)
    result.times = decide.judge({r.bench: r.course for r in result.racers if r.blocks}, rule)
    result.memory = [w for w in (weigh.memory(r.bench, r.blocks) for r in result.racers) if w]
    count_instructions(result, base, head, sides, args, say)
    result.findings += output.time_findings(result)


def count_instructions(result: output.Result, base: builds.Build, head: builds.Build, sides: tuple, args: argparse.Namespace, say: Progress) -> None:
    for racer in result.racers:
        counted = [block.instructions for block in racer.blocks if min(block.instructions) > 0]
        if counted:
            result.instructions[racer.bench] = tuple(decide.middle([c[i] for c in counted]) for i in (0, 1))
    odd = [r for r in result.racers if r.bench in result.times and result.times[r.bench].verdict != "same" and r.bench not in result.instructions]
    if not args.callgrind or not odd or any(side.plugins for side in sides) or args.base_build or args.head_build:
        return
    try:
        commands = []
        for build, which in ((base, "base"), (head, "head")):
            say(f"{which}: built without this CPU's own instructions, for callgrind")
            builds.build(ROOT, build.revision, args.cache, which, portable=True)
            commands.append(build.folder / "build-portable/bin/claimcheck")
        for racer in odd[: args.callgrind]:
            say(f"callgrind: {racer.bench}")
            result.instructions[racer.bench] = tuple(weigh.instructions(command, racer.bench, racer.n) for command in commands)
    except (builds.BuildError, pairs.BenchError, OSError, subprocess.TimeoutExpired) as error:
        result.notes.append(f"instructions are not counted: {error}")


# ---- all of it ----


def accepted(base: str, head: str | None) -> list[str]:
    """Trailers "Gate-Accepts: KIND NAME" of the commits of the change."""
    try:
        text = builds.git(ROOT, "log", "--format=%(trailers:key=Gate-Accepts,valueonly)", f"{base}..{head or 'HEAD'}")
    except builds.RevisionError:
        return []
    return [line for line in text.splitlines() if line.strip()]


def gate(args: argparse.Namespace, say: Progress) -> output.Result:
    """Raises builds.RevisionError for what is no revision."""
    given = lambda path: builds.Revision(str(path), "")
    before = given(args.base_build) if args.base_build else builds.committed(ROOT, args.base)
    after = given(args.head_build) if args.head_build else builds.committed(ROOT, args.head) if args.head else builds.working(ROOT)
    output.clear(args.out)
    result, begun = output.Result(before.label, after.label), time.monotonic()
    result.skipped = [p for p in PARTS if p not in args.only] + (["memory"] if "time" not in args.only else [])
    try:
        base = built(args, "base", before, say)
    except builds.BuildError as error:
        result.failed_base = str(error)
        return result
    try:
        head = built(args, "head", after, say)
    except builds.BuildError as error:
        result.findings.append(output.Finding("build", "head", str(error), True))
        return result
    sides = (side_of(args, "base", base), side_of(args, "head", head))
    result.seconds["build"] = time.monotonic() - begun
    if {"verdicts", "counts"} & set(args.only):
        begun = time.monotonic()
        say("claims at the quick tier")
        try:
            judge(result, base, head, sides, args)
        except verdicts.JudgeError as error:
            if error.side == "base":
                result.failed_base = str(error)
                return result
            result.findings.append(output.Finding("verdict", "head", str(error), True))
        result.seconds["claims"] = time.monotonic() - begun
    result.sizes = weigh.sizes(base.tree, head.tree)
    if "time" in args.only:
        begun = time.monotonic()
        clock(result, base, head, sides, args, say)
        result.seconds["time"] = time.monotonic() - begun
    if not args.base_build and not args.head_build:
        output.accept(result.findings, accepted(args.base, args.head))
        builds.prune(args.cache, {base.folder, head.folder})
    return result


def page(out: Path) -> None:
    """gate.html, where the report's packages are installed."""
    run = subprocess.run(
        ["/usr/bin/python3", "-B", ROOT / "reports/report.py", "--gate", out / "gate.json", "--out", out, "--quiet"], capture_output=True, text=True, check=False
    )
    if run.returncode:
        print(f"gate: no page: {run.stderr.strip().splitlines()[-1] if run.stderr.strip() else run.returncode}", file=sys.stderr)


def finish(result: output.Result, out: Path) -> int:
    """Says and writes down what was found out. What cannot be written was said before."""
    print(output.table(result), flush=True)
    status = NOT_DECIDED if result.failed_base else MERGE if result.passed else REGRESSION
    try:
        output.write(result, out)
    except OSError as error:
        print(f"gate: this cannot be written to {out}: {error}", file=sys.stderr)
        return status or NOT_DECIDED
    page(out)
    return status


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(argv: list[str]) -> int:
    args = arguments(argv)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT too: it is ignored in what a script has in its background
        signal.signal(number, interrupt)
    os.environ |= {"LC_ALL": "C.UTF-8", "PATH": f"/usr/bin:/bin:{os.environ.get('PATH', '')}"}
    try:
        return finish(gate(args, Progress(args.quiet)), args.out)
    except builds.RevisionError as error:
        print(f"gate: {error}", file=sys.stderr)
        return USAGE
    except pairs.BenchError as error:
        print(f"gate: {error}", file=sys.stderr)
        return USAGE if args.bench else NOT_DECIDED
    except (OSError, sqlite3.Error) as error:
        print(f"gate: not decided: {error}", file=sys.stderr)
        return NOT_DECIDED
    except KeyboardInterrupt:
        print("gate: interrupted", file=sys.stderr)
        return INTERRUPTED
    except Exception:  # noqa: BLE001  a fault of the gate's own says nothing about the change
        traceback.print_exc()
        return NOT_DECIDED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
