"""Faster, slower, same, or undecided: a pure function of the blocks of a benchmark (pairs.py).

A block gives one number, a logarithm of head / base (STATISTICS; which of them is settled at the first look). Under "no difference" the two sides of a block are
exchangeable (started in random order, run in random order), so these numbers are symmetric about zero whatever the machine does, and independent, as every block starts
anew. Symmetry is all that the signed-rank test of Wilcoxon needs: its p-values and the interval of Walsh averages are exact for any number of blocks, with no variance
to estimate.

Looks. The blocks are looked at when there are 8, 12, 18, .. of them. A p-value of look j is divided by the share w_j of that look (sum of w_j: 1), and the smallest
so far is kept: P(any p_j <= w_j a) <= sum w_j a = a, so it is a p-value at whatever look one stops, for whatever reason. The same for the interval, whose error
.05 is split over the looks. Holm's step-down then goes over all benchmarks of the gate.

slower      Holm rejects "head / base <= 1 + effect", at alpha / 2; so a difference below 1 % that is real (where code lies in memory) is no alarm
faster      the mirror image
same        the interval lies within 1 / (1 + tolerance) .. 1 + tolerance
undecided   neither, when blocks or time are used up
"""
from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Rule:
    alpha: float = 0.01  # chance that a gate calls any equal benchmark slower or faster
    effect: float = 0.01  # what is no larger is not worth an alarm
    tolerance: float = 0.03  # "same" excludes more than that, either way
    error: float = 0.05  # of one benchmark's interval, over all looks
    looks: tuple[int, ...] = (8, 12, 18, 27, 40, 60, 90)
    first_test: int = 18  # fewer blocks cannot reach alpha over many benchmarks: nothing of it is spent on them

    def share(self, n: int) -> float:
        """Of alpha, for the look at n blocks."""
        tests = [look for look in self.looks if look >= self.first_test]
        return 1 / len(tests) if n in tests else 0.0

    def interval_error(self, n: int) -> float:
        """Of the interval's error, for the look at n blocks; 2 / 2^8 is the least that eight blocks can have."""
        first = min(0.008, self.error / len(self.looks) * 1.2)
        return first if n == self.looks[0] else (self.error - first) / (len(self.looks) - 1)


@functools.cache
def signed_rank_cdf(n: int) -> np.ndarray:
    """P(W <= w), w = 0 .. n (n + 1) / 2, of the sum of positive ranks of n symmetric numbers: exact."""
    ways = np.zeros(n * (n + 1) // 2 + 1)
    ways[0] = 1.0
    for rank in range(1, n + 1):
        ways[rank:] += ways[:-rank].copy()
        ways /= 2
    return np.cumsum(ways)


def walsh(values: np.ndarray) -> np.ndarray:
    """Averages of all pairs, each with itself included, in order."""
    i, j = np.triu_indices(len(values))
    return np.sort((values[i] + values[j]) / 2)


def p_above(values: np.ndarray, bound: float) -> float:
    """p-value of "symmetric about `bound` or less" against "about more"."""
    averages = walsh(values)
    w = int(np.count_nonzero(averages > bound))
    return float(signed_rank_cdf(len(values))[len(averages) - w])  # W and its mirror image have one distribution


def interval(values: np.ndarray, error: float) -> tuple[float, float]:
    """Two-sided, exact; infinite where so few values cannot give one."""
    averages = walsh(values)
    k = int(np.searchsorted(signed_rank_cdf(len(values)), error / 2, side="right"))
    return (-math.inf, math.inf) if k == 0 else (float(averages[k - 1]), float(averages[-k]))


def least(base: np.ndarray, head: np.ndarray) -> float:
    """Of the two shortest batches of each side: what disturbs a batch only ever makes it longer."""
    return math.log(np.sort(head)[:2].mean() / np.sort(base)[:2].mean())


def typical(base: np.ndarray, head: np.ndarray) -> float:
    """The median over pairs: where batches differ in their work, both sides of a pair still do the same."""
    return float(np.median(np.log(head / base)))


def whole(base: np.ndarray, head: np.ndarray) -> float:
    """All batches together."""
    return math.log(head.sum() / base.sum())


# Which is least noisy depends on the benchmark. Swapping the sides changes the sign of each, and not its spread, by which one is chosen.
STATISTICS = (least, typical, whole)


@dataclass
class Course:
    """What is known of one benchmark so far."""

    by_statistic: tuple[list[float], ...] = field(default_factory=lambda: tuple([] for _ in STATISTICS))
    chosen: int = 0  # settled at the first look
    p_slower: float = 1.0
    p_faster: float = 1.0
    low: float = -math.inf
    high: float = math.inf
    looked: int = 0

    @property
    def values(self) -> list[float]:
        return self.by_statistic[self.chosen]

    @property
    def estimate(self) -> float:
        """Hodges and Lehmann's: the median of the Walsh averages."""
        return float(np.median(walsh(np.array(self.values)))) if self.values else math.nan

    def add(self, base: list[float], head: list[float], rule: Rule) -> None:
        """A block; looked at when the rule says so."""
        for values, statistic in zip(self.by_statistic, STATISTICS):
            values.append(statistic(np.array(base), np.array(head)))
        look(self, rule)


def spread(values: list[float]) -> float:
    return float(np.median(np.abs(np.array(values) - np.median(values))))


def middle(values: list[float]) -> float:
    return float(np.median(values)) if values else math.nan


def look(course: Course, rule: Rule) -> None:
    """Takes the values into account; only at the numbers of blocks that the rule names."""
    n = len(course.values)
    if n not in rule.looks or n == course.looked:
        return
    if n == rule.looks[0]:
        course.chosen = min(range(len(STATISTICS)), key=lambda i: spread(course.by_statistic[i]))
    values, share, effect = np.array(course.values), rule.share(n), math.log1p(rule.effect)
    course.looked = n
    course.low, course.high = interval(values, rule.interval_error(n))
    if share > 0:
        course.p_slower = min(course.p_slower, p_above(values, effect) / share)
        course.p_faster = min(course.p_faster, p_above(-values, effect) / share)


def within(course: Course, rule: Rule) -> bool:
    return max(-course.low, course.high) < math.log1p(rule.tolerance)


def wanted(course: Course, rule: Rule, benches: int) -> int:
    """How many blocks more; 0: decided, or used up. Stops early for what Holm's step-down is certain to reject, and for "same"."""
    n = len(course.values)
    if n == course.looked and n > 0 and (min(course.p_slower, course.p_faster) <= rule.alpha / 2 / benches or within(course, rule)):
        return 0
    return next((k - n for k in rule.looks if k > n), 0)


def holm(p: dict[str, float]) -> dict[str, float]:
    """Adjusted p-values."""
    adjusted, largest = {}, 0.0
    for i, name in enumerate(sorted(p, key=p.__getitem__)):
        largest = max(largest, min(1.0, (len(p) - i) * p[name]))
        adjusted[name] = largest
    return adjusted


@dataclass(frozen=True)
class Judgement:
    verdict: str
    ratio: float
    low: float
    high: float
    p: float  # adjusted, of the direction seen
    blocks: int


def judge(courses: dict[str, Course], rule: Rule) -> dict[str, Judgement]:
    """The verdicts of a gate, over all its benchmarks together."""
    slower = holm({name: course.p_slower for name, course in courses.items()})
    faster = holm({name: course.p_faster for name, course in courses.items()})
    judgements = {}
    for name, course in courses.items():
        if slower[name] <= rule.alpha / 2:
            verdict = "slower"
        elif faster[name] <= rule.alpha / 2:
            verdict = "faster"
        else:
            verdict = "same" if within(course, rule) else "undecided"
        judgements[name] = Judgement(
            verdict, math.exp(course.estimate), math.exp(course.low), math.exp(course.high), min(slower[name], faster[name]), len(course.values)
        )
    return judgements
