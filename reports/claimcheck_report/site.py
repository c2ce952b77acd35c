"""Pages: what each shows is gathered here; how it looks is in templates/ and static/."""

from __future__ import annotations

import csv
import math
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from . import figures, render, style, words
from .render import Job, Made
from .store import TIERS, Definition, Member, ReportError, Store, Verdict

HERE = Path(__file__).parent
VERDICTS = ("verified", "refuted", "inconclusive", "vacuous", "skipped", "error")
OTHERS = ("observation", "untestable", "unjudged")
MARKS = {
    "verified": "✓",
    "refuted": "✗",
    "inconclusive": "?",
    "vacuous": "∅",
    "skipped": "–",
    "error": "!",
    "observation": "○",
    "untestable": "·",
    "unjudged": "…",
}
MEANING = {
    "verified": "every check holds with its whole interval, and every control fails as it must",
    "refuted": "the evidence contradicts the claim",
    "inconclusive": "the data cannot decide, or a control is undecided",
    "vacuous": "a control that must fail passed: the check could not have failed",
    "skipped": "data that it needs are absent",
    "error": "cells ended in error, or the check could not be evaluated",
    "observation": "reported, not judged",
    "untestable": "stated without an experiment",
    "unjudged": "declared, not judged at this tier",
}


@dataclass
class Options:
    out: Path
    tier: int | None = None
    figures_only: bool = False
    plugins: Path | None = None
    calibration: Path | None = None
    progress: Callable[[int, int, str], None] = lambda done, of, name: None


@dataclass
class Claim:
    """A claim as its card shows it."""

    owner: str
    id: str
    slug: str
    status: str
    definition: Definition
    verdict: Verdict | None
    tier: int
    command: str
    members: list[Member] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)

    @property
    def body(self) -> dict[str, Any]:
        return self.verdict.body if self.verdict else {}

    @property
    def why(self) -> str:
        """Of a claim without a verdict: the reason given."""
        return str(self.definition.body.get(self.status) or "")

    def get(self, name: str) -> Any:
        return self.body.get(name) or self.definition.body.get(name)

    @property
    def reason(self) -> str:
        """Why this verdict: the sentence of the judgement, unless its only check says the same."""
        text = str(self.body.get("reason") or (self.verdict.message if self.verdict else ""))
        said = [c.get(key) for c in self.body.get("checks") or [] for key in ("message", "criterion")]
        return "" if text in said else text

    @property
    def lead(self) -> dict[str, Any]:
        """The check that decides: the first that is not verified, else the first."""
        checks = self.body.get("checks") or [{}]
        return next((c for c in checks if c.get("verdict") != "verified"), checks[0])


@dataclass
class Paper:
    id: str
    title: str
    citation: str
    digest: str
    tier: int
    claims: list[Claim]
    figures: list[Definition]
    counts: Counter


def slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-")


def gather(store: Store, tier: int | None) -> list[Paper]:
    """Papers with claims or figures, in the order of the definitions' positions."""
    papers = []
    for d in store.definitions("plugin"):
        at = store.tier_of(d.owner) if tier is None else tier
        verdicts = store.verdicts(d.owner, at)
        claims = [_claim(store, c, verdicts.get(c.id), at) for c in store.definitions("claim", d.owner)]
        drawn = store.definitions("figure", d.owner)
        if claims or drawn:
            body = d.body
            papers.append(
                Paper(
                    d.owner,
                    str(body.get("title") or d.owner),
                    str(body.get("citation") or ""),
                    str(body.get("digest") or ""),
                    at,
                    claims,
                    drawn,
                    Counter(c.status for c in claims),
                )
            )
    return papers


def _claim(store: Store, d: Definition, verdict: Verdict | None, tier: int) -> Claim:
    status = next((k for k in ("untestable", "observation") if d.body.get(k)), "")
    if not status:
        status = verdict.verdict if verdict else "unjudged"
    claim = Claim(
        d.owner,
        d.id,
        slug(f"{d.owner}.{d.id}"),
        status,
        d,
        verdict,
        tier,
        f"claimcheck verify --tier {TIERS[tier]} {d.owner}.{d.id}",
    )
    if d.body.get("experiment"):
        claim.members = store.members(d.owner, str(d.body["experiment"]), tier)
    return claim


def plan(store: Store, papers: list[Paper], plugins: Path | None) -> list[Job]:
    """Every plot and CSV that the site needs."""
    code = render.code_stamp()
    jobs = []
    for paper in papers:
        file = figures.custom_file(plugins, paper.id)
        for d in paper.figures:
            source = file.read_text(encoding="utf-8") if file and d.body.get("kind") == "custom" else ""
            stamp = render.stamp(
                code,
                d.body,
                source,
                store.fingerprint(paper.id, str(d.body.get("experiment")), paper.tier, f"figure:{d.id}"),
                store.units(paper.id),
            )
            jobs.append(Job(slug(f"{paper.id}.{d.id}"), "figure", paper.id, paper.tier, stamp, d, custom=str(file) if file else ""))
        for claim in paper.claims:
            jobs += _claim_jobs(store, claim, code)
    return jobs


def _claim_jobs(store: Store, claim: Claim, code: str) -> list[Job]:
    jobs = []
    for i, check in enumerate(claim.body.get("checks") or []):
        name = f"{claim.slug}.check{i + 1}"
        claim.evidence.append(name)
        if check.get("series"):
            jobs.append(Job(name, "evidence", claim.owner, claim.tier, render.stamp(code, check), result=check))
    if claim.members:
        experiment = str(claim.definition.body["experiment"])
        stamp = render.stamp(
            code, claim.definition.body, store.fingerprint(claim.owner, experiment, claim.tier, f"claim:{claim.id}")
        )
        jobs.append(Job(f"{claim.slug}.rows", "rows", claim.owner, claim.tier, stamp, claim.definition))
    return jobs


def build(store: Store, options: Options) -> list[tuple[str, str]]:
    """Makes the site; returns the plots that could not be made, with the reason."""
    papers = gather(store, options.tier)
    if not papers:
        raise ReportError(f"{store.path}: holds no paper yet (claimcheck run declares them)")
    for folder in ("figures", "data"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    jobs = plan(store, papers, options.plugins)
    made = render.make(str(store.path), options.out, jobs, options.progress)
    if not options.figures_only:
        Pages(store, options, papers, made).write()
    return [(name, m.error) for name, m in made.items() if m.error]


# ---- pages ----


class Pages:
    def __init__(self, store: Store, options: Options, papers: list[Paper], made: dict[str, Made]):
        self.store, self.out, self.papers, self.made = store, options.out, papers, made
        self.calibration = options.calibration
        self.env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self.env.filters.update(
            num=words.number,
            seconds=words.seconds,
            bytes=words.size,
            interval=words.interval,
            origin=words.origin,
            short=words.short,
            math=words.formula,
            signs=words.signs,
            count=words.count,
            stamp=words.moment,
            breakable=words.breakable,
        )
        self.env.globals.update(
            verdicts=VERDICTS,
            others=OTHERS,
            marks=MARKS,
            meaning=MEANING,
            tiers=TIERS,
            plot=self.plot,
            made=self.made_of,
            controlled=controlled,
            problems=problems,
            off_target=off_target,
            marked_rows=marked_rows,
            most=most,
        )

    def write(self) -> None:
        (self.out / "paper").mkdir(exist_ok=True)
        (self.out / "static").mkdir(exist_ok=True)
        for path in (HERE / "static").iterdir():
            shutil.copyfile(path, self.out / "static" / path.name)
        totals = sum((p.counts for p in self.papers), Counter())
        common = {"papers": self.papers, "totals": totals, "root": "", "meta": self.store.meta(), "name": "claimcheck"}
        self._page(
            "index.html",
            "index.html",
            common,
            figures=sum(len(p.figures) for p in self.papers),
            cells=self.store.cell_counts(),
            judged=max((c.verdict.judged for p in self.papers for c in p.claims if c.verdict), default=""),
        )
        self._page("trust.html", "trust.html", common, calibration=calibration_tables(self.calibration))
        costs = self.store.experiment_cost()
        self._page(
            "environment.html",
            "environment.html",
            common,
            environments=self.store.environments(),
            costs=costs,
            causes=self.store.causes(),
            cells=self.store.cell_counts(),
            modules=self.store.definitions("plugin"),
            peak=max((c["seconds"] for c in costs), default=0) or 1,
        )
        self._page("benchmarks.html", "benchmarks.html", common, runs=[benchmark(*b) for b in self.store.benchmarks()])
        for i, paper in enumerate(self.papers):
            self._page(
                "paper.html",
                f"paper/{slug(paper.id)}.html",
                {**common, "root": "../"},
                paper=paper,
                before=self.papers[i - 1] if i else None,
                after=self.papers[i + 1] if i + 1 < len(self.papers) else None,
            )

    def _page(self, template: str, name: str, common: dict[str, Any], **values: Any) -> None:
        text = self.env.get_template(template).render(**common, **values, page=name)
        (self.out / name).write_text(text, encoding="utf-8")

    def made_of(self, name: str) -> Made:
        return self.made.get(slug(name)) or Made()

    def plot(self, name: str, label: str) -> Markup:
        """The SVG of a job, inside the page."""
        made = self.made_of(name)
        if not made.svg:
            return Markup("")
        svg = (self.out / made.svg).read_text(encoding="utf-8")
        return Markup(style.for_page(style.from_file(svg), slug(name).replace(".", "-"), label))


def calibration_tables(folder: Path | None) -> list[dict[str, Any]]:
    """CSV files with the measured behaviour of the verifiers, one table each; what it shows is in the text file beside it."""
    tables = []
    for path in sorted(folder.glob("*.csv")) if folder else []:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [r for r in csv.reader(line for line in file if not line.startswith("#")) if r]
        if len(rows) > 1:
            note = path.with_suffix(".txt")
            text = note.read_text(encoding="utf-8").strip() if note.exists() else ""
            tables.append({"title": path.stem.replace("_", " "), "head": rows[0], "rows": rows[1:], "note": text})
    return tables


def off_target(column: str, cell: str) -> bool:
    """Of a share in per cent: coverage far from 95, or a wrong verdict too often."""
    try:
        value = float(cell)
    except ValueError:
        return False
    if column == "coverage":
        return not 93 <= value <= 97
    return column in ("false_verified", "false_refuted", "limit_verified", "limit_refuted") and value > 5


def most(table: dict[str, Any], column: str) -> float | None:
    """The largest number of a column."""
    if column not in table["head"]:
        return None
    at = table["head"].index(column)
    return max((float(row[at]) for row in table["rows"] if row[at]), default=None)


def marked_rows(table: dict[str, Any]) -> int:
    return sum(any(off_target(h, c) for h, c in zip(table["head"], row)) for row in table["rows"])


TIME = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


def benchmark(owner: str, finished: str, body: dict[str, Any]) -> dict[str, Any]:
    """Google Benchmark's JSON as a table: times, rates, counters; the fitted complexity apart."""
    standard = {
        "name",
        "family_index",
        "per_family_instance_index",
        "run_name",
        "run_type",
        "repetitions",
        "repetition_index",
        "threads",
        "iterations",
        "real_time",
        "cpu_time",
        "time_unit",
        "aggregate_name",
        "aggregate_unit",
        "items_per_second",
        "bytes_per_second",
        "label",
        "big_o",
        "cpu_coefficient",
        "real_coefficient",
        "rms",
        "error_occurred",
        "error_message",
    }
    rows: list[dict[str, Any]] = []
    fits: dict[str, dict[str, Any]] = {}
    for b in body.get("benchmarks") or []:
        scale = TIME.get(b.get("time_unit", "ns"), 1e-9)
        kind = b.get("aggregate_name", "")
        run = re.sub(r"_(BigO|RMS)$", "", b.get("run_name") or b.get("name", ""))
        if kind == "BigO":
            fits.setdefault(run, {}).update(order=b.get("big_o", ""), coefficient=b.get("cpu_coefficient", 0) * scale)
        elif kind == "RMS":
            fits.setdefault(run, {}).update(rms=b.get("rms"))
        else:
            rows.append(
                {
                    "name": b.get("name", ""),
                    "real": b.get("real_time", math.nan) * scale,
                    "cpu": b.get("cpu_time", math.nan) * scale,
                    "iterations": b.get("iterations"),
                    "rate": b.get("items_per_second"),
                    "bytes": b.get("bytes_per_second"),
                    "error": b.get("error_message", ""),
                    "label": b.get("label", ""),
                    "counters": {k: v for k, v in b.items() if k not in standard and isinstance(v, (int, float))},
                }
            )
    return {"owner": owner, "finished": finished, "context": body.get("context") or {}, "rows": rows, "fits": fits}


def controlled(control: dict[str, Any]) -> tuple[str, str]:
    """A control's state and its words: did it do what it must?"""
    duty = "be refuted" if control.get("expected", "refuted") == "refuted" else "show its fault"
    if control.get("ok") is True:
        return "verified", "refuted, as it must be" if duty == "be refuted" else "shows its fault, as it must"
    if control.get("ok") is False:
        return "vacuous", f"passed; it must {duty}"
    return "inconclusive", f"undecided; it must {duty}"


def problems(claim: Claim) -> list[dict[str, str]]:
    """Cells of the claim that gave no rows, each with its cause, equal ones together."""
    listed = [
        {"status": m.status, "arm": m.arm, "point": m.point, "cause": m.cause, "message": m.message}
        for m in claim.members
        if m.status in ("error", "skipped")
    ]
    for status, key in (("error", "errors"), ("skipped", "skipped")):
        for e in claim.body.get(key) or []:
            if isinstance(e, dict):
                listed.append({"status": status, **{k: str(e.get(k) or "") for k in ("arm", "point", "cause", "message")}})
    found: dict[tuple, dict[str, Any]] = {}
    for e in listed:
        if any(e["arm"] == f["arm"] and e["point"] == f["point"] and e["message"] == f["message"] for f in found.values()):
            continue
        found[(e["arm"], e["point"], e["message"])] = e
    return list(found.values())
