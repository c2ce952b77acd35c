"""Iterations and oracle calls, cell by cell: the signal without noise.

A cell is compared with the cell of the same experiment, arm, point and seeds. The last row of each run (each target of it) has the totals. They are
compared exactly, to the last call, where both sides went the same path (every other number that is measured agrees wherever both measured it) or where
neither drew a random number. Where random numbers come in another order the totals differ without fault: then runs are paired over points and seeds,
and the signed-rank test (decide.py) says whether they have shifted, Holm over all arms so compared.
"""
from __future__ import annotations

import json
import math
import re
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import decide
import numpy as np

ALPHA = 0.01  # chance that any arm with other random numbers, and no shift, is called shifted
TIMES = {"ns", "peak_bytes", "flops", "drew"}  # neither counts nor part of the path
Place = tuple[str, str, str]  # owner, experiment, overlay ("" or "claim/control")


@dataclass
class Cell:
    place: Place
    arm: str
    point: str
    seeds: str
    key: str
    id: int
    rows: int
    status: str


@dataclass(frozen=True)
class Difference:
    """One arm at one point (exact), or one arm over all its points (shift)."""

    place: Place
    arm: str
    point: str
    column: str
    base: float
    head: float
    runs: int
    differ: int
    how: str  # "exact", "shift"
    p: float | None
    claims: tuple[str, ...]

    @property
    def fails(self) -> bool:
        return self.head < self.base if self.column == "reached" else self.head > self.base


@dataclass
class Comparison:
    cells: int = 0  # compared, those with the same key included
    runs: int = 0
    same_key: int = 0
    differences: list[Difference] = field(default_factory=list)
    other_streams: list[str] = field(default_factory=list)  # arms whose random numbers changed, without a shift
    trouble: list[str] = field(default_factory=list)


class Store:
    """What counts need of a result store; read only."""

    def __init__(self, path: Path):
        self.database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        self.counters, self.claims = set(), {}
        for owner, kind, text in self.database.execute("SELECT owner, kind, json FROM definition WHERE kind IN ('family', 'claim')"):
            body = json.loads(text)
            if kind == "family":
                self.counters |= {counter["name"] for counter in body.get("counters") or []}
            else:
                self.claims.setdefault(owner, []).append(body)

    def cells(self) -> dict[tuple, Cell]:
        found = {}
        query = """SELECT owner, experiment, overlay, arm, point, m.key, c.id, c.rows, c.status, c.canonical
                   FROM member m JOIN cell c ON c.key = m.key WHERE tier = 0 ORDER BY owner, experiment, overlay, position"""
        for owner, experiment, overlay, arm, point, key, id_, rows, status, canonical in self.database.execute(query):
            seeds = re.search(r"^seeds (.*)$", canonical, re.MULTILINE)
            cell = Cell((owner, experiment, overlay), arm, point, seeds.group(1) if seeds else "", key, id_, rows, status)
            found[cell.place, arm, point, cell.seeds] = cell
        return found

    def columns(self, cell: Cell) -> dict[str, list]:
        """Name -> values, one a row; a constant is spread."""
        columns = {}
        for name, text, data in self.database.execute("SELECT name, text, data FROM cell_column WHERE cell = ?", (cell.id,)):
            values = data.decode().split("\0")[:-1] if text else np.frombuffer(data, "<f8").tolist()
            columns[name] = values * cell.rows if len(values) == 1 else values
        return columns


def blamed(claims: list[dict], place: Place, arm: str) -> tuple[str, ...]:
    """The claims that look at this arm of this experiment; of a control's own cells, the control's claim."""
    _, experiment, overlay = place
    if overlay:
        return (overlay.split("/")[0],)
    return tuple(claim["id"] for claim in claims if claim.get("experiment") == experiment and looks_at(claim, arm))


def looks_at(claim: dict, arm: str) -> bool:
    """Whether `where` of the claim and of any of its checks lets the arm in; arms that a check names by other means count as looked at."""

    def admits(where: str | None) -> bool:
        named = [word[4:].split(",") for word in (where or "").split() if word.startswith("arm=")]
        banned = [word[5:].split(",") for word in (where or "").split() if word.startswith("arm!=")]
        return all(arm in arms for arms in named) and not any(arm in arms for arms in banned)

    checks = claim.get("checks") or [{}]
    return admits(claim.get("where")) and any(admits(check.get("where")) for check in checks)


Run = tuple  # seed, target


def rows_by_step(columns: dict[str, list], rows: int) -> dict[tuple, int]:
    """(seed, target, step) -> row."""
    step = columns.get("step", range(rows))
    return {(seed, target, s): i for i, (seed, target, s) in enumerate(zip(columns.get("seed", [0] * rows), columns.get("target", [0] * rows), step))}


def totals(columns: dict[str, list], rows: int) -> dict[Run, int]:
    """Run -> its last row."""
    last: dict[Run, int] = {}
    for i in range(rows):
        last[columns.get("seed", [0] * rows)[i], columns.get("target", [0] * rows)[i]] = i
    return last


def equal(a: object, b: object) -> bool:
    return a == b or (isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b))


def close(a: object, b: object) -> bool:
    """Other random numbers differ by more than rounding does."""
    return equal(a, b) or (isinstance(a, float) and isinstance(b, float) and math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-300))


def same_path(base: dict[str, list], head: dict[str, list], n_base: int, n_head: int, counted: set[str]) -> bool:
    """Whether all that is measured beside counts and time agrees at every step that both have, beyond the first."""
    path = sorted((set(base) & set(head)) - counted - TIMES - {"outcome", "reached"})
    here, there = rows_by_step(base, n_base), rows_by_step(head, n_head)
    common = [key for key in here if key in there and key[2] != 0]
    return bool(common) and all(close(base[name][here[key]], head[name][there[key]]) for key in common for name in path)


def drew(*sides: dict[str, list]) -> bool:
    """Whether any run has asked for a random number; where no row tells, it may have."""
    return any(max(columns["drew"], default=1) > 0 if "drew" in columns else True for columns in sides)


@dataclass
class Paired:
    """Totals of the runs of an arm whose random numbers changed."""

    values: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


def compare_cell(base: Store, head: Store, before: Cell, after: Cell, out: Comparison, shifted: dict[tuple, Paired]) -> None:
    a, b = base.columns(before), head.columns(after)
    counted = ({"step", "reached"} | base.counters | head.counters) & set(a) & set(b)
    here, there = totals(a, before.rows), totals(b, after.rows)
    runs = [run for run in here if run in there]
    out.runs += len(runs)
    exact = same_path(a, b, before.rows, after.rows, counted) or not drew(a, b)
    for column in sorted(counted):
        values = [(a[column][here[run]], b[column][there[run]]) for run in runs]
        differ = [(x, y) for x, y in values if not equal(x, y)]
        if not differ:
            continue
        if exact:
            first = sum(x for x, _ in differ), sum(y for _, y in differ)
            claims = blamed(head.claims.get(before.place[0], []), before.place, before.arm)
            out.differences.append(Difference(before.place, before.arm, before.point, column, *first, len(values), len(differ), "exact", None, claims))
        else:
            ends = {run[0]: value for run, value in zip(runs, values)}  # a seed's last target: the run as a whole
            shifted.setdefault((before.place, before.arm), Paired()).values.setdefault(column, []).extend(ends.values())


def judge_shifts(shifted: dict[tuple, Paired], head: Store, out: Comparison) -> None:
    p: dict[str, float] = {}
    found: dict[str, tuple] = {}
    for (place, arm), paired in shifted.items():
        for column, values in paired.values.items():
            logs = np.array([np.log((y + 1) / (x + 1)) for x, y in values if not equal(x, y)])
            name = "/".join([*place, arm, column])
            found[name] = (place, arm, column, values)
            p[name] = min(1.0, 2 * min(decide.p_above(logs, 0.0), decide.p_above(-logs, 0.0))) if 0 < len(logs) <= 200 else normal_p(logs)
    adjusted = decide.holm(p)
    for name, (place, arm, column, values) in found.items():
        x, y = sum(v[0] for v in values), sum(v[1] for v in values)
        if adjusted[name] <= ALPHA:
            claims = blamed(head.claims.get(place[0], []), place, arm)
            differ = sum(not equal(*v) for v in values)
            out.differences.append(Difference(place, arm, "", column, x, y, len(values), differ, "shift", adjusted[name], claims))
        else:
            out.other_streams.append(f"{place_text(place)}, arm {arm or '–'}: {column} {x:g} -> {y:g} over {len(values)} runs, p = {adjusted[name]:.2g}")


def normal_p(logs: np.ndarray) -> float:
    """Two-sided p of the signed-rank statistic by its normal limit: for more runs than the exact distribution is worth."""
    n = len(logs)
    if n == 0:
        return 1.0
    ranks = np.argsort(np.argsort(np.abs(logs))) + 1
    z = (ranks[logs > 0].sum() - n * (n + 1) / 4) / math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    return math.erfc(abs(z) / math.sqrt(2))


def place_text(place: Place) -> str:
    owner, experiment, overlay = place
    return f"{owner}: {experiment}" + (f", control {overlay}" if overlay else "")


def compare(base_path: Path, head_path: Path) -> Comparison:
    """All cells of the quick tier that both stores have."""
    base, head, out = Store(base_path), Store(head_path), Comparison()
    before, after = base.cells(), head.cells()
    shifted: dict[tuple, Paired] = {}
    for ident, cell in before.items():
        other = after.get(ident)
        if other is None or "done" not in (cell.status, other.status):
            continue
        out.cells += 1
        if cell.key == other.key:
            out.same_key += 1
        elif cell.status != other.status:
            out.trouble.append(f"{place_text(cell.place)}, arm {cell.arm or '–'}: {cell.status} at base, {other.status} at head")
        else:
            compare_cell(base, head, cell, other, out, shifted)
    judge_shifts(shifted, head, out)
    return out
