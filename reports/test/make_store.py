#!/usr/bin/python3
"""A synthetic result store, from the engine's schema: three papers, every verdict, every kind of figure. For tests and for looking at."""

from __future__ import annotations

import hashlib
import json
import math
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

SCHEMA = Path(__file__).resolve().parents[2] / "harness" / "engine" / "schema.sql"
WHEN = "2026-01-31T12:00:00Z"


class Writer:
    """Puts cells, members and definitions into a new store."""

    def __init__(self, path: Path):
        self.db = sqlite3.connect(path)
        self.db.executescript(SCHEMA.read_text(encoding="utf-8"))
        self.db.execute("INSERT INTO meta VALUES ('schema', '1'), ('claimcheck', '0.1.0')")
        env = {"host": "bench1", "cpu": "Example CPU @ 2.40GHz", "cores": 2, "memory_mb": 7900, "os": "Debian GNU/Linux 12", "kernel": "6.1.0",
               "compiler": "gcc 12.2.0", "flags": "-O3 -march=native -ffp-contract=off", "blas": "OpenBLAS 0.3.21", "commit": "0123abc", "claimcheck": "0.1.0"}
        self.db.execute("INSERT INTO environment VALUES (1, ?, ?)", (hashlib.sha256(b"env").hexdigest(), json.dumps(env)))
        self.positions: dict[tuple, int] = {}

    def define(self, owner: str, kind: str, ident: str, /, **body: Any) -> None:
        position = self.positions.setdefault((owner, kind), 0)
        self.positions[owner, kind] += 1
        self.db.execute("INSERT INTO definition VALUES (?, ?, ?, ?, ?)", (owner, kind, ident, position, json.dumps({"id": ident, **body})))

    def cell(self, owner: str, experiment: str, arm: str, point: str, columns: dict[str, Any], *, status: str = "done", cause: str = "",
             message: str = "", overlay: str = "", tier: int = 1, seconds: float = 0.5, arrays: Iterable[tuple[str, int, int, np.ndarray]] = ()) -> int:
        canonical = f"{owner}|{experiment}|{overlay}|{arm}|{point}|{tier}"
        key = hashlib.sha256(canonical.encode()).hexdigest()
        rows = max((len(np.atleast_1d(np.asarray(c))) for c in columns.values()), default=0)
        cell = self.db.execute(
            "INSERT INTO cell (key, canonical, status, cause, message, rows, seconds, peak_bytes, environment, finished) VALUES (?,?,?,?,?,?,?,?,1,?)",
            (key, canonical, status, cause, message, rows, seconds, 3_000_000, WHEN)).lastrowid
        assert cell is not None
        for name, values in columns.items():
            self.db.execute("INSERT INTO cell_column VALUES (?, ?, ?, ?)", (cell, name, *blob(values)))
        for name, seed, row, array in arrays:
            self.db.execute("INSERT INTO attachment VALUES (?, ?, ?, ?, ?, ?)",
                            (cell, name, seed, row, ",".join(map(str, array.shape)), np.ascontiguousarray(array, "<f8").tobytes()))
        position = self.positions.setdefault((owner, experiment, overlay, tier), 0)
        self.positions[owner, experiment, overlay, tier] += 1
        self.db.execute("INSERT INTO member VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (owner, experiment, overlay, tier, position, arm, point, key))
        return cell

    def derived(self, owner: str, user: str, cell: int, name: str, values: np.ndarray) -> None:
        self.db.execute("INSERT INTO derived VALUES (?, ?, ?, ?, ?)", (owner, user, cell, name, blob(values)[1]))

    def verdict(self, owner: str, claim: str, verdict: str, body: dict[str, Any], mark: int = 0, tier: int = 1) -> None:
        lead = (body.get("checks") or [{}])[0]
        body = {"verdict_raw": verdict, "reason": "", "cells": 40, "seconds": 12.25, "errors": [], "skipped": [], "controls": [], "null_controls": [],
                "tier": tier, **body}
        self.db.execute("INSERT INTO verdict VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                        (owner, claim, tier, verdict, lead.get("estimate"), lead.get("low"), lead.get("high"), lead.get("p"), lead.get("p_holm"), mark,
                         body["reason"] or lead.get("message", ""), json.dumps(body), WHEN))

    def close(self) -> None:
        self.db.commit()
        self.db.close()


def blob(values: Any) -> tuple[int, bytes]:
    """A column as the engine packs it: one value where all are equal."""
    if isinstance(values, str):
        return 1, values.encode() + b"\0"
    if isinstance(values, (list, np.ndarray)) and len(values) and isinstance(values[0], str):
        return 1, b"".join(str(v).encode() + b"\0" for v in values)
    return 0, np.atleast_1d(np.asarray(values, "<f8")).tobytes()


def result(kind: str, verdict: str, **more: Any) -> dict[str, Any]:
    base = {"kind": kind, "criterion": "", "verdict": verdict, "quantity": "", "estimate": None, "low": None, "high": None, "p": None, "p_holm": None,
            "detectable": None, "tightness": None, "rows": 320, "units": 20, "method": "", "worst": "", "message": "", "x_label": "", "y_label": "",
            "log_x": False, "log_y": False, "series": []}
    return {**base, **more}


def series(name: str, x: Any, y: Any, low: Any = None, high: Any = None) -> dict[str, Any]:
    def plain(v: Any) -> Any:
        return None if v is None else [None if not math.isfinite(t) else float(t) for t in v]

    return {"name": name, "x": plain(x), "y": plain(y), "low": plain(low), "high": plain(high)}


def descent(w: Writer, rng: np.random.Generator) -> None:
    """A paper with curves, bounds, an exponent and drawings."""
    o = "descent"
    w.define(o, "plugin", o, title="Halving steps: descent with a halved step length", digest="ab" * 32, benches=[],
             citation="A. Author and B. Writer. Halving steps. Journal of Examples 12 (2024), 1–30. Theorems 1, 2 and 5.")
    w.define(o, "family", "bowls", candidate="double[d]", doc="", counters=[{"name": "n_grad", "unit": "calls", "doc": "gradients"}],
             metrics=[{"name": "gap", "unit": "", "doc": "f - f*"}])
    w.define(o, "experiment", "curve", about="gap over steps", algorithm="descent.plain", problem="bowl", arms=[], axes=[], seeds=[1, 20, 20])
    k = np.unique(np.round(np.geomspace(1, 1000, 40)))
    for arm, rate in (("halved", 1.0), ("plain", 0.62), ("averaged", 0.8)):
        for n in (10, 100):
            columns = curve_columns(rng, k, rate, n)
            cell = w.cell(o, "curve", arm, f"n={n}", columns)
            w.derived(o, "claim:rate", cell, "bound", 3.0 / columns["step"])
            w.derived(o, "figure:fig1", cell, "bound", 3.0 / columns["step"])
    w.cell(o, "curve", "plain", "n=1000", {}, status="error", cause="SIGSEGV", message="the worker died in step 12 of seed 3")
    descent_figures(w)
    descent_claims(w, k, rng)
    drawings(w, rng)


def curve_columns(rng: np.random.Generator, k: np.ndarray, rate: float, n: int) -> dict[str, Any]:
    seeds = range(20)
    noise = [np.exp(rng.normal(0, 0.35) + rng.normal(0, 0.05, len(k))) for _ in seeds]
    step = np.concatenate([k for _ in seeds])
    return {"seed": np.repeat(np.arange(20.0), len(k)), "step": step, "gap": np.concatenate([n ** 0.2 * k ** -rate * e for e in noise]),
            "n_grad": np.concatenate([k * (1 + 0.07 * s) for s in seeds]), "n": float(n), "outcome": "", "ns": step * 900.0}


def descent_figures(w: Writer) -> None:
    o = "descent"
    figure = {"derive": [], "where": None, "by": None, "options": None}
    w.define(o, "figure", "fig1", **{**figure, "source": "Figure 1", "caption": "Gap over steps: median of 20 seeds, band of quartiles.", "kind": "curve",
             "experiment": "curve", "where": "n=100", "x": "step", "y": "gap", "options": "xscale=log yscale=log slope=-1 xlabel='step k' ylabel='f(x_k) - f*'"})
    w.define(o, "figure", "fig2", **{**figure, "source": "Figure 2", "caption": "The same over gradient calls, by dimension.", "kind": "curve",
             "experiment": "curve", "x": "n_grad", "y": "gap", "options": "xscale=log yscale=log panels=n"})
    w.define(o, "figure", "fig3", **{**figure, "source": "Figure 3", "caption": "The last gap.", "kind": "box", "experiment": "curve", "where": "step=1000",
             "x": "n", "y": "gap", "by": "arm", "options": "yscale=log"})
    w.define(o, "figure", "fig4", **{**figure, "source": "Table 1", "caption": "The last gap, median and quartiles.", "kind": "table", "experiment": "curve",
             "where": "step=1000", "x": "n", "y": "gap", "by": "arm"})
    w.define(o, "figure", "fig5", **{**figure, "source": "Figure 5", "caption": "Share of runs whose last gap is at most v.", "kind": "ecdf",
             "experiment": "curve", "where": "step=1000", "x": None, "y": "gap", "options": "xscale=log"})
    w.define(o, "figure", "fig6", **{**figure, "source": "Figure 6", "caption": "The median last gap.", "kind": "bar", "experiment": "curve",
             "where": "step=1000", "x": "n", "y": "gap", "by": "arm", "options": "labels='plain:constant step halved:halved step'"})
    w.define(o, "figure", "fig7", **{**figure, "source": "Figure 7", "caption": "A figure that asks for a column that is not there.", "kind": "curve",
             "experiment": "curve", "x": "step", "y": "loss"})
    w.define(o, "figure", "profile", **{**figure, "source": "Profile", "caption": "Performance profile of the last gap.", "kind": "ecdf",
             "experiment": "curve", "where": "step=1000", "x": None, "y": "gap", "options": "ratio=best xscale=log"})


def descent_claims(w: Writer, k: np.ndarray, rng: np.random.Generator) -> None:
    o = "descent"
    slope = result("exponent", "verified", criterion="slope of log gap on log step at most -0.9", quantity="slope of log gap on log step", estimate=-0.998,
                   low=-1.021, high=-0.975, p=0.0005, p_holm=0.0035, detectable=-0.93, method="Theil–Sen on 13 ≤ step ≤ 1000 (found), bootstrap over 20 seeds",
                   worst="arm=halved n=100", message="The slope is -0.998, below the -0.9 that is asked for.", x_label="step", y_label="gap", log_x=True, log_y=True,
                   series=[series("arm=halved", k, 2.5 / k, 1.9 / k, 3.2 / k), series("fit", k[10:], 2.51 * k[10:] ** -0.998)])
    bound = result("bound", "verified", criterion="gap <= bound (1 + 1e-9) in every row", quantity="max gap / bound", estimate=0.93, tightness=0.93,
                   method="every row of every run", worst="seed=7 step=3 n=100", message="No violation in 4800 rows.", rows=4800, x_label="step", y_label="gap", log_x=True,
                   log_y=True, series=[series("gap", k, 2.5 / k), series("bound", k, 3.0 / k)])
    bad = result("exponent", "refuted", criterion=slope["criterion"], quantity=slope["quantity"], estimate=-0.51, low=-0.55, high=-0.47,
                 message="The slope is -0.51.")
    claims = [
        ("rate", "f(x_k) - f* <= 3 / k for every k >= 1, and no slower: the gap of halved steps falls like k^{-1}.", "Theorem 1", "paper", "proof", "verified",
         {"checks": [slope, bound], "controls": [{"id": "fixed_step", "what": "the step is not halved", "expected": "refuted", "verdict": "refuted", "ok": True,
          "checks": [bad]}], "errors": [{"arm": "plain", "point": "n=1000", "cause": "SIGSEGV", "message": "the worker died in step 12 of seed 3"}]}, 1),
        ("dimension_free", "The bound of Theorem 2 holds with a constant that does not depend on the dimension n.", "Theorem 2", "paper", "pilot", "refuted",
         {"checks": [result("exponent", "refuted", criterion="slope of log gap on log n within [-0.05, 0.05]", quantity="slope of log gap on log n", estimate=0.203,
          low=0.187, high=0.219, p=1.0, p_holm=1.0, detectable=0.02, method="least squares on all n (no curvature), bootstrap over 20 seeds",
          message="The gap grows like n^0.2: the interval lies outside [-0.05, 0.05].", x_label="n", y_label="gap", log_x=True, log_y=True,
          series=[series("halved", [10, 100, 1000], [1.6, 2.5, 4.0], [1.5, 2.3, 3.7], [1.7, 2.7, 4.3]), series("criterion", [10, 1000], [2.5, 2.5])])],
          "controls": [{"id": "planted", "what": "gap times n", "expected": "refuted", "verdict": "refuted", "ok": True, "checks": []}],
          "reason": "The gap grows like n^0.2: the interval lies outside [-0.05, 0.05]."}, 0),
        ("beats_plain", "Halved steps reach a smaller gap than constant steps.", "Section 6, Figure 1", "paper", "us", "verified",
         {"checks": [result("ordering", "verified", criterion="halved < averaged < plain", quantity="median of paired differences of log gap", estimate=-2.31,
          low=-2.6, high=-2.0, p=9.5e-7, p_holm=7.6e-6, detectable=-0.4, method="exact sign test over 20 pairs; Wilcoxon agrees", message="20 of 20 pairs are in order.",
          x_label="seed", y_label="difference", series=[series("halved - averaged", range(20), rng.normal(-2.3, .4, 20)), series("averaged - plain", range(20), rng.normal(-1, .3, 20))])],
          "null_controls": [{"id": "labels swapped", "verdict": "inconclusive", "ok": True, "checks": [result("ordering", "inconclusive", message="11 of 20 pairs.")]}]}, 1),
        ("success", "With probability at least 0.95 the gap is below 1e-2 after 1000 steps.", "Corollary 4", "paper", "paper", "inconclusive",
         {"checks": [result("probability", "inconclusive", criterion="share of runs with gap <= 0.01 at least 0.95", quantity="share", estimate=0.95, low=0.7513,
          high=0.9987, p=0.3, p_holm=0.9, detectable=0.99, method="Clopper–Pearson", message="19 of 20 runs; the interval straddles 0.95.")],
          "reason": "19 of 20 runs; the interval straddles 0.95. 59 runs without a failure would decide."}, 0),
        ("any_start", "Convergence from any starting point.", "Remark 3", "paper", "us", "vacuous",
         {"checks": [result("equality", "verified", criterion="limit equal to 0 within 1e-3", quantity="max |limit|", estimate=3e-5, message="All rows agree.")],
          "controls": [{"id": "stuck", "what": "a start at a saddle point", "expected": "refuted", "verdict": "verified", "ok": False, "checks": []}],
          "reason": "The control `stuck` passed: the check could not have failed."}, 0),
        ("hypergraph", "The same on the hypergraph data.", "Table 3", "code", "paper", "skipped",
         {"checks": [], "reason": "data absent", "skipped": [{"arm": "halved", "point": "problem=hypergraph.enron", "cause": "SKIP", "message": "set CLAIMCHECK_DATA to a folder that holds hypergraph-enron"}]}, 0),
        ("fast_kernel", "A step costs O(n) operations.", "Section 5.1", "proof", "proof", "error", {"checks": [], "reason": "every cell ended in error",
          "errors": [{"arm": "plain", "point": "n=1000", "cause": "deadline", "message": "no row within 60 s"}]}, 0),
    ]
    for ident, statement, source, origin, threshold, verdict, body, mark in claims:
        checks = [{"kind": "bound", "x": "step", "y": "gap", "other": "bound", "text": "gap <= bound"}] if ident == "rate" else []
        w.define(o, "claim", ident, statement=statement, source=source, origin=origin, threshold=threshold, experiment="curve", where=None,
                 derive=[{"name": "bound", "unit": "", "doc": "3 / k"}] if ident == "rate" else [], checks=checks, controls=[], observation=None, untestable=None)
        w.verdict(o, ident, verdict, {"statement": statement, "source": source, "origin": origin, "threshold": threshold, "experiment": "curve", **body}, mark)
    w.define(o, "claim", "memory", statement="Peak memory stays within two vectors of length n.", source="Section 5.2", origin="code", threshold=None,
             experiment="curve", checks=[], controls=[], observation="the paper states no number; 2.1 vectors were measured", untestable=None)
    w.define(o, "claim", "users", statement="Users prefer it.", source="Section 7", origin="paper", threshold=None, experiment=None, checks=[], controls=[],
             observation=None, untestable="a survey of people, which no program can repeat")
    w.define(o, "claim", "later", statement="Also for n = 10^6.", source="Section 8", origin="paper", threshold="paper", experiment="large", checks=[], controls=[],
             observation=None, untestable=None)


def drawings(w: Writer, rng: np.random.Generator) -> None:
    """Polygons, paths, matrices and a custom figure."""
    o = "partition"
    w.define(o, "plugin", o, title="Fat partitions of the plane, and other pictures", digest="cd" * 32, citation="C. Drawer. Pictures of partitions. 2023.", benches=[])
    w.define(o, "experiment", "cuts", about="polygons of a partition", arms=[], axes=[], seeds=[1, 1, 1])
    for arm, rounds in (("balanced", 5), ("longest side", 6)):
        boxes = split_boxes(rng, rounds, arm == "balanced")
        points = np.concatenate([[(a, c), (b, c), (b, d), (a, d)] for a, b, c, d, _ in boxes])
        n = len(boxes)
        arrays = [("polygons", 0, 1, points), ("offsets", 0, 1, np.arange(n + 1) * 4.0), ("depth", 0, 1, np.array([b[4] for b in boxes], float)),
                  ("value", 0, 1, rng.random(n))]
        w.cell(o, "cuts", arm, "", {"seed": 0.0, "cells": float(n)}, arrays=arrays)
    w.define(o, "experiment", "grid", about="cost over I and N", arms=[], axes=[{"name": "I", "values": "1 2 4 8"}], seeds=[1, 3, 3])
    for i in (1, 2, 4, 8):
        for n in (10, 20, 40, 80, 160):
            w.cell(o, "grid", "mini", f"I={i} N={n}", {"seed": np.arange(3.0), "I": float(i), "N": float(n), "cost": n / i + rng.random(3) + i * 4})
    w.define(o, "experiment", "walk", about="kept candidates", arms=[], axes=[], seeds=[1, 2, 2])
    x, y = np.meshgrid(np.linspace(-2, 2, 40), np.linspace(-1.5, 1.5, 30))
    for arm, eta in (("short", 0.15), ("long", 0.6)):
        paths = [descent_path(seed, eta) for seed in (0, 1)]
        arrays = [("candidate", s, s * 30 + r, p) for s, path in enumerate(paths) for r, p in enumerate(path)]
        if arm == "short":
            arrays.append(("landscape", 0, -1, x ** 2 + 3 * y ** 2))
        every = np.concatenate(paths)
        w.cell(o, "walk", arm, "", {"seed": np.repeat([0.0, 1.0], 30), "step": np.tile(np.arange(30.0), 2), "u": every[:, 0], "v": every[:, 1]}, arrays=arrays)
    figure = {"derive": [], "where": None, "by": None, "options": None, "x": None, "y": None}
    for ident, kind, experiment, more in (
            ("boxes", "drawing", "cuts", {}),
            ("cost", "heat", "grid", {"x": "N", "y": "I cost", "options": "vlabel='oracle calls' contour=20,40"}),
            ("landscape", "heat", "walk", {"where": "arm=short", "options": "attach=landscape extent=-2,2,-1.5,1.5 xlabel=x ylabel=y"}),
            ("walks", "path", "walk", {"options": "attach=candidate background=landscape extent=-2,2,-1.5,1.5"}),
            ("points", "scatter", "walk", {"x": "u", "y": "v", "by": "arm"}),
            ("own", "custom", "walk", {})):
        w.define(o, "figure", ident, **{**figure, "source": f"Figure {ident}", "caption": f"A {kind}.", "kind": kind, "experiment": experiment, **more})
    body = {"checks": [result("bound", "verified", criterion="aspect <= 6 in every row", quantity="max aspect", estimate=4.2, tightness=0.7, message="No box is thinner.")],
            "controls": [{"id": "no_rule", "what": "cuts anywhere", "expected": "shows", "verdict": "verified", "ok": True, "checks": []}]}
    w.define(o, "claim", "fat", statement="No part is thinner than 1 : 6.", source="Lemma 2", origin="proof", threshold="proof", experiment="cuts", checks=[], controls=[],
             observation=None, untestable=None)
    w.verdict(o, "fat", "verified", body)


def descent_path(seed: int, eta: float) -> np.ndarray:
    point, path = np.array([-1.7 + 0.4 * seed, 1.2]), []
    for _ in range(30):
        path.append(point.copy())
        point = point - eta * np.array([2.0, 3.2]) * 0.5 * point
    return np.array(path)


def split_boxes(rng: np.random.Generator, rounds: int, balanced: bool) -> list[tuple[float, float, float, float, int]]:
    boxes = [(0.0, 1.0, 0.0, 1.0, 0)]
    for depth in range(rounds):
        grown = []
        for a, b, c, d, _ in boxes:
            t = 0.5 if balanced else rng.uniform(0.3, 0.7)
            if b - a >= d - c:
                grown += [(a, a + t * (b - a), c, d, depth), (a + t * (b - a), b, c, d, depth)]
            else:
                grown += [(a, b, c, c + t * (d - c), depth), (a, b, c + t * (d - c), d, depth)]
        boxes = grown
    return boxes


def runtime(w: Writer, rng: np.random.Generator) -> None:
    """A paper of costs to targets on several problems; and benchmarks."""
    o = "runtime"
    w.define(o, "plugin", o, title="Cost to target on a set of problems with a title that is long enough to be broken into two lines", digest="ef" * 32,
             citation="D. Timer. Costs. 2022.", benches=[])
    w.define(o, "experiment", "targets", about="cost to target", arms=[], axes=[], seeds=[1, 5, 5])
    for arm, scale in (("quick", 1.0), ("slow", 3.0)):
        for p in range(6):
            cost = scale * 40 * (1 + p) * np.exp(rng.normal(0, 0.5, 5))
            w.cell(o, "targets", arm, f"problem=set{p}(n=3)", {"seed": np.arange(5.0), "target": 1e-3, "n_grad": cost, "reached": (cost < 500).astype(float),
                                                             "problem": f"set{p}(n=3)"})
    w.define(o, "figure", "fig1", source="Figure 1", caption="Share of runs that reach 1e-3 within a budget of gradients.", kind="ecdf", experiment="targets", where=None,
             x=None, y="n_grad", by="arm", derive=[], options="xscale=log xlabel='gradients'")
    w.define(o, "claim", "cheaper", statement="quick needs at most half the gradients of slow, on every problem.", source="Table 2", origin="paper", threshold="pilot",
             experiment="targets", where=None, derive=[], checks=[{"kind": "ordering", "y": "n_grad", "chain": "quick < slow", "text": "quick < slow"}], controls=[],
             observation=None, untestable=None)
    names = [f"set{p}" for p in range(6)]
    w.verdict(o, "cheaper", "verified", {"checks": [
        result("ordering", "verified", criterion=f"quick < slow on problem {name}", estimate=-80.0 * (i + 1), low=-90.0 * (i + 1), high=-70.0 * (i + 1), p=0.03, p_holm=0.03,
               quantity="median paired difference", message="5 of 5 pairs are in order.", x_label="seed", y_label="n_grad",
               series=[series(f"arm=slow problem={name}(n=3)", range(5), rng.normal(200, 20, 5)), series(f"arm=quick problem={name}(n=3)", range(5), rng.normal(100, 9, 5))])
        for i, name in enumerate(names[:2])]})
    benchmarks = [{"name": f"step/{n}", "run_name": f"step/{n}", "run_type": "iteration", "iterations": 100000 // n, "real_time": 1.3 * n, "cpu_time": 1.28 * n,
                   "time_unit": "ns", "items_per_second": 7.8e8} for n in (1024, 4096, 16384)]
    benchmarks += [{"name": "step_BigO", "run_name": "step", "run_type": "aggregate", "aggregate_name": "BigO", "cpu_coefficient": 1.28, "real_coefficient": 1.3, "big_o": "N",
                    "time_unit": "ns"}, {"name": "step_RMS", "run_name": "step", "run_type": "aggregate", "aggregate_name": "RMS", "rms": 0.013}]
    w.db.execute("INSERT INTO benchmark VALUES (?, ?, ?)", (o, WHEN, json.dumps({"context": {"host_name": "bench1", "num_cpus": 2, "mhz_per_cpu": 2400}, "benchmarks": benchmarks})))


FIGURES_PY = '''"""A plug-in's own figure."""


def draw(figure, data, fig):
    ax = fig.add_subplot()
    for i, (arm, part) in enumerate(data.groups("arm")):
        ax.plot(part["step"], part["u"], "o", color=data.colors[i], label=arm)
    ax.axhline(len(data.arrays("landscape")), color=data.muted)
    ax.legend()
'''


def make(path: Path, figures: Path | None = None) -> Path:
    """Writes the store at `path` and, beside it or in `figures`, the plug-ins' figures.py."""
    path.unlink(missing_ok=True)
    writer, rng = Writer(path), np.random.default_rng(7)
    descent(writer, rng)
    runtime(writer, rng)
    writer.close()
    if figures:
        figures.mkdir(parents=True, exist_ok=True)
        (figures / "28_partition.py").write_text(FIGURES_PY, encoding="utf-8")
    return path


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: make_store.py FILE [FOLDER for figures.py]")
    make(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else None)
