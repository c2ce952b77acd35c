#!/usr/bin/python3
"""The page of a gate: from a gate.json, without a store."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

REPORTS = Path(__file__).resolve().parents[1]


def bench(name: str, verdict: str, ratio: float, low: float | None, high: float | None) -> dict:
    return {
        "name": name,
        "trouble": "",
        "iterations": 10,
        "pairs": 6,
        "verdict": verdict,
        "ratio": ratio,
        "low": low,
        "high": high,
        "p": 0.5,
        "blocks": 8,
        "values": [0.0, 0.01, -0.01],
        "statistic": "least",
        "base_ns": 1000.0,
        "head_ns": 1000.0 * ratio,
    }


GATE = {
    "base": "1234567 before",
    "head": "89abcde <after>",
    "passed": False,
    "not_decided": "",
    "rule": {"alpha": 0.01, "effect": 0.01, "tolerance": 0.03, "error": 0.05, "looks": [8, 12], "first_test": 18},
    "summary": {"verdicts": "46 claims, 1 changed", "time": "2 benchmarks: 1 slower, 1 undecided"},
    "findings": [
        {
            "kind": "verdict",
            "name": "p.c",
            "text": "known: verified\nbase: verified\nhead: refuted, 3 < 4",
            "fails": True,
            "accepted": False,
            "claims": ["p.c"],
            "word": "FAIL",
        },
        {
            "kind": "time",
            "name": "p/work",
            "text": "slower: x 1.1",
            "fails": True,
            "accepted": True,
            "claims": [],
            "word": "accepted",
        },
    ],
    "benchmarks": [
        bench("p/rest, all/64", "undecided", 1.0, 0.0, None),
        bench("p/work", "slower", 1.1, 1.09, 1.11),
        {"name": "p/broken", "trouble": "p/broken: no"},
    ],
    "left_out": {"p/long": "p/long: an iteration takes 30 ms"},
    "notes": ["something to know"],
    "verdicts": [],
    "counts": {},
    "memory": [],
    "sizes": [],
    "seconds": {},
}


class Page(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def report(self, *words: object) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-B", REPORTS / "report.py", *words], capture_output=True, text=True, timeout=120, check=False
        )

    def made(self, gate: dict) -> str:
        (self.folder / "gate.json").write_text(json.dumps(gate))
        done = self.report("--gate", self.folder / "gate.json", "--out", self.folder / "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        return (self.folder / "out/gate.html").read_text(encoding="utf-8")

    def test_answer_findings_and_ratios(self) -> None:
        page = self.made(GATE)
        text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
        for words in (
            "Must not merge",
            "89abcde &lt;after&gt;",
            "head: refuted, 3 &lt; 4",
            "p/rest, all/64",
            "1.1000",
            "[1.0900, 1.1100]",
            "[0.0000, ∞]",
            "an iteration takes 30 ms",
            "something to know",
        ):
            self.assertIn(words, text)
        self.assertLess(text.index("p/work ✗ slower"), text.index("p/rest, all/64 ?"))
        self.assertEqual(
            ElementTree.parse(self.folder / "out/figures/gate-ratios.svg").getroot().tag, "{http://www.w3.org/2000/svg}svg"
        )
        for file in re.findall(r'(?:href|src)="((?:static|figures)/[^"]+)"', page):
            self.assertTrue((self.folder / "out" / file).exists(), file)

    def test_other_answers(self) -> None:
        self.assertIn("May merge", self.made(GATE | {"passed": True, "findings": [], "benchmarks": []}))
        self.assertIn("base does not build", self.made(GATE | {"passed": False, "not_decided": "base does not build"}))

    def test_what_is_no_gate(self) -> None:
        for text in ("", "[]", '{"base": 1}'):
            (self.folder / "gate.json").write_text(text)
            done = self.report("--gate", self.folder / "gate.json", "--out", self.folder / "out")
            self.assertEqual((done.returncode, "no result of a gate" in done.stderr), (2, True), done.stderr)
        self.assertEqual(self.report("--gate", self.folder / "gate.json", "store.db", "--out", self.folder).returncode, 3)
        self.assertEqual(self.report("--gate", self.folder / "absent.json", "--out", self.folder).returncode, 2)


if __name__ == "__main__":
    unittest.main()
