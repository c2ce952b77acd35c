#!/usr/bin/python3
"""ci/mutate/mutate.py [PAPER ...]: changes a paper's algorithm, one small change at a time, and counts how often a test or a claim turns red.

A PAPER is a folder of algorithms/; none means all. Nothing is written but in BUILD/mutate/, where what was judged before is remembered.
Exit status: 0 every score is at least the floor, 1 one is not, 2 wrong usage, 3 it could not be measured, 130 interrupted.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import random
import re
import shutil
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from judge import ROOT, Paper
from operators import Mutant

KINDS = ["arithmetic", "relation", "constant", "sign", "index", "condition", "drop", "swap"]
KILLERS = ["test", "claim", "crash", "deadline", "compiler"]


def wilson(killed: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a proportion of which a sample of n is known, in per cent."""
    if n == 0:
        return 0.0, 100.0
    z, p = 1.959964, killed / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return 100 * (middle - half) / (1 + z * z / n), 100 * (middle + half) / (1 + z * z / n)


def percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


def score(results: list[dict]) -> dict:
    """killed / (all - equivalent). Mutants that live with the same bits stay in: they are equivalent, or nothing reaches them."""
    killed = [r for r in results if r["result"] == "killed"]
    lived = [r for r in results if r["result"] == "survived"]
    by = Counter(r["by"] for r in killed)
    same_bits = sum(r["by"] == "same bits" for r in lived)
    n = len(killed) + len(lived)
    return {"mutants": len(results), "equivalent": len(results) - n, "killed": len(killed), "survived": len(lived), "same_bits": same_bits,
            "by": {killer: by[killer] for killer in KILLERS if by[killer]}, "score": percent(len(killed), n), "interval": wilson(len(killed), n),
            "score_without_compiler": percent(len(killed) - by["compiler"], n - by["compiler"]),
            "score_without_same_bits": percent(len(killed), n - same_bits)}


class Memory:
    """What was judged before: a line of JSON each, appended at once, so that an interruption loses nothing."""

    def __init__(self, path: Path, baseline: str):
        self.path, self.baseline, self.known = path, baseline, {}
        for line in path.read_text().splitlines() if path.exists() else []:
            try:
                entry = json.loads(line)
                self.known[entry["key"]] = entry["judged"]
            except (ValueError, KeyError, TypeError):
                continue  # a line cut off in the middle

    def key(self, mutant: Mutant, text: str) -> str:
        return hashlib.sha256(f"{self.baseline}\0{mutant.file}\0{mutant.apply(text)}".encode()).hexdigest()

    def keep(self, key: str, judged: dict) -> None:
        self.known[key] = judged
        torn = self.path.exists() and self.path.stat().st_size > 0 and not self.path.read_bytes().endswith(b"\n")
        with open(self.path, "a") as file:
            file.write(("\n" if torn else "") + json.dumps({"key": key, "judged": judged}) + "\n")


class Progress:
    def __init__(self, total: int, quiet: bool):
        self.total, self.done, self.quiet, self.begun, self.live = total, 0, quiet, time.monotonic(), sys.stderr.isatty()

    def tell(self, mutant: Mutant, judged: dict, old: bool) -> None:
        self.done += 1
        if self.quiet or old and not self.live:
            return
        left = (time.monotonic() - self.begun) / self.done * (self.total - self.done)
        text = f"[{self.done}/{self.total}] {mutant.place} {mutant.kind}: {judged['result']} {judged['by'] and '(' + judged['by'] + ')'} {left:.0f} s left"
        print(f"\r\033[K{text[:110]}" if self.live else text, end="" if self.live else "\n", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.live and not self.quiet:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def chosen(mutants: list[Mutant], args: argparse.Namespace) -> list[Mutant]:
    """Those asked for; of them a sample, without replacement, that the seed and the list of mutants determine."""
    mutants = [m for m in mutants if (not args.file or m.file in args.file) and (not args.kind or m.kind in args.kind)
               and (not args.mutant or m.id in args.mutant)]
    if args.sample and args.sample < len(mutants):
        mutants = random.Random(args.seed).sample(mutants, args.sample)
    return sorted(mutants, key=lambda m: (m.file, m.start, m.end, m.new))


def judge_all(paper: Paper, mutants: list[Mutant], args: argparse.Namespace) -> list[dict]:
    work = args.build / "mutate"
    memory = Memory(work / f"{paper.id}.jsonl", paper.digest())
    keys = {m: memory.key(m, paper.texts[m.file]) for m in mutants}
    judged = {m: memory.known[keys[m]] for m in mutants if keys[m] in memory.known and not args.again}
    progress = Progress(len(mutants), args.quiet)
    for mutant, result in judged.items():
        progress.tell(mutant, result, True)
    waiting = [m for m in mutants if m not in judged]
    if waiting:
        paper.baseline()
    with ThreadPoolExecutor(args.jobs) as pool:
        try:
            jobs = {pool.submit(paper.judge, m): m for m in waiting}
            for job in as_completed(jobs):
                mutant = jobs[job]
                judged[mutant] = job.result()
                memory.keep(keys[mutant], judged[mutant])
                progress.tell(mutant, judged[mutant], False)
        except BaseException:
            paper.processes.stopped.set()
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            progress.end()
    return [{"id": m.id, "file": m.file, "line": m.line, "column": m.column, "kind": m.kind, "before": m.before, "after": m.after, **judged[m]}
            for m in mutants]


def table(paper: str, total: int, results: list[dict]) -> str:
    s = score(results)
    low, high = s["interval"]
    lines = [f"{paper}: score {s['score']:.1f} %: {s['killed']} of {s['killed'] + s['survived']} mutants killed"
             + (f", 95 % interval {low:.0f} to {high:.0f}; a sample of {len(results)} of {total}" if len(results) < total else "; all of them"),
             "  killed by   " + (", ".join(f"{killer} {n}" for killer, n in s["by"].items()) or "none"),
             "  operators   " + ", ".join(f"{kind} {sum(r['result'] == 'killed' for r in some)}/{len(some)}" for kind in KINDS
                                          if (some := [r for r in results if r["kind"] == kind and r["result"] != "equivalent"])),
             (f"  besides     {s['equivalent']} equivalent (same code), left out; {s['same_bits']} of {s['survived']} survivors with the same bits;"
              f" {s['score_without_compiler']:.1f} % by tests and claims alone; {s['score_without_same_bits']:.1f} % without the same bits")]
    verdict = r"(\w+) (?:verified|refuted|inconclusive|vacuous|error|skipped|absent)"
    claims = Counter(claim for r in results if r["by"] == "claim" for claim in re.findall(verdict, r["what"]))
    if claims:
        lines.append("  claims      " + ", ".join(f"{claim} {n}" for claim, n in claims.most_common()))
    for r in results:
        if r["result"] == "survived":
            lines += ["", f"  {r['file']}:{r['line']}:{r['column']} {r['kind']} survived, {r['by'] or 'other bits, same verdicts'}  [{r['id']}]",
                      f"    - {r['before']}", f"    + {r['after']}"]
    return "\n".join(lines)


def options() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="ci/mutate/mutate.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("papers", nargs="*", metavar="PAPER")
    words.add_argument("--sample", type=int, default=40, metavar="N", help="mutants of each paper, drawn by --seed; 0: all (default: 40)")
    words.add_argument("--seed", type=int, default=0, metavar="K", help="of the sample (default: 0)")
    words.add_argument("--floor", type=float, default=85, metavar="P", help="the least score in per cent (default: 85)")
    words.add_argument("-j", "--jobs", type=int, default=1, metavar="N", help="mutants at a time (default: 1)")
    words.add_argument("--build", type=Path, default=ROOT / "build", metavar="DIR", help="a build of the tree (default: build)")
    words.add_argument("--json", type=Path, metavar="FILE", help="every mutant and the scores, as JSON; - is standard output")
    words.add_argument("--file", action="append", metavar="NAME", help="only mutants of this file; may be repeated")
    words.add_argument("--kind", action="append", choices=KINDS, help="only this operator; may be repeated")
    words.add_argument("--mutant", action="append", metavar="ID", help="only this mutant; may be repeated")
    words.add_argument("--list", action="store_true", help="list the mutants, judge none")
    words.add_argument("--claims-alone", action="store_true", help="leave out the tests: what the claims see by themselves")
    words.add_argument("--again", action="store_true", help="judge again what is remembered")
    words.add_argument("-q", "--quiet", action="store_true", help="no progress")
    args = words.parse_args()
    args.build = args.build.resolve()
    known = sorted(p.parent.name for p in ROOT.glob("algorithms/*/claims.c"))
    for paper in args.papers:
        if paper not in known:
            words.error(f"no paper '{paper}' with claims; there is {', '.join(known)}")
    if args.json and str(args.json) != "-" and not args.json.parent.is_dir():
        words.error(f"--json: there is no folder {args.json.parent}")
    if args.sample < 0 or args.jobs < 1:
        words.error("--sample is at least 0, --jobs at least 1")
    if not (args.build / "compile_commands.json").exists():
        words.error(f"{args.build} holds no build; `make build` makes one")
    args.papers = args.papers or known
    return args


def selected(papers: list[Paper], args: argparse.Namespace) -> list[tuple[Paper, int, list[Mutant]]]:
    """Each paper with how many mutants it has and those to judge. What is asked for must be there: no mutant at all would be a score of 100 %."""
    everything = [(paper, paper.mutants()) for paper in papers]
    there = {"file": {name for paper in papers for name in paper.texts}, "mutant": {m.id for _, mutants in everything for m in mutants}}
    for what, known in there.items():
        for name in getattr(args, what) or []:
            if name not in known:
                raise LookupError(f"no {what} '{name}'" + (f"; there is {', '.join(sorted(known))}" if what == "file" else "; --list names them"))
    found = [(paper, len(mutants), some) for paper, mutants in everything if (some := chosen(mutants, args))]
    if not found:
        raise LookupError("no mutant is all of that; --list without --file, --kind and --mutant names them")
    return found


def main() -> int:
    args = options()
    report, low = {}, False
    papers = [Paper(ROOT / "algorithms" / name, args.build, args.build / "mutate" / f"{name}-{os.getpid()}", args.claims_alone) for name in args.papers]
    for paper, total, mutants in selected(papers, args):
        name = paper.id
        if args.list:
            print("\n".join(f"{m.id}  {m.place}  {m.kind}\n    - {m.before}\n    + {m.after}" for m in mutants))
            continue
        paper.work.mkdir(parents=True, exist_ok=True)
        try:
            results = judge_all(paper, mutants, args)
        finally:
            shutil.rmtree(paper.work, ignore_errors=True)
        report[name] = {"total": total, "seed": args.seed, **score(results), "mutants": results}
        low = low or report[name]["score"] < args.floor
        print(table(name, total, results), end="\n\n", file=sys.stderr if str(args.json) == "-" else sys.stdout, flush=True)
    if args.json:
        text = json.dumps(report, indent=1) + "\n"
        sys.stdout.write(text) if str(args.json) == "-" else args.json.write_text(text)
    if low:
        print(f"below the floor of {args.floor:g} %: {', '.join(name for name, r in report.items() if r['score'] < args.floor)}", file=sys.stderr)
    return int(low)


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupted)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("interrupted; what was judged is remembered", file=sys.stderr)
        sys.exit(130)
    except LookupError as error:
        print(f"mutate: {error}", file=sys.stderr)
        sys.exit(2)
    except (RuntimeError, OSError) as error:
        print(f"mutate: {error}", file=sys.stderr)
        sys.exit(3)
