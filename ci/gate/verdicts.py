"""Verdicts of both sides, at the quick tier, and what has changed against the known ones."""
from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import builds
import pairs

Key = tuple[str, str]  # paper, claim


@dataclass(frozen=True)
class Evidence:
    verdict: str
    text: str  # estimate, interval, message: as a person reads it
    timed: bool = False


@dataclass(frozen=True)
class Change:
    paper: str
    claim: str
    known: str  # in ci/baseline; "" if the claim is not there
    base: Evidence | None
    head: Evidence | None
    kind: str  # "changed", "at base already", "as declared", "gone"

    @property
    def fails(self) -> bool:
        return self.kind == "changed"


class JudgeError(Exception):
    """`claimcheck verify` could not judge that side."""

    def __init__(self, side: str, text: str):
        super().__init__(f"{side} cannot be judged: {text}")
        self.side = side


def evidence_of(claim: dict, timed: bool) -> Evidence:
    number = lambda x: "–" if x is None else f"{x:.6g}"
    interval = f" [{number(claim['low'])}, {number(claim['high'])}]" if claim.get("low") != claim.get("high") else ""
    refuted = [f"control {c['id']}: {c['verdict']}" for c in claim.get("controls", []) if c.get("ok") is False]
    parts = [] if claim.get("estimate") is None else [f"{number(claim['estimate'])}{interval}"]
    return Evidence(claim["verdict"], "; ".join([*parts, *filter(None, [claim.get("message", "")]), *refuted]), timed)


def verify(side: pairs.Side, store: Path, words: list[str]) -> dict[Key, Evidence]:
    """Runs what the store lacks, judges. Claims in the order of the command."""
    run = subprocess.run(
        [side.command, "verify", "--tier", "quick", "--json", "--quiet", "--store", store, *words],
        capture_output=True,
        text=True,
        env=side.environment(),
        check=False,
    )
    if run.returncode not in (0, 1, 2) or not run.stdout:
        raise builds.failure(run.stderr, JudgeError(side.name, run.stderr.strip()[-600:] or f"exit status {run.returncode}"))
    claims = json.loads(run.stdout)["claims"]
    timed = timed_claims(store)
    return {(c["paper"], c["claim"]): evidence_of(c, (c["paper"], c["claim"]) in timed) for c in claims}


def timed_claims(store: Path) -> set[Key]:
    """Claims over an experiment that measures time."""
    database = sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)
    rows = database.execute("SELECT owner, kind, id, json FROM definition WHERE kind IN ('experiment', 'claim')").fetchall()
    database.close()
    timed = {(owner, id) for owner, kind, id, text in rows if kind == "experiment" and json.loads(text).get("timed")}
    return {(owner, id) for owner, kind, id, text in rows if kind == "claim" and (owner, json.loads(text).get("experiment")) in timed}


def known_verdicts(folder: Path) -> dict[Key, str]:
    """ci/baseline/<paper>.txt, lines "claim tier verdict"; the quick tier's."""
    known = {}
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text().splitlines():
            words = line.split()
            if len(words) == 3 and not line.startswith("#") and words[1] == "quick":
                known[path.stem, words[0]] = words[2]
    return known


def expected(verdict: str | None, known: str) -> bool:
    """As known; what is not known must be verified, or promise nothing."""
    return verdict == known if known else verdict in ("verified", "observation", "untestable", "skipped")


def compare(
    base: dict[Key, Evidence], head: dict[Key, Evidence], known_base: dict[Key, str], known_head: dict[Key, str], papers: set[str] | None = None
) -> list[Change]:
    """What a reviewer must see. A verdict that is not as known, but was so at base, is not this change's; one that ci/baseline was changed for is
    shown as declared. `papers`: only these were judged."""
    changes = []
    for key in dict.fromkeys([*head, *base]):
        if papers is not None and key[0] not in papers:
            continue
        before, after, known = base.get(key), head.get(key), known_head.get(key, "")
        verdict = after.verdict if after else None
        if after is None:
            changes.append(Change(*key, known, before, after, "changed" if known else "gone"))
        elif not expected(verdict, known):
            same = before is not None and before.verdict == verdict and known_base.get(key, "") == known
            changes.append(Change(*key, known, before, after, "at base already" if same else "changed"))
        elif before is not None and before.verdict != verdict and known_base.get(key, "") != known:
            changes.append(Change(*key, known, before, after, "as declared"))
    return changes


def asked_twice(side: pairs.Side, changes: list[Change]) -> list[Change]:
    """A claim about time that failed once is judged again on new cells: noise does not say the same twice."""
    kept = []
    for change in changes:
        if change.fails and change.head is not None and change.head.timed:
            with tempfile.TemporaryDirectory() as folder:
                again = verify(side, Path(folder) / "again.db", [f"{change.paper}.{change.claim}"])
            if expected(again[change.paper, change.claim].verdict, change.known):
                continue
        kept.append(change)
    return kept


def copied(store: Path, to: Path) -> None:
    """Cells have the same key on both sides where nothing that they depend on differs: head begins with base's."""
    if store.exists() and not to.exists():
        new = to.with_name(f"{to.name}.new")
        new.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(store)) as whole, contextlib.closing(sqlite3.connect(new)) as copy:
            whole.backup(copy)
        new.replace(to)
