"""What is weighed rather than timed: sizes of the modules, high-water marks of memory, instructions."""
from __future__ import annotations

import shutil
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pairs

MORE_MEMORY, MORE_BYTES = 1.10, 512 * 1024  # a high-water mark must exceed base's by both to be called more
LARGER, LARGER_BYTES = 1.10, 64 * 1024  # the same for a module's size: told, and no reason to fail


@dataclass(frozen=True)
class Weight:
    name: str
    base: int
    head: int
    verdict: str  # "same", "more", "less"; of a size: "same", "larger", "smaller"


def weighed(base: float, head: float, factor: float, least: int, words: tuple[str, str]) -> str:
    if head > factor * base and head - base > least:
        return words[0]
    return words[1] if base > factor * head and base - head > least else "same"


def memory(bench: str, blocks: list[pairs.Block]) -> Weight | None:
    """Medians over blocks. Called more only if every block of head is above every block of base."""
    base, head = ([block.memory[i] for block in blocks if min(block.memory) > 0] for i in (0, 1))
    if not base:
        return None
    a, b = statistics.median(base), statistics.median(head)
    verdict = weighed(a, b, MORE_MEMORY, MORE_BYTES, ("more", "less"))
    apart = min(head) > max(base) or max(head) < min(base)
    return Weight(bench, int(a), int(b), verdict if apart else "same")


def loaded_size(path: Path) -> int:
    """Bytes of code and data, without symbols; of the file where there is no `size`."""
    if shutil.which("size"):
        run = subprocess.run(["size", path], capture_output=True, text=True, check=False)
        if run.returncode == 0:
            return int(run.stdout.splitlines()[1].split()[3])
    return path.stat().st_size


def sizes(base: Path, head: Path) -> list[Weight]:
    """Of the command and every shared object in both builds."""
    weights = []
    for pattern in ("bin/claimcheck", "lib/libclaimcheck.so", "lib/claimcheck/*/*.so"):
        for path in sorted(head.glob(pattern)):
            other = base / path.relative_to(head)
            if other.exists():
                a, b = loaded_size(other), loaded_size(path)
                weights.append(Weight(str(path.relative_to(head)), a, b, weighed(a, b, LARGER, LARGER_BYTES, ("larger", "smaller"))))
    return weights


def instructions(command: Path, bench: str, n: int) -> float:
    """Of one iteration, under callgrind: what one batch more costs. The build must not use what valgrind does not know (AVX-512)."""

    def total(batches: int) -> int:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--child-silent-after-fork=yes", command, "bench", "--serve", bench],
            input=f"{n}\n" * batches,
            capture_output=True,
            text=True,
            env=pairs.Side("", command).environment(),
            timeout=120,
            check=False,
        )
        found = [line.split()[-1] for line in run.stderr.splitlines() if "Collected" in line]
        if run.returncode or not found:
            raise pairs.BenchError(f"{bench}: callgrind: {run.stderr.strip()[-300:]}")
        return int(found[0])

    return (total(2) - total(1)) / n
