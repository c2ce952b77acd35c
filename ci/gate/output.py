"""What a gate says: a table for a person, JUnit for a CI system, JSON for everything else, Google Benchmark's JSON of both sides for its tools."""
from __future__ import annotations

import collections
import dataclasses
import fnmatch
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field
from pathlib import Path

import counts
import decide
import pairs
import race
import verdicts
import weigh

REPEATED = 12  # findings of one kind that the table lists; all are in the files


@dataclass
class Finding:
    """Something that changed. `fails` unless a commit of the change has a trailer "Gate-Accepts: KIND NAME" that fits (wildcards allowed)."""

    kind: str  # build, verdict, counts, time, memory, size
    name: str
    text: str
    fails: bool
    accepted: bool = False
    claims: list[str] = field(default_factory=list)

    @property
    def word(self) -> str:
        return "accepted" if self.accepted else "FAIL" if self.fails else "note"


@dataclass
class Result:
    """All that a gate found out."""

    base: str
    head: str
    findings: list[Finding] = field(default_factory=list)
    judged: int = 0
    verdicts: list[verdicts.Change] = field(default_factory=list)
    counts: counts.Comparison = field(default_factory=counts.Comparison)
    racers: list[race.Racer] = field(default_factory=list)
    times: dict[str, decide.Judgement] = field(default_factory=dict)
    memory: list[weigh.Weight] = field(default_factory=list)
    sizes: list[weigh.Weight] = field(default_factory=list)
    instructions: dict[str, tuple[float, float]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)  # parts that were not asked for
    failed_base: str = ""  # base could not be had: nothing is decided

    @property
    def passed(self) -> bool:
        return not any(finding.fails and not finding.accepted for finding in self.findings)


def percent(base: float, head: float) -> str:
    return f"{100 * (head / base - 1):+.3g} %" if base else "from none"


def verdict_findings(changes: list[verdicts.Change]) -> list[Finding]:
    found = []
    for change in changes:
        if change.kind == "at base already":
            found.append(Finding("verdict", f"{change.paper}.{change.claim}", f"{change.head.verdict} at base already; known: {change.known or 'nothing'}", False))
            continue
        sides = [f"{name}: {e.verdict}, {e.text}" if e else f"{name}: not judged" for name, e in (("base", change.base), ("head", change.head))]
        known = change.known or "not in ci/baseline, so it must be verified"
        text = f"known: {known}" + ("" if change.kind == "changed" else f" ({change.kind})")
        found.append(Finding("verdict", f"{change.paper}.{change.claim}", "\n".join([text, *sides]), change.fails, claims=[f"{change.paper}.{change.claim}"]))
    return found


def count_findings(comparison: counts.Comparison) -> list[Finding]:
    """One for each experiment: what its arms call more, or less, often; then the claims to blame it on."""
    grouped: dict[tuple, list[counts.Difference]] = collections.defaultdict(list)
    for difference in comparison.differences:
        grouped[difference.place, difference.fails].append(difference)
    found = []
    for (place, fails), items in sorted(grouped.items(), key=lambda item: (not item[0][1], item[0][0][2] != "")):
        columns = []
        for column in dict.fromkeys(d.column for d in items):
            of = [d for d in items if d.column == column]
            base, head = sum(d.base for d in of), sum(d.head for d in of)
            how = "" if of[0].how == "exact" else f", other random numbers, p = {max(d.p or 0 for d in of):.1g}"
            columns.append(f"{column} {base:g} -> {head:g} ({percent(base, head)}{how}) in {sum(d.differ for d in of)} of {sum(d.runs for d in of)} runs")
        arms = sorted({d.arm for d in items if d.arm})
        where = f"; arms {', '.join(arms[:5])}{f' and {len(arms) - 5} more' if len(arms) > 5 else ''}" if arms else ""
        claims = sorted({f"{place[0]}.{claim}" for d in items for claim in d.claims})
        found.append(Finding("counts", counts.place_text(place).replace(": ", ".", 1), "; ".join(columns) + where, fails, claims=claims))
    found += [Finding("counts", text.split(",")[0].replace(": ", ".", 1), text, True) for text in comparison.trouble]
    return found


def time_findings(result: Result) -> list[Finding]:
    found = []
    for name, j in result.times.items():
        if j.verdict in ("slower", "faster", "undecided"):
            counted = result.instructions.get(name)
            more = f", instructions {percent(*counted)}" if counted else ""
            text = f"{j.verdict}: x {j.ratio:.4g} [{j.low:.4g}, {j.high:.4g}], {j.blocks} blocks, p = {j.p:.2g}{more}"
            found.append(Finding("time", name, text, j.verdict == "slower"))
    found += [Finding("time", racer.bench, racer.trouble, ": head" in racer.trouble) for racer in result.racers if racer.trouble]
    found += [
        Finding("memory", w.name, f"{w.verdict}: {w.base / 2**20:.1f} -> {w.head / 2**20:.1f} MiB ({percent(w.base, w.head)})", w.verdict == "more")
        for w in result.memory
        if w.verdict != "same"
    ]
    found += [Finding("size", w.name, f"{w.verdict}: {w.base} -> {w.head} bytes ({percent(w.base, w.head)})", False) for w in result.sizes if w.verdict != "same"]
    return found


def accept(findings: list[Finding], patterns: list[str]) -> None:
    for finding in findings:
        finding.accepted = finding.fails and any(fnmatch.fnmatchcase(f"{finding.kind} {finding.name}", pattern.strip()) for pattern in patterns)


def summary_lines(result: Result) -> list[tuple[str, str]]:
    tally = collections.Counter(j.verdict for j in result.times.values())
    times = ", ".join(f"{tally[word]} {word}" for word in ("slower", "undecided", "faster", "same") if tally[word])
    more = sum(d.fails for d in result.counts.differences)
    lines = {
        "verdicts": f"{result.judged} claims, {sum(c.fails for c in result.verdicts)} changed",
        "counts": f"{result.counts.cells} cells ({result.counts.same_key} cannot differ), {more} with more calls, {len(result.counts.differences) - more} with fewer"
        + (f", {len(result.counts.other_streams)} with other random numbers and no shift" if result.counts.other_streams else ""),
        "time": f"{len(result.times)} benchmarks{': ' + times if times else ''}" + (f"; {len(result.left_out)} left out" if result.left_out else ""),
        "memory": f"{len(result.memory)} benchmarks, {sum(w.verdict == 'more' for w in result.memory)} take more",
        "size": f"{len(result.sizes)} modules, {sum(w.head for w in result.sizes) - sum(w.base for w in result.sizes):+d} bytes in all",
    }
    return [(word, "not asked for" if word in result.skipped else text) for word, text in lines.items()]


def table(result: Result) -> str:
    """What a person reads in ten seconds: may it merge, what was looked at, what fails and whom it concerns."""
    lines = [f"base  {result.base}", f"head  {result.head}", ""]
    if not result.failed_base:
        lines += [f"{word:9} {text}" for word, text in summary_lines(result)] + [""]
    order = {"FAIL": 0, "accepted": 1, "note": 2}
    shown: collections.Counter = collections.Counter()
    for finding in sorted(result.findings, key=lambda f: order[f.word]):
        shown[finding.word, finding.kind] += 1
        if shown[finding.word, finding.kind] <= REPEATED:
            first, *rest = finding.text.splitlines() or [""]
            lines.append(f"{finding.word:8} {finding.kind:7} {finding.name}: {first}")
            lines += [f"{'':17}{line}" for line in rest]
            if finding.claims and finding.kind == "counts":
                lines.append(f"{'':17}claims: {', '.join(finding.claims)}")
    lines += [f"{word:8} {kind:7} and {n - REPEATED} more" for (word, kind), n in shown.items() if n > REPEATED]
    lines += [f"note     {note}" for note in result.notes]
    spent = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in result.seconds.items())
    closing = f"not decided: {result.failed_base}" if result.failed_base else "may merge" if result.passed else "must not merge"
    text = "\n".join([*lines, *([""] if len(lines) > 3 and lines[-1] else []), f"gate: {closing}" + (f" ({spent})" if spent else "")])
    return text.encode("utf-8", "replace").decode()  # a message cut in the middle of a character


def document(result: Result) -> dict:
    """gate.json; the report page is made of it."""
    benches = []
    for racer in result.racers:
        j = result.times.get(racer.bench)
        bench = {"name": racer.bench, "trouble": racer.trouble, "iterations": racer.n, "pairs": racer.pairs}
        if j:
            course = racer.course
            bench |= dataclasses.asdict(j) | {"values": course.values, "statistic": decide.STATISTICS[course.chosen].__name__}
            bench["base_ns"], bench["head_ns"] = (decide.middle([min(getattr(b, side)) for b in racer.blocks]) for side in ("base", "head"))
        if racer.bench in result.instructions:
            bench["instructions"] = list(result.instructions[racer.bench])
        benches.append(bench)
    return {
        "base": result.base,
        "head": result.head,
        "passed": result.passed and not result.failed_base,
        "not_decided": result.failed_base,
        "rule": dataclasses.asdict(decide.Rule()),
        "summary": dict(summary_lines(result)),
        "findings": [dataclasses.asdict(f) | {"word": f.word} for f in result.findings],
        "verdicts": [dataclasses.asdict(c) for c in result.verdicts],
        "counts": dataclasses.asdict(result.counts),
        "benchmarks": benches,
        "memory": [dataclasses.asdict(w) for w in result.memory],
        "sizes": [dataclasses.asdict(w) for w in result.sizes],
        "left_out": result.left_out,
        "notes": result.notes,
        "seconds": result.seconds,
    }


def junit(result: Result) -> xml.ElementTree:
    """A suite a part; a case for every benchmark and for every finding, and one for what is whole."""
    root = xml.Element("testsuites", name="gate")
    kinds = {"build": [], "verdict": [], "counts": [], "time": [j for j in result.times], "memory": [w.name for w in result.memory], "size": []}
    for kind, names in kinds.items():
        found = {}
        for finding in result.findings:
            if finding.kind == kind:
                found.setdefault(finding.name, []).append(finding)
        cases = list(dict.fromkeys([*names, *found])) or [f"no change of {kind}"]
        failures = sum(any(f.word == "FAIL" for f in found.get(name, [])) for name in cases)
        suite = xml.SubElement(root, "testsuite", name=kind, tests=str(len(cases)), failures=str(failures), errors="0", skipped="0")
        for name in cases:
            case = xml.SubElement(suite, "testcase", classname=f"gate.{kind}", name=name)
            for finding in found.get(name, []):
                text = printable(finding.text + ("\nclaims: " + ", ".join(finding.claims) if finding.claims else ""))
                if finding.word == "FAIL":
                    xml.SubElement(case, "failure", message=text.splitlines()[0], type=kind).text = text
                else:
                    xml.SubElement(case, "system-out").text = text
    if result.failed_base:
        suite = xml.SubElement(root, "testsuite", name="gate", tests="1", failures="0", errors="1", skipped="0")
        case = xml.SubElement(suite, "testcase", classname="gate", name="base")
        xml.SubElement(case, "error", message=printable(result.failed_base.splitlines()[0])).text = printable(result.failed_base)
    return xml.ElementTree(root)


def printable(text: str) -> str:
    """XML knows no control characters but these."""
    return "".join(c if c in "\n\t" or (ord(c) >= 32 and not 0xD800 <= ord(c) < 0xE000 and ord(c) not in (0xFFFE, 0xFFFF)) else "?" for c in text)


def clear(folder: Path) -> None:
    """Makes the folder. What an earlier gate wrote there goes: a gate that does not come to its end must not be taken for that one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("gate.txt", "gate.json", "junit.xml", "gate.html", "benchmark-base.json", "benchmark-head.json"):
        (folder / name).unlink(missing_ok=True)


def write(result: Result, folder: Path) -> None:
    (folder / "gate.txt").write_text(table(result) + "\n")
    pairs.write_json(folder / "gate.json", document(result))
    junit(result).write(folder / "junit.xml", encoding="utf-8", xml_declaration=True)
    for side in ("base", "head"):
        rows = [row for racer in result.racers for row in pairs.google_benchmark_json(racer.bench, racer.blocks, side)]
        context = {"executable": "claimcheck", "library_build_type": "release", "caches": [], "revision": getattr(result, side)}
        pairs.write_json(folder / f"benchmark-{side}.json", {"context": context, "benchmarks": rows})
