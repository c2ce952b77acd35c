#!/usr/bin/python3
"""The statistics of the gate on streams with known truth: exactness, level, power. And what is made of blocks, counts and verdicts."""
import itertools
import json
import math
import random
import sqlite3
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import counts  # noqa: E402
import decide  # noqa: E402
import output  # noqa: E402
import pairs  # noqa: E402
import race  # noqa: E402
import verdicts  # noqa: E402
import weigh  # noqa: E402


def block(rng, ratio, noise):
    """Six pairs: each side with an offset of its own (where its code lies), batches disturbed upwards, heavily at times."""
    side = lambda factor: [factor * math.exp(offset) * (1 + abs(0.01 * rng.standard_cauchy())) for _ in range(6)]
    offset = noise * rng.standard_t(3)
    base = side(1000.0)
    offset = noise * rng.standard_t(3)
    return base, side(1000.0 * ratio)


def course(rng, ratio, noise, rule, benches):
    found = decide.Course()
    while more := decide.wanted(found, rule, benches):
        for _ in range(more):
            found.add(*block(rng, ratio, noise), rule)
    return found


class Exact(unittest.TestCase):
    def test_distribution_is_that_of_all_signs(self):
        ranks = range(1, 7)
        sums = [sum(r for r, sign in zip(ranks, signs) if sign) for signs in itertools.product((0, 1), repeat=6)]
        for w, p in enumerate(decide.signed_rank_cdf(6)):
            self.assertAlmostEqual(p, sum(s <= w for s in sums) / 64, places=14)

    def test_p_and_interval_against_tables(self):
        values = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]) - np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])
        self.assertAlmostEqual(decide.p_above(values, 0.0), 0.01953125)  # Hollander and Wolfe, table 3.1: P(W >= 40), n = 9
        low, high = decide.interval(values, 0.08)
        self.assertGreater(low, 0)
        self.assertLess(decide.p_above(values, low - 1e-9), 0.04)
        self.assertGreater(decide.p_above(values, high), 0.9)
        self.assertEqual(decide.interval(values[:3], 0.01), (-math.inf, math.inf))

    def test_holm(self):
        adjusted = decide.holm({"a": 0.01, "b": 0.04, "c": 0.03})
        self.assertEqual({k: round(v, 12) for k, v in adjusted.items()}, {"a": 0.03, "c": 0.06, "b": 0.06})

    def test_shares_of_all_looks_are_the_whole(self):
        rule = decide.Rule()
        self.assertAlmostEqual(sum(rule.share(n) for n in rule.looks), 1)
        self.assertAlmostEqual(sum(rule.interval_error(n) for n in rule.looks), rule.error)
        self.assertEqual(rule.share(7), 0)

    def test_statistic_follows_the_noise(self):
        rng, rule = np.random.default_rng(1), decide.Rule()
        upward, uneven = decide.Course(), decide.Course()
        for _ in range(8):
            upward.add(*([1000 * (1 + rng.exponential(0.3)) for _ in range(6)] for _ in range(2)), rule)
            work = rng.lognormal(7, 1, 6)
            uneven.add(list(work * rng.lognormal(0, 0.01, 6)), list(work * rng.lognormal(0, 0.01, 6)), rule)
        self.assertEqual(decide.STATISTICS[upward.chosen], decide.least)
        self.assertEqual(decide.STATISTICS[uneven.chosen], decide.typical)


class Level(unittest.TestCase):
    def test_equal_benchmarks_raise_no_alarm(self):
        rng, rule = np.random.default_rng(2), decide.Rule()
        alarms = 0
        for _ in range(40):
            courses = {f"b{i}": course(rng, 1.0, 0.004 * (i + 1), rule, 5) for i in range(5)}
            alarms += any(j.verdict in ("slower", "faster") for j in decide.judge(courses, rule).values())
        self.assertLessEqual(alarms, 2)  # of 40, at .01 each: more has probability .007

    def test_level_holds_over_all_looks_at_the_edge(self):
        """The hardest case: just as much slower as is no alarm, with a level that lets errors be counted, and no early "same"."""
        rng, rule = np.random.default_rng(3), decide.Rule(alpha=0.2, tolerance=0.0, looks=(8, 12, 18, 27, 40))
        wrong = sum(decide.judge({"b": course(rng, 1 + rule.effect, 0.01, rule, 1)}, rule)["b"].verdict == "slower" for _ in range(300))
        self.assertLessEqual(wrong, 45)  # Binomial(300, .1): more has probability .002
        self.assertGreater(wrong, 2)  # and the level is used, not thrown away

    def test_interval_covers(self):
        rng, rule = np.random.default_rng(4), decide.Rule(tolerance=0.01)
        missed = 0
        for _ in range(200):
            found = course(rng, 1.02, 0.01, rule, 30)
            missed += not found.low <= math.log(1.02) <= found.high
        self.assertLessEqual(missed, 20)  # Binomial(200, .05): more has probability .002


class Power(unittest.TestCase):
    def flagged(self, ratio, noise, n, verdict="slower"):
        rng, rule = np.random.default_rng(5), decide.Rule()
        found = 0
        for _ in range(n):
            courses = {"b": course(rng, ratio, noise, rule, 30), **{f"other {i}": decide.Course() for i in range(29)}}
            found += decide.judge(courses, rule)["b"].verdict == verdict
        return found

    def test_ten_per_cent_is_seen_through_noise_of_three(self):
        self.assertGreaterEqual(self.flagged(1.10, 0.03, 30), 28)

    def test_three_per_cent_is_seen_through_noise_of_one(self):
        self.assertGreaterEqual(self.flagged(1.03, 0.01, 30), 20)

    def test_faster_is_the_mirror_image(self):
        self.assertGreaterEqual(self.flagged(1 / 1.10, 0.03, 20, "faster"), 18)

    def test_what_is_decided_stops_early(self):
        rng, rule = np.random.default_rng(6), decide.Rule()
        self.assertEqual(len(course(rng, 1.0, 0.002, rule, 30).values), rule.looks[0])
        self.assertLessEqual(len(course(rng, 1.5, 0.002, rule, 30).values), rule.first_test)


# ---- counts ----

SCHEMA = HERE.parents[1] / "harness/engine/schema.sql"


class Cells(unittest.TestCase):
    """Two stores of one paper: an experiment with the arms a and b, a claim that looks at a alone, one that looks at all, and a control."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def store(self, name, cells, salt=""):
        """cells: (overlay, arm, seeds, {column: values})."""
        database = sqlite3.connect(self.folder / name)
        database.executescript(SCHEMA.read_text())
        database.execute("INSERT INTO environment VALUES (1, 'd', '{}')")
        claims = [{"id": "of_a", "experiment": "runs", "where": "arm=a", "checks": [{}]}, {"id": "of_all", "experiment": "runs", "checks": [{"where": "arm=a"}, {"where": None}]},
                  {"id": "elsewhere", "experiment": "other", "checks": [{}]}]
        for owner, kind, body in [("f", "family", {"id": "f", "counters": [{"name": "n_g"}]}), *(("p", "claim", claim) for claim in claims)]:
            database.execute("INSERT INTO definition VALUES (?, ?, ?, 0, ?)", (owner, kind, body["id"], json.dumps(body)))
        for i, (overlay, arm, seeds, columns) in enumerate(cells):
            rows = len(columns["step"])
            key = f"{salt}{i}"
            database.execute("INSERT INTO cell VALUES (?, ?, ?, 'done', '', '', ?, 0, 0, 0, 1, '')", (i + 1, key, f"claimcheck cell 1\nseeds {seeds}\n", rows))
            database.execute("INSERT INTO member VALUES ('p', 'runs', ?, 0, ?, ?, '', ?)", (overlay, i, arm, key))
            for column, values in columns.items():
                database.execute("INSERT INTO cell_column VALUES (?, ?, 0, ?)", (i + 1, column, np.array(values, "<f8").tobytes()))
        database.commit()
        database.close()
        return self.folder / name

    def compare(self, base, head):
        return counts.compare(self.store("base.db", base, "x"), self.store("head.db", head, "y"))

    def run_of(self, calls, drew, gaps=(4.0, 2.0, 1.0), seed=0.0):
        return {"seed": [seed] * 3, "step": [0.0, 1.0, 2.0], "gap": list(gaps), "n_g": [1.0, 1.0 + calls / 2, 1.0 + calls], "drew": [drew] * 3, "ns": [1.0, 2.0, calls]}

    def test_one_call_is_seen_and_blamed(self):
        for drew in (0.0, 1.0):  # the path is the same: exact even with random numbers
            with self.subTest(drew=drew):
                self.setUp()
                found = self.compare([("", "a", "0+1", self.run_of(10, drew)), ("", "b", "0+1", self.run_of(10, drew))],
                                     [("", "a", "0+1", self.run_of(10, drew)), ("", "b", "0+1", self.run_of(11, drew))])
                self.assertEqual([(d.arm, d.column, d.base, d.head, d.how, d.fails, d.claims) for d in found.differences], [("b", "n_g", 11, 12, "exact", True, ("of_all",))])
                self.assertEqual((found.cells, found.runs, found.same_key), (2, 2, 0))

    def test_a_control_is_its_claims(self):
        found = self.compare([("of_a/broken", "a", "0+1", self.run_of(10, 0.0))], [("of_a/broken", "a", "0+1", self.run_of(9, 0.0))])
        self.assertEqual([(d.claims, d.fails) for d in found.differences], [(("of_a",), False)])

    def test_another_path_without_random_numbers_is_exact(self):
        found = self.compare([("", "a", "0+1", self.run_of(10, 0.0))], [("", "a", "0+1", self.run_of(12, 0.0, gaps=(4, 1.9, 0.9)))])
        self.assertEqual([(d.how, d.claims) for d in found.differences], [("exact", ("of_a", "of_all"))])

    def many(self, rng, shift):
        return [("", "a", f"{s}+1", self.run_of(float(rng.poisson(100) + shift), 1.0, gaps=rng.random(3), seed=float(s))) for s in range(40)]

    def test_other_random_numbers_are_paired_over_seeds(self):
        rng = np.random.default_rng(7)
        found = self.compare(self.many(rng, 0), self.many(rng, 0))
        self.assertEqual((found.differences, len(found.other_streams)), ([], 1))
        self.assertIn("arm a: n_g", found.other_streams[0])
        self.setUp()
        found = self.compare(self.many(rng, 0), self.many(rng, 25))
        self.assertEqual([(d.how, d.fails, d.claims) for d in found.differences], [("shift", True, ("of_a", "of_all"))])
        self.assertLess(found.differences[0].p, 0.01)

    def test_target_no_longer_reached(self):
        base, head = self.run_of(10, 0.0), self.run_of(10, 0.0)
        base |= {"target": [0.5] * 3, "reached": [1.0] * 3}
        head |= {"target": [0.5] * 3, "reached": [0.0] * 3}
        found = self.compare([("", "a", "0+1", base)], [("", "a", "0+1", head)])
        self.assertEqual([(d.column, d.fails) for d in found.differences], [("reached", True)])

    def test_equal_keys_are_not_opened(self):
        store = self.store("one.db", [("", "a", "0+1", self.run_of(10, 0.0))])
        self.assertEqual((counts.compare(store, store).same_key, counts.compare(store, store).runs), (1, 0))


# ---- verdicts ----


class Verdicts(unittest.TestCase):
    def kinds(self, base, head, known_base, known_head):
        key = ("p", "c")
        evidence = lambda verdict: {key: verdicts.Evidence(verdict, "")} if verdict else {}
        known = lambda verdict: {key: verdict} if verdict else {}
        return [c.kind for c in verdicts.compare(evidence(base), evidence(head), known(known_base), known(known_head))]

    def test_what_is_a_change(self):
        self.assertEqual(self.kinds("verified", "verified", "verified", "verified"), [])
        self.assertEqual(self.kinds("verified", "refuted", "verified", "verified"), ["changed"])
        self.assertEqual(self.kinds("refuted", "refuted", "refuted", "refuted"), [])  # known refutations stay known
        self.assertEqual(self.kinds("refuted", "verified", "refuted", "refuted"), ["changed"])  # in either direction
        self.assertEqual(self.kinds("verified", "refuted", "verified", "refuted"), ["as declared"])
        self.assertEqual(self.kinds("inconclusive", "inconclusive", "verified", "verified"), ["at base already"])
        self.assertEqual(self.kinds(None, "refuted", None, None), ["changed"])  # a new claim must be verified, or declared
        self.assertEqual(self.kinds(None, "verified", None, None), [])
        self.assertEqual(self.kinds("verified", None, "verified", "verified"), ["changed"])
        self.assertEqual(self.kinds("verified", None, "verified", None), ["gone"])

    def test_known_verdicts_are_the_quick_tiers(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "p.txt").write_text("# comment quick refuted\nc quick refuted\nc standard verified\n\n")
            self.assertEqual(verdicts.known_verdicts(Path(folder)), {("p", "c"): "refuted"})


# ---- what is said ----


class Output(unittest.TestCase):
    def result(self):
        result = output.Result("1234567 before", "89abcde after")
        rule, rng = decide.Rule(), np.random.default_rng(8)
        for name, ratio in (("p/work/10", 1.2), ("p/rest", 1.0)):
            racer = race.Racer(name)
            while more := decide.wanted(racer.course, rule, 2):
                for _ in range(more):
                    racer.add(pairs.Block(*block(rng, ratio, 0.003), memory=(10 << 20, 20 << 20), iterations=5), rule)
            result.racers.append(racer)
        result.times = decide.judge({r.bench: r.course for r in result.racers}, rule)
        result.memory = [weigh.memory(r.bench, r.blocks) for r in result.racers]
        change = verdicts.Change("p", "c", "verified", verdicts.Evidence("verified", "1"), verdicts.Evidence("refuted", "3 < \x00 & \ud800"), "changed")
        difference = counts.Difference(("p", "runs", ""), "a", "", "n_g", 10, 11, 3, 1, "exact", None, ("c",))
        result.verdicts, result.counts.differences = [change], [difference]
        result.findings = output.verdict_findings([change]) + output.count_findings(result.counts) + output.time_findings(result)
        return result

    def test_everything_is_written_and_can_be_read(self):
        result = self.result()
        with tempfile.TemporaryDirectory() as folder:
            output.write(result, Path(folder))
            suites = xml.parse(Path(folder) / "junit.xml").getroot()
            failures = {(s.get("name"), c.get("name")) for s in suites for c in s for f in c.iter("failure")}
            self.assertEqual(failures, {("verdict", "p.c"), ("counts", "p.runs"), ("time", "p/work/10"), ("memory", "p/work/10"), ("memory", "p/rest")})
            for suite in suites:
                self.assertEqual(int(suite.get("tests")), len(suite))
                self.assertEqual(int(suite.get("failures")), len([c for c in suite if c.find("failure") is not None]))
            gate = json.loads((Path(folder) / "gate.json").read_text(), parse_constant=lambda name: self.fail(f"{name} is not JSON"))
            self.assertFalse(gate["passed"])
            self.assertEqual([b["verdict"] for b in gate["benchmarks"]], ["slower", "same"])
            google = json.loads((Path(folder) / "benchmark-head.json").read_text())["benchmarks"]
            self.assertEqual({row["name"] for row in google}, {"p/work/10", "p/rest"})
            self.assertTrue(all(row["cpu_time"] > 0 and row["iterations"] == 30 for row in google))
            text = (Path(folder) / "gate.txt").read_text()
        self.assertTrue(text.endswith("gate: must not merge\n"))
        for words in ("time      2 benchmarks: 1 slower, 1 same", "p.c: known: verified", "head: refuted, 3 <", "n_g 10 -> 11 (+10 %)", "claims: p.c", "p/work/10: slower: x 1.2"):
            self.assertIn(words, text)

    def test_trailers_accept(self):
        result = self.result()
        output.accept(result.findings, ["time p/work/*", "memory *", "verdict p.c", "counts p.other"])
        self.assertEqual([f.name for f in result.findings if f.word == "FAIL"], ["p.runs"])
        output.accept(result.findings, ["*"])
        self.assertTrue(result.passed)

    def test_memory_needs_every_block(self):
        grown = [pairs.Block(memory=(10 << 20, 12 << 20)) for _ in range(5)]
        self.assertEqual(weigh.memory("b", grown).verdict, "more")
        self.assertEqual(weigh.memory("b", [*grown, pairs.Block(memory=(12 << 20, 12 << 20))]).verdict, "same")
        self.assertEqual(weigh.memory("b", [pairs.Block(memory=(10 << 20, (10 << 20) + 4096))]).verdict, "same")
        self.assertIsNone(weigh.memory("b", [pairs.Block()]))


class Order(unittest.TestCase):
    def test_the_idlest_core(self):
        seen = {}
        self.assertIn(pairs.idlest([0], seen), (0, None))
        self.assertIsNone(pairs.idlest([4096], seen))

    def test_scale(self):
        self.assertEqual((pairs.Scale(1000.0, 0.0).batch, pairs.Scale(1000.0, 0.0).pairs), (1000, pairs.PAIRS))
        self.assertEqual(pairs.Scale(5e6, 0.0).pairs, 3)
        self.assertEqual(pairs.Scale(1000.0, 1e9).pairs, pairs.MOST_PAIRS)


if __name__ == "__main__":
    random.seed(0)
    unittest.main()
