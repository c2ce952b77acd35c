"""Plots and CSV files of a site: what is stale is made again, on two processes."""

from __future__ import annotations

import hashlib
import json
import os
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import figures, plots, style
from .store import AbsentError, Definition, ReportError, Store, Table

MANIFEST = ".made.json"


@dataclass
class Job:
    """One plot or CSV, named by `slug`; `stamp` changes whenever what it is made from does."""

    slug: str
    what: str  # figure | evidence | rows
    owner: str
    tier: int
    stamp: str
    definition: Definition | None = None
    result: dict[str, Any] = field(default_factory=dict)
    custom: str = ""


@dataclass
class Made:
    """What a job gave: files by name under the output folder, or why there are none."""

    svg: str = ""
    csv: str = ""
    table: list[Any] = field(default_factory=list)
    cut: bool = False
    error: str = ""
    note: str = ""  # why there is nothing, where nothing is wrong


def code_stamp() -> str:
    """Of the code that draws, so that a new version draws anew."""
    digest = hashlib.sha256()
    for name in ("store.py", "figures.py", "kinds.py", "plots.py", "style.py", "render.py", "words.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()


def stamp(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def make(store_path: str, out: Path, jobs: list[Job], progress: Callable[[int, int, str], None]) -> dict[str, Made]:
    """Makes what is stale. Errors are results: each is in its Made."""
    known = _read_manifest(out)
    made: dict[str, Made] = {}
    stale = []
    for job in jobs:
        old = known.get(job.slug)
        if old and old["stamp"] == job.stamp and not old["made"]["error"] and all((out / f).is_file() for f in _files(old["made"])):
            made[job.slug] = Made(**old["made"])
        else:
            stale.append(job)
    done = len(made)
    for job, result in _run(store_path, out, stale):
        made[job.slug] = result
        done += 1
        progress(done, len(jobs), job.slug)
    _write_manifest(out, {j.slug: {"stamp": j.stamp, "made": vars(made[j.slug])} for j in jobs})
    _sweep(out, known, made)
    return made


def _files(made: dict[str, Any]) -> list[str]:
    return [made[k] for k in ("svg", "csv") if made[k]]


def _run(store_path: str, out: Path, jobs: list[Job]) -> Iterable[tuple[Job, Made]]:
    workers = min(2, os.cpu_count() or 1, len(jobs))
    if workers <= 1 or len(jobs) < 4:
        for job in jobs:
            yield job, make_one(store_path, str(out), job)
        return
    with ProcessPoolExecutor(workers) as pool:
        results = pool.map(make_one, [store_path] * len(jobs), [str(out)] * len(jobs), jobs, chunksize=2)
        yield from zip(jobs, results)


_stores: dict[tuple[str, int], Store] = {}


def _store(path: str) -> Store:
    """One connection a process: a connection must not cross a fork."""
    key = (path, os.getpid())
    if key not in _stores:
        _stores[key] = Store(path)
    return _stores[key]


def make_one(store_path: str, out: str, job: Job) -> Made:
    try:
        return {"figure": _figure, "evidence": _evidence, "rows": _rows}[job.what](_store(store_path), Path(out), job)
    except AbsentError as error:
        return Made(note=str(error))
    except ReportError as error:
        return Made(error=str(error))
    except Exception as error:  # a plug-in's draw, or a kind met with data it did not foresee: the site goes on
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Made(error=f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})")


def _write(out: Path, name: str, text: str) -> str:
    (out / name).write_text(text, encoding="utf-8")
    return name


def _figure(store: Store, out: Path, job: Job) -> Made:
    assert job.definition
    figure = figures.load(store, job.definition, job.tier)
    made = Made()
    text, made.cut = (
        figures.to_csv(figure.data, figures.used_columns(figure))
        if figure.data.rows
        else (figures.arrays_csv(figure.data._arrays), False)
    )
    with style.context():
        if figure.kind == "table":
            made.table = list(figures.table_cells(figure))
        else:
            canvas = plots.custom(figure, _custom(job)) if figure.kind == "custom" else plots.draw(figure)
            made.svg = _write(
                out,
                f"figures/{job.slug}.svg",
                style.for_file(style.to_svg(canvas, str(job.definition.body.get("source") or figure.id))),
            )
    made.csv = _write(out, f"data/{job.slug}.csv", text)
    return made


def _custom(job: Job) -> Any:
    if not job.custom:
        raise ReportError(f"no figures.py of {job.owner} (share/claimcheck/figures, or --plugins)")
    return figures.custom_module(Path(job.custom))


def _evidence(store: Store, out: Path, job: Job) -> Made:
    with style.context():
        canvas = plots.evidence(job.result)
        if canvas is None:
            return Made()
        svg = _write(out, f"figures/{job.slug}.svg", style.for_file(style.to_svg(canvas, job.slug)))
    lines = ["series,x,y,low,high"]
    for s in job.result["series"]:
        columns = [s["x"], s["y"], s.get("low") or [None] * len(s["x"]), s.get("high") or [None] * len(s["x"])]
        lines += [
            ",".join([figures._quote(str(s.get("name", "")))] + ["" if v is None else repr(v) for v in row])
            for row in zip(*columns)
        ]
    return Made(svg=svg, csv=_write(out, f"data/{job.slug}.csv", "\n".join(lines) + "\n"))


def _rows(store: Store, out: Path, job: Job) -> Made:
    assert job.definition
    body = job.definition.body
    table = store.experiment_table(job.owner, str(body.get("experiment")), job.tier, f"claim:{job.definition.id}").where(
        body.get("where")
    )
    if not table.rows:
        return Made()
    text, cut = figures.to_csv(table, claim_columns(table, body))
    return Made(csv=_write(out, f"data/{job.slug}.csv", text), cut=cut)


def claim_columns(table: Table, body: dict[str, Any]) -> list[str]:
    """Which run a row is of, and the columns that the claim speaks of."""
    names = ["arm", *figures._axes(table), "seed", "step", "target", "reached", "outcome"]
    for check in body.get("checks") or []:
        for key in ("x", "y", "other", "by", "over", "best_over", "law"):
            names += str(check.get(key) or "").split()
    names += [d["name"] for d in body.get("derive") or [] if isinstance(d, dict)]
    return [n for n in dict.fromkeys(names) if n in table]


def _read_manifest(out: Path) -> dict[str, Any]:
    try:
        return json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write_manifest(out: Path, entries: dict[str, Any]) -> None:
    (out / MANIFEST).write_text(json.dumps(entries, indent=0), encoding="utf-8")


def _sweep(out: Path, known: dict[str, Any], made: dict[str, Made]) -> None:
    """Files that an earlier report made and this one does not go; nothing else in the folder is touched."""
    keep = {f for m in made.values() for f in _files(vars(m))}
    for entry in known.values():
        for name in _files(entry["made"]):
            if name not in keep:
                (out / name).unlink(missing_ok=True)
